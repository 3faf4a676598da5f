"""What ``rules mutate`` prints: how many mistakes the worked cases tell, and which they do not."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from platformdirs import user_cache_dir
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from policy_logic.cli.mutate_json import mutants_json
from policy_logic.lab.mutating import mutate
from policy_logic.lab.outcome import Result, result
from policy_logic.language import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.errors import Position
    from policy_logic.lab.mutating import Progress
    from policy_logic.lab.outcome import Counts, Outcome
    from policy_logic.rulebook.policy import Rulebook


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked.

    Attributes:
        policies: The policies.
        jobs: How many processes to use; ``None`` for all processors.
        state: The folder that remembers what was tried; ``None`` for the user's cache.
        at_least: The share that has to be told, in percent; ``None`` for any.
    """

    policies: tuple[str, ...]
    jobs: int | None
    state: Path | None
    at_least: float | None


def print_mutants(book: Rulebook, asked: Asked, language: Language, output: str) -> bool:
    """Print what became of every mutant; return whether every policy reaches the share asked.

    Raises:
        RequestError: A worked case fails under the rules as they are.
        RulebookError: ``accepted.toml`` of a policy is malformed, or accepts what is not found.
    """
    folder = asked.state or Path(user_cache_dir("policy-logic")) / "mutants"
    jobs = asked.jobs or os.cpu_count() or 1
    results = []
    for name in asked.policies:
        policy = book.policies[name]
        with _progress(name, language) as progress:
            outcomes = mutate(
                book, policy, jobs=jobs, memory=folder / f"{name}.json", progress=progress
            )
        results.append(result(policy, outcomes))
    if output == "json":
        document = mutants_json(book, results, language)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False, markup=False)
        for part in _Page(book, results, language).parts():
            console.print(part, soft_wrap=isinstance(part, Text))
    wanted = 0 if asked.at_least is None else asked.at_least
    shares = [found.counts().share for found in results]
    return all(share is None or share * 100 >= wanted for share in shares)


@contextmanager
def _progress(name: str, language: Language) -> Iterator[Progress | None]:
    """Show how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress as Bars  # noqa: PLC0415 - slow to import

    with Bars(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(name)

        def show(stage: str, done: int, total: int) -> None:
            told = f"{name}: {say(f'mutate.stage_{stage}', language)}"
            bars.update(task, description=told, completed=done, total=total)

        yield show


class _Page:
    """The parts of the page, in order."""

    def __init__(self, book: Rulebook, results: Sequence[Result], language: Language) -> None:
        self.book, self.results, self.language = book, results, language

    def say(self, name: str, /, **details: object) -> str:
        return say(f"mutate.{name}", self.language, **details)

    def parts(self) -> Iterator[Text | Table]:
        for found in self.results:
            yield Text(found.policy.title.say(self.language), style="bold")
            yield self.table(found)
            for heading, outcomes in (("survived", found.survived), ("same", found.equivalent)):
                if outcomes:
                    yield Text(self.say(f"heading_{heading}", count=len(outcomes)), style="bold")
                for outcome in outcomes:
                    yield self.told(outcome)
            if found.recorded:
                yield Text(self.say("heading_recorded", count=len(found.recorded)), style="bold")
            for outcome, row in found.recorded:
                yield self.told(outcome, row.reason.say(self.language))
            if not found.survived:
                yield Text(self.say("none_survived"), style="bold green")
        if len(self.results) > 1:
            yield Text(self.say("all_policies"), style="bold")
            yield self.summary()

    def table(self, found: Result) -> Table:
        table = self._empty(self.say("operator"))
        for name in found.operators:
            table.add_row(self.say(f"operator_{name}"), *_cells(found.counts(name)))
        table.add_section()
        table.add_row(self.say("total"), *_cells(found.counts()))
        return table

    def summary(self) -> Table:
        table = self._empty(self.say("policy"))
        for found in self.results:
            table.add_row(found.policy.id, *_cells(found.counts()))
        return table

    def _empty(self, first: str) -> Table:
        table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column(first, no_wrap=True)
        for name in ("made", "refused", "equivalent", "recorded", "killed", "survived", "share"):
            table.add_column(self.say(f"column_{name}"), justify="right", no_wrap=True)
        return table

    def told(self, outcome: Outcome, reason: str = "") -> Text:
        mutant = outcome.mutant
        clause = mutant.number.clause if mutant.number else mutant.before[0].section.clause
        where = shown_place(mutant.position, self.book)
        lines = [f"  {where}  {self.say(f'operator_{mutant.operator}')}"]
        lines += [f"    “{clause}”"] if clause else []
        lines += [f"    {line}" for line in mutant.changed_lines(self.book)]
        lines.append(f"    {reason or self.reason(outcome)}")
        return Text("\n".join(lines))

    def reason(self, outcome: Outcome) -> str:
        name = outcome.case.id if outcome.case else ""
        return self.say(f"reason_{outcome.reason}", case=name)


def shown_place(position: Position, book: Rulebook) -> str:
    """Return a place in a policy's folder, as it is called beside ``rules``."""
    file = Path(position.file)
    if file.is_relative_to(book.folder):
        file = Path(book.folder.name) / file.relative_to(book.folder)
    return f"{file}:{position.line}"


def _cells(counts: Counts) -> list[str]:
    numbers = (
        counts.made,
        counts.refused,
        counts.equivalent,
        counts.recorded,
        counts.killed,
        counts.survived,
    )
    share = "-" if counts.share is None else shown_share(counts.share)
    return [*(str(number) for number in numbers), share]


def shown_share(share: float) -> str:
    """Return a share in percent, rounded down: 100 % means all."""
    return f"{int(share * 1000) / 10:g}%"
