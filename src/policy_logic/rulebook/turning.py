"""Where rules may turn: the values of an attribute near which a policy may decide otherwise.

They are read from the rules alone, without a case: the numbers that stand beside the attribute or
beside what is computed from it, what reaches a sum at a rate, and the members of a list that a
rule names. Values to look at, not a proof that something happens there.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement
from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Constant,
    Literal,
    Pattern,
    Variable,
    source_of,
    variables,
)
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Rule, Term
    from policy_logic.rulebook.policy import Number, Rulebook
    from policy_logic.rulebook.signatures import Signature

LEAST_SHARE: Final = Decimal("0.000000001")
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Threshold(NamedTuple):
    """A number that a rule compares a figure with.

    Attributes:
        operator: The comparison, the figure on its left.
        number: The number.
    """

    operator: str
    number: Number


def turning_figures(book: Rulebook, attribute: Attribute) -> list[int]:
    """Return whole numbers at, just below and just above what the rules compare a figure with.

    That is each number of the figure's own type, the sum of two of them (an increase over a base),
    and what reaches one of them at a rate.

    Args:
        book: The policies.
        attribute: An attribute of money, dollars or whole numbers.

    Returns:
        Values in the unit of the attribute, ascending, none below 0.
    """
    values: set[int] = set()
    for rule in rules_about(book, attribute):
        numbers = list(numbers_named(rule, book))
        own = [n.value for n in numbers if n.type == attribute.type and isinstance(n.value, int)]
        values.update(own)
        values.update(a + b for a, b in combinations_with_replacement(own, 2))
        values.update(ceil(amount / rate) for amount in own for rate in rates_among(numbers))
    return sorted({max(0, value + step) for value in values for step in (-1, 0, 1)})


def turning_shares(book: Rulebook, attribute: Attribute) -> list[Decimal]:
    """Return shares at, just below and just above what the rules compare a share with.

    Args:
        book: The policies.
        attribute: An attribute whose values are shares.

    Returns:
        Parts of one, ascending, from 0 to 1.
    """
    own = {
        Decimal(number.value)
        for rule in rules_about(book, attribute)
        for number in numbers_named(rule, book)
        if number.type == "share"
    }
    steps = (-LEAST_SHARE, Decimal(0), LEAST_SHARE)
    return sorted({min(max(v + step, Decimal(0)), Decimal(1)) for v in own for step in steps})


def thresholds(book: Rulebook, attribute: Attribute, lines: Collection[str]) -> list[Threshold]:
    """Return the numbers that rules of some lines compare a figure, or what it sums up to, with.

    Args:
        book: The policies.
        attribute: An attribute of money, dollars, whole numbers or shares.
        lines: The lines.

    Returns:
        In the order of their values, each once.
    """
    carriers = {attribute_signature(attribute)[0]}
    carriers |= {signature for signature, _ in summary_signatures(attribute).values()}
    found: set[tuple[str, str]] = set()
    for rule in book.rules:
        if not any(_speaks_of(rule, line) for line in lines):
            continue
        own = {
            condition.atom.args[-1]
            for condition in rule.body
            if isinstance(condition, Literal) and condition.atom.signature in carriers
        }
        for condition in rule.body:
            if not isinstance(condition, Comparison):
                continue
            for figure, operator, other in (
                (condition.left, condition.operator, condition.right),
                (condition.right, _MIRRORED.get(condition.operator, ""), condition.left),
            ):
                source = source_of(rule, other)
                if figure in own and source is not None and source.atom.name == "number":
                    found |= {(operator, n.name) for n in _named_by(rule, source, book)}
    numbers = [Threshold(operator, book.numbers[name]) for operator, name in found if operator]
    return sorted(numbers, key=lambda t: (t.number.value, t.operator, t.number.name))


def _speaks_of(rule: Rule, line: str) -> bool:
    """Return whether a rule stands under a clause of a line, or names it."""
    first = rule.head.args[0] if rule.head.args else None
    if isinstance(first, Constant) and first.value == line:
        return True
    own = rule.section.id
    return line == own or line.startswith(f"{own}.")


def _named_by(rule: Rule, source: Literal, book: Rulebook) -> Iterator[Number]:
    name = source.atom.args[0]
    if isinstance(name, Constant):
        yield book.numbers[str(name.value)]
    else:
        yield from numbers_named(rule, book)


def named_members(book: Rulebook, lists: tuple[str, ...]) -> list[str]:
    """Return the values of several lists that a rule names, in the order of the vocabulary."""
    words = words_of(book.rules)
    return [value for value in book.vocabulary.legal_values(lists) if value in words]


def rates_among(numbers: Sequence[Number]) -> list[Fraction]:
    """Return the shares among some numbers that are not 0."""
    return [Fraction(n.value) for n in numbers if n.type == "share" and n.value]


def rules_about(book: Rulebook, attribute: Attribute) -> list[Rule]:
    """Return the rules that look at the value of an attribute, or at what is computed from it."""
    carriers: set[Signature] = {attribute_signature(attribute)[0]}
    carriers |= {signature for signature, _ in summary_signatures(attribute).values()}
    found: dict[str, Rule] = {}
    grown = True
    while grown:
        grown = False
        for rule in book.rules:
            flowing = _flowing(rule, carriers)
            if not flowing:
                continue
            found[rule.id] = rule
            head = {name for term in rule.head.args for name in variables(term)}
            if head & flowing and rule.head.signature not in carriers:
                carriers.add(rule.head.signature)
                grown = True
    return list(found.values())


def _flowing(rule: Rule, carriers: set[Signature]) -> set[str]:
    """Return the variables of a rule that hold such a value, or what is computed from it."""
    flowing = {
        condition.atom.args[-1].name
        for condition in rule.body
        if isinstance(condition, Literal)
        and condition.atom.signature in carriers
        and isinstance(condition.atom.args[-1], Variable)
    }
    for condition in rule.body if flowing else ():
        if not isinstance(condition, Comparison) or condition.operator != "=":
            continue
        for own, other in (
            (condition.left, condition.right),
            (condition.right, condition.left),
        ):
            if isinstance(own, Variable) and flowing.intersection(variables(other)):
                flowing.add(own.name)
    return flowing


def numbers_named(rule: Rule, book: Rulebook) -> Iterator[Number]:
    """Yield the numbers that a rule names, itself or through a table of its policy."""
    for condition in rule.body:
        if not isinstance(condition, Literal) or condition.atom.name != "number":
            continue
        name = condition.atom.args[0]
        if isinstance(name, Constant):
            yield book.numbers[str(name.value)]
            continue
        for other in rule.body:
            if isinstance(other, Literal) and name in other.atom.args and other is not condition:
                index = other.atom.args.index(name)
                yield from _table(book, other.atom.signature, index)


def _table(book: Rulebook, signature: Signature, index: int) -> Iterator[Number]:
    for rule in book.rules:
        if rule.head.signature == signature and not rule.body:
            term = rule.head.args[index]
            if isinstance(term, Constant) and term.value in book.numbers:
                yield book.numbers[str(term.value)]


def words_of(rules: Sequence[Rule]) -> frozenset[str]:
    """Return every name that a rule mentions."""
    return frozenset(
        part.value
        for rule in rules
        for atom in _atoms(rule)
        for term in atom.args
        for part in _parts(term)
        if isinstance(part, Constant) and isinstance(part.value, str)
    )


def _atoms(rule: Rule) -> Iterator[Atom]:
    yield rule.head
    for condition in rule.body:
        if isinstance(condition, Literal):
            yield condition.atom


def _parts(term: Term) -> Iterator[Term]:
    yield term
    if isinstance(term, (Pattern, Call)):
        for argument in term.args:
            yield from _parts(argument)
