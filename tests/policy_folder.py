"""The shipped rules with more policy folders beside them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import policy_logic
from policy_logic.rulebook.load import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.rulebook.policy import Rulebook


def shipped_rules_and(name: str, files: Mapping[str, str], into: Path) -> Rulebook:
    """Load the shipped rules and a policy made of texts.

    Args:
        name: The policy.
        files: Its files; ``DIGEST`` in ``policy.toml`` stands for the digest of ``text.txt``.
        into: A folder to work in.
    """
    return shipped_rules_and_all({name: files}, into)


def shipped_rules_and_all(policies: Mapping[str, Mapping[str, str]], into: Path) -> Rulebook:
    """Load the shipped rules and several policies made of texts, by name; see above."""
    rules = Path(shutil.copytree(shipped_rules(), into / "rules"))
    for name, files in policies.items():
        folder = rules / name
        folder.mkdir()
        digest = hashlib.sha256(files["text.txt"].encode()).hexdigest()
        for file, text in files.items():
            (folder / file).write_text(text.replace("DIGEST", digest), encoding="utf-8")
    return policy_logic.load_rulebook(rules)
