"""What holds of every smallest set of changes, whatever the case."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from applicants import Facts, applicants, good_applicants
from hints import BOOK
from hypothesis import given, settings
from hypothesis import strategies as st

import policy_logic
from policy_logic.decide.nearest import claim_of, nearest_changes
from policy_logic.errors import FactsError, Position
from policy_logic.facts.changes import read_change, read_changed
from policy_logic.facts.plain_source import node_of_plain
from policy_logic.prove.refusals import Target, targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.decide.nearest import Move
    from policy_logic.facts.source import Node

MOST_LEAVES = 4
MOST_SETS = 3


def _holds(root: Node, moves: Sequence[Move], target: Target) -> bool:
    """Return whether a case with some changes, read and derived on its own, has the claim."""
    try:
        changes = [read_change(f"{move.path}={move.after}") for move in moves]
        _, case = read_changed(root, changes, BOOK.vocabulary)
    except FactsError:
        return False
    return claim_of(policy_logic.planner(case, book=BOOK).derivation, target) is not None


@settings(max_examples=min(10, settings().max_examples))
@given(good_applicants() | applicants(), st.data())
def test_every_set_makes_the_line_hold_and_no_part_of_it_does(facts: Facts, data: Any) -> None:
    """Applied to the case, a set is enough; without any of its changes it is not."""
    root = node_of_plain(facts, Position("<mapping>", 1))
    planner = policy_logic.planner(facts, book=BOOK)
    near = [
        target
        for target, form in targets(planner.derivation)
        if len(list(planner.refuser.why_not(target.goal(form)).leaves())) <= MOST_LEAVES
    ]
    if not near:
        return
    target = data.draw(st.sampled_from(near))
    answer = nearest_changes(
        planner, root, lambda changes: read_changed(root, changes, BOOK.vocabulary), target
    )
    assert answer.held is None
    assert list(answer.found) == sorted(answer.found, key=lambda one: one.cost)
    for one in answer.found[:MOST_SETS]:
        assert _holds(root, one.moves, target)
        smaller = range(len(one.moves))
        parts = [part for count in smaller for part in combinations(one.moves, count)]
        for part in parts[:16]:
            assert not _holds(root, part, target)
