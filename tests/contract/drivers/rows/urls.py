"""The rows about image URLs: ports, schemes, hosts, redirects, and what is found there."""

from __future__ import annotations

from contract.drivers.rows import expectations as x
from contract.drivers.rows.bodies import ANY, NOBODY, TLS, At, json_of
from contract.drivers.rows.images import PHOTO, TAG
from contract.drivers.rows.row import LIVE, Row, with_cropping
from contract.judge.description import GENERAL
from contract.judge.exchange import JSON

ALLOWED_PORTS = (80, 443, 10000, 10001, 10080, 10443, 11111, 11999, 12000)
FORBIDDEN_PORTS = (
    *(8080, 9999, 12001, 79, 81, 442, 444, 1, 22, 8000, 8443, 1000, 1200, 12345, 20000, 65535),
)

PORTS = tuple(
    with_cropping(
        (
            Row("url", GENERAL, At(ANY), x.FETCHED),
            Row("url-without-port", GENERAL, At(None), x.FETCHED, LIVE),
            *(Row(f"url-port-{port}", GENERAL, At(port), x.FETCHED) for port in ALLOWED_PORTS),
            *(
                Row(f"url-port-{port}", GENERAL, At(port), x.PORT, port == 8080)
                for port in FORBIDDEN_PORTS
            ),
            Row(
                "url-https-port-8443",
                GENERAL,
                At(8443, template="https://{origin}/{path}"),
                x.PORT,
            ),
            Row(
                "url-port-8080-with-user",
                GENERAL,
                At(8080, template="http://user@{origin}/{path}"),
                x.PORT,
            ),
            Row(
                "url-redirect-to-8080",
                GENERAL,
                At(ANY, template="http://{origin}/redirect-8080/{path}"),
                x.REDIRECTED,
            ),
            Row(
                "url-redirect-to-12001",
                GENERAL,
                At(ANY, template="http://{origin}/redirect-12001/{path}"),
                x.REDIRECTED,
            ),
        )
    )
)

_BOTH = tuple(
    with_cropping(
        (
            Row("url-https", GENERAL, At(TLS, template="https://{origin}/{path}"), x.HTTPS),
            Row(
                "url-host-name",
                GENERAL,
                At(ANY, template="http://localhost:{port}/{path}"),
                x.NAMED_HOST,
            ),
            Row(
                "url-host-that-is-none",
                GENERAL,
                At(None, template="http://image.invalid/{path}"),
                x.NO_DOWNLOAD,
            ),
            Row(
                "url-scheme-in-capitals",
                GENERAL,
                At(ANY, template="HTTP://{origin}/{path}"),
                x.SPELLING,
            ),
            Row(
                "url-with-query",
                GENERAL,
                At(ANY, template="http://{origin}/{path}?a=b&c=%20"),
                x.FETCHED,
            ),
            Row("url-without-suffix", GENERAL, At(ANY, "note"), x.FETCHED),
            Row("url-jpg-without-suffix", GENERAL, At(ANY, "stamp"), x.FETCHED),
            *(
                Row(
                    f"url-named-{name.rpartition('.')[2]}",
                    GENERAL,
                    At(ANY, image, template=f"http://{{origin}}/{{path}}/as/{name}"),
                    x.FETCHED,
                )
                for image, name in (
                    (PHOTO, "image.jpeg"),
                    (PHOTO, "IMAGE.JPG"),
                    (TAG, "IMAGE.PNG"),
                )
            ),
            Row("url-not-found", GENERAL, At(ANY, "missing.png"), x.NO_DOWNLOAD),
            Row("url-nobody-listens", GENERAL, At(NOBODY), x.NO_DOWNLOAD),
        )
    )
)
URLS = (
    *_BOTH,
    Row("url-charset", GENERAL, At(ANY, content_type=f"{JSON}; charset=utf-8"), x.SPELLING),
    Row(
        "url-media-type-in-capitals",
        GENERAL,
        At(ANY, PHOTO, content_type="Application/JSON"),
        x.SPELLING,
    ),
    Row("url-ipv6", GENERAL, At(None, template="http://[::1]:11000/{path}"), x.EITHER),
    Row("url-in-hangul", GENERAL, At(ANY, template="http://{origin}/한글.png"), x.EITHER),
)

NO_URLS = tuple(
    with_cropping(
        Row(f"url-{name}", GENERAL, json_of({"imageUrl": url}), x.NO_URL)
        for name, url in (
            ("word", "image"),
            ("ftp", "ftp://example.com/a.png"),
            ("file", "file:///etc/hostname"),
            ("data", "data:image/png;base64,iVBORw0KGgo="),
            ("without-host", "http://"),
            ("without-scheme", "//example.com/a.png"),
            ("port-word", "http://example.com:http/a.png"),
        )
    )
)
