"""The proof as a value: leaves that are given, nodes that follow from a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policy_logic.derive.atoms import Origin
    from policy_logic.logic.terms import Comparison, Fact, Literal, Rule, Value
    from policy_logic.prove.matching import Step


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Something given: a fact, a number of the text, a reading, a provision.

    Attributes:
        atom: What is given.
        origin: Where it comes from.
    """

    atom: Fact
    origin: Origin


@dataclass(frozen=True, slots=True, eq=False)
class Absence:
    """Something known to be absent.

    Attributes:
        literal: The condition ``not …``.
        atom: What is absent; ``None`` stands for any value.
        rule: The rule that asks for its absence.
    """

    literal: Literal
    atom: Fact
    rule: Rule


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A comparison or a calculation that holds.

    Attributes:
        comparison: The condition.
        left: The value on its left.
        right: The value on its right.
        steps: The calculations in it, in the order in which they were made.
        rule: The rule it stands in.
    """

    comparison: Comparison
    left: Value
    right: Value
    steps: tuple[Step, ...]
    rule: Rule


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """Something that follows.

    Attributes:
        atom: What follows.
        rule: The rule by which it follows.
        bindings: The values of the rule's variables.
        causes: Why each condition of the rule holds, in the order written.
    """

    atom: Fact
    rule: Rule
    bindings: tuple[tuple[str, Value], ...]
    causes: tuple[Node, ...]


Node: TypeAlias = Leaf | Absence | Compared | Derived


def walk(node: Node, known: Collection[int] = ()) -> Iterator[Node]:
    """Yield every node of a proof once, causes before what follows from them.

    Args:
        node: The root.
        known: The identities of nodes to leave out, with what they alone rest on.
    """
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        current, done = stack.pop()
        if done:
            yield current
            continue
        if id(current) in seen or id(current) in known:
            continue
        seen.add(id(current))
        stack.append((current, True))
        if isinstance(current, Derived):
            stack.extend((cause, False) for cause in reversed(current.causes))
