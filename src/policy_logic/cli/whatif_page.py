"""What ``plan --set`` prints: two plans side by side, and why they differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from policy_logic.decide.report import reasons_json, refusal_json, rejection_json
from policy_logic.decide.whatif import compare_plans
from policy_logic.facts.paths import shown_value, value_at
from policy_logic.language import Language, say
from policy_logic.tell.reasons import refusal_sentence, turned_sentence
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.decide.decision import Decided, Sums
    from policy_logic.decide.planning import Planner
    from policy_logic.decide.whatif import PlansCompared, Turn, Turned
    from policy_logic.facts.changes import Change
    from policy_logic.facts.source import Node
    from policy_logic.prove.refusals import Target

SCHEMA = "policy-logic/whatif/1"
MOST_ROWS = 12
_TURNS: tuple[Turn, ...] = ("enters", "leaves", "resized")


class Sides(NamedTuple):
    """Two versions of one case.

    Attributes:
        before: The case as it is.
        after: The case with some values taken otherwise.
        root: The tree of the case as it is.
        changes: What is taken otherwise.
    """

    before: Planner
    after: Planner
    root: Node
    changes: Sequence[Change]


def print_sides(sides: Sides, language: Language, output: str, *, refusals: bool) -> None:
    """Print two plans side by side, as a page or as JSON.

    Raises:
        RequestError: The engine cannot reckon with the sums of a plan.
    """
    found = compare_plans(sides.before, sides.after, refusals=refusals)
    if output == "json":
        document = sides_json(found, sides, language, refusals=refusals)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, markup=False)
    for part in _Page(found, sides, language).parts():
        console.print(part, soft_wrap=isinstance(part, Text))


class _Page:
    """The parts of the page, in order."""

    def __init__(self, found: PlansCompared, sides: Sides, language: Language) -> None:
        self.found, self.sides, self.language = found, sides, language
        self.words = Wording(sides.after.derivation, language)
        self.old_words = Wording(sides.before.derivation, language)

    def say(self, name: str, /, **details: object) -> str:
        return say(f"whatif.{name}", self.language, **details)

    def parts(self) -> Iterator[Text | Table]:
        case = self.sides.after.case
        yield Text(self.words.entity(case.applicant), style="bold")
        day = self.words.value(case.as_of, "date")
        yield Text(say("page.as_of", self.language, day=day), style="dim")
        yield self.heading("set")
        for change in self.sides.changes:
            before = shown_value(value_at(self.sides.root, change.path)) or self.say("unknown")
            after = "" if change.forgets else shown_value(change.value)
            yield Text("  " + self.say("changed", path=change.path, before=before,
                                       after=after or self.say("unknown")))  # fmt: skip
        yield self.totals()
        if not (self.sides.before.chosen.choice.proved and self.sides.after.chosen.choice.proved):
            yield Text(self.say("not_proved"), style="yellow")
        if not self.found.turned:
            yield Text(self.say("same", count=self.found.unchanged))
        else:
            yield from self.turned()
        yield from self.refusals()

    def heading(self, name: str, **details: object) -> Text:
        return Text("\n" + self.say(name, **details), style="bold")

    def totals(self) -> Table:
        table = Table(box=SIMPLE, pad_edge=False)
        table.add_column("")
        for name in ("before", "after", "difference"):
            table.add_column(self.say(f"column_{name}"), justify="right", no_wrap=True)
        for measure in ("firm", "potential"):
            before, after = getattr(self.found.before, measure), getattr(self.found.after, measure)
            table.add_row(self.say(measure), f"{before:,}", f"{after:,}", f"{after - before:+,}")
        return table

    def turned(self) -> Iterator[Text]:
        for turn in _TURNS:
            own = [turned for turned in self.found.turned if turned.turn == turn]
            if own:
                yield self.heading(turn, count=len(own))
            for turned in own:
                because = reason(turned, self.sides, self.old_words, self.words)
                yield Text(f"{self.claim(turned)}\n    {because}")
        if self.found.unchanged:
            yield Text("\n" + self.say("unchanged", count=self.found.unchanged), style="dim")

    def claim(self, turned: Turned) -> str:
        details: dict[str, str] = {"claim": self.words.claim(turned.claim)}
        if turned.turn != "leaves" and turned.after:
            details |= self.paid(turned.after)
        if turned.turn == "leaves" and turned.before:
            details |= self.paid(turned.before)
        if turned.turn == "resized" and turned.before:
            details |= {f"{n}_before": text for n, text in self.paid(turned.before).items()}
        return self.say(f"claim_{turned.turn}", **details)

    def paid(self, decided: Decided) -> dict[str, str]:
        return {
            "firm": self.words.money(decided.paid.firm),
            "potential": self.words.money(decided.paid.potential),
        }

    def refusals(self) -> Iterator[Text]:
        told = {tuple(turned.claim) for turned in self.found.turned if turned.refusal is not None}
        for name, found, words in (
            ("refused_now", self.found.refused_now, self.words),
            ("refused_before", self.found.refused_before, self.old_words),
        ):
            rows = [pair for pair in found if tuple(pair[0]) not in told]
            if rows:
                yield self.heading(name, count=len(rows))
            for target, refusal in rows[:MOST_ROWS]:
                sign = "✗" if refusal.fails else "?"
                yield Text(
                    f"{sign} {self.target(target, words)}\n    {refusal_sentence(refusal, words)}"
                )
            if len(rows) > MOST_ROWS:
                more = say("page.more_rows", self.language, count=len(rows) - MOST_ROWS)
                yield Text(more, style="dim")

    def target(self, target: Target, words: Wording) -> str:
        year = f" {words.value(target.year, 'year')}" if target.year else ""
        return f"{words.line(target.line)} · {words.entity(target.subject)}{year}"


def reason(turned: Turned, sides: Sides, old_words: Wording, words: Wording) -> str:
    """Say why a claim enters, leaves, or is paid another sum."""
    if turned.turn == "resized":
        return turned_sentence(turned, sides.after, words)
    if turned.missing_side == "before":
        told = turned_sentence(turned, sides.before, old_words)
    else:
        told = turned_sentence(turned, sides.after, words)
    return say(f"whatif.reason_{turned.missing_side}", words.language, reason=told)


def sides_json(
    found: PlansCompared, sides: Sides, language: Language = "en", *, refusals: bool = True
) -> dict[str, Any]:
    """Return two plans side by side as the object that ``plan --set … --format json`` prints.

    Args:
        found: What was compared.
        sides: The two versions of the case.
        language: The language of its words; names and figures do not depend on it.
        refusals: Whether refusals were compared.
    """
    words = Wording(sides.after.derivation, language)
    old_words = Wording(sides.before.derivation, language)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "applicant": sides.after.case.applicant,
        "as_of": sides.after.case.as_of.isoformat(),
        "objective": sides.after.objective,
        "set": [
            {
                "path": change.path,
                "before": shown_value(value_at(sides.root, change.path)) or None,
                "after": None if change.forgets else shown_value(change.value),
            }
            for change in sides.changes
        ],
        "before": _sums(found.before),
        "after": _sums(found.after),
        "difference": {
            "firm": found.after.firm - found.before.firm,
            "potential": found.after.potential - found.before.potential,
        },
        "proved": {
            "before": sides.before.chosen.choice.proved,
            "after": sides.after.chosen.choice.proved,
        },
        "changes": [_turned(turned, sides, old_words, words) for turned in found.turned],
        "unchanged": found.unchanged,
    }
    if refusals:
        document["refusals"] = {
            "come": [refusal_json(target, refusal) for target, refusal in found.refused_now],
            "go": [refusal_json(target, refusal) for target, refusal in found.refused_before],
        }
    return document


def _turned(turned: Turned, sides: Sides, old_words: Wording, words: Wording) -> dict[str, Any]:
    told = reason(turned, sides, old_words, words)
    because: dict[str, Any] = {"side": turned.missing_side, "text": told}
    left_out = turned.left_out
    if turned.turn == "resized":
        because["kind"] = "cap" if turned.cap else "own_sum"
        because["cap"] = turned.cap or None
    elif turned.refusal is not None:
        because["kind"] = "refused" if turned.refusal.fails else "undecided"
        because |= reasons_json(turned.refusal)
    elif left_out is not None and left_out.rejection is not None:
        because |= rejection_json(left_out.rejection) or {}
    return {
        "claim": str(turned.claim),
        "change": turned.turn,
        "before": _decided(turned.before),
        "after": _decided(turned.after),
        "because": because,
    }


def _decided(decided: Decided | None) -> dict[str, Any] | None:
    if decided is None:
        return None
    return {
        "amount": _sums(decided.amount),
        "paid": _sums(decided.paid),
        "review": decided.review,
        "chosen": decided.chosen,
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"firm": sums.firm, "potential": sums.potential}
