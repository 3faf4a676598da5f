"""The commands about the policies themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from policy_logic.cli import options
from policy_logic.cli.cases import refuse
from policy_logic.cli.options import PLOT_ENDINGS
from policy_logic.cli.outcome import FOUND, chosen_language, fail
from policy_logic.errors import PolicyLogicError
from policy_logic.language import say
from policy_logic.rulebook.load import load_rulebook

if TYPE_CHECKING:
    from policy_logic.rulebook.policy import Rulebook

rules_app = typer.Typer(
    help="Show the policies, check them; begin a new one.", no_args_is_help=True
)


@rules_app.command("list")
def list_rules(
    policy: options.PolicyName = None,
    output: options.ListOutput = options.ListFormat.text,
    lang: options.Language = None,
    rules: options.Rules = None,
) -> None:
    """List every line of the policies at hand."""
    language = chosen_language(lang)
    from policy_logic.cli import rules_page  # noqa: PLC0415 - this command only

    try:
        book = load_rulebook(rules)
        _names(book, [policy] if policy is not None else None)
        rules_page.print_list(book, policy, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)


@rules_app.command("show")
def show_rules(
    line: options.LineName,
    output: options.ListOutput = options.ListFormat.text,
    lang: options.Language = None,
    rules: options.Rules = None,
) -> None:
    """Show a line: its clause, numbers, readings and rules."""
    language = chosen_language(lang)
    from policy_logic.cli import rules_page  # noqa: PLC0415 - this command only

    try:
        rules_page.print_line(load_rulebook(rules), line, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)


@rules_app.command("new")
def new_rules(
    name: options.NewName,
    text: options.PolicyText,
    rules: options.NewRules = Path("rules"),
    lang: options.Language = None,
) -> None:
    """Make a policy folder from a text; every clause waits in it for its rules."""
    language = chosen_language(lang)
    from policy_logic.cli import new_policy_page  # noqa: PLC0415 - this command only
    from policy_logic.lab.new_policy import new_policy  # noqa: PLC0415 - this command only

    try:
        made = new_policy(name, text, rules, language)
        new_policy_page.print_made(made, text, rules, language)
    except PolicyLogicError as fault:
        fail(fault, language)


@rules_app.command("check")
def check_rules(
    policies: options.PolicyNames = None,
    *,
    output: options.CheckOutput = options.CheckFormat.text,
    cliff: options.CliffSum = 100_000,
    witnesses: options.Witnesses = None,
    lang: options.Language = None,
    rules: options.Rules = None,
) -> None:
    """Look for what drafters should know, each with an applicant who shows it."""
    language = chosen_language(lang)
    from policy_logic.cli import check_page  # noqa: PLC0415 - this command only

    try:
        book = load_rulebook(rules)
        names = _names(book, policies)
        found = check_page.judged(book, names, cliff)
        if witnesses is not None:
            count = check_page.write_witnesses(found, book, witnesses)
            typer.echo(say("check.written", language, count=count, folder=witnesses), err=True)
        is_sound = check_page.print_checked(found, book, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)
    if not is_sound:
        raise typer.Exit(FOUND)


@rules_app.command("cover")
def cover_rules(
    policies: options.PolicyNames = None,
    cases: options.CoveringCases = None,
    pages: options.Pages = None,
    at_least: options.AtLeast = None,
    output: options.ListOutput = options.ListFormat.text,
    lang: options.Language = None,
    rules: options.Rules = None,
) -> None:
    """Say which rules, conditions, thresholds and caps the worked cases exercise."""
    language = chosen_language(lang)
    from policy_logic.cli import cover_page  # noqa: PLC0415 - this command only
    from policy_logic.lab.coverage import per_cent  # noqa: PLC0415 - this command only
    from policy_logic.lab.covering import cover  # noqa: PLC0415 - this command only

    try:
        book = load_rulebook(rules)
        names = _names(book, policies)
        if pages is not None and not pages.is_dir():
            refuse("pages_folder", folder=pages)
        chosen = [book.policies[name] for name in names]
        found, count = cover(chosen, book, cases, cover_page.with_progress)
        cover_page.print_coverage(found, count, language, output.value)
        if pages is not None:
            cover_page.write_pages(found, language, pages, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)
    lowest = min(per_cent([coverage]) for coverage in found)
    if at_least is not None and lowest < at_least:
        cover_page.tell_below(lowest, at_least, language)
        raise typer.Exit(FOUND)


@rules_app.command("mutate")
def mutate_rules(
    policies: options.PolicyNames = None,
    at_least: options.AtLeast = None,
    jobs: options.Jobs = None,
    state: options.Remembered = None,
    output: options.ListOutput = options.ListFormat.text,
    lang: options.Language = None,
    rules: options.Rules = None,
) -> None:
    """Make mistakes in policies, and see which of them the worked cases tell."""
    language = chosen_language(lang)
    from policy_logic.cli import mutate_page  # noqa: PLC0415 - this command only

    try:
        book = load_rulebook(rules)
        names = _names(book, policies)
        asked = mutate_page.Asked(tuple(names), jobs, state, at_least)
        if not mutate_page.print_mutants(book, asked, language, output.value):
            raise typer.Exit(FOUND)
    except PolicyLogicError as fault:
        fail(fault, language)


@rules_app.command("diff")
def compare_versions(  # noqa: PLR0913 - each is an option of the command
    old: options.OldVersion,
    new: options.NewVersion,
    *,
    cases: options.Cases = None,
    plot: options.BudgetPlot = None,
    witnesses: options.Witnesses = None,
    output: options.ListOutput = options.ListFormat.text,
    lang: options.Language = None,
    time_limit: options.TimeLimit = options.DEFAULT_TIME_LIMIT,
    rules: options.Rules = None,
) -> None:
    """Say what changes from one version of a policy to another, and what that comes to."""
    language = chosen_language(lang)
    try:
        from policy_logic.cli import diff_page  # noqa: PLC0415 - this command only
        from policy_logic.lab.versions import read_version  # noqa: PLC0415 - this command only

        if plot is not None and not cases:
            refuse("plot_without_cases")
        if plot is not None and plot.suffix.lower() not in PLOT_ENDINGS:
            refuse("plot_ending", file=plot, endings=", ".join(PLOT_ENDINGS))
        asked = diff_page.Asked(
            read_version(old, rules),
            read_version(new, rules),
            tuple(cases or ()),
            plot,
            witnesses,
            time_limit,
        )
        diff_page.print_difference(asked, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)


def _names(book: Rulebook, asked: list[str] | None) -> list[str]:
    """Return the policies asked for, by default all, in the order of the rulebook.

    Raises:
        RequestError: There is no policy of such a name.
    """
    for name in asked or ():
        if name not in book.policies:
            refuse("policy_unknown", policy=name, known=", ".join(book.policies))
    return [name for name in book.policies if not asked or name in asked]
