"""What the rules at hand look at: the values near which a case becomes interesting."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Final

import policy_logic
from policy_logic.logic.terms import Atom, Call, Constant, Literal, Pattern, Rule, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Number

BOOK: Final = policy_logic.load_rulebook()
VOCABULARY: Final = BOOK.vocabulary
HIGHEST: Final = 10**13
_LEAST_SHARE: Final = Decimal("0.000000001")


def _terms(term: Term) -> Iterator[Term]:
    yield term
    if isinstance(term, (Pattern, Call)):
        for argument in term.args:
            yield from _terms(argument)


def _atoms(rule: Rule) -> Iterator[Atom]:
    yield rule.head
    for condition in rule.body:
        if isinstance(condition, Literal):
            yield condition.atom


def _words() -> frozenset[str]:
    """Return every name that a rule mentions."""
    return frozenset(
        part.value
        for rule in BOOK.rules
        for atom in _atoms(rule)
        for term in atom.args
        for part in _terms(term)
        if isinstance(part, Constant) and isinstance(part.value, str)
    )


def _numbers_by_attribute() -> dict[str, list[list[Number]]]:
    """Return, for each predicate, the numbers that stand beside it, rule by rule."""
    found: dict[str, list[list[Number]]] = {}
    for rule in BOOK.rules:
        numbers = [
            BOOK.numbers[str(atom.args[0].value)]
            for atom in _atoms(rule)
            if atom.name == "number" and isinstance(atom.args[0], Constant)
        ]
        for atom in _atoms(rule):
            if numbers and atom.name != "number":
                found.setdefault(atom.name.removeprefix("-"), []).append(numbers)
    return found


MENTIONED: Final = _words()
_NUMBERS: Final = _numbers_by_attribute()


def _exact(number: Number) -> int:
    assert isinstance(number.value, int)
    return number.value


def _around(values: set[int]) -> list[int]:
    return sorted({max(0, value + step) for value in values for step in (-1, 0, 1)})


def near_whole(attribute: Attribute) -> list[int]:
    """Return whole numbers at, just below and just above what the rules compare with.

    That is each threshold, the sum of two of them (an increase over a base), and what exhausts
    a cap at a rate.
    """
    values: set[int] = set()
    for numbers in _NUMBERS.get(attribute.name, []):
        own = [_exact(n) for n in numbers if n.type == attribute.type]
        rates = [n.value for n in numbers if n.type == "share" and n.value]
        values.update(own)
        values.update(a + b for a, b in combinations_with_replacement(own, 2))
        values.update(int(amount / rate) for amount in own for rate in rates)
    return [value for value in _around(values) if value <= HIGHEST]


def near_share(attribute: Attribute) -> list[Decimal]:
    """Return shares at, just below and just above what the rules compare with."""
    own = {
        Decimal(number.value)
        for numbers in _NUMBERS.get(attribute.name, [])
        for number in numbers
        if number.type == "share"
    }
    steps = (-_LEAST_SHARE, Decimal(0), _LEAST_SHARE, Decimal("0.1"))
    return sorted(
        {min(max(value + step, Decimal(0)), Decimal(1)) for value in own for step in steps}
    )


def unwanted() -> frozenset[str]:
    """Return the attributes that rules only ask not to hold, apart from rules for notices."""
    names = {
        condition.atom.name
        for rule in BOOK.rules
        if rule.head.name != "notice"
        for condition in rule.body
        if isinstance(condition, Literal)
    }
    return frozenset(name[1:] for name in names if name[0] == "-" and name[1:] not in names)


def legal(lists: tuple[str, ...]) -> list[str]:
    """Return the values of several lists, those that a rule mentions first."""
    values = VOCABULARY.legal_values(lists)
    return sorted(values, key=lambda value: value not in MENTIONED)


def mentioned(lists: tuple[str, ...]) -> list[str]:
    """Return the values of several lists that a rule mentions; all if it mentions none."""
    values = VOCABULARY.legal_values(lists)
    return [value for value in values if value in MENTIONED] or list(values)


def used_attributes(kind: str) -> list[Attribute]:
    """Return the attributes that a line at hand may use."""
    return [
        attribute
        for attribute in VOCABULARY.attributes_of(kind)
        if any(line in BOOK.lines for line in attribute.lines)
    ]


def lines_about(kind: str) -> list[str]:
    """Return the lines at hand that are decided for entities of a kind."""
    return sorted(line for line in VOCABULARY.kinds[kind].subject_of if line in BOOK.lines)


KINDS: Final = [
    name for name, kind in VOCABULARY.kinds.items() if lines_about(name) and not kind.ids
]
