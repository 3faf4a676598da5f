"""Whether a worked case comes out as it says, and a page about what does not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from policy_logic.decide.explaining import explain
from policy_logic.errors import PolicyLogicError
from policy_logic.language import say
from policy_logic.prove.refusal import Failed
from policy_logic.prove.refusals import targets
from policy_logic.tell.account import account
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from policy_logic.decide.decision import Decided
    from policy_logic.decide.planning import Planner
    from policy_logic.language import Language
    from policy_logic.rulebook.cases import WorkedCase

_ABSENT: Final = {"claims": "testing.case_no_candidate", "refused": "testing.case_not_refused"}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A part of a worked case that comes out otherwise.

    Attributes:
        section: The section of the case: ``claims``, ``refused``, ``totals`` and so on.
        name: The claim or the refusal; empty for what concerns the whole case.
        part: What of it; empty where the claim or refusal itself is missing.
        expected: What the case states.
        found: What comes out.
    """

    section: str
    name: str
    part: str
    expected: Any
    found: Any


def mismatches(case: WorkedCase, planner: Planner) -> tuple[Mismatch, ...]:
    """Return everything in which a worked case comes out otherwise than it says.

    Args:
        case: The worked case.
        planner: Its facts, derived.
    """
    return (*_claims(case, planner), *_refused(case, planner), *_rest(case, planner))


def _claims(case: WorkedCase, planner: Planner) -> Iterator[Mismatch]:
    claims = {str(claim): claim for claim in planner.derivation.candidates}
    for name, expected in (case.expected.get("claims") or {}).items():
        if name not in claims:
            yield Mismatch("claims", name, "", expected or {}, None)
            continue
        found = _told(planner.decided(claims[name]))
        yield from _parts("claims", name, expected or {}, found)


def _refused(case: WorkedCase, planner: Planner) -> Iterator[Mismatch]:
    refused = case.expected.get("refused") or {}
    refusals = _refusals(planner, refused)
    for name, expected in refused.items():
        if name not in refusals:
            yield Mismatch("refused", name, "", expected or {}, None)
            continue
        wanted = {key: sorted(value) for key, value in (expected or {}).items()}
        yield from _parts("refused", name, wanted, refusals[name])


def _rest(case: WorkedCase, planner: Planner) -> Iterator[Mismatch]:
    totals = planner.chosen.totals
    found = {"firm": totals.firm, "potential": totals.potential}
    yield from _parts("totals", "", case.expected.get("totals") or {}, found)
    if "benefits" in case.expected:
        wanted = sorted(map(list, case.expected["benefits"]))
        benefits = sorted(map(list, planner.derivation.benefits))
        if wanted != benefits:
            yield Mismatch("benefits", "", "", wanted, benefits)
    if case.expected.get("notices"):
        kinds = {notice.kind for notice in planner.decide(refusals=False).notices}
        missing = sorted(set(case.expected["notices"]) - kinds)
        if missing:
            yield Mismatch("notices", "", "", missing, sorted(kinds))


def _parts(
    section: str, name: str, expected: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[Mismatch]:
    for part, wanted in expected.items():
        if part not in found or found[part] != wanted:
            yield Mismatch(section, name, part, wanted, found.get(part))


def _told(decided: Decided) -> dict[str, Any]:
    """Return what became of a claim, under the names that worked cases use."""
    rejection = decided.rejection
    return {
        "potential": decided.amount.potential,
        "firm": decided.amount.firm,
        "review": decided.review,
        "chosen": decided.chosen,
        "paid_potential": decided.paid.potential,
        "paid_firm": decided.paid.firm,
        "cap_year": decided.cap_year,
        "hypothetical": decided.hypothetical,
        "reserve": decided.reserve,
        "rejected": rejection.kind if rejection else None,
        "by": [str(claim) for claim in rejection.by] if rejection else [],
    }


def _refusals(planner: Planner, names: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """Return what is missing for the refusals with some names, of those that there are."""
    found: dict[str, dict[str, list[str]]] = {}
    for target, form in targets(planner.derivation) if names else ():
        parts = [target.line, target.subject, target.year, target.trigger]
        while parts[-1] is None:
            parts.pop()
        name = "/".join("-" if part is None else str(part) for part in parts)
        if name not in names:
            continue
        leaves = list(planner.refuser.why_not(target.goal(form)).leaves())
        found[name] = {
            "failed": sorted(leaf.condition for leaf in leaves if isinstance(leaf, Failed)),
            "unknown": sorted(leaf.fact for leaf in leaves if not isinstance(leaf, Failed)),
        }
    return found


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
