"""What a choice is worth: what forcing, leaving out, one more yuan of a cap would change.

Nothing of this is computed unless it is asked for. Only the component that a question touches is
solved again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policy_logic.select.problem import ImpossibleError
from policy_logic.select.selection import component_of, highest

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.decide.choosing import Chosen
    from policy_logic.derive.claims import Claim
    from policy_logic.logic.terms import Compound
    from policy_logic.select.problem import Problem


@dataclass(frozen=True, slots=True)
class Obvious:
    """What the obvious rule gives: the highest sum first, whatever that displaces later.

    Attributes:
        claims: The claims filed so.
        total: What they pay by the objective, in yuan.
        lost: By how much that is less than the plan.
    """

    claims: tuple[Claim, ...]
    total: int
    lost: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """What each part of a plan is worth, by the objective, in yuan.

    Attributes:
        forced: For each candidate left out that could be filed: by how much the total would
            fall were it filed.
        missed: For each claim chosen: by how much the total would fall without it.
        caps: For each cap that is used up: what one more yuan of it would bring.
        obvious: What the obvious rule gives.
    """

    forced: dict[Claim, int]
    missed: dict[Claim, int]
    caps: dict[Compound, int]
    obvious: Obvious


class Contraster:
    """Answers of what would be otherwise, over one choice."""

    def __init__(self, chosen: Chosen, specification: Path, seconds: float | None) -> None:
        self._chosen, self._specification, self._seconds = chosen, specification, seconds
        self._index = {claim: index for index, claim in enumerate(chosen.items)}
        self._best: dict[tuple[int, ...], int | None] = {}

    def change(self, claim: Claim) -> int | None:
        """Return by how much the total falls were a claim left out filed, or a chosen one not.

        Returns:
            ``None`` where the claim cannot be otherwise (support already received, a full quota
            or a wish rules it out, or it pays nothing), or where this is not proved in the time.
        """
        index = self._index.get(claim)
        if index is None:
            return None
        members, part = self._component(index)
        place = members.index(index)
        if claim in self._chosen.claims:
            other = replace(part, barred=part.barred | {place})
        else:
            other = replace(part, forced=part.forced | {place})
        return self._loss(members, part, other)

    def cap(self, pool: str) -> int | None:
        """Return what one more yuan of a cap would bring; ``None`` as for a claim."""
        problem = self._chosen.problem
        index = next(i for i, item in enumerate(problem.items) if pool in item.pools)
        members, part = self._component(index)
        if pool not in part.limits:
            return 0
        raised = replace(part, limits={**part.limits, pool: part.limits[pool] + 1})
        loss = self._loss(members, part, raised)
        return None if loss is None else -loss

    def obvious(self) -> Obvious:
        """Return what the obvious rule gives; what is wished comes first."""
        problem = self._chosen.problem
        filed = problem.highest_first()
        total = problem.total(filed, problem.objective)
        claims = tuple(self._chosen.items[index] for index in sorted(filed))
        return Obvious(claims, total, self._chosen.choice.total - total)

    def everything(self) -> Contrast:
        """Return the worth of every part of the plan."""
        changes = {claim: self.change(claim) for claim in self._chosen.items}
        told = {claim: change for claim, change in changes.items() if change is not None}
        caps = {
            pool: self.cap(name)
            for pool, name in self._chosen.names.items()
            if pool in self._chosen.full and name in self._chosen.problem.limits
        }
        return Contrast(
            forced={c: change for c, change in told.items() if c not in self._chosen.claims},
            missed={c: change for c, change in told.items() if c in self._chosen.claims},
            caps={pool: gain for pool, gain in caps.items() if gain is not None},
            obvious=self.obvious(),
        )

    def _component(self, index: int) -> tuple[tuple[int, ...], Problem]:
        members = tuple(component_of(self._chosen.problem, index))
        return members, self._chosen.problem.part(members)

    def _loss(self, members: tuple[int, ...], part: Problem, other: Problem) -> int | None:
        if members not in self._best:
            self._best[members] = highest(part, self._specification, self._seconds)
        before = self._best[members]
        try:
            after = highest(other, self._specification, self._seconds)
        except ImpossibleError:
            return None
        return None if before is None or after is None else before - after
