"""From a refusal to every way in which a line could hold, as sets of what each way needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.prove.refusal import Attempt, Failed, Reason, Refusal, Unknown
from policy_logic.remedies.needs import Way, joined, merged, smallest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.remedies.conditions import Conditions
    from policy_logic.remedies.standing import Stays
    from policy_logic.remedies.unknowns import Unknowns

MOST_WAYS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A condition that no change of a fact can make hold.

    Attributes:
        leaf: The condition.
        attempt: The way on which it stands.
        stays: Why the fact that decides stays as it is; empty where no fact decides.
        is_contrary: Whether it could be met, but not together with the conditions beside it.
    """

    leaf: Failed | Unknown
    attempt: Attempt
    stays: Stays
    is_contrary: bool = False

    @property
    def kind(self) -> str:
        """What stands in the way, as one of the words that the page and JSON use."""
        leaf = self.leaf
        if self.is_contrary:
            return "contrary"
        if isinstance(leaf, Unknown):
            return "open"
        if leaf.condition.startswith("recipient"):
            return "recipient"
        if leaf.rule.head.name == "in_force":
            return "in_force"
        return self.stays or "other"


class WaysToHold:
    """Every way in which something refused could hold, in one version of a case.

    Attributes:
        obstacles: The conditions that nothing can be done about, as far as they were met.
        is_cut: Whether there were too many ways to look at all.
    """

    def __init__(
        self,
        conditions: Conditions,
        unknowns: Unknowns,
        stays: Callable[[str], Stays],
        vocabulary: Vocabulary,
    ) -> None:
        self._conditions, self._unknowns = conditions, unknowns
        self._stays, self._vocabulary = stays, vocabulary
        self._known: dict[int, list[Way]] = {}
        self.obstacles: list[Obstacle] = []
        self.is_cut = False

    def ways(self, refusal: Refusal) -> list[Way]:
        """Return the smallest sets of needs, one for each way to meet every condition of a way."""
        return smallest(merged(self._ways(refusal)))

    def _ways(self, refusal: Refusal) -> list[Way]:
        known = self._known.get(id(refusal))
        if known is None:
            found = [way for a in refusal.attempts if not a.is_gate for way in self._attempt(a)]
            known = self._known[id(refusal)] = self._bounded(smallest(found))
        return known

    def _attempt(self, attempt: Attempt) -> list[Way]:
        own = [r for r in attempt.unmet if not (isinstance(r, Failed) and r.is_consequence)]
        options = [self._reason(reason, attempt) for reason in own or attempt.unmet]
        found: list[Way] = [frozenset()]
        for ways in sorted(options, key=len):
            both = [joined(one, other) for one in found for other in ways]
            found = self._bounded(smallest(way for way in both if way is not None))
        if not found and all(options):  # each can be met, but not all at once
            for reason in attempt.unmet:
                if not isinstance(reason, Refusal):
                    self.obstacles.append(Obstacle(reason, attempt, "", is_contrary=True))
        return found

    def _bounded(self, ways: list[Way]) -> list[Way]:
        self.is_cut = self.is_cut or len(ways) > MOST_WAYS
        return ways[:MOST_WAYS]

    def _reason(self, reason: Reason, attempt: Attempt) -> Sequence[Way]:
        if isinstance(reason, Refusal):
            return self._ways(reason)
        if isinstance(reason, Unknown):
            found = list(self._unknowns.ways(reason, attempt))
        else:
            found = list(self._conditions.ways(reason, attempt))
        if not found and not getattr(reason, "is_gate", False):
            stays = self._stays(reason.fact) if reason.fact else ""
            self.obstacles.append(Obstacle(reason, attempt, stays))
        return merged(found)
