"""The commands and their options."""

from __future__ import annotations

import gc
import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from policy_logic import api
from policy_logic.cli.decision_page import document
from policy_logic.cli.options import (  # noqa: TC001 - Typer reads the annotations
    Changes,
    GrantedOption,
    PlotOption,
    SweepOption,
)
from policy_logic.decide.explaining import explain
from policy_logic.decide.extras import Extras
from policy_logic.errors import PolicyLogicError, Problem, RequestError
from policy_logic.facts.scalars import nearest
from policy_logic.rulebook.load import load_rulebook

if TYPE_CHECKING:
    from policy_logic.facts.model import Case
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook

FOUND = 1
WRONG_INPUT = 2
DEFAULT_TIME_LIMIT = 60.0

app = typer.Typer(
    name="policy-logic",
    help="Applies support policies exactly: the best claims, and a proof of every yuan.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
facts_app = typer.Typer(help="Check a case, or print its JSON Schema.", no_args_is_help=True)
rules_app = typer.Typer(help="Show the policies: all lines, or one of them.", no_args_is_help=True)
app.add_typer(facts_app, name="facts")
app.add_typer(rules_app, name="rules")


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


Facts = Annotated[
    Path,
    typer.Argument(help="A case: YAML or JSON; or many: a folder, YAML documents, JSON Lines."),
]
LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="The language; by default that of the locale.")
]
Applicant = Annotated[
    str | None,
    typer.Option("--applicant", metavar="ID", help="Of several cases only that of one applicant."),
]
Readings = Annotated[
    list[str] | None,
    typer.Option("--reading", metavar="NAME=VALUE", help="Choose a reading; may be repeated."),
]


@app.command()
def plan(  # noqa: PLR0913, PLR0917 - each is an option of the command
    facts: Facts,
    output: Annotated[
        PlanFormat, typer.Option("--format", help="A page for people, or JSON for programs.")
    ] = PlanFormat.page,
    lang: LangOption = None,
    objective: Annotated[
        Objective, typer.Option(help="What to make as high as possible.")
    ] = Objective.potential,
    applicant: Applicant = None,
    reading: Readings = None,
    engine: Annotated[
        Engine, typer.Option(help="What chooses; auto takes what fits each part of the choice.")
    ] = Engine.auto,
    alternatives: Annotated[
        int, typer.Option(metavar="K", min=0, help="Also the K best plans, and how they differ.")
    ] = 0,
    filed: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="CLAIM", help="File a claim; may be repeated."),
    ] = None,
    left: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="CLAIM", help="Do not file a claim; may be repeated."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE", help="Keep what the best plan files under a line."),
    ] = None,
    contrast: Annotated[  # noqa: FBT002 - a switch of the command
        bool, typer.Option("--contrast", help="Also what each claim and each cap is worth.")
    ] = False,
    proofs: Annotated[  # noqa: FBT002 - a switch of the command
        bool, typer.Option("--proofs", help="With --format json: all proofs, for verify.")
    ] = False,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", help="The longest search; then the bound is given.")
    ] = DEFAULT_TIME_LIMIT,
    refusals: Annotated[  # noqa: FBT002 - a switch of the command
        bool, typer.Option("--refusals/--no-refusals", help="Say why other lines do not apply.")
    ] = True,
    changes: Changes = None,
    sweep: SweepOption = None,
    plot: PlotOption = None,
    granted: GrantedOption = None,
) -> None:
    """Say which claims to file, what each pays, and what was left out and why."""
    language = chosen_language(lang)
    try:
        if not time_limit > 0:
            _refuse("time_limit", value=time_limit)
        book = load_rulebook()
        chosen = _readings(reading)
        if changes or sweep or plot or granted:
            from policy_logic.cli.questions import Question, answer  # noqa: PLC0415 - seldom asked

            besides = {"--with": filed, "--without": left, "--keep": keep,
                       "--alternatives": alternatives, "--contrast": contrast,
                       "--proofs": proofs}  # fmt: skip
            differs = answer(
                Question(
                    facts=facts, applicant=applicant, book=book, readings=chosen,
                    objective=objective.value, seconds=time_limit, engine=engine.value,
                    language=language, output=output.value, refusals=refusals,
                    changes=tuple(changes or ()), sweep=sweep, plot=plot, granted=granted,
                    besides=tuple(name for name, value in besides.items() if value),
                )
            )  # fmt: skip
            if differs:
                raise typer.Exit(FOUND)
            return
        cases = [api.with_readings(case, chosen) for case in _cases(facts, book, applicant)]
        planners = [
            api.planner(
                case, objective=objective.value, time_limit=time_limit, engine=engine.value,
                book=book,
            )
            for case in cases
        ]  # fmt: skip
        extras = Extras(tuple(filed or ()), tuple(left or ()), tuple(keep or ()), alternatives,
                        has_contrast=contrast, has_proofs=proofs)  # fmt: skip
        wished = [extras.wished(planner) for planner in planners]
        many = applicant is None and (len(cases) > 1 or facts.is_dir() or facts.suffix == ".jsonl")
        if output is PlanFormat.json and many:
            from policy_logic.cli.many import print_lines  # noqa: PLC0415 - for many cases only

            print_lines(wished, extras, language, refusals=refusals)
        elif output is PlanFormat.json:
            _print_json(document(wished[0], extras, language, refusals=refusals))
        else:
            from policy_logic.cli.plan_page import print_plans  # noqa: PLC0415 - rich is slow

            asked = [f"--applicant {applicant}"] if applicant is not None else []
            source = " ".join(
                [str(facts), *asked, *(f"--reading {pair}" for pair in reading or ())]
            )
            print_plans(wished, extras, language, source, refusals=refusals)
    except PolicyLogicError as fault:
        _fail(fault, language)


@app.command()
def why(  # noqa: PLR0913, PLR0917 - each is an option of the command
    facts: Facts,
    line: Annotated[str, typer.Argument(help="A line, as datong.2-1.horizontal.")],
    subject: Annotated[str | None, typer.Argument(help="An entity of the case.")] = None,
    year: Annotated[int | None, typer.Argument(help="A year.")] = None,
    trigger: Annotated[str | None, typer.Option(help="A listing.")] = None,
    applicant: Applicant = None,
    output: Annotated[
        WhyFormat, typer.Option("--format", help="A tree for people; or for programs.")
    ] = WhyFormat.text,
    lang: LangOption = None,
    reading: Readings = None,
) -> None:
    """Prove a claim, or say everything that is missing for it."""
    language = chosen_language(lang)
    try:
        book = load_rulebook()
        cases = _cases(facts, book, applicant)
        if len(cases) > 1:
            known = ", ".join(case.applicant for case in cases)
            _refuse("several_cases", file=facts, applicants=known)
        case = api.with_readings(cases[0], _readings(reading))
        planner = api.planner(case, time_limit=DEFAULT_TIME_LIMIT, book=book)
        answers = explain(planner, line, subject, year, trigger)
        if not answers:
            kinds = ", ".join(planner.book.lines[line].subjects)
            _refuse("nothing_to_explain", line=line, kinds=kinds)
        from policy_logic.cli.why_page import print_answers  # noqa: PLC0415 - slow to import

        print_answers(answers, planner, language, output.value)
    except PolicyLogicError as fault:
        _fail(fault, language)


@app.command("nearest")
def nearest_to_hold(  # noqa: PLR0913, PLR0917 - each is an option of the command
    facts: Facts,
    line: Annotated[str, typer.Argument(help="A line, as datong.2-1.horizontal.")],
    subject: Annotated[str | None, typer.Argument(help="An entity of the case.")] = None,
    year: Annotated[int | None, typer.Argument(help="A year.")] = None,
    applicant: Applicant = None,
    output: Annotated[
        ListFormat, typer.Option("--format", help="For people or for programs.")
    ] = ListFormat.text,
    lang: LangOption = None,
    reading: Readings = None,
) -> None:
    """Say which smallest changes of facts would make a line hold, and what they are worth."""
    language = chosen_language(lang)
    try:
        from policy_logic.cli.nearest_page import print_nearest  # noqa: PLC0415 - this command only

        book, readings = load_rulebook(), _readings(reading)
        _one_case(facts, book, applicant, "nearest")
        root, case = next(
            pair for pair in api.load_trees(facts, book) if applicant in {None, pair[1].applicant}
        )
        planner = api.planner(case, readings=readings, time_limit=DEFAULT_TIME_LIMIT, book=book)
        answers = api.nearest(planner, root, line, subject, year)
        if not answers:
            kinds = ", ".join(book.lines[line].subjects)
            _refuse("nothing_to_explain", line=line, kinds=kinds)
        asked = [f"--applicant {applicant}"] if applicant is not None else []
        source = " ".join([str(facts), *asked, *(f"--reading {pair}" for pair in reading or ())])
        print_nearest(answers, planner, language, output.value, source)
    except PolicyLogicError as fault:
        _fail(fault, language)


@app.command("readings")
def compare_readings(
    facts: Facts,
    applicant: Applicant = None,
    output: Annotated[
        ListFormat, typer.Option("--format", help="For people or for programs.")
    ] = ListFormat.text,
    lang: LangOption = None,
    objective: Annotated[
        Objective, typer.Option(help="What each plan makes as high as possible.")
    ] = Objective.potential,
    reading: Readings = None,
) -> None:
    """Say what each way to read the texts would pay, and which claims are safe."""
    language = chosen_language(lang)
    try:
        from policy_logic.cli.readings_page import print_compared  # noqa: PLC0415 - slow to import

        book = load_rulebook()
        case = _one_case(facts, book, applicant, "readings")
        planner = api.planner(
            case, objective=objective.value, readings=_readings(reading),
            time_limit=DEFAULT_TIME_LIMIT, book=book,
        )  # fmt: skip
        print_compared(planner, language, output.value)
    except PolicyLogicError as fault:
        _fail(fault, language)


@app.command("verify")
def verify_decision(
    decision: Annotated[Path, typer.Argument(help="A decision that plan --format json printed.")],
    facts: Facts,
    applicant: Applicant = None,
    by: Annotated[
        Checker,
        typer.Option(help="Who checks: all of it, the proofs, or what another engine derives."),
    ] = Checker.program,
    lang: LangOption = None,
) -> None:
    """Decide a case again from scratch and say what differs from a stored decision."""
    language = chosen_language(lang)
    try:
        from policy_logic.cli.verify_page import print_verified  # noqa: PLC0415 - this command only

        cases = _cases(facts, load_rulebook(), applicant)
        if len(cases) > 1:
            known = ", ".join(case.applicant for case in cases)
            _refuse("several_cases", file=facts, applicants=known)
        sound = print_verified(decision, cases[0], language, by.value, DEFAULT_TIME_LIMIT)
    except PolicyLogicError as fault:
        _fail(fault, language)
    if not sound:
        raise typer.Exit(FOUND)


@facts_app.command("check")
def check(facts: Facts, lang: LangOption = None) -> None:
    """Check one case or many, and say everything that is wrong."""
    language = chosen_language(lang)
    try:
        book = load_rulebook()
        from policy_logic.cli.facts_page import print_checked  # noqa: PLC0415 - this command only

        print_checked(list(api.load_cases(facts, book)), book, language)
    except PolicyLogicError as fault:
        _fail(fault, language)


@facts_app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a case, made from the vocabulary."""
    from policy_logic.facts.schema import json_schema  # noqa: PLC0415 - this command only

    try:
        _print_json(json_schema(load_rulebook().vocabulary))
    except PolicyLogicError as fault:
        _fail(fault, "en")


@rules_app.command("list")
def list_rules(
    policy: Annotated[str | None, typer.Argument(help="A policy, as datong.")] = None,
    output: Annotated[
        ListFormat, typer.Option("--format", help="For people or for programs.")
    ] = ListFormat.text,
    lang: LangOption = None,
) -> None:
    """List every line of the policies at hand."""
    language = chosen_language(lang)
    from policy_logic.cli import rules_page  # noqa: PLC0415 - this command only

    try:
        book = load_rulebook()
        if policy is not None and policy not in book.policies:
            _refuse("policy_unknown", policy=policy, known=", ".join(book.policies))
        rules_page.print_list(book, policy, language, output.value)
    except PolicyLogicError as fault:
        _fail(fault, language)


@rules_app.command("show")
def show_rules(
    line: Annotated[str, typer.Argument(help="A line, as datong.2-1.horizontal.")],
    output: Annotated[
        ListFormat, typer.Option("--format", help="For people or for programs.")
    ] = ListFormat.text,
    lang: LangOption = None,
) -> None:
    """Show a line: its clause, numbers, readings and rules."""
    language = chosen_language(lang)
    from policy_logic.cli import rules_page  # noqa: PLC0415 - this command only

    try:
        rules_page.print_line(load_rulebook(), line, language, output.value)
    except PolicyLogicError as fault:
        _fail(fault, language)


def _version(asked: bool) -> None:  # noqa: FBT001 - Typer's callback
    if asked:
        from policy_logic import __version__  # noqa: PLC0415 - this option only

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[  # noqa: FBT002 - a switch of the command
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Apply support policies exactly: the best claims, and a proof of every yuan."""
    del version


def chosen_language(asked: Lang | None) -> Language:
    """Return the language to speak: the one asked for, else that of the locale."""
    if asked is not None:
        return asked.value
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def _cases(facts: Path, book: Rulebook, applicant: str | None) -> list[Case]:
    """Load all cases, or of several only those of one applicant."""
    cases = list(api.load_cases(facts, book))
    if applicant is None:
        return cases
    own = [case for case in cases if case.applicant == applicant]
    if not own:
        known = [case.applicant for case in cases]
        _refuse("applicant_unknown", applicant=applicant, near=nearest(applicant, known))
    return own


def _one_case(facts: Path, book: Rulebook, applicant: str | None, command: str) -> Case:
    """Load the one case that a command is about."""
    cases = _cases(facts, book, applicant)
    if len(cases) > 1:
        known = ", ".join(case.applicant for case in cases)
        _refuse("one_case", file=facts, applicants=known, command=command)
    return cases[0]


def _readings(pairs: list[str] | None) -> dict[str, str]:
    found = {}
    for pair in pairs or ():
        name, sign, value = pair.partition("=")
        if not (name and sign and value):
            _refuse("reading_form", text=pair)
        found[name] = value
    return found


def _print_json(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _refuse(code: str, **details: object) -> NoReturn:
    raise RequestError([Problem(f"request.{code}", None, details)])


def _fail(fault: PolicyLogicError, language: Language) -> NoReturn:
    typer.echo(fault.tell(language), err=True)
    raise typer.Exit(WRONG_INPUT)


def main() -> None:
    """Run the command line."""
    gc.set_threshold(100_000, 50, 50)  # a command is short: collecting along the way costs more
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    app()
