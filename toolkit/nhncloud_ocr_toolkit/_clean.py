"""Recognised text as any file can carry it: one rule for all exports.

White space that breaks a line or a cell (tab, newline and their kind) becomes one space. What XML
forbids and text files trip over (control characters, halves of surrogate pairs, U+FFFE and U+FFFF)
becomes U+FFFD, the replacement character, so that a reader sees that something stood there. All
else stays as sent: letters of any script, composed or not (NFC, NFD), emoji, markup.
"""

import re

_BREAKS = re.compile("\r\n|[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ANY = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` with what no file can carry replaced; idempotent."""
    if text.isprintable() or _ANY.search(text) is None:  # the first is faster, but knows less
        return text
    return _FORBIDDEN.sub("\ufffd", _BREAKS.sub(" ", text))
