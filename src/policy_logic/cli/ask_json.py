"""Open questions as the object that ``ask --format json`` prints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policy_logic.derive.answers import NONE_OF_THEM, SOMEBODY_ELSE
from policy_logic.tell.asking import AskingWords
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from policy_logic.decide.asking import Asked, Question
    from policy_logic.decide.decision import Sums
    from policy_logic.decide.reach import Interval
    from policy_logic.language import Language

SCHEMA = "policy-logic/ask/1"


def asked_json(asked: Asked, language: Language = "en") -> dict[str, Any]:
    """Return open questions as JSON.

    Args:
        asked: The questions.
        language: The language of its words; names and figures do not depend on it.
    """
    words = AskingWords(asked, Wording(asked.planner, language))
    case = asked.planner.case
    return {
        "schema": SCHEMA,
        "applicant": case.applicant,
        "as_of": case.as_of.isoformat(),
        "objective": asked.planner.objective,
        "totals": _sums(asked.totals),
        "interval": {"firm": _interval(asked.firm), "potential": _interval(asked.potential)},
        "settled": asked.is_settled,
        "questions": [_question(question, asked, words) for question in asked.questions],
        "further_claims": asked.further,
        "assumed": [
            {
                "path": assumption.path,
                "claim": None if assumption.claim is None else str(assumption.claim),
                "totals": _sums(assumption.totals),
            }
            for assumption in asked.assumptions
        ],
    }


def _question(question: Question, asked: Asked, words: AskingWords) -> dict[str, Any]:
    missing, attribute = question.missing, question.missing.attribute
    book = asked.planner.book
    objective = asked.planner.objective
    return {
        "path": missing.path,
        "entity": missing.entity,
        "kind": attribute.kind,
        "attribute": attribute.name,
        "type": attribute.type,
        "text": words.question(missing),
        "judgement": attribute.judgement,
        "money": question.money(objective, asked.totals),
        "alone": question.moves(objective, asked.totals) if question.outcomes else None,
        "share": question.share,
        "opens": [
            {
                "claim": str(waiting.claim),
                "pays_more": waiting.more,
                "answer": _value(waiting.value),
                "needs": list(waiting.needs),
            }
            for waiting in question.waiting
        ],
        "may_end": [{"claim": str(claim), "pays": paid} for claim, paid in question.risks],
        "thresholds": [
            {
                "operator": threshold.operator,
                "value": _value(threshold.number.value),
                "number": threshold.number.name,
                "clause": threshold.number.clause,
            }
            for threshold in question.thresholds
        ],
        "answers": [
            {"answer": _value(outcome.value), "totals": _sums(outcome.totals)}
            for outcome in question.outcomes
        ],
        "lines": [{"line": line, "article": book.lines[line].article} for line in question.lines],
        "evidence": list(words.evidence(question)),
    }


def _interval(found: Interval) -> dict[str, Any]:
    return {
        "certain": found.certain,
        "certain_exact": found.is_certain_exact,
        "least_found": found.least,
        "possible": found.possible,
        "possible_exact": found.is_possible_exact,
        "most_found": found.most,
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"firm": sums.firm, "potential": sums.potential}


def _value(value: object) -> Any:  # noqa: ANN401 - JSON
    if value == SOMEBODY_ELSE:
        return {"not_in_case": True}
    if value == NONE_OF_THEM:
        return []
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
