"""Plans at single values of a fact, the lines through them, and where to look next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from policy_logic.decide.decision import Sums
from policy_logic.decide.lines import Track, line_through
from policy_logic.derive.derivation import derive_together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from policy_logic.decide.choosing import Chosen
    from policy_logic.decide.planning import Planner
    from policy_logic.derive.claims import Claim
    from policy_logic.facts.model import Case

MOST_PLANS: Final = 4000
_NOTHING: Final = Sums(0, 0)
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
class Run:
    """Samples that follow one track for each total."""

    places: tuple[int, ...]
    firm: Track
    potential: Track


class Sampler:
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


def runs_of(samples: Mapping[int, Sample], rates: Sequence[Fraction]) -> list[Run]:
    """Split the samples into runs, each as long as it can be, from the last value down.

    So a run begins exactly where its lines begin to hold, also where they only meet others.
    """
    places = sorted(samples)
    runs: list[Run] = []
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
) -> Run | None:
    """Return samples as a run; ``None`` if they follow no track."""
    firm = _track(places, samples, rates, lambda sums: sums.firm)
    if firm is None:
        return None
    potential = _track(places, samples, rates, lambda sums: sums.potential)
    return None if potential is None else Run(tuple(places), firm, potential)


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


def wanted_next(runs: Sequence[Run]) -> Iterator[int]:
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


def _inside(run: Run) -> Iterator[int]:
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
