"""A decision as JSON, by the public contract ``policy-logic/decision/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.prove.refusal import Failed, Unknown

if TYPE_CHECKING:
    from policy_logic.decide.decision import (
        Certificate,
        Decided,
        Decision,
        Digests,
        OtherPlan,
        Rejection,
        Sums,
    )
    from policy_logic.language import Language
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.refusals import Target

SCHEMA = "policy-logic/decision/1"


def decision_json(decision: Decision, language: Language = "en") -> dict[str, Any]:
    """Return a decision as the object that ``plan --format json`` prints.

    Args:
        decision: The decision.
        language: The language of its words; names and figures do not depend on it.
    """
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "applicant": decision.applicant,
        "as_of": decision.as_of.isoformat(),
        "objective": decision.objective,
        "readings": dict(decision.readings),
        "totals": {**_sums(decision.totals), "hypothetical": _sums(decision.hypothetical)},
        "optimality": {
            "proved": decision.optimality.proved,
            "bound": decision.optimality.bound,
            "singled_out": decision.optimality.singled_out,
            "engine": decision.optimality.engine,
        },
        "certificate": _certificate(decision.certificate),
        "other_objective": _other(decision.other),
        "candidates": [_candidate(decided) for decided in decision.candidates],
    }
    if decision.refusals is not None:
        document["refusals"] = [refusal_json(target, why) for target, why in decision.refusals]
    document["benefits"] = [
        {"line": b.line, "subject": b.subject, "text": b.clause} for b in decision.benefits
    ]
    document["notices"] = [
        {"kind": n.kind, "policy": n.policy or None, "text": n.label.say(language), **n.details}
        for n in decision.notices
    ]
    document["digests"] = digests_json(decision.digests)
    return document


def digests_json(found: Digests) -> dict[str, Any]:
    """Return digests as a decision prints them."""
    return {
        "program": found.program,
        "rules": found.rules,
        "facts": found.facts,
        "texts": dict(found.texts),
    }


def _certificate(found: Certificate) -> dict[str, Any]:
    return {
        "answer_set": {"confirmed": found.is_answer_set, "by": "clingo"},
        "totals": {"confirmed": found.totals_agree, "by": "clingo"},
        "nothing_pays_more": {"by": found.optimality, "gap": found.gap},
    }


def _other(found: OtherPlan | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "objective": found.objective,
        "totals": _sums(found.totals),
        "added": [str(claim) for claim in found.added],
        "dropped": [str(claim) for claim in found.dropped],
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"firm": sums.firm, "potential": sums.potential}


def _candidate(decided: Decided) -> dict[str, Any]:
    claim = decided.claim
    return {
        "line": claim.line,
        "policy": decided.policy,
        "article": decided.article,
        "recipient": decided.recipient,
        "subject": claim.subject,
        "year": claim.year,
        "cap_year": decided.cap_year,
        "trigger": claim.trigger,
        "determinacy": decided.determinacy,
        "review": decided.review,
        "amount": _sums(decided.amount),
        "chosen": decided.chosen,
        "reserve": decided.reserve,
        "reserve_order": decided.reserve_order,
        "paid": _sums(decided.paid),
        "rejected_because": rejection_json(decided.rejection),
        "hypothetical": decided.hypothetical,
    }


def rejection_json(found: Rejection | None) -> dict[str, Any] | None:
    """Return why a candidate was not chosen, as the decision has it."""
    if found is None:
        return None
    told: dict[str, Any] = {"kind": found.kind}
    if found.kind == "excluded_by":
        told["by"] = [str(claim) for claim in found.by]
    if found.kind == "already_received":
        told["entries"] = list(found.entries)
    if found.kind == "quota":
        told["quota"] = found.limit
    if found.kind == "no_gain":
        told["cap"] = found.limit or None
    told["clause"] = found.clause
    return told


def refusal_json(target: Target, refusal: Refusal) -> dict[str, Any]:
    """Return why a line is no candidate, as the decision has it."""
    return {
        "line": target.line,
        "subject": target.subject,
        "year": target.year,
        "trigger": target.trigger,
        **reasons_json(refusal),
    }


def reasons_json(refusal: Refusal) -> dict[str, list[dict[str, str]]]:
    """Return every condition of a refusal that fails, and every fact that is not known."""
    leaves = list(refusal.leaves())
    return {
        "failed": [_failed(leaf) for leaf in leaves if isinstance(leaf, Failed)],
        "unknown": [{"fact": leaf.fact} for leaf in leaves if isinstance(leaf, Unknown)],
    }


def _failed(leaf: Failed) -> dict[str, str]:
    told = {"condition": leaf.condition, "actual": leaf.actual}
    if leaf.short_by:
        told["short_by"] = leaf.short_by
    if leaf.fact:
        told["fact"] = leaf.fact
    return told
