"""Lines through whole sums: what is paid at a rate and rounded down to whole yuan."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_PAIRED: Final = 24
_LARGEST_DENOMINATOR: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line whose values are rounded down.

    Attributes:
        rate: What a step adds, in yuan.
        offset: What it pays at step 0, in yuan; the least that fits what is known.
    """

    rate: Fraction
    offset: Fraction

    def at(self, step: int) -> int:
        """Return its value at a step."""
        return floor(self.rate * step + self.offset)


@dataclass(frozen=True, slots=True)
class Track:
    """A sum of lines, each rounded down by itself, as the sums of several claims are.

    Attributes:
        lines: The lines.
    """

    lines: tuple[Line, ...]

    @property
    def rate(self) -> Fraction:
        """What a step adds, before rounding."""
        return sum((line.rate for line in self.lines), Fraction(0))

    @property
    def offset(self) -> Fraction:
        """What it comes to at step 0, before rounding."""
        return sum((line.offset for line in self.lines), Fraction(0))

    def at(self, step: int) -> int:
        """Return its value at a step."""
        return sum(line.at(step) for line in self.lines)

    def meets(self, other: Track) -> int | None:
        """Return the first step at or after the point where two tracks meet."""
        if self.rate == other.rate:
            return None
        return ceil((other.offset - self.offset) / (self.rate - other.rate))


def line_through(points: Sequence[tuple[int, int]], rates: Sequence[Fraction]) -> Line | None:
    """Return a line whose values, rounded down, are the points; ``None`` if there is none.

    Args:
        points: Steps with their sums, at least one, by step.
        rates: Rates that are likely. Of all others the simplest is tried, too, unless it is finer
            than any that a text would have: a single yuan more or less makes no line.
    """
    low = points[0][1]
    if all(value == low for _, value in points):
        return Line(Fraction(0), Fraction(low))
    least, most = _rates_between(points)
    if least >= most:
        return None
    tried = [rate for rate in rates if least < rate < most]
    other = simplest(least, most)
    if other.denominator <= _LARGEST_DENOMINATOR:
        tried.append(other)
    for rate in tried:
        rests = [value - rate * at for at, value in points]
        if max(rests) - min(rests) < 1:
            return Line(rate, max(rests))
    return None


def _rates_between(points: Sequence[tuple[int, int]]) -> tuple[Fraction, Fraction]:
    """Return what the rate must lie between: a sum is rounded by less than a yuan at each end.

    All pairs of few points are looked at; of many, neighbours and the pairs with either end.
    """
    pairs: Iterable[tuple[tuple[int, int], tuple[int, int]]] = combinations(points, 2)
    if len(points) > _MOST_PAIRED:
        first, last = points[0], points[-1]
        pairs = chain(
            ((first, last),),
            pairwise(points),
            ((first, point) for point in points[1:]),
            ((point, last) for point in points[:-1]),
        )
    least, most = (0, 0), (0, 0)  # numerator and denominator; compared without a fraction each
    for (at, value), (then, after) in pairs:
        width, low, high = then - at, after - value - 1, after - value + 1
        if not least[1] or low * least[1] > least[0] * width:
            least = low, width
        if not most[1] or high * most[1] < most[0] * width:
            most = high, width
    return Fraction(*least), Fraction(*most)


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the smallest denominator strictly between two others."""
    if low < 0 < high:
        return Fraction(0)
    if high <= 0:
        return -simplest(-high, -low)
    whole = floor(low)
    if whole + 1 < high:
        return Fraction(whole + 1)
    rest_low, rest_high = low - whole, high - whole
    if rest_low == 0:
        return whole + Fraction(1, floor(1 / rest_high) + 1)
    return whole + 1 / simplest(1 / rest_high, 1 / rest_low)
