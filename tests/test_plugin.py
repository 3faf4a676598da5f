"""A folder of policies as tests, and the page that begins in an empty folder."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from test_docs import refresh

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ("pytester",)

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "how-to" / "test-a-policy.md"
BLOCKS: Final = list(refresh.blocks(PAGE.read_text(encoding="utf-8").splitlines()))
COMMAND: Final = "$ "
RULES: Final = "rules/yunxi/rules.lp"
CASES: Final = "rules/yunxi/cases/1.yaml"
POLICY: Final = "rules/yunxi/policy.toml"


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the files of the page, before anything is mended."""
    for name in ("CI", "PYTEST_ADDOPTS", "HYPOTHESIS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(pytester.path / ".cache"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    for block in BLOCKS:
        if block.title and block.title != "rules/yunxi/cases/2.yaml":
            refresh.write_file(pytester.path, block)
    yield pytester.path
    refresh.load.load_rulebook.cache_clear()


def _pytest(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run pytest in a process of its own, with the plugin and nothing of ours."""
    plugins = [] if _is_installed() else ["-p", "policy_logic_pytest"]
    return pytester.run(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugins, *options
    )


def _is_installed() -> bool:
    """Return whether this environment has the plugin's entry point."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - here only

    return bool(entry_points(group="pytest11", name="policy_logic_pytest"))


def _mend(folder: Path) -> None:
    file = folder / RULES
    text = file.read_text(encoding="utf-8")
    assert "Revenue > Higher" in text
    file.write_text(text.replace("Revenue > Higher", "Revenue >= Higher"), encoding="utf-8")


def test_the_page_shows_what_happens(pytester: pytest.Pytester, folder: Path) -> None:
    """From an empty folder to a property that fails, and, with the rule mended, to green."""
    sessions = [list(block.body) for block in BLOCKS if block.language == "shell"]
    failing, asking, mended = (session for session in sessions if session[0].startswith(COMMAND))
    few = ("-k", "loads or monotone or caps or yaml")  # the others take their time
    real = [line.rstrip() for line in _pytest(pytester, *few).outlines]
    assert refresh.agrees(failing[1:], real), "\n".join(real)
    command = asking[0].removeprefix(COMMAND).removeprefix("policy-logic ")
    code = "from policy_logic.cli import main; main()"
    told = pytester.run(sys.executable, "-c", code, *command.split(), "--lang", "en").outlines
    assert refresh.agrees(asking[1:], [line.rstrip() for line in told]), "\n".join(told)
    _mend(folder)
    assert mended[-1] == "10 passed in ..."
    _pytest(pytester, *few).assert_outcomes(passed=5, deselected=5)
    (added,) = (block for block in BLOCKS if block.title == "rules/yunxi/cases/2.yaml")
    refresh.write_file(folder, added)
    _pytest(pytester, str(folder / added.title)).assert_outcomes(passed=1)


def test_what_a_text_means_is_accepted_beside_the_rules(
    pytester: pytest.Pytester, folder: Path
) -> None:
    """The row that the page shows lets the property pass."""
    (row,) = (b for b in BLOCKS if not b.title and b.body[0] == "[[accepted]]")
    (folder / "rules/yunxi/accepted.toml").write_text("\n".join(row.body), encoding="utf-8")
    _pytest(pytester, f"{POLICY}::monotone").assert_outcomes(passed=1)


def test_every_test_of_a_folder_has_a_readable_name(
    pytester: pytest.Pytester, folder: Path
) -> None:
    """A policy gives one test for loading and one for each property, a case one by its name."""
    listed = _pytest(pytester, "--collect-only").outlines
    assert f"{CASES}::分账收入正好 100 万元，奖励 10 万元" in listed
    names = [line.partition("::")[2] for line in listed if line.startswith(POLICY)]
    assert names == [
        "loads", "monotone", "caps", "exclusions", "no_double_payment", "order_free", "proofs",
        "verifiable",
    ]  # fmt: skip
    assert folder.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["*(differences: 1):", "*expected*found*", "*firm*400,000*300,000*",
                "*1. Conditions*", "*meets the conditions of award by split revenue*"]),
        ("zh", ["*（1 处）：*", "*应为*实为*", "*firm*400,000*300,000*", "*符合*"]),
    ],
)  # fmt: skip
def test_a_worked_case_that_differs_is_told_as_a_table_with_why(
    pytester: pytest.Pytester, folder: Path, language: str, words: list[str]
) -> None:
    """Expected stands against found, and the account of the first claim follows."""
    for name, old, new in (
        (CASES, "firm: 300_000", "firm: 400_000"),
        ("pytest.ini", "language = en", f"language = {language}"),
    ):
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
    done = _pytest(pytester, CASES)
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(words)


def test_a_policy_that_does_not_load_fails_once(pytester: pytest.Pytester, folder: Path) -> None:
    """The fault is told as the program tells it, and what rests on it is skipped."""
    file = folder / RULES
    text = file.read_text(encoding="utf-8").replace("奖励 30 万元。", "奖励 40 万元。")
    file.write_text(text, encoding="utf-8")
    done = _pytest(pytester)
    done.assert_outcomes(failed=1, skipped=9)
    done.stdout.fnmatch_lines(["*rules.lp:8: The quotation is not what the text says:*"])
    done.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("policy_logic_rules = rule", "*names */rule, which is no folder."),
        ("policy_logic_rules = rules\npolicy_logic_properties = monoton",
         '*There is no property "monoton". There are: monotone, caps,*'),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told(
    pytester: pytest.Pytester, folder: Path, setting: str, words: str
) -> None:
    """A folder or a property that does not exist ends the run in words."""
    ini = f"[pytest]\n{setting}\npolicy_logic_language = en\n"
    (folder / "pytest.ini").write_text(ini, encoding="utf-8")
    done = _pytest(pytester)
    assert done.ret != 0
    text = "\n".join([*done.outlines, *done.errlines])
    assert re.search(words.replace("*", ".*"), text), text


def test_without_its_setting_the_plugin_does_nothing(
    pytester: pytest.Pytester, folder: Path
) -> None:
    """Nothing is collected, and neither the package nor hypothesis's engine is imported."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_own.py").write_text(
        "import sys\n\ndef test_own():\n    assert 'policy_logic' not in sys.modules\n",
        encoding="utf-8",
    )
    _pytest(pytester).assert_outcomes(passed=1)


def test_nothing_else_imports_hypothesis_or_pytest() -> None:
    """The program works without the extra."""
    code = (
        "import sys, policy_logic.cli, policy_logic.cli.app, policy_logic.lab;"
        "assert not {'hypothesis', 'pytest', 'policy_logic.testing'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert importlib.util.find_spec("policy_logic_pytest") is not None
