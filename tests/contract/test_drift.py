"""A sample of `nox -s drift`, and that nothing documented is without a drift or a reason."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from contract.drift import facts
from contract.drift.accepted import reason_for
from contract.drift.bench import DEMANDED, Bench, noticed, unexplained
from contract.drift.freedoms import FREEDOMS, run_freely
from contract.drift.named import CODES, DRIFTS, of_codes
from contract.drift.of_paths import TOGETHER, paths
from contract.drift.of_replies import RESPONSE
from contract.drift.of_requests import REQUEST
from contract.drift.of_tokens import TOKENS
from contract.drift.of_words import reading
from contract.drift.tampering import WAYS, Drift
from contract.drivers.keys import ONLY_WITH_TOKENS
from contract.drivers.session import Session
from contract.drivers.suite import run_table
from contract.drivers.together import run_together
from contract.drivers.token_endpoint import run_tokens
from contract.judge.description import Description
from contract.judge.rules import Finding

READING, PATHS = tuple(reading()), tuple(paths())
# Of the request's drifts those that show early: the full set takes minutes.
SAMPLE = (*REQUEST[:20:2], *RESPONSE[::3], *CODES[:1])


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench() as bench:
        yield bench


@pytest.mark.parametrize("drift", SAMPLE, ids=lambda drift: drift.name)
def test_a_drift_is_noticed(bench: Bench, drift: Drift) -> None:
    assert bench.bite(drift).finding is not None


def test_every_drift_in_what_is_read_is_noticed(bench: Bench) -> None:
    # Each on one of the four code paths or on all, another one each time.
    sample = [drift for index, drift in enumerate(READING) if index % 5 == index // 5 % 5]
    assert {way for way in WAYS for drift in sample if drift.name.endswith(way)} == set(WAYS)
    assert [drift.name for drift in sample if bench.bite(drift).finding is None] == []


def test_some_drifts_of_code_paths_are_noticed(bench: Bench) -> None:
    # Those of sizes and of odd images show last, and take a second each.
    early = [
        drift for drift in PATHS if "credentials" in drift.breaks or "bare-key" in drift.breaks
    ]
    assert len(early) > 60
    sample = early[::9] + [drift for drift in PATHS if "forbidden port is asked" in drift.name][:1]
    assert [drift.name for drift in sample if bench.bite(drift).finding is None] == []


@pytest.mark.parametrize("freedom", FREEDOMS, ids=lambda freedom: freedom.name)
def test_what_the_documents_allow_is_not_called_wrong(bench: Bench, freedom: Drift) -> None:
    finding = bench.bite(freedom, run_freely, run_tokens, breaks_only=True).finding
    assert finding is None, finding.line()


def test_drifts_of_tokens_are_noticed(bench: Bench) -> None:
    # Those of recognition take the whole table of v1.0 first: here the token endpoint's alone.
    endpoint = [drift for drift in TOKENS if drift.breaks == ("v1.1-token",)]
    missed = [d.name for d in endpoint if bench.bite(d, run_tokens, run_token_rows).finding is None]
    assert missed == []


def run_token_rows(session: Session) -> Iterator[Finding]:
    return run_table(session, [row for row in session.rows if row.keys in ONLY_WITH_TOKENS])


def test_answers_that_go_to_the_other_caller_are_noticed(bench: Bench) -> None:
    assert bench.bite(TOGETHER, run_together).finding is not None


def test_some_known_codes_are_noticed_when_they_become_others(
    bench: Bench, described: Description
) -> None:
    drifts = list(of_codes(described))
    assert len(drifts) == len(described.codes) - 1  # all but the success
    missed = [drift.name for drift in drifts[::6] if not bench.bite(drift, *DEMANDED).finding]
    assert missed == []


def test_mutants_are_noticed_and_those_that_mean_the_same_are_not_called_wrong(
    bench: Bench,
) -> None:
    made = list(bench.mutants())
    differing = [mutant for mutant in made if not mutant.same and not reason_for(mutant)]
    sample = random.Random(1).sample(differing, 300)
    _, missed = noticed(bench.judge, sample)
    assert [(m.operator, m.place, m.sent.label) for m in missed] == []
    wronged, right = noticed(bench.judge, [mutant for mutant in made if mutant.same])
    assert wronged == []
    assert len(right) > 30


def test_every_documented_fact_has_a_drift_or_a_reason() -> None:
    drifts = (*DRIFTS, *READING, *PATHS, *TOKENS)
    assert unexplained(drifts) == []
    broken = {fact for drift in drifts for fact in drift.breaks}
    assert broken <= facts.FACTS.keys()
    assert facts.WITHOUT_DRIFT.keys() <= facts.FACTS.keys() - broken


def test_there_are_many_named_drifts_each_with_a_name_of_its_own() -> None:
    drifts = (*DRIFTS, *READING, *PATHS, *TOKENS)
    assert len(drifts) >= 400
    assert len({drift.name for drift in drifts}) == len(drifts)
