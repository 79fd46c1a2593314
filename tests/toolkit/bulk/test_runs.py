"""A run in one process: each image once, whatever the service does."""

import asyncio
import hashlib

import httpx
import pytest
from nhncloud_ocr import AsyncOcrClient, AuthenticationError, BadRequestError
from nhncloud_ocr_toolkit.bulk import Journal, JournalError, run
from toolkit.bulk.conftest import attempts_by_image, image, query
from unit.support import PNG, success, word


def told(rows):
    return {row.ref.rpartition("/")[2]: row.state for row in rows}


def test_each_image_of_a_folder_gives_a_row(bulk, images, folder, service) -> None:
    paths = images(12)
    rows, stopped = bulk([folder])
    assert stopped is None
    assert {row.ref for row in rows} == set(map(str, paths))
    first = next(row for row in rows if row.ref == str(paths[0]))
    data = paths[0].read_bytes()
    assert first.sha256 == hashlib.sha256(data).hexdigest()
    assert (first.id, first.state, first.text) == (None, "done", "영수증 0")
    assert (first.error, first.attempts, first.maybe_billed) == (None, 1, False)
    assert [word["text"] for word in first.words] == ["영수증 0"]
    assert dict(first) == first.to_dict()
    assert set(service.billed.values()) == {1}


def test_a_second_run_makes_no_call_and_gives_the_same_rows(bulk, images, folder, service) -> None:
    images(5)
    rows, _ = bulk([folder])
    again, _ = bulk([folder])
    assert sorted(again, key=str) == sorted(rows, key=str)
    assert len(service.calls) == 5


def test_the_same_bytes_are_paid_once(bulk, folder, service) -> None:
    for number in range(40):
        (folder / f"{number}.png").write_bytes(image("같은 것"))
    rows, _ = bulk([folder])
    assert [row.text for row in rows] == ["같은 것"] * 40
    assert list(service.billed.values()) == [1]


def test_an_image_without_text_is_empty_and_perhaps_billed(bulk, images, folder, service) -> None:
    images(1)
    service.faults.add(result_code=4000501)
    ((row,), _) = bulk([folder])
    assert (row.state, row.text, row.words, row.maybe_billed) == ("empty", "", [], True)


def test_an_id_goes_through_and_a_query_does_not(bulk, images, service, journal_path) -> None:
    (path,) = images(1)
    url = "https://user:pw@example.com/a.png?X-Signature=canary#canary"
    service.faults.add(result_code=4000504, times=2)
    rows, _ = bulk([{"ref": str(path), "id": 17}, {"ref": url, "id": "b"}])
    assert {(row.id, row.ref) for row in rows} == {
        ("17", str(path)),
        ("b", "https://example.com/a.png"),
    }
    written = journal_path.read_bytes()
    assert b"canary" not in written
    assert b"pw@" not in written
    assert service.secret_key.encode() not in written


@pytest.mark.parametrize("code", [4000006, 4291000, 5000503])
def test_what_is_too_much_is_sent_again_without_a_bill(bulk, images, folder, service, code) -> None:
    images(6)
    service.faults.add(result_code=code, times=4)
    rows, _ = bulk([folder])
    assert {row.state for row in rows} == {"done"}
    assert set(service.billed.values()) == {1}
    assert sum(row.attempts for row in rows) == 10


@pytest.mark.parametrize("fault", [{"reset": "during"}, {"status": 502}, {"result_code": -1}])
def test_a_lost_reply_is_unknown_and_not_sent_again(bulk, images, folder, service, fault) -> None:
    images(4)
    service.faults.add(**fault)
    rows, _ = bulk([folder])
    (lost,) = [row for row in rows if row.state == "unknown"]
    assert lost.maybe_billed
    assert lost.attempts == 1
    assert len(service.calls) == 4
    again, _ = bulk([folder])
    assert sum(row.state == "unknown" for row in again) == 1
    assert len(service.calls) == 4


def test_unknown_ones_are_sent_again_when_told_to(bulk, images, folder, service) -> None:
    images(4)
    service.faults.add(reset="during", times=2)
    bulk([folder])
    rows, _ = bulk([folder], retry_unknown=True)
    assert {row.state for row in rows} == {"done"}
    assert sorted(row.maybe_billed for row in rows) == [False, False, True, True]
    assert sorted(service.billed.values()) == [1, 1, 2, 2]


def test_failed_ones_are_sent_again_when_told_to(bulk, images, folder, service) -> None:
    images(3)
    service.faults.add(result_code=4000002)
    (folder / "late.png").touch()
    assert sorted(row.state for row in bulk([folder])[0]) == ["done", "done", "failed", "failed"]
    (folder / "late.png").write_bytes(image("nun da"))
    assert {row.state for row in bulk([folder])[0]} == {"done", "failed"}
    assert {row.state for row in bulk([folder], retry_failed=True)[0]} == {"done"}
    assert set(service.billed.values()) == {1}


def test_a_copy_of_what_is_unknown_is_not_sent_either(bulk, folder, service) -> None:
    for name in "ab":
        (folder / f"{name}.png").write_bytes(image("같은 것"))
    service.faults.add(reset="during")
    rows, _ = bulk([folder])
    assert [row.state for row in rows] == ["unknown", "unknown"]
    assert len(service.calls) == 1


def test_a_cap_is_exact_and_holds_over_the_journals_life(bulk, images, folder, service) -> None:
    images(60)
    rows, stopped = bulk([folder], max_calls=25, concurrency=16)
    assert (len(rows), stopped) == (25, "cap")
    rows, stopped = bulk([folder], max_calls=25)
    assert stopped == "cap"
    assert sum(service.billed.values()) == 25
    rows, stopped = bulk([folder], max_calls=60)
    assert (len(rows), stopped) == (60, None)
    assert set(service.billed.values()) == {1}


def test_what_is_turned_away_does_not_count_towards_a_cap(bulk, images, folder, service) -> None:
    images(8)
    service.faults.add(result_code=4000006, times=5)
    rows, stopped = bulk([folder], max_calls=8)
    assert (len(rows), stopped) == (8, None)


def test_refused_keys_end_the_run_at_the_first_call(
    bulk, images, folder, service, journal_path
) -> None:
    images(30)
    with pytest.raises(AuthenticationError):
        bulk([folder], key="wrong")
    assert len(service.calls) == 1
    rows, _ = bulk([folder])
    assert len(rows) == 30
    assert "wrong" not in str(query(journal_path, "SELECT * FROM item"))


def test_an_address_where_no_service_is_ends_the_run_too(bulk, images, folder, service) -> None:
    images(30)
    service.faults.add(status=404)
    with pytest.raises(BadRequestError):
        bulk([folder])
    assert len(service.calls) == 1


def test_a_used_up_quota_ends_the_run(bulk, images, folder, service) -> None:
    images(10)
    service.faults.add(status=429, result_code=4291001)
    assert bulk([folder]) == ([], "quota")


def test_leaving_the_loop_lets_calls_end(images, folder, service, journal_path) -> None:
    images(40)

    async def main():
        client = AsyncOcrClient(
            app_key=service.app_key, secret_key=service.secret_key, transport=service.transport
        )
        with Journal(journal_path) as journal:
            rows = run(client, [folder], journal)
            async for _ in rows:
                break
            await rows.aclose()
            return journal.status()

    status = asyncio.run(main())
    assert status.states["unknown"] == status.states["sending"] == 0
    assert status.states["done"] == sum(service.billed.values()) < 40


def test_a_cancelled_run_leaves_unknown_what_was_under_way(
    images, folder, service, journal_path
) -> None:
    images(3)
    service.faults.add(latency=3600, times=3)

    class Telling(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            sent.set()
            return await service.transport.handle_async_request(request)

    async def main():
        nonlocal sent
        sent = asyncio.Event()
        client = AsyncOcrClient(
            app_key=service.app_key, secret_key=service.secret_key, transport=Telling()
        )
        with Journal(journal_path) as journal:
            task = asyncio.ensure_future(anext(run(client, [folder], journal)))
            await sent.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return journal.status()

    sent = None
    status = asyncio.run(main())
    assert status.states["unknown"] == 1
    assert status.states["pending"] == 2


@pytest.mark.parametrize(("store", "text", "words"), [("text", "글", None), ("none", None, None)])
def test_the_journal_keeps_what_it_is_told_to(bulk, folder, service, store, text, words) -> None:
    (folder / "a.png").write_bytes(image("글"))
    ((row,), _) = bulk([folder], store=store)
    assert (row.state, row.text, row.words) == ("done", text, words)
    bulk([folder], store=store)
    assert len(service.calls) == 1


def test_half_a_pair_of_surrogates_stops_nothing(folder, journal_path) -> None:
    (folder / "a.png").write_bytes(PNG)
    reply = success(texts=[{"inferTexts": [word("MARK")]}])
    reply = httpx.Response(200, content=reply.body.replace(b"MARK", b"\\ud800"))

    async def main():
        transport = httpx.MockTransport(lambda _: reply)
        client = AsyncOcrClient(app_key="a", secret_key="s", transport=transport)
        with Journal(journal_path) as journal:
            return [row async for row in run(client, folder, journal)]

    (row,) = asyncio.run(main())
    assert (row.state, row.text, row.words[0]["text"]) == ("done", "\ufffd", "\ufffd")


def test_a_journal_answers_one_question(bulk, images, folder) -> None:
    images(1)
    bulk([folder])
    with pytest.raises(JournalError, match="journal of its own"):
        bulk([folder], cropping=True)


def test_attempts_are_on_record(bulk, images, folder, service, journal_path) -> None:
    images(3)
    service.faults.add(result_code=4000006)
    bulk([folder])
    found = sorted(attempts_by_image(journal_path).values())
    assert found == [["done"], ["done"], ["refused", "done"]]
