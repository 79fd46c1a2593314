"""A sample of `nox -s drift`, and that nothing documented is without a drift or a reason."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from contract import facts, keywords
from contract.biting import Bench, noticed, unexplained
from contract.description import Description
from contract.drifts import CODES, DRIFTS, of_codes
from contract.drifts_of_replies import RESPONSE
from contract.drifts_of_requests import REQUEST
from contract.tampering import Drift

# Of the request's drifts those that show early: the full set takes a minute.
SAMPLE = (*REQUEST[:20:2], *RESPONSE[::3], *CODES[:1])


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench() as bench:
        yield bench


@pytest.mark.parametrize("drift", SAMPLE, ids=lambda drift: drift.name)
def test_a_drift_is_noticed(bench: Bench, drift: Drift) -> None:
    assert bench.bite(drift).finding is not None


def test_every_keyword_of_the_replies_is_noticed_when_broken(bench: Bench) -> None:
    drifts = list(keywords.drifts(bench.description))
    assert len(drifts) > 40
    assert [drift.name for drift in drifts if bench.bite(drift).finding is None] == []


def test_every_known_code_is_noticed_when_it_becomes_another(
    bench: Bench, described: Description
) -> None:
    drifts = list(of_codes(described))
    assert len(drifts) == len(described.codes) - 1  # all but the success
    missed = [drift.name for drift in drifts[::6] if not bench.bite(drift, demanded=True).finding]
    assert missed == []


def test_mutants_are_noticed_and_those_that_mean_the_same_are_not_called_wrong(
    bench: Bench,
) -> None:
    made = list(bench.mutants())
    differing = [mutant for mutant in made if not mutant.same]
    sample = random.Random(1).sample(differing, 300)
    caught, missed = noticed(bench.judge, sample)
    assert len(caught) / len(sample) >= 0.94, [(m.operator, m.place) for m in missed]
    wronged, right = noticed(bench.judge, [mutant for mutant in made if mutant.same])
    assert wronged == []
    assert len(right) > 30


def test_every_documented_fact_has_a_drift_or_a_reason() -> None:
    assert unexplained(DRIFTS) == []
    broken = {fact for drift in DRIFTS for fact in drift.breaks}
    assert broken <= facts.FACTS.keys()
    assert facts.WITHOUT_DRIFT.keys() <= facts.FACTS.keys() - broken


def test_every_keyword_has_a_drift_or_a_reason(described: Description) -> None:
    assert keywords.unbroken(described) == []


def test_there_are_many_named_drifts_each_with_a_name_of_its_own() -> None:
    assert len(DRIFTS) >= 50
    assert len({drift.name for drift in DRIFTS}) == len(DRIFTS)
