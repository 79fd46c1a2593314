"""Whoever listens to a run sets its pace: nothing piles up for one who is slow."""

import asyncio

import pytest
from nhncloud_ocr import AsyncOcrClient
from nhncloud_ocr_toolkit.bulk import Journal, outbox, run
from nhncloud_ocr_toolkit.bulk.engine import Engine
from nhncloud_ocr_toolkit.bulk.entry import once
from nhncloud_ocr_toolkit.bulk.settings import Settings
from nhncloud_ocr_toolkit.bulk.sources import found


@pytest.fixture
def client(service):
    return AsyncOcrClient(
        app_key=service.app_key, secret_key=service.secret_key, transport=service.transport
    )


def test_a_run_waits_for_a_slow_listener(
    client, service, images, folder, journal_path, monkeypatch
) -> None:
    monkeypatch.setattr(outbox, "_ROOM", 20)
    images(150)

    async def main():
        with Journal(journal_path) as journal:
            settings = Settings()
            events = Engine(once(client), journal, settings).settled(found([folder]))
            seen = len(await anext(events))
            while not service.calls or settings.pace.in_flight:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            waiting = len(service.calls)
            async for some in events:
                seen += len(some)
            return waiting, seen

    waiting, seen = asyncio.run(main())
    assert waiting <= 20 + 32 + 64
    assert seen == 150


def test_a_listener_that_never_waits_gets_all(client, images, folder, journal_path) -> None:
    images(40)

    async def main():
        with Journal(journal_path) as journal:
            return {row.ref async for row in run(client, [folder], journal)}

    assert len(asyncio.run(main())) == 40


def test_a_piece_of_work_that_fails_takes_no_other_with_it(journal_path) -> None:
    def fails(connection):
        connection.execute("INSERT INTO meta VALUES ('wrong', 1)")
        raise LookupError

    def works(connection):
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('right', 1)")
        return "done"

    async def main(journal):
        do = journal.commits.do
        return await asyncio.gather(do(works), do(fails), do(works), return_exceptions=True)

    with Journal(journal_path) as journal:
        first, second, third = asyncio.run(main(journal))
        held = journal.commits.call(lambda c: c.execute("SELECT name FROM meta").fetchall())
    assert (first, type(second), third) == ("done", LookupError, "done")
    assert held == [("right",)]


def test_what_a_loop_asked_for_last_is_written_before_the_journal_closes(journal_path) -> None:
    async def main(journal):
        task = asyncio.create_task(
            journal.commits.do(lambda c: c.execute("INSERT INTO meta VALUES ('late', 1)"))
        )
        await asyncio.sleep(0)  # it has asked, and its loop has had no turn to hand it on
        task.cancel()
        journal.close()

    with Journal(journal_path) as journal:
        asyncio.run(main(journal))
    with Journal(journal_path) as journal:
        held = journal.commits.call(lambda c: c.execute("SELECT name FROM meta").fetchall())
    assert held == [("late",)]
