"""Thresholds: which figure is compared with which number, and whether the number itself will do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.lab.cone import cone_of
from policy_logic.lab.finding import Finding
from policy_logic.lab.probes import number_behind
from policy_logic.language import Label, both
from policy_logic.logic.terms import Comparison, Literal, Variable, variables
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures
from policy_logic.rulebook.text import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Rule, Term
    from policy_logic.rulebook.policy import Number, Rulebook

_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NEAR: Final = r"[^，。；、（\d]{0,6}"
_NOT_ABOVE: Final = re.compile(rf"(?:不超过|不高于|不大于|不多于|未超过){_NEAR}$")
_LEAST_BEFORE: Final = re.compile(rf"(?:不低于|不少于|不小于|达到|满|达){_NEAR}$")
_LEAST_NEGATED: Final = re.compile(rf"(?:不低于|不少于|不小于){_NEAR}$")
_LESS_BEFORE: Final = re.compile(rf"(?:低于|少于|小于|不足|未满|不满|不到){_NEAR}$")
_ABOVE_BEFORE: Final = re.compile(rf"(?:超过|高于|大于|多于|逾){_NEAR}$")
_LEAST_AFTER: Final = re.compile(r"^[^，。；、]{0,2}?(?:（含）|\(含\))?(?:及以上|及其以上|以上)")
_MOST_AFTER: Final = re.compile(r"^[^，。；、]{0,2}?(?:（含）|\(含\))?(?:及以下|以下|以内)")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure compared with a number of the text.

    Attributes:
        rule: The rule that compares.
        place: The place of the comparison among its conditions, from 0.
        attribute: What is compared.
        operator: How the figure has to stand to the number: ``>``, ``>=``, ``<`` or ``<=``.
        number: The number.
        lines: The lines that rest on it.
    """

    rule: Rule
    place: int
    attribute: Attribute
    operator: str
    number: Number
    lines: tuple[str, ...]

    @property
    def is_strict(self) -> bool:
        """Whether the number itself does not do."""
        return self.operator in {">", "<"}

    @property
    def is_upper(self) -> bool:
        """Whether the figure may not be higher."""
        return self.operator in {"<", "<="}

    def concerns(self, line: str) -> bool:
        """Return whether a line rests on it."""
        return line in self.lines


def comparisons_of(book: Rulebook, policy: str) -> list[Threshold]:
    """Return the thresholds of a policy, in the order of its rules."""
    own = book.policies[policy]
    cones = {line.id: {rule.id for rule in cone_of(book, [line.id])} for line in own.lines.values()}
    found = []
    for rule in own.rules:
        lines = tuple(line for line, cone in cones.items() if rule.id in cone)
        for place, condition in enumerate(rule.body):
            if isinstance(condition, Comparison) and condition.operator in _TURNED and lines:
                found += list(_thresholds(book, rule, place, condition, lines))
    return found


def _thresholds(
    book: Rulebook, rule: Rule, place: int, condition: Comparison, lines: tuple[str, ...]
) -> Iterator[Threshold]:
    for own, operator, other in (
        (condition.left, condition.operator, condition.right),
        (condition.right, _TURNED[condition.operator], condition.left),
    ):
        attribute = _attribute_of(book, rule, own, lines[0])
        if attribute is None:
            continue
        for name in variables(other):
            numbers = [number_behind(book, rule, Variable(name), line) for line in lines]
            for number in dict.fromkeys(n for n in numbers if n is not None):
                mine = tuple(
                    line for line, behind in zip(lines, numbers, strict=True) if behind == number
                )
                yield Threshold(rule, place, attribute, operator, number, mine)


def _attribute_of(book: Rulebook, rule: Rule, term: Term, line: str) -> Attribute | None:
    """Return the attribute whose value, or a difference from whose value, a term holds."""
    kinds = book.lines[line].subjects
    for name in _sources(rule, term):
        for condition in rule.body:
            if not isinstance(condition, Literal) or condition.absent:
                continue
            if condition.atom.args[-1:] == (Variable(name),):
                found = _named(book, condition.atom.signature, kinds)
                if found is not None and found.type in {"money", "usd", "integer", "share"}:
                    return found
    return None


def _sources(rule: Rule, term: Term) -> list[str]:
    """Return the variables that a term is made of, those of its definition, too."""
    names = list(variables(term))
    for condition in rule.body:
        if not isinstance(condition, Comparison) or condition.operator != "=":
            continue
        if isinstance(condition.left, Variable) and condition.left.name in names:
            names += list(variables(condition.right))
    return names


def _named(book: Rulebook, signature: tuple[str, int], kinds: tuple[str, ...]) -> Attribute | None:
    found = [
        attribute
        for attribute in book.vocabulary.attributes.values()
        if signature == attribute_signature(attribute)[0]
        or signature in {own for own, _ in summary_signatures(attribute).values()}
    ]
    own = [attribute for attribute in found if attribute.kind in kinds]
    return next(iter(own or found), None)


def wording(number: Number) -> str:
    """Return how the text words a threshold: ``>``, ``>=``, ``<``, ``<=``, or an empty word."""
    clause, written = squeezed(number.clause), squeezed(number.written)
    before, _, after = clause.partition(written)
    if _NOT_ABOVE.search(before) or _MOST_AFTER.search(after):
        return "<="
    if _LESS_BEFORE.search(before) and not _LEAST_NEGATED.search(before):
        return "<"
    if _LEAST_BEFORE.search(before):
        return ">="
    if _LEAST_AFTER.search(after):
        return ">="
    return ">" if _ABOVE_BEFORE.search(before) else ""


def borders(book: Rulebook, policy: str) -> Iterator[Finding]:
    """Yield thresholds that read otherwise than the text, and strict ones beside others.

    Args:
        book: The rulebook.
        policy: The policy.
    """
    thresholds = comparisons_of(book, policy)
    yield from _misread(thresholds, policy)
    strict = [t for t in thresholds if t.is_strict and not t.is_upper]
    loose = [t for t in thresholds if not t.is_strict and not t.is_upper]
    if not strict or not loose:
        return
    beside = {
        t.number.name: [o for o in loose if set(o.lines) & set(t.lines)]
        or [o for o in loose if o.number.type == t.number.type]
        for t in strict
    }
    for threshold in {t.number.name: t for t in strict}.values():
        others = list({o.number.name: o for o in beside[threshold.number.name]}.values())
        if not others:
            continue
        in_one = any(set(o.lines) & set(threshold.lines) for o in others)
        words = both(
            "check.border_line" if in_one else "check.border_policy",
            figure=_figure(threshold),
            written=_worded(threshold.number),
            others=Label(
                "、".join(_worded(o.number) for o in others),
                ", ".join(_worded(o.number) for o in others),
            ),
        )
        yield Finding(
            "check.border", threshold.number.name, policy, words,
            lines=tuple(threshold.lines),
            clauses=(threshold.number.clause, *(o.number.clause for o in others if in_one)),
            weight=1 if in_one else 0,
        )  # fmt: skip


def _misread(thresholds: list[Threshold], policy: str) -> Iterator[Finding]:
    for threshold in {(t.number.name, t.operator): t for t in thresholds}.values():
        own = wording(threshold.number)
        if own and own != threshold.operator:
            words = both(
                "check.wording",
                figure=_figure(threshold),
                written=_worded(threshold.number),
                operator=threshold.operator,
                worded=own,
            )
            yield Finding(
                "check.wording", threshold.number.name, policy, words,
                lines=threshold.lines, clauses=(threshold.number.clause,),
            )  # fmt: skip


def _figure(threshold: Threshold) -> Label:
    return Label(threshold.attribute.zh, threshold.attribute.en)


def _worded(number: Number) -> str:
    """Return a number with the words before and after it that say how it is meant."""
    clause, written = squeezed(number.clause), squeezed(number.written)
    before, _, after = clause.partition(written)
    start = next(
        (m.start() for p in (_NOT_ABOVE, _LEAST_NEGATED, _LESS_BEFORE, _LEAST_BEFORE, _ABOVE_BEFORE)
         if (m := p.search(before))),
        len(before),
    )  # fmt: skip
    end = next((m.end() for p in (_LEAST_AFTER, _MOST_AFTER) if (m := p.search(after))), 0)
    return f"“{before[start:]}{written}{after[:end]}”"
