"""What is said of all completions of a case, held against completions planned one by one."""

from __future__ import annotations

import random
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tiny_policy import tiny_rulebook

import policy_logic
from policy_logic.decide.asking import ask
from policy_logic.decide.reach import Reach
from policy_logic.derive.answers import years_asked
from policy_logic.select.problem import MEASURES
from policy_logic.testing import good_applicants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Measure

Facts: TypeAlias = Mapping[str, Any]
BOOK = policy_logic.load_rulebook()
VOCABULARY = BOOK.vocabulary

_UNSAID = None
_BARE: Facts = {
    "applicant": "a",
    "as_of": date(2026, 6, 30),
    "received": [],
    "enterprise": {"a": {"operating_revenue": {2024: 1_000_000}}},
    "work": {"w": {"first_producer": "a"}, "v": {"first_producer": "a", "filed": True}},
}
_OPEN: dict[tuple[str, str, str], list[Any]] = {
    ("enterprise", "a", "bad_credit_record"): [_UNSAID, True, False],
    ("enterprise", "a", "operating_revenue"): [
        {2024: 1_000_000},
        *({2024: 1_000_000, 2025: r} for r in (0, 1_199_999, 1_200_000, 1_600_000, 10**13)),
    ],
    ("work", "w", "orientation"): [_UNSAID, "horizontal", "vertical"],
    ("work", "w", "filed"): [_UNSAID, True, False],
    ("work", "w", "split_revenue"): [
        _UNSAID,
        *({2025: revenue} for revenue in (499_999, 500_000, 999_999, 1_000_000, 1_500_001, 10**13)),
    ],
    ("work", "w", "awarded_on"): [_UNSAID, *({"international_festival": day} for day in (
        date(2024, 12, 31), date(2025, 1, 1), date(2026, 6, 30)))],
    ("work", "v", "orientation"): [_UNSAID, "horizontal", "vertical"],
    ("work", "v", "split_revenue"): [_UNSAID, *({2025: r} for r in (500_000, 1_200_000, 10**13))],
    ("work", "v", "awarded_on"): [_UNSAID, {"international_festival": date(2025, 6, 1)}],
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return a rulebook of one small policy."""
    return tiny_rulebook(tmp_path_factory.mktemp("tiny"))


def _total(facts: Facts, book: Rulebook, measure: Measure) -> int:
    return policy_logic.planner(facts, objective=measure, book=book).chosen.choice.total


def _completions(known: Facts, asked: list[tuple[str, str, str]]) -> Iterator[Facts]:
    """Yield every completion by the values listed for some attributes."""
    for values in product(*(_OPEN[name] for name in asked)):
        facts = deepcopy(known)
        for (kind, entity, attribute), value in zip(asked, values, strict=True):
            if value is not _UNSAID:
                facts[kind][entity][attribute] = value
        yield facts


@pytest.mark.parametrize("seed", range(8))
def test_the_ends_are_those_of_all_completions_tried_one_by_one(tiny: Rulebook, seed: int) -> None:
    """In a small policy both ends are exact: they are the least and the greatest of all totals."""
    draw = random.Random(seed)  # noqa: S311 - it draws a case
    asked = draw.sample(sorted(_OPEN), 4)
    known = deepcopy(_BARE)
    for name in sorted(set(_OPEN) - set(asked)):
        kind, entity, attribute = name
        stated = [value for value in _OPEN[name] if value not in (_UNSAID, {2024: 1_000_000})]
        value = False if attribute == "bad_credit_record" else draw.choice(stated)
        known[kind][entity][attribute] = value
        if attribute == "awarded_on":
            known[kind][entity]["award"] = ["international_festival"]
    for kind, entity, attribute in asked:
        if attribute == "operating_revenue":
            known[kind][entity][attribute] = {2024: 1_000_000}
    reach = Reach(policy_logic.planner(known, book=tiny))
    found = reach.interval("potential")
    totals = [_total(facts, tiny, "potential") for facts in _completions(known, asked)]
    assert (found.certain, found.possible) == (min(totals), max(totals))
    assert found.is_certain_exact
    assert found.is_possible_exact


def test_a_record_not_yet_known_may_take_everything(tiny: Rulebook) -> None:
    """What may bar the applicant lowers what is certain, though the plan pays as things stand."""
    facts = deepcopy(_BARE)
    facts["work"]["v"] |= {"orientation": "vertical", "split_revenue": {2025: 600_000}}
    found = Reach(policy_logic.planner(facts, book=tiny)).interval("firm")
    assert (found.certain, found.is_certain_exact) == (0, True)
    assert policy_logic.plan(facts, book=tiny).totals.firm == 60_000
    facts["enterprise"]["a"]["bad_credit_record"] = False
    sure = Reach(policy_logic.planner(facts, book=tiny)).interval("firm")
    assert (sure.certain, sure.is_certain_exact) == (60_000, True)


def test_a_work_is_either_horizontal_or_vertical(tiny: Rulebook) -> None:
    """What no completion joins is not added up: of two orientations the better one counts."""
    facts = deepcopy(_BARE)
    del facts["work"]["v"]
    facts["work"]["w"] |= {"split_revenue": {2025: 1_000_000}, "filed": False}
    facts["enterprise"]["a"]["operating_revenue"] = {2024: 1_000_000, 2025: 0}
    found = Reach(policy_logic.planner(facts, book=tiny)).interval("potential")
    assert (found.possible, found.is_possible_exact) == (100_000, True)


@settings(max_examples=max(8, settings().max_examples // 2))
@given(good_applicants(), st.randoms(use_true_random=False))
def test_no_completion_of_a_drawn_case_lies_outside(facts: Facts, draw: random.Random) -> None:
    """A case of which much is forgotten has ends on either side of what the whole case pays."""
    whole = policy_logic.planner(facts, book=BOOK)
    less = deepcopy(facts)
    for kind in VOCABULARY.kinds:
        for entity in less.get(kind, {}).values():
            for name in list(entity):
                attribute = VOCABULARY.attribute(kind, name)
                assert attribute is not None
                if attribute.absent != "none" and kind != "policy" and draw.random() < 0.3:
                    del entity[name]
    planner = policy_logic.planner(less, book=BOOK)
    spoken = {key for f in whole.case.facts for key in f.keys if isinstance(key, int)}
    assume(spoken <= {*years_asked(planner.case, BOOK)})
    reach = Reach(planner)
    for measure in MEASURES:
        found = reach.interval(measure)
        total = _total(facts, BOOK, measure)
        assert found.certain <= total <= found.possible
        assert found.certain <= _total(less, BOOK, measure) <= found.possible


@settings(max_examples=4)
@given(good_applicants())
def test_nothing_is_asked_once_everything_that_matters_is_settled(facts: Facts) -> None:
    """There are questions exactly where an end lies away from the plan."""
    asked = ask(policy_logic.planner(facts, book=BOOK), outcomes=False)
    if not asked.questions:
        assert asked.is_settled
    assert all(question.waiting or question.risks for question in asked.questions)
