"""The pytest plugin for folders of policies; without its setting it does nothing.

It stands beside the package, and imports it only where ``policy_logic_rules`` is set, so that
pytest starts no slower in projects that do not use it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings."""
    for name, words in (
        ("policy_logic_rules", "folder of policies to test, relative to the configuration file"),
        ("policy_logic_vocabulary", "vocabulary of these policies; by default the program's"),
        ("policy_logic_language", "language of the reports: zh or en; by default the locale's"),
    ):
        parser.addini(name, words, default="")
    parser.addini(
        "policy_logic_properties",
        "properties to test; by default all",
        type="args",
        default=[],
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a policy, or its worked cases, from a folder of policies."""
    rules = parent.config.getini("policy_logic_rules")
    if not rules or file_path.suffix not in {".toml", ".yaml"}:
        return None
    if find_spec("hypothesis") is None:
        raise pytest.UsageError("policy_logic_rules needs: pip install 'policy-logic[testing]'")
    from policy_logic.testing.collecting import collect  # noqa: PLC0415 - only where it is used

    return collect(file_path, parent)
