"""Thresholds, and how near to them a case comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.logic.terms import Call, Comparison, Constant, Variable
from policy_logic.prove.matching import evaluate
from policy_logic.rulebook.signatures import CALLS

if TYPE_CHECKING:
    from policy_logic.logic.terms import Condition, Rule, Term, Value
    from policy_logic.prove.matching import Bindings
    from policy_logic.rulebook.policy import Rulebook

Distance: TypeAlias = int | Decimal

_QUANTITIES: Final = frozenset({"money", "usd", "integer", "share", "date"})
_STEP_OF_SHARES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition that puts two quantities in order.

    Attributes:
        comparison: The condition.
        kind: The type of what it compares: ``money``, ``usd``, ``integer``, ``share``, ``date``.
    """

    comparison: Comparison
    kind: str

    def distance(self, bindings: Bindings) -> Distance:
        """Return how far its two sides lie apart; dates in days."""
        left, right = (
            evaluate(term, bindings) for term in (self.comparison.left, self.comparison.right)
        )
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return abs(left - right)
        if self.kind == "date":
            return abs((_day(left) - _day(right)).days)
        return abs(_whole(left) - _whole(right))

    def is_edge(self, distance: Distance, *, is_met: bool) -> bool:
        """Return whether it is met, or missed, as closely as can be.

        The last value that meets ``>=`` equals the other side, and the first that misses it is
        one unit away; for ``>`` it is the other way round. A unit is one yuan, one dollar, one
        day or one piece; of shares, which have none, a hundredth of a per cent.
        """
        if ("=" in self.comparison.operator) == is_met:
            return distance == 0
        return 0 < distance <= (_STEP_OF_SHARES if self.kind == "share" else 1)


def thresholds_of(rule: Rule, book: Rulebook) -> dict[int, Threshold]:
    """Return the conditions of a rule that put quantities in order, by their place in its body."""
    found = {}
    for index, condition in enumerate(rule.body):
        if isinstance(condition, Comparison) and condition.operator not in {"=", "!="}:
            kind = _type(rule, condition.left, book) or _type(rule, condition.right, book)
            if kind in _QUANTITIES:
                found[index] = Threshold(condition, kind)
    return found


def _type(rule: Rule, term: Term, book: Rulebook) -> str:
    """Return the type of a term in a rule; an empty word if nothing tells."""
    if isinstance(term, Call):
        kind = CALLS[term.function, len(term.args)][0]
        inner = (_type(rule, argument, book) for argument in term.args)
        return next(filter(None, inner), "") if kind == "quantity" else kind
    if not isinstance(term, Variable):
        return ""
    given = (_given_type(condition, term, rule, book) for condition in rule.body)
    return next(filter(None, given), "")


def _given_type(condition: Condition, term: Variable, rule: Rule, book: Rulebook) -> str:
    """Return the type that a variable has by one condition; an empty word if none."""
    if isinstance(condition, Comparison):
        is_given = condition.operator == "=" and condition.left == term
        return _type(rule, condition.right, book) if is_given else ""
    atom = condition.atom
    if term not in atom.args:
        return ""
    named = atom.args[0]
    if atom.signature == ("number", 2) and isinstance(named, Constant):
        return book.numbers[str(named.value)].type
    return book.types[atom.signature][atom.args.index(term)]


def _day(value: Value) -> date:
    number = _whole(value)
    return date(number // 10_000, number // 100 % 100, number % 100)


def _whole(value: Value) -> int:
    assert isinstance(value, int)  # noqa: S101 - the rules' promise, told to mypy
    return value
