"""Three tables of result codes, which must not drift apart: each says what the others lack.

The description lists what is known, the overlay maps it to errors, and the emulator sends it. The
emulator reads no description and the overlay no emulator: here alone they meet.
"""

import check_spec
import pytest
from nhncloud_ocr._codes import CODES, PAIRS
from nhncloud_ocr_emulator._results import GATEWAY, SERVICE

Pair = tuple[int, int]
HEADER = check_spec.load(check_spec.DESCRIPTION)["components"]["schemas"]["ResponseHeader"]

DESCRIBED = {
    (each["httpStatus"], each["code"]): each.get("message")
    for each in HEADER["properties"]["resultCode"]["x-result-codes"]
}
EMULATED = {(200, code): message for code, message in SERVICE.items()} | {
    (status, code): message for code, (status, message) in GATEWAY.items()
}
UNDESCRIBED = {500}
"""Codes that the overlay knows by the design alone: no page of the vendor lists them."""


def needs_a_row(pair: Pair) -> bool:
    """Whether the overlay's table has to name a pair.

    Not the success. From status 400 on the status decides; of 5...... all are ServerError.
    """
    status, code = pair
    return status == 200 and code != 0 and code // 1_000_000 != 5


def lacking(described: set[Pair], mapped: set[int], emulated: set[Pair]) -> list[str]:
    """Who lacks which code, in words."""
    found = []
    for status, code in sorted(described | emulated):
        pair = (status, code)
        if pair not in described:
            found.append(f"the description lacks {code} of HTTP {status}, which the emulator sends")
        if pair not in emulated:
            found.append(f"the emulator lacks {code} of HTTP {status}, which is described")
        if needs_a_row(pair) and code not in mapped:
            found.append(f"the overlay's table lacks {code} of HTTP {status}")
    known = {code for _, code in described} | UNDESCRIBED
    found += [f"the description lacks {code}, which the overlay maps" for code in mapped - known]
    return found


def test_the_three_tables_know_the_same_codes() -> None:
    mapped = {*CODES, *(code for _, code in PAIRS)}
    assert lacking({*DESCRIBED}, mapped, {*EMULATED}) == []


def test_pairs_that_the_overlay_knows_are_described() -> None:
    assert PAIRS.keys() <= DESCRIBED.keys()


def test_the_emulator_sends_the_described_messages() -> None:
    told = {pair: message for pair, message in DESCRIBED.items() if message is not None}
    assert {pair: EMULATED[pair] for pair in told} == told


@pytest.mark.parametrize(
    ("described", "mapped", "emulated", "said"),
    [
        ({(200, 1)}, {1}, set(), "the emulator lacks 1 of HTTP 200, which is described"),
        ({(200, 1)}, set(), {(200, 1)}, "the overlay's table lacks 1 of HTTP 200"),
        (set(), {1}, {(200, 1)}, "the description lacks 1 of HTTP 200, which the emulator sends"),
        (set(), {1}, set(), "the description lacks 1, which the overlay maps"),
        ({(400, 4000008)}, set(), set(), "the emulator lacks 4000008 of HTTP 400"),
    ],
)
def test_who_lacks_what_is_said(
    described: set[Pair], mapped: set[int], emulated: set[Pair], said: str
) -> None:
    assert any(line.startswith(said) for line in lacking(described, mapped, emulated))
