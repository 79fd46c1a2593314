"""What a bulk run is tried against: a rate limit, a count of what was billed, a deploy."""

from __future__ import annotations

import hashlib
import threading

import httpx
import pytest
from emulator.clock import Clock
from nhncloud_ocr_emulator import Emulator, Fault, Faults
from nhncloud_ocr_emulator._pace import Pace
from nhncloud_ocr_emulator._settings import Settings


@pytest.mark.parametrize(
    ("rate", "burst", "at_once", "in_a_second"),
    [(5, None, 5, 5), (4, 1, 1, 4), (2, 8, 8, 2), (0.5, None, 1, 0.5), (None, None, 1000, 1000)],
)
def test_so_many_calls_pass_at_once_and_then_by_the_second(
    rate: float | None, burst: int | None, at_once: int, in_a_second: float
) -> None:
    clock = Clock()
    pace = Pace(rate, burst, clock)
    assert sum(pace.admits() for _ in range(1000)) == at_once
    passed = 0
    for _ in range(64 * 20):  # steps that floats hold exactly
        clock.now += 1 / 64
        passed += pace.admits()
    assert rate is None or passed == 20 * in_a_second


def test_calls_above_the_rate_are_refused_with_4000006_and_not_billed(image: bytes) -> None:
    emulator = Emulator(engine="fixture", rate_limit=0.0001, burst=3)
    with httpx.Client(transport=emulator.transport) as client:

        def call(key: str) -> tuple[int, int]:
            response = client.post(
                f"http://emulator/v1.0/appkeys/{emulator.app_key}/general",
                files={"image": ("image.png", image)},
                headers={"Authorization": key},
            )
            return response.status_code, response.json()["header"]["resultCode"]

        assert call("wrong") == (200, 4010001)  # refused before, and so not counted
        codes = [call(emulator.secret_key) for _ in range(5)]
    assert codes == [(200, 0)] * 3 + [(200, 4000006)] * 2
    assert sum(emulator.billed.values()) == 3


@pytest.mark.parametrize("wrong", [{"rate_limit": 0}, {"rate_limit": -1}, {"burst": 3}])
@pytest.mark.parametrize(
    "also", [{}, {"rate_limit": 1, "burst": 0}, {"rate_limit": 1, "burst": float("nan")}]
)
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, float], also: object) -> None:
    with pytest.raises(ValueError, match=r"rate_limit|burst"):
        Settings(engine="fixture", **(also or wrong))  # type: ignore[arg-type]


def test_billed_counts_each_recognition_lost_replies_too(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes
) -> None:
    digest = hashlib.sha256(image).hexdigest()
    billed = ocr_emulator.billed
    files = {"image": ("image.png", image)}
    for fault in ("", "reset=before", "reset=during", "truncated", "trailing_commas"):
        try:
            client.post("/general", files=files, headers={"X-Emulator-Fault": fault})
        except httpx.TransportError:
            continue
    assert billed == {digest: 5}
    for fault in ("status=503", "result_code=5000503", "html", "status=503; reset=before"):
        try:
            client.post("/general", files=files, headers={"X-Emulator-Fault": fault})
        except httpx.TransportError:
            continue
    client.post("/general", files={"image": ("image.png", b"GIF89a")})
    client.post("/general", files=files, headers={"Authorization": "wrong"})
    assert billed == {digest: 5}
    assert ocr_emulator.billed is billed


def test_billed_forgets_nothing_and_loses_no_count(ocr_emulator: Emulator, image: bytes) -> None:
    def call() -> None:
        with httpx.Client(
            transport=ocr_emulator.transport, headers={"Authorization": ocr_emulator.secret_key}
        ) as client:
            for _ in range(50):
                client.post(
                    f"http://emulator/v1.0/appkeys/{ocr_emulator.app_key}/general",
                    files={"image": ("image.png", image)},
                )

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(ocr_emulator.billed.values()) == [200]
    ocr_emulator.calls.clear()
    assert list(ocr_emulator.billed.values()) == [200]


def test_a_deploy_is_503s_and_resets_until_its_time_is_up() -> None:
    clock = Clock()
    faults = Faults(clock)
    faults.add(deploy=30)
    faults.add(status=500)
    clock.now += 1000  # it begins with the call that takes it
    kinds = []
    for _ in range(6):
        fault = faults.take()
        kinds.append((fault.status, fault.reset))
        clock.now += 4.9
    assert kinds == [(503, None), (503, "before")] * 3
    assert faults.take(Fault(status=418)).status == 418  # who asks for another has that
    clock.now += 1
    assert faults.take() == Fault(status=500)
    assert faults.take() == Fault()


def test_what_else_a_deploy_says_holds_for_each_of_its_calls() -> None:
    clock = Clock()
    faults = Faults(clock)
    faults.add(deploy=30, retry_after=7, latency=0.5, html=True)
    taken = [faults.take() for _ in range(4)]
    assert [fault.reset for fault in taken] == [None, "before"] * 2
    assert {fault.status for fault in taken} == {503}
    assert {(fault.retry_after, fault.latency, fault.html) for fault in taken} == {(7, 0.5, True)}
    clock.now += 31
    faults.add(deploy=1, status=502)
    assert faults.take() == Fault(status=502)


def test_a_deploy_meanwhile_makes_it_longer_never_shorter() -> None:
    clock = Clock()
    faults = Faults(clock)
    faults.add(deploy=30)
    turns = [faults.take().reset, faults.take(Fault(deploy=1)).reset]
    clock.now += 20
    turns += [faults.take().reset, faults.take(Fault(deploy=30)).reset]
    clock.now += 20
    turns.append(faults.take().reset)
    assert turns == [None, "before", None, "before", None]
    clock.now += 11
    assert faults.take() == Fault()


def test_a_deploy_says_when_to_come_again(client: httpx.Client, ocr_emulator: Emulator) -> None:
    ocr_emulator.faults.add(deploy=3600, retry_after=3)
    reply = client.post("/general")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "3")


def test_a_deploy_can_be_ended() -> None:
    clock = Clock()
    faults = Faults(clock)
    faults.add(deploy=30)
    assert faults.take().status == 503
    faults.clear()
    assert faults.take() == Fault()


def test_nothing_is_billed_while_the_service_is_deployed(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes
) -> None:
    files = {"image": ("image.png", image)}
    ocr_emulator.faults.add(deploy=3600)
    assert client.post("/general", files=files).status_code == 503
    with pytest.raises(httpx.ReadError):
        client.post("/general", files=files)
    assert client.post("/general", files=files).status_code == 503
    assert [call.status for call in ocr_emulator.calls] == [503, None, 503]
    assert not ocr_emulator.billed
    ocr_emulator.faults.clear()
    assert client.post("/general", files=files).status_code == 200


@pytest.mark.parametrize("value", ["deploy=-1", "deploy=inf", "deploy=x", "deploy"])
def test_a_deploy_takes_seconds(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Fault.parse(value)
