"""What became of mutants, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.lab.outcome import Counts, Outcome, Result
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook

SCHEMA: Final = "policy-logic/mutants/1"


def mutants_json(book: Rulebook, results: Sequence[Result], language: Language) -> dict[str, Any]:
    """Return what became of the mutants of policies as a document.

    Of those that were killed or refused it gives the numbers alone.
    """
    return {"schema": SCHEMA, "policies": [_policy(book, found, language) for found in results]}


def _policy(book: Rulebook, found: Result, language: Language) -> dict[str, Any]:
    return {
        "policy": found.policy.id,
        "totals": _counts(found.counts()),
        "operators": {name: _counts(found.counts(name)) for name in found.operators},
        "survived": [_outcome(outcome, book) for outcome in found.survived],
        "equivalent": [_outcome(outcome, book) for outcome in found.equivalent],
        "recorded": [
            {**_outcome(outcome, book), "accepted": row.reason.say(language)}
            for outcome, row in found.recorded
        ],
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {**asdict(counts), "share": counts.share}


def _outcome(outcome: Outcome, book: Rulebook) -> dict[str, Any]:
    mutant = outcome.mutant
    return {
        "check": outcome.check,
        "about": outcome.about,
        "file": mutant.position.file,
        "line": mutant.position.line,
        "clause": mutant.number.clause if mutant.number else mutant.before[0].section.clause,
        "change": mutant.changed_lines(book),
        "reason": outcome.reason,
        "case": outcome.case.id if outcome.case else None,
    }
