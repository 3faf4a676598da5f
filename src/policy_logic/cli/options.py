"""What the commands can be asked: arguments, options, and the values to choose from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

DEFAULT_TIME_LIMIT: Final = 60.0
PLOT_ENDINGS: Final = (".svg", ".png")


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


class CheckFormat(StrEnum):
    """How the findings about policies are given."""

    text = "text"
    json = "json"
    markdown = "markdown"


class ListFormat(StrEnum):
    """How rules are printed."""

    text = "text"
    json = "json"


_Words: TypeAlias = list[str] | None

Rules: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FOLDER",
        envvar="POLICY_LOGIC_RULES",
        help="The policies to apply; by default those that come with the program.",
    ),
]

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
PolicyNames: TypeAlias = Annotated[
    _Words, typer.Argument(metavar="[POLICY]...", help="Policies, as datong; by default all.")
]
OldVersion: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="OLD", help="A policy at hand, or a policy's folder; then @READING=VALUE,…"
    ),
]
NewVersion: TypeAlias = Annotated[
    str, typer.Argument(metavar="NEW", help="What to compare it with, in the same form.")
]
NewName: TypeAlias = Annotated[
    str, typer.Argument(metavar="ID", help="The new policy's id, as wangchuan.")
]
PolicyText: TypeAlias = Annotated[
    Path, typer.Argument(metavar="TEXT", help="The text of the policy: plain text in UTF-8.")
]

Language: TypeAlias = Annotated[
    Lang | None, typer.Option("--lang", help="The language; by default that of the locale.")
]
Applicant: TypeAlias = Annotated[
    str | None,
    typer.Option("--applicant", metavar="ID", help="Of several cases only that of one applicant."),
]
NewRules: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--rules",
        metavar="FOLDER",
        envvar="POLICY_LOGIC_RULES",
        help="The folder of policies to put it in; it is made if need be.",
    ),
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
    typer.Option("--report", metavar="FILE", help="Write a report instead: .html, .md or .pdf."),
]
CoveringCases: TypeAlias = Annotated[
    Path | None,
    typer.Option("--cases", metavar="PATH", help="Cases to count instead of the worked ones."),
]
Pages: TypeAlias = Annotated[
    Path | None,
    typer.Option("--pages", metavar="FOLDER", help="Write each policy out with what is covered."),
]
AtLeast: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--at-least",
        metavar="PERCENT",
        min=0,
        max=100,
        help="Exit status 1 if less than this is covered, or told, of any of the policies.",
    ),
]
Jobs: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", min=1, help="How many processes; by default one a processor."
    ),
]
Remembered: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FOLDER",
        help="Where what was tried is kept; else the user's cache.",
    ),
]
CheckOutput: TypeAlias = Annotated[
    CheckFormat, typer.Option("--format", help="For people, for programs, or as a document.")
]
CliffSum: TypeAlias = Annotated[
    int,
    typer.Option(
        "--cliff", metavar="YUAN", min=1, help="The smallest jump of the total that is reported."
    ),
]
Witnesses: TypeAlias = Annotated[
    Path | None,
    typer.Option("--witnesses", metavar="FOLDER", help="Also write the applicants as facts files."),
]
Cases: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--cases",
        metavar="PATH",
        help="Also add up over cases: a file or a folder; may be repeated.",
    ),
]
BudgetPlot: TypeAlias = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help="Draw who gains and who loses: .svg or .png."),
]
