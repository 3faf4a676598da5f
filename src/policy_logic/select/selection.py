"""Choosing: the problem falls into components, and each goes to the engine that fits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal, TypeAlias

from policy_logic.errors import Problem as Fault
from policy_logic.errors import RequestError
from policy_logic.logic.symbols import LARGEST
from policy_logic.select import arithmetic, by_clingo
from policy_logic.select.problem import Choice, Problem

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path


Engine: TypeAlias = Literal["auto", "clingo", "cpsat"]


Known: TypeAlias = dict["Hashable", Choice]


def select(
    problem: Problem,
    specification: Path,
    seconds: float | None = None,
    engine: Engine = "auto",
    known: Known | None = None,
) -> Choice:
    """Return the best set of items.

    It has the highest total by the objective; of these, the highest other total; of these, the
    fewest items; of these, the smallest sorted keys. So it does not depend on any order.

    Args:
        problem: The choice.
        specification: ``selection.lp``.
        seconds: The longest time to search; ``None`` for no limit.
        engine: ``auto`` for the one that fits each component, or one for all of them.
        known: Components that have been solved, to be used and added to: of several versions of
            a choice, most components are the same.

    Raises:
        ImpossibleError: No set respects what is wished.
        RequestError: clingo is asked for, and the sums are too large for its integers.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    chosen: set[int] = set()
    bound, engines = 0, set()
    proved = singled_out = True
    for members in components(problem):
        left = None if deadline is None else max(0.05, deadline - time.monotonic())
        part = _solve_once(problem.part(members), specification, left, engine, known)
        chosen.update(members[index] for index in part.chosen)
        bound += part.bound
        proved = proved and part.total == part.bound
        singled_out = singled_out and part.singled_out
        engines.add(part.engine)
    total = problem.total(chosen, problem.objective)
    names = "+".join(sorted(engines)) or "arithmetic"
    return Choice(frozenset(chosen), total, bound, proved, singled_out, names)


def _solve_once(
    problem: Problem,
    specification: Path,
    seconds: float | None,
    engine: Engine,
    known: Known | None,
) -> Choice:
    """Solve a component, or return what is known of it; only what is settled is remembered."""
    if known is None:
        return _solve(problem, specification, seconds, engine)
    key = (engine, problem.key)
    if key in known:
        return known[key]
    choice = _solve(problem, specification, seconds, engine)
    if choice.proved and choice.singled_out:
        known[key] = choice
    return choice


def solve_component(problem: Problem, specification: Path) -> Choice:
    """Solve what is known to be one component, with the engine that fits and without a limit."""
    return _solve(problem, specification, None, "auto")


def highest(problem: Problem, specification: Path, seconds: float | None) -> int | None:
    """Return the highest total of what is known to be one component.

    Which of the best sets pays it is not asked, so this takes less than solving.

    Args:
        problem: The component.
        specification: ``selection.lp``.
        seconds: The longest time to search; ``None`` for no limit.

    Returns:
        ``None`` where it is not proved within the time.

    Raises:
        ImpossibleError: No set respects what is wished.
    """
    choice = _solve(problem, specification, seconds, "auto", ties=False)
    return choice.total if choice.proved else None


def component_of(problem: Problem, index: int) -> Sequence[int]:
    """Return the items tied to an item, itself included."""
    return next(members for members in components(problem) if index in members)


def components(problem: Problem) -> list[Sequence[int]]:
    """Return the sets of items tied by exclusions, quotas or caps, each in key order.

    A cap or a quota that all its items together do not exceed ties nothing.
    """
    ties: list[tuple[int, int]] = list(problem.excludes)
    for name, limit in (*problem.limits.items(), *problem.places.items()):
        is_cap = name in problem.limits
        members = [
            index
            for index, item in enumerate(problem.items)
            if name in (item.pools if is_cap else item.quotas)
        ]
        asked = sum(problem.items[m].potential for m in members) if is_cap else len(members)
        if asked > limit:
            ties.extend((members[0], member) for member in members[1:])
    leader = list(range(len(problem.items)))

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for first, second in ties:
        low, high = sorted((lead(first), lead(second)))
        leader[high] = low
    parts: dict[int, list[int]] = {}
    for index in range(len(problem.items)):
        parts.setdefault(lead(index), []).append(index)
    return list(parts.values())


def _solve(
    problem: Problem,
    specification: Path,
    seconds: float | None,
    engine: Engine,
    *,
    ties: bool = True,
) -> Choice:
    if engine == "auto" and arithmetic.solves(problem):
        return arithmetic.solve(problem)
    if engine == "clingo" and by_clingo.reckons_with(problem) > LARGEST:
        raise RequestError([Fault("request.engine_sums", None, {"largest": f"{LARGEST:,}"})])
    if engine == "clingo" or (engine == "auto" and by_clingo.solves(problem)):
        return by_clingo.solve(problem, specification, seconds)
    from policy_logic.select import by_cpsat  # noqa: PLC0415 - OR-tools takes long to import

    return by_cpsat.solve(problem, seconds, ties=ties)
