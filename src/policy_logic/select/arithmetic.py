"""The closed form: choices whose best set follows by arithmetic.

Where nothing excludes anything, taking every item reaches the highest totals there are. What
remains is the rule for ties: of the sets that pay as much, the one with the fewest items, and of
these the smallest sorted keys. Where every two items exclude each other, they are compared one by
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.select.problem import Choice, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence


def solves(problem: Problem) -> bool:
    """Return whether the closed form applies.

    It does where no quota can bind and either every two items exclude each other, or no two do,
    each item draws on at most one cap that can bind, and each is either wholly certain or not
    certain at all.
    """
    if problem.is_wished or any(
        sum(quota in item.quotas for item in problem.items) > count
        for quota, count in problem.places.items()
    ):
        return False
    if problem.excludes:
        return _at_most_one(problem)
    binding = _binding(problem)
    return all(
        item.firm in {0, item.potential} and sum(pool in binding for pool in item.pools) <= 1
        for item in problem.items
    )


def _at_most_one(problem: Problem) -> bool:
    count = len(problem.items)
    return len(problem.excludes) == count * (count - 1) // 2


def _binding(problem: Problem) -> set[str]:
    """Return the caps that the sum of all their items exceeds."""
    asked = dict.fromkeys(problem.limits, 0)
    for item in problem.items:
        for pool in item.pools:
            asked[pool] += item.potential
    return {pool for pool, total in asked.items() if total > problem.limits[pool]}


def solve(problem: Problem) -> Choice:
    """Solve a choice that :func:`solves` accepts, in time quadratic in the items of a cap."""
    if problem.excludes:
        single = [frozenset({index}) for index in range(len(problem.items))]
        return _choice(problem, min((frozenset[int](), *single), key=problem.merit))
    chosen: set[int] = set()
    members: dict[str, list[int]] = {}
    binding = _binding(problem)
    for index, item in enumerate(problem.items):
        cut = [pool for pool in item.pools if pool in binding]
        if cut:
            members.setdefault(cut[0], []).append(index)
        else:
            chosen.add(index)
    for pool, indices in members.items():
        chosen |= _fill(problem, indices, problem.limits[pool])
    return _choice(problem, frozenset(chosen))


def _choice(problem: Problem, chosen: frozenset[int]) -> Choice:
    total = problem.total(chosen, problem.objective)
    return Choice(chosen, total, total, proved=True, singled_out=True, engine="arithmetic")


def _fill(problem: Problem, indices: Sequence[int], limit: int) -> set[int]:
    """Return the items that exhaust a cap: the certain ones first, and as few as possible."""
    certain = [index for index in indices if problem.items[index].firm]
    uncertain = [index for index in indices if not problem.items[index].firm]
    sure = sum(problem.items[index].firm for index in certain)
    if sure >= limit:
        return _cover(problem, certain, limit)
    return {*certain, *_cover(problem, uncertain, limit - sure)}


def _cover(problem: Problem, indices: Sequence[int], target: int) -> set[int]:
    """Return the fewest items that reach a target together; of these, the smallest keys."""
    worth = {index: problem.items[index].potential for index in indices}
    count = _fewest(sorted(worth.values(), reverse=True), target)
    chosen: set[int] = set()
    rest = list(indices)
    while count:
        index = rest.pop(0)
        others = sorted((worth[other] for other in rest), reverse=True)[: count - 1]
        if len(others) == count - 1 and worth[index] + sum(others) >= target:
            chosen.add(index)
            target -= worth[index]
            count -= 1
    return chosen


def _fewest(descending: Sequence[int], target: int) -> int:
    reached = 0
    for count, worth in enumerate(descending):
        if reached >= target:
            return count
        reached += worth
    return len(descending)
