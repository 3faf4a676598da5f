"""Matching rules against the model, in plain Python.

A *hole* stands for a value that is not known yet: in a goal it leaves a variable open.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from policy_logic.logic.arithmetic import FUNCTIONS
from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Compound,
    Constant,
    Fact,
    Pattern,
    Term,
    Value,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HOLE: Final = Compound("?", ())
Bindings: TypeAlias = dict[str, Value]


class Step(NamedTuple):
    """One exact calculation: what was called, on which values, with which result."""

    function: str
    args: tuple[Value, ...]
    result: int


def has_hole(value: Value) -> bool:
    """Return whether a value is open somewhere."""
    if not isinstance(value, Compound):
        return False
    return value == HOLE or any(has_hole(argument) for argument in value.args)


def evaluate(term: Term, bindings: Bindings, steps: list[Step] | None = None) -> Value:
    """Return the value of a term, with holes where variables are open.

    Args:
        term: The term.
        bindings: The values of its variables.
        steps: Where to note each calculation; ``None`` not to.
    """
    if isinstance(term, Variable):
        return bindings.get(term.name, HOLE)
    if isinstance(term, Constant):
        return term.value
    args = tuple(evaluate(argument, bindings, steps) for argument in term.args)
    if isinstance(term, Pattern):
        return Compound(term.name, args)
    if any(has_hole(argument) for argument in args):
        return HOLE
    result = FUNCTIONS[term.function](*args)
    if steps is not None:
        steps.append(Step(term.function, args, result))
    return result


def match(term: Term, value: Value, bindings: Bindings) -> Bindings | None:
    """Return the bindings under which a term has a value, ``None`` if there are none."""
    if isinstance(term, Variable):
        known = bindings.get(term.name, HOLE)
        if has_hole(known):
            joined = _join(known, value)
            if joined is _CLASH:
                return None
            return bindings if joined == HOLE else {**bindings, term.name: joined}
        return bindings if _join(known, value) is not _CLASH else None
    if isinstance(term, Constant):
        return bindings if _join(term.value, value) is not _CLASH else None
    if isinstance(term, Call):
        return bindings if _join(evaluate(term, bindings), value) is not _CLASH else None
    if value == HOLE:
        return bindings
    if not isinstance(value, Compound) or (term.name, len(term.args)) != (
        value.name,
        len(value.args),
    ):
        return None
    return match_all(term.args, value.args, bindings)


def match_all(
    terms: Iterable[Term], values: Iterable[Value], bindings: Bindings
) -> Bindings | None:
    """Return the bindings under which terms have values, one by one."""
    found: Bindings | None = bindings
    for term, value in zip(terms, values, strict=True):
        if found is None:
            return None
        found = match(term, value, found)
    return found


_CLASH: Final = Compound("!", ())


def _join(first: Value, second: Value) -> Value:
    """Return what two values have in common: the fuller of the two, or a clash."""
    if first == HOLE:
        return second
    if second in (HOLE, first):
        return first
    if (
        isinstance(first, Compound)
        and isinstance(second, Compound)
        and (first.name, len(first.args)) == (second.name, len(second.args))
        and first.args
    ):
        args = tuple(_join(a, b) for a, b in zip(first.args, second.args, strict=True))
        return (
            _CLASH if any(argument is _CLASH for argument in args) else Compound(first.name, args)
        )
    return _CLASH


def compare(left: Value, operator: str, right: Value) -> bool:
    """Return whether a comparison of two values holds.

    Raises:
        TypeError: An order is asked of values that have none; the rulebook's types prevent it.
    """
    if operator == "=":
        return left == right
    if operator == "!=":
        return left != right
    order = _compared(left, right)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]


def _compared(left: Value, right: Value) -> int:
    """Return a number below, at or above 0 for less, equal or more."""
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)):
        return (left > right) - (left < right)
    raise TypeError(f"{left!r} and {right!r} have no order")


def solve_comparison(
    comparison: Comparison, bindings: Bindings, steps: list[Step]
) -> Bindings | bool:
    """Decide a comparison, or let ``=`` give a variable its value.

    Returns:
        New bindings where a variable got its value; else whether the comparison holds. A
        comparison of open values does not hold; see :func:`has_hole`.
    """
    left = evaluate(comparison.left, bindings, steps)
    right = evaluate(comparison.right, bindings, steps)
    if comparison.operator == "=" and (has_hole(left) or has_hole(right)):
        term, value = (comparison.left, right) if has_hole(left) else (comparison.right, left)
        found = match(term, value, bindings)
        return found if found is not None and not has_hole(value) else False
    if has_hole(left) or has_hole(right):
        return False
    return compare(left, comparison.operator, right)


class Model:
    """The atoms that hold, with an index for each way in which they are asked."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = frozenset(facts)
        self._by_name: dict[tuple[str, int], list[tuple[Value, ...]]] = {}
        for fact in self._facts:
            self._by_name.setdefault((fact.name, len(fact.args)), []).append(fact.args)
        self._sorted: set[tuple[str, int]] = set()
        self._index: dict[
            tuple[str, tuple[int, ...], int], dict[tuple[Value, ...], list[tuple[Value, ...]]]
        ] = {}

    def __contains__(self, fact: Fact) -> bool:
        """Return whether an atom holds."""
        return fact in self._facts

    def find(self, atom: Atom, bindings: Bindings) -> Iterator[Bindings]:
        """Yield the bindings under which an atom holds, in a fixed order."""
        values = [evaluate(term, bindings) for term in atom.args]
        asked = tuple(index for index, value in enumerate(values) if not has_hole(value))
        key = tuple(values[index] for index in asked)
        for args in self._bucket(atom.name, asked, len(values)).get(key, ()):
            found = match_all(atom.args, args, bindings)
            if found is not None:
                yield found

    def _bucket(
        self, name: str, asked: tuple[int, ...], arity: int
    ) -> Mapping[tuple[Value, ...], list[tuple[Value, ...]]]:
        known = self._index.get((name, asked, arity))
        if known is not None:
            return known
        rows = self._by_name.get((name, arity), [])
        if (name, arity) not in self._sorted:
            rows.sort(key=_order)
            self._sorted.add((name, arity))
        bucket: dict[tuple[Value, ...], list[tuple[Value, ...]]] = {}
        for args in rows:
            bucket.setdefault(tuple(args[index] for index in asked), []).append(args)
        self._index[name, asked, arity] = bucket
        return bucket


def _order(args: tuple[Value, ...]) -> tuple[object, ...]:
    """Return what ground atoms are sorted by, so that proofs do not depend on any order."""
    return tuple(
        (0, value, "") if isinstance(value, (int, Decimal)) else (1, 0, str(value))
        for value in args
    )
