"""Why: the proof of an atom that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.logic.terms import Fact, Literal, Rule
from policy_logic.prove.matching import (
    HOLE,
    Bindings,
    Model,
    Step,
    evaluate,
    match_all,
    solve_comparison,
)
from policy_logic.prove.proof import Absence, Compared, Derived, Leaf, Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.derive.derivation import Derivation
    from policy_logic.rulebook.signatures import Signature


class NotDerivedError(LookupError):
    """A proof was asked for something that does not hold."""


class Explainer:
    """Proofs over one derivation; what two proofs share is built once.

    Attributes:
        derivation: What is explained.
        model: The atoms that hold.
        rules: The rules by the predicate they derive.
    """

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.model = Model(derivation.model)
        self.rules: Mapping[Signature, list[Rule]] = _by_head(derivation.book.rules)
        self._proofs: dict[Fact, Node] = {}

    def why(self, atom: Fact) -> Node:
        """Return the proof of an atom.

        Raises:
            NotDerivedError: The atom does not hold.
        """
        known = self._proofs.get(atom)
        if known is not None:
            return known
        if atom not in self.model:
            raise NotDerivedError(atom)
        origin = self.derivation.atoms.origins.get(atom)
        node: Node | None = None if origin is None else Leaf(atom, origin)
        if node is None:
            node = self._derived(atom)
        self._proofs[atom] = node
        return node

    def _derived(self, atom: Fact) -> Derived:
        name = atom.name.removeprefix("-")
        for rule in self.rules.get((name, len(atom.args)), ()):
            bindings = match_all(rule.head.args, atom.args, {})
            if bindings is None:
                continue
            found = next(self._instances(rule, 0, bindings), None)
            if found is not None:
                causes = tuple(self._cause(rule, index, found) for index in range(len(rule.body)))
                named = tuple((n, v) for n, v in found.items() if not n.startswith("_"))
                return Derived(atom, rule, named, causes)
        raise NotDerivedError(atom)

    def _instances(self, rule: Rule, at: int, bindings: Bindings) -> Iterator[Bindings]:
        """Yield the bindings under which a rule's body holds from a condition on."""
        if at == len(rule.body):
            yield bindings
            return
        condition = rule.body[at]
        if not isinstance(condition, Literal):
            outcome = solve_comparison(condition, bindings, [])
            if outcome is not False:
                yield from self._instances(rule, at + 1, bindings if outcome is True else outcome)
        elif condition.absent:
            if next(self.model.find(condition.atom, bindings), None) is None:
                yield from self._instances(rule, at + 1, bindings)
        else:
            for found in self.model.find(condition.atom, bindings):
                yield from self._instances(rule, at + 1, found)

    def _cause(self, rule: Rule, index: int, bindings: Bindings) -> Node:
        condition = rule.body[index]
        if not isinstance(condition, Literal):
            steps: list[Step] = []
            left = evaluate(condition.left, bindings, steps)
            right = evaluate(condition.right, bindings, steps)
            return Compared(condition, left, right, tuple(steps), rule)
        args = tuple(evaluate(term, bindings) for term in condition.atom.args)
        atom = Fact(condition.atom.name, args)
        if condition.absent:
            return Absence(condition, atom, rule)
        if HOLE in args:  # an argument the rule does not look at
            found = next(self.model.find(condition.atom, bindings))
            atom = Fact(atom.name, tuple(evaluate(term, found) for term in condition.atom.args))
        return self.why(atom)


def _by_head(rules: tuple[Rule, ...]) -> dict[Signature, list[Rule]]:
    found: dict[Signature, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.head.signature, []).append(rule)
    return found
