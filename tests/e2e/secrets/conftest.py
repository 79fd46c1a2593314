"""Each test here runs with two pairs of keys, which it never holds itself."""

import logging

import pytest
from e2e.secrets.canary import KEYS, Canary


@pytest.fixture(params=KEYS)
def keys(request, monkeypatch):
    """The keys are in the environment alone: a test's own variables show in its tracebacks."""
    app_key, secret_key = KEYS[request.param]
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", app_key)
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", secret_key)
    monkeypatch.delenv("NHNCLOUD_OCR_BASE_URL", raising=False)


@pytest.fixture
def canary(keys, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for logger in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger)
    return Canary(caplog, capfd)
