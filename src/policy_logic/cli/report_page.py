"""What ``plan --report`` writes and prints."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from policy_logic.errors import Problem, RequestError
from policy_logic.language import say
from policy_logic.report.writing import check_target, write_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from policy_logic.decide.extras import Extras, Wished
    from policy_logic.decide.planning import Planner
    from policy_logic.language import Language


def check(target: Path, asked: Mapping[str, bool]) -> None:
    """Refuse what no report can be written to, and what it does not hold.

    Args:
        target: The file.
        asked: The options whose answer a report does not hold, and whether each was given.

    Raises:
        RequestError: The file or another option does not go with a report.
    """
    check_target(target)
    for option, is_asked in asked.items():
        if is_asked:
            raise RequestError([Problem("request.report_with", None, {"option": option})])


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan was asked, so that a report can say how to ask it again.

    Attributes:
        facts: The facts.
        applicant: The applicant that ``--applicant`` names.
        readings: The readings chosen.
        extras: The wish.
        seconds: The time limit; ``None`` where it is the usual one.
        rules: The folder of policies; ``None`` for those shipped.
    """

    facts: Path
    applicant: str | None
    readings: Mapping[str, str]
    extras: Extras
    seconds: float | None
    rules: Path | None

    def source(self) -> str:
        """Return the facts, and the policies, as a command names them."""
        words = [str(self.facts)]
        words += ["--applicant", self.applicant] if self.applicant is not None else []
        words += ["--rules", str(self.rules)] if self.rules is not None else []
        return shlex.join(words)

    def options(self, planner: Planner) -> str:
        """Return the other options, with a space before each."""
        words = []
        if planner.objective != "potential":
            words += ["--objective", planner.objective]
        if planner.engine != "auto":
            words += ["--engine", planner.engine]
        if self.seconds is not None:
            words += ["--time-limit", f"{self.seconds:g}"]
        for name, value in self.readings.items():
            words += ["--reading", f"{name}={value}"]
        wish = self.extras
        for option, keys in (("with", wish.filed), ("without", wish.left), ("keep", wish.kept)):
            for key in keys:
                words += [f"--{option}", key]
        return f" {shlex.join(words)}" if words else ""


def print_report(cases: Sequence[Wished], asked: Asked, target: Path, language: Language) -> None:
    """Write the report of the one case and name its file.

    Raises:
        RequestError: There are several cases, or the file cannot be written.
    """
    if len(cases) != 1:
        known = ", ".join(wished.planner.case.applicant for wished in cases)
        details = {"file": asked.facts, "applicants": known}
        raise RequestError([Problem("request.report_several", None, details)])
    wished = cases[0]
    write_report(wished, language, target, asked.source(), asked.options(wished.planner))
    typer.echo(say("report.written", language, file=target))
