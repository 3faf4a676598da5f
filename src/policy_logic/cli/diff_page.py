"""What ``rules diff`` prints: what two versions state, what that comes to, and the budget."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from policy_logic.cli.budget_page import budget_json, budget_parts, in_words, sums_json
from policy_logic.cli.budget_plot import svg
from policy_logic.cli.drawing import write_picture
from policy_logic.cli.folders import write_files
from policy_logic.facts.reader import read_roots
from policy_logic.lab.budget import Budget, effects_of
from policy_logic.lab.facts_file import facts_text
from policy_logic.lab.shifts import Searched, Shift, shifts
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
        witnesses: The folder to write the applicants to who show a difference.
        seconds: The longest time to search for each plan.
    """

    old: Version
    new: Version
    cases: Sequence[Path]
    plot: Path | None
    witnesses: Path | None
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
    if asked.witnesses is not None:
        page.witnesses(asked.witnesses)
    if output == "json":
        typer.echo(json.dumps(page.document(), ensure_ascii=False, indent=2, default=str))
        return
    console = Console(highlight=False, markup=False)
    for part in page.parts():
        console.print(part, soft_wrap=isinstance(part, Text))


class _Page:
    """The parts of the page, in order; also as JSON and as a picture."""

    def __init__(self, asked: Asked, language: Language) -> None:
        self.asked, self.language = asked, language
        self.stated = stated_differences(asked.old, asked.new)
        roots = [root for path in asked.cases for root in read_roots(path)]
        found = list(shifts(asked.old, asked.new))
        self.found = [part for part in found if isinstance(part, Shift)]
        self.searched = [part for part in found if isinstance(part, Searched)]
        effects = effects_of(asked.old, asked.new, roots, asked.seconds)
        self.budget = Budget(tuple(effects)) if asked.cases else None

    def say(self, name: str, /, **details: object) -> str:
        return say(f"difference.{name}", self.language, **details)

    def parts(self) -> Iterator[Text | Table]:
        old, new = self.asked.old, self.asked.new
        yield Text(self.say("title", old=old.name, new=new.name), style="bold")
        yield from self.statements()
        yield from self.meanings()
        if self.budget is not None:
            yield from budget_parts(self.budget, old, new, self.language)
        if self.asked.plot is not None:
            yield Text("\n" + self.say("drawn", file=self.asked.plot), style="dim")

    def statements(self) -> Iterator[Text]:
        if self.are_two:
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

    def meanings(self) -> Iterator[Text]:
        if not self.searched:
            yield Text("\n" + self.say("meaning_same"))
            return
        if self.found:
            yield Text("\n" + self.say("meaning", count=len(self.found)), style="bold")
        else:
            yield Text("\n" + self.say("meaning_none"))
        for found in self.found:
            yield Text(f"\n{self.headed(found)}")
            yield Text("    " + self.say("example", **in_words(found.before, found.after)))
            facts = facts_text(found.facts, self.asked.old.book)
            lines = [line for line in facts.splitlines() if line]
            yield Text("\n".join(f"      {line}" for line in lines), style="dim")
        yield Text("\n" + self.say("searched"), style="bold")
        kinds = self.asked.old.book.vocabulary.kinds
        for part in self.searched:
            kind = kinds[part.kind].label.say(self.language)
            yield Text(
                "  " + self.say("searched_kind", kind=kind, lines=part.lines, facts=part.facts,
                                values=part.values)
            )  # fmt: skip
        yield Text("  " + self.say("searched_time"))

    def headed(self, found: Shift) -> str:
        """Say what changes, in one line."""
        names = [self.name(about) for about in found.about]
        about = names[0]
        if self.are_two:
            old, new = (self.place(version) for version in (self.asked.old, self.asked.new))
            return self.say(f"policies_{found.form}", about=about, old=old, new=new)
        if len(names) > 1:
            about = self.say("and", first=names[0], second=names[1])
        elif found.form in {"apart", "beside"}:
            about = self.say("same_line", line=about)
        return self.say(f"form_{found.form}", about=about)

    @property
    def are_two(self) -> bool:
        """Whether two policies are compared, not two versions of one."""
        return self.asked.old.policy.id != self.asked.new.policy.id

    def place(self, version: Version) -> str:
        """Return the name of the place where a policy applies."""
        label = version.book.vocabulary.label("place", version.policy.place)
        return label.say(self.language)

    def name(self, about: str) -> str:
        """Return the name of a line, or of the matter of two policies."""
        for version in (self.asked.new, self.asked.old):
            if about in version.book.lines:
                return version.book.lines[about].label.say(self.language)
        return self.asked.old.book.vocabulary.label("matter", about).say(self.language)

    def witnesses(self, folder: Path) -> None:
        """Write each applicant who shows a difference to a file of its own."""
        names = {"old": self.asked.old.name, "new": self.asked.new.name}
        files = {}
        for number, found in enumerate(self.found, start=1):
            comment = self.say("witness_comment", **names, form=self.headed(found))
            name = "-".join([f"{number:02}", found.form, *found.about]).replace("@", "-at-")
            files[f"{name}.yaml"] = facts_text(found.facts, self.asked.old.book, comment)
        write_files(files, folder)

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
            "shifts": [
                {
                    "kind": found.form,
                    "about": list(found.about),
                    "before": sums_json(found.before),
                    "after": sums_json(found.after),
                    "facts": found.facts,
                }
                for found in self.found
            ],
            "searched": [asdict(part) for part in self.searched],
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
