"""Many cases in one process: decisions as JSON Lines, in order, with a progress bar."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from policy_logic.cli.decision_page import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy_logic.decide.extras import Extras, Wished
    from policy_logic.language import Language


def print_lines(
    cases: Sequence[Wished], extras: Extras, language: Language, *, refusals: bool
) -> None:
    """Print a decision a line; readings and assumptions of all cases were checked before."""
    for wished in _with_progress(cases):
        told = document(wished, extras, language, refusals=refusals)
        typer.echo(json.dumps(told, ensure_ascii=False))


def _with_progress(cases: Sequence[Wished]) -> Iterable[Wished]:
    """Show how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        return cases
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.progress import track  # noqa: PLC0415 - slow to import

    return track(cases, description="plan", console=Console(stderr=True))
