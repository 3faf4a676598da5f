"""Two plans side by side: the case as it is, and with some of its values taken otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from policy_logic.prove.refusals import Target, targets

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decided, Sums
    from policy_logic.decide.planning import Planner
    from policy_logic.derive.claims import Claim
    from policy_logic.prove.refusal import Refusal

Turn: TypeAlias = Literal["enters", "leaves", "resized"]
Side: TypeAlias = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Turned:
    """A claim that enters, leaves, or is paid another sum.

    Attributes:
        claim: The claim.
        turn: What happens to it.
        before: What became of it before; ``None`` where it was no candidate.
        after: What becomes of it after; ``None`` where it is no candidate.
        refusal: Why it is no candidate, on the side where it is none.
        cap: The name of the shared cap that decides its sum, where one does and its own sum
            stays.
    """

    claim: Claim
    turn: Turn
    before: Decided | None
    after: Decided | None
    refusal: Refusal | None
    cap: str = ""

    @property
    def missing_side(self) -> Side:
        """The side on which it is not filed; of a claim paid another sum, the one after."""
        return "before" if self.turn == "enters" else "after"

    @property
    def left_out(self) -> Decided | None:
        """What became of it on that side; ``None`` where it was no candidate there."""
        return self.before if self.turn == "enters" else self.after


@dataclass(frozen=True, slots=True)
class PlansCompared:
    """Two plans side by side.

    Attributes:
        before: What the plan pays for the case as it is.
        after: What it pays with the values taken otherwise.
        turned: The claims that enter, leave, or are paid another sum, in key order.
        unchanged: How many claims are filed and paid as before.
        refused_now: What is refused only after.
        refused_before: What was refused only before.
    """

    before: Sums
    after: Sums
    turned: tuple[Turned, ...]
    unchanged: int
    refused_now: tuple[tuple[Target, Refusal], ...]
    refused_before: tuple[tuple[Target, Refusal], ...]


def compare_plans(before: Planner, after: Planner, *, refusals: bool = True) -> PlansCompared:
    """Compare the plans of two versions of one case.

    Args:
        before: The case as it is.
        after: The case with some values taken otherwise, under the same objective.
        refusals: Whether to say what is refused on one side only.

    Raises:
        RequestError: The engine cannot reckon with the sums of a plan.
    """
    own, other = before.chosen.claims, after.chosen.claims
    turned, unchanged = [], 0
    for claim in sorted(own | other, key=lambda claim: claim.order):
        if before.chosen.paid.get(claim) == after.chosen.paid.get(claim):
            unchanged += 1
        else:
            turned.append(_turned(claim, before, after))
    return PlansCompared(
        before=before.chosen.totals,
        after=after.chosen.totals,
        turned=tuple(turned),
        unchanged=unchanged,
        refused_now=_refused_only_by(after, before) if refusals else (),
        refused_before=_refused_only_by(before, after) if refusals else (),
    )


def why_no_candidate(planner: Planner, claim: Claim) -> Refusal:
    """Return why a claim is no candidate; of several years or listings, what misses least."""
    derivation = planner.derivation
    asked = [
        target.goal(form)
        for target, form in targets(derivation)
        if (target.line, target.subject) == (claim.line, claim.subject)
        and claim.year in {None, target.year}
        and claim.trigger in {None, target.trigger}
    ]
    if not asked:
        target = Target(claim.line, claim.subject, claim.year, claim.trigger)
        asked = [target.goal(planner.book.occasion_forms[claim.line])]
    found = [planner.refuser.why_not(goal) for goal in asked]
    return min(found, key=lambda refusal: (refusal.fails, sum(1 for _ in refusal.leaves())))


def _turned(claim: Claim, before: Planner, after: Planner) -> Turned:
    is_old, is_new = claim in before.chosen.claims, claim in after.chosen.claims
    turn: Turn = "resized" if is_old and is_new else "enters" if is_new else "leaves"
    was, now = (
        planner.decided(claim) if claim in planner.derivation.candidates else None
        for planner in (before, after)
    )
    refusal = None
    if was is None:
        refusal = why_no_candidate(before, claim)
    elif now is None:
        refusal = why_no_candidate(after, claim)
    cap = ""
    if turn == "resized" and was and now and was.amount == now.amount:
        cap = _cap(after, claim) or _cap(before, claim)
    return Turned(claim, turn, was, now, refusal, cap)


def _cap(planner: Planner, claim: Claim) -> str:
    """Return the narrowest full cap that a claim draws on; empty if none is full."""
    pools = planner.derivation.candidates[claim].pools
    return next((str(pool.args[0]) for pool in pools if pool in planner.chosen.full), "")


def _refused_only_by(planner: Planner, other: Planner) -> tuple[tuple[Target, Refusal], ...]:
    elsewhere = {target for target, _ in targets(other.derivation)}
    return tuple(
        (target, planner.refuser.why_not(target.goal(form)))
        for target, form in targets(planner.derivation)
        if target not in elsewhere
    )
