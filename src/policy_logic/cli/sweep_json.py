"""A sweep as JSON, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.cli.cliffs import Asked, Explained, explained_cliffs
from policy_logic.facts.paths import shown_value, value_at

if TYPE_CHECKING:
    from policy_logic.decide.decision import Sums
    from policy_logic.decide.sweeping import Piece, Swept
    from policy_logic.facts.sweeps import Scale
    from policy_logic.language import Language

SCHEMA = "policy-logic/sweep/1"


def swept_json(asked: Asked, swept: Swept, language: Language = "en") -> dict[str, Any]:
    """Return what was found as the object that ``plan --sweep … --format json`` prints."""
    sweep, scale = asked.sweep, asked.sweep.scale
    written = shown_value(value_at(asked.root, sweep.path))
    return {
        "schema": SCHEMA,
        "applicant": asked.planner.case.applicant,
        "as_of": asked.planner.case.as_of.isoformat(),
        "objective": asked.planner.objective,
        "path": sweep.path,
        "type": scale.type,
        "from": scale.written(sweep.low),
        "to": scale.written(sweep.high),
        "step": scale.written(1) if scale.type == "share" else "1",
        "in_case": written or None,
        "pieces": [_piece(piece, asked.sweep.scale) for piece in swept.pieces],
        "cliffs": [_cliff(found, asked) for found in explained_cliffs(asked, swept, language)],
        "plans": swept.plans,
        "exact": swept.exact,
        "proved": swept.proved,
    }


def _piece(piece: Piece, scale: Scale) -> dict[str, Any]:
    return {
        "from": scale.written(piece.low),
        "to": scale.written(piece.high),
        **{
            measure: {
                "at_from": getattr(piece.at_low, measure),
                "at_to": getattr(piece.at_high, measure),
                "per_step": str(track.rate),
            }
            for measure, track in (("firm", piece.firm), ("potential", piece.potential))
        },
    }


def _cliff(found: Explained, asked: Asked) -> dict[str, Any]:
    scale, cliff, planner = asked.sweep.scale, found.cliff, asked.planner
    reasons = {turned.claim: reason for turned, reason in found.turned}
    return {
        "below": scale.written(cliff.below),
        "above": scale.written(cliff.above),
        "firm": cliff.jump.firm,
        "potential": cliff.jump.potential,
        "claims": [
            {
                "claim": str(claim),
                "below": _sums(below),
                "above": _sums(above),
                "article": planner.book.lines[claim.line].article,
                "clause": planner.clause_of_line(claim.line),
                "because": reasons.get(claim),
            }
            for claim, below, above in cliff.moved
        ],
    }


def _sums(sums: Sums | None) -> dict[str, int] | None:
    return None if sums is None else {"firm": sums.firm, "potential": sums.potential}
