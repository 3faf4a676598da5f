"""Where each box of a graph stands: in columns, the conclusion left, its reasons to the right.

The way of Sugiyama, Tagawa and Toda (1981): columns by the longest way from the root, a bend
in each column that a line crosses, an order with few crossings, then heights as close as possible
to those of the neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.report.measure import width_of, wrapped
from policy_logic.report.ordering import Columns, in_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.report.graph import Box, Graph

FONT = 13.0
SMALL = 10.5
LINE = 16.0
SMALL_LINE = 13.0
PADDING = 7.0
GUTTER = 34.0
GAP = 7.0
BEND = 4.0
NARROWEST, WIDEST = 84.0, 215.0
PAGE_WIDTH = 800.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with its place.

    Attributes:
        box: The box.
        left: Its left side.
        top: Its upper side.
        width: Its width.
        height: Its height.
        lines: Its sentence, in lines.
        source: Its source, in lines.
    """

    box: Box
    left: float
    top: float
    width: float
    height: float
    lines: tuple[str, ...]
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture before it is written as SVG.

    Attributes:
        title: What it shows.
        description: What is to be seen, for those who do not see it.
        width: Its width.
        height: Its height.
        columns: How many columns it has.
        boxes: The boxes.
        lines: The lines, from a conclusion to a reason: the points each runs through.
    """

    title: str
    description: str
    width: float
    height: float
    columns: int
    boxes: tuple[Placed, ...]
    lines: tuple[tuple[tuple[float, float], ...], ...]


def drawing_of(graph: Graph, title: str, description: str) -> Drawing:
    """Return a graph laid out."""
    columns = in_columns(graph)
    widths = _widths(graph, columns)
    lefts = [1 + sum(widths[:c]) + GUTTER * c for c in range(len(widths))]
    texts = [_lines(box, widths[columns.column[n]]) for n, box in enumerate(graph.boxes)]
    heights = [len(t) * LINE + len(s) * SMALL_LINE + 2 * PADDING - 3 for t, s in texts]
    heights += [BEND] * (len(columns.column) - len(heights))
    middles = _middles(columns, heights)
    boxes = tuple(
        Placed(box, lefts[columns.column[n]], middles[n] - heights[n] / 2,
               widths[columns.column[n]], heights[n], tuple(texts[n][0]), tuple(texts[n][1]))
        for n, box in enumerate(graph.boxes)
    )  # fmt: skip
    lines = tuple(_line(way, columns, lefts, widths, middles) for way in columns.ways)
    width = lefts[-1] + widths[-1] + 1
    height = max(placed.top + placed.height for placed in boxes) + 1
    return Drawing(title, description, width, height, len(widths), boxes, lines)


def _lines(box: Box, width: float) -> tuple[list[str], list[str]]:
    """Return the sentence and the source of a box in lines; heads are bold, so wider."""
    room = (width - 2 * PADDING) * (0.92 if box.kind in {"claim", "part"} else 1.0)
    return wrapped(box.text, room / FONT), wrapped(box.source, room / SMALL) if box.source else []


def _widths(graph: Graph, columns: Columns) -> list[float]:
    """Return how wide each column is: what its longest sentence asks for, as the page allows."""
    wished = [NARROWEST] * (max(columns.column) + 1)
    for place, box in enumerate(graph.boxes):
        words = max(width_of(word) for word in [*box.text.split(), ""]) if box.text.isascii() else 0
        wish = max(width_of(box.text) * FONT / 3, width_of(box.source) * SMALL / 2, words * FONT)
        column = columns.column[place]
        wished[column] = max(wished[column], min(WIDEST, wish + 2 * PADDING + 4))
    room = max(PAGE_WIDTH, 150.0 * len(wished)) - GUTTER * (len(wished) - 1) - 2
    spare = sum(wished) - room
    flexible = sum(width - NARROWEST for width in wished)
    if spare > 0 and flexible:
        share = min(1.0, spare / flexible)
        wished = [width - (width - NARROWEST) * share for width in wished]
    return wished


def _middles(columns: Columns, heights: Sequence[float]) -> list[float]:
    """Return the height of each box's middle: close to its neighbours, and none on another."""
    middles = [0.0] * len(columns.column)
    for order in columns.order:
        below = 0.0
        for place in order:
            middles[place] = below + heights[place] / 2
            below += heights[place] + GAP
    back: list[list[int]] = [[] for _ in columns.column]
    for place, ahead in enumerate(columns.ahead):
        for other in ahead:
            back[other].append(place)
    for turn in range(24):
        to_left = turn % 2 == 0
        beside = columns.ahead if to_left else back
        for order in reversed(columns.order) if to_left else columns.order:
            wished = [
                sum(middles[other] for other in beside[place]) / len(beside[place])
                if beside[place]
                else middles[place]
                for place in order
            ]
            for place, middle in zip(order, _apart(order, wished, heights), strict=True):
                middles[place] = middle
    top = min(m - h / 2 for m, h in zip(middles, heights, strict=True)) - 1
    return [middle - top for middle in middles]


def _apart(order: Sequence[int], wished: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return the heights closest to those wished at which nothing overlaps, in order.

    Least squares under an order, by pooling neighbours that would overlap.
    """
    offsets, offset = [], 0.0
    for above, place in zip([None, *order[:-1]], order, strict=True):
        if above is not None:
            offset += (heights[above] + heights[place]) / 2 + GAP
        offsets.append(offset)
    pools: list[tuple[float, int]] = []
    for wish, own in zip(wished, offsets, strict=True):
        total, count = wish - own, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + own for mean, own in zip(means, offsets, strict=True)]


def _line(
    way: Sequence[int],
    columns: Columns,
    lefts: Sequence[float],
    widths: Sequence[float],
    middles: Sequence[float],
) -> tuple[tuple[float, float], ...]:
    """Return the points of a line: out of a box, through its bends, into another."""
    points = []
    for number, place in enumerate(way):
        column = columns.column[place]
        if number:
            points.append((lefts[column], middles[place]))
        if number < len(way) - 1:
            points.append((lefts[column] + widths[column], middles[place]))
    return tuple(points)
