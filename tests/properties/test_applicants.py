"""The draws are worth something: they reach what the properties are about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hypothesis import given, settings

import policy_logic
from policy_logic.testing import applicants, good_applicants
from policy_logic.testing.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.decision import Decided
    from policy_logic.decide.planning import Planner
    from policy_logic.testing.written import Drawn

BOOK: Final = policy_logic.load_rulebook()
_SITUATIONS: Final = {
    "a binding cap",
    "an exclusion that bites",
    "a quota that bites",
    "a claim that support already received rules out",
    "a failed review",
    "a sum that a review has fixed",
    "a pending review",
    "nothing to claim",
    "more than ten claims",
}


_REJECTIONS: Final = {
    "excluded_by": "an exclusion that bites",
    "quota": "a quota that bites",
    "already_received": "a claim that support already received rules out",
}
_ATOMS: Final = {
    "review_failed": "a failed review",
    "fixed_amount": "a sum that a review has fixed",
}


def _situations(planner: Planner) -> Iterator[str]:
    """Yield what is interesting about a case, and the lines that are candidates."""
    decided = planner.decide(refusals=False).candidates
    for d in decided:
        yield from _situations_of(d)
    if not decided:
        yield "nothing to claim"
    if len(decided) > 10:
        yield "more than ten claims"
    names = {fact.name for fact in planner.derivation.model}
    yield from (situation for name, situation in _ATOMS.items() if name in names)


def _situations_of(d: Decided) -> Iterator[str]:
    yield d.claim.line
    if d.chosen and d.paid.potential < d.amount.potential:
        yield "a binding cap"
    if d.review == "pending":
        yield "a pending review"
    if d.rejection is not None and d.rejection.kind in _REJECTIONS:
        yield _REJECTIONS[d.rejection.kind]


def test_good_applicants_come_into_every_situation() -> None:
    """Caps, quotas, exclusions and reviews all bite, and most money lines are claimed."""
    lines = {line.id for line in BOOK.lines.values() if line.kind == "monetary"}
    found: set[str] = set()

    def missing() -> set[str]:
        claimed = {BOOK.lines[line].policy for line in found & lines}
        few = {"most lines"} if len(found & lines) <= len(lines) / 2 else set()
        return (_SITUATIONS - found) | (set(BOOK.policies) - claimed) | few

    for policies in (None, *([name] for name in BOOK.policies)):

        @settings(max_examples=80)
        @given(good_applicants(policies))
        def collect(facts: Drawn) -> None:
            if missing():
                found.update(_situations(policy_logic.planner(facts, book=BOOK)))

        collect()
    assert not missing()


def test_an_example_comes_to_a_reserve_claim() -> None:
    """A cap is reached by fewer claims than could draw on it, so that one is kept in reserve."""
    examples = Path(__file__).resolve().parents[2] / "facts" / "examples"
    decision = policy_logic.plan(examples / "liaoning-house.yaml", refusals=False, book=BOOK)
    assert any(decided.reserve for decided in decision.candidates)


def test_applicants_are_of_every_kind() -> None:
    """Known, known not to be, and unknown: some cases meet conditions, most do not."""
    found: set[str] = set()

    @settings(max_examples=100)
    @given(applicants())
    def collect(facts: Drawn) -> None:
        found.update(_situations(policy_logic.planner(facts, book=BOOK)))
        values = [v for kind in BOOK.vocabulary.kinds for e in facts.get(kind, {}).values()
                  for v in e.values()]  # fmt: skip
        found.update({True: "true", False: "false", None: "null"}.get(v, "") for v in values
                     if not isinstance(v, (dict, list)))  # fmt: skip
        found.update(facts.keys())

    collect()
    assert {"true", "false", "null", "nothing to claim", "received", "readings"} <= found
    assert found & BOOK.lines.keys()


def test_values_lie_at_the_thresholds() -> None:
    """Whatever the rules compare with a number is drawn just below, at and just above it."""
    turns = Turns(BOOK)
    revenue = BOOK.vocabulary.attribute("work", "split_revenue")
    footage = BOOK.vocabulary.attribute("work", "footage_share")
    assert revenue is not None
    assert footage is not None
    minimum = BOOK.numbers["datong.horizontal_minimum"].value
    assert {minimum - 1, minimum, minimum + 1} <= set(turns.figures(revenue))
    cap = BOOK.numbers["datong.horizontal_work_cap"].value
    assert int(cap / BOOK.numbers["datong.horizontal_rate"].value) in turns.figures(revenue)
    above = BOOK.numbers["datong.footage_above"].value
    assert above in turns.shares(footage)
    assert any(0 < share - above < 1e-6 for share in turns.shares(footage))
    assert footage in turns.attributes("work")
