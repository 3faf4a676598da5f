"""Decisions to test with: of examples and of small cases, as objects and as they are stored."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import policy_logic
from policy_logic.cli.verify_page import planner_as_asked
from policy_logic.decide.extras import Extras
from policy_logic.derive.claims import Claim
from policy_logic.verify.verifying import verify
from small_cases import EXAMPLE_CASES, MINHANG, RESEARCH, works
from test_cli import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from policy_logic.decide.decision import Decision
    from policy_logic.decide.planning import Planner
    from policy_logic.facts.model import Case
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Objective
    from policy_logic.select.selection import Engine
    from policy_logic.verify.difference import Difference

APPLICANTS: Final = [applicant for _, applicant in EXAMPLE_CASES]
# A cap of 2,000,000 that 1,500,000 and 600,000 fill; the others wait, the highest first.
WAITING: Final = works(
    b=2_000_000, c=4_000_000, d=3_000_000, e=3_000_000, p=15_000_000, q=6_000_000
)  # fmt: skip
PLAIN: Final = Extras((), (), (), 0, has_contrast=False)
EVERYTHING: Final = Extras((), (MINHANG,), (), 3, has_contrast=True)


def case_of(facts: Path | Mapping[str, object], applicant: str = "a") -> Case:
    """Return a case as it was read."""
    return next(c for c in policy_logic.load_cases(facts) if c.applicant == applicant)


def decided(
    case: Case,
    extras: Extras = PLAIN,
    *,
    objective: Objective = "potential",
    readings: Mapping[str, str] | None = None,
    language: Language = "en",
    refusals: bool = True,
) -> dict[str, Any]:
    """Return a decision as it is stored."""
    planner = policy_logic.planner(case, objective=objective, readings=readings)
    wished = extras.wished(planner)
    decision = wished.planner.decide(refusals=refusals)
    return stored(extras.document(wished, decision, language))


def stored(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as it is read from a file."""
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def differences(
    document: Mapping[str, Any], case: Case, book: Rulebook | None = None
) -> list[Difference]:
    """Return what differs from a decision."""
    return list(verify(document, planner_as_asked(document, case, book=book)))


@cache
def example(applicant: str, objective: Objective = "potential", engine: Engine = "auto") -> Planner:
    """Return one of the examples, derived once."""
    file = next(file for file, name in EXAMPLE_CASES if name == applicant)
    case = next(c for c in policy_logic.load_cases(file) if c.applicant == applicant)
    return policy_logic.planner(case, objective=objective, engine=engine)


@cache
def plan_of(
    applicant: str, objective: Objective = "potential", engine: Engine = "auto"
) -> Decision:
    """Return what is decided of one of the examples."""
    return example(applicant, objective, engine).decide(refusals=False)


def document(planner: Planner, extras: Extras = PLAIN) -> dict[str, Any]:
    """Return a decision as it is printed, without refusals."""
    wished = extras.wished(planner)
    return extras.document(wished, wished.planner.decide(refusals=False), "en")


def printed(facts: Path, *options: object) -> Any:
    """Return the decision that the command prints."""
    done = run("plan", facts, "--format", "json", *options)
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def filed(decision: dict[str, Any]) -> set[str]:
    """Return the names of the claims of a plan."""
    return {
        str(Claim(c["line"], c["subject"], c["year"], c["trigger"]))
        for c in decision["candidates"]
        if c["chosen"]
    }


CASE: Final = case_of(RESEARCH)
BASE: Final = decided(CASE, EVERYTHING)
PLANNER: Final = planner_as_asked(BASE, CASE)


def seen(document: Mapping[str, Any]) -> list[Difference]:
    """Return what differs from a decision on the research project."""
    same = all(document.get(name) == BASE[name] for name in ("objective", "readings"))
    return list(verify(document, PLANNER if same else planner_as_asked(document, CASE)))


def row(document: dict[str, Any], claim: str) -> dict[str, Any]:
    """Return the candidate or the refusal of a claim."""
    line, subject = claim.split("/")[:2]
    rows = [*document["candidates"], *document["refusals"]]
    found: dict[str, Any] = next(r for r in rows if (r["line"], r["subject"]) == (line, subject))
    return found


def change(place: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return what sets a part of a decision, named as ``totals.firm``, to a value."""

    def do(document: dict[str, Any]) -> None:
        *outer, last = place.split(".")
        part: Any = document
        for name in outer:
            part = part[int(name)] if isinstance(part, list) else part[name]
        assert part[last] != value, "nothing would be changed"
        part[last] = value

    return do
