"""Proofs and refusals as JSON, by the published schema ``policy-logic/proof/1``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from policy_logic.decide.explaining import Why, WhyNot, why
from policy_logic.logic.terms import Compound, Fact
from policy_logic.prove.refusal import Failed, Refusal, Unknown
from policy_logic.prove.showing import written, written_atom
from policy_logic.tell.failing import failed_sentence
from policy_logic.tell.nodes import NodeTable, bindings, place

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decision
    from policy_logic.decide.planning import Planner
    from policy_logic.prove.refusal import Attempt
    from policy_logic.prove.refusals import Target
    from policy_logic.tell.wording import Wording

    Json = dict[str, Any]

SCHEMA = "policy-logic/proof/1"


def proofs_json(planner: Planner, decision: Decision) -> Json:
    """Return the proofs of a decision: of every candidate, of the choice, of every refusal.

    Args:
        planner: The case.
        decision: What was decided of it.
    """
    nodes = NodeTable(planner.derivation)
    claims = {
        str(decided.claim): _claim(why(planner, decided.claim, with_change=False), planner, nodes)
        for decided in decision.candidates
    }
    refusals = [
        {**_target(target), **_refusal(refusal, nodes)}
        for target, refusal in decision.refusals or ()
    ]
    return {
        "schema": SCHEMA,
        "claims": claims,
        "caps": _caps(planner, nodes),
        "refusals": refusals,
        "nodes": nodes.table,
    }


def answer_json(answer: Why | WhyNot, planner: Planner) -> Json:
    """Return the answer to one question as a JSON object of the same form."""
    nodes = NodeTable(planner.derivation)
    if isinstance(answer, WhyNot):
        refusal = {**_target(answer.target), **_refusal(answer.refusal, nodes)}
        return {
            "schema": SCHEMA,
            "answer": "refusal",
            "clause": answer.clause,
            "claims": {},
            "caps": [],
            "refusals": [refusal],
            "nodes": nodes.table,
        }
    decided = answer.decided
    return {
        "schema": SCHEMA,
        "answer": "claim",
        "claim": str(answer.claim),
        "clause": answer.clause,
        "chosen": decided.chosen,
        "amount": {"firm": decided.amount.firm, "potential": decided.amount.potential},
        "paid": {"firm": decided.paid.firm, "potential": decided.paid.potential},
        "change": answer.change,
        "claims": {str(answer.claim): _claim(answer, planner, nodes)},
        "caps": _caps(planner, nodes, {cap.pool for cap in answer.caps}),
        "refusals": [],
        "nodes": nodes.table,
    }


def _claim(answer: Why, planner: Planner, nodes: NodeTable) -> Json:
    """Return what proves a claim: each word of it is the id of a node."""
    explainer, term, decided = planner.explainer, answer.claim.term, answer.decided
    told: Json = {
        "candidate": nodes.add(answer.eligibility),
        "potential": nodes.add(answer.potential),
        "firm": nodes.add(answer.firm),
        "review": nodes.add(explainer.why(Fact("review_state", (term, decided.review)))),
        "cap_year": None,
        "draws_on": [nodes.add(cap.proof) for cap in answer.caps],
        "takes_place": [nodes.add(quota.proof) for quota in answer.quotas],
        "against": {str(each.other): nodes.add(each.proof) for each in answer.exclusions},
    }
    if decided.cap_year is not None:
        told["cap_year"] = nodes.add(explainer.why(Fact("cap_year", (term, decided.cap_year))))
    return told


def _caps(planner: Planner, nodes: NodeTable, only: set[Compound] | None = None) -> list[Json]:
    """Return what each cap allows, what grants have drawn, and what the plan draws."""
    derivation, chosen = planner.derivation, planner.chosen
    told = []
    for pool, limit in derivation.limits.items():
        if only is not None and pool not in only:
            continue
        members = [
            claim
            for claim, candidate in derivation.candidates.items()
            if claim in chosen.claims and pool in candidate.pools
        ]
        told.append(
            {
                "cap": written(pool),
                "limit": limit,
                "proof": nodes.add(planner.explainer.why(Fact("limit", (pool, limit)))),
                "already_drawn": derivation.drawn.get(pool, 0),
                "asked": sum(derivation.candidates[claim].potential for claim in members),
                "paid": sum(chosen.paid[claim].potential for claim in members),
                "claims": [str(claim) for claim in members],
            }
        )
    return told


def _target(target: Target) -> Json:
    return {
        "line": target.line,
        "subject": target.subject,
        "year": target.year,
        "trigger": target.trigger,
    }


def _refusal(refusal: Refusal, nodes: NodeTable) -> Json:
    return {
        "atom": written_atom(refusal.atom),
        "sentence": nodes.atom(refusal.atom),
        "status": "failed" if refusal.fails else "unknown",
        "ways": [
            {
                **nodes.rule(attempt.rule),
                "bindings": bindings(dict(attempt.bindings)),
                "missing": [_reason(reason, attempt, nodes) for reason in attempt.unmet],
            }
            for attempt in refusal.told()
        ],
    }


def _reason(reason: Failed | Unknown | Refusal, attempt: Attempt, nodes: NodeTable) -> Json:
    if isinstance(reason, Refusal):
        return {"type": "derived", **_refusal(reason, nodes)}
    if isinstance(reason, Unknown):
        told = nodes.sentence(partial(_question, reason))
        return {"type": "unknown", "fact": reason.fact, "question": told}
    return {
        "type": "failed",
        "condition": reason.condition,
        "sentence": nodes.sentence(partial(_failed, reason, attempt)),
        "actual": reason.actual,
        "short_by": reason.short_by or None,
        "fact": reason.fact or None,
        "position": place(reason.position) if reason.position else None,
        "evidence": reason.evidence,
    }


def _question(reason: Unknown, words: Wording) -> str:
    return words.question(reason)


def _failed(reason: Failed, attempt: Attempt, words: Wording) -> str:
    return failed_sentence(reason, dict(attempt.bindings), words)
