"""The total as a function of one fact: pieces on which it follows a line, and where it jumps.

It is found by planning, not by sampling alone. First come the values that the rules compare the
fact with, and a grid; then, between neighbours that do not lie on one line, further values, until
each border is known to a single step (a yuan, a day, a hundredth of a percent). Each piece is
looked at inside, too, at values that no threshold suggests.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from policy_logic.decide.decision import Sums
from policy_logic.decide.lines import Track, line_through
from policy_logic.derive.derivation import derive_together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence

    from policy_logic.decide.choosing import Chosen
    from policy_logic.decide.planning import Planner
    from policy_logic.derive.derivation import Claim
    from policy_logic.facts.model import Case

MOST_PLANS: Final = 4000
_NOTHING: Final = Sums(0, 0)
_GRID: Final = 32
_AT_ONCE: Final = 24
_INSIDE: Final = (0.21, 0.38, 0.5, 0.62, 0.79)
_MOST_SWEPT_OUT: Final = 9
_WIDEST_PIN: Final = 100_000


@dataclass(frozen=True, slots=True)
class Sample:
    """The plan at one value of the fact.

    Attributes:
        totals: What it pays together.
        paid: What each of its claims is paid.
        proved: Whether it is proved to be the best.
    """

    totals: Sums
    paid: Mapping[Claim, Sums]
    proved: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring values on which both totals follow a line.

    Attributes:
        low: The first value, as a whole number.
        high: The last value.
        at_low: The totals at the first value.
        at_high: The totals at the last value.
        firm: The certain total, as a sum of lines.
        potential: The possible total.
    """

    low: int
    high: int
    at_low: Sums
    at_high: Sums
    firm: Track
    potential: Track


@dataclass(frozen=True, slots=True)
class Cliff:
    """Two neighbouring values between which a total jumps.

    Attributes:
        below: The last value before the jump, as a whole number.
        above: The first value after it.
        jump: By how much the totals differ from one to the other.
        moved: What each claim is paid before and after, for each claim that is paid another
            sum; ``None`` where it is not filed. The largest difference comes first.
    """

    below: int
    above: int
    jump: Sums
    moved: tuple[tuple[Claim, Sums | None, Sums | None], ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """The total as a function of one fact.

    Attributes:
        pieces: The pieces, from the first value to the last.
        cliffs: The jumps between them.
        plans: How many plans were made.
        exact: Whether each border is known to a single step.
        proved: Whether every plan is proved to be the best.
    """

    pieces: tuple[Piece, ...]
    cliffs: tuple[Cliff, ...]
    plans: int
    exact: bool
    proved: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Samples that follow one track for each total."""

    places: tuple[int, ...]
    firm: Track
    potential: Track


class _Sampler:
    """Plans a case at values of one fact, many at a time; each value once."""

    def __init__(self, planner: Planner, case_at: Callable[[int], Case]) -> None:
        self._planner, self._case_at = planner, case_at
        self._chosen: dict[Hashable, Chosen] = {}
        self.samples: dict[int, Sample] = {}
        self.is_cut = False

    def look(self, places: Collection[int]) -> None:
        """Plan at further values, as far as the limit allows."""
        fresh = sorted(set(places) - set(self.samples))
        room = MOST_PLANS - len(self.samples)
        self.is_cut = self.is_cut or len(fresh) > room
        fresh = fresh[:room]
        for start in range(0, len(fresh), _AT_ONCE):
            some = fresh[start : start + _AT_ONCE]
            derived = derive_together([self._case_at(at) for at in some], self._planner.book)
            for at, derivation in zip(some, derived, strict=True):
                if derivation.basis not in self._chosen:
                    self._chosen[derivation.basis] = self._planner.choose(derivation)
                chosen = self._chosen[derivation.basis]
                self.samples[at] = Sample(chosen.totals, chosen.paid, chosen.choice.proved)


def sweep_totals(
    planner: Planner,
    case_at: Callable[[int], Case],
    low: int,
    high: int,
    looked_at: Collection[int] = (),
    step: int | None = None,
) -> Swept:
    """Return the total as a function of one fact.

    Args:
        planner: The case as it is, with the objective of the plans.
        case_at: The case with the fact at a value, given as a whole number.
        low: The first value.
        high: The last value.
        looked_at: Values to begin with, as the thresholds of the rules.
        step: The longest distance between the first values; ``None`` for a 32nd of the whole.

    Raises:
        FactsError: The case is wrong at one of the values.
        RequestError: The engine cannot reckon with the sums of a plan.
    """
    sampler = _Sampler(planner, case_at)
    width = step or max(1, (high - low) // _GRID)
    sampler.look({low, high})
    sampler.look({*range(low, high + 1, width), *looked_at})
    rates = _rates(planner)
    runs: list[_Run] = []
    wanted: set[int] = set()
    while True:
        runs = _runs(sampler.samples, rates)
        wanted = set(_wanted(runs)) - set(sampler.samples)
        if not wanted or sampler.is_cut:
            break
        sampler.look(wanted)
    samples = sampler.samples
    pieces = tuple(_pieces(runs, samples))
    return Swept(
        pieces=pieces,
        cliffs=tuple(_cliffs(pieces, samples)),
        plans=len(samples),
        exact=not sampler.is_cut,
        proved=all(sample.proved for sample in samples.values()),
    )


def _rates(planner: Planner) -> list[Fraction]:
    """Return the rates of all texts, up and down, and 1."""
    rates = {Fraction(n.value) for n in planner.book.numbers.values() if n.type == "share"}
    rates.add(Fraction(1))
    return sorted({*rates, *(-rate for rate in rates)}, key=lambda rate: rate.denominator)


def _runs(samples: Mapping[int, Sample], rates: Sequence[Fraction]) -> list[_Run]:
    """Split the samples into runs, each as long as it can be, from the last value down.

    So a run begins exactly where its lines begin to hold, also where they only meet others.
    """
    places = sorted(samples)
    runs: list[_Run] = []
    end = len(places)
    while end:
        longest = _run(places[end - 1 : end], samples, rates)
        assert longest is not None  # noqa: S101 - one sample always lies on a line
        fits, fails = 1, end + 1
        length = 2
        while fits + 1 < fails:
            length = min(length, end) if fails == end + 1 else (fits + fails) // 2
            found = _run(places[end - length : end], samples, rates)
            if found is None:
                fails = length
            else:
                fits, longest = length, found
                length *= 2
        runs.append(longest)
        end -= fits
    return runs[::-1]


def _run(
    places: Sequence[int], samples: Mapping[int, Sample], rates: Sequence[Fraction]
) -> _Run | None:
    """Return samples as a run; ``None`` if they follow no track."""
    firm = _track(places, samples, rates, lambda sums: sums.firm)
    if firm is None:
        return None
    potential = _track(places, samples, rates, lambda sums: sums.potential)
    return None if potential is None else _Run(tuple(places), firm, potential)


def _track(
    places: Sequence[int],
    samples: Mapping[int, Sample],
    rates: Sequence[Fraction],
    measure: Callable[[Sums], int],
) -> Track | None:
    """Return the track of a total: one line, or else a line for each claim."""
    whole = line_through([(at, measure(samples[at].totals)) for at in places], rates)
    if whole is not None:
        return Track((whole,))
    lines = []
    claims = {claim for at in places for claim in samples[at].paid}
    for claim in sorted(claims, key=lambda claim: claim.order):
        own = [(at, measure(samples[at].paid.get(claim, _NOTHING))) for at in places]
        line = line_through(own, rates)
        if line is None:
            return None
        lines.append(line)
    return Track(tuple(lines))


def _wanted(runs: Sequence[_Run]) -> Iterator[int]:
    """Yield the values to look at next."""
    for left, right in pairwise(runs):
        below, above = left.places[-1], right.places[0]
        width = above - below
        if width <= _MOST_SWEPT_OUT:
            yield from range(below + 1, above)
            continue
        meets = left.potential.meets(right.potential) or left.firm.meets(right.firm)
        settled = min(len(left.places), len(right.places)) > 2
        if settled and meets is not None and below < meets <= above:
            yield from (place for place in (meets - 1, meets) if below < place < above)
            yield below + width // 2
        else:
            yield from (below + width * part // 4 for part in (1, 2, 3))
    for run in runs:
        yield from _inside(run)


def _inside(run: _Run) -> Iterator[int]:
    """Yield values inside a run that show whether its lines hold there, and how they round."""
    low, high = run.places[0], run.places[-1]
    if len(run.places) < len(_INSIDE) + 2:
        yield from (
            place for part in _INSIDE if low < (place := low + int((high - low) * part)) < high
        )
    for line in (*run.firm.lines, *run.potential.lines):
        size = line.rate.denominator
        if 1 < size <= min(_WIDEST_PIN, high - low):
            # At one of these the fraction that is rounded away is smallest, at one largest.
            inverse = pow(line.rate.numerator, -1, size)
            for rest in (0, size - 1):
                yield low + (inverse * rest - low) % size


def _pieces(runs: Sequence[_Run], samples: Mapping[int, Sample]) -> Iterator[Piece]:
    """Yield runs as pieces; neighbours on the same lines are one piece."""
    start = 0
    for index, run in enumerate(runs):
        following = runs[index + 1] if index + 1 < len(runs) else None
        if following is not None and _continues(run, following, samples):
            continue
        low, high = runs[start].places[0], run.places[-1]
        yield Piece(low, high, samples[low].totals, samples[high].totals, run.firm, run.potential)
        start = index + 1


def _continues(left: _Run, right: _Run, samples: Mapping[int, Sample]) -> bool:
    """Return whether two runs follow the same lines, as where only other claims pay them."""
    below, above = left.places[-1], right.places[0]
    if above - below > 1:
        return False
    before, after = samples[below].totals, samples[above].totals
    return all(
        own.rate == other.rate and abs(rise - own.rate) < _roundings(own, other)
        for own, other, rise in (
            (left.firm, right.firm, after.firm - before.firm),
            (left.potential, right.potential, after.potential - before.potential),
        )
    )


def _roundings(*tracks: Track) -> int:
    """Return how far a sum may lie from its tracks for rounding, in yuan."""
    return max(1, *(sum(line.rate != 0 for line in track.lines) for track in tracks))


def _cliffs(pieces: Sequence[Piece], samples: Mapping[int, Sample]) -> Iterator[Cliff]:
    """Yield the borders at which a total leaves the lines on both of its sides."""
    for left, right in pairwise(pieces):
        below, above = left.high, right.low
        before, after = samples[below], samples[above]
        jump = Sums(
            after.totals.firm - before.totals.firm,
            after.totals.potential - before.totals.potential,
        )
        if _is_cliff(left, right, jump):
            yield Cliff(below, above, jump, _moved(before.paid, after.paid))


def _is_cliff(left: Piece, right: Piece, jump: Sums) -> bool:
    """Return whether a total rises or falls by more than either side's rate accounts for."""
    return any(
        abs(rise) > max(abs(own.rate), abs(other.rate)) * (right.low - left.high)
        + _roundings(own, other)
        for own, other, rise in (
            (left.firm, right.firm, jump.firm),
            (left.potential, right.potential, jump.potential),
        )
    )  # fmt: skip


def _moved(
    before: Mapping[Claim, Sums], after: Mapping[Claim, Sums]
) -> tuple[tuple[Claim, Sums | None, Sums | None], ...]:
    claims = sorted({*before, *after}, key=lambda claim: claim.order)
    moved = [
        (claim, before.get(claim), after.get(claim))
        for claim in claims
        if before.get(claim) != after.get(claim)
    ]

    def difference(row: tuple[Claim, Sums | None, Sums | None]) -> tuple[int, int]:
        _, own, other = row
        own, other = own or Sums(0, 0), other or Sums(0, 0)
        return (-abs(other.potential - own.potential), -abs(other.firm - own.firm))

    return tuple(sorted(moved, key=difference))
