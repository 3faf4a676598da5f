"""The one module that speaks to pyDatalog: it derives predicate by predicate, layer by layer.

Each predicate is derived when all that it rests on is there as facts: every rule becomes one clause
and one query, and its answers become facts. So no negation meets what is not complete, which
pyDatalog would take for absent or never come back from. Clauses are built from its objects, never
from text, which it would run as Python.
"""

from __future__ import annotations

import warnings
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.logic.terms import Constant, Fact, Pattern, Term, Variable, variables
from policy_logic.recheck.calculations import CALCULATIONS
from policy_logic.recheck.queries import DENIED, Query, queries
from policy_logic.recheck.steps import TERM, Ask, Compare, Predicate, Step
from policy_logic.recheck.values import Constants, Plain, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from policy_logic.logic.terms import Rule

with warnings.catch_warnings():  # compiling its source warns of an escape in a pattern
    warnings.simplefilter("ignore")
    from pyDatalog import Logic, pyEngine

Piece: TypeAlias = Any  # pyDatalog's own objects have no types

_ADD: Final = pyEngine.assert_
_ANSWER: Final = "the answer"


def derive_again(rules: Iterable[Rule], given: Iterable[Fact]) -> frozenset[Fact]:
    """Derive, without clingo, all that follows from what is given.

    Args:
        rules: The rules; stratified, as those of a rulebook are.
        given: What is given.

    Returns:
        What the rules derive, without what is given.

    Raises:
        RequestError: The second engine cannot ask the conditions of a rule in any order.
    """
    by_predicate: dict[Predicate, list[Query]] = {}
    for query in queries(rules):
        by_predicate.setdefault(query.predicate, []).append(query)
    before = Logic(True)  # noqa: FBT003 - pyDatalog's way to ask for the thread's own state
    Logic()
    try:
        return _Engine(given).derive(by_predicate)
    finally:
        Logic(before)


class _Engine:
    """One derivation."""

    def __init__(self, given: Iterable[Fact]) -> None:
        self.constants = Constants()
        self.rows: dict[Predicate, set[tuple[Plain, ...]]] = {}
        self._symbols: dict[Plain, Piece] = {}
        self._failures: list[Exception] = []
        for fact in given:
            args = tuple(map(self.constants.encode, fact.args))
            self._tell((fact.name, len(args)), args)

    def derive(self, by_predicate: Mapping[Predicate, Sequence[Query]]) -> frozenset[Fact]:
        found: set[Fact] = set()
        for predicate in _in_layers(by_predicate):
            new = self._derive_one(predicate, by_predicate[predicate])
            if not predicate[0].startswith(DENIED):
                found |= {Fact(predicate[0], tuple(map(decode, row))) for row in new}
        return frozenset(found)

    def _derive_one(self, predicate: Predicate, own: Sequence[Query]) -> set[tuple[Plain, ...]]:
        found: set[tuple[Plain, ...]] = set()
        while True:
            rows = {row for query in own for row in self._answers(query)}
            new = rows - self.rows.get(predicate, set())
            for row in new:
                self._tell(predicate, row)
            found |= new
            if not new or not any(predicate in query.needs for query in own):
                return found

    def _answers(self, query: Query) -> Iterator[tuple[Plain, ...]]:
        if any(
            isinstance(s, Ask) and not s.absent and not self.rows.get(s.predicate)
            for s in query.steps
        ):
            return
        names = list(dict.fromkeys(n for term in query.head.args for n in variables(term)))
        if not query.steps:
            yield self._row(query.head.args, {})
            return
        head = pyEngine.Literal(_ANSWER, [pyEngine.Var(name) for name in names])
        clause = pyEngine.Clause(head, [self._literal(step) for step in query.steps])
        _ADD(clause)
        answers = head.ask()
        pyEngine.retract(clause)
        if self._failures:
            raise self._failures[0]
        for answer in answers:
            yield self._row(query.head.args, dict(zip(names, answer, strict=True)))

    def _row(self, terms: Iterable[Term], values: Mapping[str, Plain]) -> tuple[Plain, ...]:
        return tuple(self._value(term, values) for term in terms)

    def _value(self, term: Term, values: Mapping[str, Plain]) -> Plain:
        if isinstance(term, Variable):
            return values[term.name]
        if isinstance(term, Constant):
            return self.constants.encode(term.value)
        args = self._row(term.args, values)
        if isinstance(term, Pattern):
            return self.constants.make(term.name, args)
        return CALCULATIONS[term.function](*args)

    def _literal(self, step: Step) -> Piece:
        if isinstance(step, Ask):
            terms = list(map(self._term, step.args))
            self._declare(step.predicate)
            return pyEngine.Literal(("~" if step.absent else "") + step.name, terms)
        if isinstance(step, Compare):
            name = "==" if step.operator == "=" else step.operator
            return pyEngine.Literal(name, [self._term(step.left), self._term(step.right)])
        function = pyEngine.Const(self._function(step.function))
        arguments = pyEngine.VarTuple([self._term(slot) for slot in step.args])
        result = pyEngine.Operation(function, "(", arguments)
        return pyEngine.Literal("==", [self._term(step.target), result])

    def _function(self, name: str) -> Callable[..., Plain]:
        """Return a calculation that keeps its faults: pyDatalog takes a fault for the result."""
        known = CALCULATIONS.get(name)

        def call(*args: Plain) -> Plain:
            try:
                if known is None:
                    return self.constants.make(name.removeprefix(TERM), args)
                return known(*args)
            except (TypeError, ValueError, ArithmeticError) as fault:
                self._failures.append(fault)
                raise

        return call

    def _term(self, slot: Variable | Constant) -> Piece:
        if isinstance(slot, Variable):
            return pyEngine.Var(slot.name)
        return self._symbol(self.constants.encode(slot.value))

    def _symbol(self, value: Plain) -> Piece:
        known = self._symbols.get(value)
        if known is None:
            known = self._symbols[value] = pyEngine.Const(value)
        return known

    def _declare(self, predicate: Predicate) -> None:
        if predicate not in self.rows:
            self.rows[predicate] = set()
            pyEngine.insert(pyEngine.Pred(*predicate))

    def _tell(self, predicate: Predicate, row: tuple[Plain, ...]) -> None:
        """Add a fact, and what the values in it consist of."""
        self._put(predicate, row)
        for made in self.constants.fresh():
            self._put((TERM + made.name, 1 + len(made.args)), (made, *made.args))

    def _put(self, predicate: Predicate, row: tuple[Plain, ...]) -> None:
        self.rows.setdefault(predicate, set()).add(row)
        literal = pyEngine.Literal(predicate[0], [self._symbol(value) for value in row])
        _ADD(pyEngine.Clause(literal, []))


def _in_layers(by_predicate: Mapping[Predicate, Sequence[Query]]) -> Iterator[Predicate]:
    """Yield the predicates, each after all that it rests on; a rule may rest on its own."""
    needs = {
        predicate: {p for query in own for p in query.needs if p in by_predicate and p != predicate}
        for predicate, own in by_predicate.items()
    }
    yield from TopologicalSorter(needs).static_order()
