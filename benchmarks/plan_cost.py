"""What a plan, its refusals and its proofs cost, as ratios to bare clingo in the same run.

Run it with ``python benchmarks/plan_cost.py``. Each figure is the median of several rounds in
which the things compared take turns, so a machine that slows down slows all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clingo.control import Control

import policy_logic
from policy_logic.decide.planning import Planner
from policy_logic.decide.report import decision_json
from policy_logic.derive.atoms import to_atoms
from policy_logic.logic.solver import Calculations
from policy_logic.logic.symbols import to_atom
from policy_logic.logic.terms import Fact
from policy_logic.prove.why import Explainer
from policy_logic.tell.proof_json import proofs_json
from policy_logic.verify.by_checker import ProofChecker
from studio import studio
from timing import in_turns, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook

ROOT = Path(__file__).resolve().parents[1]


def plans() -> None:
    """Compare derive, select and decide with a bare ground-and-solve of the same program."""
    book = policy_logic.load_rulebook()
    print("works  bare clingo  plan (ratio; to bare and telling it the facts)  refusals  a proof")
    for works in (1, 10, 100):
        case = next(policy_logic.load_cases(studio(works), book))
        print(f"{works:5}   {_plan(case, book)}   {_proofs(case, book)}")


def _plan(case: Case, book: Rulebook) -> str:
    """Measure one size: bare clingo, the plan without and with refusals."""
    facts = list(to_atoms(case, book).origins)
    symbols = [to_atom(fact) for fact in facts]
    files = [str(path) for path, _ in book.programs]

    def bare() -> None:
        control = Control(["--warn=none"])
        control.add("base", [], book.declarations)
        for file in files:
            control.load(file)
        with control.backend() as backend:
            for symbol in symbols:
                backend.add_rule([backend.add_atom(symbol)])
        control.ground([("base", [])], context=Calculations())
        control.solve()

    times = in_turns(
        {
            "bare": bare,
            "telling": lambda: [to_atom(fact) for fact in facts],
            "plan": lambda: Planner(case, book).decide(refusals=False),
            "refusals": lambda: Planner(case, book).decide(),
        }
    )
    told = times["bare"] + times["telling"]
    more = times["refusals"] - times["plan"]
    return (
        f"{times['bare'] * 1e3:8.1f} ms   {times['plan'] * 1e3:6.1f} ms "
        f"({times['plan'] / times['bare']:4.2f}; {times['plan'] / told:4.2f})   "
        f"                   +{more * 1e3:6.1f} ms   "
    )


def checks() -> None:
    """Compare proving everything, and checking it, with the plan that is proved."""
    book = policy_logic.load_rulebook()
    print("works  plan with refusals  proofs of all claims (plan with them)  of refusals  checked")
    for works in (1, 10, 100):
        case = next(policy_logic.load_cases(studio(works), book))
        planner = Planner(case, book)
        plain, full = planner.decide(refusals=False), planner.decide()
        stored = decision_json(full) | {"proofs": proofs_json(planner, full)}
        document = json.loads(json.dumps(stored))
        times = in_turns(
            {
                "plan": partial(_decided, case, book),
                "claims": partial(proofs_json, planner, plain),
                "all": partial(proofs_json, planner, full),
                "check": partial(_checked, document, case, book),
            },
            rounds=3,
        )
        plan = times["plan"]
        print(
            f"{works:5}  {plan * 1e3:8.0f} ms  {times['claims'] * 1e3:8.0f} ms"
            f" ({(plan + times['claims']) / plan:4.2f})"
            f"  +{(times['all'] - times['claims']) * 1e3:8.0f} ms"
            f"  {times['check'] * 1e3:8.0f} ms ({times['check'] / plan:4.2f})"
        )


def _decided(case: Case, book: Rulebook) -> object:
    return Planner(case, book).decide()


def _checked(document: dict[str, Any], case: Case, book: Rulebook) -> object:
    return list(ProofChecker(case, book).faults(document))


def _proofs(case: Case, book: Rulebook) -> str:
    """Measure the proofs of all candidates, once the model has been read."""
    derivation = Planner(case, book).derivation
    explainer = Explainer(derivation)
    candidates = derivation.candidates.values()
    targets = [Fact("candidate", (c.claim.term, c.occasion)) for c in candidates]
    took = seconds(lambda: [explainer.why(target) for target in targets])
    return f"{took / len(targets) * 1e3:6.3f} ms"


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
    checks()
    command()
