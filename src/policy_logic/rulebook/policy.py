"""What a policy folder says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from policy_logic.logic.terms import Constant, Pattern
from policy_logic.logic.terms import Literal as Condition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from policy_logic.errors import Position
    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.language import Label
    from policy_logic.logic.terms import Rule, Section, Term
    from policy_logic.rulebook.text import PolicyText

LineClass: TypeAlias = Literal["monetary", "non_monetary", "procedural", "hortatory"]
Determinacy: TypeAlias = Literal["exact", "ceiling", "open"]
Status: TypeAlias = Literal["in_force", "trial", "draft", "consultation"]


@dataclass(frozen=True, slots=True)
class Line:
    """One benefit line: the smallest thing a policy grants.

    Attributes:
        id: Its id, as ``datong.2-1.horizontal``.
        policy: The policy's id.
        article: The article as the text numbers it.
        kind: Money, a benefit in kind, a procedural right, or encouragement.
        subjects: The kinds of entity it is decided for.
        label: Its name.
        position: Where it is declared.
        recipients: The roles to whom it pays; of several, the first that is known.
        per: ``year`` where it is paid for each year, ``once`` otherwise; empty without money.
        determinacy: Whether the text fixes the sum, a ceiling, or nothing; empty without money.
        review_required: Whether the text asks for a review, a selection or a recognition.
        matter: What is being paid for; empty without money.
    """

    id: str
    policy: str
    article: str
    kind: LineClass
    subjects: tuple[str, ...]
    label: Label
    position: Position
    recipients: tuple[str, ...] = ()
    per: str = ""
    determinacy: str = ""
    review_required: bool = False
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the text.

    Attributes:
        name: Its name, as ``datong.horizontal_minimum``.
        value: The value; money is whole yuan, a rate an exact decimal.
        type: ``money``, ``usd``, ``share`` or ``integer``.
        clause: The words it is taken from.
        written: The number as the text writes it.
        label: Its name for people.
        position: Where it is declared.
    """

    name: str
    value: int | Decimal
    type: str
    clause: str
    written: str
    label: Label
    position: Position


@dataclass(frozen=True, slots=True)
class Reading:
    """An ambiguity of the text and the ways to understand it.

    Attributes:
        name: Its name, as ``datong.levels``.
        policy: The policy's id.
        clause: The words that are open.
        label: What is open.
        values: What each value means; the first is the default.
        position: Where it is declared.
    """

    name: str
    policy: str
    clause: str
    label: Label
    values: Mapping[str, Label]
    position: Position

    @property
    def default(self) -> str:
        """The value that holds where a case chooses none."""
        return next(iter(self.values))


@dataclass(frozen=True, slots=True)
class Validity:
    """When a policy is in force.

    Attributes:
        clause: The words that say so.
        start: The first day; ``None`` where the text does not give it.
        end: The last day, where the text gives it.
        years: The term, where the text gives one instead: it ends the day before the
            anniversary of the first day.
        position: Where it is declared.
    """

    clause: str
    start: date | None
    end: date | None
    years: int | None
    position: Position


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A passage that no rule covers.

    Attributes:
        quote: The passage.
        reason: Why no rule covers it.
        position: Where it is declared.
        is_pending: Whether its rules are still to be written.
    """

    quote: str
    reason: Label
    position: Position
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """How a predicate reads.

    Attributes:
        arguments: The names of the arguments, in order.
        label: The template; a placeholder is an argument's name.
        position: Where it is declared.
    """

    arguments: tuple[str, ...]
    label: Label
    position: Position


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as its folder describes it.

    Attributes:
        id: The folder's name.
        folder: The folder.
        title: The title.
        number: The number it was issued under; empty for a draft without one.
        issuer: Who issued it.
        place: Where it applies, a value of ``value.place``.
        status: ``in_force``, ``trial``, ``draft`` or ``consultation``.
        source: Where the text is from, in words.
        text: The text.
        text_sha256: The digest of the text file.
        validity: When it is in force.
        lines: Its lines, in the order of the text.
        numbers: Its numbers by name.
        readings: Its readings by name.
        sections: The clauses its rules stand under, in the order of the text.
        rules: Its rules.
        rules_text: The rule file as written.
        sentences: How its predicates read, by name and number of arguments.
        notices: How its notices read, by name.
        uncovered: What no rule covers, and why; last, what is not encoded yet.
    """

    id: str
    folder: Path
    title: Label
    number: str
    issuer: Label
    place: str
    status: Status
    source: str
    text: PolicyText
    text_sha256: str
    validity: Validity
    lines: Mapping[str, Line]
    numbers: Mapping[str, Number]
    readings: Mapping[str, Reading]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    rules_text: str
    sentences: Mapping[tuple[str, int], Sentence]
    notices: Mapping[str, Label]
    uncovered: tuple[Uncovered, ...]

    @property
    def is_draft(self) -> bool:
        """Whether the text is only proposed."""
        return self.status in {"draft", "consultation"}

    @property
    def pending(self) -> tuple[Uncovered, ...]:
        """What is not encoded yet."""
        return tuple(entry for entry in self.uncovered if entry.is_pending)

    def sections_of(self, line: str) -> tuple[Section, ...]:
        """Return the clauses that speak of a line, its own and those of its item."""
        return tuple(s for s in self.sections if line == s.id or line.startswith(f"{s.id}."))


class Usage(NamedTuple):
    """Which predicates the rules ask for.

    Attributes:
        used: All that stand in a condition, without their sign.
        negated: Those asked for as known not to hold.
        asked: The attributes of which rules ask whether anything is given.
    """

    used: frozenset[tuple[str, int]]
    negated: frozenset[tuple[str, int]]
    asked: frozenset[str]


@dataclass(frozen=True)
class Rulebook:
    """All policies at hand and what they share; it has passed every check.

    Attributes:
        folder: The ``rules`` folder.
        shared: The folder of what all policies share, as ``derivation.lp`` and ``selection.lp``.
        vocabulary: The vocabulary, with what the policies add to it.
        policies: The policies by id.
        derivation: The rules that all policies share.
        programs: The rule files for the solver: path and text.
        rules: All rules.
        lines: All lines by id.
        numbers: All numbers by name.
        readings: All readings by name.
        sentences: How every predicate reads.
        notices: How every notice reads.
        types: What each argument of each predicate is, as ``types.infer_types`` finds it.
        declarations: Statements for the solver that say which predicates may stay without facts.
        digest: A digest of everything the rulebook was read from.
    """

    folder: Path
    shared: Path
    vocabulary: Vocabulary
    policies: Mapping[str, Policy]
    derivation: tuple[Rule, ...]
    programs: tuple[tuple[Path, str], ...]
    rules: tuple[Rule, ...]
    lines: Mapping[str, Line]
    numbers: Mapping[str, Number]
    readings: Mapping[str, Reading]
    sentences: Mapping[tuple[str, int], Sentence]
    notices: Mapping[str, Label]
    types: Mapping[tuple[str, int], tuple[str, ...]]
    declarations: str
    digest: str

    def name_of(self, file: Path) -> str:
        """Return the name of a rule file: its place in the folder that holds it, with ``/``."""
        folder = self.folder if file.is_relative_to(self.folder) else self.shared
        return file.relative_to(folder).as_posix()

    @cached_property
    def usage(self) -> Usage:
        """What the rules ask for."""
        atoms = [c.atom for rule in self.rules for c in rule.body if isinstance(c, Condition)]
        return Usage(
            frozenset(atom.signature for atom in atoms),
            frozenset(atom.signature for atom in atoms if atom.name.startswith("-")),
            frozenset(
                str(atom.args[1].value)
                for atom in atoms
                if atom.signature == ("given", 2) and isinstance(atom.args[1], Constant)
            ),
        )

    @cached_property
    def occasion_forms(self) -> Mapping[str, str]:
        """What each line rests on: a ``year``, a ``day`` or a ``listing``."""
        own: dict[str, str] = {}
        shared: dict[str, str] = {}
        for rule in self.rules:
            if rule.head.name == "eligible" and isinstance(rule.head.args[2], Pattern):
                first, form = rule.head.args[0], rule.head.args[2].name
                if isinstance(first, Constant):
                    own.setdefault(str(first.value), form)
                else:
                    shared.setdefault(rule.policy, form)
        return {
            name: own.get(name) or shared.get(line.policy, "day")
            for name, line in self.lines.items()
        }

    def only(self, *policies: str) -> Rulebook:
        """Return a rulebook with some of the policies alone; what all share stays."""
        own = [self.policies[name] for name in policies]
        others = {known.folder for known in self.policies.values() if known not in own}
        return replace(
            self,
            policies={policy.id: policy for policy in own},
            programs=tuple(
                (path, text) for path, text in self.programs if path.parent not in others
            ),
            rules=tuple(rule for rule in self.rules if rule.policy in {"", *policies}),
            lines={name: line for name, line in self.lines.items() if line.policy in policies},
            numbers={name: number for policy in own for name, number in policy.numbers.items()},
            readings={n: r for n, r in self.readings.items() if r.policy in {"", *policies}},
        )

    def rules_for(self, signature: tuple[str, int], line: str | None) -> tuple[Rule, ...]:
        """Return the rules that may derive an atom, of a line only those that may speak of it.

        Args:
            signature: The predicate and the number of its arguments.
            line: The line that the first argument names; ``None`` if it names none.
        """
        asked = (signature, line if line in self.lines else None)
        if asked not in self._rules_for:
            known = self.lines.get(line or "")
            policy = known.policy if known else ""
            self._rules_for[asked] = tuple(
                rule
                for rule in self.rules
                if rule.head.signature == signature
                and (not policy or rule.policy in {"", policy})
                and not (policy and _names_another(rule.head.args[0], str(line), self.lines))
            )
        return self._rules_for[asked]

    @cached_property
    def _rules_for(self) -> dict[tuple[tuple[str, int], str | None], tuple[Rule, ...]]:
        return {}

    def names_behind(self, line: str) -> frozenset[str]:
        """Return the names in the rules that a line rests on, leaving out what is another's."""
        needed = {("eligible", 3)}
        behind: list[Rule] = []
        grown = True
        while grown:
            behind = [
                rule
                for rule in self.rules
                if rule.policy == self.lines[line].policy
                and rule.head.signature in needed
                and self._may_serve(rule, line)
            ]
            more = {c.atom.signature for r in behind for c in r.body if isinstance(c, Condition)}
            grown = not more <= needed
            needed |= more
        atoms = [rule.head for rule in behind]
        atoms += [c.atom for rule in behind for c in rule.body if isinstance(c, Condition)]
        return frozenset(
            str(term.value) for atom in atoms for term in atom.args if isinstance(term, Constant)
        )

    def _may_serve(self, rule: Rule, line: str) -> bool:
        """Return whether a rule does not name another line instead."""
        named = {term.value for term in rule.head.args if isinstance(term, Constant)}
        return line in named or named.isdisjoint(self.lines)

    def policy_of(self, line: str) -> Policy:
        """Return the policy that a line belongs to."""
        return self.policies[self.lines[line].policy]

    def number_clause(self, name: str) -> str:
        """Return the words that state a number."""
        return self.numbers[name].clause


def _names_another(term: Term, line: str, lines: Mapping[str, Line]) -> bool:
    """Return whether a rule's first argument is the name of another line."""
    return isinstance(term, Constant) and term.value != line and term.value in lines
