"""What ``verify`` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from policy_logic import api
from policy_logic.errors import PolicyLogicError, Problem, RequestError
from policy_logic.facts.case import with_readings
from policy_logic.language import say
from policy_logic.rulebook.load import load_rulebook
from policy_logic.verify.difference import ABSENT
from policy_logic.verify.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from policy_logic.decide.planning import Planner
    from policy_logic.facts.model import Case
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Objective
    from policy_logic.verify.difference import Difference

MOST_CHARACTERS = 300
MOST_DIFFERENCES = 40
MOST_LEVELS = 100


def print_verified(
    file: Path, case: Case, language: Language, by: str, seconds: float, book: Rulebook
) -> bool:
    """Print what differs, and return whether nothing does.

    Args:
        file: The stored decision.
        case: The case it is about.
        language: The language to print in.
        by: Who checks: ``program``, ``checker`` or ``pydatalog``.
        seconds: The longest time in which the program searches for a better plan.
        book: The rulebook.

    Raises:
        RequestError: The file cannot be read, or holds no JSON object; or the checker is asked
            and the decision holds no proofs.
    """
    stored = read_decision(file)
    found = list(_differences(stored, case, by, seconds, book))
    if not found:
        typer.echo(say(f"page.verified_by_{by}", language))
        return True
    typer.echo(say("page.differs" if len(found) > 1 else "page.differs_once", language,
                   count=len(found)))  # fmt: skip
    for difference in found[:MOST_DIFFERENCES]:
        typer.echo(_told(difference, language))
    if len(found) > MOST_DIFFERENCES:
        typer.echo(say("page.more_rows", language, count=len(found) - MOST_DIFFERENCES))
    return False


def _told(difference: Difference, language: Language) -> str:
    """Return a difference as a line; where nothing is stored that could be shown, without it."""
    is_fault = difference.stored is ABSENT and isinstance(difference.found, PolicyLogicError)
    return say(
        "page.fault" if is_fault else "page.difference",
        language,
        kind=say(f"page.kind_{difference.kind}", language),
        where=_safe(difference.where),
        stored=_shown(difference.stored, language),
        found=_shown(difference.found, language),
    )


def _differences(
    stored: dict[str, Any], case: Case, by: str, seconds: float, book: Rulebook
) -> Iterator[Difference]:
    """Check a stored decision by one of the means; each is imported only where it is asked."""
    asked = case_as_asked(stored, case, book)
    if by == "checker":
        from policy_logic.verify.by_checker import ProofChecker  # noqa: PLC0415 - as said

        return ProofChecker(asked, book).faults(stored)
    if by == "pydatalog":
        from policy_logic.verify.by_pydatalog import recheck  # noqa: PLC0415 - as said

        return recheck(stored, asked, book)
    return verify(stored, planner_as_asked(stored, case, seconds, book))


def case_as_asked(stored: Mapping[str, Any], case: Case, book: Rulebook) -> Case:
    """Return a case under the readings of a stored decision, as far as they exist."""
    readings = stored.get("readings")
    chosen = {
        name: value
        for name, value in (readings.items() if isinstance(readings, dict) else ())
        if name in book.readings and value in list(book.readings[name].values)
    }
    return with_readings(case, chosen)


def planner_as_asked(
    stored: Mapping[str, Any],
    case: Case,
    seconds: float | None = None,
    book: Rulebook | None = None,
) -> Planner:
    """Return a case to be decided under the readings and the objective of a stored decision.

    Readings and objectives that do not exist are passed over; they will be seen to differ.
    """
    rules = book or load_rulebook()
    objective: Objective = "firm" if stored.get("objective") == "firm" else "potential"
    asked = case_as_asked(stored, case, rules)
    return api.planner(asked, objective=objective, time_limit=seconds, book=rules)


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
