"""The picture of a sweep: written as SVG, in which text stays text; PNG is made from the same.

Solid and dashed lines tell the totals apart in print without colours. A filled dot belongs to the
line, an open one does not: at a cliff the value from there on is the filled one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.cli.drawing import FONTS, text, width, write_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from policy_logic.decide.sweeping import Swept

WIDTH: Final = 960
HEIGHT: Final = 540
_LEFT, _RIGHT, _TOP, _BOTTOM = 118, 44, 118, 72
_ROWS: Final = 3
_ROW_HEIGHT: Final = 16
_MOST_TICKS: Final = 6
_MANY: Final = 12
_FLAT: Final = 6
_STYLES: Final = {
    "potential": ("#1a1a1a", 'stroke="#1a1a1a" stroke-width="2"'),
    "firm": ("#1f5a99", 'stroke="#1f5a99" stroke-width="2" stroke-dasharray="7 4"'),
}
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture says besides its lines.

    Attributes:
        title: The heading.
        x: What is swept, with its unit.
        y: What is paid, with its unit.
        firm: What the dashed line is.
        potential: What the solid line is.
        here: The value in the case, as a whole number, and what to call it; ``None`` where it
            is not given or outside the range.
        type: The type of the values, as a scale has it.
        shown: How a value is written.
    """

    title: str
    x: str
    y: str
    firm: str
    potential: str
    here: tuple[int, str] | None
    type: str
    shown: Callable[[int], str]


class _Span(NamedTuple):
    """What an axis covers, and where it lies in the picture."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: int) -> float:
        """Return the coordinate of a value."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


class _Panel(NamedTuple):
    """A part of the picture with an axis of sums of its own."""

    measures: tuple[str, ...]
    ticks: Sequence[int]
    y: _Span


def draw(swept: Swept, frame: Frame, file: Path) -> None:
    """Write the picture of a sweep.

    Args:
        swept: What was found.
        frame: What the picture says besides.
        file: Where to write it; its ending says how: ``.svg`` or ``.png``. A PNG shows Chinese
            only if the system has a font for it; an SVG leaves that to whoever opens it.

    Raises:
        RequestError: The file cannot be written.
    """
    write_picture(svg(swept, frame), file)


def svg(swept: Swept, frame: Frame) -> str:
    """Return the picture of a sweep as SVG."""
    pieces = swept.pieces
    low, high = pieces[0].low, max(pieces[-1].high, pieces[0].low + 1)
    x = _Span(low, high, _LEFT, WIDTH - _RIGHT)
    panels = _panels(swept)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="{FONTS}" font-size="12" fill="#1a1a1a">'
    )
    parts = [
        head,
        f"<title>{escape(frame.title)}</title>",
        f"<desc>{escape(frame.x)}; {escape(frame.y)}</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(_LEFT, 28, frame.title, size=16, weight="bold"),
        *_legend(frame),
        *_values_axis(x, frame),
        *(line for panel in panels for line in _sums_axis(panel)),
        *_labels(swept, frame, x),
        *(line for panel in panels for m in panel.measures for line in _line(swept, x, panel.y, m)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panels(swept: Swept) -> list[_Panel]:
    """Return one panel for both totals, or, where one would flatten them, a panel for each."""
    bottom = HEIGHT - _BOTTOM
    sums = {m: _sums(swept, m) for m in ("firm", "potential")}
    both = _panel(tuple(sums), [*sums["firm"], *sums["potential"]], _TOP, bottom)
    widest = max(max(values) - min(values) for values in sums.values())
    if not 0 < widest * _FLAT < both.y.high - both.y.low:
        return [both]
    middle = (_TOP + bottom) // 2
    return [
        _panel(("potential",), sums["potential"], _TOP, middle - 12),
        _panel(("firm",), sums["firm"], middle + 12, bottom),
    ]


def _sums(swept: Swept, measure: str) -> list[int]:
    ends = [end for piece in swept.pieces for end in (piece.at_low, piece.at_high)]
    return [int(getattr(end, measure)) for end in ends]


def _panel(measures: tuple[str, ...], values: Sequence[int], top: int, bottom: int) -> _Panel:
    """Return a panel whose axis begins at 0, unless all sums are far from it."""
    low, high = min(values), max(values)
    room = max((high - low) // 10, 1)
    ticks = _round_ticks(max(0, low - room) if low > high // 2 else 0, high + room)
    return _Panel(measures, ticks, _Span(ticks[0], ticks[-1], bottom, top))


def _round_ticks(low: int, high: int) -> list[int]:
    """Return round whole values, at most some, that cover a range."""
    power = 10 ** max(len(str(high - low)) - 2, 0)
    for step in (power * factor for factor in (1, 2, 5, 10, 20, 50, 100)):
        first = low // step * step
        count = -(-(high - first) // step)
        if count <= _MOST_TICKS:
            return [first + step * number for number in range(count + 1)]
    return [low, high]


def _sums_axis(panel: _Panel) -> Iterator[str]:
    for tick in panel.ticks:
        at = panel.y.at(tick)
        yield f'<path d="M{_LEFT} {at}H{WIDTH - _RIGHT}" stroke="#d8d8d8"/>'
        yield text(_LEFT - 8, at + 4, f"{tick:,}", anchor="end")
    outline = f"M{_LEFT} {panel.y.end}V{panel.y.start}H{WIDTH - _RIGHT}"
    yield f'<path d="{outline}" fill="none" stroke="#1a1a1a"/>'


def _values_axis(x: _Span, frame: Frame) -> Iterator[str]:
    bottom = HEIGHT - _BOTTOM
    for place in _places(x.low, x.high, frame):
        at = x.at(place)
        yield f'<path d="M{at} {bottom}v5" stroke="#1a1a1a"/>'
        yield text(at, bottom + 20, frame.shown(place), anchor="middle")
    yield text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 22, frame.x, anchor="middle", size=13)
    middle = (_TOP + bottom) / 2
    yield text(24, middle, frame.y, anchor="middle", size=13, turn=f"rotate(-90 24 {middle})")


def _places(low: int, high: int, frame: Frame) -> list[int]:
    """Return the values that the axis of values names: round ones, or first days of months."""
    if frame.type != "date":
        return [tick for tick in _round_ticks(low, high) if low <= tick <= high]
    first, last = date.fromordinal(low), date.fromordinal(high)
    for months in _MONTHS:
        start = (first.year * 12 + first.month - 1) // months * months
        days = [
            date(month // 12, month % 12 + 1, 1).toordinal()
            for month in range(start, last.year * 12 + last.month, months)
        ]
        days = [day for day in days if low <= day <= high]
        if 1 < len(days) <= _MOST_TICKS + 1:
            return days
    return [low, high]


def _legend(frame: Frame) -> Iterator[str]:
    left = float(_LEFT)
    for measure, label in (("potential", frame.potential), ("firm", frame.firm)):
        yield f'<path d="M{left} 49h36" {_STYLES[measure][1]}/>'
        yield text(left + 44, 53, label)
        left += 90 + width(label)


def _labels(swept: Swept, frame: Frame, x: _Span) -> Iterator[str]:
    """Name the value of the case and each cliff above the lines, as far as there is room."""
    marks = [(cliff.above, frame.shown(cliff.above)) for cliff in swept.cliffs]
    if frame.here is not None:
        marks.append(frame.here)
        down = f"M{x.at(frame.here[0])} {_TOP}V{HEIGHT - _BOTTOM}"
        yield f'<path d="{down}" stroke="#9a9a9a" stroke-dasharray="2 3"/>'
    taken = [float("-inf")] * _ROWS
    for place, words in sorted(marks):
        half = width(words) / 2
        middle = min(max(x.at(place), _LEFT + half), WIDTH - _RIGHT - half)
        row = next((row for row, end in enumerate(taken) if end < middle - half - 6), None)
        if row is not None:
            taken[row] = middle + half
            yield text(middle, _TOP - 8 - row * _ROW_HEIGHT, words, anchor="middle", size=11)


def _line(swept: Swept, x: _Span, y: _Span, measure: str) -> Iterator[str]:
    """Draw one total: its pieces, joined where they meet, and dotted where it jumps."""
    colour, style = _STYLES[measure]
    radius = 3.2 if len(swept.cliffs) <= _MANY else 2
    strokes: list[str] = []
    dots: list[str] = []
    for piece, following in zip_longest(swept.pieces, swept.pieces[1:]):
        first, last = y.at(getattr(piece.at_low, measure)), y.at(getattr(piece.at_high, measure))
        strokes.append(f"M{x.at(piece.low)} {first}L{x.at(piece.high)} {last}")
        if following is None:
            continue
        at, other = x.at(following.low), y.at(getattr(following.at_low, measure))
        if abs(other - last) <= 1:
            strokes.append(f"L{at} {other}")
            continue
        strokes.append(f"L{at} {last}")
        yield f'<path d="M{at} {last}V{other}" stroke="#6a6a6a" stroke-dasharray="1 3"/>'
        dots += [
            f'<circle cx="{at}" cy="{last}" r="{radius}" fill="white" stroke="{colour}"/>',
            f'<circle cx="{at}" cy="{other}" r="{radius}" fill="{colour}"/>',
        ]
    yield f'<path d="{"".join(strokes)}" fill="none" {style}/>'
    yield from dots
