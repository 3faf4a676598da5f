"""What a change of a policy comes to over many cases: the budget, who gains and who loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.decide.decision import Sums
from policy_logic.decide.planning import Planner
from policy_logic.facts.case import case_of, with_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from policy_logic.facts.source import Node
    from policy_logic.lab.versions import Version


@dataclass(frozen=True, slots=True)
class Paid:
    """What one version pays one applicant.

    Attributes:
        totals: The totals of the best plan.
        by_line: What it pays by line.
        proved: Whether no set of claims pays more.
        undated: Whether it is not known from when the version is in force, so that it pays nothing.
    """

    totals: Sums
    by_line: Mapping[str, Sums]
    proved: bool
    undated: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change comes to for one applicant.

    Attributes:
        applicant: The applicant's id.
        label: The applicant's name.
        as_of: The day of the case.
        before: What the old version pays.
        after: What the new version pays.
    """

    applicant: str
    label: str
    as_of: date
    before: Paid
    after: Paid

    @property
    def gain(self) -> Sums:
        """What the applicant gains, below 0 for a loss."""
        return _less(self.after.totals, self.before.totals)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a change comes to for all cases together.

    Attributes:
        effects: What it comes to for each applicant, in the order of the cases.
    """

    effects: tuple[Effect, ...]

    @property
    def before(self) -> Sums:
        """What the old version pays to all."""
        return _sum(effect.before.totals for effect in self.effects)

    @property
    def after(self) -> Sums:
        """What the new version pays to all."""
        return _sum(effect.after.totals for effect in self.effects)

    @property
    def winners(self) -> tuple[Effect, ...]:
        """Those who gain, the greatest gain first: by what is possible, then by what is certain."""
        return tuple(effect for effect in self._ordered() if _order(effect) > (0, 0))

    @property
    def losers(self) -> tuple[Effect, ...]:
        """Those who lose, the greatest loss first."""
        return tuple(effect for effect in reversed(self._ordered()) if _order(effect) < (0, 0))

    @property
    def by_line(self) -> dict[str, tuple[Sums, Sums]]:
        """What each line pays to all, before and after, of the lines that pay otherwise."""
        names = dict.fromkeys(
            line for effect in self.effects for paid in (effect.before, effect.after)
            for line in paid.by_line
        )  # fmt: skip
        found = {
            name: (
                _sum(effect.before.by_line.get(name, Sums(0, 0)) for effect in self.effects),
                _sum(effect.after.by_line.get(name, Sums(0, 0)) for effect in self.effects),
            )
            for name in sorted(names)
        }
        return {name: sums for name, sums in found.items() if sums[0] != sums[1]}

    def _ordered(self) -> list[Effect]:
        return sorted(self.effects, key=_order, reverse=True)


def effects_of(
    old: Version, new: Version, cases: Iterable[Node], seconds: float | None = None
) -> Iterator[Effect]:
    """Yield what a change comes to, applicant by applicant.

    Each version decides alone: no other policy is at hand, so that the difference is its own.

    Args:
        old: The version before.
        new: The version after.
        cases: The trees of the cases.
        seconds: The longest time to search for a plan; ``None`` for no limit.

    Raises:
        FactsError: A case is wrong for one of the versions.
    """
    for root in cases:
        case = case_of(root, old.book.vocabulary)
        label = case.entities[case.applicant].label
        before, after = (_paid(version, root, seconds) for version in (old, new))
        yield Effect(case.applicant, label, case.as_of, before, after)


def _paid(version: Version, root: Node, seconds: float | None) -> Paid:
    case = with_readings(case_of(root, version.book.vocabulary), version.readings)
    planner = Planner(case, version.book, seconds=seconds)
    by_line: dict[str, Sums] = {}
    for claim, sums in planner.chosen.paid.items():
        by_line[claim.line] = _sum((by_line.get(claim.line, Sums(0, 0)), sums))
    return Paid(
        planner.chosen.totals,
        by_line,
        planner.chosen.choice.proved,
        version.policy.id in planner.derivation.atoms.undated,
    )


def _order(effect: Effect) -> tuple[int, int]:
    return effect.gain.potential, effect.gain.firm


def _less(sums: Sums, other: Sums) -> Sums:
    return Sums(sums.firm - other.firm, sums.potential - other.potential)


def _sum(every: Iterable[Sums]) -> Sums:
    pairs = [(sums.firm, sums.potential) for sums in every]
    return Sums(sum(firm for firm, _ in pairs), sum(potential for _, potential in pairs))
