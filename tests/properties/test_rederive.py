"""Whatever the case, the second engine derives what clingo derives, and finds the plan sound."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given, settings

import policy_logic
from policy_logic.decide.report import decision_json
from policy_logic.recheck.comparing import rederive
from policy_logic.tell.proof_json import proofs_json
from policy_logic.testing import applicants, good_applicants
from policy_logic.verify.by_checker import ProofChecker
from policy_logic.verify.by_pydatalog import recheck

if TYPE_CHECKING:
    from policy_logic.testing.written import Drawn

BOOK = policy_logic.load_rulebook()
FEW = settings(max_examples=max(8, settings().max_examples // 2))


@FEW
@given(good_applicants())
def test_both_engines_derive_the_same_and_the_plan_is_sound(facts: Drawn) -> None:
    """Every atom is derived by both; what the decision says follows from what is derived."""
    planner = policy_logic.planner(facts, book=BOOK)
    assert rederive(planner.derivation) == ()
    stored = decision_json(planner.decide(refusals=False))
    assert list(recheck(stored, planner.case, BOOK)) == []


@FEW
@given(applicants())
def test_both_engines_derive_the_same_where_little_is_known(facts: Drawn) -> None:
    """What is unknown, or known not to be, is so to both."""
    assert rederive(policy_logic.planner(facts, book=BOOK).derivation) == ()


@FEW
@given(good_applicants() | applicants())
def test_every_proof_checks(facts: Drawn) -> None:
    """The small checker finds no fault in the proofs of any decision, refusals included."""
    planner = policy_logic.planner(facts, book=BOOK)
    decision = planner.decide()
    stored = {**decision_json(decision), "proofs": proofs_json(planner, decision)}
    plain = json.loads(json.dumps(stored))
    assert list(ProofChecker(planner.case, BOOK).faults(plain)) == []
