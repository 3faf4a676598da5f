"""A sweep as it was asked for, and why each claim changes at a cliff."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from policy_logic.decide.whatif import compare_plans
from policy_logic.facts.paths import shown_value, value_at
from policy_logic.language import Language, say
from policy_logic.tell.reasons import turned_sentence
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policy_logic.decide.planning import Planner
    from policy_logic.decide.sweeping import Cliff, Swept
    from policy_logic.decide.whatif import Turned
    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.facts.sweeps import Sweep

MOST_EXPLAINED = 24


class Asked(NamedTuple):
    """A sweep of one case.

    Attributes:
        sweep: The fact and its range.
        root: The tree of the case as it is.
        planner: The case as it is.
        case_at: The case with the fact at a value, given as a whole number.
        planned: A version of the case, ready to be planned.
    """

    sweep: Sweep
    root: Node
    planner: Planner
    case_at: Callable[[int], Case]
    planned: Callable[[Case], Planner]

    @property
    def here(self) -> int | None:
        """The value that the case gives, as a whole number; ``None`` if it gives none."""
        written = shown_value(value_at(self.root, self.sweep.path))
        if not written:
            return None
        value: int | Decimal | date
        if self.sweep.scale.type == "date":
            value = date.fromisoformat(written)
        else:
            value = Decimal(written.replace("_", ""))
            value = value if self.sweep.scale.type == "share" else int(value)
        return self.sweep.scale.place(value)

    def shown(self, at: int, words: Wording) -> str:
        """Return a value as people write it, without its unit."""
        value = self.sweep.scale.value(at)
        if isinstance(value, date):
            return value.isoformat()
        return words.value(value, "share") if isinstance(value, Decimal) else f"{value:,}"


class Explained(NamedTuple):
    """A cliff, and why each claim changes there.

    Attributes:
        cliff: The cliff.
        turned: The claims, the largest difference first, each with the reason.
    """

    cliff: Cliff
    turned: tuple[tuple[Turned, str], ...]


def explained_cliffs(asked: Asked, swept: Swept, language: Language) -> Iterator[Explained]:
    """Yield the cliffs, the first of them with the reasons."""
    for number, cliff in enumerate(swept.cliffs):
        told = tuple(_reasons(asked, cliff, language)) if number < MOST_EXPLAINED else ()
        yield Explained(cliff, told)


def _reasons(asked: Asked, cliff: Cliff, language: Language) -> Iterator[tuple[Turned, str]]:
    below, above = (asked.planned(asked.case_at(at)) for at in (cliff.below, cliff.above))
    turned = {t.claim: t for t in compare_plans(below, above, refusals=False).turned}
    for claim, _, _ in cliff.moved:
        own = turned[claim]
        is_below = own.missing_side == "before"
        planner = below if is_below else above
        words = Wording(planner.derivation, language)
        reason = turned_sentence(own, planner, words)
        if own.turn != "resized":
            at = asked.shown(cliff.below if is_below else cliff.above, words)
            reason = say("sweep.reason", language, at=at, reason=reason)
        yield own, reason
