"""The reference has every public name, code and command, in both languages."""

import importlib
import re
from pathlib import Path

import api_facts
import api_snapshot
import docstring_text
import pytest
import result_codes
import site_hooks
import yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
PACKAGES = ("nhncloud_ocr", "nhncloud_ocr_toolkit", "nhncloud_ocr_emulator")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_has_its_entry(package, language) -> None:
    page = (DOCS / language / "reference" / f"{package}.md").read_text("utf-8")
    entries = re.findall(rf"^::: {package}\.(\w+)$", page, re.MULTILINE)
    public = set(importlib.import_module(package).__all__) - {"__version__"}
    assert len(entries) == len(set(entries))
    assert set(entries) == public, "docs/*/reference has another list of names"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_public_modules_of_the_toolkit_have_entries_for_all_their_names(language) -> None:
    page = (DOCS / language / "reference/nhncloud_ocr_toolkit.md").read_text("utf-8")
    shown = site_hooks.on_page_markdown(page)
    modules = set(re.findall(r"^<!-- names: (\S+),", page, re.MULTILINE))
    public = {name: root for name, root in api_snapshot.PUBLIC.items() if root.name == "toolkit"}
    assert modules == set(public) - {"nhncloud_ocr_toolkit"}
    for module in modules:
        for name in api_facts.facts_of(module, public[module]):
            if name.count(".") == 2 and "(" not in name:
                assert f"::: {name}\n" in shown


def test_the_tables_of_result_codes_are_of_today(capsys) -> None:
    assert result_codes.main(write=False) == 0, capsys.readouterr().err


def test_another_table_is_noticed_and_mended(tmp_path, monkeypatch) -> None:
    for language in result_codes.LANGUAGES:
        text = result_codes.page(language).read_text("utf-8")
        (tmp_path / language).write_text(text.replace("4010001", "4010009"), "utf-8")
    monkeypatch.setattr(result_codes, "page", lambda language: tmp_path / language)
    assert result_codes.main(write=False) == 1
    assert result_codes.main(write=True) == 0
    assert result_codes.main(write=False) == 0


def test_the_table_has_every_code_of_the_description() -> None:
    assert {each["code"] for each in result_codes.known_codes()} >= {-1, 4000501, 4291001, 5005003}
    for words in result_codes.LANGUAGES.values():
        table = result_codes.table(words)
        for each in result_codes.known_codes():
            assert f"| {each['httpStatus']} | {each['code']} |" in table


def test_a_mark_in_the_last_line_is_seen() -> None:
    """mkdocs hands pages on without their last newline."""
    shown = site_hooks.on_page_markdown("<!-- names: nhncloud_ocr_toolkit.otel, Telemetry -->")
    assert "::: nhncloud_ocr_toolkit.otel.OpenTelemetry" in shown


def test_the_manual_has_every_command() -> None:
    manual = site_hooks.on_page_markdown("<!-- help: nhncloud-ocr -->\n")
    commands = site_hooks.commands_in(manual)
    assert {"recognize", "find", "export", "bulk", "bulk status"} <= set(commands)
    assert len(commands) == len(set(commands))
    for command in commands:
        assert f"usage: nhncloud-ocr {command}" in manual


def test_names_in_docstrings_become_a_list() -> None:
    text = "Do it.\n\nfirst, second: two\nlines.\nthird: one: the last\n\nReturns: nothing."
    assert docstring_text.with_lists(text) == (
        "Do it.\n\n\n- `first`, `second`: two\n    lines.\n- `third`: one: the last\n\n"
        "Returns: nothing."
    )


def test_the_site_asks_no_other_host_for_its_search() -> None:
    config = (DOCS.parent / "mkdocs.yml").read_text("utf-8")
    extra = yaml.safe_load(config)["extra"]
    assert extra["polyfills"] == ["assets/iframe-worker.js"]
    assert (DOCS / "assets/iframe-worker.js").is_file()


def test_every_page_is_in_the_navigation() -> None:
    nav = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text("utf-8"))["nav"]
    listed: set[str] = set()
    for entry in map(site_hooks.with_pages, nav):
        listed.update(*entry.values()) if isinstance(entry, dict) else listed.add(entry)
    pages = {path.relative_to(DOCS / "en").as_posix() for path in (DOCS / "en").rglob("*.md")}
    assert pages <= listed


def test_every_decision_is_listed() -> None:
    listed = site_hooks.on_page_markdown("<!-- decisions -->\n")
    records = {path.name for path in (DOCS / "decisions").glob("*.md")} - {"README.md"}
    assert set(re.findall(r"\(([\w-]+\.md)\)", listed)) == records


def test_types_of_signatures_are_explained() -> None:
    shown = site_hooks.on_page_markdown("<!-- types -->\n")
    assert "| `TimeoutInput` | <code>float &#124; httpx.Timeout &#124; None</code> |" in shown
    for name in ("ImageInput", "KeySource", "OnNoText", "ProxyInput", "VerifyInput"):
        assert f"| `{name}` |" in shown
