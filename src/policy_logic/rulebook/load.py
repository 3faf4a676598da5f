"""From the ``rules`` folder to a rulebook that has passed every check."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from policy_logic.errors import Problem, RulebookError
from policy_logic.rulebook import store

if TYPE_CHECKING:
    from policy_logic.rulebook.policy import Rulebook


def shipped_rules() -> Path:
    """Return the ``rules`` folder that comes with the program."""
    return _shipped("rules")


def shipped_vocabulary() -> Path:
    """Return the vocabulary that comes with the program."""
    return _shipped("facts") / "vocabulary.toml"


def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parents[1]
    inside = package / "shipped" / name
    return inside if inside.exists() else package.parents[1] / name


@cache
def load_rulebook(rules: Path | None = None, vocabulary: Path | None = None) -> Rulebook:
    """Load all policies, having checked everything that can be checked without facts.

    A rulebook that has passed every check is kept between runs and found again by the digest
    of its files.

    Args:
        rules: The folder with ``derivation.lp``, ``selection.lp`` and a folder per policy; by
            default the one that comes with the program.
        vocabulary: The vocabulary file; by default the one that comes with the program.

    Raises:
        RulebookError: Something is wrong; each problem names file, line and what to do.
    """
    folder = rules or shipped_rules()
    vocabulary_file = vocabulary or shipped_vocabulary()
    names = sorted(p.parent.name for p in folder.glob("*/policy.toml"))
    if not names:
        raise RulebookError([Problem("rulebook.no_policies", None, {"folder": str(folder)})])
    digest = _digest(folder, vocabulary_file)
    book = store.recall(digest, folder)
    if book is None:
        from policy_logic.rulebook.build import build_rulebook  # noqa: PLC0415 - its parser is slow to import

        folders = {name: folder / name for name in names}
        book = build_rulebook(folder, vocabulary_file, folders, digest)
        store.keep(book, folder)
    return book


def load_alone(policy: Path, name: str) -> Rulebook:
    """Load one policy alone, from a folder anywhere, with what all policies share.

    Args:
        policy: The policy's folder.
        name: The policy's id.

    Raises:
        RulebookError: Something is wrong; each problem names file, line and what to do.
    """
    from policy_logic.rulebook.build import build_rulebook  # noqa: PLC0415 - its parser is slow to import

    digest = _digest(policy, shipped_vocabulary())
    return build_rulebook(shipped_rules(), shipped_vocabulary(), {name: policy}, digest)


def _digest(folder: Path, vocabulary: Path) -> str:
    digest = hashlib.sha256(vocabulary.read_bytes())
    for file in sorted(folder.rglob("*")):
        if (
            file.suffix in {".lp", ".toml", ".txt"}
            and "cases" not in file.relative_to(folder).parts
        ):
            digest.update(str(file.relative_to(folder)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
