"""The rows about all that is no call: other media types, methods and paths, malformed bodies."""

from __future__ import annotations

from contract.drivers.rows import expectations as x
from contract.drivers.rows.bodies import BOUNDARY, Raw, Upload, form_field, json_of
from contract.drivers.rows.images import PAGE
from contract.drivers.rows.pictures import load
from contract.drivers.rows.row import LIVE, Row, with_cropping, with_urls
from contract.judge.description import GENERAL
from contract.judge.exchange import JSON, MULTIPART

CAPITALS = f"Multipart/Form-Data; boundary={BOUNDARY}"
MIXED = f"multipart/mixed; boundary={BOUNDARY}"
_SOME_URL = b'{"imageUrl": "http://image.invalid/a.png"}'

MEDIA_TYPES = tuple(
    with_cropping(
        (
            Row("text", GENERAL, Raw("text/plain", load(PAGE)), x.MEDIA_TYPE, LIVE),
            Row("bytes", GENERAL, Raw("application/octet-stream", load(PAGE)), x.MEDIA_TYPE),
            Row("bare-png", GENERAL, Raw("image/png", load(PAGE)), x.MEDIA_TYPE),
            Row("xml", GENERAL, Raw("application/xml", load(PAGE)), x.MEDIA_TYPE),
            Row(
                "web-form",
                GENERAL,
                Raw("application/x-www-form-urlencoded", b"image=a"),
                x.MEDIA_TYPE,
            ),
            Row("json-as-text", GENERAL, Raw("text/plain", _SOME_URL), x.MEDIA_TYPE),
            Row("json-of-another-kind", GENERAL, Raw("text/json", _SOME_URL), x.MEDIA_TYPE),
            Row("mixed-parts", GENERAL, Raw(MIXED, Upload(PAGE).content()), x.MEDIA_TYPE),
            Row("no-media-type", GENERAL, Raw("", load(PAGE)), x.NO_MEDIA_TYPE),
            Row("no-real-media-type", GENERAL, Raw("; /", load(PAGE)), x.NO_MEDIA_TYPE),
            Row("form-in-capitals", GENERAL, Upload(PAGE, content_type=CAPITALS), x.SPELLING),
        )
    )
)

METHODS = tuple(
    with_cropping(
        Row(f"method-{method}", GENERAL, Raw(""), x.METHOD, method=method)
        for method in ("GET", "PUT", "PATCH", "DELETE")
    )
)

PATHS = tuple(
    with_urls(
        Row(f"path-{name}", "", Upload(PAGE), x.PATH, path=path, page_allowed=True)
        for name, path in (
            ("unknown", "/v1.0/appkeys/{appKey}/special"),
            ("below", "/v1.0/appkeys/{appKey}/general/slicing"),
            ("below-cropping", "/v1.0/appkeys/{appKey}/general/cropping/more"),
            ("cropping-alone", "/v1.0/appkeys/{appKey}/cropping"),
            ("of-v9.0", "/v9.0/appkeys/{appKey}/general"),
            ("of-v1.2", "/v1.2/appkeys/{appKey}/general"),
            ("in-capitals", "/v1.0/appkeys/{appKey}/GENERAL"),
            ("of-v2.0", "/v2.0/appkeys/{appKey}/general"),
            ("of-v0.9", "/v0.9/appkeys/{appKey}/general"),
            ("of-v1", "/v1/appkeys/{appKey}/general"),
            ("of-v2.0-cropping", "/v2.0/appkeys/{appKey}/general/cropping"),
            ("of-no-version", "/appkeys/{appKey}/general"),
        )
    )
)

MALFORMED = tuple(
    with_cropping(
        (
            Row("json-cut", GENERAL, Raw(JSON, b'{"imageUrl": "http'), x.MALFORMED, LIVE),
            Row("json-empty", GENERAL, Raw(JSON), x.NO_JSON),
            Row("json-not-utf-8", GENERAL, Raw(JSON, b'{"imageUrl": "\xff\xfe"}'), x.NO_TEXT),
            *(
                Row(f"json-{name}", GENERAL, json_of(value), x.INVALID)
                for name, value in (
                    ("array", []),
                    ("string", "http://example.com/a.png"),
                    ("null", None),
                    ("without-url", {}),
                    ("other-field", {"url": "http://example.com/a.png"}),
                    ("field-in-other-case", {"imageurl": "http://example.com/a.png"}),
                    ("url-null", {"imageUrl": None}),
                    ("url-number", {"imageUrl": 1}),
                    ("url-array", {"imageUrl": ["http://example.com/a.png"]}),
                    ("url-empty", {"imageUrl": ""}),
                )
            ),
            Row("form-without-image", GENERAL, form_field("other", b"1"), x.NO_IMAGE),
            Row("form-other-field", GENERAL, Upload(PAGE, field="file"), x.NO_IMAGE),
            Row("form-other-case", GENERAL, Upload(PAGE, field="Image"), x.NO_IMAGE),
            Row("form-image-as-text", GENERAL, form_field("image", load(PAGE)), x.EITHER),
            Row("form-empty", GENERAL, Raw(Upload.content_type), x.NO_FORM),
            Row(
                "form-without-boundary", GENERAL, Raw(MULTIPART, Upload(PAGE).content()), x.NO_FORM
            ),
            Row(
                "form-cut",
                GENERAL,
                Raw(Upload.content_type, Upload(PAGE).content()[:300]),
                x.EITHER,
            ),
            Row("form-under-json", GENERAL, Raw(JSON, Upload(PAGE).content()), x.NO_JSON),
        )
    )
)
