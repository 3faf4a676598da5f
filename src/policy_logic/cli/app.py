"""The commands."""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from policy_logic import api
from policy_logic.cli import options
from policy_logic.cli.cases import one_tree, readings_of, refuse, trees_of
from policy_logic.cli.decision_page import document
from policy_logic.cli.options import DEFAULT_TIME_LIMIT, ListFormat, Objective, PlanFormat
from policy_logic.cli.outcome import FOUND, chosen_language, fail, print_json
from policy_logic.cli.rules_app import rules_app
from policy_logic.decide.explaining import explain
from policy_logic.decide.extras import Extras
from policy_logic.errors import PolicyLogicError
from policy_logic.facts.case import with_readings
from policy_logic.rulebook.load import load_rulebook

app = typer.Typer(
    name="policy-logic",
    help="Applies support policies exactly: the best claims, and a proof of every yuan.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
facts_app = typer.Typer(help="Check a case, or print its JSON Schema.", no_args_is_help=True)
app.add_typer(facts_app, name="facts")
app.add_typer(rules_app, name="rules")


@app.command()
def plan(  # noqa: PLR0913 - each is an option of the command
    facts: options.Facts,
    *,
    output: options.PlanOutput = PlanFormat.page,
    lang: options.Language = None,
    objective: options.Highest = Objective.potential,
    applicant: options.Applicant = None,
    reading: options.Readings = None,
    engine: options.Chooser = options.Engine.auto,
    alternatives: options.Alternatives = 0,
    filed: options.Filed = None,
    left: options.Left = None,
    kept: options.Kept = None,
    contrast: options.Contrast = False,
    proofs: options.Proofs = False,
    time_limit: options.TimeLimit = DEFAULT_TIME_LIMIT,
    refusals: options.Refusals = True,
    changes: options.Changes = None,
    sweep: options.Sweep = None,
    plot: options.Plot = None,
    granted: options.Granted = None,
    report: options.Report = None,
    rules: options.Rules = None,
) -> None:
    """Say which claims to file, what each pays, and what was left out and why."""
    language = chosen_language(lang)
    try:
        if not time_limit > 0:
            refuse("time_limit", value=time_limit)
        if proofs and output is not PlanFormat.json:
            refuse("proofs_on_a_page")
        if report is not None:
            from policy_logic.cli import report_page  # noqa: PLC0415 - this option only

            asked = {
                "--format json": output is PlanFormat.json,
                "--proofs": proofs,
                "--alternatives": alternatives > 0,
                "--contrast": contrast,
                "--no-refusals": not refusals,
                "--set": bool(changes),
                "--sweep": sweep is not None,
                "--granted": granted is not None,
            }
            report_page.check(report, asked)
        book = load_rulebook(rules)
        chosen = readings_of(reading)
        if changes or sweep or plot or granted:
            from policy_logic.cli.questions import Question, answer  # noqa: PLC0415 - seldom asked

            besides = {"--with": filed, "--without": left, "--keep": kept,
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
        cases = [with_readings(c, chosen) for _, c in trees_of(facts, book, applicant)]
        planners = [
            api.planner(
                case, objective=objective.value, time_limit=time_limit, engine=engine.value,
                book=book,
            )
            for case in cases
        ]  # fmt: skip
        extras = Extras(tuple(filed or ()), tuple(left or ()), tuple(kept or ()), alternatives,
                        has_contrast=contrast, has_proofs=proofs)  # fmt: skip
        wished = [extras.wished(planner) for planner in planners]
        many = applicant is None and (len(cases) > 1 or facts.is_dir() or facts.suffix == ".jsonl")
        if report is not None:
            seconds = None if time_limit == DEFAULT_TIME_LIMIT else time_limit
            question = report_page.Asked(facts, applicant, chosen, extras, seconds, rules)
            report_page.print_report(wished, question, report, language)
        elif output is PlanFormat.json and many:
            from policy_logic.cli.many import print_lines  # noqa: PLC0415 - for many cases only

            print_lines(wished, extras, language, refusals=refusals)
        elif output is PlanFormat.json:
            print_json(document(wished[0], extras, language, refusals=refusals))
        else:
            from policy_logic.cli.plan_page import print_plans  # noqa: PLC0415 - rich is slow

            named = [f"--applicant {applicant}"] if applicant is not None else []
            named += [f"--reading {pair}" for pair in reading or ()]
            named += [f"--rules {rules}"] if rules is not None else []
            source = " ".join([str(facts), *named])
            print_plans(wished, extras, language, source, refusals=refusals)
    except PolicyLogicError as fault:
        fail(fault, language)


@app.command()
def why(  # noqa: PLR0913 - each is an option of the command
    facts: options.Facts,
    line: options.LineName,
    subject: options.SubjectName = None,
    year: options.YearNumber = None,
    *,
    trigger: options.Trigger = None,
    applicant: options.Applicant = None,
    output: options.WhyOutput = options.WhyFormat.text,
    lang: options.Language = None,
    reading: options.Readings = None,
    rules: options.Rules = None,
) -> None:
    """Prove a claim, or say everything that is missing for it."""
    language = chosen_language(lang)
    try:
        book = load_rulebook(rules)
        _, own = one_tree(facts, book, applicant, "why")
        case = with_readings(own, readings_of(reading))
        planner = api.planner(case, time_limit=DEFAULT_TIME_LIMIT, book=book)
        answers = explain(planner, line, subject, year, trigger)
        if not answers:
            kinds = ", ".join(planner.book.lines[line].subjects)
            refuse("nothing_to_explain", line=line, kinds=kinds)
        from policy_logic.cli.why_page import print_answers  # noqa: PLC0415 - slow to import

        print_answers(answers, planner, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)


@app.command("nearest")
def nearest_to_hold(  # noqa: PLR0913 - each is an option of the command
    facts: options.Facts,
    line: options.LineName,
    subject: options.SubjectName = None,
    year: options.YearNumber = None,
    *,
    applicant: options.Applicant = None,
    output: options.ListOutput = ListFormat.text,
    lang: options.Language = None,
    reading: options.Readings = None,
    rules: options.Rules = None,
) -> None:
    """Say which smallest changes of facts would make a line hold, and what they are worth."""
    language = chosen_language(lang)
    try:
        book = load_rulebook(rules)
        root, own = one_tree(facts, book, applicant, "nearest")
        case = with_readings(own, readings_of(reading))
        planner = api.planner(case, time_limit=DEFAULT_TIME_LIMIT, book=book)
        answers = api.nearest(planner, root, line, subject, year)
        if output is ListFormat.json:
            from policy_logic.cli.nearest_json import nearest_json  # noqa: PLC0415 - this format

            print_json(nearest_json(answers, language))
            return
        from policy_logic.cli.nearest_page import print_nearest  # noqa: PLC0415 - this command only

        asked = [f"--applicant {applicant}"] if applicant is not None else []
        source = " ".join([str(facts), *asked, *(f"--reading {pair}" for pair in reading or ())])
        print_nearest(answers, language, source)
    except PolicyLogicError as fault:
        fail(fault, language)


@app.command("ask")
def ask_questions(  # noqa: PLR0913 - each is an option of the command
    facts: options.Facts,
    *,
    applicant: options.Applicant = None,
    interactive: options.Interactive = False,
    output: options.ListOutput = ListFormat.text,
    lang: options.Language = None,
    objective: options.HighestOfEach = Objective.potential,
    reading: options.Readings = None,
    rules: options.Rules = None,
) -> None:
    """Say what the totals may come to, and which open facts are worth asking for first."""
    language = chosen_language(lang)
    try:
        from policy_logic.cli.ask_dialogue import Setting, answer  # noqa: PLC0415 - this command only

        setting = Setting(
            facts, applicant, readings_of(reading), objective.value, DEFAULT_TIME_LIMIT,
            load_rulebook(rules), language,
        )  # fmt: skip
        answer(setting, output.value, interactive=interactive)
    except PolicyLogicError as fault:
        fail(fault, language)


@app.command("readings")
def compare_readings(
    facts: options.Facts,
    *,
    applicant: options.Applicant = None,
    output: options.ListOutput = ListFormat.text,
    lang: options.Language = None,
    objective: options.HighestOfEach = Objective.potential,
    reading: options.Readings = None,
    rules: options.Rules = None,
) -> None:
    """Say what each way to read the texts would pay, and which claims are safe."""
    language = chosen_language(lang)
    try:
        from policy_logic.cli.readings_page import print_compared  # noqa: PLC0415 - slow to import

        book = load_rulebook(rules)
        _, case = one_tree(facts, book, applicant, "readings")
        planner = api.planner(
            case, objective=objective.value, readings=readings_of(reading),
            time_limit=DEFAULT_TIME_LIMIT, book=book,
        )  # fmt: skip
        print_compared(planner, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)


@app.command("verify")
def verify_decision(
    decision: options.Stored,
    facts: options.Facts,
    *,
    applicant: options.Applicant = None,
    by: options.By = options.Checker.program,
    lang: options.Language = None,
    rules: options.Rules = None,
) -> None:
    """Decide a case again from scratch and say what differs from a stored decision."""
    language = chosen_language(lang)
    try:
        from policy_logic.cli.verify_page import print_verified  # noqa: PLC0415 - this command only

        book = load_rulebook(rules)
        _, case = one_tree(facts, book, applicant, "verify")
        sound = print_verified(decision, case, language, by.value, DEFAULT_TIME_LIMIT, book)
    except PolicyLogicError as fault:
        fail(fault, language)
    if not sound:
        raise typer.Exit(FOUND)


@facts_app.command("check")
def check(facts: options.Facts, lang: options.Language = None, rules: options.Rules = None) -> None:
    """Check one case or many, and say everything that is wrong."""
    language = chosen_language(lang)
    try:
        book = load_rulebook(rules)
        from policy_logic.cli.facts_page import print_checked  # noqa: PLC0415 - this command only

        print_checked(list(api.load_cases(facts, book)), book, language)
    except PolicyLogicError as fault:
        fail(fault, language)


@facts_app.command("schema")
def schema(rules: options.Rules = None) -> None:
    """Print the JSON Schema of a case, made from the vocabulary."""
    from policy_logic.facts.schema import json_schema  # noqa: PLC0415 - this command only

    try:
        print_json(json_schema(load_rulebook(rules).vocabulary))
    except PolicyLogicError as fault:
        fail(fault, "en")


def _version(asked: bool) -> None:  # noqa: FBT001 - Typer's callback
    if asked:
        from policy_logic import __version__  # noqa: PLC0415 - this option only

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Apply support policies exactly: the best claims, and a proof of every yuan."""
    del version


def main() -> None:
    """Run the command line."""
    gc.set_threshold(100_000, 50, 50)  # a command is short: collecting along the way costs more
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    app()
