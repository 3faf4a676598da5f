"""Keeping a rulebook that has passed every check, so that the next command need not check again.

A kept rulebook is found by a digest of every file it was read from and of the program that
checked it; when either changes, it is simply not found. Where nothing can be kept, nothing is.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_dir

_KEPT_SECONDS = 30 * 24 * 3600

if TYPE_CHECKING:
    from policy_logic.rulebook.policy import Rulebook


def recall(digest: str, folder: Path) -> Rulebook | None:
    """Return the rulebook kept for a folder under a digest, ``None`` if there is none."""
    try:
        kept = pickle.loads(_file(digest, folder).read_bytes())  # noqa: S301 - from the user's own cache
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, IndexError):
        return None
    return kept  # type: ignore[no-any-return]


def keep(book: Rulebook, folder: Path) -> None:
    """Keep a rulebook that has passed every check."""
    file = _file(book.digest, folder)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as draft:
            pickle.dump(book, draft, protocol=pickle.HIGHEST_PROTOCOL)
        Path(name).replace(file)
    except OSError:  # a full disk or a folder that may not be written: only speed is lost
        return
    for old in file.parent.glob("*.pickle"):
        with suppress(OSError):  # another command may be tidying up, too
            outdated = time.time() - old.stat().st_mtime > _KEPT_SECONDS
            if old != file and (outdated or old.name.startswith(_prefix(folder))):
                old.unlink()


def _file(digest: str, folder: Path) -> Path:
    # a book holds paths as the user wrote the folder: wrong from another working folder
    name = hashlib.sha256(f"{digest} {folder} {_program()}".encode()).hexdigest()[:24]
    return Path(user_cache_dir("policy-logic")) / f"{_prefix(folder)}-{name}.pickle"


def _prefix(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]


def _program() -> str:
    """Return what identifies the program's own code: its files, and the interpreter."""
    package = Path(__file__).resolve().parents[1]
    files = sorted(package.rglob("*.py"))
    stamps = [f"{file.name} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files]
    return "\n".join([sys.version, *stamps])
