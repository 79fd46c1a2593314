"""The clean emulator, in process: no finding in either mode, and all of the description reached."""

from __future__ import annotations

import pytest
from nhncloud_ocr_emulator import Emulator

from contract.conftest import in_process
from contract.drivers.caller import Target
from contract.drivers.image_host import ImageHost
from contract.drivers.rows import LIVE_ROWS, OF_A_GATEWAY, ROWS, SMALL, of_versions
from contract.drivers.rows.bodies import At
from contract.drivers.rows.images import SIZES
from contract.drivers.session import Session
from contract.drivers.suite import run_table
from contract.judge import Judge
from contract.judge.description import Description
from contract.judge.rules import RULES, Source
from contract.report.coverage import Coverage
from contract.report.report import Report
from contract.run import EMULATOR, Run


def test_the_emulator_keeps_the_contract_and_shows_all_of_it(
    session: Session, described: Description
) -> None:
    said: list[str] = []
    coverage = Coverage(described)
    report = Report(session.target.redacted, say=said.append)
    session.max_examples = 15
    session.table = SMALL  # the others take as long as all the rest: see below
    assert Run(session, report, coverage).drive(EMULATOR), said
    assert report.news == {}
    assert coverage.missing() == {}


def test_the_emulator_keeps_the_limits_of_size(session: Session) -> None:
    assert [finding.line() for finding in run_table(session, SIZES)] == []


def test_the_emulator_keeps_the_contract_as_a_gateway(host: ImageHost, judge: Judge) -> None:
    with (
        Emulator(engine="fixture", mode="gateway", allow_private_urls=True) as gateway,
        Session(in_process(gateway), judge, host, must_reach=True) as session,
    ):
        sizes = [row.name for row in OF_A_GATEWAY if "size" in row.name]
        session.table = tuple(row for row in OF_A_GATEWAY if row.name not in sizes[1::3])
        assert [finding.line() for finding in run_table(session)] == []


def test_a_server_that_fetches_nothing_from_here_is_not_called_wrong(
    host: ImageHost, judge: Judge
) -> None:
    said: list[str] = []
    with (
        Emulator(engine="fixture") as shy,
        Session(in_process(shy), judge, host, tell=said.append) as session,
    ):
        rows = [row for row in session.rows if isinstance(row.body, At) or "png" in row.name]
        found = [finding.line() for finding in run_table(session, rows)]
    assert found == []
    [sentence] = said
    assert sentence.startswith("image URLs: it does not fetch from here")


def test_rows_have_names_of_their_own_and_few_are_live() -> None:
    assert len(ROWS) >= 64
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert len(LIVE_ROWS) <= 12


@pytest.mark.parametrize("versions", [("v1.0",), ("v1.1",), ("v1.0", "v1.1")])
def test_each_version_has_its_rows_and_all_share_the_live_budget(versions: tuple[str, ...]) -> None:
    rows = list(of_versions(ROWS, versions))
    assert {row.version for row in rows} == set(versions)
    assert len({row.name for row in rows}) == len(rows)
    live = [row for row in rows if row.live]
    assert len(live) == 12
    assert {row.version for row in live} == set(versions)


def test_calls_refused_for_their_keys_count_for_nothing_else(
    described: Description, judge: Judge, emulator: Emulator, host: ImageHost
) -> None:
    wrong = Target("http://127.0.0.1", "x" * 16, "y" * 16, emulator.transport)
    coverage = Coverage(described)
    rows = [row for row in ROWS if "size" not in row.name]
    with Session(wrong, judge, host, observe=coverage.observe) as session:
        list(run_table(session, rows))
    assert not coverage.reached.get("calls")
    assert not coverage.reached.get("request keywords")
    assert "recognizeGeneral $.result" not in coverage.reached.get("response properties", set())


def test_every_rule_says_where_it_comes_from() -> None:
    assert {rule.source for rule in RULES.values()} == set(Source)
    assert all(rule.says and rule.name for rule in RULES.values())
