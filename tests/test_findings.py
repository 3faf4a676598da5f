"""The pages about the policies say what checking them finds."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import policy_logic
from policy_logic.cli.app import app
from policy_logic.cli.check_page import judged
from policy_logic.facts.reader import read_text
from policy_logic.lab.checking import CLIFF
from policy_logic.lab.facts_file import facts_text

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).resolve().parents[1] / "docs" / "refresh_findings.py"
BOOK = policy_logic.load_rulebook()


def _script() -> ModuleType:
    """Load the script that writes the pages, which is no package."""
    spec = importlib.util.spec_from_file_location("refresh_findings", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["refresh_findings"] = module
    spec.loader.exec_module(module)
    return module


script = _script()


@pytest.mark.parametrize("policy", list(BOOK.policies))
def test_a_page_says_what_is_found(policy: str) -> None:
    """The page of a policy is up to date, and each applicant in it pays what it says."""
    (found,) = judged(BOOK, [policy], CLIFF, processes=1)
    shown = script.page_of(policy).read_text(encoding="utf-8")
    assert shown == script.fresh(found, BOOK), "Run: python docs/refresh_findings.py"
    for finding in found.open:
        for view in finding.shown:
            (case,) = read_text(facts_text(view.facts, BOOK), BOOK.vocabulary)
            decision = policy_logic.plan(case, book=BOOK, refusals=False)
            own = [d for d in decision.candidates if str(d.claim) in view.claims]
            assert {str(d.claim): d.paid.potential for d in own} == dict(view.claims)


def test_the_command_gives_names_that_stay_and_writes_the_applicants(tmp_path: Path) -> None:
    """An open fault is exit status 1; each applicant is a file whose plan pays what is said."""
    arguments = ["rules", "check", "pingyuan", "--format", "json", "--witnesses", str(tmp_path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    (policy,) = json.loads(done.stdout)
    (finding,) = policy["findings"]
    name = "pingyuan.3-2.park.national+pingyuan.3-2.park.provincial"
    assert finding["id"] == f"check.stacking:{name}"
    (file,) = tmp_path.iterdir()
    decision = policy_logic.plan(file)
    assert decision.totals.potential == finding["applicants"][0]["potential"] == 300_000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_names_clause_applicant_and_sum(language: str) -> None:
    """A person reads what is so, the words of the text, the facts and what they pay."""
    done = CliRunner().invoke(app, ["rules", "check", "pingyuan", "--lang", language])
    total = {"zh": "最高可得 30万元", "en": "at most 300,000 yuan"}[language]
    for words in (total, "“对新认定的国家级、省级文化产业园区（集聚类基地），", "check.stacking:"):
        assert words in done.stdout


def test_an_unknown_policy_is_refused() -> None:
    """The known policies are named, with exit status 2."""
    done = CliRunner().invoke(app, ["rules", "check", "atlantis"])
    assert done.exit_code == 2
    assert "pingyuan" in done.stderr


def test_a_higher_cliff_leaves_smaller_jumps_out() -> None:
    """With a stated sum of 150,000 only higher jumps are cliffs."""
    done = CliRunner().invoke(
        app, ["rules", "check", "liaoning", "--cliff", "150000", "--format", "json"]
    )
    (policy,) = json.loads(done.stdout)
    cliffs = [f for f in policy["findings"] if f["check"] == "check.cliff"]
    assert [f["details"]["jump"] for f in cliffs] == [200_000]
