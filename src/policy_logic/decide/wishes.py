"""Plans under a wish: some claims filed whatever they pay, some not filed, some lines kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.errors import Problem as Fault
from policy_logic.errors import RequestError
from policy_logic.facts.scalars import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.decide.choosing import Chosen
    from policy_logic.derive.claims import Claim
    from policy_logic.derive.derivation import Derivation


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan has to respect.

    Attributes:
        filed: The claims that it files.
        left: The claims that it does not file.
    """

    filed: frozenset[Claim]
    left: frozenset[Claim]

    def __bool__(self) -> bool:
        """Return whether anything is wished at all."""
        return bool(self.filed or self.left)


NO_WISH = Wish(frozenset(), frozenset())


def read_wish(
    derivation: Derivation,
    best: Chosen,
    filed: Sequence[str],
    left: Sequence[str],
    kept: Sequence[str],
) -> Wish:
    """Return a wish from the names of claims and lines.

    Args:
        derivation: What can be claimed.
        best: The plan without the wish.
        filed: The names of claims to be filed.
        left: The names of claims not to be filed.
        kept: Lines whose claims in the best plan are to stay.

    Raises:
        RequestError: A name is no candidate, a line has no claim in the best plan, or support
            already received rules a claim out.
    """
    wanted = {_claim(derivation, name) for name in filed}
    for claim in sorted(wanted, key=lambda claim: claim.order):
        if claim in best.settled:
            raise RequestError([Fault("request.wish_settled", None, {"claim": str(claim)})])
    for line in kept:
        own = {claim for claim in best.claims if claim.line == line}
        if not own:
            known = sorted({claim.line for claim in best.claims})
            details: dict[str, object] = {"line": line, "known": ", ".join(known)}
            raise RequestError([Fault("request.wish_line", None, details)])
        wanted |= own
    unwanted = {_claim(derivation, name) for name in left}
    both = wanted & unwanted
    if both:
        raise RequestError([Fault("request.wish_both", None, {"claim": str(min(both))})])
    return Wish(frozenset(wanted), frozenset(unwanted))


def _claim(derivation: Derivation, name: str) -> Claim:
    known = {str(claim): claim for claim in derivation.candidates}
    if name not in known:
        details: dict[str, object] = {"claim": name, "near": nearest(name, list(known))}
        raise RequestError([Fault("request.claim_unknown", None, details)])
    return known[name]
