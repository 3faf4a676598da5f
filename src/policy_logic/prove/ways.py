"""The ways in which a rule could have applied, and what they miss in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.prove.matching import Bindings
from policy_logic.prove.refusal import Failed, Reason, Refusal, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    NothingGiven: TypeAlias = Callable[[str, str, str], bool]

Branch: TypeAlias = tuple[Bindings, tuple[tuple[int, Reason], ...], int]


def merge(branches: Sequence[Branch], nothing_given: NothingGiven) -> list[Branch]:
    """Join the ways that ask one set or one choice for several values in turn.

    "The businesses include production" and "… include distribution", both missing, become
    "the businesses include one of these". A way that may yet hold counts before one that
    is known to fail.

    Args:
        branches: The ways.
        nothing_given: Whether an attribute of an entity has no value at all, by kind, entity
            and name.
    """
    if len(branches) < 2:
        return list(branches)
    kept = [branch for branch in branches if not _fails(branch)] or list(branches)
    fewest = min(len(unmet) for _, unmet, _ in kept)
    alike = [branch for branch in kept if len(branch[1]) == fewest]
    bindings, unmet, met = alike[0]
    common = {
        name: value
        for name, value in bindings.items()
        if all(other.get(name) == value for other, _, _ in alike)
    }
    joined: list[tuple[int, Reason]] = []
    for place, (index, reason) in enumerate(unmet):
        others = [branch[1][place][1] for branch in alike if branch[1][place][0] == index]
        joined.extend((index, together) for together in _join(reason, others, nothing_given))
    return [(common, tuple(joined), met)]


def _join(first: Reason, others: Sequence[Reason], nothing_given: NothingGiven) -> Sequence[Reason]:
    """Return the reasons for several values wanted of the same set or choice."""
    if isinstance(first, Unknown):
        unknown = {o.fact: o for o in others if isinstance(o, Unknown)}
        parent = first.fact.rpartition(".")[0]
        kind, _, rest = parent.partition(".")
        entity, _, name = rest.partition(".")
        whole = nothing_given(kind, entity, name)
        alike = all(fact.rpartition(".")[0] == parent for fact in unknown)
        if len(unknown) > 1 and whole and alike:
            return [replace(first, fact=parent)]
        return list(unknown.values())
    if isinstance(first, Failed) and all(isinstance(o, Failed) for o in others):
        return [_join_failed(first, [o for o in others if isinstance(o, Failed)])]
    return [first]


def _join_failed(first: Failed, others: Sequence[Failed]) -> Failed:
    """Return one failed condition for several values wanted of the same set or choice."""
    parts = [other.condition.rpartition(" ") for other in others]
    names = sorted({name for _, _, name in parts})
    head = parts[0][0]
    if len(names) < 2 or not head or any(part[0] != head for part in parts):
        return first
    asked = head.removesuffix("=") + "in" if head.endswith("=") else f"{head} any of"
    wanted = [value for other in others for value in other.wanted]
    return replace(
        first,
        condition=f"{asked} {', '.join(names)}",
        wanted=tuple(sorted(dict.fromkeys(wanted), key=str)),
    )


def _fails(branch: Branch) -> bool:
    """Return whether a way is known to fail."""
    return any(
        isinstance(reason, Failed) or (isinstance(reason, Refusal) and reason.fails)
        for _, reason in branch[1]
    )
