"""The pages about the policies say what checking them finds."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import policy_logic
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
