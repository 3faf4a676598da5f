"""What hangs on each way to read the texts: the plans under other readings, side by side.

One grounding serves them all (see :meth:`~policy_logic.derive.derivation.Derivation.under`), and
readings that leave the same to choose from share one choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.decide.choosing import WishImpossibleError
from policy_logic.decide.decision import Sums

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from policy_logic.decide.choosing import Chosen
    from policy_logic.decide.planning import Planner
    from policy_logic.derive.claims import Claim
    from policy_logic.derive.derivation import Derivation
    from policy_logic.rulebook.policy import Reading

    Choose: TypeAlias = Callable[[Derivation], Chosen]

MOST_COMBINATIONS: Final = 256


@dataclass(frozen=True, slots=True)
class Outcome:
    """The plan under some values of readings.

    Attributes:
        values: The readings that are taken otherwise than in the case, with their values; empty
            for the case as it is.
        totals: What the plan pays together.
        paid: What each of its claims is paid.
        proved: Whether it is proved to be the best.
    """

    values: Mapping[str, str]
    totals: Sums
    paid: Mapping[Claim, Sums]
    proved: bool

    def same_plan(self, other: Outcome) -> bool:
        """Return whether two plans file the same claims and pay the same for each."""
        return self.paid == other.paid


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A reading and what each of its values would pay.

    Attributes:
        reading: The reading.
        value: The value that the case takes.
        others: The plan under each of the other values.
    """

    reading: Reading
    value: str
    others: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the total reaches over several plans.

    Attributes:
        plans: How many there are.
        firm: The lowest and the highest sum that is certain, in yuan.
        potential: The lowest and the highest possible sum, in yuan.
        lowest: The plan that pays least by the objective; of several, the one that takes the
            fewest readings otherwise than the case.
        highest: The plan that pays most, likewise.
        proved: Whether each of them is proved to be the best under its readings.
    """

    plans: int
    firm: tuple[int, int]
    potential: tuple[int, int]
    lowest: Outcome
    highest: Outcome
    proved: bool


@dataclass(frozen=True, slots=True)
class Footing:
    """Whether a claim of the plan is filed however the texts are read.

    Attributes:
        claim: The claim.
        paid: What it is paid in the plan.
        least: The least that it is paid in a plan that files it, over all plans compared.
        unsafe_under: The single values under which it is not filed, each as name and value.
        unsafe_together: The fewest values under which together it is not filed, where no single
            one suffices; empty where there are none, or where they were not looked at.
    """

    claim: Claim
    paid: Sums
    least: Sums
    unsafe_under: tuple[tuple[str, str], ...]
    unsafe_together: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadingsCompared:
    """What hangs on the readings in one case.

    Attributes:
        plan: The plan under the readings of the case.
        ambiguities: The readings of which some value changes the plan.
        without_effect: The readings that change nothing, by name.
        not_in_force: The readings of policies of which it is not known from when they are in
            force, by name; they change nothing either.
        footings: The claims of the plan, in key order.
        singly: The spread over one reading taken otherwise at a time.
        together: The spread over all combinations; ``None`` if there are more than
            ``MOST_COMBINATIONS``.
        combinations: How many combinations there are of the readings that change what can be
            claimed, by themselves or beside another one.
    """

    plan: Outcome
    ambiguities: tuple[Ambiguity, ...]
    without_effect: tuple[str, ...]
    not_in_force: tuple[str, ...]
    footings: tuple[Footing, ...]
    singly: Spread
    together: Spread | None
    combinations: int


def single_outcomes(
    derivation: Derivation, choose: Choose
) -> Iterator[tuple[Reading, str, Outcome | None]]:
    """Yield the plan under each other value of each reading that changes what follows.

    There is none where no plan respects the wish under that value.

    Args:
        derivation: What could be claimed.
        choose: How to choose under another reading.
    """
    for reading, value, changed in _singles(derivation):
        try:
            yield reading, value, outcome_of(choose(changed), {reading.name: value})
        except WishImpossibleError:
            yield reading, value, None


def outcome_of(chosen: Chosen, values: Mapping[str, str] | None = None) -> Outcome:
    """Return a choice as the outcome of some values of readings, by default of the case's own."""
    claims = sorted(chosen.claims, key=lambda claim: claim.order)
    paid = {claim: chosen.paid[claim] for claim in claims}
    return Outcome(values or {}, chosen.totals, paid, chosen.choice.proved)


def compare_readings(planner: Planner) -> ReadingsCompared:
    """Compare the plans of a case under every value of every reading.

    Args:
        planner: The case.

    Raises:
        RequestError: The planner's engine cannot reckon with the sums of a plan, or no plan
            respects its wish under some readings.
    """
    derivation = planner.derivation
    choose = _remembering(planner.choose)
    plan = outcome_of(planner.chosen)
    singles = list(_singles(derivation))
    found = [
        (reading, outcome_of(choose(changed), {reading.name: value}))
        for reading, value, changed in singles
    ]
    matter = {reading.name for reading, other in found if not other.same_plan(plan)}
    names = _that_change(derivation, singles)
    readings = derivation.book.readings
    combinations = prod(len(readings[name].values) for name in names)
    combined: list[Outcome] = []
    if combinations <= MOST_COMBINATIONS:
        combined = [
            outcome_of(choose(derivation.under(values) or derivation), values)
            for values in _combinations(derivation, names)
        ]
    single = [plan, *(other for _, other in found)]
    return ReadingsCompared(
        plan=plan,
        ambiguities=tuple(_ambiguity(planner, name, found) for name in readings if name in matter),
        without_effect=tuple(
            name for name in readings if name not in matter and not _is_undated(derivation, name)
        ),
        not_in_force=tuple(
            name for name in readings if name not in matter and _is_undated(derivation, name)
        ),
        footings=tuple(_footing(claim, plan, single, combined) for claim in plan.paid),
        singly=_spread(single, planner.objective),
        together=_spread(combined, planner.objective) if combined else None,
        combinations=combinations,
    )


def _ambiguity(planner: Planner, name: str, found: Sequence[tuple[Reading, Outcome]]) -> Ambiguity:
    """Return a reading that matters; a value that changes nothing has the plan itself."""
    reading = planner.book.readings[name]
    value = planner.derivation.readings[name]
    known = {other.values[name]: other for own, other in found if own.name == name}
    plan = planner.chosen
    return Ambiguity(
        reading,
        value,
        tuple(
            known.get(other) or outcome_of(plan, {name: other})
            for other in reading.values
            if other != value
        ),
    )


def _singles(derivation: Derivation) -> Iterator[tuple[Reading, str, Derivation]]:
    """Yield what follows under each other value that makes a difference to it."""
    for name, reading in derivation.book.readings.items():
        if _is_undated(derivation, name):
            continue
        for other in reading.values:
            if other == derivation.readings[name]:
                continue
            changed = derivation.reading(name, other)
            if changed is not None:
                yield reading, other, changed


def _is_undated(derivation: Derivation, name: str) -> bool:
    """Return whether a reading is about a policy without a first day, so about nothing."""
    return derivation.book.readings[name].policy in derivation.atoms.undated


def _that_change(
    derivation: Derivation, singles: Sequence[tuple[Reading, str, Derivation]]
) -> list[str]:
    """Return the readings that change what can be claimed, by themselves or beside another."""
    alone = [(reading.name, d) for reading, _, d in singles if d.basis != derivation.basis]
    names = {name for name, _ in alone}
    for _, changed in alone:
        for reading, _, both in _singles(changed):
            if reading.name not in names and both.basis != changed.basis:
                names.add(reading.name)
    return [name for name in derivation.book.readings if name in names]


def _combinations(derivation: Derivation, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield every combination of values, as what differs from the readings of the case."""
    readings = derivation.book.readings
    for values in product(*(readings[name].values for name in names)):
        taken = dict(zip(names, values, strict=True))
        yield {n: value for n, value in taken.items() if value != derivation.readings[n]}


def _remembering(choose: Choose) -> Choose:
    """Return how to choose, once for all derivations that leave the same choice."""
    known: dict[Hashable, Chosen] = {}

    def remembering(derivation: Derivation) -> Chosen:
        if derivation.basis not in known:
            known[derivation.basis] = choose(derivation)
        return known[derivation.basis]

    return remembering


def _spread(plans: Sequence[Outcome], objective: str) -> Spread:
    def rank(outcome: Outcome) -> int:
        totals = outcome.totals
        return totals.firm if objective == "firm" else totals.potential

    by_changes = sorted(plans, key=lambda outcome: len(outcome.values))
    firm = [outcome.totals.firm for outcome in plans]
    potential = [outcome.totals.potential for outcome in plans]
    return Spread(
        plans=len(plans),
        firm=(min(firm), max(firm)),
        potential=(min(potential), max(potential)),
        lowest=min(by_changes, key=rank),
        highest=max(by_changes, key=rank),
        proved=all(outcome.proved for outcome in plans),
    )


def _footing(
    claim: Claim, plan: Outcome, single: Sequence[Outcome], combined: Sequence[Outcome]
) -> Footing:
    filed = [outcome.paid[claim] for outcome in (*single, *combined) if claim in outcome.paid]
    alone = tuple(
        pair for other in single if claim not in other.paid for pair in other.values.items()
    )
    without = [outcome.values for outcome in combined if claim not in outcome.paid]
    return Footing(
        claim=claim,
        paid=plan.paid[claim],
        least=Sums(min(s.firm for s in filed), min(s.potential for s in filed)),
        unsafe_under=alone,
        unsafe_together={} if alone else min(without, key=len, default={}),
    )
