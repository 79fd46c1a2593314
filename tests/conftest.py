"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no failure. The rest is taken from the profile that is there, such as fuzz.py's.
settings.register_profile(
    "unhurried",
    settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unhurried")
