"""The answer as values: sets of changes, cheapest first, and what each is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decided, Sums
    from policy_logic.decide.planning import Planner
    from policy_logic.errors import FactsError
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.refusals import Target
    from policy_logic.remedies.settings import Settings
    from policy_logic.remedies.standing import By
    from policy_logic.remedies.ways import Obstacle

Cost: TypeAlias = tuple[int, int, int, int, Fraction, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Move:
    """One fact taken otherwise.

    Attributes:
        path: Where it stands, as ``work.gucheng.split_revenue.2025``; a member of a set has a
            path of its own.
        before: Its value as the file writes it; empty where it is unknown.
        after: The value that was tried, the nearest that is enough.
        attribute: What it is; ``None`` for the day of the case and for the outcome of a review.
        by: Who can bring it about.
        least: Of a figure or a day, the lowest value that would do, others staying as tried;
            empty where none is too low.
        most: The highest that would do; empty where none is too high.
        far: How far it is, in yuan; 0 where no sum is known and changed.
        share: How far it is as a share of the present value; 0 where there is no figure.
    """

    path: str
    before: str
    after: str
    attribute: Attribute | None
    by: By
    least: str = ""
    most: str = ""
    far: int = 0
    share: Fraction = Fraction(0)

    @property
    def to_be(self) -> Literal["shown", "changed"]:
        """Whether it is unknown now and has to be shown, or known and has to change."""
        return "changed" if self.before else "shown"


Part: TypeAlias = tuple[Move, ...]
"""Moves of which any one will do."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """A smallest set of changes that makes the line hold, and what it is worth.

    Attributes:
        parts: What has to be otherwise; of each part any one move, and nothing can be left out.
        settings: The set that was tried first, one move of each part.
        decided: What becomes of the claim then.
        after: What the best plan then pays in all.
        full: The number of a full cap that the claim draws on; empty where there is none.
        proved: Whether that plan is proved to be the best.
    """

    parts: tuple[Part, ...]
    settings: Settings
    decided: Decided
    after: Sums
    full: str
    proved: bool

    @property
    def moves(self) -> Part:
        """One move of each part."""
        return tuple(part[0] for part in self.parts)

    @property
    def cost(self) -> Cost:
        """What orders sets, cheapest first.

        It is how many known facts the applicant has to change, how many have to change through
        others or by waiting, how many facts have to be shown, how far the sums of money are, how
        far all figures are as a share of what they are, and then the order of the text.
        """
        changed = [move for move in self.moves if move.to_be == "changed"]
        own = sum(move.by == "applicant" for move in changed)
        return (
            own, len(changed) - own, len(self.moves) - len(changed),
            sum(move.far for move in self.moves),
            sum((move.share for move in self.moves), Fraction(0)),
            tuple(move.path for move in self.moves),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The nearest changes for one thing that could be claimed.

    Attributes:
        target: What was asked for.
        planner: The case as it is; with an entity of which nothing is known where it has none.
        root: Its tree.
        added: The kind of that entity; empty where the case has the subject.
        held: What becomes of the claim, where it can be claimed as it is; then nothing else is
            filled.
        before: What the best plan pays as it is.
        found: The smallest sets, cheapest first.
        obstacles: The conditions that no change of a fact meets.
        refusal: Why it cannot be claimed; ``None`` where it can.
        faults: What is wrong with versions that contradict themselves, where nothing was found.
        is_complete: Whether everything was looked at; else there may be more sets.
    """

    target: Target
    planner: Planner
    root: Node
    added: str
    held: Decided | None
    before: Sums
    found: tuple[Nearest, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    refusal: Refusal | None = None
    faults: tuple[FactsError, ...] = ()
    is_complete: bool = True


def grouped(sets: list[Nearest]) -> list[Nearest]:
    """Return sets with those joined that differ in one move and are worth and cost the same."""
    while True:
        after = _grouped_once(sets)
        if len(after) == len(sets):
            return sorted(after, key=lambda near: near.cost)
        sets = after


def _grouped_once(sets: list[Nearest]) -> list[Nearest]:
    alike: dict[object, list[tuple[Nearest, Part]]] = {}
    for near in sorted(sets, key=lambda near: near.cost):
        for part in near.parts:
            others = frozenset(near.parts) - {part}
            worth = (near.decided, near.after, near.full)
            effort = (part[0].to_be, part[0].by, part[0].far, part[0].share)
            alike.setdefault((others, worth, effort), []).append((near, part))
    gone: set[int] = set()
    new: list[Nearest] = []
    for own in alike.values():
        free = [(near, part) for near, part in own if id(near) not in gone]
        if len(free) < 2:
            continue
        gone.update(id(near) for near, _ in free)
        first, part = free[0]
        moves = dict.fromkeys(move for _, own_part in free for move in own_part)
        parts = tuple(tuple(moves) if known == part else known for known in first.parts)
        new.append(replace(first, parts=parts))
    return [*(near for near in sets if id(near) not in gone), *new]
