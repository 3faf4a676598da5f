"""What the choice costs: its engines against a model written by hand, and a plan end to end.

Run it with ``python benchmarks/choice_cost.py``. What is compared takes turns in one process.
The instances are drawn from fixed seeds:

* *Triples*: works with three mutually exclusive lines each, one cap per line that allows 20% to
  50% of what is asked.
* *Conflicts*: in the manner of the instances published for the knapsack with conflicts: 120 items
  worth 1 to 100 times 10,000 yuan, each pair in conflict with a chance of 10%, one shared cap.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from functools import partial
from itertools import combinations, product
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

import policy_logic
from policy_logic.decide.planning import Planner
from policy_logic.select import by_clingo, by_cpsat
from policy_logic.select.problem import Item, Problem
from studio import in_three_places, studio
from timing import in_turns, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.rulebook.policy import Rulebook

ROOT = Path(__file__).resolve().parents[1]
SPECIFICATION = ROOT / "rules" / "selection.lp"
PATIENCE = 10.0


def triples(works: int, seed: int = 1) -> Problem:
    """Return works with three mutually exclusive lines each."""
    rng = random.Random(seed)
    items, excludes = [], set()
    for work in range(works):
        for line in range(3):
            worth = rng.randrange(100_000, 2_000_001, 1000)
            items.append(Item(worth, worth if rng.random() < 0.5 else 0, (f"cap{line}",)))
        excludes |= set(combinations(range(3 * work, 3 * work + 3), 2))
    asked = [sum(item.potential for item in items[line::3]) for line in range(3)]
    limits = {f"cap{line}": asked[line] * rng.randrange(20, 51) // 100 for line in range(3)}
    return Problem(items, frozenset(excludes), limits, {})


def conflicts(share: int, seed: int, count: int = 120) -> Problem:
    """Return items in conflict under one cap that allows a share, in percent, of what is asked."""
    rng = random.Random(seed)
    items = []
    for _ in range(count):
        worth = rng.randrange(1, 101) * 10_000
        items.append(Item(worth, worth if rng.random() < 0.5 else 0, ("cap",)))
    excludes = frozenset(pair for pair in combinations(range(count), 2) if rng.random() < 0.1)
    limit = sum(item.potential for item in items) * share // 100
    return Problem(items, excludes, {"cap": limit}, {})


def by_hand(problem: Problem) -> int:
    """Return the highest total of triples by a model that knows of nothing else."""
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in problem.items]
    for first in range(0, len(taken), 3):
        model.add_at_most_one(taken[first : first + 3])
    paid: list[Any] = []
    for line in range(3):
        variable = model.new_int_var(0, problem.limits[f"cap{line}"], "")
        asked = (taken[i] * problem.items[i].potential for i in range(line, len(taken), 3))
        model.add(variable <= sum(asked))
        paid.append(variable)
    model.maximize(sum(paid))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return int(solver.objective_value)


def against_a_model_by_hand() -> None:
    """Compare the second engine, without and with ties, and clingo with a model by hand."""
    print("works  by hand   total only (ratio)   with ties (ratio)  singled out   clingo")
    for works in (10, 30, 100, 300, 1000):
        problem = triples(works)
        choice = by_cpsat.solve(problem, 60)
        assert choice.total == choice.bound == by_hand(problem)
        times = in_turns(
            {
                "hand": partial(by_hand, problem),
                "total": partial(by_cpsat.solve, problem, 60, ties=False),
                "ties": partial(by_cpsat.solve, problem, 60),
            },
            rounds=3,
        )
        hand, total, ties = (times[name] for name in ("hand", "total", "ties"))
        print(
            f"{works:5} {hand * 1e3:6.0f} ms   {total * 1e3:6.0f} ms ({total / hand:4.1f})"
            f"     {ties * 1e3:6.0f} ms ({ties / hand:4.1f})  {choice.singled_out!s:11}  "
            f"{_clingo(problem, hand) if works <= 30 else 'not tried'}"
        )


def _clingo(problem: Problem, hand: float) -> str:
    start = time.perf_counter()
    choice = by_clingo.solve(problem, SPECIFICATION, PATIENCE)
    took = time.perf_counter() - start
    if choice.proved:
        return f"{took * 1e3:.0f} ms ({took / hand:.1f})"
    return f"not proved in {PATIENCE:.0f} s"


def where_clingo_ends() -> None:
    """Compare the engines by the number of claims tied together, median and worst of twelve."""
    print("claims   clingo median, worst   CP-SAT median, worst")
    for works in (2, 4, 6, 8, 10, 12, 14):
        problems = [triples(works, seed) for seed in range(12)]
        by = partial(by_clingo.solve, specification=SPECIFICATION, seconds=5)
        clingo = [seconds(partial(by, problem)) for problem in problems]
        cp_sat = [seconds(partial(by_cpsat.solve, problem, 5)) for problem in problems]
        print(f"{3 * works:6}   {_spread(clingo)}        {_spread(cp_sat)}")
    took = _fresh("from policy_logic.select import by_cpsat")
    print(f"importing OR-tools: {took * 1e3:.0f} ms")


def _spread(times: list[float]) -> str:
    return f"{median(times) * 1e3:6.0f} {max(times) * 1e3:6.0f} ms"


def conflict_graphs() -> None:
    """Show that every instance with conflicts is proved."""
    print("cap as share of all   instances   proved   singled out   median, worst")
    for share in (10, 20, 30, 40, 100):
        times, proved, singled_out = [], 0, 0
        for seed in range(10):
            problem = conflicts(share, seed)
            start = time.perf_counter()
            choice = by_cpsat.solve(problem, 60)
            times.append(time.perf_counter() - start)
            proved, singled_out = proved + choice.proved, singled_out + choice.singled_out
        print(
            f"{share:18}%   {10:9}   {proved:6}   {singled_out:11}"
            f"   {median(times) * 1e3:5.0f} {max(times) * 1e3:5.0f} ms"
        )


def common_case() -> None:
    """Show that the small common case never imports OR-tools."""
    example = ROOT / "facts" / "examples" / "datong-studio.yaml"
    code = (
        "import sys; from policy_logic import load_cases, planner;"
        f"planner(next(load_cases(r'{example}'))).decide();"
        "print('ortools' in sys.modules)"
    )
    words = [sys.executable, "-c", code]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    print(f"the small common case imports OR-tools: {told}")


def studios() -> None:
    """Measure what a studio of many works costs, choice and refusals included."""
    book = policy_logic.load_rulebook()
    print(
        "works  candidates  derive    choose   decide   refusals  engine             proved  ties"
    )
    for works, make in product((100, 300), (studio, in_three_places)):
        print(f"{works:5}  {make.__name__}\n       {_studio(make(works), book)}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "studio.json"
        file.write_text(json.dumps(in_three_places(300), default=_plain), encoding="utf-8")
        start = time.perf_counter()
        words = "from policy_logic.cli import main; main()"
        command = [sys.executable, "-c", words, "plan", str(file), "--format", "json"]
        subprocess.run(command, check=True, capture_output=True)
        took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"plan of 300 works in three places, end to end: {took:.1f} s, {peak} MB at most")


def _studio(facts: Mapping[str, object], book: Rulebook) -> str:
    case = next(policy_logic.load_cases(facts, book))
    start = time.perf_counter()
    planner = Planner(case, book, seconds=60)
    derive = time.perf_counter() - start
    choose = seconds(lambda: planner.chosen)
    decide = seconds(partial(planner.decide, refusals=False))
    full = seconds(planner.decide)
    choice = planner.chosen.choice
    return (
        f"{len(planner.derivation.candidates):10}  {derive:5.2f} s  {choose:6.3f} s"
        f"  {decide:5.2f} s  {full - decide:6.2f} s  {choice.engine:17}  {choice.proved!s:6}"
        f"  {choice.singled_out}"
    )


def _plain(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def _fresh(code: str) -> float:
    words = [sys.executable, "-c", code]
    bare = [sys.executable, "-c", "import clingo"]
    run = {
        "bare": partial(subprocess.run, bare, check=True),
        "code": partial(subprocess.run, words, check=True),
    }
    times = in_turns(run, rounds=3)
    return times["code"] - times["bare"]


if __name__ == "__main__":
    against_a_model_by_hand()
    where_clingo_ends()
    conflict_graphs()
    common_case()
    studios()
