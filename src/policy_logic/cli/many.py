"""Many cases in one process: decisions as JSON Lines, in order, with a progress bar."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from policy_logic.decide.report import decision_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy_logic.decide.planning import Planner
    from policy_logic.language import Language


def print_lines(planners: Sequence[Planner], language: Language, *, refusals: bool) -> None:
    """Print a decision a line; readings and assumptions of all cases were checked before."""
    for planner in _with_progress(planners):
        document = decision_json(planner.decide(refusals=refusals), language)
        typer.echo(json.dumps(document, ensure_ascii=False))


def _with_progress(planners: Sequence[Planner]) -> Iterable[Planner]:
    """Show how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        return planners
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.progress import track  # noqa: PLC0415 - slow to import

    return track(planners, description="plan", console=Console(stderr=True))
