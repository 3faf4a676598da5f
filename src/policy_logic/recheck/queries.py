"""Rules taken apart into steps that the second engine can take.

A value with arguments, as ``claim(Line, …)``, is one constant to the engine. What it consists of
is a relation: ``term claim(Claim, Line, …)``. A value is calculated in a step before it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Problem, RequestError
from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Condition,
    Literal,
    Pattern,
    Rule,
    Term,
    Variable,
    variables,
)
from policy_logic.recheck.steps import TERM, Ask, Compare, Compute, denies, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policy_logic.recheck.steps import Predicate, Slot, Step

DENIED: Final = "denied "


@dataclass(frozen=True, slots=True)
class Query:
    """A rule, ready to be asked.

    Attributes:
        head: What it derives.
        steps: Its conditions, in an order in which everything is bound in time.
    """

    head: Atom
    steps: tuple[Step, ...]

    @property
    def predicate(self) -> Predicate:
        """What it derives: the predicate, with its sign, and the number of arguments."""
        return self.head.name, len(self.head.args)

    @property
    def needs(self) -> frozenset[Predicate]:
        """The predicates that it asks for, those of terms left out."""
        asked = {s.predicate for s in self.steps if isinstance(s, Ask)}
        return frozenset(p for p in asked if not p[0].startswith(TERM))


def queries(rules: Iterable[Rule]) -> tuple[Query, ...]:
    """Return the queries of rules; a rule that denies a term with arguments needs a second one.

    Raises:
        RequestError: The conditions of a rule have no order in which everything is bound in time,
            though clingo may accept it, as ``Day = day(Date), Day = day(Date')``; or a rule denies
            what it derives.
    """
    found: list[Query] = []
    for rule in rules:
        found += _Flattener(rule, len(found)).queries()
        if any(denies(step) and step.predicate == found[-1].predicate for step in found[-1].steps):
            raise _refusal(rule)
    return tuple(found)


class _Flattener:
    """Takes one rule apart."""

    def __init__(self, rule: Rule, number: int) -> None:
        self.rule, self.number = rule, number
        self.steps: list[Step] = []
        self.further: list[Query] = []
        self._fresh = count(1)
        self._given = _given(rule)

    def queries(self) -> list[Query]:
        for condition in self.rule.body:
            if isinstance(condition, Comparison):
                self._comparison(condition)
            else:
                self._literal(condition)
        steps = in_order(self.steps)
        if steps is None:
            raise _refusal(self.rule)
        return [*self.further, Query(self.rule.head, steps)]

    def _literal(self, condition: Literal) -> None:
        atom = condition.atom
        if condition.absent and any(isinstance(term, Pattern) for term in atom.args):
            atom = self._denied(condition)
        args = tuple(map(self._slot, atom.args))
        self.steps.append(Ask(atom.name, args, condition.absent))

    def _denied(self, condition: Literal) -> Atom:
        """Derive what is denied by a rule of its own, so that only plain arguments are denied."""
        others = [c for c in self.rule.body if isinstance(c, Comparison) or not c.absent]
        elsewhere = {name for other in others for term in _terms(other) for name in variables(term)}
        own = dict.fromkeys(name for term in condition.atom.args for name in variables(term))
        named = [Variable(name) for name in own if name in elsewhere]
        head = Atom(f"{DENIED}{self.number + len(self.further)}", tuple(named))
        asked = replace(condition, absent=False)
        rule = replace(self.rule, head=head, body=(asked,), position=condition.position)
        self.further += _Flattener(rule, self.number + len(self.further)).queries()
        return head

    def _comparison(self, condition: Comparison) -> None:
        left, right = condition.left, condition.right
        if condition.operator == "=" and isinstance(left, (Pattern, Call)):
            left, right = right, left
        if condition.operator == "=" and isinstance(right, (Pattern, Call)):
            target = self._made(left) if isinstance(left, (Pattern, Call)) else left
            given = isinstance(target, Variable) and target.name in self._given
            if isinstance(right, Pattern) and given:
                self._take_apart(target, right)
            else:
                self._compute(target, right)
            return
        self.steps.append(Compare(self._made(left), condition.operator, self._made(right)))

    def _slot(self, term: Term) -> Slot:
        """Return an argument of an atom, what it consists of being asked besides."""
        if isinstance(term, Pattern):
            whole = self._variable()
            self._take_apart(whole, term)
            return whole
        return self._made(term)

    def _made(self, term: Term) -> Slot:
        """Return an argument of a comparison or a calculation, calculated beforehand."""
        if isinstance(term, (Pattern, Call)):
            whole = self._variable()
            self._compute(whole, term)
            return whole
        return term

    def _take_apart(self, whole: Slot, pattern: Pattern) -> None:
        parts = tuple(map(self._slot, pattern.args))
        self.steps.append(Ask(TERM + pattern.name, (whole, *parts)))

    def _compute(self, target: Slot, term: Pattern | Call) -> None:
        name = TERM + term.name if isinstance(term, Pattern) else term.function
        self.steps.append(Compute(target, name, tuple(map(self._made, term.args))))

    def _variable(self) -> Variable:
        return Variable(f"?{next(self._fresh)}")


def _given(rule: Rule) -> set[str]:
    """Return the variables that stand for what is in some atom, so that its parts can be asked."""
    found = {
        name
        for condition in rule.body
        if isinstance(condition, Literal) and not condition.absent
        for term in condition.atom.args
        for name in _asked(term)
    }
    equal = [c for c in rule.body if isinstance(c, Comparison) and c.operator == "="]
    pairs = [pair for c in equal for pair in ((c.left, c.right), (c.right, c.left))]
    size = -1
    while size < len(found):
        size = len(found)
        for first, second in pairs:
            if isinstance(first, Variable) and first.name in found:
                found.update(_asked(second))
    return found


def _asked(term: Term) -> Iterator[str]:
    """Yield the variables of a term, but for those from which something is calculated."""
    if isinstance(term, Variable):
        yield term.name
    elif isinstance(term, Pattern):
        for argument in term.args:
            yield from _asked(argument)


def _terms(condition: Condition) -> tuple[Term, ...]:
    if isinstance(condition, Comparison):
        return condition.left, condition.right
    return condition.atom.args


def _refusal(rule: Rule) -> RequestError:
    return RequestError([Problem("request.not_rechecked", rule.position, {"rule": rule.id})])
