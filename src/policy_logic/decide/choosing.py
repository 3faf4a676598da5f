"""From a derivation to a choice: what is settled before, the best set, and what each is paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policy_logic.decide.decision import Rejection, Sums
from policy_logic.decide.wishes import NO_WISH, Wish
from policy_logic.derive.claims import Claim, Received
from policy_logic.errors import Problem as Fault
from policy_logic.errors import RequestError
from policy_logic.select.problem import Choice, ImpossibleError, Item, Objective, Problem
from policy_logic.select.selection import Engine, Known, select

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from policy_logic.derive.derivation import Candidate, Derivation
    from policy_logic.logic.terms import Compound


class WishImpossibleError(RequestError):
    """No plan respects what is wished."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choice over one derivation.

    Attributes:
        claims: The claims chosen.
        paid: What each of them pays in this plan.
        settled: The candidates that were out before the choice, and why.
        choice: The engine's answer.
        totals: What the plan pays together.
        full: The caps that the plan, with what grants have drawn, exhausts.
        problem: The choice as numbers.
        items: The claims that its items stand for, in order.
        names: The caps and quotas, each with its name in the problem.
    """

    claims: frozenset[Claim]
    paid: Mapping[Claim, Sums]
    settled: Mapping[Claim, Rejection]
    choice: Choice
    totals: Sums
    full: frozenset[Compound]
    problem: Problem
    items: tuple[Claim, ...]
    names: Mapping[Compound, str]


def choose(
    derivation: Derivation,
    specification: Path,
    objective: Objective,
    seconds: float | None,
    engine: Engine = "auto",
    wish: Wish = NO_WISH,
    known: Known | None = None,
) -> Chosen:
    """Choose the best set of claims.

    Args:
        derivation: What can be claimed.
        specification: ``selection.lp``.
        objective: What to make as high as possible.
        seconds: The longest time to search; ``None`` for no limit.
        engine: Which engine chooses.
        wish: What the plan has to respect.
        known: The parts of the choice that have been solved before.

    Raises:
        WishImpossibleError: No plan respects the wish.
        RequestError: The engine cannot reckon with the sums.
    """
    settled = _settled(derivation)
    free = [c for claim, c in derivation.candidates.items() if claim not in settled]
    paying = [c for c in free if c.potential > 0 or c.claim in wish.filed]
    names = _names(paying)
    problem = _problem(derivation, paying, names, objective, wish)
    try:
        choice = select(problem, specification, seconds, engine, known)
    except ImpossibleError:
        wished = ", ".join(str(claim) for claim in sorted(wish.filed, key=lambda c: c.order))
        details: dict[str, object] = {"claims": wished}
        raise WishImpossibleError([Fault("request.wish_impossible", None, details)]) from None
    chosen = {paying[index].claim for index in choice.chosen}
    for candidate in free:
        if candidate.claim in wish.left:
            continue
        if derivation.book.lines[candidate.claim.line].determinacy == "open" and not (
            candidate.potential or derivation.against[candidate.claim] & chosen
        ):
            chosen.add(candidate.claim)
    firm = problem.shares(choice.chosen, "firm")
    potential = _top_up(problem, firm)
    paid = {claim: Sums(0, 0) for claim in chosen}
    for index in choice.chosen:
        paid[paying[index].claim] = Sums(firm[index], potential[index])
    totals = Sums(sum(firm.values()), sum(potential.values()))
    full = _full(derivation, paid)
    items = tuple(candidate.claim for candidate in paying)
    return Chosen(frozenset(chosen), paid, settled, choice, totals, full, problem, items, names)


def _settled(derivation: Derivation) -> dict[Claim, Rejection]:
    """Return what support already received rules out."""
    settled: dict[Claim, Rejection] = {}
    for claim in derivation.candidates:
        entries = set(derivation.granted.get(claim, ()))
        for other in derivation.against[claim]:
            if isinstance(other, Received):
                entries.add(other.entry)
            else:
                entries.update(derivation.granted.get(other, ()))
        if entries:
            settled[claim] = Rejection("already_received", entries=tuple(sorted(entries)))
    for claim, candidate in derivation.candidates.items():
        if claim in settled:
            continue
        full = [q for q in candidate.quotas if _places_left(derivation, q) == 0]
        if full:
            settled[claim] = Rejection("quota", limit=str(full[0].args[0]))
    return settled


def _places_left(derivation: Derivation, quota: Compound) -> int:
    return max(0, derivation.places[quota] - derivation.taken.get(quota, 0))


def _names(candidates: list[Candidate]) -> dict[Compound, str]:
    """Return a name for each cap and quota that candidates share."""
    return {
        pool: "/".join(str(argument) for argument in pool.args)
        for candidate in candidates
        for pool in (*candidate.pools, *candidate.quotas)
    }


def _problem(
    derivation: Derivation,
    candidates: list[Candidate],
    names: Mapping[Compound, str],
    objective: Objective,
    wish: Wish,
) -> Problem:
    index = {candidate.claim: number for number, candidate in enumerate(candidates)}
    pairs = {
        (min(index[claim], index[other]), max(index[claim], index[other]))
        for claim in index
        for other in derivation.against[claim]
        if other in index and other != claim
    }
    pools = {pool for candidate in candidates for pool in candidate.pools}
    quotas = {quota for candidate in candidates for quota in candidate.quotas}
    return Problem(
        items=[
            Item(
                candidate.potential,
                candidate.firm,
                tuple(names[pool] for pool in candidate.pools),
                tuple(names[quota] for quota in candidate.quotas),
            )
            for candidate in candidates
        ],
        excludes=frozenset(pairs),
        limits={
            names[pool]: max(0, derivation.limits[pool] - derivation.drawn.get(pool, 0))
            for pool in sorted(pools, key=str)
        },
        places={names[quota]: _places_left(derivation, quota) for quota in sorted(quotas, key=str)},
        objective=objective,
        forced=frozenset(index[claim] for claim in wish.filed if claim in index),
        barred=frozenset(index[claim] for claim in wish.left if claim in index),
    )


def _top_up(problem: Problem, firm: Mapping[int, int]) -> dict[int, int]:
    """Hand out the rest up to each potential, in key order, after the firm sums."""
    left = dict(problem.limits)
    for index, share in firm.items():
        for pool in problem.items[index].pools:
            left[pool] -= share
    paid = {}
    for index in sorted(firm):
        item = problem.items[index]
        rest = item.potential - firm[index]
        more = min([rest, *(left[pool] for pool in item.pools)])
        for pool in item.pools:
            left[pool] -= more
        paid[index] = firm[index] + more
    return paid


def rejection(
    derivation: Derivation, chosen: Chosen, claim: Claim, wish: Wish
) -> tuple[Rejection, bool]:
    """Return why a candidate was not chosen, and whether it is a reserve claim."""
    if claim in chosen.settled:
        return chosen.settled[claim], False
    if claim in wish.left:
        return Rejection("wish"), False
    candidate = derivation.candidates[claim]
    for quota in candidate.quotas:
        taking = sum(quota in derivation.candidates[other].quotas for other in chosen.claims)
        if taking >= _places_left(derivation, quota):
            return Rejection("quota", limit=str(quota.args[0])), False
    against = derivation.against[claim] & chosen.claims
    if against:
        by = tuple(sorted((c for c in against if isinstance(c, Claim)), key=lambda c: c.order))
        return Rejection("excluded_by", by=by), False
    full = [pool for pool in candidate.pools if pool in chosen.full and candidate.potential]
    limit = str(full[0].args[0]) if full else ""
    return Rejection("no_gain", limit=limit), bool(full)


def _full(derivation: Derivation, paid: Mapping[Claim, Sums]) -> frozenset[Compound]:
    drawn = dict(derivation.drawn)
    for claim, sums in paid.items():
        for pool in derivation.candidates[claim].pools:
            drawn[pool] = drawn.get(pool, 0) + sums.potential
    return frozenset(p for p, limit in derivation.limits.items() if drawn.get(p, 0) >= limit)


def with_clause(found: Rejection, clause: str) -> Rejection:
    """Return a rejection with the clause that says so."""
    return replace(found, clause=clause)
