"""What may come of a call, by name. Codes are as narrow as the documents make them, no narrower."""

from __future__ import annotations

from contract.judge.exchange import Expectation
from contract.judge.rules import RULES

_INVALID = (400, 4000001)
_FILE = (4000002, 4000004)
_DOWNLOAD = (4000502, 4000503, 4000504)
_NOT_AN_IMAGE = (4000002, 4000003)
_UNREADABLE = (4000501, 4000505, 5000005, 5005001, 5005003)


def _yes(rule: str, min_slices: int = 1) -> Expectation:
    return Expectation(RULES[rule], accepted=True, min_slices=min_slices)


def _no(rule: str, *codes: int) -> Expectation:
    return Expectation(RULES[rule], accepted=False, codes=frozenset(codes))


EITHER = Expectation(RULES["either"])

ACCEPTED = _yes("accepts-image")
ANY_NAME = _yes("accepts-name")
ANY_FORMAT = _yes("reads-formats")
# It may find nothing in a photograph; that it is a JPEG, it must see.
READABLE = Expectation(RULES["reads-formats"], codes=frozenset(_UNREADABLE))
SIZE_OK = _yes("accepts-size")
MIB_OK = _yes("accepts-mib")
SLICED = _yes("accepts-tall", min_slices=2)
FETCHED = _yes("accepts-url")
SPELLING = _yes("accepts-spelling")

NO_KEY = _no("refuses-missing-header", 401, 4000005, 4010001)
WRONG_KEY = _no("refuses-credentials", 4010001)
SCHEME = _no("refuses-scheme-word", 401, 4010001)
FOREIGN = _no("refuses-foreign-app-key", 4010001)

NO_TOKEN = _no("refuses-missing-header", 401, 4000005, 4010001, 4010006)
WRONG_TOKEN = _no("refuses-token", 4010006)
TOKEN_SCHEME = _no("refuses-other-scheme", 401, 4010001, 4010006)
FOREIGN_TOKEN = _no("refuses-foreign-app-key", 4010001, 4010003, 4010004, 4010005, 4010007)

PORT = _no("refuses-port", *_INVALID, 4000504)
REDIRECTED = _no("refuses-redirect", *_INVALID, 4000504)
NO_URL = _no("refuses-url", *_INVALID, *_DOWNLOAD)
NO_DOWNLOAD = _no("refuses-download", 4000504)
NO_PICTURE_THERE = _no("refuses-file-type", *_NOT_AN_IMAGE, *_DOWNLOAD)
NOTHING_THERE = _no("refuses-empty-file", *_NOT_AN_IMAGE, *_DOWNLOAD, 4000004)
# Where the server cannot reach the image: the port was let through, the download failed.
UNREACHED = Expectation(RULES["accepts-url"], codes=frozenset(_DOWNLOAD))

HTTPS = Expectation(RULES["accepts-https"], codes=frozenset(_DOWNLOAD))
NAMED_HOST = Expectation(RULES["accepts-url"], codes=frozenset(_DOWNLOAD))

MEDIA_TYPE = _no("refuses-media-type", 415)
NO_MEDIA_TYPE = _no("refuses-media-type", 400, 415)
METHOD = _no("refuses-method", 405)
PATH = _no("refuses-path", 404, 4041007)

MALFORMED = _no("refuses-malformed", 400)
NO_JSON = _no("refuses-malformed", *_INVALID)
NO_FORM = _no("refuses-malformed", *_INVALID, *_FILE, 415)
NO_TEXT = _no("refuses-malformed", *_INVALID, *_DOWNLOAD)
INVALID = _no("refuses-invalid", *_INVALID)
NO_IMAGE = _no("refuses-invalid", *_INVALID, *_FILE)

EMPTY = _no("refuses-empty-file", 4000004)
NOT_AN_IMAGE = _no("refuses-file-type", *_NOT_AN_IMAGE)
BROKEN = _no("refuses-broken-image", *_INVALID, *_NOT_AN_IMAGE, *_UNREADABLE)
RATIO = _no("refuses-ratio", 4000505)
SIZE = _no("refuses-size", 4131000)
URL_SIZE = _no("refuses-url-size", 4000502)

# What schemathesis generates: bodies that fit their schema, and bodies that do not.
WELL_FORMED_URL = Expectation(
    RULES["accepts-url"],
    codes=frozenset({*_INVALID, *_DOWNLOAD, *_NOT_AN_IMAGE, 4000004, 4000501, 4000505}),
)
NEGATIVE = _no("refuses-invalid", 404, 405, 415, *_INVALID, *_FILE, 4000003, 4041007, *_DOWNLOAD)
