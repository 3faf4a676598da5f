"""Each step of a proof is told in both languages and in full words, sums with their unit."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

import policy_logic
from policy_logic.tell.proof_json import proofs_json
from policy_logic.tell.wording import Wording

EXAMPLES: Final = sorted(
    (Path(__file__).resolve().parents[1] / "facts" / "examples").glob("*.yaml")
)
BOOK: Final = policy_logic.load_rulebook()


@cache
def told(facts: Path) -> tuple[dict[str, Any], ...]:
    """Return the nodes of all proofs of a file's cases."""
    nodes: list[dict[str, Any]] = []
    for case in policy_logic.load_cases(facts, BOOK):
        planner = policy_logic.planner(case, book=BOOK)
        nodes += proofs_json(planner, planner.decide())["nodes"].values()
    return tuple(nodes)


@pytest.mark.parametrize("facts", EXAMPLES, ids=lambda facts: facts.stem)
def test_no_sentence_shows_what_only_rules_call_so(facts: Path) -> None:
    """Names of lines, lists, states and attributes are told as people call them."""
    for node in told(facts):
        told_as = node.get("sentence", {"zh": "", "en": ""})
        assert not re.search(r"[a-z]+(_[a-z]+)+|[a-z]@[a-z]|\bpending\b", told_as["zh"]), node
        assert not re.search(r"[a-z]+(_[a-z]+)+|[a-z]@[a-z]", told_as["en"]), node


@pytest.mark.parametrize("facts", EXAMPLES, ids=lambda facts: facts.stem)
def test_a_sum_is_told_as_a_sum(facts: Path) -> None:
    """In the atoms that end in a variable called Yuan, the last figure has its unit."""
    found = 0
    for node in told(facts):
        atom = re.fullmatch(r"(\w+)\(.*, (\d+)\)", node.get("atom", ""))
        if atom is None:
            continue
        ends = {template.arguments[-1] for (name, _), template in BOOK.sentences.items()
                if name == atom[1]}  # fmt: skip
        if ends == {"Yuan"} or atom[1] == "review_amount":
            found += 1
            assert f"{int(atom[2]):,} 元" in node["sentence"]["zh"]
            assert f"{int(atom[2]):,} yuan" in node["sentence"]["en"]
    assert found > 10


@pytest.mark.parametrize(
    ("yuan", "chinese", "english"),
    [
        (9_999, "9,999 元", "9,999 yuan"),
        (10_000, "1 万元（10,000 元）", "10,000 yuan"),
        (1_500_000, "150 万元（1,500,000 元）", "1,500,000 yuan"),
        (123_456_789, "12,345.6789 万元（123,456,789 元）", "123,456,789 yuan"),
        (100_000_000_000, "10,000,000 万元（100,000,000,000 元）", "100,000,000,000 yuan"),
        (10**30 + 5, f"{10**26:,}.0005 万元（{10**30 + 5:,} 元）", f"{10**30 + 5:,} yuan"),
        (-264_000, "-26.4 万元（-264,000 元）", "-264,000 yuan"),
    ],
)
def test_a_sum_has_ten_thousands_and_the_exact_yuan(yuan: int, chinese: str, english: str) -> None:
    """Chinese tells ten thousands as documents do and the exact yuan beside them."""
    planner = policy_logic.planner(next(policy_logic.load_cases(EXAMPLES[0], BOOK)), book=BOOK)
    assert Wording(planner.derivation, "zh").amount(yuan) == chinese
    assert Wording(planner.derivation, "en").amount(yuan) == english
