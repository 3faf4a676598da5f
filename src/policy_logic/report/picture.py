"""The pictures of a claim's proof: as few as are readable on a page each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from policy_logic.report.graph import Box, graph_of
from policy_logic.report.layout import drawing_of

if TYPE_CHECKING:
    from policy_logic.report.graph import Graph
    from policy_logic.report.layout import Drawing
    from policy_logic.report.wording import Speech
    from policy_logic.tell.account import Account
    from policy_logic.tell.tree import Branch

Part = tuple[str, tuple["Branch", ...]]
TALLEST = 1.3  # of the width: what fits a printed page with its caption
MOST_COLUMNS = 6  # more stand on a page turned sideways
MOST_TOGETHER = 5  # several parts share a picture up to here
EXCLUSION_DEPTH = 4  # deeper stands what the other claim rests on


def drawings_of(claim: str, told: Account, paid: str, speech: Speech) -> tuple[Drawing, ...]:
    """Return the pictures of a proof; the choice between claims is no part of it.

    Args:
        claim: The claim in words.
        told: The account of the claim.
        paid: What it pays in the plan, in words.
        speech: The words of the report.
    """
    parts = [
        (heading, _pruned(trees, EXCLUSION_DEPTH) if name == "exclusions" else trees)
        for name, (heading, trees) in zip(told.names, told.parts, strict=True)
        if name != "choice"
    ]
    root = Box("claim", claim, paid)
    groups: list[list[Part]] = []
    for part in parts:
        if groups and _fits(graph_of(root, [*groups[-1], part])):
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(_drawing(root, group, claim, speech) for group in groups)


def _fits(graph: Graph) -> bool:
    """Return whether a graph is readable on one page."""
    found = drawing_of(graph, "", "")
    return found.columns <= MOST_TOGETHER and found.height <= TALLEST * found.width


def _pruned(branches: tuple[Branch, ...], depth: int) -> tuple[Branch, ...]:
    if not depth:
        return ()
    return tuple(replace(b, children=_pruned(b.children, depth - 1)) for b in branches)


def _drawing(root: Box, parts: list[Part], claim: str, speech: Speech) -> Drawing:
    graph = graph_of(root, parts)
    named = speech.words.list([heading for heading, _ in parts])
    title = speech.say("picture_title", claim=claim, parts=named)
    leaves = sum(1 for reasons in graph.reasons if not reasons)
    description = speech.say("picture_desc", boxes=len(graph.boxes), leaves=leaves, parts=named)
    return drawing_of(graph, title, description)
