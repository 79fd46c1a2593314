"""No key or URL of the machine's own environment gets into a test."""

from unit.conftest import bare_environment  # noqa: F401 (a fixture)
