"""Options of ``plan`` that ask for something else than the plan alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Changes: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Compare with the plan if a fact were otherwise; may be repeated.",
    ),
]
SweepOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--sweep",
        metavar="PATH=FROM..TO[:STEP]",
        help="The total as a function of one fact: its steps and cliffs.",
    ),
]
PlotOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help="Draw what --sweep finds: .svg or .png."),
]
GrantedOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--granted",
        metavar="FILE",
        help="Compare with what was paid: YAML, JSON or CSV; exit status 1 if anything differs.",
    ),
]
