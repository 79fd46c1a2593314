"""What holds for all tests."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from nhncloud_ocr_emulator._settings import Settings
from patience import PATIENCE

# A busy machine is no failure. The rest is taken from the profile that is there, such as fuzz.py's.
settings.register_profile(
    "unhurried",
    settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def a_slow_machine_is_no_slow_service() -> Iterator[None]:
    """Let the emulator read on after the 60 s at which it gives up, as the service does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Settings.__init__.__kwdefaults__, "read_seconds", PATIENCE)
        yield
