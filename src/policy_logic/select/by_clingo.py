"""The choice by clingo, from its full specification in ``selection.lp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.logic.solver import LARGEST, Grounded
from policy_logic.logic.terms import Compound, Fact, Value
from policy_logic.select.problem import Choice, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_ITEMS = 16
_TOTAL = Compound("total", ())


def solves(problem: Problem) -> bool:
    """Return whether a choice is small enough, in items and in its sums, for clingo.

    clingo has no cutting planes, so many items under a binding cap defeat it; and its sums have
    32 bits.
    """
    most = sum(item.potential for item in problem.items) + sum(problem.limits.values())
    return len(problem.items) <= MOST_ITEMS and most <= LARGEST


def solve(problem: Problem, specification: Path, seconds: float | None) -> Choice:
    """Solve a choice that :func:`solves` accepts.

    Args:
        problem: The choice.
        specification: ``selection.lp``.
        seconds: The longest time to search; ``None`` for no limit.
    """
    optimum = Grounded([specification], _facts(problem)).optimise(seconds)
    chosen = frozenset(int(fact.args[0]) for fact in optimum.atoms if isinstance(fact.args[0], int))
    total = problem.total(chosen, problem.objective)
    bound = total if optimum.proved else loose_bound(problem)
    return Choice(chosen, total, bound, optimum.proved, optimum.proved, "clingo")


def loose_bound(problem: Problem) -> int:
    """Return what no set can exceed, by arithmetic: all items under all caps."""
    return problem.total(range(len(problem.items)), problem.objective)


def _facts(problem: Problem) -> Iterator[Fact]:
    first, second = problem.measures
    yield Fact("priority", (first, 4))
    yield Fact("priority", (second, 3))
    last = len(problem.items)
    for index, item in enumerate(problem.items):
        yield Fact("item", (index,))
        for measure in problem.measures:
            yield Fact("worth", (index, measure, item.worth(measure)))
        yield Fact("rank", (index, 2 ** (last - index)))
        yield from _chain(index, item.pools)
        for quota in item.quotas:
            yield Fact("takes", (index, quota))
    for lower, higher in problem.excludes:
        yield Fact("excludes", (lower, higher))
    for pool, limit in problem.limits.items():
        yield Fact("limit", (pool, limit))
    for quota, count in problem.places.items():
        yield Fact("places", (quota, count))


def _chain(index: int, pools: tuple[str, ...]) -> Iterator[Fact]:
    inner: Value = index
    for pool in pools:
        yield Fact("inside", (inner, pool))
        inner = pool
    yield Fact("inside", (inner, _TOTAL))
