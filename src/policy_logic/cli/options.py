"""What the commands can be asked: arguments, options, and the values to choose from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

DEFAULT_TIME_LIMIT: Final = 60.0


class Lang(StrEnum):
    """The languages to choose from."""

    zh = "zh"
    en = "en"


class Objective(StrEnum):
    """What a plan makes as high as possible."""

    potential = "potential"
    firm = "firm"


class Engine(StrEnum):
    """What chooses."""

    auto = "auto"
    clingo = "clingo"
    cpsat = "cpsat"


class Checker(StrEnum):
    """Who checks a stored decision."""

    program = "program"
    checker = "checker"
    pydatalog = "pydatalog"


class PlanFormat(StrEnum):
    """How a decision is printed."""

    page = "page"
    json = "json"


class WhyFormat(StrEnum):
    """How a proof is printed."""

    text = "text"
    json = "json"
    mermaid = "mermaid"
    dot = "dot"


class ListFormat(StrEnum):
    """How rules are printed."""

    text = "text"
    json = "json"


_Words: TypeAlias = list[str] | None

Facts: TypeAlias = Annotated[
    Path,
    typer.Argument(help="A case: YAML or JSON; or many: a folder, YAML documents, JSON Lines."),
]
Stored: TypeAlias = Annotated[
    Path, typer.Argument(help="A decision that plan --format json printed.")
]
LineName: TypeAlias = Annotated[str, typer.Argument(help="A line, as datong.2-1.horizontal.")]
SubjectName: TypeAlias = Annotated[str | None, typer.Argument(help="An entity of the case.")]
YearNumber: TypeAlias = Annotated[int | None, typer.Argument(help="A year.")]
PolicyName: TypeAlias = Annotated[str | None, typer.Argument(help="A policy, as datong.")]

Language: TypeAlias = Annotated[
    Lang | None, typer.Option("--lang", help="The language; by default that of the locale.")
]
Applicant: TypeAlias = Annotated[
    str | None,
    typer.Option("--applicant", metavar="ID", help="Of several cases only that of one applicant."),
]
Readings: TypeAlias = Annotated[
    _Words,
    typer.Option("--reading", metavar="NAME=VALUE", help="Choose a reading; may be repeated."),
]
Trigger: TypeAlias = Annotated[str | None, typer.Option("--trigger", help="A listing.")]
By: TypeAlias = Annotated[
    Checker,
    typer.Option("--by", help="Who checks: all of it, the proofs, or what another engine derives."),
]

PlanOutput: TypeAlias = Annotated[
    PlanFormat, typer.Option("--format", help="A page for people, or JSON for programs.")
]
WhyOutput: TypeAlias = Annotated[
    WhyFormat, typer.Option("--format", help="A tree for people; or for programs.")
]
ListOutput: TypeAlias = Annotated[
    ListFormat, typer.Option("--format", help="For people or for programs.")
]

Highest: TypeAlias = Annotated[
    Objective, typer.Option("--objective", help="What to make as high as possible.")
]
HighestOfEach: TypeAlias = Annotated[
    Objective, typer.Option("--objective", help="What each plan makes as high as possible.")
]
Chooser: TypeAlias = Annotated[
    Engine,
    typer.Option("--engine", help="What chooses; auto takes what fits each part of the choice."),
]
TimeLimit: TypeAlias = Annotated[
    float,
    typer.Option(
        "--time-limit", metavar="SECONDS", help="The longest search; then the bound is given."
    ),
]
Alternatives: TypeAlias = Annotated[
    int,
    typer.Option(
        "--alternatives", metavar="K", min=0, help="Also the K best plans, and how they differ."
    ),
]
Filed: TypeAlias = Annotated[
    _Words, typer.Option("--with", metavar="CLAIM", help="File a claim; may be repeated.")
]
Left: TypeAlias = Annotated[
    _Words, typer.Option("--without", metavar="CLAIM", help="Do not file a claim; may be repeated.")
]
Kept: TypeAlias = Annotated[
    _Words,
    typer.Option("--keep", metavar="LINE", help="Keep what the best plan files under a line."),
]
Contrast: TypeAlias = Annotated[
    bool, typer.Option("--contrast", help="Also what each claim and each cap is worth.")
]
Proofs: TypeAlias = Annotated[
    bool, typer.Option("--proofs", help="With --format json: all proofs, for verify.")
]
Refusals: TypeAlias = Annotated[
    bool, typer.Option("--refusals/--no-refusals", help="Say why other lines do not apply.")
]
Changes: TypeAlias = Annotated[
    _Words,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Compare with the plan if a fact were otherwise; may be repeated.",
    ),
]
Sweep: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--sweep",
        metavar="PATH=FROM..TO[:STEP]",
        help="The total as a function of one fact: its steps and cliffs.",
    ),
]
Plot: TypeAlias = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help="Draw what --sweep finds: .svg or .png."),
]
Granted: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--granted",
        metavar="FILE",
        help="Compare with what was paid: YAML, JSON or CSV; exit status 1 if anything differs.",
    ),
]
Interactive: TypeAlias = Annotated[
    bool,
    typer.Option("--interactive", help="Ask one by one, and write the answers into the file."),
]
Report: TypeAlias = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write a report instead: FILE.html or FILE.md."),
]
