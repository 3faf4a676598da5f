"""What the documents show is what the program does."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import policy_logic
from policy_logic.cli.app import app, facts_app
from policy_logic.cli.rules_app import rules_app
from policy_logic.lab.new_policy import new_policy
from policy_logic.rulebook.cases import worked_cases

if TYPE_CHECKING:
    from types import ModuleType

    from typer import Typer

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
GUIDE = DOCS / "how-to" / "add-a-policy.md"


def _script(name: str) -> ModuleType:
    """Load a script of ``docs``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


refresh, hooks = _script("refresh"), _script("hooks")


@pytest.mark.parametrize("page", refresh.pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_page_shows_what_is_the_case(page: Path) -> None:
    """Commands print what is shown, Python blocks run, and generated tables are up to date."""
    differences: list[object] = []
    refresh.play(page, differences)
    assert not differences, "\n".join(map(str, differences)) + "\nRun: python docs/refresh.py"


@pytest.mark.parametrize(
    ("shown", "real", "agree"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["a", "...", "c"], ["a", "c"], True),
        (["a", "...", "d"], ["a", "b", "c"], False),
        (["..."], [], True),
    ],
)
def test_three_dots_stand_for_lines_left_out(
    shown: list[str], real: list[str], agree: bool
) -> None:
    """A line of three dots stands for any number of lines, and everything else for itself."""
    assert refresh.agrees(shown, real) is agree


def test_the_policy_of_the_guide_loads_and_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page on adding a policy leads to is a policy, and its worked cases come out."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = list(refresh.blocks(GUIDE.read_text(encoding="utf-8").splitlines()))
    rules = tmp_path / "my-rules"
    refresh.write_file(tmp_path, found[0])
    new_policy("wangchuan", tmp_path / found[0].title, rules, "en")
    for block in found[1:]:
        if block.title and not block.is_part:
            refresh.write_file(tmp_path, block)
    section = next(
        "\n".join(block.body) for block in found if block.body[0].startswith("%## 三 wangchuan.3 ")
    )
    file = rules / "wangchuan" / "rules.lp"
    file.write_text(file.read_text(encoding="utf-8").partition("%## 三")[0] + section, "utf-8")
    book = policy_logic.load_rulebook(rules)
    assert list(book.policies) == ["wangchuan"]
    decision = policy_logic.plan(tmp_path / "tieren.yaml", book=book)
    assert {str(d.claim): (d.paid.firm, d.paid.potential) for d in decision.chosen} == {
        "wangchuan.1/tieren/2026": (200_000, 200_000)
    }
    cases = list(worked_cases(rules))
    assert len(cases) == 3
    for case in cases:
        decision = policy_logic.plan(case.facts, book=book)
        assert {"firm": decision.totals.firm, "potential": decision.totals.potential} == (
            case.expected["totals"]
        )


def test_the_page_of_a_policy_has_every_rule_and_every_sentence() -> None:
    """Nothing of a policy's rules or of its text is missing from its page."""
    book = policy_logic.load_rulebook()
    for policy in book.policies.values():
        page = hooks.policy_page(policy, book)
        assert [rule.id for rule in policy.rules if rule.text not in page] == []
        sentences = [policy.text.letters[s.start : s.stop] for s in policy.text.sentences()]
        assert [words for words in sentences if f"| {words} | " not in page] == []


def test_every_command_is_described() -> None:
    """The page of the command line has a section for each command."""
    text = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    for name in [*_names(app), *_names(facts_app, "facts "), *_names(rules_app, "rules ")]:
        assert f"\n## {name}\n" in text


def _names(typer: Typer, before: str = "") -> list[str]:
    return [
        before + str(command.name or getattr(command.callback, "__name__", ""))
        for command in typer.registered_commands
    ]


def test_every_name_of_the_package_is_described() -> None:
    """The page of the Python interface speaks of every public name."""
    text = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    assert [n for n in policy_logic.__all__ if not re.search(rf"[`.]{n}\b", text)] == []


def test_the_glossary_names_each_term_once() -> None:
    """A term has one meaning, both languages, and does not appear among the words not to use."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| term", "| ---"))
    ]
    terms = [row[0] for row in rows]
    assert len(terms) == len(set(terms))
    assert all(len(row) == 4 and all(row) for row in rows)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    """What the documents at the root link to exists."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert (ROOT / target).exists(), target


def test_both_readmes_have_the_same_blocks() -> None:
    """The two READMEs show the same commands and the same Python."""

    def essence(name: str) -> list[tuple[str, str]]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return [
            (block.language, block.body[0].replace(" --lang zh", ""))
            for block in refresh.blocks(lines)
        ]

    assert essence("README.md") == essence("README.zh-CN.md")


def test_the_sandbox_leaves_the_project_alone() -> None:
    """Playing a page happens elsewhere, and the working folder is restored."""
    before = Path.cwd()
    with refresh.sandbox() as folder:
        assert Path.cwd() == folder.resolve()
        assert not folder.is_relative_to(ROOT)
        assert os.environ["XDG_CACHE_HOME"].startswith(str(folder))
    assert Path.cwd() == before


def test_every_kind_of_notice_is_described() -> None:
    """The page of the decision names each kind of notice that the engine gives."""
    source = (ROOT / "src" / "policy_logic" / "decide" / "notices.py").read_text(encoding="utf-8")
    kinds = re.findall(r"(?:Notice\(\s*|kind = )\"(\w+)\"", source)
    text = (DOCS / "reference" / "decision.md").read_text(encoding="utf-8")
    assert len(kinds) > 5
    assert [kind for kind in kinds if f"`{kind}`" not in text] == []
