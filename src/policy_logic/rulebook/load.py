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
        rules: A folder with a folder per policy; by default the one that comes with the program.
            What all policies share (``derivation.lp``, ``selection.lp``, ``sentences.toml`` and
            ``readings.toml``) may stand there, too; else it is that of the program.
        vocabulary: The vocabulary file; by default the one that comes with the program.

    Raises:
        RulebookError: Something is wrong; each problem names file, line and what to do.
    """
    folder = rules or shipped_rules()
    vocabulary_file = vocabulary or shipped_vocabulary()
    names = sorted(p.parent.name for p in folder.glob("*/policy.toml"))
    if not names:
        code = "is_a_policy" if (folder / "policy.toml").exists() else "no_policies"
        details: dict[str, object] = {"folder": folder, "above": folder.parent}
        raise RulebookError([Problem(f"rulebook.{code}", None, details)])
    shared = shared_rules(folder)
    digest = _digest(folder, shared, vocabulary_file)
    book = store.recall(digest, folder)
    if book is None:
        from policy_logic.rulebook.build import build_rulebook  # noqa: PLC0415 - its parser is slow to import

        folders = {name: folder / name for name in names}
        book = build_rulebook(folder, shared, vocabulary_file, folders, digest)
        store.keep(book, folder)
    return book


def load_alone(policy: Path, name: str, rules: Path) -> Rulebook:
    """Load one policy alone, from a folder anywhere, with what all policies share.

    Args:
        policy: The policy's folder.
        name: The policy's id.
        rules: The folder of policies whose shared files count.

    Raises:
        RulebookError: Something is wrong; each problem names file, line and what to do.
    """
    from policy_logic.rulebook.build import build_rulebook  # noqa: PLC0415 - its parser is slow to import

    shared, vocabulary = shared_rules(rules), shipped_vocabulary()
    digest = _digest(policy, shared, vocabulary)
    return build_rulebook(policy.parent, shared, vocabulary, {name: policy}, digest)


def shared_rules(folder: Path) -> Path:
    """Return where the rules stand that the policies of a folder share: there, or shipped."""
    return folder if (folder / "derivation.lp").exists() else shipped_rules()


def _digest(folder: Path, shared: Path, vocabulary: Path) -> str:
    digest = hashlib.sha256(vocabulary.read_bytes())
    named = {file.relative_to(folder): file for file in folder.rglob("*")}
    if shared != folder:
        named |= {file.relative_to(shared): file for file in shared.iterdir()}
    for name, file in sorted(named.items()):
        if (
            file.suffix in {".lp", ".toml", ".txt"}
            and file.name != "accepted.toml"  # about the rules; no decision rests on it
            and "cases" not in name.parts
        ):
            digest.update(str(name).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
