"""The fixed table of calls: what random generation does not find, row by row.

A row says what is sent, under which keys, and what must come of it. Rows marked `LIVE` are the
ones that `--live` makes; each may be billed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from contract import expectations as x
from contract.bodies import ANY, BOUNDARY, NOBODY, At, Body, Raw, Upload, form_field, json_of
from contract.exchange import CROPPING as CROP
from contract.exchange import GENERAL, JSON, MULTIPART, Expectation
from contract.pictures import MB20, load


class Keys(Enum):
    """Which credentials a row sends."""

    OWN = "the right ones"
    NO_HEADER = "no Authorization"
    EMPTY = "an empty Authorization"
    WRONG = "another secret key"
    LONGER = "the secret key and one letter more"
    SHORTER = "the secret key without its last letter"
    SWAPPED = "the app key as secret key"
    BEARER = "the secret key behind a scheme word"
    FOREIGN_APP = "another app key"
    LONGER_APP = "the app key and one letter more"


LIVE = True


@dataclass(frozen=True)
class Row:
    """One call of the table."""

    name: str
    operation: str  # empty for a path that is none, see `path`
    body: Body
    expect: Expectation
    live: bool = False
    keys: Keys = Keys.OWN
    method: str = "POST"
    path: str = ""  # instead of the operation's; `{appKey}` stands for the app key
    page_allowed: bool = False


CAPITALS = f"Multipart/Form-Data; boundary={BOUNDARY}"
PAGE, PHOTO = "s02_ko_screen_noto16", "s22_mixed_q12"  # a small PNG and a small JPEG
TALL, VERY_TALL, VERY_WIDE = "s30_tall", "s31_tall", "s34_wide"

FORMATS = (
    Row("png", GENERAL, Upload(PAGE), x.ACCEPTED, LIVE),
    Row("jpg", GENERAL, Upload(PHOTO), x.ACCEPTED, LIVE),
    Row("cropping-png", CROP, Upload(PAGE), x.ACCEPTED, LIVE),
    Row("cropping-jpg", CROP, Upload(PHOTO), x.ACCEPTED),
    Row("cropping-tall", CROP, Upload(TALL), x.ACCEPTED, LIVE),
    Row("png-gray", GENERAL, Upload("s15_mixed_gray"), x.ACCEPTED),
    Row("png-palette", GENERAL, Upload("s21_mixed_palette"), x.ACCEPTED),
    Row("png-1-bit", GENERAL, Upload("s16_mixed_1bit"), x.ACCEPTED),
    Row("png-alpha", GENERAL, Upload("s18_mixed_alpha_black"), x.ACCEPTED),
    Row("jpg-progressive", GENERAL, Upload("s20_mixed_progressive"), x.ACCEPTED),
    Row("jpg-turned-by-exif", GENERAL, Upload("s13_mixed_exif6"), x.EITHER),
    Row("jpg-photographed", GENERAL, Upload("s09_mixed_receipt_photo"), x.EITHER),
    Row("png-of-no-text", GENERAL, Upload("s35_blank_white"), x.EITHER),
    Row("png-named-jpg", GENERAL, Upload("b07_png_as"), x.EITHER),
    Row("jpg-named-png", GENERAL, Upload("b08_jpg_as", name="image.png"), x.EITHER),
    Row("jpg-and-more-bytes", GENERAL, Upload("b15_trailing"), x.EITHER),
    Row("png-animated", GENERAL, Upload("b20_apng"), x.EITHER),
    Row("jpg-of-two-pictures", GENERAL, Upload("b23_mjpeg"), x.EITHER),
    Row("too-tall", GENERAL, Upload(VERY_TALL), x.RATIO, LIVE),
    Row("too-wide", GENERAL, Upload(VERY_WIDE), x.RATIO),
    Row("cropping-very-tall", CROP, Upload(VERY_TALL), x.SLICED),
    Row("cropping-very-wide", CROP, Upload(VERY_WIDE), x.SLICED),
)

CREDENTIALS = (
    Row("no-key", GENERAL, Upload(PAGE), x.NO_KEY, LIVE, Keys.NO_HEADER),
    Row("empty-key", GENERAL, Upload(PAGE), x.NO_KEY, keys=Keys.EMPTY),
    Row("wrong-key", GENERAL, Upload(PAGE), x.WRONG_KEY, LIVE, Keys.WRONG),
    Row("longer-key", GENERAL, Upload(PAGE), x.WRONG_KEY, keys=Keys.LONGER),
    Row("shorter-key", GENERAL, Upload(PAGE), x.WRONG_KEY, keys=Keys.SHORTER),
    Row("app-key-as-key", GENERAL, Upload(PAGE), x.WRONG_KEY, keys=Keys.SWAPPED),
    Row("bearer-key", GENERAL, Upload(PAGE), x.SCHEME, keys=Keys.BEARER),
    Row("foreign-app", GENERAL, Upload(PAGE), x.FOREIGN, keys=Keys.FOREIGN_APP),
    Row("longer-app", GENERAL, Upload(PAGE), x.FOREIGN, keys=Keys.LONGER_APP),
    Row("cropping-no-key", CROP, Upload(PAGE), x.NO_KEY, keys=Keys.NO_HEADER),
    Row("cropping-wrong-key", CROP, Upload(PAGE), x.WRONG_KEY, keys=Keys.WRONG),
    Row("cropping-foreign-app", CROP, Upload(PAGE), x.FOREIGN, keys=Keys.FOREIGN_APP),
    Row("url-wrong-key", GENERAL, At(ANY), x.WRONG_KEY, keys=Keys.WRONG),
    Row("cropping-url-wrong-key", CROP, At(ANY), x.WRONG_KEY, keys=Keys.WRONG),
)

PORTS = (
    Row("url", GENERAL, At(ANY), x.FETCHED),
    Row("cropping-url", CROP, At(ANY), x.FETCHED),
    Row("url-without-port", GENERAL, At(None), x.FETCHED, LIVE),
    *(Row(f"url-port-{port}", GENERAL, At(port), x.FETCHED) for port in (80, 443, 10000, 12000)),
    *(
        Row(f"url-port-{port}", GENERAL, At(port), x.PORT, port == 8080)
        for port in (8080, 9999, 12001, 79, 81, 442, 444, 1, 22, 8443, 65535)
    ),
    Row("cropping-url-port-8080", CROP, At(8080), x.PORT),
    Row("cropping-url-port-12001", CROP, At(12001), x.PORT),
)

URLS = (
    Row("url-jpg", GENERAL, At(ANY, PHOTO), x.FETCHED),
    Row("cropping-url-jpg", CROP, At(ANY, PHOTO), x.FETCHED),
    Row("url-scheme-in-capitals", GENERAL, At(ANY, template="HTTP://{origin}/{path}"), x.SPELLING),
    Row("url-with-query", GENERAL, At(ANY, template="http://{origin}/{path}?a=b&c=%20"), x.FETCHED),
    Row("url-charset", GENERAL, At(ANY, content_type=f"{JSON}; charset=utf-8"), x.SPELLING),
    Row(
        "url-media-type-in-capitals", GENERAL, At(ANY, content_type="Application/JSON"), x.SPELLING
    ),
    Row("url-not-found", GENERAL, At(ANY, "missing"), x.NO_DOWNLOAD),
    Row("url-nobody-listens", GENERAL, At(NOBODY), x.NO_DOWNLOAD),
    Row("url-of-a-page", GENERAL, At(ANY, "b22_html_as"), x.NO_PICTURE_THERE),
    Row("url-of-nothing", GENERAL, At(ANY, "b01_empty"), x.NOTHING_THERE),
    Row("url-too-tall", GENERAL, At(ANY, VERY_TALL), x.RATIO),
    Row("url-ipv6", GENERAL, At(None, template="http://[::1]:11000/{path}"), x.EITHER),
    Row("url-in-hangul", GENERAL, At(ANY, "한글.png"), x.EITHER),
)

MEDIA_TYPES = (
    Row("text", GENERAL, Raw("text/plain", load(PAGE)), x.MEDIA_TYPE, LIVE),
    Row("cropping-text", CROP, Raw("text/plain", load(PAGE)), x.MEDIA_TYPE),
    Row("bytes", GENERAL, Raw("application/octet-stream", load(PAGE)), x.MEDIA_TYPE),
    Row("cropping-bytes", CROP, Raw("application/octet-stream", load(PAGE)), x.MEDIA_TYPE),
    Row("bare-png", GENERAL, Raw("image/png", load(PAGE)), x.MEDIA_TYPE),
    Row("xml", GENERAL, Raw("application/xml", load(PAGE)), x.MEDIA_TYPE),
    Row("web-form", GENERAL, Raw("application/x-www-form-urlencoded", b"image=a"), x.MEDIA_TYPE),
    Row("no-media-type", GENERAL, Raw("", load(PAGE)), x.NO_MEDIA_TYPE),
    Row("no-real-media-type", GENERAL, Raw("; /", load(PAGE)), x.NO_MEDIA_TYPE),
    Row("form-in-capitals", GENERAL, Upload(PAGE, content_type=CAPITALS), x.SPELLING),
)

METHODS = tuple(
    Row(f"{name}-{method}", operation, Raw(""), x.METHOD, method=method)
    for name, operation in (("method", GENERAL), ("cropping-method", CROP))
    for method in ("GET", "PUT", "PATCH", "DELETE")
)

PATHS = tuple(
    Row(f"path-{name}", "", Upload(PAGE), x.PATH, path=path, page_allowed=True)
    for name, path in (
        ("unknown", "/v1.0/appkeys/{appKey}/special"),
        ("below", "/v1.0/appkeys/{appKey}/general/slicing"),
        ("version", "/v9.0/appkeys/{appKey}/general"),
    )
)

MALFORMED = (
    Row("json-cut", GENERAL, Raw(JSON, b'{"imageUrl": "http'), x.MALFORMED, LIVE),
    Row("cropping-json-cut", CROP, Raw(JSON, b'{"imageUrl": "http'), x.MALFORMED),
    Row("json-empty", GENERAL, Raw(JSON), x.NO_JSON),
    Row("json-not-utf-8", GENERAL, Raw(JSON, b'{"imageUrl": "\xff\xfe"}'), x.NO_TEXT),
    *(
        Row(f"json-{name}", operation, json_of(value), x.INVALID)
        for name, operation, value in (
            ("array", GENERAL, []),
            ("string", GENERAL, "http://example.com/a.png"),
            ("null", GENERAL, None),
            ("without-url", GENERAL, {}),
            ("other-field", GENERAL, {"url": "http://example.com/a.png"}),
            ("url-null", GENERAL, {"imageUrl": None}),
            ("url-number", GENERAL, {"imageUrl": 1}),
            ("url-array", GENERAL, {"imageUrl": ["http://example.com/a.png"]}),
            ("url-empty", GENERAL, {"imageUrl": ""}),
            ("cropping-without-url", CROP, {}),
            ("cropping-url-null", CROP, {"imageUrl": None}),
        )
    ),
    *(
        Row(f"url-{name}", GENERAL, json_of({"imageUrl": url}), x.NO_URL)
        for name, url in (
            ("word", "image"),
            ("ftp", "ftp://example.com/a.png"),
            ("file", "file:///etc/hostname"),
            ("without-host", "http://"),
            ("without-scheme", "//example.com/a.png"),
            ("port-word", "http://example.com:http/a.png"),
        )
    ),
    Row("form-without-image", GENERAL, form_field("other", b"1"), x.NO_IMAGE),
    Row("form-other-field", GENERAL, Upload(PAGE, field="file"), x.NO_IMAGE),
    Row("form-image-as-text", GENERAL, form_field("image", load(PAGE)), x.EITHER),
    Row("form-empty", GENERAL, Raw(Upload.content_type), x.NO_FORM),
    Row("form-without-boundary", GENERAL, Raw(MULTIPART, Upload(PAGE).content()), x.NO_FORM),
    Row("form-cut", GENERAL, Raw(Upload.content_type, Upload(PAGE).content()[:300]), x.EITHER),
    Row("form-under-json", GENERAL, Raw(JSON, Upload(PAGE).content()), x.NO_JSON),
)

IMAGES = (
    Row("image-empty", GENERAL, Upload("b01_empty"), x.EMPTY),
    Row("cropping-image-empty", CROP, Upload("b01_empty"), x.EMPTY),
    Row("image-text", GENERAL, Upload("b02_text_as"), x.NOT_AN_IMAGE, LIVE),
    Row("cropping-image-text", CROP, Upload("b02_text_as"), x.NOT_AN_IMAGE),
    *(
        Row(f"image-{name}", GENERAL, Upload(file, name=f"image.{kind}"), x.NOT_AN_IMAGE)
        for name, file, kind in (
            ("gif", "b09_gif", "png"),
            ("bmp", "b10_bmp", "jpg"),
            ("webp", "b11_webp", "png"),
            ("tiff", "b12_tiff", "jpg"),
            ("pdf", "b13_pdf", "png"),
            ("svg", "b21_svg", "png"),
            ("html", "b22_html", "jpg"),
        )
    ),
    Row("image-png-head-only", GENERAL, Upload("b05_header_only"), x.BROKEN),
    Row("image-jpg-head-only", GENERAL, Upload("b06_jpeg_soi_only", name="image.jpg"), x.BROKEN),
    Row("image-of-zero-width", GENERAL, Upload("b18_zero_dim"), x.BROKEN),
    Row("image-jpg-cut", GENERAL, Upload("b03_trunc50.jpg"), x.EITHER),
    Row("image-png-cut", GENERAL, Upload("b04_trunc50.png"), x.EITHER),
    Row("image-bad-checksum", GENERAL, Upload("b14_bad_crc"), x.EITHER),
    Row("image-of-65535-squared", GENERAL, Upload("b17_bomb_fakehdr"), x.EITHER),
)

SIZES = (
    Row("size-5-mb-and-one", GENERAL, Upload(PAGE, size=5 * 1024 * 1024 + 1), x.SIZE_OK),
    Row("size-almost-20-mb", GENERAL, Upload(PAGE, size=19_990_000), x.SIZE_OK),
    Row("size-20-mb", GENERAL, Upload(PAGE, size=MB20), x.MIB_OK),
    Row("size-20-mb-and-one", GENERAL, Upload(PAGE, size=MB20 + 1), x.SIZE),
    Row("cropping-size-20-mb-and-one", CROP, Upload(PAGE, size=MB20 + 1), x.SIZE),
    Row("size-25-mb", GENERAL, Upload(PAGE, size=25 * 1024 * 1024), x.SIZE, page_allowed=True),
    Row("url-size-almost-20-mb", GENERAL, At(ANY, "padded-19990000"), x.SIZE_OK),
    Row("url-size-20-mb", GENERAL, At(ANY, "padded-20971520"), x.MIB_OK),
    Row("url-size-20-mb-and-one", GENERAL, At(ANY, "padded-20971521"), x.URL_SIZE),
    Row("cropping-url-size-20-mb-and-one", CROP, At(ANY, "padded-20971521"), x.URL_SIZE),
)

# The cheap and the most telling first: a broken server is then found early.
ROWS: tuple[Row, ...] = (
    *FORMATS,
    *CREDENTIALS,
    *PORTS,
    *MALFORMED,
    *MEDIA_TYPES,
    *METHODS,
    *PATHS,
    *IMAGES,
    *URLS,
    *SIZES,
)
LIVE_ROWS = tuple(row for row in ROWS if row.live)
