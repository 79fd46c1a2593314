"""The emulator in process, an image host, and what judges, for all tests of the contract suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nhncloud_ocr_emulator import Emulator

from contract import description
from contract.caller import Caller, Target
from contract.description import Description
from contract.image_host import ImageHost
from contract.judge import Judge


@pytest.fixture(scope="session")
def described() -> Description:
    return description.load()


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


@pytest.fixture(scope="session")
def caller(target: Target, described: Description, host: ImageHost) -> Iterator[Caller]:
    caller = Caller(target, described, host)
    yield caller
    caller.close()


def in_process(emulator: Emulator) -> Target:
    # A loopback name: the SDK refuses to send keys over http to any other.
    return Target("http://127.0.0.1", emulator.app_key, emulator.secret_key, emulator.transport)
