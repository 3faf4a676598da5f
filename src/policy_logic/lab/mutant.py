"""A mutant: a rulebook with one thing changed, as a drafter might have got it wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from policy_logic.lab.rule_text import rule_text
from policy_logic.logic.terms import Constant, Literal
from policy_logic.prove.showing import show

if TYPE_CHECKING:
    from policy_logic.errors import Position
    from policy_logic.logic.terms import Rule, Section
    from policy_logic.rulebook.policy import Number, Policy, Rulebook

EXCLUDING: Final = frozenset({"excludes", "higher_only", "level_of", "one_matter"})
OPERATORS: Final = (
    "bound",
    "opposite",
    "step",
    "rate",
    "tenfold",
    "cap",
    "rounding",
    "swap",
    "drop",
    "negate",
    "reading",
    "rule",
    "reach",
    "exclusion",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a policy.

    Attributes:
        operator: What kind of change, one of :data:`OPERATORS`.
        policy: The policy.
        about: What is changed, in one line; no other mutant of the rulebook is about the same.
        before: The rules that are taken out.
        after: The rules that take their place, each with the id of one taken out.
        number: The number as it is taken instead; ``None`` where rules are changed.
        position: Where the change stands.
    """

    operator: str
    policy: str
    about: str
    before: tuple[Rule, ...]
    after: tuple[Rule, ...]
    number: Number | None
    position: Position

    @property
    def key(self) -> str:
        """A digest of what is changed, the same wherever the rules stand in their file."""
        parts = [self.operator, self.about, *map(rule_text, self.before), "->"]
        parts += [*map(rule_text, self.after), str(self.number and self.number.value)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def sections(self, policy: Policy) -> tuple[Section, ...]:
        """Return the clauses that the change is about, in the order of the text."""
        found = {rule.section.id: rule.section for rule in self.touched(policy)}
        return tuple(found.values())

    def touched(self, policy: Policy) -> tuple[Rule, ...]:
        """Return the rules whose meaning changes."""
        if self.number is None:
            return self.before
        return tuple(rule for rule in policy.rules if self.number.name in names_in(rule))

    def applied(self, book: Rulebook) -> Rulebook:
        """Return the rulebook with the change made."""
        policy = book.policies[self.policy]
        if self.number is not None:
            number = self.number
            changed = replace(policy, numbers={**policy.numbers, number.name: number})
            return replace(
                book,
                policies={**book.policies, policy.id: changed},
                numbers={**book.numbers, number.name: number},
            )
        out = {rule.id for rule in self.before}
        new = {rule.id: rule for rule in self.after}
        rules = {
            rule.id: new.get(rule.id, rule)
            for rule in policy.rules
            if rule.id in new or rule.id not in out
        }
        changed = replace(policy, rules=tuple(rules.values()))
        return replace(
            book,
            policies={**book.policies, policy.id: changed},
            rules=tuple(
                rules.get(rule.id, rule) if rule.policy == policy.id else rule
                for rule in book.rules
                if rule.policy != policy.id or rule.id in rules
            ),
        )

    def changed_lines(self, book: Rulebook) -> list[str]:
        """Return what is changed as lines of text, each behind ``-``, ``+`` or a space."""
        if self.number is not None:
            name = self.number.name.removeprefix(f"{self.policy}.")
            old = book.numbers[self.number.name]
            return [
                f"  [{name}]",
                f"- value = {show(old.value)}",
                f"+ value = {show(self.number.value)}",
            ]
        before, after = (
            [line for rule in rules for line in rule_text(rule).splitlines()]
            for rules in (self.before, self.after)
        )
        told: list[str] = []
        for kind, low, high, start, end in SequenceMatcher(None, before, after).get_opcodes():
            if kind == "equal":
                told += [f"  {line}" for line in before[low:high]]
            else:
                told += [f"- {line}" for line in before[low:high]]
                told += [f"+ {line}" for line in after[start:end]]
        return told


def names_in(rule: Rule) -> set[str]:
    """Return the names that a rule's atoms have as arguments."""
    atoms = [rule.head, *(c.atom for c in rule.body if isinstance(c, Literal))]
    return {str(t.value) for atom in atoms for t in atom.args if isinstance(t, Constant)}
