"""The rules by name: what each says, and where it comes from, which decides how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Source(Enum):
    """How well a rule is known: the vendor says so, somebody reports it, or we conclude it."""

    DOCUMENTED = "documented"
    REPORTED = "reported"
    INFERRED = "inferred"


class Severity(Enum):
    """A break fails the run; news is printed and passes."""

    BREAK = "break"
    NEWS = "news"


@dataclass(frozen=True)
class Rule:
    """One sentence of the contract. `news`: the documents allow it, but somebody should know."""

    name: str
    source: Source
    says: str
    news: bool = False


@dataclass(frozen=True)
class Finding:
    """A rule broken by one reply: in which operation, where in the body, and what was seen.

    `shown`: the guide's own sample is like this, so it is news whatever the rule's source.
    """

    rule: Rule
    operation: str
    where: str
    seen: str
    label: str = ""
    shown: bool = False

    def severity(self, *, live: bool = False, strict: bool = False) -> Severity:
        """News are what only somebody reported or we inferred, live; and what is merely unknown."""
        if strict:
            return Severity.BREAK
        if self.rule.news or self.shown or (live and self.rule.source is not Source.DOCUMENTED):
            return Severity.NEWS
        return Severity.BREAK

    def line(self) -> str:
        """One line: operation, rule, what it says, what was seen and where."""
        place = f" at {self.where}" if self.where else ""
        call = f" (call {self.label})" if self.label else ""
        return (
            f"{self.operation or 'no operation'}: {self.rule.name} [{self.rule.source.value}] "
            f"{self.rule.says}; seen: {self.seen}{place}{call}"
        )


_D, _W, _I = Source.DOCUMENTED, Source.REPORTED, Source.INFERRED

_REPLY = (
    Rule("reply", _D, "every call is answered"),
    Rule("status", _D, "the service answers 200; its gateway 400, 403, 404, 413, 429, 502-504"),
    Rule("status-code-pair", _D, "a result code comes with its own HTTP status"),
    Rule("content-type", _I, "the reply is application/json in UTF-8"),
    Rule("no-page", _I, "an HTML page comes only far above the size limit or on an unknown path"),
    Rule("byte-order-mark", _I, "the body is UTF-8 without a byte order mark"),
    Rule("utf-8", _I, "the body is UTF-8"),
    Rule("strict-json", _D, "the body is JSON"),
    Rule("trailing-comma", _W, "no comma stands before a closing bracket"),
    Rule("finite-number", _I, "numbers are finite"),
    Rule("lone-surrogate", _I, "strings are well-formed Unicode"),
    Rule("repeated-key", _D, "only the keys named by x-duplicate-keys repeat"),
    Rule("unknown-field", _D, "the described fields are all there is", news=True),
    Rule("cropping-only", _D, "slicesImages comes with recognizeGeneralCropping alone"),
    Rule("unknown-code", _D, "the result code is in a table", news=True),
    Rule("integer-form", _I, "an integer is written without fraction or exponent"),
    Rule("success-message", _D, "on success resultMessage is SUCCESS"),
    Rule("failure-message", _I, "a failure has a message, and it is not SUCCESS"),
)

_RESULT = (
    Rule("file-type", _D, "fileType is jpg or png, and that of the upload"),
    Rule("pair-count", _W, "each word has its box: the lists are of equal lengths"),
    Rule("words", _I, "a success has words, each with text"),
    Rule("corner-order", _D, "corners go clockwise from the top left"),
    Rule("top-left-first", _D, "corner 1 is the top left of upright text"),
    Rule("inside-image", _D, "boxes of general are inside the sent image"),
    Rule(
        "inside-sliced-image", _I, "boxes of cropping are inside the sent image, or a slice of it"
    ),
    Rule("coordinate", _I, "coordinates are integers of at least 0"),
    Rule("single-pixels", _I, "coordinates tell single pixels, and are not rounded to many"),
    Rule("box-area", _I, "a box has an area"),
    Rule("left-to-right", _D, "the words of a line go from left to right"),
    Rule("one-line", _D, "an outer index is one visual line"),
    Rule("slices", _I, "slicesImages is at least 1, and no more than the side ratio asks for"),
    Rule("whole-line", _I, "a visual line is one outer index, and not several"),
    Rule("covers-the-page", _D, "the boxes of a page full of text lie all over it, in pixels"),
    Rule("top-to-bottom", _I, "lines do not go from the bottom up"),
    Rule("once", _I, "a word comes once at a place"),
)

_TEXT = (
    Rule("decoded-text", _I, "a value is text as it was read, decoded once and rightly"),
    Rule("printable-text", _I, "a value holds no control characters"),
    Rule("literal-text", _I, "a value is the text itself, not an escape of it"),
    Rule("one-word", _W, "an item is a word: no blank stands inside it"),
    Rule("blank-after", _I, "a blank may stand before a value, not after it", news=True),
    Rule("composed-text", _I, "a value is in Unicode's composed form, NFC", news=True),
    Rule("reads-the-image", _D, "the text of the sent image comes back, Korean and English"),
    Rule("places", _D, "boxes of general lie on their words, in pixels of the sent image"),
    Rule("sliced-places", _I, "cropping's boxes lie on their words, in the image or in its slices"),
    Rule("whole-image", _D, "no place of an image is always lost, as its first or its last word"),
    Rule("reads-most", _I, "of many plainly printed words nearly all are read"),
    Rule("own-words", _D, "the words are those of the sent image, and not of another one"),
    Rule("conf-varies", _I, "conf tells words apart: it is not the same for all"),
)

# Of schema keywords, by name: the description says each; what it only infers is told apart below.
_SCHEMA = tuple(
    Rule(f"schema-{keyword}", _D, says)
    for keyword, says in {
        "required": "every described field is there",
        "type": "each field has its described type",
        "range": "each number is in its described range",
        "value": "each field has one of its described values",
        "coupling": "success has code 0 and a result, failure another code and none",
    }.items()
)

_OUTCOME = (
    Rule("accepts-image", _D, "a JPEG or PNG of at most 20 MB is recognised"),
    Rule("accepts-url", _D, "an image URL with port 80, 443, 10000-12000 or none is fetched"),
    Rule(
        "accepts-spelling",
        _I,
        "case and parameters of names do not matter where HTTP says so",
        news=True,
    ),
    Rule("accepts-size", _D, "an image of less than 20 MB is within the limit"),
    # Documents say MB. Between the two readings neither answer is wrong.
    Rule("accepts-mib", _I, "20 MB are 20,971,520 bytes", news=True),
    Rule("accepts-tall", _D, "cropping slices an image past 1:10 and recognises it"),
    Rule("refuses-ratio", _D, "an image past about 1:10 is refused without cropping"),
    Rule("refuses-port", _D, "an image URL with a port other than 80, 443, 10000-12000 is refused"),
    Rule("unfetched-port", _D, "a forbidden port is refused before anything is fetched from it"),
    Rule("refuses-redirect", _I, "a redirect to a forbidden port is not followed"),
    Rule("reads-formats", _D, "every kind of JPEG and PNG is taken as one"),
    Rule("accepts-https", _D, "an image URL of https is fetched over TLS"),
    Rule("accepts-name", _I, "what the file is called does not matter"),
    Rule("refuses-size", _D, "an image above 20 MB is refused"),
    Rule("refuses-url-size", _D, "an image above 20 MB at a URL is refused"),
    Rule("refuses-download", _D, "an image URL that cannot be downloaded is refused as that"),
    Rule("refuses-url", _W, "an image URL that is none is refused"),
    Rule("refuses-credentials", _D, "wrong keys are refused with 4010001"),
    Rule("refuses-missing-header", _D, "a call without its header of credentials is refused"),
    Rule("refuses-scheme-word", _D, "the secret key stands bare, without a scheme word"),
    Rule(
        "refuses-foreign-app-key", _D, "another service's app key is refused, with 4010001 in v1.0"
    ),
    Rule("refuses-token", _D, "a token that is wrong or over is refused with 4010006"),
    Rule("refuses-other-scheme", _D, "v1.1's token stands behind the word Bearer"),
    Rule("token-form", _D, "the token endpoint gives a bearer token for a day, as JSON"),
    Rule("token-refusal", _D, "it refuses as RFC 6749, section 5.2, has it, a wrong key with 401"),
    Rule("token-revocation", _D, "it answers a revocation with 200"),
    Rule("refuses-media-type", _W, "another media type is refused with 415"),
    Rule("refuses-method", _W, "another method is refused with 405"),
    Rule("refuses-path", _D, "an unknown path is refused with 404 or 4041007"),
    Rule("refuses-malformed", _W, "a malformed body is refused with 400"),
    Rule("refuses-invalid", _W, "a body that fails validation is refused with 400 or 4000001"),
    Rule("refuses-empty-file", _D, "an empty upload is refused with 4000004"),
    Rule("refuses-file-type", _D, "a file that is neither JPEG nor PNG is refused"),
    Rule("refuses-broken-image", _I, "an image that cannot be read is refused", news=True),
    Rule("either", _I, "accepted or refused, in the documented form"),
    Rule("same-answer", _I, "the same call has the same outcome"),
    Rule("sdk-local", _D, "the SDK refuses before anything is sent"),
    Rule("sdk-tokens", _D, "the SDK fetches one token for all its calls"),
    Rule("sdk-reads", _D, "the SDK's result or error is what the reply says"),
)

RULES: dict[str, Rule] = {
    rule.name: rule for rule in (*_REPLY, *_RESULT, *_TEXT, *_SCHEMA, *_OUTCOME)
}
