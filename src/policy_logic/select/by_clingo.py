"""The choice by clingo, from its full specification in ``selection.lp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.logic.solver import Grounded
from policy_logic.logic.symbols import LARGEST
from policy_logic.logic.terms import Compound, Fact, Value
from policy_logic.select.problem import Choice, ImpossibleError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_ITEMS = 24
_RANKS_AT_ONCE = 30
_TOTAL = Compound("total", ())


def solves(problem: Problem) -> bool:
    """Return whether a choice is small enough, in items and in its sums, for clingo.

    clingo has no cutting planes, so many items under a binding cap defeat it; and its sums have
    32 bits.
    """
    return len(problem.items) <= MOST_ITEMS and reckons_with(problem) <= LARGEST


def reckons_with(problem: Problem) -> int:
    """Return what clingo's sums may come to, in yuan."""
    return sum(item.potential for item in problem.items) + sum(problem.limits.values())


def solve(problem: Problem, specification: Path, seconds: float | None) -> Choice:
    """Solve a choice whose sums fit into clingo's integers.

    Args:
        problem: The choice.
        specification: ``selection.lp``.
        seconds: The longest time to search; ``None`` for no limit.

    Raises:
        ImpossibleError: No set respects what is wished.
    """
    optimum = Grounded([specification], facts(problem)).optimise(seconds)
    if not optimum.found and optimum.proved:
        raise ImpossibleError
    if not optimum.found:  # cut off before the first set
        return fallback(problem, "clingo")
    chosen = frozenset(int(fact.args[0]) for fact in optimum.atoms if isinstance(fact.args[0], int))
    total = problem.total(chosen, problem.objective)
    bound = total if optimum.proved else loose_bound(problem)
    return Choice(chosen, total, bound, optimum.proved, optimum.proved, "clingo")


def fallback(problem: Problem, engine: str) -> Choice:
    """Return a set that may be chosen, for a search that was cut off before it found one."""
    chosen = problem.highest_first()
    total = problem.total(chosen, problem.objective)
    bound = loose_bound(problem)
    return Choice(chosen, total, bound, total == bound, singled_out=False, engine=engine)


def loose_bound(problem: Problem) -> int:
    """Return what no set can exceed, by arithmetic: all items under all caps."""
    return problem.total(range(len(problem.items)), problem.objective)


def facts(problem: Problem) -> Iterator[Fact]:
    """Yield a choice as the specification reads it."""
    first, second = problem.measures
    yield Fact("priority", (first, 4))
    yield Fact("priority", (second, 3))
    for index, item in enumerate(problem.items):
        yield Fact("item", (index,))
        for measure in problem.measures:
            yield Fact("worth", (index, measure, item.worth(measure)))
        level, place = divmod(index, _RANKS_AT_ONCE)
        yield Fact("rank", (index, 2 ** (_RANKS_AT_ONCE - 1 - place), 1 - level))
        yield from _chain(index, item.pools)
        for quota in item.quotas:
            yield Fact("takes", (index, quota))
    for lower, higher in problem.excludes:
        yield Fact("excludes", (lower, higher))
    yield from _wished(problem)
    for pool, limit in problem.limits.items():
        yield Fact("limit", (pool, limit))
    for quota, count in problem.places.items():
        yield Fact("places", (quota, count))


def _wished(problem: Problem) -> Iterator[Fact]:
    for index in problem.forced:
        yield Fact("forced", (index,))
    for index in problem.barred:
        yield Fact("barred", (index,))
    for number, members in enumerate(problem.forbidden):
        yield Fact("forbidden", (number,))
        for index in members:
            yield Fact("member", (number, index))


def _chain(index: int, pools: tuple[str, ...]) -> Iterator[Fact]:
    inner: Value = index
    for pool in pools:
        yield Fact("inside", (inner, pool))
        inner = pool
    yield Fact("inside", (inner, _TOTAL))
