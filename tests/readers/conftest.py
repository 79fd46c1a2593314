"""What other programs read in our exports. `nox -s readers` installs them; elsewhere what is not
there is skipped, by name."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "readers: needs a program that reads our exports")
