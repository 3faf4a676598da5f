"""The choice by CP-SAT: exact on 64-bit integers, and quick where many claims share a cap.

OR-tools takes long to import, so nothing imports this module before a choice needs it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

from policy_logic.select.by_clingo import fallback, loose_bound
from policy_logic.select.problem import Choice, ImpossibleError, Measure, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYS_AT_ONCE = 55
_TIES = 3.0
"""What breaking ties may cost, in CP-SAT's deterministic time (about as many seconds), so that
where it is not enough every machine still finds the same set."""


def solve(problem: Problem, seconds: float | None, *, ties: bool = True) -> Choice:
    """Solve a choice.

    The measures are maximised one after the other, then the items counted, then the keys
    compared; each stage holds what the stages before have reached.

    Args:
        problem: The choice.
        seconds: The longest time to search; ``None`` for no limit.
        ties: Whether to single out one of the best sets; without, any of them may come.

    Raises:
        ImpossibleError: No set respects what is wished.
    """
    stages = _Stages(problem, seconds)
    first, second = problem.measures
    proved = stages.push(stages.total(first))
    if stages.is_impossible:
        raise ImpossibleError
    if not stages.is_found:
        return fallback(problem, "cp-sat")
    total = problem.total(stages.best, problem.objective)
    bound = total if proved else max(total, min(stages.bound, loose_bound(problem)))
    singled_out = ties and proved and _break_ties(stages, second)
    chosen = frozenset(stages.best)
    total = problem.total(chosen, problem.objective)
    return Choice(chosen, total, bound, proved, singled_out, "cp-sat")


def _break_ties(stages: _Stages, second: Measure) -> bool:
    """Single out one of the best sets; return whether that was proved in the time there is."""
    stages.ties = _TIES
    if not stages.push(stages.total(second)) or not stages.push(-sum(stages.taken)):
        return False
    for start in range(0, len(stages.taken), _KEYS_AT_ONCE):
        keys = range(start, min(start + _KEYS_AT_ONCE, len(stages.taken)))
        weighted = sum(stages.taken[key] * 2 ** (keys[-1] - key) for key in keys)
        if not stages.push(weighted, fixes=keys):
            return False
    return True


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
        self.bound = 0
        self.ties: float | None = None
        self.is_impossible = self.is_found = False
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

    def push(self, expression: Any, fixes: Sequence[int] = ()) -> bool:  # noqa: ANN401 - OR-tools' expressions
        """Maximise an expression and hold what is reached; return whether it is proved.

        Args:
            expression: What to maximise.
            fixes: The items that the value of the expression decides one by one.
        """
        solver = self._solver(light=bool(fixes))
        self.model.maximize(expression)
        status = solver.solve(self.model)
        if self.ties is not None:
            self.ties -= solver.response_proto.deterministic_time
        self.is_impossible = self.is_impossible or status == cp_model.INFEASIBLE
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.bound = loose_bound(self.problem)
            return False
        self.is_found = True
        self.best = {index for index, taken in enumerate(self.taken) if solver.value(taken)}
        self.bound = int(solver.best_objective_bound)
        if status != cp_model.OPTIMAL:
            return False
        if fixes:
            for index in fixes:
                self.model.add(self.taken[index] == (index in self.best))
        else:
            self.model.add(expression == int(solver.value(expression)))
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # OR-tools has no type here
        for index, taken in enumerate(self.taken):
            self.model.add_hint(taken, index in self.best)
        return True

    def _solver(self, *, light: bool) -> cp_model.CpSolver:
        """Return a solver that gives the same answer on every machine, within the time left."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2
        if self.deadline is not None:
            solver.parameters.max_time_in_seconds = max(0.0, self.deadline - time.monotonic())
        if self.ties is not None:
            solver.parameters.max_deterministic_time = max(0.0, self.ties)
        if light:  # little is left to search, so that presolving it all would cost the most
            solver.parameters.cp_model_probing_level = 0
            solver.parameters.symmetry_level = 0
            solver.parameters.max_presolve_iterations = 1
            solver.parameters.add_lp_constraints_lazily = False
        return solver
