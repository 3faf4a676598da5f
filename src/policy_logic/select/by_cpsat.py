"""The choice by CP-SAT: exact on 64-bit integers, and quick where many claims share a cap.

OR-tools takes long to import, so nothing imports this module before a choice needs it.
"""

from __future__ import annotations

import time
from typing import Any

from ortools.sat.python import cp_model

from policy_logic.select.by_clingo import loose_bound
from policy_logic.select.problem import Choice, ImpossibleError, Measure, Problem

_KEYS_AT_ONCE = 40


def solve(problem: Problem, seconds: float | None) -> Choice:
    """Solve a choice.

    The measures are maximised one after the other, then the items counted, then the keys
    compared; each stage holds what the stages before have reached.

    Args:
        problem: The choice.
        seconds: The longest time to search; ``None`` for no limit.

    Raises:
        ImpossibleError: No set respects what is wished.
    """
    stages = _Stages(problem, seconds)
    first, second = problem.measures
    proved = stages.push(stages.total(first), highest=True)
    if stages.is_impossible:
        raise ImpossibleError
    bound = stages.bound if not proved else stages.reached
    singled_out = proved and stages.push(stages.total(second), highest=True)
    singled_out = singled_out and stages.push(sum(stages.taken), highest=False)
    for start in range(0, len(stages.taken), _KEYS_AT_ONCE):
        keys = stages.taken[start : start + _KEYS_AT_ONCE]
        weighted = sum(key * 2 ** (len(keys) - place) for place, key in enumerate(keys, start=1))
        singled_out = singled_out and stages.push(weighted, highest=True)
    chosen = frozenset(stages.best)
    total = problem.total(chosen, problem.objective)
    bound = total if proved else max(total, min(bound, loose_bound(problem)))
    return Choice(chosen, total, bound, proved, singled_out, "cp-sat")


class _Stages:
    """A model that is optimised for one expression after the other."""

    def __init__(self, problem: Problem, seconds: float | None) -> None:
        self.problem = problem
        self.deadline = None if seconds is None else time.monotonic() + seconds
        self.model = cp_model.CpModel()
        self.taken: list[Any] = [
            self.model.new_bool_var(str(index)) for index in range(len(problem.items))
        ]
        self.best: set[int] = set()
        self.reached = self.bound = 0
        self.is_impossible = False
        for lower, higher in sorted(problem.excludes):
            self.model.add_at_most_one(self.taken[lower], self.taken[higher])
        for quota, count in problem.places.items():
            members = [
                t for t, i in zip(self.taken, problem.items, strict=True) if quota in i.quotas
            ]
            self.model.add(sum(members) <= count)

        for index in problem.forced:
            self.model.add(self.taken[index] == 1)
        for index in problem.barred:
            self.model.add(self.taken[index] == 0)
        for known in problem.forbidden:
            self.model.add_bool_or(
                taken.Not() if index in known else taken for index, taken in enumerate(self.taken)
            )

    def total(self, measure: Measure) -> Any:  # noqa: ANN401 - OR-tools' expressions
        """Return what the set pays, as an expression: a variable per cap, cut at its limit."""
        at: dict[str | None, list[Any]] = {}
        wider: dict[str, str | None] = {}
        for taken, item in zip(self.taken, self.problem.items, strict=True):
            at.setdefault(item.pools[0] if item.pools else None, []).append(
                taken * item.worth(measure)
            )
            wider |= dict(zip(item.pools, (*item.pools[1:], None), strict=False))
        for pool in sorted(wider, key=lambda pool: -self.depth(pool, wider)):
            paid = self.model.new_int_var(0, self.problem.limits[pool], f"{measure} {pool}")
            self.model.add(paid <= sum(at.get(pool, [])))
            at.setdefault(wider[pool], []).append(paid)
        return sum(at.get(None, []))

    def depth(self, pool: str, wider: dict[str, str | None]) -> int:
        """Return how many caps lie around a cap."""
        depth, outer = 0, wider[pool]
        while outer is not None:
            depth, outer = depth + 1, wider[outer]
        return depth

    def push(self, expression: Any, *, highest: bool) -> bool:  # noqa: ANN401 - OR-tools' expressions
        """Optimise an expression and hold the value reached; return whether it is proved."""
        solver = cp_model.CpSolver()
        if self.deadline is not None:
            solver.parameters.max_time_in_seconds = max(0.0, self.deadline - time.monotonic())
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        if highest:
            self.model.maximize(expression)
        else:
            self.model.minimize(expression)
        status = solver.solve(self.model)
        self.is_impossible = self.is_impossible or status == cp_model.INFEASIBLE
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.bound = loose_bound(self.problem)
            return False
        self.best = {index for index, taken in enumerate(self.taken) if solver.value(taken)}
        self.reached = int(solver.value(expression))
        self.bound = int(solver.best_objective_bound)
        self.model.add(expression == self.reached)
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # OR-tools has no type here
        for index, taken in enumerate(self.taken):
            self.model.add_hint(taken, index in self.best)
        return bool(status == cp_model.OPTIMAL)
