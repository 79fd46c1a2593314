"""Both clients, driven in one way; no key or URL of the machine's own environment gets in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from nhncloud_ocr import AsyncOcrClient, OcrClient
from unit.support import Driver, FakeClock, Scripted, Service

ACCESS = ("USER_ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "TOKEN_URL")


@pytest.fixture(scope="session", params=[OcrClient, AsyncOcrClient], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    """The test runs through the sync client, and again through the async one."""
    driver = Driver(request.param)
    yield driver
    driver.shut()


@pytest.fixture(scope="session")
def sync() -> Iterator[Driver]:
    """For what the shared core does, where one client shows it all."""
    driver = Driver(OcrClient)
    yield driver
    driver.shut()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def trying(driver: Driver, clock: FakeClock) -> Callable[..., tuple[Any, Service]]:
    """Makes a client whose time is counted by `clock`, and the service of canned answers under
    it.
    """

    def make(*script: Scripted, **options: Any) -> tuple[Any, Service]:
        service = Service(*script)
        client = driver.client(service, **options)
        clock.set(client)
        return client, service

    return make


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ACCESS, "APP_KEY", "SECRET_KEY", "BASE_URL"):
        monkeypatch.delenv(f"NHNCLOUD_OCR_{name}", raising=False)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
