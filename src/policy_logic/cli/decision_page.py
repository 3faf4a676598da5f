"""A decision as JSON, with everything that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policy_logic.decide.extras import Extras, Wished
    from policy_logic.language import Language


def document(
    wished: Wished, extras: Extras, language: Language, *, refusals: bool
) -> dict[str, Any]:
    """Return a decision as JSON, with what else was asked for, proofs included."""
    decision = wished.planner.decide(refusals=refusals)
    told = extras.document(wished, decision, language)
    if extras.has_proofs:
        from policy_logic.tell.proof_json import proofs_json  # noqa: PLC0415 - this option only

        told["proofs"] = proofs_json(wished.planner, decision)
    return told
