"""The choice as numbers: items, what ties them, and what a set of them pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

Measure: TypeAlias = Literal["potential", "firm"]
Objective: TypeAlias = Measure
Merit: TypeAlias = tuple[int, int, int, tuple[int, ...]]
MEASURES: Final[tuple[Measure, Measure]] = ("potential", "firm")


class ImpossibleError(LookupError):
    """No set of items respects what is wished."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to choose.

    Attributes:
        potential: What it pays at most on its own, in yuan; more than 0.
        firm: What it pays for certain on its own, in yuan; at most ``potential``.
        pools: The caps it draws on, narrowest first, by name.
        quotas: The quotas it takes a place of, by name.
    """

    potential: int
    firm: int
    pools: tuple[str, ...] = ()
    quotas: tuple[str, ...] = ()

    def worth(self, measure: Measure) -> int:
        """Return what it pays on its own, in yuan."""
        return self.potential if measure == "potential" else self.firm


@dataclass(frozen=True, slots=True)
class Problem:
    """A choice to be made.

    Attributes:
        items: The items; their order is the order of keys.
        excludes: The pairs that cannot be chosen together, each as (lower, higher) index.
        limits: What each cap still allows, in yuan.
        places: How many items each quota still allows.
        objective: What is to be as high as possible; the other measure comes second.
        forced: Items that have to be chosen, whatever they pay.
        barred: Items that may not be chosen.
        forbidden: Sets that may not be chosen again.
    """

    items: Sequence[Item]
    excludes: frozenset[tuple[int, int]]
    limits: Mapping[str, int]
    places: Mapping[str, int]
    objective: Objective = "potential"
    forced: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()
    forbidden: tuple[frozenset[int], ...] = ()

    @property
    def is_wished(self) -> bool:
        """Whether anything but what may be paid restricts the choice."""
        return bool(self.forced or self.barred or self.forbidden)

    @property
    def key(self) -> Hashable:
        """The whole choice as one value: equal for equal choices."""
        return (
            tuple(self.items),
            self.excludes,
            tuple(sorted(self.limits.items())),
            tuple(sorted(self.places.items())),
            self.objective,
            self.forced,
            self.barred,
            self.forbidden,
        )

    @property
    def measures(self) -> tuple[Measure, Measure]:
        """The measures in the order in which they count."""
        return ("firm", "potential") if self.objective == "firm" else ("potential", "firm")

    def part(self, members: Sequence[int]) -> Problem:
        """Return the choice among some of the items, numbered anew in their order.

        Forbidden sets speak of all items, so they are left out.
        """
        new = {old: index for index, old in enumerate(members)}
        items = [self.items[old] for old in members]
        pools = {pool for item in items for pool in item.pools}
        quotas = {quota for item in items for quota in item.quotas}
        return Problem(
            items=items,
            excludes=frozenset((new[a], new[b]) for a, b in self.excludes if a in new and b in new),
            limits={pool: self.limits[pool] for pool in sorted(pools)},
            places={quota: self.places[quota] for quota in sorted(quotas)},
            objective=self.objective,
            forced=frozenset(new[index] for index in self.forced if index in new),
            barred=frozenset(new[index] for index in self.barred if index in new),
        )

    def feasible(self, chosen: Collection[int]) -> bool:
        """Return whether a set may be chosen."""
        held = set(chosen)
        if any(a in held and b in held for a, b in self.excludes):
            return False
        return all(
            sum(quota in self.items[index].quotas for index in held) <= count
            for quota, count in self.places.items()
        )

    def highest_first(self) -> frozenset[int]:
        """Return the set that the obvious rule gives: the highest sum first, whatever it displaces.

        What is forced comes before it, what is barred not at all.

        Raises:
            ImpossibleError: What is forced may not be chosen together.
        """
        if not self.feasible(self.forced):
            raise ImpossibleError
        chosen = set(self.forced)
        order = sorted(
            range(len(self.items)), key=lambda i: (-self.items[i].worth(self.objective), i)
        )
        for index in order:
            if index not in self.barred and self.feasible({*chosen, index}):
                chosen.add(index)
        return frozenset(chosen)

    def total(self, chosen: Iterable[int], measure: Measure) -> int:
        """Return what a set pays together, in yuan: cut cap by cap, narrowest first."""
        return sum(self.shares(chosen, measure).values())

    def merit(self, chosen: frozenset[int]) -> Merit:
        """Return what sets are ordered by: the lower, the better."""
        first, second = self.measures
        return (
            -self.total(chosen, first),
            -self.total(chosen, second),
            len(chosen),
            tuple(sorted(chosen)),
        )

    def shares(self, chosen: Iterable[int], measure: Measure) -> dict[int, int]:
        """Hand out a measure to the items of a set, in key order, as far as all caps allow."""
        left = dict(self.limits)
        shares = {}
        for index in sorted(chosen):
            item = self.items[index]
            share = min([item.worth(measure), *(left[pool] for pool in item.pools)])
            for pool in item.pools:
                left[pool] -= share
            shares[index] = share
        return shares


@dataclass(frozen=True, slots=True)
class Choice:
    """A solved choice.

    Attributes:
        chosen: The indices of the items chosen.
        total: What they pay by the objective, in yuan.
        bound: What no set can exceed, by the word of ``engine``.
        proved: Whether the total is proved to be the highest.
        singled_out: Whether, of all equally good sets, this is proved to be the one that the
            rules for ties single out.
        engine: What found it: ``arithmetic``, ``clingo`` or ``cp-sat``.
    """

    chosen: frozenset[int]
    total: int
    bound: int
    proved: bool
    singled_out: bool
    engine: str
