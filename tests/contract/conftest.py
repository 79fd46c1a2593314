"""The emulator in process, an image host, and what judges, for all tests of the contract suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nhncloud_ocr_emulator import Emulator

from contract.drivers.caller import Target
from contract.drivers.emulated import target_of
from contract.drivers.image_host import ImageHost
from contract.drivers.session import Session
from contract.judge import Judge, description
from contract.judge.description import Description


@pytest.fixture(scope="session")
def described() -> Description:
    return description.load(("v1.0", "v1.1"))


@pytest.fixture(scope="session")
def judge(described: Description) -> Judge:
    return Judge(described)


@pytest.fixture(scope="session")
def host() -> Iterator[ImageHost]:
    with ImageHost() as host:
        yield host


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(engine="fixture", allow_private_urls=True) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def target(emulator: Emulator) -> Target:
    return in_process(emulator)


@pytest.fixture
def session(target: Target, judge: Judge, host: ImageHost) -> Iterator[Session]:
    with Session(target, judge, host, must_reach=True) as session:
        yield session


def in_process(emulator: Emulator) -> Target:
    # A loopback name: the SDK refuses to send keys over http to any other.
    return target_of(emulator, "http://127.0.0.1", emulator.transport)
