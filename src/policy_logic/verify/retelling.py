"""What a proof says in words, told once more: sentences, clauses, evidence, places.

The checker decides whether a step is right; this decides whether it is told as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from policy_logic.facts.model import path_of
from policy_logic.logic.terms import Comparison, Compound, Fact, Literal, Rule, Value
from policy_logic.prove.matching import HOLE, Step, evaluate, has_hole
from policy_logic.prove.proof import Absence, Compared, Derived, Leaf
from policy_logic.prove.showing import show_given
from policy_logic.recheck.checker import Term, Variable, read_value
from policy_logic.tell.nodes import NodeTable, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policy_logic.derive.atoms import Atoms
    from policy_logic.facts.model import Case
    from policy_logic.facts.model import Fact as Given
    from policy_logic.rulebook.policy import Rulebook

    Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _About:
    book: Rulebook
    case: Case


class Retelling:
    """Tells the nodes of a stored proof once more, from the rules and the facts."""

    def __init__(self, atoms: Atoms, book: Rulebook) -> None:
        self._origins = atoms.origins
        self._table = NodeTable(_About(book, atoms.case))
        self._facts: dict[str, list[Given]] = {}
        for fact in atoms.case.facts:
            self._facts.setdefault(fact.path, []).append(fact)
        self._lists: dict[str, set[tuple[str, str | None]]] = {}
        for (entity, attribute, keys), listed in atoms.case.complete_sets.items():
            kind = atoms.case.entities[entity].kind
            path = path_of(kind, entity, attribute, keys)
            self._lists.setdefault(path, set()).add((place(listed.position), listed.evidence))
        self._rules = {self._table.position(rule.position): rule for rule in book.rules}

    def differences(self, nodes: Mapping[str, Json]) -> Iterator[tuple[str, object, object]]:
        """Yield what a stored node says otherwise: where, what it says, what it should say.

        A node that the checker cannot read is the checker's to report.
        """
        told: dict[str, Json] = {}
        for name, node in nodes.items():
            try:
                if node["type"] == "given":
                    told[name] = self._leaf(node)
                elif node["type"] == "derived":
                    told |= self._step(name, node, nodes)
            except (AttributeError, LookupError, TypeError, ValueError):
                continue
        for name, node in nodes.items():
            wanted = told.get(name)
            if wanted is None:
                yield f"{name}", node.get("atom", node.get("type")), "no step rests on it"
                continue
            for part in sorted(wanted.keys() | node.keys()):
                if node.get(part) != wanted.get(part):
                    yield f"{name}.{part}", node.get(part), wanted.get(part)

    def refusals(self, trees: Iterable[Json]) -> Iterator[tuple[str, object, object]]:
        """Yield what the ways of refusals say otherwise: of rules, clauses, facts and evidence."""
        for tree in trees:
            where = "/".join(str(tree[part]) for part in ("line", "subject", "year", "trigger"))
            for part, said, wanted in self._refusal(tree):
                yield f"{where} {part}", said, wanted

    def _refusal(self, tree: Json) -> Iterator[tuple[str, object, object]]:
        sentence = self._table.atom(_fact(tree["atom"]))
        if tree["sentence"] != sentence:
            yield "sentence", tree["sentence"], sentence
        for way in tree["ways"]:
            rule = self._rules.get(way["position"])
            wanted = None if rule is None else self._table.rule(rule)
            said = {part: way[part] for part in ("rule", "position", "article", "clause")}
            if said != wanted:
                yield "way", said, wanted
            for reason in way["missing"]:
                if reason["type"] == "derived":
                    yield from self._refusal(reason)
                elif reason["type"] == "failed":
                    yield from self._failed(reason)

    def _failed(self, reason: Json) -> Iterator[tuple[str, object, object]]:
        """Compare a fact that a failed condition names with the case."""
        facts = self._facts.get(reason["fact"] or "", ())
        places = {(place(fact.position), fact.evidence) for fact in facts}
        places |= self._lists.get(reason["fact"] or "", set())
        stated = (reason["position"], reason["evidence"])
        if facts and reason["position"] and stated not in places:
            yield reason["condition"], stated, sorted(places, key=str)
        values = {show_given(fact.value) for fact in facts}
        is_one = not reason["actual"].startswith("[")  # else it is a list of them
        if values and is_one and reason["actual"] not in values:
            yield reason["condition"], reason["actual"], sorted(values)

    def _leaf(self, node: Json) -> Json:
        atom = _fact(node["atom"])
        return self._table.given(Leaf(atom, self._origins[atom]))

    def _step(self, name: str, node: Json, nodes: Mapping[str, Json]) -> dict[str, Json]:
        rule = self._rules[node["position"]]
        values = {variable: _value(read_value(text)) for variable, text in node["bindings"].items()}
        told: dict[str, Json] = {}
        for index, cause in enumerate(node["causes"]):
            condition = rule.body[index]
            if isinstance(condition, Comparison):
                compared = _compared(condition, rule, values)
                told[cause] = self._table.compared(compared, values)
            elif condition.absent:
                told[cause] = self._table.given(_absence(condition, rule, nodes[cause]))
        derived = Derived(_fact(node["atom"]), rule, tuple(values.items()), ())
        return {**told, name: self._table.derived(derived, list(node["causes"]))}


def _absence(condition: Literal, rule: Rule, node: Json) -> Absence:
    return Absence(condition, _fact(node["atom"]), rule)


def _compared(condition: Comparison, rule: Rule, values: dict[str, Value]) -> Compared:
    steps: list[Step] = []
    left = evaluate(condition.left, values, steps)
    right = evaluate(condition.right, values, steps)
    if condition.operator == "=":  # a pattern stands for the value that it takes apart
        left, right = (right if has_hole(left) else left), (left if has_hole(right) else right)
    return Compared(condition, left, right, tuple(steps), rule)


def _fact(text: str) -> Fact:
    atom = read_value(text)
    return Fact(atom.name, tuple(_value(argument) for argument in atom.args))


def _value(term: Any) -> Value:  # noqa: ANN401 - the checker's values have many types
    if isinstance(term, Variable):
        return HOLE
    if isinstance(term, Fraction):
        return Decimal(term.numerator) / Decimal(term.denominator)
    if isinstance(term, Term):
        inner = tuple(_value(argument) for argument in term.args)
        return None if term.name == "none" else Compound(term.name, inner)
    return term  # type: ignore[no-any-return] # a number or a name
