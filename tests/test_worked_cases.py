"""Every worked case of every policy comes out as the text says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import policy_logic
from policy_logic.prove.refusal import Failed
from policy_logic.prove.refusals import targets
from policy_logic.rulebook.cases import WorkedCase, worked_cases
from policy_logic.rulebook.load import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Collection

    from policy_logic.decide.decision import Decided
    from policy_logic.decide.planning import Planner

CASES = list(worked_cases(shipped_rules()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_comes_out_as_the_text_says(case: WorkedCase) -> None:
    """Claims, figures, refusals, benefits and totals are those that the case states."""
    planner = policy_logic.planner(case.facts)
    claims = {str(claim): claim for claim in planner.derivation.candidates}
    for name, expected in (case.expected.get("claims") or {}).items():
        assert name in claims, f"{name} is no candidate: {_refusals(planner, [name])}"
        actual = _claim(planner.decided(claims[name]))
        stated = expected or {}
        assert {key: actual[key] for key in stated} == stated, name
    refused = case.expected.get("refused") or {}
    refusals = _refusals(planner, refused)
    for name, expected in refused.items():
        assert name in refusals, f"{name} is not refused: {claims.get(name)}"
        for key, stated in (expected or {}).items():
            assert sorted(refusals[name][key]) == sorted(stated), name
    totals, found = case.expected.get("totals") or {}, planner.chosen.totals
    actual_totals = {"firm": found.firm, "potential": found.potential}
    assert {key: actual_totals[key] for key in totals} == totals
    if "benefits" in case.expected:
        benefits = [list(benefit) for benefit in planner.derivation.benefits]
        assert sorted(benefits) == sorted(case.expected["benefits"])
    if case.expected.get("notices"):
        kinds = {notice.kind for notice in planner.decide(refusals=False).notices}
        assert set(case.expected["notices"]) <= kinds


def test_every_money_line_has_a_case_that_is_satisfied() -> None:
    """No line of a policy at hand goes without a worked case in which it pays."""
    lines = policy_logic.load_rulebook().lines.values()
    money = [line.id for line in lines if line.kind == "monetary"]
    assert [line for line in money if not any(case.pays(line) for case in CASES)] == []


def _claim(decided: Decided) -> dict[str, Any]:
    rejection = decided.rejection
    return {
        "potential": decided.amount.potential,
        "firm": decided.amount.firm,
        "review": decided.review,
        "chosen": decided.chosen,
        "paid_potential": decided.paid.potential,
        "paid_firm": decided.paid.firm,
        "cap_year": decided.cap_year,
        "hypothetical": decided.hypothetical,
        "reserve": decided.reserve,
        "rejected": rejection.kind if rejection else None,
        "by": [str(claim) for claim in rejection.by] if rejection else [],
    }


def _refusals(planner: Planner, names: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """Return what is missing for the refusals with some names, of those that there are."""
    found: dict[str, dict[str, list[str]]] = {}
    for target, form in targets(planner.derivation) if names else ():
        parts = [target.line, target.subject, target.year, target.trigger]
        while parts[-1] is None:
            parts.pop()
        name = "/".join("-" if part is None else str(part) for part in parts)
        if name not in names:
            continue
        leaves = list(planner.refuser.why_not(target.goal(form)).leaves())
        found[name] = {
            "failed": [leaf.condition for leaf in leaves if isinstance(leaf, Failed)],
            "unknown": [leaf.fact for leaf in leaves if not isinstance(leaf, Failed)],
        }
    return found
