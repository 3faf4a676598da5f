"""What a comparison would need of one fact, computed as the rules compute its sides.

A value is followed from a comparison back through further rules and summaries to the facts that it
was made from, and computed again with one of them otherwise; nothing is derived anew for that.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.derive.atoms import day_number
from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Fact as GivenFact
from policy_logic.logic.terms import Call, Comparison, Fact, Literal, Variable, variables
from policy_logic.prove.matching import compare, evaluate, has_hole, match
from policy_logic.prove.proof import Derived, Leaf
from policy_logic.remedies.figures import ends_of, nearest_places, place_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy_logic.facts.sweeps import Scale
    from policy_logic.logic.terms import Condition, Rule, Term, Value
    from policy_logic.prove.matching import Bindings
    from policy_logic.prove.proof import Node
    from policy_logic.prove.refusal import Attempt
    from policy_logic.prove.why import Explainer

_MIRRORED: Final = {"<": ">", "<=": ">="}


class Given(NamedTuple):
    """A variable of a rule whose value the case decides.

    Attributes:
        variable: Its name.
        proof: Why it has its value.
    """

    variable: str
    proof: Node


class Computing:
    """The comparisons of one version of a case, with its facts taken otherwise."""

    def __init__(self, explainer: Explainer) -> None:
        self._explainer = explainer
        self._case = explainer.derivation.case

    def facts_behind(self, comparison: Comparison, attempt: Attempt) -> list[GivenFact]:
        """Return the facts from which the sides of a comparison were computed, in order."""
        found: dict[str, GivenFact] = {}
        for given in self._given(comparison, attempt):
            for fact in self._flow(given.proof):
                found.setdefault(fact.path, fact)
        return list(found.values())

    def nearest_values(
        self, comparison: Comparison, attempt: Attempt, fact: GivenFact, scale: Scale
    ) -> list[int]:
        """Return the places of a fact nearest to its own, above and below, at which it holds."""
        own = place_on(scale, str(fact.value))
        assert own is not None  # noqa: S101 - a fact of the case stands on its scale
        given = list(self._given(comparison, attempt))
        computed = _computed(attempt.rule)
        bound = {name: value for name, value in attempt.bindings if name not in computed}

        def holds(place: int) -> bool:
            value = _as_rules_see_it(scale, place)
            changed = {g.variable: self._remade(g.proof, fact, value) for g in given}
            bindings = _with_steps(attempt.rule.body, {**bound, **changed}, comparison)
            left = evaluate(comparison.left, bindings)
            right = evaluate(comparison.right, bindings)
            is_open = has_hole(left) or has_hole(right)
            return not is_open and compare(left, comparison.operator, right)

        return nearest_places(own, ends_of(scale, self._case.as_of), holds)

    def _given(self, comparison: Comparison, attempt: Attempt) -> Iterator[Given]:
        """Yield the variables behind a comparison whose values follow from what is given."""
        names = _names_behind(attempt.rule.body, comparison)
        bindings = dict(attempt.bindings)
        for condition in attempt.rule.body:
            if not isinstance(condition, Literal) or condition.absent or not condition.atom.args:
                continue
            last = condition.atom.args[-1]
            if not isinstance(last, Variable) or last.name not in names:
                continue
            args = tuple(evaluate(term, bindings) for term in condition.atom.args)
            atom = Fact(condition.atom.name, args)
            if not any(has_hole(argument) for argument in args) and atom in self._explainer.model:
                yield Given(last.name, self._explainer.why(atom))

    def _flow(self, node: Node) -> Iterator[GivenFact]:
        """Yield the facts that the last value of what a proof concludes was made from."""
        if isinstance(node, Leaf):
            if isinstance(node.origin, GivenFact):
                yield node.origin
            elif isinstance(node.origin, Summary):
                yield from self._group(node.origin.facts[0])
        elif isinstance(node, Derived) and node.rule.head.args:
            names = _names_behind(node.rule.body, node.rule.head.args[-1])
            for condition, cause in zip(node.rule.body, node.causes, strict=True):
                if _last_of(condition) in names:
                    yield from self._flow(cause)

    def _group(self, fact: GivenFact) -> list[GivenFact]:
        """Return the figures that are summarised together with a fact."""
        name = (fact.entity, fact.attribute, fact.keys[:-1])
        return [f for f in self._case.facts if (f.entity, f.attribute, f.keys[:-1]) == name]

    def _remade(self, node: Node, fact: GivenFact, value: Value) -> Value:
        """Return the last value of what a proof concludes, were a fact otherwise."""
        if isinstance(node, Leaf):
            own = node.atom.args[-1] if node.atom.args else None
            if isinstance(node.origin, Summary):
                return self._summarised(node.origin, node.atom, fact, value)
            is_it = isinstance(node.origin, GivenFact) and node.origin.path == fact.path
            return value if is_it else own
        if not isinstance(node, Derived) or not node.rule.head.args:
            return None
        computed = _computed(node.rule)
        bindings = {name: known for name, known in node.bindings if name not in computed}
        for condition, cause in zip(node.rule.body, node.causes, strict=True):
            name = _last_of(condition)
            if name and name in bindings:
                bindings[name] = self._remade(cause, fact, value)
        return evaluate(node.rule.head.args[-1], _with_steps(node.rule.body, bindings))

    def _summarised(self, summary: Summary, atom: Fact, fact: GivenFact, value: Value) -> Value:
        """Return what figures come to, were one of them otherwise."""
        group = self._group(summary.facts[0])
        if all(other.path != fact.path for other in group) or not isinstance(value, int):
            return summary.value
        if summary.form in {"total", "within"}:
            inside = any(other.path == fact.path for other in summary.facts)
            own = fact.value if isinstance(fact.value, int) else 0
            return summary.value + value - own if inside else summary.value
        figures = [value if other.path == fact.path else other.value for other in group]
        ordered = sorted((f for f in figures if isinstance(f, int)), reverse=True)
        rank = atom.args[-2] if summary.form == "ranked" else 1
        return ordered[rank - 1] if isinstance(rank, int) else summary.value


def least_asked(attempt: Attempt, term: Term, scale: Scale) -> int:
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


def _as_rules_see_it(scale: Scale, place: int) -> Value:
    value = scale.value(place)
    return day_number(value) if isinstance(value, date) else value


def _last_of(condition: Condition) -> str:
    """Return the variable in which a condition on an atom ends; empty for any other condition."""
    if isinstance(condition, Comparison) or condition.absent or not condition.atom.args:
        return ""
    last = condition.atom.args[-1]
    return last.name if isinstance(last, Variable) else ""


def _names_behind(body: Sequence[Condition], asked: Comparison | Term) -> set[str]:
    """Return the variables from which a term or the sides of a comparison are computed."""
    terms = (asked.left, asked.right) if isinstance(asked, Comparison) else (asked,)
    names = {name for term in terms for name in variables(term)}
    for condition in reversed(body):
        if isinstance(condition, Comparison) and condition.operator == "=":
            both = {*variables(condition.left), *variables(condition.right)}
            names |= both if names & both else set()
    return names


def _computed(rule: Rule) -> set[str]:
    """Return the variables of a rule that only a calculation gives a value."""
    stated = {
        name
        for condition in rule.body
        if isinstance(condition, Literal)
        for term in condition.atom.args
        for name in variables(term)
    }
    steps = [c for c in rule.body if isinstance(c, Comparison) and c.operator == "="]
    sides = [term for step in steps for term in (step.left, step.right)]
    return {t.name for t in sides if isinstance(t, Variable) and t.name not in stated}


def _with_steps(
    body: Sequence[Condition], bound: Mapping[str, Value], asked: Comparison | None = None
) -> Bindings:
    """Return bindings with what the calculations of a rule make of them."""
    bindings = dict(bound)
    for step in body:
        if not isinstance(step, Comparison) or step.operator != "=" or step is asked:
            continue
        for term, other in ((step.left, step.right), (step.right, step.left)):
            value = evaluate(other, bindings)
            if not has_hole(value) and not isinstance(term, Call):
                bindings = match(term, value, bindings) or bindings
    return bindings
