"""The choice among claims that may be filed, priced for a bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.derive.claims import claim_of
from policy_logic.logic.terms import Compound
from policy_logic.select.problem import Item, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from policy_logic.derive.claims import Claim
    from policy_logic.derive.derivation import Derivation
    from policy_logic.logic.solver import Possibilities


class Bounding:
    """Makes the choices whose best totals bound those of all completions of one case."""

    def __init__(self, possible: Possibilities, derivation: Derivation) -> None:
        """Prepare.

        Args:
            possible: The case with everything open that it leaves unsaid.
            derivation: The case as it is.
        """
        self._possible, self._derivation = possible, derivation
        self._known_ties: dict[str, dict[Claim, list[Compound]]] = {}

    def problem(
        self,
        claims: Sequence[Claim],
        worth: Mapping[Claim, int],
        pairs: Collection[frozenset[Claim]],
        *,
        surely: bool,
    ) -> Problem:
        """Return the choice among claims.

        Args:
            claims: The claims.
            worth: What each is worth, in yuan.
            pairs: The pairs that exclude each other.
            surely: Whether only caps and quotas count that hold in every completion, else all
                that may.
        """
        index = {claim: number for number, claim in enumerate(claims)}
        pools = {
            claim: self._tied("draws_on", "annual_cap", claim, surely=surely) for claim in claims
        }
        quotas = {
            claim: self._tied("takes_place", "annual_quota", claim, surely=surely)
            for claim in claims
        }
        size: dict[Compound, int] = {}
        for own in pools.values():
            for pool in own:
                size[pool] = size.get(pool, 0) + 1
        derivation = self._derivation
        return Problem(
            items=[
                Item(
                    worth[claim],
                    worth[claim],
                    tuple(map(str, sorted(pools[claim], key=lambda p: (size[p], str(p))))),
                    tuple(map(str, quotas[claim])),
                )
                for claim in claims
            ],
            excludes=frozenset(
                (min(places), max(places))
                for pair in pairs
                if len(places := [index[claim] for claim in pair if claim in index]) == 2
            ),
            limits={
                str(pool): max(0, self._number(pool) - self._drawn(pool, surely=surely))
                for pool in sorted(size, key=str)
            },
            places={
                str(quota): max(0, self._number(quota) - derivation.taken.get(quota, 0))
                for quota in sorted({q for own in quotas.values() for q in own}, key=str)
            },
        )

    def _tied(
        self, predicate: str, declared: str, claim: Claim, *, surely: bool
    ) -> tuple[Compound, ...]:
        """Return the caps, or the quotas, of a claim: those it surely has, or all it may have."""
        own = self._ties(predicate).get(claim, ())
        if not surely:
            return tuple(own)
        lines = self._possible.may_hold(declared, 2)
        names = [str(pool.args[0]) for pool in own]
        return tuple(
            pool
            for pool, name in zip(own, names, strict=True)
            if names.count(name) == 1 and lines.get((claim.line, name))
        )

    def _ties(self, predicate: str) -> Mapping[Claim, list[Compound]]:
        known = self._known_ties.get(predicate)
        if known is None:
            known = self._known_ties[predicate] = {}
            for claim, pool in self._possible.may_hold(predicate, 2):
                assert isinstance(pool, Compound)  # noqa: S101 - the rules' promise, told to mypy
                known.setdefault(claim_of(claim), []).append(pool)
            for own in known.values():
                own.sort(key=str)
        return known

    def _drawn(self, pool: Compound, *, surely: bool) -> int:
        """Return what grants have drawn from a cap, for certain or at most."""
        derivation = self._derivation
        drawing = self._possible.may_hold("draws_on", 2)
        return sum(
            self._derivation.case.grants[entry - 1].amount
            for claim, entries in derivation.granted.items()
            for entry in entries
            if (claim.term, pool) in drawing and (not surely or drawing[claim.term, pool])
        )

    def _number(self, pool: Compound) -> int:
        return _whole(self._derivation.book.numbers[str(pool.args[0])].value)


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - the rules' promise, told to mypy
    return value
