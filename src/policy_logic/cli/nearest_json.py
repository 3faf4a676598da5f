"""What ``nearest --format json`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.cli.nearest_page import NearestPage
from policy_logic.decide.report import rejection_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.decide.decision import Decided, Sums
    from policy_logic.language import Language
    from policy_logic.remedies.answer import Answer, Move, Nearest

SCHEMA = "policy-logic/nearest/1"


def nearest_json(answers: Sequence[Answer], language: Language = "en") -> dict[str, Any]:
    """Return answers as the object that ``nearest --format json`` prints.

    Args:
        answers: What was found, one for each thing that could be claimed.
        language: The language of its words; names and figures do not depend on it.
    """
    planner = answers[0].planner
    return {
        "schema": SCHEMA,
        "applicant": planner.case.applicant,
        "as_of": planner.case.as_of.isoformat(),
        "objective": planner.objective,
        "answers": [_answer(answer, language) for answer in answers],
    }


def _answer(answer: Answer, language: Language) -> dict[str, Any]:
    page = NearestPage(answer, language, "")
    return {
        "line": answer.target.line,
        "subject": answer.target.subject,
        "new_entity": answer.added or None,
        "year": answer.target.year,
        "trigger": answer.target.trigger,
        "held": None if answer.held is None else _decided(answer.held),
        "before": _sums(answer.before),
        "sets": [_set(near, answer.before) for near in answer.found],
        "obstacles": [
            {
                "kind": obstacle.kind,
                "fact": obstacle.leaf.fact or None,
                "condition": getattr(obstacle.leaf, "condition", None),
                "text": page.obstacle(obstacle),
            }
            for obstacle in answer.obstacles
            if not getattr(obstacle.leaf, "is_gate", False)
        ],
        "contradictions": [fault.tell(language) for fault in answer.faults],
        "complete": answer.is_complete,
    }


def _set(near: Nearest, before: Sums) -> dict[str, Any]:
    own, others, shown = near.cost[:3]
    return {
        "parts": [[_move(move) for move in part] for part in near.parts],
        "cost": {
            "changes": own,
            "changes_by_others": others,
            "to_show": shown,
            "money": sum(move.far for move in near.moves),
        },
        "claim": _decided(near.decided),
        "after": _sums(near.after),
        "difference": {
            "firm": near.after.firm - before.firm,
            "potential": near.after.potential - before.potential,
        },
        "full_cap": near.full or None,
        "proved": near.proved,
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "path": move.path,
        "before": move.before or None,
        "after": move.after,
        "least": move.least or None,
        "most": move.most or None,
        "to_be": move.to_be,
        "by": move.by,
    }


def _decided(decided: Decided) -> dict[str, Any]:
    return {
        "claim": str(decided.claim),
        "amount": _sums(decided.amount),
        "paid": _sums(decided.paid),
        "review": decided.review,
        "chosen": decided.chosen,
        "rejected_because": None
        if decided.rejection is None
        else rejection_json(decided.rejection),
        "hypothetical": decided.hypothetical,
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"firm": sums.firm, "potential": sums.potential}
