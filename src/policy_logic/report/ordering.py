"""The columns of a graph and the order in them: few crossings, else the order of the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.report.graph import Graph

TURNS = 8
CROWDED = 6  # boxes of a column; where there are more, leaves stand in two
ROOMY = 5  # columns that a picture may have then


@dataclass(frozen=True, slots=True)
class Columns:
    """Boxes and bends in columns; bends come after all boxes.

    Attributes:
        column: The column of each box and each bend.
        order: What stands in each column, from the top.
        ahead: For each box and bend what it is joined to in the next column.
        ways: Each line from a conclusion to a reason, with its bends.
    """

    column: tuple[int, ...]
    order: tuple[tuple[int, ...], ...]
    ahead: tuple[tuple[int, ...], ...]
    ways: tuple[tuple[int, ...], ...]


def in_columns(graph: Graph) -> Columns:
    """Return a graph in columns, each box as far from the root as the longest way to it."""
    column = _spread(graph, _longest(graph))
    ahead: list[list[int]] = [[] for _ in column]
    ways = []
    for place in range(len(graph.boxes)):
        for reason in graph.reasons[place]:
            way = [place]
            for between in range(column[place] + 1, column[reason]):
                column.append(between)
                ahead.append([])
                ahead[way[-1]].append(len(column) - 1)
                way.append(len(column) - 1)
            ahead[way[-1]].append(reason)
            ways.append((*way, reason))
    order = _fewest_crossings(_as_told(ahead, column), ahead)
    return Columns(
        tuple(column),
        tuple(tuple(own) for own in order),
        tuple(tuple(own) for own in ahead),
        tuple(ways),
    )


def _longest(graph: Graph) -> list[int]:
    """Return for each box the length of the longest way from the root."""
    waiting = [0] * len(graph.boxes)
    for reasons in graph.reasons:
        for reason in reasons:
            waiting[reason] += 1
    column = [0] * len(graph.boxes)
    ready = [place for place, count in enumerate(waiting) if not count]
    while ready:
        place = ready.pop()
        for reason in graph.reasons[place]:
            column[reason] = max(column[reason], column[place] + 1)
            waiting[reason] -= 1
            if not waiting[reason]:
                ready.append(reason)
    return column


def _spread(graph: Graph, column: list[int]) -> list[int]:
    """Return the columns with every second leaf of a crowded one moved to the next."""
    found = list(column)
    for crowded in range(1, max(column) + 1):
        own = [place for place, number in enumerate(column) if number == crowded]
        if len(own) > CROWDED and max(crowded + 1, *column) < ROOMY:
            leaves = [place for place in own if not graph.reasons[place]]
            for place in leaves[1::2]:
                found[place] = crowded + 1
    return found


def _as_told(ahead: Sequence[Sequence[int]], column: Sequence[int]) -> list[list[int]]:
    """Return each column in the order in which the words tell it."""
    order: list[list[int]] = [[] for _ in range(max(column) + 1)]
    seen: set[int] = set()
    stack = [0]
    while stack:
        place = stack.pop()
        if place in seen:
            continue
        seen.add(place)
        order[column[place]].append(place)
        stack.extend(reversed(ahead[place]))
    return order


def _fewest_crossings(order: list[list[int]], ahead: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the order with the fewest crossings that sorting by neighbours finds."""
    back: list[list[int]] = [[] for _ in ahead]
    for place, joined in enumerate(ahead):
        for other in joined:
            back[other].append(place)
    best, least = order, _crossings(order, ahead)
    current = [list(own) for own in order]
    for turn in range(TURNS):
        if not least:
            break
        rightwards = turn % 2 == 0
        beside = back if rightwards else ahead
        columns = range(1, len(current)) if rightwards else range(len(current) - 2, -1, -1)
        for number in columns:
            neighbours = current[number - 1 if rightwards else number + 1]
            rank = {place: index for index, place in enumerate(neighbours)}
            current[number] = _sorted(current[number], beside, rank)
        found = _crossings(current, ahead)
        if found < least:
            best, least = [list(own) for own in current], found
    return best


def _sorted(own: list[int], beside: Sequence[Sequence[int]], rank: dict[int, int]) -> list[int]:
    """Sort a column by the mean place of the neighbours; what has none stays where it is."""

    def key(pair: tuple[int, int]) -> float:
        index, place = pair
        known = [rank[other] for other in beside[place]]
        return sum(known) / len(known) if known else index * len(rank) / len(own)

    return [place for _, place in sorted(enumerate(own), key=key)]


def _crossings(order: Sequence[Sequence[int]], ahead: Sequence[Sequence[int]]) -> int:
    """Count the pairs of lines that cross."""
    count = 0
    for number, own in enumerate(order[:-1]):
        rank = {place: index for index, place in enumerate(order[number + 1])}
        ends = [
            rank[other] for place in own for other in sorted(ahead[place], key=rank.__getitem__)
        ]
        count += sum(
            1 for index, end in enumerate(ends) for later in ends[index + 1 :] if later < end
        )
    return count
