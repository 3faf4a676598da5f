"""What ``plan --report`` writes and prints."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import typer

from policy_logic.errors import Problem, RequestError
from policy_logic.language import say
from policy_logic.report.writing import check_target, write_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from policy_logic.decide.extras import Extras, Wished
    from policy_logic.language import Language


def check(target: Path, *, json: bool, proofs: bool, alternatives: bool, contrast: bool) -> None:
    """Refuse what no report can be written to, and what it does not hold.

    Raises:
        RequestError: The file or another option does not go with a report.
    """
    check_target(target)
    asked = {
        "--format json": json,
        "--proofs": proofs,
        "--alternatives": alternatives,
        "--contrast": contrast,
    }
    for option, is_asked in asked.items():
        if is_asked:
            raise RequestError([Problem("request.report_with", None, {"option": option})])


def print_report(
    cases: Sequence[Wished],
    facts: Path,
    applicant: str | None,
    target: Path,
    language: Language,
    extras: Extras,
    readings: Mapping[str, str],
) -> None:
    """Write the report of the one case and name its file.

    Raises:
        RequestError: There are several cases, or the file cannot be written.
    """
    if len(cases) != 1:
        known = ", ".join(wished.planner.case.applicant for wished in cases)
        details = {"file": facts, "applicants": known}
        raise RequestError([Problem("request.report_several", None, details)])
    source = shlex.quote(str(facts))
    if applicant is not None:
        source += f" --applicant {shlex.quote(applicant)}"
    options = []
    if cases[0].planner.objective != "potential":
        options += ["--objective", cases[0].planner.objective]
    for name, value in readings.items():
        options += ["--reading", f"{name}={value}"]
    for option, keys in (("--with", extras.filed), ("--without", extras.left),
                         ("--keep", extras.kept)):  # fmt: skip
        for key in keys:
            options += [option, key]
    told = "".join(f" {shlex.quote(option)}" for option in options)
    write_report(cases[0], language, target, source, told)
    typer.echo(say("report.written", language, file=target))
