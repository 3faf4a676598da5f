"""What ``verify`` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import typer

from policy_logic import api
from policy_logic.decide.verifying import verify
from policy_logic.errors import Problem, RequestError
from policy_logic.language import say
from policy_logic.rulebook.load import load_rulebook
from policy_logic.select.problem import Objective

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from policy_logic.decide.verifying import Difference
    from policy_logic.facts.model import Case
    from policy_logic.language import Language


def print_verified(file: Path, case: Case, language: Language, by: str, seconds: float) -> bool:
    """Print what differs, and return whether nothing does.

    Args:
        file: The stored decision.
        case: The case it is about.
        language: The language to print in.
        by: Who checks: ``program`` or ``pydatalog``.
        seconds: The longest time in which the program searches for a better plan.

    Raises:
        RequestError: The file cannot be read, or holds no decision.
        FactsError: The decision chose a reading that does not exist.
    """
    stored = _stored(file)
    asked = by == "pydatalog"
    found = list(_by_pydatalog(stored, case) if asked else _by_program(stored, case, seconds))
    if not found:
        typer.echo(say("page.rechecked" if asked else "page.verified", language))
        return True
    typer.echo(say("page.differs", language, count=len(found)))
    for difference in found:
        kind = say(f"page.kind_{difference.kind}", language)
        typer.echo(
            say("page.difference", language, kind=kind, where=difference.where,
                stored=_shown(difference.stored), found=_shown(difference.found))
        )  # fmt: skip
    return False


def _by_program(stored: dict[str, Any], case: Case, seconds: float) -> Iterator[Difference]:
    objective = stored["objective"] if stored.get("objective") in get_args(Objective) else None
    planner = api.planner(case, objective=objective or "potential", time_limit=seconds)
    own = planner.derivation.readings
    chosen = {n: v for n, v in (stored.get("readings") or {}).items() if own.get(n) != v}
    if chosen:  # readings that were chosen on the command line
        case = api.with_readings(case, chosen)
        planner = api.planner(case, objective=objective or "potential", time_limit=seconds)
    return verify(stored, planner)


def _by_pydatalog(stored: dict[str, Any], case: Case) -> Iterator[Difference]:
    from policy_logic.decide.rechecking import recheck  # noqa: PLC0415 - only if asked for

    return recheck(stored, api.with_readings(case, stored.get("readings") or {}), load_rulebook())


def _stored(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        details: dict[str, object] = {"file": str(file), "reason": str(fault)}
        raise RequestError([Problem("request.decision_unreadable", None, details)]) from None
    if not isinstance(document, dict) or not isinstance(document.get("readings") or {}, dict):
        details = {"file": str(file), "reason": "no JSON object of the form that plan prints"}
        raise RequestError([Problem("request.decision_unreadable", None, details)])
    return document


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
