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
from policy_logic.decide.sampling import Run, Sample, Sampler, runs_of, wanted_next

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from policy_logic.decide.lines import Track
    from policy_logic.decide.planning import Planner
    from policy_logic.derive.claims import Claim
    from policy_logic.facts.model import Case

_GRID: Final = 32


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
    sampler = Sampler(planner, case_at)
    width = step or max(1, (high - low) // _GRID)
    sampler.look({low, high})
    sampler.look({*range(low, high + 1, width), *looked_at})
    rates = _rates(planner)
    runs: list[Run] = []
    wanted: set[int] = set()
    while True:
        runs = runs_of(sampler.samples, rates)
        wanted = set(wanted_next(runs)) - set(sampler.samples)
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


def _pieces(runs: Sequence[Run], samples: Mapping[int, Sample]) -> Iterator[Piece]:
    """Yield runs as pieces; neighbours on the same lines are one piece."""
    start = 0
    for index, run in enumerate(runs):
        following = runs[index + 1] if index + 1 < len(runs) else None
        if following is not None and _continues(run, following, samples):
            continue
        low, high = runs[start].places[0], run.places[-1]
        yield Piece(low, high, samples[low].totals, samples[high].totals, run.firm, run.potential)
        start = index + 1


def _continues(left: Run, right: Run, samples: Mapping[int, Sample]) -> bool:
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
