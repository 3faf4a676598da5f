"""What a worked case states, and what of it comes out otherwise."""

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


def mismatches(
    case: WorkedCase, planner: Planner, lines: Collection[str] | None = None
) -> Iterator[Mismatch]:
    """Yield everything in which a worked case comes out otherwise, what is found cheapest first.

    Args:
        case: The worked case.
        planner: Its facts, derived.
        lines: The lines whose reasons for refusals to look into; ``None`` for all.
    """
    claims, refused = (case.expected.get(name) or {} for name in ("claims", "refused"))
    candidates = {str(claim): claim for claim in planner.derivation.candidates}
    yield from _absent("claims", claims, candidates.keys())
    there = {target_name(target) for target, _ in targets(planner.derivation)} if refused else set()
    yield from _absent("refused", refused, there)
    if "benefits" in case.expected:
        wanted = sorted(map(list, case.expected["benefits"]))
        benefits = sorted(map(list, planner.derivation.benefits))
        if wanted != benefits:
            yield Mismatch("benefits", "", "", wanted, benefits)
    for name, stated in claims.items():
        if name in candidates and stated:
            yield from _parts("claims", name, stated, _told(planner.decided(candidates[name])))
    totals = planner.chosen.totals
    found = {"firm": totals.firm, "potential": totals.potential}
    yield from _parts("totals", "", case.expected.get("totals") or {}, found)
    yield from _notices(case, planner)
    asked = {
        name: stated
        for name, stated in refused.items()
        if name in there and stated and (lines is None or name.partition("/")[0] in lines)
    }
    yield from _reasons(planner, asked)


def _absent(section: str, stated: Mapping[str, Any], there: Collection[str]) -> Iterator[Mismatch]:
    for name, parts in stated.items():
        if name not in there:
            yield Mismatch(section, name, "", parts or {}, None)


def _parts(
    section: str, name: str, stated: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[Mismatch]:
    for part, wanted in stated.items():
        if part not in found or found[part] != wanted:
            yield Mismatch(section, name, part, wanted, found.get(part))


def _notices(case: WorkedCase, planner: Planner) -> Iterator[Mismatch]:
    """Yield the notices that do not come, and those that come though they must not."""
    wanted, barred = (set(case.expected.get(name) or ()) for name in ("notices", "no_notices"))
    if not wanted and not barred:
        return
    kinds = {notice.kind for notice in planner.decide(refusals=False).notices}
    if wanted - kinds:
        yield Mismatch("notices", "", "", sorted(wanted - kinds), sorted(kinds))
    if barred & kinds:
        yield Mismatch("no_notices", "", "", sorted(barred & kinds), sorted(kinds))


def _reasons(planner: Planner, refused: Mapping[str, Mapping[str, Any]]) -> Iterator[Mismatch]:
    """Yield the refusals that rest on something else."""
    for target, form in targets(planner.derivation) if refused else ():
        name = target_name(target)
        if name in refused:
            leaves = list(planner.refuser.why_not(target.goal(form)).leaves())
            found = {
                "failed": sorted(leaf.condition for leaf in leaves if isinstance(leaf, Failed)),
                "unknown": sorted(leaf.fact for leaf in leaves if not isinstance(leaf, Failed)),
            }
            wanted = {part: sorted(stated) for part, stated in refused[name].items()}
            yield from _parts("refused", name, wanted, found)


def target_name(target: Target) -> str:
    """Return the name of what could have been a claim, as worked cases write it."""
    parts = [target.line, target.subject, target.year, target.trigger]
    while parts[-1] is None:
        parts.pop()
    return "/".join("-" if part is None else str(part) for part in parts)


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
