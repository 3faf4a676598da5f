"""The best sets of items one after the other, best first: the optimum and what comes after it.

Each component is solved again with the sets already found forbidden. The components' sets are
then combined best first, so that no more of them are looked for than are needed.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from policy_logic.select.problem import ImpossibleError
from policy_logic.select.selection import components, solve_component

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from policy_logic.select.problem import Merit, Problem


def best_sets(problem: Problem, specification: Path, count: int) -> list[frozenset[int]]:
    """Return the best sets that may be chosen, best first, as the rules for ties order them.

    Args:
        problem: The choice.
        specification: ``selection.lp``.
        count: How many; fewer are returned where there are no more.
    """
    return list(islice(_combined(problem, specification), count))


def _combined(problem: Problem, specification: Path) -> Iterator[frozenset[int]]:
    """Yield unions of one set per component, best first."""
    lists = [_Sets(problem, members, specification) for members in components(problem)]
    start = (0,) * len(lists)
    seen = {start}
    heap: list[tuple[Merit, tuple[int, ...]]] = []

    def push(places: tuple[int, ...]) -> None:
        parts = [found.at(place) for found, place in zip(lists, places, strict=True)]
        if all(part is not None for part in parts):
            union: frozenset[int] = frozenset().union(*(part for part in parts if part))
            heapq.heappush(heap, (problem.merit(union), places))

    push(start)
    while heap:
        (_, _, _, chosen), places = heapq.heappop(heap)
        yield frozenset(chosen)
        for index, place in enumerate(places):
            following = (*places[:index], place + 1, *places[index + 1 :])
            if following not in seen:
                seen.add(following)
                push(following)


class _Sets:
    """The sets of one component, best first, found as they are asked for."""

    def __init__(self, problem: Problem, members: Sequence[int], specification: Path) -> None:
        self._problem, self._members = problem.part(members), members
        self._specification = specification
        self._found: list[frozenset[int]] = []
        self._is_complete = False

    def at(self, place: int) -> frozenset[int] | None:
        """Return the set at a place, ``None`` if there are not as many."""
        while len(self._found) <= place and not self._is_complete:
            problem = replace(self._problem, forbidden=tuple(self._found))
            try:
                self._found.append(solve_component(problem, self._specification).chosen)
            except ImpossibleError:
                self._is_complete = True
        if place >= len(self._found):
            return None
        return frozenset(self._members[index] for index in self._found[place])
