"""The pictures of a claim's proof: one, or one for each part where one would not fit a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.report.graph import Box, graph_of
from policy_logic.report.layout import Drawing, drawing_of

if TYPE_CHECKING:
    from policy_logic.report.wording import Speech
    from policy_logic.tell.account import Account
    from policy_logic.tell.tree import Branch

Part = tuple[str, tuple["Branch", ...]]
TALLEST = 1.38  # of the width: what fits a printed page with its caption


def drawings_of(claim: str, told: Account, paid: str, speech: Speech) -> tuple[Drawing, ...]:
    """Return the pictures of a proof; the choice between claims is no part of it.

    Args:
        claim: The claim in words.
        told: The account of the claim.
        paid: What it pays in the plan, in words.
        speech: The words of the report.
    """
    parts = [part for name, part in zip(told.names, told.parts, strict=True) if name != "choice"]
    root = Box("claim", claim, paid)
    whole = _drawing(root, parts, claim, speech)
    if whole.height <= TALLEST * whole.width or len(parts) == 1:
        return (whole,)
    return tuple(
        _drawing(root, group, claim, speech) for group in _groups(root, parts, claim, speech)
    )


def _groups(root: Box, parts: list[Part], claim: str, speech: Speech) -> list[list[Part]]:
    """Return the parts, as many together as fit a page."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups:
            found = _drawing(root, [*groups[-1], part], claim, speech)
            if found.height <= TALLEST * found.width:
                groups[-1].append(part)
                continue
        groups.append([part])
    return groups


def _drawing(root: Box, parts: list[Part], claim: str, speech: Speech) -> Drawing:
    graph = graph_of(root, parts)
    named = speech.comma.join(heading for heading, _ in parts)
    title = speech.say("picture_title", claim=claim, parts=named)
    leaves = sum(1 for reasons in graph.reasons if not reasons)
    description = speech.say("picture_desc", boxes=len(graph.boxes), leaves=leaves, parts=named)
    return drawing_of(graph, title, description)
