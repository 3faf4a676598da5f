"""Verifying where the rules for ties have not singled a plan out: any as good is as right."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

import policy_logic
from decisions import CASE, case_of, change, decided, differences, row, seen, stored
from policy_logic.decide.extras import Extras
from policy_logic.decide.wishes import Wish
from policy_logic.select import by_cpsat
from policy_logic.select.selection import select
from small_cases import AWARD, LIAONING, MINHANG, work_claim, works

if TYPE_CHECKING:
    from policy_logic.select.problem import Choice

TIED: Final = works(p=15_000_000, b=6_000_000, d=6_000_000)
B, D, P = (work_claim(work) for work in "bdp")


@cache
def open_decision(filed: frozenset[str], bound: int | None = None) -> dict[str, Any]:
    """Return a decision for a set of claims that is not said to be singled out.

    Args:
        filed: The claims.
        bound: What nothing is said to exceed; then the total is not said to be proved.
    """
    planner = policy_logic.planner(case_of(TIED), engine="cpsat")
    own = planner.chosen
    claims = frozenset(claim for claim in own.items if str(claim) in filed)
    held = planner.under(Wish(claims, frozenset(own.items) - claims)).chosen
    choice = replace(
        held.choice, singled_out=False, proved=bound is None, bound=bound or held.choice.bound
    )
    # As a search that was cut short would leave it.
    planner._chosen = replace(held, choice=choice, problem=own.problem)  # noqa: SLF001
    return stored(policy_logic.decision_json(planner.decide()))


@pytest.mark.parametrize("filed", [{B, P}, {D, P}, {B, D, P}], ids=["first", "other", "more"])
def test_any_of_the_equal_plans_is_accepted(filed: set[str]) -> None:
    """Each of these sets pays the whole cap, 2,000,000 yuan."""
    document = open_decision(frozenset(filed))
    assert document["totals"]["potential"] == 2_000_000
    assert differences(document, case_of(TIED)) == []


def test_a_real_search_without_time_for_ties_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CP-SAT has no time to break ties, its plan is confirmed nevertheless."""
    with monkeypatch.context() as patch:
        patch.setattr(by_cpsat, "_TIES", 0.0)
        document = stored(
            policy_logic.decision_json(policy_logic.planner(case_of(TIED), engine="cpsat").decide())
        )
    assert document["optimality"]["proved"]
    assert not document["optimality"]["singled_out"]
    assert differences(document, case_of(TIED)) == []


def test_a_real_search_without_any_time_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound above the total is no difference, and neither is the notice of it."""

    def cut_short(*arguments: Any) -> Choice:
        choice = select(*arguments)
        return replace(choice, bound=choice.bound + 1, proved=False, singled_out=False,
                       engine="clingo")  # fmt: skip

    with monkeypatch.context() as patch:
        patch.setattr("policy_logic.decide.choosing.select", cut_short)
        document = decided(CASE, Extras((), (MINHANG,), (), 2, has_contrast=True))
    assert "not_proved" in {notice["kind"] for notice in document["notices"]}
    assert seen(document) == []


def test_arithmetic_leaves_no_ties_open() -> None:
    """Where no engine searched, the plan is singled out, and nothing else can be said."""
    document = decided(case_of(TIED))
    assert document["optimality"]["engine"] == "arithmetic"
    document["optimality"]["singled_out"] = False
    assert [d.where for d in differences(document, case_of(TIED))] == ["optimality.singled_out"]


def test_a_worse_plan_is_reported() -> None:
    """A set that pays less is not the best, whatever the decision says."""
    found = differences(open_decision(frozenset({B, D})), case_of(TIED))
    assert [(d.where, d.stored, d.found) for d in found] == [
        ("totals.potential", 1_200_000, 2_000_000),
        ("optimality.bound", 1_200_000, 2_000_000),
    ]


def test_a_worse_plan_that_claims_no_more_is_accepted() -> None:
    """Not proved, and under an honest bound: nothing it says is wrong."""
    assert differences(open_decision(frozenset({B, D}), bound=2_000_000), case_of(TIED)) == []


def test_a_bound_below_the_best_is_reported() -> None:
    """What is said that nothing exceeds is exceeded."""
    found = differences(open_decision(frozenset({B, D}), bound=1_999_999), case_of(TIED))
    assert [(d.where, d.found) for d in found] == [("optimality.bound", 2_000_000)]


def test_an_impossible_set_is_reported() -> None:
    """Claims that exclude each other cannot be what was decided."""
    document = decided(CASE)
    document["optimality"] |= {"singled_out": False, "engine": "cp-sat"}
    document["certificate"]["nothing_pays_more"]["by"] = "cp-sat"
    assert seen(document) == []
    row({**document, "refusals": []}, LIAONING)["chosen"] = True
    [found] = seen(document)
    assert (found.kind, found.stored) == ("asked", [AWARD, LIAONING, MINHANG])
    assert "exclude each other" in str(found.found)


@pytest.mark.parametrize(
    "place",
    ["candidates.0.paid.potential", "candidates.1.rejected_because.cap", "totals.firm",
     "certificate.answer_set.confirmed", "certificate.nothing_pays_more.gap", "notices.0.text",
     "digests.facts"],
)  # fmt: skip
def test_the_rest_of_an_open_decision_is_compared(place: str) -> None:
    """Only what the search left open is not."""
    document = deepcopy(open_decision(frozenset({B, P})))
    change(place, "x" if place.endswith(("cap", "text", "facts")) else 7)(document)
    assert differences(document, case_of(TIED)) != []


def test_a_plan_against_its_own_wish_is_reported() -> None:
    """A claim that the wish files is missing from the plan."""
    document = decided(CASE, Extras((LIAONING,), (), (), 0, has_contrast=False))
    document["optimality"] |= {"singled_out": False, "engine": "cp-sat"}
    document["certificate"]["nothing_pays_more"]["by"] = "cp-sat"
    assert seen(document) == []
    row(document, LIAONING)["chosen"] = False
    assert [d.kind for d in seen(document)][-1] == "asked"
