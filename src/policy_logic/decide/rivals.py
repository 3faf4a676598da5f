"""Claims that no completion of a case lets be filed, or not together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from policy_logic.derive.claims import Claim, claim_of
from policy_logic.derive.opening import FILED
from policy_logic.logic.terms import Compound, Fact, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from policy_logic.derive.derivation import Derivation
    from policy_logic.logic.solver import Possibilities

_MOST_SHRUNK: Final = 8
_PAIR: Final = 2


class Rivals:
    """What is known not to go together in any completion of one case; it grows as it is asked.

    Attributes:
        pairs: Claims that cannot both be filed.
        barred: Claims that cannot be filed at all, among them those granted already.
    """

    def __init__(self, possible: Possibilities, derivation: Derivation) -> None:
        """Prepare.

        Args:
            possible: The case with everything open that it leaves unsaid.
            derivation: The case as it is.
        """
        self.pairs: set[frozenset[Claim]] = set()
        self.barred: set[Claim] = {*derivation.granted}
        self._possible, self._granted = possible, derivation.granted
        self._tested: set[frozenset[Claim]] = set()

    def look_among(self, claims: Collection[Claim]) -> bool:
        """Find claims that cannot be filed together; return whether any are found anew."""
        return self._pairs_among(claims) or self._note(
            [found for found in self._conflicts(claims) if len(found) <= _PAIR]
        )

    def _note(self, conflicts: Collection[frozenset[Claim]]) -> bool:
        """Remember what cannot be filed, or not together; return whether there is any."""
        for conflict in conflicts:
            if len(conflict) == _PAIR:
                self.pairs.add(conflict)
            else:
                self.barred.update(conflict)
        return bool(conflicts)

    def _pairs_among(self, claims: Collection[Claim]) -> bool:
        """Find, of claims that may stand against each other, those that always do."""
        found = []
        for claim in claims:
            for other, _ in self.against.get(claim, ()):
                pair = frozenset((claim, other or claim))
                if (other is None or other in claims) and pair not in self._tested:
                    self._tested.add(pair)
                    wanted = self.wanted({claim, other} if other else {claim})
                    if self._possible.conflict(wanted) is not None:
                        found.append(frozenset(self._smaller(set(pair))))
        return self._note(found)

    def wanted(self, claims: Iterable[Claim]) -> list[tuple[Fact, bool]]:
        """Return what has to hold so that claims may be filed together."""
        wanted: list[tuple[Fact, bool]] = []
        chosen = set(claims)
        for claim in sorted(chosen, key=lambda claim: claim.order):
            wanted.append((filed(claim), True))
            for other, term in self.against.get(claim, ()):
                if other is None or other in chosen or other in self._granted:
                    wanted.append((Fact("stands_against", (claim.term, term)), False))
        return wanted

    @cached_property
    def against(self) -> Mapping[Claim, list[tuple[Claim | None, Value]]]:
        """What may stand against each claim; ``None`` for support from elsewhere."""
        found: dict[Claim, list[tuple[Claim | None, Value]]] = {}
        for first, second in self._possible.may_hold("stands_against", 2):
            assert isinstance(second, Compound)  # noqa: S101 - the rules' promise, told to mypy
            other = claim_of(second) if second.name == "claim" else None
            found.setdefault(claim_of(first), []).append((other, second))
        return found

    def _conflicts(self, claims: Collection[Claim]) -> Iterator[frozenset[Claim]]:
        """Yield sets of claims, no two with one in common, that cannot be filed together."""
        left = set(claims)
        while left:
            wanted = self.wanted(left)
            core = self._possible.conflict(wanted)
            if core is None:
                return
            found = {name for place in core for name in self._named(wanted[place])}
            found = self._smaller(found) if len(found) <= _MOST_SHRUNK else found
            yield frozenset(found)
            left -= found

    def _named(self, wanted: tuple[Fact, bool]) -> Iterator[Claim]:
        for term in wanted[0].args:
            if isinstance(term, Compound) and term.name == "claim":
                claim = claim_of(term)
                if claim not in self._granted:
                    yield claim

    def _smaller(self, claims: set[Claim]) -> set[Claim]:
        """Leave out of a conflict what it does not need."""
        for claim in sorted(claims, key=lambda claim: claim.order):
            if len(claims) == 1:
                break
            rest = claims - {claim}
            if self._possible.conflict(self.wanted(rest)) is not None:
                claims = rest
        return claims

    def may_be_out(self, claim: Claim) -> bool:
        """Return whether support already received may rule a claim out."""
        return claim in self._granted or any(
            other is None or other in self._granted for other, _ in self.against.get(claim, ())
        )


def filed(claim: Claim) -> Fact:
    """Return the atom that a claim is a candidate."""
    return Fact(FILED, (claim.term,))
