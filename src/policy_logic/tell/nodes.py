"""The nodes of proofs as JSON: each once, with its sentence, its values and where it stands."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Fact as GivenFact
from policy_logic.facts.model import Grant, Review
from policy_logic.language import LANGUAGES
from policy_logic.prove.proof import Absence, Compared, Derived, Leaf, Node, walk
from policy_logic.prove.showing import show_given, written, written_atom
from policy_logic.rulebook.policy import Line, Number, Policy, Reading
from policy_logic.tell.leaves import absence_sentence, leaf_sentence
from policy_logic.tell.reckoning import comparison_lines
from policy_logic.tell.wording import About, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policy_logic.derive.atoms import Origin
    from policy_logic.errors import Position
    from policy_logic.language import Language
    from policy_logic.logic.terms import Fact, Rule, Value

    Json = dict[str, Any]


class NodeTable:
    """Nodes by id; a node that several proofs share stands once, after what it rests on.

    Attributes:
        table: The nodes as JSON, in the order in which they were first needed.
    """

    def __init__(self, about: About) -> None:
        self._book = about.book
        self._words = {language: Wording(about, language) for language in LANGUAGES}
        self._ids: dict[int, str] = {}
        self._kept: list[Node] = []  # so that no other node gets the identity of one of these
        self.table: dict[str, Json] = {}

    def add(self, root: Node) -> str:
        """Add a proof and return the id of its root."""
        known = self._ids.get(id(root))
        if known is not None:
            return known
        for node in walk(root, self._ids):
            name = f"n{len(self._ids) + 1}"
            self._ids[id(node)] = name
            self._kept.append(node)
            self.table[name] = {}
            if isinstance(node, Derived):
                self._add_derived(name, node)
            elif not isinstance(node, Compared):  # which is told with the rule it stands in
                self.table[name] = self.given(node)
        return self._ids[id(root)]

    def _add_derived(self, name: str, node: Derived) -> None:
        values = dict(node.bindings)
        for cause in node.causes:
            if isinstance(cause, Compared):
                self.table[self._ids[id(cause)]] = self.compared(cause, values)
        self.table[name] = self.derived(node, [self._ids[id(cause)] for cause in node.causes])

    def rule(self, rule: Rule) -> Json:
        """Return where a rule stands, and the clause above it."""
        return {
            "rule": rule.id,
            "position": self.position(rule.position),
            "article": rule.section.article if rule.policy else None,
            "clause": rule.section.clause or None,
        }

    def position(self, position: Position) -> str:
        """Return a place in the ``rules`` folder as ``file:line``."""
        return f"{self._book.name_of(Path(position.file))}:{position.line}"

    def sentence(self, told: Callable[[Wording], str]) -> dict[Language, str]:
        """Return a sentence in both languages."""
        return {language: told(words) for language, words in self._words.items()}

    def atom(self, atom: Fact) -> dict[Language, str]:
        """Return an atom as a sentence in both languages."""
        return {language: words.sentence(atom) for language, words in self._words.items()}

    def given(self, node: Leaf | Absence) -> Json:
        """Return a leaf as JSON."""
        if isinstance(node, Absence):
            return {
                "type": "absent",
                "atom": written_atom(node.atom),
                "sentence": self.sentence(partial(absence_sentence, node)),
            }
        return {
            "type": "given",
            "atom": written_atom(node.atom),
            "sentence": self.sentence(partial(leaf_sentence, node)),
            **self._origin(node.origin),
        }

    def compared(self, node: Compared, values: Mapping[str, Value]) -> Json:
        """Return a comparison as JSON; the values are those of the rule's variables."""
        return {
            "type": "comparison",
            "left": written(node.left),
            "operator": node.comparison.operator,
            "right": written(node.right),
            "steps": [
                {
                    "function": step.function,
                    "arguments": [written(argument) for argument in step.args],
                    "result": step.result,
                }
                for step in node.steps
            ],
            "sentence": self.sentence(partial(_comparison, node, values)),
        }

    def derived(self, node: Derived, causes: list[str]) -> Json:
        """Return a step as JSON; the causes are the ids of what it rests on."""
        return {
            "type": "derived",
            "atom": written_atom(node.atom),
            "sentence": self.atom(node.atom),
            **self.rule(node.rule),
            "bindings": bindings(dict(node.bindings)),
            "causes": causes,
        }

    def _origin(self, origin: Origin) -> Json:
        if isinstance(origin, Summary):
            facts = [_fact(fact) for fact in origin.facts]
            return {"origin": "summary", "form": origin.form, "facts": facts}
        if isinstance(origin, GivenFact):
            return {"origin": "fact", **_fact(origin)}
        if isinstance(origin, Number):
            where = self.position(origin.position)
            return {"origin": "number", "position": where, "clause": origin.clause}
        if isinstance(origin, Reading):
            where = self.position(origin.position)
            return {"origin": "reading", "position": where, "clause": origin.clause}
        if isinstance(origin, Policy):
            where = self.position(origin.validity.position)
            return {"origin": "policy", "position": where, "clause": origin.validity.clause}
        if isinstance(origin, (Review, Grant)):
            kind = "review" if isinstance(origin, Review) else "received"
            where = place(origin.position)
            return {"origin": kind, "position": where, "evidence": origin.evidence}
        if isinstance(origin, Line):
            return {"origin": "line", "position": self.position(origin.position)}
        return {"origin": "case"}


def place(position: Position) -> str:
    """Return a place in a case's file, by the file's name alone: proofs travel with the case."""
    return str(replace(position, file=Path(position.file).name))


def bindings(values: Mapping[str, Value]) -> dict[str, str]:
    """Return the values of a rule's variables as rules write them."""
    return {name: written(value) for name, value in values.items()}


def _comparison(node: Compared, values: Mapping[str, Value], words: Wording) -> str:
    return words.say("between").join(comparison_lines(node, values, words))


def _fact(fact: GivenFact) -> Json:
    told: Json = {
        "fact": fact.path,
        "value": show_given(fact.value),
        "holds": fact.holds,
        "position": place(fact.position),
        "evidence": fact.evidence,
    }
    if fact.implied_by is not None:
        told["implied_by"] = fact.implied_by.attribute
    return told
