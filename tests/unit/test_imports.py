"""Importing the package costs next to nothing, and brings in only what is used."""

import importlib
import subprocess
import sys

import nhncloud_ocr
import pytest
from patience import PATIENCE

CLIENTS = {"OcrClient", "AsyncOcrClient", "RetryPolicy"}
RESULTS = {"OcrResult", "Line", "Word", "Quad"}
ERRORS = {
    *(
        "OcrError",
        "ConfigurationError",
        "InvalidImageError",
        "TransportError",
        "OcrConnectionError",
    ),
    *(
        "OcrTimeoutError",
        "UnexpectedResponseError",
        "ApiError",
        "AuthenticationError",
        "PermissionDeniedError",
    ),
    *("BadRequestError", "ImageRejectedError", "NoTextFoundError", "RateLimitError", "ServerError"),
}


def loaded_after(program):
    """The names of the modules that a fresh interpreter has loaded after the program."""
    program += "\nimport sys; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=True,
    )
    return set(done.stdout.split())


def test_the_import_alone_brings_no_http_and_no_models() -> None:
    loaded = loaded_after("import nhncloud_ocr")
    assert not loaded & {
        "httpx",
        "attrs",
        "attr",
        "msgspec",
        "anyio",
        "json",
        "asyncio",
        "nhncloud_ocr_api",
        "logging",
    }
    assert {name for name in loaded if name.startswith("nhncloud")} == {"nhncloud_ocr"}


def test_catching_errors_brings_no_http() -> None:
    assert "httpx" not in loaded_after("from nhncloud_ocr import OcrError, RateLimitError")


@pytest.mark.parametrize("kind", ["OcrClient", "AsyncOcrClient"])
def test_a_client_brings_no_generated_models_before_its_first_call(kind) -> None:
    loaded = loaded_after(
        f"from nhncloud_ocr import {kind}; client = {kind}('an-app-key', 'a-secret-key')"
    )
    assert "httpx" in loaded
    assert not {name for name in loaded if name.startswith("nhncloud_ocr_api")}


def test_importing_a_client_makes_no_loggers_that_a_later_logging_config_would_disable() -> None:
    loaded_after(
        "import logging, nhncloud_ocr; nhncloud_ocr.OcrClient, nhncloud_ocr.AsyncOcrClient\n"
        "made = logging.root.manager.loggerDict\n"
        "assert not [name for name in made if name.startswith('httpcore')]"
    )


def test_all_has_the_names_of_the_design() -> None:
    assert set(nhncloud_ocr.__all__) >= CLIENTS | RESULTS | ERRORS
    assert list(nhncloud_ocr.__all__) == sorted(nhncloud_ocr.__all__)
    assert not [
        name for name in nhncloud_ocr.__all__ if name.startswith("_") and name != "__version__"
    ]


@pytest.mark.parametrize("name", sorted(nhncloud_ocr.__all__))
def test_every_name_can_be_imported_and_stays_the_same(name) -> None:
    value = getattr(nhncloud_ocr, name)
    assert value is getattr(importlib.import_module("nhncloud_ocr"), name)
    if isinstance(value, type):
        assert value.__name__ == name
        assert value.__module__ == "nhncloud_ocr"
        assert value.__doc__


def test_a_star_import_gives_them_all() -> None:
    namespace = {}
    exec("from nhncloud_ocr import *", namespace)
    assert set(nhncloud_ocr.__all__) <= set(namespace)


def test_dir_shows_the_names_before_they_are_loaded() -> None:
    program = "import nhncloud_ocr; assert set(nhncloud_ocr.__all__) <= set(dir(nhncloud_ocr))"
    assert "httpx" not in loaded_after(program)


@pytest.mark.parametrize("name", ["Client", "_nothing", "httpx"])
def test_other_names_are_attribute_errors(name) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(nhncloud_ocr, name)
    with pytest.raises(ImportError):
        exec(f"from nhncloud_ocr import {name}")


def test_the_version_is_the_distributions() -> None:
    from importlib.metadata import version

    assert nhncloud_ocr.__version__ == version("nhncloud-ocr")
