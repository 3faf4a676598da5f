"""Every worked case of every policy comes out as the text says."""

from __future__ import annotations

import pytest

import policy_logic
from policy_logic.lab.worked import mismatches
from policy_logic.rulebook.cases import WorkedCase, worked_cases
from policy_logic.rulebook.load import shipped_rules

CASES = list(worked_cases(shipped_rules()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_comes_out_as_the_text_says(case: WorkedCase) -> None:
    """Claims, figures, refusals, benefits and totals are those that the case states."""
    assert list(mismatches(case, policy_logic.planner(case.facts))) == []


def test_every_money_line_has_a_case_that_is_satisfied() -> None:
    """No line of a policy at hand goes without a worked case in which it pays."""
    lines = policy_logic.load_rulebook().lines.values()
    money = [line.id for line in lines if line.kind == "monetary"]
    assert [line for line in money if not any(case.pays(line) for case in CASES)] == []
