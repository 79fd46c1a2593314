"""A ledger in a store that speaks S3, over a socket: one that keeps what it has, one that not."""

import pytest
from nhncloud_ocr_toolkit.scale import Ledger, LedgerError, recognize_column
from toolkit.scale.conftest import image
from toolkit.scale.object_store import serving

pytest.importorskip("obstore")


def test_a_store_with_conditional_writes_holds_a_ledger(options, ocr_emulator) -> None:
    batch = [image(f"No. {number}") for number in range(6)]
    with serving(conditional=True) as (objects, store_options):
        found = []
        for _ in range(2):
            ledger = Ledger("s3://bucket/ledger", max_calls=6, **store_options)
            found.append(recognize_column(batch, ledger=ledger, client_options=options))
        names = sorted(name.split("/")[2] for name in objects)
    assert found[0] == found[1]
    assert found[0]["state"] == ["done"] * 6
    assert set(ocr_emulator.billed.values()) == {1}
    assert names == ["calls"] * 6 + ["claims"] * 6 + ["results"] * 6


def test_a_store_that_overwrites_is_refused_before_anything_is_sent(options, ocr_emulator) -> None:
    with serving(conditional=False) as (objects, store_options):
        ledger = Ledger("s3://bucket/ledger", **store_options)
        with pytest.raises(LedgerError, match=r"overwrites.*If-None-Match") as refused:
            recognize_column([image("x")], ledger=ledger, client_options=options)
    assert not ocr_emulator.calls
    assert not objects
    assert store_options["secret_access_key"] not in f"{refused.value}{ledger!r}"
