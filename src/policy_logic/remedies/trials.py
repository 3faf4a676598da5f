"""Versions of a case, read and derived: each set of settings once, many from one grounding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.derive.derivation import derive_together
from policy_logic.errors import FactsError
from policy_logic.remedies.settings import Settings, with_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from policy_logic.decide.planning import Planner
    from policy_logic.derive.claims import Claim
    from policy_logic.derive.derivation import Derivation
    from policy_logic.facts.changes import Change
    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.prove.refusals import Target

    Tree = tuple[Node, Case]
    CaseAt = Callable[[Node, Sequence[Change]], Tree]

TOGETHER: Final = 16
"""How many versions share a grounding: each further one makes it larger for all."""

Version: TypeAlias = frozenset[tuple[str, str]]


class Trials:
    """What follows from a case with some of its facts taken otherwise.

    Attributes:
        planner: The case as it is.
        root: Its tree.
        target: What is to be claimed.
        faults: What is wrong with the versions that contradict themselves.
    """

    def __init__(self, planner: Planner, root: Node, case_at: CaseAt, target: Target) -> None:
        self.planner, self.root, self.target = planner, root, target
        self._case_at = case_at
        self._derived: dict[Version, Derivation | None] = {frozenset(): planner.derivation}
        self._trees: dict[Version, Tree] = {frozenset(): (root, planner.case)}
        self.faults: dict[Version, FactsError] = {}

    @property
    def count(self) -> int:
        """How many versions were read."""
        return len(self._derived)

    def derive(self, versions: Iterable[Settings]) -> None:
        """Read and derive versions of the case, all that are new from one grounding."""
        ready: list[tuple[Version, Case]] = []
        vocabulary = self.planner.book.vocabulary
        for settings in versions:
            key: Version = frozenset(settings)
            if key in self._derived:
                continue
            self._derived[key] = None
            root, changes = with_settings(self.root, dict(settings), vocabulary)
            try:
                tree = self._case_at(root, changes)
            except FactsError as fault:
                self.faults[key] = fault
                continue
            self._trees[key] = tree
            ready.append((key, tree[1]))
        for start in range(0, len(ready), TOGETHER):
            few = ready[start : start + TOGETHER]
            derived = derive_together([case for _, case in few], self.planner.book)
            for (key, _), derivation in zip(few, derived, strict=True):
                self._derived[key] = derivation

    def derivation(self, settings: Settings) -> Derivation | None:
        """Return what follows from a version; ``None`` where it contradicts itself."""
        self.derive([settings])
        return self._derived[frozenset(settings)]

    def tree(self, settings: Settings) -> Node:
        """Return the tree of a version that was derived."""
        return self._trees[frozenset(settings)][0]

    def holds(self, settings: Settings) -> bool:
        """Return whether a version can claim what is asked for."""
        derivation = self.derivation(settings)
        return derivation is not None and claim_of(derivation, self.target) is not None


def claim_of(derivation: Derivation, target: Target) -> Claim | None:
    """Return the candidate that is what a target asks for, if there is one."""
    for claim in derivation.candidates:
        if (claim.line, claim.subject) != (target.line, target.subject):
            continue
        if target.year not in {None, claim.year} and claim.year is not None:
            continue
        if target.trigger is None or target.trigger == claim.trigger:
            return claim
    return None
