"""What hangs on the readings as JSON, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.decide.decision import Sums
    from policy_logic.decide.planning import Planner
    from policy_logic.decide.readings_compared import (
        Ambiguity,
        Footing,
        Outcome,
        ReadingsCompared,
        Spread,
    )
    from policy_logic.derive.claims import Claim
    from policy_logic.language import Language

SCHEMA = "policy-logic/readings/1"


def compared_json(
    found: ReadingsCompared, planner: Planner, language: Language = "en"
) -> dict[str, Any]:
    """Return what hangs on the readings as the object that ``readings --format json`` prints.

    Args:
        found: What was compared.
        planner: The case.
        language: The language of its words; names and figures do not depend on it.
    """
    return {
        "schema": SCHEMA,
        "applicant": planner.case.applicant,
        "as_of": planner.case.as_of.isoformat(),
        "objective": planner.objective,
        "totals": _sums(found.plan.totals),
        "readings": [_ambiguity(a, found.plan, language) for a in found.ambiguities],
        "without_effect": list(found.without_effect),
        "not_in_force": list(found.not_in_force),
        "claims": [_footing(footing, found) for footing in found.footings],
        "singly": _spread(found.singly),
        "together": None if found.together is None else _spread(found.together),
        "combinations": found.combinations,
    }


def _ambiguity(found: Ambiguity, plan: Outcome, language: Language) -> dict[str, Any]:
    reading = found.reading
    outcomes = {other.values[reading.name]: other for other in found.others}
    return {
        "reading": reading.name,
        "policy": reading.policy or None,
        "about": reading.label.say(language),
        "clause": reading.clause,
        "value": found.value,
        "values": [
            {
                "value": value,
                "meaning": meaning.say(language),
                "taken": value == found.value,
                **_outcome(outcomes.get(value, plan), plan),
            }
            for value, meaning in reading.values.items()
        ],
    }


def _outcome(outcome: Outcome, plan: Outcome) -> dict[str, Any]:
    return {
        "totals": _sums(outcome.totals),
        "change": {
            "firm": outcome.totals.firm - plan.totals.firm,
            "potential": outcome.totals.potential - plan.totals.potential,
        },
        "enter": _claims(outcome, [c for c in outcome.paid if c not in plan.paid]),
        "leave": _claims(plan, [c for c in plan.paid if c not in outcome.paid]),
        "resized": [
            {"claim": str(claim), "before": _sums(paid), "after": _sums(outcome.paid[claim])}
            for claim, paid in plan.paid.items()
            if outcome.paid.get(claim, paid) != paid
        ],
        "proved": outcome.proved,
    }


def _claims(outcome: Outcome, claims: Sequence[Claim]) -> list[dict[str, Any]]:
    return [{"claim": str(claim), "paid": _sums(outcome.paid[claim])} for claim in claims]


def _footing(found: Footing, compared: ReadingsCompared) -> dict[str, Any]:
    singly = not found.unsafe_under
    together = None if compared.together is None else singly and not found.unsafe_together
    return {
        "claim": str(found.claim),
        "paid": _sums(found.paid),
        "least": _sums(found.least),
        "safe_singly": singly,
        "safe_together": together,
        "unsafe_under": [{"reading": name, "value": value} for name, value in found.unsafe_under],
        "unsafe_together": dict(found.unsafe_together) or None,
    }


def _spread(found: Spread) -> dict[str, Any]:
    return {
        "plans": found.plans,
        "firm": list(found.firm),
        "potential": list(found.potential),
        "lowest": {"readings": dict(found.lowest.values), "totals": _sums(found.lowest.totals)},
        "highest": {"readings": dict(found.highest.values), "totals": _sums(found.highest.totals)},
        "proved": found.proved,
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"firm": sums.firm, "potential": sums.potential}
