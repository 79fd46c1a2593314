"""What holds for all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from patience import a_slow_machine_is_no_slow_service

# A busy machine is no failure. The rest is taken from the profile that is there, such as fuzz.py's.
settings.register_profile(
    "unhurried",
    settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def an_unhurried_emulator() -> Iterator[None]:
    with a_slow_machine_is_no_slow_service():
        yield


@pytest.fixture(scope="session", autouse=True)
def no_proxy_of_the_machines() -> Iterator[None]:
    """All servers of the tests are on this machine, where a proxy does not lead."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        yield
