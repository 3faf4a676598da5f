"""What ``rules diff --cases`` prints: the budget before and after, who gains and who loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from policy_logic.language import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.decision import Sums
    from policy_logic.lab.budget import Budget, Effect
    from policy_logic.lab.versions import Version

MOST_ROWS: Final = 10


def budget_parts(
    budget: Budget, old: Version, new: Version, language: Language
) -> Iterator[Text | Table]:
    """Yield the parts of the page, in order."""

    def told(name: str, /, **details: object) -> str:
        return say(f"difference.{name}", language, **details)

    count = len(budget.effects)
    yield Text("\n" + told("budget", count=count), style="bold")
    yield _table(budget, new, language)
    winners, losers = budget.winners, budget.losers
    same = count - len(winners) - len(losers)
    yield Text(told("counts", winners=len(winners), losers=len(losers), same=same))
    for name, effects in (("winners", winners), ("losers", losers)):
        if effects:
            yield Text("\n" + told(name), style="bold")
        for effect in effects[:MOST_ROWS]:
            yield Text("  " + told("effect", **_effect(effect, language)))
        if len(effects) > MOST_ROWS:
            more = len(effects) - MOST_ROWS
            yield Text("  " + say("page.more_rows", language, count=more), style="dim")
    for version, side in ((old, "before"), (new, "after")):
        undated = sum(getattr(effect, side).undated for effect in budget.effects)
        if undated:
            yield Text(told("undated", count=undated, version=version.name), style="yellow")
    open_plans = sum(not e.before.proved for e in budget.effects)
    open_plans += sum(not e.after.proved for e in budget.effects)
    if open_plans:
        yield Text(told("not_proved", count=open_plans), style="yellow")


def _table(budget: Budget, new: Version, language: Language) -> Table:
    """Return the totals before and after, and what each line pays that pays otherwise."""
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("")
    for name in ("before", "after", "difference"):
        words = say(f"difference.column_{name}", language)
        table.add_column(words, justify="right", no_wrap=True)

    def row(words: str, before: int, after: int) -> None:
        table.add_row(words, f"{before:,}", f"{after:,}", _signed(after - before))

    for measure in ("firm", "potential"):
        words = say(f"difference.{measure}", language)
        row(words, getattr(budget.before, measure), getattr(budget.after, measure))
    for name, (before, after) in budget.by_line.items():
        line = _line(name, new, language)
        if before.potential != after.potential:
            row(say("difference.of_line", language, line=line), before.potential, after.potential)
        else:
            row(say("difference.of_line_firm", language, line=line), before.firm, after.firm)
    return table


def _line(name: str, new: Version, language: Language) -> str:
    line = new.book.lines.get(name)
    return line.label.say(language) if line else name


def _effect(effect: Effect, language: Language) -> dict[str, str]:
    day = effect.as_of
    shown = say(
        "tell.date", language, year=day.year, month=day.month, day=day.day, iso=day.isoformat()
    )
    sums = in_words(effect.before.totals, effect.after.totals)
    return {"applicant": effect.label, "day": shown, **sums}


def in_words(before: Sums, after: Sums) -> dict[str, str]:
    """Return two sums and what lies between them, as the page writes them."""
    return {
        "before": f"{before.potential:,}",
        "after": f"{after.potential:,}",
        "difference": _signed(after.potential - before.potential),
        "firm_before": f"{before.firm:,}",
        "firm_after": f"{after.firm:,}",
        "firm_difference": _signed(after.firm - before.firm),
    }


def _signed(yuan: int) -> str:
    return f"{yuan:+,}" if yuan else "0"


def budget_json(budget: Budget) -> dict[str, Any]:
    """Return what a change comes to over many cases, as ``rules diff --format json`` prints it."""
    return {
        "before": sums_json(budget.before),
        "after": sums_json(budget.after),
        "winners": len(budget.winners),
        "losers": len(budget.losers),
        "by_line": {
            name: {"before": sums_json(before), "after": sums_json(after)}
            for name, (before, after) in budget.by_line.items()
        },
        "effects": [
            {
                "applicant": effect.applicant,
                "as_of": effect.as_of.isoformat(),
                "before": sums_json(effect.before.totals),
                "after": sums_json(effect.after.totals),
                "undated": {"before": effect.before.undated, "after": effect.after.undated},
                "proved": {"before": effect.before.proved, "after": effect.after.proved},
            }
            for effect in budget.effects
        ],
    }


def sums_json(sums: Sums) -> dict[str, int]:
    """Return a firm and a potential sum for programs."""
    return {"firm": sums.firm, "potential": sums.potential}
