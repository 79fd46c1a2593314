"""Every how-to of the toolkit runs and prints what it shows, in both languages."""

from pathlib import Path

import pytest
from docs.programs import programs, run

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGES = (
    "archive-files",
    "notebook",
    "receipt-to-table",
    "screenshot-to-text",
    "search",
    "telemetry",
)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", PAGES)
def test_it_runs_and_prints_what_it_shows(name, language, workplace):
    run(DOCS / language / "how-to" / f"{name}.md")


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_programs(name):
    english, korean = (programs(DOCS / each / "how-to" / f"{name}.md") for each in ("en", "ko"))
    assert english == korean
