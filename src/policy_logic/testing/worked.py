"""A page about what of a worked case does not come out as it says."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from policy_logic.decide.explaining import explain
from policy_logic.errors import PolicyLogicError
from policy_logic.language import say
from policy_logic.tell.account import account
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.decide.planning import Planner
    from policy_logic.lab.worked import Mismatch
    from policy_logic.language import Language
    from policy_logic.rulebook.cases import WorkedCase

_ABSENT: Final = {"claims": "testing.case_no_candidate", "refused": "testing.case_not_refused"}


def page(
    case: WorkedCase, planner: Planner, found: Sequence[Mismatch], language: Language
) -> list[str]:
    """Return what differs as a table, and ``why`` of the first claim that does."""
    rows = [
        [say(f"testing.case_{name}", language) for name in ("where", "part", "expected", "found")]
    ]
    rows += [
        [one.name or one.section, one.part, _shown(one.expected), _found(one, language)]
        for one in found
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    title = say("testing.case_differs", language, case=case.name, count=len(found))
    lines = [title, ""]
    for row in rows:
        padded = (cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=False))
        lines.append("  " + "  ".join([*padded, row[-1]]))
    name = next((one.name for one in found if one.name), None)
    return [*lines, "", *_why(planner, name, language)] if name else lines


def _found(one: Mismatch, language: Language) -> str:
    if one.name and not one.part:
        return say(_ABSENT[one.section], language)
    return _shown(one.found)


def _shown(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)


def _why(planner: Planner, name: str, language: Language) -> Iterator[str]:
    """Yield what ``why`` says of a claim or a refusal, by its name."""
    line, subject, year, trigger = (*name.split("/"), "-", "-", "-")[:4]
    asked = int(year) if year.isdigit() else None
    try:
        answers = explain(planner, line, subject, asked, None if trigger == "-" else trigger)
    except PolicyLogicError as fault:
        yield fault.tell(language)
        return
    words = Wording(planner.derivation, language)
    for answer in answers:
        yield from account(answer, words).lines()


def _width(text: str) -> int:
    """Return how many columns a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
