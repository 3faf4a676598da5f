"""The refusal as a value: what failed, with its distance, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from policy_logic.errors import Position
    from policy_logic.logic.terms import Condition, Fact, Rule, Value
    from policy_logic.prove.matching import Step


@dataclass(frozen=True, slots=True)
class Failed:
    """A condition that is known not to hold.

    Attributes:
        condition: The condition in the form ``footage_share > 0.2``.
        actual: What holds instead.
        rule: The rule that asks for it.
        literal: The condition as the rule has it.
        operator: The comparison asked for; empty where something must simply hold.
        value: What holds instead, as a value; ``None`` where there is none.
        wanted: The values that would do.
        short_by: The distance to the threshold; empty where there is none.
        fact: The fact that decides, as ``work.gucheng.footage_share.datong``; empty if none does.
        position: Where that fact stands.
        evidence: The evidence for that fact.
        steps: The calculations that led to the actual value.
        is_gate: Whether it only says that this rule is not about the case (a reading, a table).
        is_consequence: Whether it was computed past a condition that does not hold either; it
            is told only where nothing else fails.
    """

    condition: str
    actual: str
    rule: Rule
    literal: Condition
    operator: str = ""
    value: Value | bool | date = None
    wanted: tuple[Value, ...] = ()
    short_by: str = ""
    fact: str = ""
    position: Position | None = None
    evidence: str | None = None
    steps: tuple[Step, ...] = ()
    is_gate: bool = False
    is_consequence: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that the case does not give.

    Attributes:
        fact: The fact, as ``work.gucheng.tells_story.datong``.
        kind: The kind of entity; empty for a fact about no entity.
        attribute: The attribute.
        rule: The rule that asks for it.
    """

    fact: str
    kind: str
    attribute: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Attempt:
    """One rule by which something could have followed.

    Attributes:
        rule: The rule.
        bindings: The values of its variables, as far as they are known.
        unmet: Why its conditions do not hold, in the order written.
        met: How many of its conditions hold.
    """

    rule: Rule
    bindings: tuple[tuple[str, Value], ...]
    unmet: tuple[Reason, ...]
    met: int

    @property
    def is_gate(self) -> bool:
        """Whether the rule is simply not about the case."""
        return any(not isinstance(reason, Unknown) and reason.is_gate for reason in self.unmet)

    @property
    def fails(self) -> bool:
        """Whether it is known that the rule does not apply."""
        return any(
            isinstance(r, Failed) or (isinstance(r, Refusal) and r.fails) for r in self.unmet
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that does not follow, with every way in which it could have.

    Attributes:
        atom: What does not follow; values that are not known are holes.
        attempts: The rules that could have derived it and are about the case.
    """

    atom: Fact
    attempts: tuple[Attempt, ...]

    @property
    def is_gate(self) -> bool:
        """Whether no rule that could derive it is about the case."""
        return all(attempt.is_gate for attempt in self.attempts)

    @property
    def fails(self) -> bool:
        """Whether it is known not to hold; else it is unknown."""
        return all(attempt.fails for attempt in self.attempts)

    def told(self) -> tuple[Attempt, ...]:
        """Return the attempts that matter.

        If some rule may yet apply, only such rules do; and a rule that misses all that another
        misses, and more, does not.
        """
        open_ones = [attempt for attempt in self.attempts if self.fails or not attempt.fails]
        if len(open_ones) == 1:
            return tuple(open_ones)
        missing = [
            {_key(leaf) for leaf in Refusal(self.atom, (attempt,)).all_leaves()}
            for attempt in open_ones
        ]
        return tuple(
            attempt
            for attempt, own in zip(open_ones, missing, strict=True)
            if not any(other < own for other in missing if other)
        )

    def leaves(self) -> Iterator[Failed | Unknown]:
        """Yield every failed condition and every unknown fact once, in order."""
        found = list(self.all_leaves())
        fails = any(isinstance(leaf, Failed) and not leaf.is_consequence for leaf in found)
        seen: set[tuple[str, str, str]] = set()
        for leaf in found:
            if fails and isinstance(leaf, Failed) and leaf.is_consequence:
                continue
            if _key(leaf) not in seen:
                seen.add(_key(leaf))
                yield leaf

    def all_leaves(self) -> Iterator[Failed | Unknown]:
        """Yield every failed condition and every unknown fact, with repetitions."""
        for attempt in self.told():
            for reason in attempt.unmet:
                if isinstance(reason, Refusal):
                    yield from reason.all_leaves()
                else:
                    yield reason


def _key(leaf: Failed | Unknown) -> tuple[str, str, str]:
    if isinstance(leaf, Failed):
        return ("failed", leaf.condition, leaf.actual)
    return ("unknown", leaf.fact, "")


Reason: TypeAlias = Failed | Unknown | Refusal
