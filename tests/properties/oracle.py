"""The best plan, found without a solver: every set of claims is tried.

Written from the public contract of the decision alone; it shares no code with the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from policy_logic.derive.claims import Claim
    from policy_logic.derive.derivation import Candidate, Derivation

MOST_TIED: Final = 12


@dataclass(frozen=True)
class Best:
    """What the oracle finds.

    Attributes:
        filed: The claims to file that are worth something.
        paid: For each of them, the firm and the potential sum.
        firm: The firm total.
        potential: The potential total.
    """

    filed: frozenset[Claim]
    paid: Mapping[Claim, tuple[int, int]]
    firm: int
    potential: int


class Oracle:
    """The choice over one derivation."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.limits: dict[Any, int] = {
            pool: max(0, limit - derivation.drawn.get(pool, 0))
            for pool, limit in derivation.limits.items()
        }
        self.places = {
            quota: max(0, count - derivation.taken.get(quota, 0))
            for quota, count in derivation.places.items()
        }
        self.free = {
            claim: candidate
            for claim, candidate in derivation.candidates.items()
            if candidate.potential > 0 and not self.received(claim)
        }
        self.tied = [claim for claim, candidate in self.free.items() if self.is_tied(candidate)]

    def received(self, claim: Claim) -> bool:
        """Return whether support already received rules a claim out."""
        granted: Collection[Any] = self.derivation.granted
        return claim in granted or any(
            other in granted or other not in self.derivation.candidates
            for other in self.derivation.against[claim]
        )

    def is_tied(self, candidate: Candidate) -> bool:
        """Return whether anything may keep a claim from being filed and paid in full."""
        rivals = [other for other in self.derivation.against[candidate.claim] if other in self.free]
        return bool(rivals or candidate.pools or candidate.quotas)

    def best(self, objective: str = "potential") -> Best:
        """Return the best plan; a claim that nothing ties belongs to every best plan."""
        loose = [claim for claim in self.free if claim not in self.tied]
        chosen = min(self.sets(0, []), key=lambda claims: self.rank(claims, objective))
        filed = frozenset([*chosen, *loose])
        paid = self.paid(filed)
        return Best(
            filed, paid, sum(firm for firm, _ in paid.values()),
            sum(potential for _, potential in paid.values()),
        )  # fmt: skip

    def sets(self, at: int, chosen: list[Claim]) -> Iterator[list[Claim]]:
        """Yield every set of tied claims that may be filed together."""
        if at == len(self.tied):
            yield list(chosen)
            return
        yield from self.sets(at + 1, chosen)
        claim = self.tied[at]
        if not self.derivation.against[claim] & set(chosen) and self.has_place(claim, chosen):
            yield from self.sets(at + 1, [*chosen, claim])

    def has_place(self, claim: Claim, chosen: Sequence[Claim]) -> bool:
        """Return whether the quotas of a claim allow one more."""
        return all(
            sum(quota in self.free[other].quotas for other in chosen) < self.places[quota]
            for quota in self.free[claim].quotas
        )

    def rank(self, claims: Sequence[Claim], objective: str) -> tuple[Any, ...]:
        """Return what a set is judged by, the best set first."""
        potential = self.pays(claims, {c: self.free[c].potential for c in claims})
        firm = self.pays(claims, {c: self.free[c].firm for c in claims})
        sums = (-firm, -potential) if objective == "firm" else (-potential, -firm)
        return (*sums, len(claims), sorted(_key(claim) for claim in claims))

    def pays(self, claims: Sequence[Claim], worth: Mapping[Claim, int]) -> int:
        """Return what a set pays: amounts add up cap by cap, from the innermost outwards."""
        chains = {claim: list(self.free[claim].pools) for claim in claims}
        sums: list[tuple[list[Any], int]] = [(chains[claim], worth[claim]) for claim in claims]
        while any(chain for chain, _ in sums):
            longest = max(len(chain) for chain, _ in sums)
            pool = next(chain[0] for chain, _ in sums if len(chain) == longest)
            inside = [(chain, yuan) for chain, yuan in sums if chain and chain[0] == pool]
            outer = inside[0][0][1:]
            total = min(self.limits[pool], sum(yuan for _, yuan in inside))
            sums = [entry for entry in sums if entry not in inside]
            sums.append((outer, total))
        return sum(yuan for _, yuan in sums)

    def paid(self, claims: Collection[Claim]) -> dict[Claim, tuple[int, int]]:
        """Hand out the sums: firm ones in key order, then the rest in key order."""
        order = sorted(claims, key=_key)
        left = dict(self.limits)
        paid: dict[Claim, tuple[int, int]] = dict.fromkeys(order, (0, 0))
        for round_ in ("firm", "potential"):
            for claim in order:
                candidate, (firm, potential) = self.free[claim], paid[claim]
                asked = candidate.firm if round_ == "firm" else candidate.potential - potential
                given = min([asked, *(left[pool] for pool in candidate.pools)])
                for pool in candidate.pools:
                    left[pool] -= given
                certain = given if round_ == "firm" else firm
                paid[claim] = (certain, potential + given)
        return paid


def _key(claim: Claim) -> tuple[str, ...]:
    return tuple("" if part is None else str(part) for part in claim)
