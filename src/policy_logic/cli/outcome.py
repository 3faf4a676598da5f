"""How a command ends and speaks: its language, its exit codes, JSON, and what is wrong."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final, NoReturn

import typer

if TYPE_CHECKING:
    from policy_logic.cli import options
    from policy_logic.errors import PolicyLogicError
    from policy_logic.language import Language

FOUND: Final = 1
WRONG_INPUT: Final = 2


def chosen_language(asked: options.Lang | None) -> Language:
    """Return the language to speak: the one asked for, else that of the locale."""
    if asked is not None:
        return asked.value
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def print_json(document: object) -> None:
    """Print a document as JSON."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def fail(fault: PolicyLogicError, language: Language) -> NoReturn:
    """Tell what is wrong with the input, and end the command."""
    typer.echo(fault.tell(language), err=True)
    raise typer.Exit(WRONG_INPUT)
