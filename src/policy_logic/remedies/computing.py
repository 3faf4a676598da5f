"""What a comparison in a rule would need of one variable, computed as the rule computes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.derive.atoms import day_number
from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Fact as GivenFact
from policy_logic.logic.terms import Comparison, Fact, Literal, Variable, variables
from policy_logic.prove.matching import compare, evaluate, has_hole, match
from policy_logic.prove.proof import Leaf, walk
from policy_logic.remedies.figures import ends_of, nearest_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.sweeps import Scale
    from policy_logic.logic.terms import Value
    from policy_logic.prove.refusal import Attempt
    from policy_logic.prove.why import Explainer


class Source(NamedTuple):
    """Where a variable of a comparison comes from.

    Attributes:
        variable: Its name.
        fact: A fact that it is, or that a summary or a further rule made it from.
        form: How: empty for the fact itself, the form of a summary, or ``rules``.
        value: Its value.
    """

    variable: str
    fact: GivenFact
    form: str
    value: Value


def sources_of(
    comparison: Comparison, attempt: Attempt, explainer: Explainer
) -> Iterator[Source]:
    """Yield the facts from which the sides of a comparison were computed."""
    names = {*variables(comparison.left), *variables(comparison.right)}
    for condition in reversed(attempt.rule.body):
        if isinstance(condition, Comparison) and condition.operator == "=":
            both = {*variables(condition.left), *variables(condition.right)}
            names |= both if names & both else set()
    bindings = dict(attempt.bindings)
    for condition in attempt.rule.body:
        if not isinstance(condition, Literal) or condition.absent or not condition.atom.args:
            continue
        last = condition.atom.args[-1]
        if not isinstance(last, Variable) or last.name not in names:
            continue
        args = tuple(evaluate(term, bindings) for term in condition.atom.args)
        atom = Fact(condition.atom.name, args)
        if any(has_hole(argument) for argument in args) or atom not in explainer.model:
            continue
        for form, fact in _facts(explainer, atom):
            yield Source(last.name, fact, form, args[-1])


def _facts(explainer: Explainer, atom: Fact) -> Iterator[tuple[str, GivenFact]]:
    """Yield the facts behind an atom, each with how it makes the atom's last value."""
    proof = explainer.why(atom)
    for leaf in walk(proof):
        if not isinstance(leaf, Leaf):
            continue
        form = "" if leaf is proof else "rules"
        if isinstance(leaf.origin, GivenFact):
            yield form, leaf.origin
        elif isinstance(leaf.origin, Summary):
            group = {(f.entity, f.attribute, f.keys[:-1]) for f in leaf.origin.facts}
            for fact in explainer.derivation.case.facts:
                if (fact.entity, fact.attribute, fact.keys[:-1]) in group:
                    yield form or leaf.origin.form, fact


def values_wanted(
    comparison: Comparison, attempt: Attempt, source: Source, scale: Scale, today: date
) -> list[int]:
    """Return the places of a variable nearest to its own at which a comparison holds."""
    rule = attempt.rule
    stated = {
        name
        for condition in rule.body
        if isinstance(condition, Literal)
        for term in condition.atom.args
        for name in variables(term)
    }
    bound = {n: v for n, v in attempt.bindings if n in stated and n != source.variable}
    steps = [c for c in rule.body if isinstance(c, Comparison) and c.operator == "="]

    def holds(place: int) -> bool:
        value = scale.value(place)
        number: Value = day_number(value) if isinstance(value, date) else value
        return _holds(comparison, steps, {**bound, source.variable: number})

    own = scale.place(_plain(source.value, scale))
    return nearest_places(own, ends_of(scale, today), holds)


def _plain(value: Value, scale: Scale) -> int | date:
    if scale.type == "date" and isinstance(value, int):
        return date(value // 10_000, value // 100 % 100, value % 100)
    return value  # type: ignore[return-value]


def _holds(
    comparison: Comparison, steps: list[Comparison], bound: Mapping[str, Value]
) -> bool:
    bindings = dict(bound)
    for step in steps:
        if step is comparison:
            continue
        for term, other in ((step.left, step.right), (step.right, step.left)):
            value = evaluate(other, bindings)
            if not has_hole(value):
                bindings = match(term, value, bindings) or bindings
    left, right = evaluate(comparison.left, bindings), evaluate(comparison.right, bindings)
    if has_hole(left) or has_hole(right):
        return False
    return compare(left, comparison.operator, right)


def least_asked(attempt: Attempt, term: object, scale: Scale) -> int:
    """Return the least place at which the numbers that a rule compares a variable with are met.

    It is 0 where the rule asks for none.
    """
    bindings = dict(attempt.bindings)
    found = 0
    for condition in attempt.rule.body:
        if not isinstance(condition, Comparison):
            continue
        for own, operator, other in (
            (condition.left, condition.operator, condition.right),
            (condition.right, _MIRRORED.get(condition.operator, ""), condition.left),
        ):
            value = evaluate(other, bindings) if own == term else None
            if operator in {">", ">="} and isinstance(value, (int, Decimal)):
                found = max(found, scale.place(value) + (operator == ">"))
    return found


_MIRRORED: Final = {"<": ">", "<=": ">="}
