"""A witness of the solver is the applicant that its facts describe, atom for atom."""

from __future__ import annotations

import pytest

import policy_logic
from policy_logic.decide.planning import Planner
from policy_logic.facts.reader import read_text
from policy_logic.lab.facts_file import facts_text
from policy_logic.lab.probes import GENERAL
from policy_logic.lab.space import spaces_of
from policy_logic.lab.witness import Search
from policy_logic.logic.terms import Fact

BOOK = policy_logic.load_rulebook()
OWN = ("study_", "chosen_value")


@pytest.mark.parametrize("policy", list(BOOK.policies))
def test_the_solver_and_the_pipeline_derive_the_same(policy: str) -> None:
    """Of every line's witness, all atoms are those that its facts lead to, and no others."""
    own = BOOK.only(policy)
    count = 0
    for space in spaces_of(own, policy):
        search = Search(space, GENERAL)
        for line in space.lines:
            witness = search.find(Fact("study_claimable", (line,)))
            assert witness is not None, line
            atoms = {atom for atom in witness.atoms if not atom.name.startswith(OWN)}
            assert atoms == Planner(witness.case, own).derivation.model, line
            (case,) = read_text(facts_text(witness.facts, BOOK), BOOK.vocabulary)
            written = Planner(case, own).derivation
            claims = {(claim.line, claim.subject) for claim in written.candidates}
            assert (line, space.subject) in claims | set(written.benefits)
            count += 1
    assert count == sum(
        line.kind == "monetary" or bool(own.rules_for(("benefit", 2), line.id))
        for line in own.lines.values()
        for _ in line.subjects
    )


@pytest.mark.parametrize("policy", list(BOOK.policies))
def test_no_fact_of_a_witness_can_be_left_out(policy: str) -> None:
    """A witness is minimal: without any one of its facts the line cannot be claimed."""
    own = BOOK.only(policy)
    space = next(spaces_of(own, policy))
    search = Search(space, GENERAL)
    for line in space.lines[:4]:
        witness = search.find(Fact("study_claimable", (line,)))
        assert witness is not None
        for path in witness.stated:
            rest = {way: value for way, value in witness.stated.items() if way != path}
            derivation = Planner(space.read(space.case_of(rest)), own).derivation
            claimed = {claim.line for claim in derivation.candidates}
            assert line not in claimed | {name for name, _ in derivation.benefits}, path
