"""Why a set of the case does not hold a value, or is not known to leave one out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.logic.terms import Compound
from policy_logic.prove.matching import has_hole
from policy_logic.prove.refusal import Failed, Unknown
from policy_logic.prove.showing import show_given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.facts.model import CompleteSet
    from policy_logic.facts.model import Fact as GivenFact
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Literal, Rule, Value
    from policy_logic.prove.refusal import Reason


@dataclass(frozen=True, slots=True)
class AskedSet:
    """A set of an entity, as a condition asks for it.

    Attributes:
        attribute: The attribute.
        path: The way to it in the case.
        known: What the case says of its members.
        listed: The list by which it is complete; ``None`` where it was not written as one.
    """

    attribute: Attribute
    path: str
    known: Sequence[GivenFact]
    listed: CompleteSet | None

    @property
    def held(self) -> list[str]:
        """The members, in order."""
        return sorted(str(fact.value) for fact in self.known if fact.holds)

    def unknown(self, rule: Rule, wanted: Value) -> Unknown:
        """Return that nothing tells whether a value is a member."""
        path = self.path if has_hole(wanted) else f"{self.path}.{wanted}"
        return Unknown(path, self.attribute.kind, self.attribute.name, rule)


def member_reason(rule: Rule, literal: Literal, asked: AskedSet, wanted: Value) -> Reason:
    """Return why a condition on a member of a set does not hold.

    Args:
        rule: The rule that asks for it.
        literal: The condition; its predicate begins with ``-`` where it asks for an absence.
        asked: The set.
        wanted: The value asked for; open where any would do.
    """
    source: GivenFact | CompleteSet | None
    if literal.atom.name.startswith("-"):
        operator = "excludes"
        source = next((f for f in asked.known if f.value == wanted and f.holds), None)
    else:
        operator = "includes"
        denied = next((f for f in asked.known if f.value == wanted and not f.holds), None)
        source = denied or asked.listed
    if source is None:
        return asked.unknown(rule, wanted)
    shown = "any" if has_hole(wanted) else show_given(wanted)
    return Failed(
        f"{asked.attribute.name} {operator} {shown}",
        "[" + ", ".join(asked.held) + "]",
        rule,
        literal,
        operator=operator,
        value=Compound("set", tuple(asked.held)),
        wanted=(wanted,),
        fact=asked.path,
        position=source.position,
        evidence=source.evidence,
    )
