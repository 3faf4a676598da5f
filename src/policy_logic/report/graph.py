"""The graph behind a picture: boxes in the words of ``why``, each shared one once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policy_logic.tell.tree import Branch


@dataclass(frozen=True, slots=True)
class Box:
    """A step or a leaf of a proof.

    Attributes:
        kind: ``claim``, ``part``, or the kind of its source; ``step`` for a calculation and
            ``remark`` for a remark.
        text: The sentence.
        source: In a few words, where it comes from.
    """

    kind: str
    text: str
    source: str = ""


@dataclass(slots=True)
class Graph:
    """Boxes, and which of them rests on which; it has one root and no circle.

    Attributes:
        boxes: The boxes; the first is the root.
        reasons: For each box the places of the boxes that it rests on, in order.
    """

    boxes: list[Box] = field(default_factory=list)
    reasons: list[list[int]] = field(default_factory=list)

    def add(self, box: Box) -> int:
        """Add a box and return its place."""
        self.boxes.append(box)
        self.reasons.append([])
        return len(self.boxes) - 1

    def joins(self, reason: int, conclusion: int) -> bool:
        """Return whether a box rests on another, directly or not; each does on itself."""
        stack = [conclusion]
        while stack:
            place = stack.pop()
            if place == reason:
                return True
            stack.extend(self.reasons[place])
        return False


def graph_of(root: Box, parts: Iterable[tuple[str, tuple[Branch, ...]]]) -> Graph:
    """Return the graph of an account: the root rests on its parts, each part on its trees.

    What is told in several places is one box, so that a fact used twice has two lines to it. A
    single part gets no box of its own.
    """
    graph = Graph()
    places: dict[tuple[str, str], int] = {}
    top = graph.add(root)

    def add(branch: Branch, conclusion: int) -> None:
        key = (branch.mark, branch.text)
        if key not in places:
            places[key] = graph.add(Box(_kind(branch), branch.text, _source(branch)))
        own = places[key]
        if own not in graph.reasons[conclusion] and not graph.joins(conclusion, own):
            graph.reasons[conclusion].append(own)
        for child in branch.children:
            add(child, own)

    listed = list(parts)
    for heading, branches in listed:
        part = top
        if len(listed) > 1:
            part = graph.add(Box("part", heading))
            graph.reasons[top].append(part)
        for branch in branches:
            add(branch, part)
    return graph


def _kind(branch: Branch) -> str:
    if branch.mark == "·":
        return "remark"
    if branch.source.kind:
        return branch.source.kind
    return "step"


def _source(branch: Branch) -> str:
    source = branch.source
    if source.kind == "rule":
        return " ".join(part for part in (source.article, source.place.partition(",")[0]) if part)
    if source.kind == "fact":
        return source.evidence or source.place
    return source.place if source.kind == "reading" else ""
