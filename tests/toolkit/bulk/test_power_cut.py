"""A power cut leaves what was synced, and no intent whose request has left is missing there."""

import asyncio
import shutil

import httpx
import pytest
from bulk_trials.power_cut import Disk
from nhncloud_ocr import AsyncOcrClient
from nhncloud_ocr_toolkit.bulk import Journal, run
from toolkit.bulk.conftest import (
    finished,
    hold_up,
    kill_midway,
    no_bill_is_unannounced,
    query,
    states,
)


@pytest.mark.skipif(not Disk.can_be_made(), reason="needs Linux and a C compiler")
def test_after_a_power_cut_nothing_is_paid_twice_unannounced(
    start, served, images, folder, journal_path, tmp_path, monkeypatch
) -> None:
    images(60)
    hold_up(served)
    disk = Disk(tmp_path, journal_path)
    cuts = 2
    for _ in range(cuts):
        with monkeypatch.context() as patch:
            for name, value in disk.environment.items():
                patch.setenv(name, value)
            kill_midway(served, lambda: start(folder, "--concurrency", 8))
        disk.power_is_back()
    assert finished(start(folder))[0] in (0, 3)
    found = states(journal_path)
    assert set(found) <= {"done", "unknown"}
    assert sum(found.values()) == 60
    assert found.get("unknown", 0) <= 8 * cuts
    no_bill_is_unannounced(served, journal_path)


def test_what_arrives_is_on_record_already(images, folder, journal_path, tmp_path, service) -> None:
    images(20)

    class Transport(httpx.AsyncBaseTransport):
        in_flight = 0

        async def handle_async_request(self, request):
            self.in_flight += 1
            assert on_record(journal_path, tmp_path) >= self.in_flight
            try:
                return await service.transport.handle_async_request(request)
            finally:
                self.in_flight -= 1

    async def main():
        client = AsyncOcrClient(
            app_key=service.app_key, secret_key=service.secret_key, transport=Transport()
        )
        with Journal(journal_path) as journal:
            return [row.state async for row in run(client, [folder], journal, concurrency=4)]

    assert asyncio.run(main()) == ["done"] * 20


def on_record(journal_path, tmp_path):
    """Return how many calls are under way as another process would find it, were this one gone."""
    for suffix in ("", "-wal"):
        shutil.copy(f"{journal_path}{suffix}", tmp_path / f"copy.db{suffix}")
    (tmp_path / "copy.db-shm").unlink(missing_ok=True)
    statement = "SELECT count(*) FROM attempt WHERE outcome IS NULL"
    ((under_way,),) = query(tmp_path / "copy.db", statement)
    return under_way
