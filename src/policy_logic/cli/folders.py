"""Writing several files to a folder of their own, without touching what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.errors import Problem, RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Write texts as UTF-8 files to a folder that is new or empty.

    Args:
        files: The texts by the names of their files.
        folder: The folder; it is made where it does not exist.

    Raises:
        RequestError: The folder holds something already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise RequestError([Problem("request.folder_not_empty", None, {"folder": folder})])
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        details: dict[str, object] = {"folder": folder, "reason": error.strerror or str(error)}
        raise RequestError([Problem("request.folder_unwritable", None, details)]) from None
