"""What ``rules cover`` prints, and the pages it writes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from policy_logic.lab.cover_pages import page
from policy_logic.lab.coverage import KINDS, per_cent, shown, summed
from policy_logic.language import Language, say
from policy_logic.report.writing import write_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from policy_logic.errors import Position
    from policy_logic.lab.coverage import Coverage, Item
    from policy_logic.lab.tally import Tally


def with_progress(parts: Iterable[Tally], count: int) -> Iterable[Tally]:
    """Show how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        return parts
    return track(parts, description="cover", total=count, console=Console(stderr=True))


def print_coverage(
    coverages: Sequence[Coverage], cases: int, language: Language, output: str
) -> None:
    """Print how much of each policy cases exercise, and what they leave out."""
    if output == "json":
        typer.echo(json.dumps(_document(coverages, cases, language), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, markup=False)
    counted = _say("counted", language, policies=len(coverages), cases=cases)
    console.print(Text(counted, style="bold"))
    console.print(_table(coverages, language))
    missing = [item for coverage in coverages for item in coverage.missing]
    title = _say("missing", language, count=len(missing)) if missing else ""
    typer.echo(title or _say("nothing_missing", language))
    for item in missing:
        typer.echo(f"{_place(item.position)}: {_told(item, language)}: {item.about}")
    accepted = sum(len(coverage.accepted) for coverage in coverages)
    if accepted:
        typer.echo(_say("accepted", language, count=accepted))


def write_pages(
    coverages: Sequence[Coverage], language: Language, folder: Path, output: str
) -> None:
    """Write a page for each policy.

    Raises:
        RequestError: A page cannot be written.
    """
    for coverage in coverages:
        target = folder / f"{coverage.policy.id}.html"
        write_page(page(coverage, language), _say("page_contents", language), target)
    if output != "json":
        files = ", ".join(f"{coverage.policy.id}.html" for coverage in coverages)
        typer.echo(_say("written", language, folder=folder, files=files))


def tell_below(lowest: Fraction, wanted: float, language: Language) -> None:
    """Say that of a policy less is covered than was asked for."""
    typer.echo(_say("below", language, found=shown(lowest), wanted=f"{wanted:g}"), err=True)


def _say(name: str, language: Language, /, **details: object) -> str:
    return say(f"cover.{name}", language, **details)


def _table(coverages: Sequence[Coverage], language: Language) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    groups = [(coverage.policy.id, [coverage]) for coverage in coverages]
    if len(coverages) > 1:
        groups.append((_say("all", language), list(coverages)))
    table.add_column("")
    for name, _ in groups:
        table.add_column(name, justify="right")
    for kind in KINDS:
        shares = [summed(own, kind) for _, own in groups]
        cells = [f"{done}/{whole}" if whole else "–" for done, whole in shares]
        table.add_row(_say(f"{kind}s", language), *cells)
    total = [f"{shown(per_cent(own))}%" for _, own in groups]
    table.add_row(_say("per_cent", language), *total, style="bold")
    return table


def _told(item: Item, language: Language) -> str:
    """Say what no case does."""
    near = _say("nearest", language, distance=item.nearest) if item.nearest else ""
    return _say(f"{item.kind}_{item.side}", language) + near


def _place(position: Position) -> str:
    """Return a place as an editor finds it from here."""
    file = Path(position.file)
    if file.is_relative_to(Path.cwd()):
        file = file.relative_to(Path.cwd())
    return f"{file}:{position.line}"


def _document(coverages: Sequence[Coverage], cases: int, language: Language) -> dict[str, Any]:
    return {
        "cases": cases,
        "per_cent": float(per_cent(coverages)),
        "policies": [
            {
                "policy": coverage.policy.id,
                "per_cent": float(per_cent([coverage])),
                "covered": {
                    kind: {"covered": done, "of": whole}
                    for kind in KINDS
                    for done, whole in [coverage.share(kind)]
                },
                "items": [_item(item, language) for item in coverage.items],
            }
            for coverage in coverages
        ],
    }


def _item(item: Item, language: Language) -> dict[str, Any]:
    return {
        "check": item.check,
        "about": item.about,
        "rule": item.rule or None,
        "place": _place(item.position),
        "cases": item.cases,
        "nearest": item.nearest or None,
        "missing": item.is_missing,
        "accepted": item.accepted.say(language) if item.accepted else None,
    }
