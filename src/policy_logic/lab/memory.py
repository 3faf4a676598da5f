"""What is known of mutants from earlier runs, so that only what has changed is tried again."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Known:
    """What is known of one mutant.

    Attributes:
        refused: The code of the check by which it is refused; empty where it loads, or where
            that is not known yet.
        loads: Whether it is known to load.
        killed_by: The digest of the case that kills it; empty if none is known.
        broken: What that case states and the mutant breaks: section, name, stated, found.
        suspected: The digest of a case that killed it under other rules.
        tried: The cases that do not tell it by what follows from them.
        asked: The cases that do not tell it by their reasons for refusals either.
        reached: The first case in which a rule whose meaning changes takes part.
        differs: The first case in which something comes out differently, unstated.
    """

    refused: str = ""
    loads: bool = False
    killed_by: str = ""
    broken: tuple[str, ...] = ()
    suspected: str = ""
    tried: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    reached: str = ""
    differs: str = ""


class Memory:
    """What is known of the mutants of one policy under one version of rules and program."""

    def __init__(self, file: Path | None, context: str) -> None:
        self._file, self._context = file, context
        self._known: dict[str, Known] = {}
        if file is not None:
            self._known = _read(file, context)

    def of(self, key: str) -> Known:
        """Return what is known of a mutant, to be added to."""
        return self._known.setdefault(key, Known())

    def keep(self) -> None:
        """Write everything down; an interruption leaves what was kept before."""
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        document = {
            "context": self._context,
            "mutants": {key: _written(known) for key, known in sorted(self._known.items())},
        }
        handle, name = tempfile.mkstemp(dir=self._file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as draft:
            json.dump(document, draft)
        Path(name).replace(self._file)


def _written(known: Known) -> dict[str, Any]:
    found: dict[str, Any] = {
        "refused": known.refused,
        "loads": known.loads,
        "killed_by": known.killed_by,
        "broken": list(known.broken),
        "suspected": known.suspected,
        "tried": sorted(known.tried),
        "asked": sorted(known.asked),
        "reached": known.reached,
        "differs": known.differs,
    }
    if known.killed_by:  # what else was tried is of no more use
        found |= {"tried": [], "asked": []}
    return {key: value for key, value in found.items() if value}


def _read(file: Path, context: str) -> dict[str, Known]:
    """Return what a file knows; of other rules or another program only where to look first."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["context"] != context:
            return {key: _suspected(row) for key, row in document["mutants"].items()}
        return {
            key: Known(
                refused=row.get("refused", ""),
                loads=row.get("loads", False),
                killed_by=row.get("killed_by", ""),
                broken=tuple(row.get("broken", ())),
                suspected=row.get("suspected", ""),
                tried=set(row.get("tried", ())),
                asked=set(row.get("asked", ())),
                reached=row.get("reached", ""),
                differs=row.get("differs", ""),
            )
            for key, row in document["mutants"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _suspected(row: Mapping[str, Any]) -> Known:
    return Known(suspected=row.get("killed_by", "") or row.get("suspected", ""))
