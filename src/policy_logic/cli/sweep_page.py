"""What ``plan --sweep`` prints: the pieces of the total, and its cliffs with their reasons."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from policy_logic.cli.cliffs import Asked, Explained, explained_cliffs
from policy_logic.cli.plot import Frame, draw
from policy_logic.cli.sweep_json import swept_json
from policy_logic.decide.sweeping import sweep_totals
from policy_logic.decide.thresholds import places_to_look_at
from policy_logic.facts.paths import keys_of
from policy_logic.language import Language, say
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    from policy_logic.decide.lines import Track
    from policy_logic.decide.sweeping import Swept
    from policy_logic.decide.whatif import Turned

MOST_CLAIMS = 4


def print_swept(asked: Asked, language: Language, output: str, plot: Path | None) -> None:
    """Print the total as a function of one fact, and draw it where that is asked for.

    Raises:
        FactsError: The case is wrong at one of the values.
        RequestError: The engine cannot reckon with the sums of a plan, or the picture cannot be
            written.
    """
    sweep, planner = asked.sweep, asked.planner
    looked_at = places_to_look_at(sweep, planner.derivation)
    swept = sweep_totals(planner, asked.case_at, sweep.low, sweep.high, looked_at, sweep.step)
    page = _Page(asked, swept, language)
    if plot is not None:
        draw(swept, page.frame(), plot)
    if output == "json":
        typer.echo(json.dumps(swept_json(asked, swept, language), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, markup=False)
    for part in page.parts():
        console.print(part, soft_wrap=isinstance(part, Text))
    if plot is not None:
        console.print(Text(page.say("drawn", file=plot), style="dim"), soft_wrap=True)


class _Page:
    """The parts of the page, in order."""

    def __init__(self, asked: Asked, swept: Swept, language: Language) -> None:
        self.asked, self.swept, self.language = asked, swept, language
        self.words = Wording(asked.planner.derivation, language)

    def say(self, name: str, /, **details: object) -> str:
        return say(f"sweep.{name}", self.language, **details)

    def parts(self) -> Iterator[Text | Table]:
        case, sweep = self.asked.planner.case, self.asked.sweep
        yield Text(self.words.entity(case.applicant), style="bold")
        day = self.words.value(case.as_of, "date")
        yield Text(say("page.as_of", self.language, day=day), style="dim")
        about = self.say("about", name=self.axis(), low=self.shown(sweep.low),
                         high=self.shown(sweep.high))  # fmt: skip
        yield Text(f"\n{about}", style="bold")
        yield Text(self.here())
        yield self.table()
        if any(
            track.rate for piece in self.swept.pieces for track in (piece.firm, piece.potential)
        ):
            step = self.shown(1) if sweep.scale.type == "share" else ""
            yield Text(self.say(f"step_{sweep.scale.type}", step=step), style="dim")
        explained = list(explained_cliffs(self.asked, self.swept, self.language))
        name = "cliffs" if explained else "no_cliffs"
        yield Text("\n" + self.say(name, count=len(explained)), style="bold")
        for found in explained:
            yield from self.cliff(found)
        known = "plans" if self.swept.exact else "plans_inexact"
        yield Text("\n" + self.say(known, plans=self.swept.plans), style="dim")
        if not self.swept.proved:
            yield Text(self.say("not_proved"), style="yellow")

    def here(self) -> str:
        at = self.asked.here
        if at is None:
            return self.say("here_unknown")
        return self.say("here", value=self.shown(at))

    def name(self) -> str:
        """Return what is swept, in words."""
        sweep = self.asked.sweep
        if sweep.attribute is None:
            return sweep.path
        _, entity, _, *keys = keys_of(self.asked.root, sweep.path)
        attribute = self.words.attribute_name(sweep.attribute.kind, sweep.attribute.name)
        shown = [self.words.key(key, sweep.attribute.index) for key in keys]
        told = self.say("keys", keys=self.words.say("between").join(shown)) if keys else ""
        return self.say("name", entity=self.words.entity(entity), attribute=attribute, keys=told)

    def axis(self) -> str:
        """Return what is swept with its unit."""
        sweep = self.asked.sweep
        unit = sweep.scale.type
        if sweep.attribute is not None and sweep.attribute.unit:
            unit = sweep.attribute.unit.replace(" ", "_")
        return self.say("with_unit", name=self.name(), unit=self.say(f"unit_{unit}"))

    def shown(self, at: int) -> str:
        return self.asked.shown(at, self.words)

    def table(self) -> Table:
        table = Table(box=SIMPLE, pad_edge=False)
        for name in ("from", "to", "firm", "potential"):
            table.add_column(self.say(f"column_{name}"), justify="right", overflow="fold")
        for piece in self.swept.pieces:
            table.add_row(
                self.shown(piece.low),
                self.shown(piece.high),
                self.sum(piece.at_low.firm, piece.at_high.firm, piece.firm),
                self.sum(piece.at_low.potential, piece.at_high.potential, piece.potential),
            )
        return table

    def sum(self, low: int, high: int, track: Track) -> str:
        if low == high and not track.rate:
            return f"{low:,}"
        return self.say("rising", low=f"{low:,}", high=f"{high:,}", rate=_signed(track.rate))

    def cliff(self, found: Explained) -> Iterator[Text]:
        cliff = found.cliff
        is_fall = min(cliff.jump.firm, cliff.jump.potential) < 0
        yield Text(
            self.say("cliff", sign="▼" if is_fall else "▲", above=self.shown(cliff.above),
                     firm=f"{cliff.jump.firm:+,}", potential=f"{cliff.jump.potential:+,}")
        )  # fmt: skip
        for turned, reason in found.turned[:MOST_CLAIMS]:
            lines = [f"  {self.claim(turned)}", f"      {reason}"]
            if turned.turn != "resized":
                line = self.asked.planner.book.lines[turned.claim.line]
                clause = self.asked.planner.clause_of_line(line.id)
                lines.append("      " + self.say("clause", article=line.article, clause=clause))
            yield Text("\n".join(lines))
        rest = len(cliff.moved) - MOST_CLAIMS
        if rest > 0:
            yield Text("  " + self.say("more_claims", count=rest), style="dim")

    def claim(self, turned: Turned) -> str:
        before = turned.before.paid.potential if turned.before else 0
        after = turned.after.paid.potential if turned.after else 0
        paid = before if turned.turn == "leaves" else after
        return self.say(f"claim_{turned.turn}", claim=self.words.claim(turned.claim),
                        before=f"{before:,}", potential=self.words.money(paid))  # fmt: skip

    def frame(self) -> Frame:
        """Return what the picture says besides its lines."""
        sweep, scale = self.asked.sweep, self.asked.sweep.scale
        here = None
        if (at := self.asked.here) is not None and sweep.low <= at <= sweep.high:
            here = at, self.say("here", value=self.shown(at))
        return Frame(
            title=self.say("plot_title", applicant=self.words.entity(
                self.asked.planner.case.applicant)),
            x=self.axis(),
            y=self.say("plot_y"),
            firm=self.say("plot_firm"),
            potential=self.say("plot_potential"),
            here=here,
            type=scale.type,
            shown=self.shown,
        )  # fmt: skip


def _signed(rate: Fraction) -> str:
    """Return a rate with its sign, as a decimal where it is one."""
    denominator = rate.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator > 1:
        return f"{'+' if rate > 0 else '−'}{abs(rate)}"
    value = Decimal(rate.numerator) / Decimal(rate.denominator)
    return f"{'+' if rate > 0 else '−'}{format(abs(value).normalize(), 'f')}"
