"""The commands about the policies themselves."""

from __future__ import annotations

import typer

from policy_logic.cli import options
from policy_logic.cli.cases import refuse
from policy_logic.cli.options import PLOT_ENDINGS
from policy_logic.cli.outcome import chosen_language, fail
from policy_logic.errors import PolicyLogicError
from policy_logic.rulebook.load import load_rulebook

rules_app = typer.Typer(help="Show the policies: all lines, or one of them.", no_args_is_help=True)


@rules_app.command("list")
def list_rules(
    policy: options.PolicyName = None,
    output: options.ListOutput = options.ListFormat.text,
    lang: options.Language = None,
) -> None:
    """List every line of the policies at hand."""
    language = chosen_language(lang)
    from policy_logic.cli import rules_page  # noqa: PLC0415 - this command only

    try:
        book = load_rulebook()
        if policy is not None and policy not in book.policies:
            refuse("policy_unknown", policy=policy, known=", ".join(book.policies))
        rules_page.print_list(book, policy, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)


@rules_app.command("show")
def show_rules(
    line: options.LineName,
    output: options.ListOutput = options.ListFormat.text,
    lang: options.Language = None,
) -> None:
    """Show a line: its clause, numbers, readings and rules."""
    language = chosen_language(lang)
    from policy_logic.cli import rules_page  # noqa: PLC0415 - this command only

    try:
        rules_page.print_line(load_rulebook(), line, language, output.value)
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
            read_version(old), read_version(new), tuple(cases or ()), plot, witnesses, time_limit
        )
        diff_page.print_difference(asked, language, output.value)
    except PolicyLogicError as fault:
        fail(fault, language)
