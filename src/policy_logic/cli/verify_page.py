"""What ``verify`` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from policy_logic import api
from policy_logic.decide.difference import ABSENT
from policy_logic.decide.verifying import verify
from policy_logic.errors import PolicyLogicError, Problem, RequestError
from policy_logic.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from policy_logic.decide.planning import Planner
    from policy_logic.facts.model import Case
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Objective

MOST_CHARACTERS = 300
MOST_LEVELS = 20


def print_verified(file: Path, case: Case, language: Language, seconds: float) -> bool:
    """Print what differs, and return whether nothing does.

    Args:
        file: The stored decision.
        case: The case it is about.
        language: The language to print in.
        seconds: The longest time to search for a better plan.

    Raises:
        RequestError: The file cannot be read, or holds no JSON object.
    """
    stored = read_decision(file)
    found = list(verify(stored, planner_as_asked(stored, case, seconds)))
    if not found:
        typer.echo(say("page.verified", language))
        return True
    typer.echo(say("page.differs", language, count=len(found)))
    for difference in found:
        kind = say(f"page.kind_{difference.kind}", language)
        typer.echo(
            say("page.difference", language, kind=kind, where=_safe(difference.where),
                stored=_shown(difference.stored, language),
                found=_shown(difference.found, language))
        )  # fmt: skip
    return False


def planner_as_asked(
    stored: Mapping[str, Any],
    case: Case,
    seconds: float | None = None,
    book: Rulebook | None = None,
) -> Planner:
    """Return a case to be decided under the readings and the objective of a stored decision.

    Readings and objectives that do not exist are passed over; they will be seen to differ.
    """
    objective: Objective = "firm" if stored.get("objective") == "firm" else "potential"
    planner = api.planner(case, objective=objective, time_limit=seconds, book=book)
    own, readings = planner.derivation.readings, stored.get("readings")
    chosen = {
        name: value
        for name, value in (readings.items() if isinstance(readings, dict) else ())
        if own.get(name, value) != value and value in list(planner.book.readings[name].values)
    }
    if not chosen:
        return planner
    again = api.with_readings(case, chosen)  # readings that were chosen on the command line
    return api.planner(again, objective=objective, time_limit=seconds, book=book)


def read_decision(file: Path) -> dict[str, Any]:
    """Read a stored decision.

    Raises:
        RequestError: The file cannot be read, is no JSON, gives a key twice, or holds no object.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        document = json.loads(text, object_pairs_hook=_without_twice)
    except (OSError, ValueError, RecursionError) as fault:
        raise _unreadable(file, str(fault)) from None
    if not isinstance(document, dict) or _is_deep(document):
        raise _unreadable(file, "no JSON object of the form that plan prints")
    return document


def _is_deep(document: object) -> bool:
    """Return whether values lie inside values deeper than in any decision."""
    level: list[Any] = [document]
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, (dict, list))
        ]
    return bool(level)


def _unreadable(file: Path, reason: str) -> RequestError:
    details: dict[str, object] = {"file": str(file), "reason": reason}
    return RequestError([Problem("request.decision_unreadable", None, details)])


def _without_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is given twice: readers differ in which of its values they take."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} is given twice in one object")
        found[key] = value
    return found


def _shown(value: object, language: Language) -> str:
    """Return a value as JSON, cut where it is long, and an error in its words."""
    if isinstance(value, PolicyLogicError):
        return value.tell(language)
    if value is ABSENT:
        return ABSENT
    text = _safe(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def _safe(text: str) -> str:
    """Return a text with what a terminal would not show as a character written out."""
    if text.replace("\u3000", "").isprintable():
        return text
    return text.encode("unicode_escape").decode()
