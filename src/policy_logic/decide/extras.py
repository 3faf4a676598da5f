"""What ``plan`` is asked for besides the plan: wishes, alternatives, contrast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from policy_logic.decide.report import decision_json
from policy_logic.decide.wishes import NO_WISH, read_wish

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decision
    from policy_logic.decide.planning import Alternative, Planner
    from policy_logic.language import Language


class Wished(NamedTuple):
    """A case to be planned, and the same without its wish.

    Attributes:
        planner: The case under the wish.
        best: The case without it.
    """

    planner: Planner
    best: Planner

    @property
    def cost(self) -> int:
        """By how much the wish lowers the total, in yuan of the objective."""
        return self.best.chosen.choice.total - self.planner.chosen.choice.total


@dataclass(frozen=True, slots=True)
class Extras:
    """The options of ``plan`` that ask for more than the best plan.

    Attributes:
        filed: The claims to file.
        left: The claims not to file.
        kept: The lines of which to keep what the best plan files.
        alternatives: How many of the best plans to tell.
        has_contrast: Whether to tell what each part is worth.
        has_proofs: Whether to prove everything.
    """

    filed: tuple[str, ...]
    left: tuple[str, ...]
    kept: tuple[str, ...]
    alternatives: int
    has_contrast: bool
    has_proofs: bool = False

    def wished(self, planner: Planner) -> Wished:
        """Return a case under the wish.

        Raises:
            RequestError: The wish names what does not exist, or cannot be granted.
        """
        if not (self.filed or self.left or self.kept):
            return Wished(planner, planner)
        wish = read_wish(planner.derivation, planner.chosen, self.filed, self.left, self.kept)
        under = planner if wish == NO_WISH else planner.under(wish)
        under.chosen  # noqa: B018 - a wish that cannot be granted is refused before printing
        return Wished(under, planner)

    def document(self, wished: Wished, decision: Decision, language: Language) -> dict[str, Any]:
        """Return a decision as JSON, with what else was asked for except proofs."""
        planner = wished.planner
        document = decision_json(decision, language)
        if wished.best is not planner:
            document["wish"] = {
                "with": [str(claim) for claim in sorted(planner.wish.filed)],
                "without": [str(claim) for claim in sorted(planner.wish.left)],
                "best_total": wished.best.chosen.choice.total,
                "cost": wished.cost,
            }
        if self.alternatives:
            document["alternatives"] = [
                _alternative(found) for found in planner.alternatives(self.alternatives)
            ]
        if self.has_contrast:
            document["contrast"] = _contrast(planner)
        return document


def _alternative(found: Alternative) -> dict[str, Any]:
    return {
        "totals": {"firm": found.totals.firm, "potential": found.totals.potential},
        "claims": [str(claim) for claim in found.claims],
        "added": [str(claim) for claim in found.added],
        "dropped": [str(claim) for claim in found.dropped],
    }


def _contrast(planner: Planner) -> dict[str, Any]:
    found = planner.contraster.everything()
    return {
        "forcing_costs": {str(claim): loss for claim, loss in found.forced.items()},
        "missing_costs": {str(claim): loss for claim, loss in found.missed.items()},
        "one_more_yuan_of_cap": {
            planner.chosen.names[pool]: gain for pool, gain in found.caps.items()
        },
        "highest_first": {
            "claims": [str(claim) for claim in found.obvious.claims],
            "total": found.obvious.total,
            "less": found.obvious.lost,
        },
    }
