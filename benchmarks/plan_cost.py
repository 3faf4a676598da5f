"""What a plan, its refusals and its proofs cost, as ratios to bare clingo in the same run.

Run it with ``python benchmarks/plan_cost.py``. Each figure is the median of several rounds in
which the things compared take turns, so a machine that slows down slows all of them.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from clingo.control import Control
from studio import studio

import policy_logic
from policy_logic.decide.planning import Planner
from policy_logic.derive.atoms import to_atoms
from policy_logic.prove.why import Explainer
from policy_logic.rulebook.language import Fact
from policy_logic.solver import _Calculations, to_atom

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes, without the collector, as ``timeit`` measures."""
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    action()
    took = time.perf_counter() - start
    gc.enable()
    return took


def in_turns(actions: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median time of each action, the actions taking turns."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            times[name].append(seconds(action))
    return {name: median(found) for name, found in times.items()}


def plans() -> None:
    """Compare derive, select and decide with a bare ground-and-solve of the same program."""
    book = policy_logic.load_rulebook()
    files = [str(path) for path, _ in book.programs]
    print("works   bare clingo   plan          with refusals    a proof    the model for proofs")
    for works in (1, 10, 100):
        case = next(policy_logic.load_cases(studio(works), book))
        symbols = [to_atom(fact) for fact in to_atoms(case, book).origins]

        def bare(symbols: list = symbols) -> None:  # type: ignore[type-arg]
            control = Control(["--warn=none"])
            control.add("base", [], book.declarations)
            for file in files:
                control.load(file)
            with control.backend() as backend:
                for symbol in symbols:
                    backend.add_rule([backend.add_atom(symbol)])
            control.ground([("base", [])], context=_Calculations())
            control.solve()

        def decide(*, refusals: bool, case: policy_logic.api.Case = case) -> None:
            Planner(case, book).decide(refusals=refusals)

        times = in_turns(
            {
                "bare": bare,
                "plan": lambda: decide(refusals=False),
                "refusals": lambda: decide(refusals=True),
            }
        )
        derivation = Planner(case, book).derivation
        model = seconds(lambda: Explainer(derivation))
        explainer = Explainer(derivation)
        targets = [Fact("candidate", (c.claim.term, c.occasion)) for c in derivation.candidates.values()]
        proofs = seconds(lambda: [explainer.why(target) for target in targets]) / len(targets)
        print(
            f"{works:5}   {times['bare'] * 1e3:8.1f} ms   {times['plan'] * 1e3:6.1f} ms "
            f"({times['plan'] / times['bare']:4.2f})   "
            f"+{(times['refusals'] - times['plan']) * 1e3:6.1f} ms       "
            f"{proofs * 1e3:6.3f} ms   {model * 1e3:6.1f} ms"
        )


def command() -> None:
    """Compare the whole command with the imports it cannot do without."""
    example = str(ROOT / "facts" / "examples" / "datong-studio.yaml")
    start = "from policy_logic.cli import main; main()"

    def run(*arguments: str) -> Callable[[], object]:
        words = [sys.executable, "-c", *arguments]
        return lambda: subprocess.run(words, check=True, capture_output=True)

    times = in_turns(
        {
            "imports": run("import clingo, typer"),
            "page": run(start, "plan", example),
            "json": run(start, "plan", example, "--format", "json"),
            "why": run(start, "why", example, "datong.2-1.horizontal", "gucheng"),
        }
    )
    for name, found in times.items():
        print(f"{name:8} {found * 1e3:7.1f} ms   {found / times['imports']:5.2f}")


if __name__ == "__main__":
    plans()
    command()
