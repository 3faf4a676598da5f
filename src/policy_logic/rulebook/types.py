"""What each argument is: inferred once, so that rules cannot mix money with dates unnoticed.

Every argument place and every variable is a node; a variable ties the places where it stands.
Places of known predicates have a type, and a tied group may have only one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from policy_logic.errors import Position, Problem
from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Compound,
    Constant,
    Literal,
    Pattern,
    Rule,
    Term,
    Variable,
)
from policy_logic.rulebook.signatures import CALLS, COMPOUNDS, Signature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policy_logic.rulebook.policy import Number

Node: TypeAlias = tuple[str, Signature, int] | tuple[str, str]


class TypeInference:
    """Types of argument places and variables, and the contradictions among them.

    Attributes:
        problems: Places where two types meet that cannot be one.
    """

    def __init__(
        self,
        known: Mapping[Signature, tuple[str, ...]],
        numbers: Mapping[str, Number],
        rules: Sequence[Rule],
    ) -> None:
        self.problems: list[Problem] = []
        self._parent: dict[Node, Node] = {}
        self._type: dict[Node, str] = {}
        self._constants: dict[Node, dict[str, Position]] = {}
        self._numbers = numbers
        self._asked: list[tuple[Node, Node, Position]] = []
        for signature, types in known.items():
            for index, kind in enumerate(types):
                if kind:
                    self._type[("place", signature, index)] = kind
        for rule in rules:
            self._read(rule)
        for name, value, where in self._asked:
            named = self._constants.get(self._root(name), {})
            for kind in sorted({numbers[n].type for n in named if n in numbers}):
                self._give(value, kind, where)

    def of(self, signature: Signature) -> tuple[str, ...]:
        """Return the types of a predicate's arguments; an empty word where none is known."""
        places: list[Node] = [("place", signature, index) for index in range(signature[1])]
        return tuple(self._type.get(self._root(place), "") for place in places)

    def of_variable(self, rule: Rule, name: str) -> str:
        """Return the type of a variable in a rule; an empty word if none is known."""
        return self._type.get(self._root(("variable", f"{rule.id}/{name}")), "")

    def _read(self, rule: Rule) -> None:
        self._atom(rule, rule.head, rule.position)
        for condition in rule.body:
            if isinstance(condition, Literal):
                self._atom(rule, condition.atom, condition.position)
            else:
                self._comparison(rule, condition)

    def _atom(self, rule: Rule, atom: Atom, where: Position) -> None:
        for index, term in enumerate(atom.args):
            place: Node = ("place", atom.signature, index)
            if atom.signature == ("number", 2) and index == 1:
                node = self._term(rule, term, where)
                if node is not None:
                    self._asked.append((("place of", f"{rule.id}/{where}"), node, where))
                continue
            if atom.signature == ("number", 2):
                own: Node = ("place of", f"{rule.id}/{where}")
                self._meet(rule, term, own, where)
                self._give(own, "number", where)
                continue
            self._meet(rule, term, place, where)

    def _meet(self, rule: Rule, term: Term, place: Node, where: Position) -> None:
        """Tie a term to a place."""
        if isinstance(term, Constant):
            if isinstance(term.value, str):
                self._constants.setdefault(self._root(place), {}).setdefault(term.value, where)
            elif isinstance(term.value, Compound):
                kind = COMPOUNDS.get((term.value.name, len(term.value.args)), ("", ()))[0]
                if kind:
                    self._give(place, kind, where)
            return
        node = self._term(rule, term, where)
        if node is not None:
            self._tie(place, node, where)

    def _term(self, rule: Rule, term: Term, where: Position) -> Node | None:
        if isinstance(term, Variable):
            return ("variable", f"{rule.id}/{term.name}")
        if isinstance(term, (Pattern, Call)):
            table = COMPOUNDS if isinstance(term, Pattern) else CALLS
            name = term.name if isinstance(term, Pattern) else term.function
            kind, types = table.get((name, len(term.args)), ("", ()))
            own: Node = ("variable", f"{rule.id}/{where}/{term}")
            quantities: Node = ("quantities of", f"{rule.id}/{where}/{term}")
            for index, argument in enumerate(term.args):
                node = self._term(rule, argument, where)
                if node is not None and index < len(types):
                    self._give(node, types[index], where)
                    if types[index] == "quantity":
                        self._tie(quantities, node, where)
            if kind:
                self._give(own, kind, where)
            if kind == "quantity":
                self._tie(quantities, own, where)
            return own
        return None

    def _comparison(self, rule: Rule, condition: Comparison) -> None:
        left = self._term(rule, condition.left, condition.position)
        right = self._term(rule, condition.right, condition.position)
        if left is not None and right is not None:
            self._tie(left, right, condition.position)
        elif left is not None or right is not None:
            term = condition.right if left is not None else condition.left
            self._meet(rule, term, left if left is not None else right, condition.position)  # type: ignore[arg-type]

    def _root(self, node: Node) -> Node:
        while node in self._parent:
            node = self._parent[node]
        return node

    def _tie(self, first: Node, second: Node, where: Position) -> None:
        first, second = self._root(first), self._root(second)
        if first == second:
            return
        self._parent[second] = first
        merged = self._constants.setdefault(first, {})
        for name, at in self._constants.pop(second, {}).items():
            merged.setdefault(name, at)
        kind = self._type.pop(second, "")
        if kind:
            self._give(first, kind, where)

    def _give(self, node: Node, kind: str, where: Position) -> None:
        root = self._root(node)
        known = self._type.get(root, "")
        merged = _merged(known, kind)
        if merged is None:
            details = {"first": known, "second": kind}
            self.problems.append(Problem("rulebook.types", where, details))
            return
        self._type[root] = merged

    def constants(self) -> dict[str, dict[str, Position]]:
        """Return the names that stand where a type is expected, by type, each with a place."""
        found: dict[str, dict[str, Position]] = {}
        for node, names in self._constants.items():
            known = found.setdefault(self._type.get(self._root(node), ""), {})
            for name, where in names.items():
                known.setdefault(name, where)
        return found


def _merged(first: str, second: str) -> str | None:
    """Return the narrower of two types that agree, else ``None``."""
    if not first or first == second:
        return second
    if not second:
        return first
    pair = {first, second}
    if "quantity" in pair:
        (other,) = pair - {"quantity"}
        return other if other in {"money", "usd", "integer"} else None
    if all(kind.startswith("value:") for kind in pair):
        lists = [set(kind[6:].split("+")) for kind in (first, second)]
        common = lists[0] & lists[1]
        return "value:" + "+".join(sorted(common)) if common else None
    loose = pair & {"trigger", "matter", "role", "attribute"}
    if loose == pair:
        return first
    if loose and any(kind.startswith("value:") for kind in pair):
        return next(kind for kind in pair if kind.startswith("value:"))
    return None
