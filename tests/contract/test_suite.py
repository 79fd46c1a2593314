"""The clean emulator, in process: no finding in either mode, and all of the description reached."""

from __future__ import annotations

from nhncloud_ocr_emulator import Emulator

from contract.caller import Caller, Target
from contract.conftest import in_process
from contract.coverage import Coverage
from contract.description import Description
from contract.image_host import ImageHost
from contract.judge import Judge
from contract.report import Report
from contract.rules import RULES, Source
from contract.run import Run
from contract.suite import run_table
from contract.table import LIVE_ROWS, ROWS


def test_the_emulator_keeps_the_contract_and_shows_all_of_it(
    target: Target, host: ImageHost, described: Description
) -> None:
    said: list[str] = []
    coverage = Coverage(described)
    report = Report(target.redacted, say=said.append)
    assert Run(target, host, report, coverage, ours=True, max_examples=15).all(), said
    assert report.news == {}
    assert coverage.missing() == {}


def test_the_emulator_keeps_the_contract_as_a_gateway(
    host: ImageHost, described: Description, judge: Judge
) -> None:
    with Emulator(engine="fixture", mode="gateway", allow_private_urls=True) as gateway:
        caller = Caller(in_process(gateway), described, host)
        assert [finding.line() for finding in run_table(caller, judge, must_reach=True)] == []
        caller.close()


def test_a_server_that_fetches_nothing_from_here_is_not_called_wrong(
    host: ImageHost, described: Description, judge: Judge
) -> None:
    said: list[str] = []
    with Emulator(engine="fixture") as shy:
        caller = Caller(in_process(shy), described, host)
        found = [finding.line() for finding in run_table(caller, judge, tell=said.append)]
        caller.close()
    assert found == []
    [sentence] = said
    assert sentence.startswith("image URLs: it does not fetch from here")


def test_rows_have_names_of_their_own_and_few_are_live() -> None:
    assert len(ROWS) >= 64
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert len(LIVE_ROWS) <= 12


def test_calls_refused_for_their_keys_count_for_nothing_else(
    described: Description, judge: Judge, emulator: Emulator, host: ImageHost
) -> None:
    wrong = Target("http://127.0.0.1", "x" * 16, "y" * 16, emulator.transport)
    caller, coverage = Caller(wrong, described, host), Coverage(described)
    list(run_table(caller, judge, observe=lambda sent, got, _: coverage.observe(sent, got, [])))
    caller.close()
    assert not coverage.reached.get("calls")
    assert not coverage.reached.get("request keywords")
    assert "recognizeGeneral $.result" not in coverage.reached.get("response properties", set())


def test_every_rule_says_where_it_comes_from() -> None:
    assert {rule.source for rule in RULES.values()} == set(Source)
    assert all(rule.says and rule.name for rule in RULES.values())
