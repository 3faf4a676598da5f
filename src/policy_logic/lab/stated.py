"""What a worked case states, and what of it does not come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policy_logic.prove.refusal import Failed
from policy_logic.prove.refusals import Target, targets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from policy_logic.decide.decision import Decided
    from policy_logic.decide.planning import Planner
    from policy_logic.rulebook.cases import WorkedCase


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that a worked case states and that does not come out.

    Attributes:
        section: The part of the case: ``claims``, ``refused``, ``totals``, ``benefits``,
            ``notices`` or ``no_notices``.
        name: What it is about, as a claim's name; empty for a section as a whole.
        stated: What the case states.
        found: What comes out.
    """

    section: str
    name: str
    stated: object
    found: object


def broken(
    case: WorkedCase, planner: Planner, lines: Collection[str] | None = None
) -> Iterator[Broken]:
    """Yield what does not come out as a case states, what is found cheapest first.

    Args:
        case: The worked case.
        planner: The case as it is decided.
        lines: The lines whose refusals to look into; ``None`` for all.
    """
    expected = case.expected
    candidates = {str(claim): claim for claim in planner.derivation.candidates}
    claims, refused = expected.get("claims") or {}, expected.get("refused") or {}
    for name in sorted(claims.keys() - candidates.keys()):
        yield Broken("claims", name, claims[name], None)
    for name in sorted(refused.keys() & candidates.keys()):
        yield Broken("refused", name, refused[name], "candidate")
    benefits = [list(benefit) for benefit in planner.derivation.benefits]
    if "benefits" in expected and sorted(benefits) != sorted(expected["benefits"]):
        yield Broken("benefits", "", expected["benefits"], benefits)
    for name, stated in claims.items():
        if name in candidates:
            actual = _claim(planner.decided(candidates[name])) if stated else {}
            yield from _unlike("claims", name, stated or {}, actual)
    sums = planner.chosen.totals
    actual = {"firm": sums.firm, "potential": sums.potential}
    yield from _unlike("totals", "", expected.get("totals") or {}, actual)
    wanted, barred = set(expected.get("notices") or ()), set(expected.get("no_notices") or ())
    if wanted or barred:
        kinds = {notice.kind for notice in planner.decide(refusals=False).notices}
        if not wanted <= kinds:
            yield Broken("notices", "", sorted(wanted), sorted(kinds))
        if barred & kinds:
            yield Broken("no_notices", "", sorted(barred), sorted(kinds))
    yield from _refusals(
        planner,
        {
            name: stated
            for name, stated in refused.items()
            if name not in candidates and (lines is None or name.partition("/")[0] in lines)
        },
    )


def _unlike(
    section: str, name: str, stated: Mapping[str, Any], actual: Mapping[str, Any]
) -> Iterator[Broken]:
    """Yield what is not as stated, as far as anything is."""
    found = {key: actual[key] for key in stated}
    if found != stated:
        yield Broken(section, name, stated, found)


def _refusals(
    planner: Planner, refused: Mapping[str, Mapping[str, Any] | None]
) -> Iterator[Broken]:
    """Yield the refusals that there are not, or that rest on something else."""
    found: set[str] = set()
    for target, form in targets(planner.derivation) if refused else ():
        name = target_name(target)
        if name not in refused:
            continue
        found.add(name)
        stated = refused[name] or {}
        if not stated:
            continue
        leaves = list(planner.refuser.why_not(target.goal(form)).leaves())
        actual = {
            "failed": [leaf.condition for leaf in leaves if isinstance(leaf, Failed)],
            "unknown": [leaf.fact for leaf in leaves if not isinstance(leaf, Failed)],
        }
        if any(sorted(actual[key]) != sorted(stated[key]) for key in stated):
            yield Broken("refused", name, stated, {key: actual[key] for key in stated})
    for name in refused:
        if name not in found:
            yield Broken("refused", name, refused[name], None)


def target_name(target: Target) -> str:
    """Return the name of what could have been a claim, as worked cases write it."""
    parts = [target.line, target.subject, target.year, target.trigger]
    while parts[-1] is None:
        parts.pop()
    return "/".join("-" if part is None else str(part) for part in parts)


def _claim(decided: Decided) -> dict[str, Any]:
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
