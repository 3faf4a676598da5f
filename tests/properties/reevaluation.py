"""Checking a proof again, step by step, with code of its own.

Nothing of the explainer is used here: no matching, no arithmetic. What a rule says comes from
the rulebook, what holds comes from the model, and the rest is plain Python.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Case, Grant, Review
from policy_logic.facts.model import Fact as Given
from policy_logic.logic.terms import (
    Call,
    Comparison,
    Compound,
    Constant,
    Fact,
    Literal,
    Pattern,
    Variable,
)
from policy_logic.prove.proof import Absence, Compared, Derived, Leaf
from policy_logic.rulebook.policy import Line, Number, Policy, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.derive.derivation import Derivation
    from policy_logic.logic.terms import Atom, Term, Value
    from policy_logic.prove.proof import Node

_OPEN: Final = object()
_REVIEWED: Final = {"review", "review_amount", "review_detail"}
_RECEIVED: Final = {"granted", "grant_year", "received", "received_amount", "received_in"}
_DECLARED: Final = {
    "pays_for_trigger",
    "line", "article", "per", "determinacy", "matter", "review_required", "counts_by_year", "role",
}  # fmt: skip
_OF_THE_CASE: Final = {
    "as_of", "applicant", "entity", "refers", "falls_on", "falls_in", "names", "year_before",
    "given", "valid_from", "valid_until", "occasion_of",
}  # fmt: skip


class Reevaluation:
    """Checks proofs over one derivation; what has been checked is not checked twice."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.model: frozenset[Fact] = derivation.model
        self.case = derivation.case
        self._rules = {rule.id: rule for rule in derivation.book.rules}
        self._done: set[int] = set()
        self._kept: list[Node] = []
        self._by_name: dict[tuple[str, int], list[Fact]] = {}
        for fact in self.model:
            self._by_name.setdefault((fact.name, len(fact.args)), []).append(fact)

    def check(self, root: Node) -> None:
        """Check a whole proof; an assertion says which step does not hold."""
        self._check(root, {}, ())

    def _check(self, node: Node, bindings: Mapping[str, Value], above: tuple[Fact, ...]) -> None:
        if isinstance(node, Compared):
            self.compared(node, bindings)
            return
        if isinstance(node, Absence):
            self.absent(node, bindings)
            return
        assert node.atom not in above, f"{node.atom} rests on itself"
        assert node.atom in self.model
        if id(node) in self._done:
            return
        if isinstance(node, Leaf):
            self.leaf(node)
        else:
            self.derived(node)
            for cause in node.causes:
                self._check(cause, dict(node.bindings), (*above, node.atom))
        self._done.add(id(node))
        self._kept.append(node)

    def derived(self, node: Derived) -> None:
        """Check that the rule, with the values named, says what the node says."""
        rule, bindings = node.rule, dict(node.bindings)
        assert self._rules[rule.id] is rule
        assert Fact(rule.head.name, _values(rule.head, bindings)) == node.atom
        assert len(node.causes) == len(rule.body)
        for condition, cause in zip(rule.body, node.causes, strict=True):
            if isinstance(condition, Comparison):
                assert isinstance(cause, Compared)
                assert cause.comparison is condition
                assert cause.rule is rule
                continue
            assert isinstance(condition, Literal)
            assert isinstance(cause, Absence) == condition.absent
            assert not isinstance(cause, Compared)
            if isinstance(cause, Absence):
                assert cause.literal is condition
                assert cause.rule is rule
            assert cause.atom.name == condition.atom.name
            asked = _values(condition.atom, bindings)
            assert _fits(asked, cause.atom.args), f"{cause.atom} for {rule.text}"

    def absent(self, node: Absence, bindings: Mapping[str, Value]) -> None:
        """Check that nothing in the model is what the condition says is absent."""
        assert node.literal.absent
        asked = _values(node.literal.atom, bindings)
        name = node.literal.atom.name
        assert not any(
            _fits(asked, fact.args) for fact in self._by_name.get((name, len(asked)), [])
        ), f"{name} is not absent"

    def compared(self, node: Compared, bindings: Mapping[str, Value]) -> None:
        """Check a comparison and every calculation in it."""
        comparison = node.comparison
        steps: list[tuple[str, tuple[Any, ...], int]] = []
        left = _value(comparison.left, bindings, steps)
        right = _value(comparison.right, bindings, steps)
        assert _fits((left, right), (node.left, node.right))
        assert _holds(node.left, comparison.operator, node.right)
        assert [tuple(step) for step in node.steps] == steps

    def leaf(self, node: Leaf) -> None:
        """Check that what is given is given, and by what the leaf says."""
        atom, origin = node.atom, node.origin
        assert self.derivation.atoms.origins[atom] is origin
        if isinstance(origin, Given):
            assert origin in self.case.facts
            assert atom in _atoms_of(origin)
        elif isinstance(origin, Number):
            assert atom == Fact("number", (origin.name, origin.value))
        elif isinstance(origin, Reading):
            chosen = self.case.readings.get(origin.name)
            value = next(iter(origin.values)) if chosen is None else chosen.value
            assert atom == Fact("reading", (origin.name, str(value)))
        elif isinstance(origin, Policy):
            assert atom.name in {"valid_from", "valid_until", "policy_in"}
            assert atom.args[0] == origin.id
        elif isinstance(origin, Summary):
            assert set(origin.facts) <= set(self.case.facts)
            assert atom.args[-1] == _summary(origin)
        elif isinstance(origin, Line):
            assert atom.name in _DECLARED
            assert atom.args[0] == origin.id
        elif isinstance(origin, Review):
            assert origin in self.case.reviews
            assert atom.name in _REVIEWED
            assert atom.args[0] == self.case.reviews.index(origin) + 1
        elif isinstance(origin, Grant):
            assert origin in self.case.grants
            assert atom.name in _RECEIVED
        else:
            assert isinstance(origin, Case)
            assert origin is self.case
            assert atom.name in _OF_THE_CASE or atom.name.startswith("-")


_AROUND: Final = {
    "datong": ("shanxi",),
    "ganzhou": ("jiangxi",),
    "pingyuan": ("henan",),
    "minhang": ("shanghai",),
}


def _summary(summary: Summary) -> int:
    """Return what figures come to, added up or picked anew."""
    figures = [fact.value for fact in summary.facts if isinstance(fact.value, int)]
    return sum(figures) if summary.form in {"total", "within"} else min(figures)


def _atoms_of(given: Given) -> set[Fact]:
    """Return the atoms that a value given may stand for."""
    value: Value = None
    if isinstance(given.value, date):
        value = int(given.value.strftime("%Y%m%d"))
    elif not isinstance(given.value, bool):
        value = given.value
    holds = given.holds and given.value is not False
    name = given.attribute if holds else f"-{given.attribute}"
    plain: tuple[Value, ...] = (given.entity, *given.keys)
    args = plain if isinstance(given.value, bool) else (*plain, value)
    around = _AROUND.get(str(value), ()) if holds else ()
    return {
        Fact(name, args),
        *(Fact(name, (*plain, place)) for place in around),
        Fact("refers", (given.entity, given.attribute, str(given.value))),
        Fact("given", (given.entity, given.attribute)),
        *(Fact("occasion_of", (given.entity, Compound("year", (key,)))) for key in given.keys),
        Fact("valid_from", (given.entity, value)),
        Fact("valid_until", (given.entity, value)),
    }


def _value(
    term: Term,
    bindings: Mapping[str, Value],
    steps: list[tuple[str, tuple[Any, ...], int]] | None = None,
) -> Any:
    """Return a term's value; a variable that no condition names stays open."""
    if isinstance(term, Variable):
        return bindings.get(term.name, _OPEN)
    if isinstance(term, Constant):
        return term.value
    args = tuple(_value(argument, bindings, steps) for argument in term.args)
    if isinstance(term, Pattern):
        return Compound(term.name, args)
    assert isinstance(term, Call)
    result = _calculated(term.function, args)
    if steps is not None:
        steps.append((term.function, args, result))
    return result


def _values(atom: Atom, bindings: Mapping[str, Value]) -> tuple[Any, ...]:
    return tuple(_value(term, bindings) for term in atom.args)


def _calculated(function: str, args: tuple[Any, ...]) -> int:
    """Return what a calculation gives: sums in whole yuan, a share of one floored once."""
    first, second = args
    assert isinstance(first, int)
    if function in {"portion", "portion_up"}:
        assert isinstance(second, Decimal)
        exact = Fraction(first) * Fraction(str(second))
        return floor(exact) if function == "portion" else ceil(exact)
    assert isinstance(second, int)
    if function == "anniversary":
        day = date(first // 10_000, first // 100 % 100, first % 100)
        try:
            later = day.replace(year=day.year + second)
        except ValueError:  # 29 February
            later = date(day.year + second, 2, 28)
        return int(later.strftime("%Y%m%d"))
    return {
        "plus": first + second,
        "minus": first - second,
        "at_most": min(second, first),
        "times": first * second,
        "wholes": first // second if second else 0,
    }[function]


def _fits(asked: tuple[Any, ...], held: tuple[Any, ...]) -> bool:
    """Return whether values are those asked for, an open one fitting any."""
    if len(asked) != len(held):
        return False
    for one, other in zip(asked, held, strict=True):
        if one is _OPEN:
            continue
        if isinstance(one, Compound) and isinstance(other, Compound):
            if one.name != other.name or not _fits(one.args, other.args):
                return False
        elif one != other or isinstance(one, Compound) != isinstance(other, Compound):
            return False
    return True


def _holds(left: Any, operator: str, right: Any) -> bool:
    if operator == "=":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    assert isinstance(left, str) == isinstance(right, str)
    return bool(
        {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]
    )
