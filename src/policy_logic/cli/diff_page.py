"""What ``rules diff`` prints: what two versions state, what that comes to, and the budget."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from policy_logic.cli.budget_page import budget_json, budget_parts
from policy_logic.cli.budget_plot import svg
from policy_logic.cli.drawing import write_picture
from policy_logic.facts.reader import read_roots
from policy_logic.lab.budget import Budget, effects_of
from policy_logic.lab.stated import stated_differences
from policy_logic.language import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.table import Table

    from policy_logic.lab.stated import Stated
    from policy_logic.lab.versions import Version

SCHEMA: Final = "policy-logic/difference/1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a comparison was asked for.

    Attributes:
        old: The version before.
        new: The version after.
        cases: Files and folders of cases over which to add up; none for no budget.
        plot: Where to draw who gains and who loses.
        seconds: The longest time to search for each plan.
    """

    old: Version
    new: Version
    cases: Sequence[Path]
    plot: Path | None
    seconds: float


def print_difference(asked: Asked, language: Language, output: str) -> None:
    """Print how two versions of a policy differ.

    Raises:
        FactsError: A case is wrong.
        RequestError: The picture cannot be written.
    """
    page = _Page(asked, language)
    if asked.plot is not None:
        write_picture(page.picture(), asked.plot)
    if output == "json":
        typer.echo(json.dumps(page.document(), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    for part in page.parts():
        console.print(part, soft_wrap=isinstance(part, Text))


class _Page:
    """The parts of the page, in order; also as JSON and as a picture."""

    def __init__(self, asked: Asked, language: Language) -> None:
        self.asked, self.language = asked, language
        self.stated = stated_differences(asked.old, asked.new)
        roots = [root for path in asked.cases for root in read_roots(path)]
        effects = effects_of(asked.old, asked.new, roots, asked.seconds)
        self.budget = Budget(tuple(effects)) if asked.cases else None

    def say(self, name: str, /, **details: object) -> str:
        return say(f"difference.{name}", self.language, **details)

    def parts(self) -> Iterator[Text | Table]:
        old, new = self.asked.old, self.asked.new
        yield Text(self.say("title", old=old.name, new=new.name), style="bold")
        yield from self.statements()
        if self.budget is not None:
            yield from budget_parts(self.budget, old, new, self.language)
        if self.asked.plot is not None:
            yield Text(self.say("drawn", file=self.asked.plot), style="dim")

    def statements(self) -> Iterator[Text]:
        if self.asked.old.policy.id != self.asked.new.policy.id:
            yield Text(self.say("stated_two_policies"))
            return
        if not self.stated:
            yield Text(self.say("stated_none"))
            return
        yield Text("\n" + self.say("stated", count=len(self.stated)), style="bold")
        for found in self.stated:
            kind = f"kind_{found.kind}_part" if found.kind == "line" and found.key else None
            name = self.say(kind or f"kind_{found.kind}", name=found.name, key=found.key)
            yield Text(f"  {name}")
            for sign, texts in (("−", found.before), ("+", found.after)):
                for text in texts:
                    first, *rest = text.splitlines()
                    yield Text("\n".join([f"    {sign} {first}", *(f"      {r}" for r in rest)]))

    def picture(self) -> str:
        old, new = self.asked.old.name, self.asked.new.name
        budget = self.budget or Budget(())
        effects = [*budget.winners, *reversed(budget.losers)]
        title = self.say("plot_title", old=old, new=new)
        return svg(effects, title, self.say("plot_axis"), self.say("plot_no_change"))

    def document(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "old": _version(self.asked.old),
            "new": _version(self.asked.new),
            "stated": [_stated(found) for found in self.stated],
            "budget": budget_json(self.budget) if self.budget is not None else None,
        }


def _version(version: Version) -> dict[str, Any]:
    return {
        "name": version.name,
        "policy": version.policy.id,
        "digest": version.book.digest,
        "readings": {name: version.reading(name) for name in version.policy.readings},
    }


def _stated(found: Stated) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "name": found.name or None,
        "key": found.key or None,
        "before": list(found.before),
        "after": list(found.after),
    }
