"""Proofs and refusals as JSON, for programs; a shared node stands once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.decide.explaining import Why, WhyNot
from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Fact as GivenFact
from policy_logic.facts.model import Grant, Review
from policy_logic.prove.proof import Absence, Compared, Leaf, Node, walk
from policy_logic.prove.refusal import Failed, Refusal, Unknown
from policy_logic.prove.showing import show, show_given
from policy_logic.rulebook.policy import Number, Policy, Reading

if TYPE_CHECKING:
    from policy_logic.derive.atoms import Origin
    from policy_logic.logic.terms import Rule
    from policy_logic.tell.wording import Wording

SCHEMA = "policy-logic/why/1"


def answer_json(answer: Why | WhyNot, words: Wording) -> dict[str, Any]:
    """Return an answer as a JSON object."""
    if isinstance(answer, WhyNot):
        return {
            "schema": SCHEMA,
            "answer": "refusal",
            "line": answer.target.line,
            "subject": answer.target.subject,
            "year": answer.target.year,
            "trigger": answer.target.trigger,
            "clause": answer.clause,
            "refusal": _refusal(answer.refusal, words),
        }
    nodes = NodeTable(words)
    decided = answer.decided
    return {
        "schema": SCHEMA,
        "answer": "claim",
        "claim": str(answer.claim),
        "clause": answer.clause,
        "chosen": decided.chosen,
        "amount": {"firm": decided.amount.firm, "potential": decided.amount.potential},
        "paid": {"firm": decided.paid.firm, "potential": decided.paid.potential},
        "eligibility": nodes.add(answer.eligibility),
        "potential": nodes.add(answer.potential),
        "firm": nodes.add(answer.firm),
        "caps": [
            {
                "cap": cap.number.name,
                "year": cap.year,
                "limit": cap.limit,
                "already_drawn": cap.drawn,
                "binds": cap.binds,
                "clause": cap.number.clause,
                "claims": [
                    {"claim": str(claim), "alone": alone, "paid": paid}
                    for claim, alone, paid in cap.claims
                ],
                "proof": nodes.add(cap.proof),
            }
            for cap in answer.caps
        ],
        "quotas": [
            {
                "quota": quota.number.name,
                "year": quota.year,
                "places": quota.places,
                "already_taken": quota.taken,
                "clause": quota.number.clause,
                "claims": [str(claim) for claim in quota.claims],
                "proof": nodes.add(quota.proof),
            }
            for quota in answer.quotas
        ],
        "exclusions": [
            {
                "other": str(exclusion.other),
                "clause": exclusion.clause,
                "chosen": exclusion.chosen,
                "already_received": exclusion.settled,
                "proof": nodes.add(exclusion.proof),
            }
            for exclusion in answer.exclusions
        ],
        "change": answer.change,
        "nodes": nodes.table,
    }


class NodeTable:
    """Nodes by id; the id of a node does not depend on when it is added.

    Attributes:
        table: The nodes as JSON, in the order in which they were first needed.
    """

    def __init__(self, words: Wording) -> None:
        self._words = words
        self._ids: dict[int, str] = {}
        self.table: dict[str, dict[str, Any]] = {}

    def add(self, root: Node) -> str:
        """Add a proof and return the id of its root."""
        for node in walk(root):
            if id(node) not in self._ids:
                name = f"n{len(self._ids) + 1}"
                self._ids[id(node)] = name
                self.table[name] = self._node(node)
        return self._ids[id(root)]

    def _node(self, node: Node) -> dict[str, Any]:
        if isinstance(node, Leaf):
            return {"type": "given", "atom": atom_text(node.atom), **_origin(node.origin)}
        if isinstance(node, Absence):
            return {"type": "absent", "atom": atom_text(node.atom), "asked_by": node.rule.id}
        if isinstance(node, Compared):
            comparison = {
                "type": "comparison",
                "left": show(node.left),
                "operator": node.comparison.operator,
                "right": show(node.right),
            }
            if node.steps:
                comparison["steps"] = [
                    {"function": s.function, "arguments": [show(a) for a in s.args],
                     "result": s.result}
                    for s in node.steps
                ]  # type: ignore[assignment] # fmt: skip
            return comparison
        return {
            "type": "derived",
            "atom": atom_text(node.atom),
            "sentence": self._words.sentence(node.atom),
            **_rule(node.rule),
            "bindings": {name: show(value) for name, value in node.bindings},
            "causes": [self._ids[id(cause)] for cause in node.causes],
        }


def atom_text(atom: Any) -> str:  # noqa: ANN401 - a Fact; kept loose for refusals with holes
    """Return an atom as rules write it."""
    quoted = ", ".join(
        f'"{value}"' if isinstance(value, str) else show(value) for value in atom.args
    )
    return f"{atom.name}({quoted})"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "position": str(rule.position),
        "article": rule.section.article if rule.policy else None,
        "clause": rule.section.clause or None,
    }


def _origin(origin: Origin) -> dict[str, Any]:
    if isinstance(origin, Summary):
        return {
            "origin": "summary",
            "of": origin.form,
            "facts": [_origin(fact) for fact in origin.facts],
        }
    if isinstance(origin, GivenFact):
        parts = [origin.kind, origin.entity, origin.attribute, *map(str, origin.keys)]
        told: dict[str, Any] = {
            "origin": "fact",
            "fact": ".".join(parts),
            "value": show_given(origin.value),
            "position": str(origin.position),
            "evidence": origin.evidence,
        }
        if origin.implied_by is not None:
            told["implied_by"] = origin.implied_by.attribute
        return told
    if isinstance(origin, Number):
        return {"origin": "number", "number": origin.name, "clause": origin.clause}
    if isinstance(origin, Reading):
        return {"origin": "reading", "reading": origin.name, "clause": origin.clause}
    if isinstance(origin, Policy):
        return {"origin": "validity", "policy": origin.id, "clause": origin.validity.clause}
    if isinstance(origin, (Review, Grant)):
        kind = "review" if isinstance(origin, Review) else "received"
        return {"origin": kind, "position": str(origin.position), "evidence": origin.evidence}
    return {"origin": "line" if hasattr(origin, "determinacy") else "case"}


def _refusal(refusal: Refusal, words: Wording) -> dict[str, Any]:
    return {
        "atom": atom_text(refusal.atom),
        "sentence": words.sentence(refusal.atom),
        "status": "failed" if refusal.fails else "unknown",
        "ways": [
            {
                **_rule(attempt.rule),
                "bindings": {name: show(value) for name, value in attempt.bindings},
                "missing": [_reason(reason, words) for reason in attempt.unmet],
            }
            for attempt in refusal.told()
        ],
    }


def _reason(reason: Failed | Unknown | Refusal, words: Wording) -> dict[str, Any]:
    if isinstance(reason, Refusal):
        return {"type": "derived", **_refusal(reason, words)}
    if isinstance(reason, Unknown):
        return {"type": "unknown", "fact": reason.fact, "question": words.question(reason)}
    return {
        "type": "failed",
        "condition": reason.condition,
        "actual": reason.actual,
        "short_by": reason.short_by or None,
        "fact": reason.fact or None,
        "position": str(reason.position) if reason.position else None,
        "evidence": reason.evidence,
    }
