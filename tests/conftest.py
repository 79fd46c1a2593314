"""What holds for all tests."""

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
