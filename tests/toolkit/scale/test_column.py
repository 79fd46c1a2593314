"""A column of images, a ledger of objects, and engines that compute things more than once."""

import pickle
import threading

import pytest
from nhncloud_ocr import AuthenticationError
from nhncloud_ocr_toolkit.scale import Ledger, LedgerError, recognize_column
from patience import PATIENCE
from toolkit.scale.conftest import image

pytest.importorskip("obstore")


def test_columns_come_back_equally_long_and_in_order(ledger, options, tmp_path) -> None:
    path = tmp_path / "영수증.png"
    path.write_bytes(image("하나"))
    batch = [str(path), image("둘"), {"ref": "gone.png", "id": 7}, b"no image", image("둘")]
    found = recognize_column(batch, ledger=ledger, client_options=options)
    assert {len(column) for column in found.values()} == {5}
    assert found["text"] == ["하나", "둘", None, None, "둘"]
    assert found["state"] == ["done", "done", "failed", "failed", "done"]
    assert found["id"] == [None, None, "7", None, None]
    assert found["ref"][0] == str(path)
    assert [len(words or ()) for words in found["words"]] == [1, 1, 0, 0, 1]


def test_what_is_computed_again_is_not_paid_again(ledger, options, ocr_emulator) -> None:
    batch = [image(f"No. {number}") for number in range(20)]
    first = recognize_column(batch, ledger=ledger, client_options=options)
    again = recognize_column(
        batch, ledger=pickle.loads(pickle.dumps(ledger)), client_options=lambda: options
    )
    assert again == first
    assert set(ocr_emulator.billed.values()) == {1}


def test_workers_that_race_pay_once(tmp_path, options, ocr_emulator) -> None:
    ledger = Ledger((tmp_path / "ledger").as_uri(), longest=PATIENCE)  # none of them is gone
    batch = [image(f"No. {number}") for number in range(15)]
    found = []

    def work():
        mine = pickle.loads(pickle.dumps(ledger))
        found.append(recognize_column(batch, ledger=mine, client_options=options))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [column["state"] for column in found] == [["done"] * 15] * 4
    assert set(ocr_emulator.billed.values()) == {1}


def test_a_lost_reply_is_unknown_for_all_who_ask_later(ledger, options, ocr_emulator) -> None:
    ocr_emulator.faults.add(reset="during")
    for _ in range(2):
        found = recognize_column([image("x")], ledger=ledger, client_options=options)
        assert (found["state"], found["maybe_billed"]) == (["unknown"], [True])
    assert sum(ocr_emulator.billed.values()) == 1


def test_a_claim_whose_worker_is_gone_is_unknown(ledger, options, ocr_emulator, tmp_path) -> None:
    recognize_column([image("x")], ledger=ledger, client_options=options)
    for path in (tmp_path / "ledger/results").rglob("*"):
        if path.is_file():
            path.unlink()  # as if the worker had been killed before it wrote
    found = recognize_column([image("x")], ledger=ledger, client_options=options)
    assert found["state"] == ["unknown"]
    assert sum(ocr_emulator.billed.values()) == 1


def test_what_is_turned_away_is_sent_again(ledger, options, ocr_emulator) -> None:
    ocr_emulator.faults.add(result_code=4000006, times=2)
    found = recognize_column([image("x")], ledger=ledger, client_options=options)
    assert (found["state"], found["attempts"]) == (["done"], [3])


def test_a_cap_is_shared_by_all_workers(tmp_path, options, ocr_emulator) -> None:
    ledger = Ledger((tmp_path / "ledger").as_uri(), max_calls=10, lot=3)
    batch = [image(f"No. {number}") for number in range(8)]
    first = recognize_column(batch[:4], ledger=ledger, client_options=options)
    assert first["state"] == ["done"] * 4
    second = recognize_column(batch, ledger=ledger, client_options=options)
    assert second["state"].count("done") == 8  # what the first worker had left over is spent
    more = [image(f"more {number}") for number in range(10)]
    third = recognize_column(more, ledger=ledger, client_options=options)
    assert sum(ocr_emulator.billed.values()) <= 10
    assert "cap" in next(error for error in third["error"] if error)


def test_refused_keys_raise_after_the_first(ledger, options, ocr_emulator) -> None:
    batch = [image(f"No. {number}") for number in range(30)]
    with pytest.raises(AuthenticationError):
        recognize_column(batch, ledger=ledger, client_options={**options, "secret_key": "wrong"})
    assert len(ocr_emulator.calls) == 1
    found = recognize_column(batch, ledger=ledger, client_options=options)
    assert found["state"] == ["done"] * 30


def test_a_store_that_cannot_be_written_to_is_refused_in_words(options, tmp_path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="Ledger"):
        recognize_column(
            [image("x")],
            ledger=Ledger((tmp_path / "file/ledger").as_uri()),
            client_options=options,
        )


def test_it_works_where_a_loop_is_running(ledger, options) -> None:
    import asyncio

    async def notebook():
        return recognize_column([image("x")], ledger=ledger, client_options=options)

    assert asyncio.run(notebook())["state"] == ["done"]


def test_a_bag_of_dask_gives_rows(ledger, options, ocr_emulator) -> None:
    bags = pytest.importorskip("dask.bag")
    from nhncloud_ocr_toolkit.dask import recognize

    batch = [image(f"No. {number}") for number in range(6)]
    rows = recognize(
        bags.from_sequence(batch, npartitions=3), ledger=ledger, client_options=lambda: options
    )
    for _ in range(2):
        found = rows.compute(scheduler="sync")
        assert [row["text"] for row in found] == [f"No. {number}" for number in range(6)]
    assert set(ocr_emulator.billed.values()) == {1}


def test_a_column_of_a_dataframe_gives_a_dataframe(ledger, options, ocr_emulator, tmp_path) -> None:
    pandas = pytest.importorskip("pandas")
    frames = pytest.importorskip("dask.dataframe")
    from nhncloud_ocr_toolkit.dask import recognize

    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(image(f"영수증 {number}"))
    names = [*(f"{number}.png" for number in range(4)), "gone.png"]
    given = pandas.DataFrame(
        {"shop": list("abcde"), "path": [str(tmp_path / name) for name in names]},
        index=[5, 6, 7, 8, 9],
    )
    frame = frames.from_pandas(given, npartitions=2)
    found = recognize(frame["path"], ledger=ledger, client_options=lambda: options)
    for _ in range(2):
        rows = frame.join(found[["state", "text", "attempts", "maybe_billed"]])
        rows = rows.compute(scheduler="sync")
        assert list(rows.index) == [5, 6, 7, 8, 9]
        assert list(rows["shop"]) == list("abcde")
        assert list(rows["state"]) == ["done"] * 4 + ["failed"]
        assert list(rows["text"])[:4] == [f"영수증 {number}" for number in range(4)]
        assert int(rows["attempts"].sum()) == 4
    assert set(ocr_emulator.billed.values()) == {1}


def test_dask_can_show_its_work_without_a_key(ledger, options) -> None:
    bags = pytest.importorskip("dask.bag")
    from nhncloud_ocr_toolkit.dask import recognize

    rows = recognize(bags.from_sequence([b""]), ledger=ledger, client_options=options)
    assert options["secret_key"] not in repr(dict(rows.dask))
