"""The house keeps its rules: style, types, imports, documents, and the promises of the README."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _run(*command: str) -> None:
    """Run a tool from the root of the project; its words are the failure's message."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=["lint", "format"])
def test_the_code_follows_the_style(command: tuple[str, ...]) -> None:
    """Ruff finds nothing to say."""
    _run(sys.executable, "-m", "ruff", *command, "src", "tests", "benchmarks", "docs")


def test_the_types_hold() -> None:
    """The strict type checker finds nothing to say."""
    _run(sys.executable, "-m", "mypy")


def test_imports_run_downwards() -> None:
    """No room imports from one above it, and one module speaks to the solver."""
    _run(str(Path(sys.executable).parent / "lint-imports"))


def test_the_documents_build(tmp_path: Path) -> None:
    """The documents build without a warning."""
    _run(sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path / "site"))


def test_ci_runs_what_the_readme_promises() -> None:
    """The test command of both READMEs is the one that CI runs."""
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    command = next(line for line in ci if "pytest" in line and not line.startswith("#"))
    for name in ("README.md", "README.zh-CN.md"):
        assert command in (ROOT / name).read_text(encoding="utf-8")


def test_the_lock_names_no_host() -> None:
    """The locked requirements say which packages, not where to get them."""
    for file in (ROOT / "requirements").iterdir():
        assert "://" not in file.read_text(encoding="utf-8")
