"""The steps in which the second engine asks a rule, and the order in which it can take them.

pyDatalog joins the conditions of a clause from left to right. A comparison of what is not bound
yet is an error to it, and a negation before the condition that binds its variable silently gives
nothing. So every step comes when all that it needs is bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard

from policy_logic.logic.terms import Constant, Variable

if TYPE_CHECKING:
    from collections.abc import Sequence

TERM: Final = "term "

Slot: TypeAlias = Variable | Constant
Predicate: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask whether an atom holds, or is absent.

    Attributes:
        name: The predicate.
        args: Its arguments.
        absent: Whether the atom has to be absent.
    """

    name: str
    args: tuple[Slot, ...]
    absent: bool = False

    @property
    def predicate(self) -> Predicate:
        """The predicate with the number of its arguments."""
        return self.name, len(self.args)


@dataclass(frozen=True, slots=True)
class Compare:
    """Compare two values.

    Attributes:
        left: The one on the left.
        operator: As in :class:`~policy_logic.logic.terms.Comparison`.
        right: The one on the right.
    """

    left: Slot
    operator: str
    right: Slot


@dataclass(frozen=True, slots=True)
class Compute:
    """Calculate a value, or make one with arguments.

    Attributes:
        target: What it has to be, or what gets it.
        function: The calculation; ``term NAME`` to make a value.
        args: From what.
    """

    target: Slot
    function: str
    args: tuple[Slot, ...]


Step: TypeAlias = Ask | Compare | Compute


def in_order(steps: Sequence[Step]) -> tuple[Step, ...] | None:
    """Return steps so that each finds bound what it needs, what only checks as early as it can.

    Returns:
        ``None`` where there is no such order.
    """
    left, ordered, bound = list(steps), list[Step](), set[str]()
    binding = {name for step in steps if not denies(step) for name in _names(step)}
    while left:
        ready = next((s for s in left if _can_run(s, bound, binding)), None)
        if ready is None:
            asks = [s for s in left if isinstance(s, Ask) and not s.absent]
            if not asks:
                return None
            ready = max(asks, key=lambda ask: _narrowness(ask, bound))
        left.remove(ready)
        bound |= _names(ready)
        ordered.append(ready)
    return tuple(ordered)


def _can_run(step: Step, bound: set[str], binding: set[str]) -> bool:
    """Return whether a step that binds nothing by asking an atom can be taken.

    Args:
        step: The step.
        bound: The variables that are bound.
        binding: Those that ever will be; what else a denied atom holds stands for anything.
    """
    if isinstance(step, Ask):
        return step.absent and _names(step) & binding <= bound
    if isinstance(step, Compute):
        return all(_is_bound(slot, bound) for slot in step.args)
    known = [_is_bound(slot, bound) for slot in (step.left, step.right)]
    return any(known) if step.operator == "=" else all(known)


def denies(step: Step) -> TypeGuard[Ask]:
    """Return whether a step asks that an atom is absent."""
    return isinstance(step, Ask) and step.absent


def _narrowness(ask: Ask, bound: set[str]) -> tuple[bool, bool, float]:
    """Return how few answers an atom promises; of equals, the one written first is taken.

    What a value consists of has one answer. What has nothing in common with the steps before it is
    asked once for each of their answers, and multiplies them.
    """
    if not ask.args:
        return True, True, 1.0
    is_apart = ask.name.startswith(TERM) and _is_bound(ask.args[0], bound)
    share = sum(_is_bound(slot, bound) for slot in ask.args) / len(ask.args)
    return is_apart, not bound.isdisjoint(_names(ask)), share


def _is_bound(slot: Slot, bound: set[str]) -> bool:
    return isinstance(slot, Constant) or slot.name in bound


def _names(step: Step) -> set[str]:
    if isinstance(step, Ask):
        slots: tuple[Slot, ...] = step.args
    elif isinstance(step, Compare):
        slots = (step.left, step.right)
    else:
        slots = (step.target, *step.args)
    return {slot.name for slot in slots if isinstance(slot, Variable)}
