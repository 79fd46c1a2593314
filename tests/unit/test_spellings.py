"""Secrets are found however they are spelt, and nothing else is touched."""

import html
import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr._auth.spellings import Spellings

SECRETS = [
    "canaryapp7f3c9a51",
    "s%41ecret/key&<e08b4d26>'of us\"",
    "카나리/a b?7f3c9a51#..%2e",
    "beyond \U0001f600 the \U00020000 first plane",
    "a\\backslash\\\\in\\it",
]


def json_text(text):
    return json.dumps(text)[1:-1]


def every(spell):
    """Spell each character, those beyond the first plane by their halves."""
    units = []
    for character in spell:
        pair = character.encode("utf-16-be")
        units += [f"\\u{pair[at : at + 2].hex()}" for at in range(0, len(pair), 2)]
    return "".join(units)


SPELLINGS = {
    "plain": lambda s: s,
    "JSON": json_text,
    "JSON, not ASCII alone": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "JSON with escaped slashes": lambda s: json_text(s).replace("/", "\\/"),
    "JSON in JSON": lambda s: json_text(json_text(s)),
    "JSON in JSON in JSON": lambda s: json_text(json_text(json_text(s))),
    "JSON, all of it": every,
    "JSON, all of it, in capitals": lambda s: every(s).upper().replace("\\U", "\\u"),
    "JSON, all of it, twice": lambda s: json_text(every(s)),
    "JSON, every third": lambda s: "".join(
        every(c) if at % 3 == 0 else json_text(c) for at, c in enumerate(s)
    ),
    "HTML": html.escape,
    "HTML twice": lambda s: html.escape(html.escape(s)),
    "HTML in JSON of Go": lambda s: json_text(html.escape(s)).replace("&", "\\u0026"),
    "HTML by numbers": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "HTML by hexadecimal numbers": lambda s: "".join(f"&#x{ord(c):06X};" for c in s),
    "URL": lambda s: quote(s, safe=""),
    "URL in small letters": lambda s: quote(s, safe="").lower(),
    "URL twice": lambda s: quote(quote(s, safe=""), safe=""),
    "URL, all of it": lambda s: "".join(f"%{octet:02x}" for octet in s.encode()),
    "URL, all of it, twice": lambda s: "".join(f"%25{octet:02x}" for octet in s.encode()),
    "URL of JSON": lambda s: quote(json_text(s), safe=""),
    "JSON of a URL": lambda s: json_text(quote(s, safe="")),
    "a repr of bytes": lambda s: repr(s.encode())[2:-1],
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_each_spelling_is_found(secret, spell) -> None:
    body = f'{{"echo": "GET /{spell(secret)}/x"}}'.encode()
    masked = Spellings([secret]).masked(body, escaped=True)
    assert masked.replace(b"\\", b"") == b'{"echo": "GET /***/x"}'
    json.loads(masked)


@given(st.binary(max_size=200), st.sampled_from(SECRETS), st.booleans())
def test_what_has_no_secret_is_the_same_object(body, secret, escaped) -> None:
    assert Spellings([secret]).masked(body, escaped=escaped) is body


@given(st.sampled_from(SECRETS), st.data())
def test_each_character_may_be_spelt_in_its_own_way(secret, data) -> None:
    spelt = []
    for character in secret.replace("\\", ""):
        spell = data.draw(
            st.sampled_from(
                [
                    every,
                    lambda c: f"&#{ord(c)};",
                    lambda c: quote(c, safe=""),
                    lambda c: "".join(f"%{octet:02X}" for octet in c.encode()),
                ]
            )
        )
        spelt.append(spell(character))
    masked = Spellings([secret.replace("\\", "")]).masked("".join(spelt).encode(), escaped=False)
    assert masked == b"***"


def test_a_backslash_that_escaped_a_secret_goes_with_it() -> None:
    """JSON would not take `\\***`, but takes what escapes itself."""
    spellings = Spellings(["nightingale"])
    assert spellings.masked(b'"C:\\\\nightingale"', escaped=True) == b'"C:\\\\***"'
    assert spellings.masked(b'"C:\\nightingale"', escaped=True) == b'"C:***"'
    assert spellings.masked(b"C:\\nightingale", escaped=False) == b"C:\\***"


def test_short_secrets_are_no_secrets() -> None:
    assert Spellings(["key", "1234567"]).masked(b"key 1234567", escaped=False) == b"key 1234567"


def test_a_repr_hides_them() -> None:
    spellings = Spellings(["nightingale"])
    spellings.masked(b"%41", escaped=True)
    assert "nightingale" not in repr(spellings)


HOSTILE = {
    "backslashes": (b"\\", "a\\\\\\\\\\\\\\\\\\\\key-of-16"),
    "nothing but backslashes": (b"\\", "\\" * 40),
    "percent signs": (b"%25", "a%25%25%25key-of-16"),
    "ampersands": (b"&amp;", "a&amp;&amp;key-of-16"),
    "half of the secret": (b"an-app-key-of-1\\u0030", "an-app-key-of-16"),
    "its first letter": (b"a", "an-app-key-of-16"),
    "zeros": (b"&#x0000000000", "an-app-key-of-16"),
    "escapes": (b"\\u0061", "an-app-key-of-16"),
}


@pytest.mark.parametrize(("part", "secret"), HOSTILE.values(), ids=HOSTILE)
def test_the_work_grows_with_the_bytes_alone(part, secret) -> None:
    """A square would make the longer text take 256 times as long; the least of three is told."""
    spellings = Spellings([secret])

    def took(size):
        times = []
        for _ in range(3):
            began = time.thread_time()
            spellings.masked(part * (size // len(part)), escaped=True)
            times.append(time.thread_time() - began)
        return min(times)

    took(64)
    assert took(1 << 20) < 64 * max(took(1 << 16), 1e-3)
