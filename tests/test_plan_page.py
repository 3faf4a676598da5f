"""What the page and ``why`` tell of engines, wishes, alternatives, worth and reserves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from decisions import WAITING
from policy_logic.select.selection import select
from small_cases import BILLIONS, DATONG, EXAMPLES, MINHANG, RESEARCH, works, written
from test_cli import run

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.select.problem import Choice


@pytest.mark.parametrize(
    ("facts", "options", "chinese", "english"),
    [
        (
            RESEARCH,
            (),
            [
                "clingo 已依据选取规则（rules/selection.lp）核对：所选各项可以同时申报，合计无误",
                "由算术直接得出",
                "如以确定金额最高为目标，另一方案可得确定 400,000 元、最高 700,000 元",
                "如坚持申报此项，合计最高将少 40 万元（400,000 元）",
                "如坚持申报此项，合计最高将少 20 万元（200,000 元）",
            ],
            [
                "that these claims may be filed together and pay this",
                "follows by arithmetic",
                "another plan gives 400,000 yuan for certain and 700,000 yuan at most",
                "Were it filed nevertheless, the best total would be 400,000 yuan lower.",
                "Were it filed nevertheless, the best total would be 200,000 yuan lower.",
            ],
        ),
        (
            RESEARCH,
            ("--objective", "firm", "--engine", "cpsat"),
            ["以 cp-sat 的判断为准", "如以最高金额为目标，另一方案可得确定 0 元、最高 900,000 元"],
            ["is the word of cp-sat", "another plan gives 0 yuan for certain and 900,000 yuan"],
        ),
        (
            RESEARCH,
            ("--with", DATONG),
            ["按指定要求", "不加要求时最高合计为 900,000 元；这一要求使其减少 400,000 元"],
            ["Under this wish", "total is 900,000 yuan; the wish lowers it by 400,000 yuan"],
        ),
        (
            RESEARCH,
            ("--alternatives", 2),
            ["最佳方案（2 个）", "1. 确定 0 元，最高 900,000", "2. 确定 400,000 元，最高 700,000"],
            [
                "The best plans (2)",
                "1. 0 yuan for certain, 900,000 yuan at most",
                "2. 400,000 yuan for certain, 700,000 yuan at most",
            ],
        ),
        (
            RESEARCH,
            ("--contrast",),
            [
                "每一项对最高合计的影响",
                "：少 300,000 元",
                "：少 400,000 元",
                "如果总是先报金额最高的，合计同样为 900,000 元",
            ],
            [
                "What each part adds to the highest possible total",
                ": 300,000 yuan less",
                ": 400,000 yuan less",
                "filing the highest sums first would give 900,000 yuan as well",
            ],
        ),
        (
            WAITING,
            ("--contrast",),
            ["由算术直接得出", "（400,000 元）〔备选第 1 位〕", "（200,000 元）〔备选第 4 位〕",
             "每提高 1 元：多 1 元"],
            ["follows by arithmetic", "(400,000 yuan) [reserve, number 1]",
             "(200,000 yuan) [reserve, number 4]", "one more yuan of the"],
        ),
        (BILLIONS, (), ["金额超出 clingo 的整数范围"], ["beyond clingo's integers"]),
    ],
    ids=["plain", "firm", "wish", "alternatives", "contrast", "reserve", "billions"],
)  # fmt: skip
def test_the_page_tells_it(
    facts: dict[str, Any],
    options: tuple[object, ...],
    chinese: list[str],
    english: list[str],
    tmp_path: Path,
) -> None:
    """In both languages, and nothing of it in the other."""
    file = written(facts, tmp_path)
    pages = {language: run("plan", file, "--lang", language, *options).stdout
             for language in ("zh", "en")}  # fmt: skip
    for language, words, others in (("zh", chinese, english), ("en", english, chinese)):
        for told in words:
            assert told in pages[language]
        for told in others:
            assert told not in pages[language]


def test_a_page_without_another_plan_says_nothing_of_it(tmp_path: Path) -> None:
    """Nor of wishes, alternatives and worth that nobody asked for."""
    file = written(WAITING, tmp_path)
    page = run("plan", file, "--lang", "zh").stdout
    for words in ("--objective firm", "按指定要求", "最佳方案", "每一项对"):
        assert words not in page


def test_why_says_what_otherwise_costs(tmp_path: Path) -> None:
    """For a claim left out, forcing it; for a claim of the plan, missing it."""
    file = written(RESEARCH, tmp_path)
    for claim, english, chinese in (
        (DATONG, "Were it filed nevertheless, the best total would be 400,000 yuan lower.",
         "如坚持申报此项，合计最高将少 40 万元（400,000 元）"),
        (MINHANG, "Without it, the best total would be 200,000 yuan lower.",
         "如不申报此项，合计最高将少 20 万元（200,000 元）"),
    ):  # fmt: skip
        question = ("why", file, *claim.split("/"))
        assert english in run(*question, "--lang", "en").stdout
        assert chinese in run(*question, "--lang", "zh").stdout


def test_why_says_that_a_reserve_claim_costs_nothing(tmp_path: Path) -> None:
    """Of equally good plans the first in order is taken."""
    file = written(works(b=6_000_000, d=6_000_000, p=15_000_000), tmp_path)
    told = run("why", file, "datong.2-1.horizontal", "d", "--lang", "en").stdout
    assert "the best total would be the same" in told


def test_what_the_page_says_to_run_next_keeps_the_readings(tmp_path: Path) -> None:
    """A proof under the reading asked for, not under another."""
    facts, pair = written(RESEARCH, tmp_path), "datong.rd_scope=second_sentence"
    page = run("plan", facts, "--no-refusals", "--lang", "en", "--reading", pair).stdout
    (hint,) = (line for line in page.splitlines() if line.startswith("For a proof: "))
    assert f"{facts} --reading {pair} " in hint
    done = run(*hint.removeprefix("For a proof: policy-logic ").split())
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["最好方案为 900,000 元，任何组合都不会超过 907,000 元，",
                "最多相差 7,000 元（0.78%）"]),
        ("en", ["found pays 900,000 yuan, no set of claims exceeds 907,000 yuan",
                "the gap is at most 7,000 yuan (0.78% of that bound)"]),
    ],
)  # fmt: skip
def test_a_plan_that_is_not_proved_names_its_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: list[str]
) -> None:
    """The page says what was found, what nothing exceeds, and how far these are apart at most."""

    def cut_short(*arguments: Any) -> Choice:
        choice = select(*arguments)
        return replace(choice, bound=choice.bound + 7_000, proved=False)

    monkeypatch.setattr("policy_logic.decide.choosing.select", cut_short)
    done = run("plan", written(RESEARCH, tmp_path), "--lang", language)
    assert all(part in done.stdout for part in words)


def test_a_sum_that_the_text_leaves_open_is_not_told_as_nothing() -> None:
    """The page marks it, in both languages; a claim with a sum bears no such mark."""
    case = EXAMPLES[0].parent / "minhang-carrier.yaml"
    for language, mark, line in (
        ("zh", "〔金额另定〕", "职业技能培训对应补贴"),
        ("en", "[sum left open]", "training subsidy"),
    ):
        page = run("plan", case, "--applicant", "zhigu_yunying", "--lang", language).stdout
        marked = [row for row in page.splitlines() if mark.split()[0] in row]
        assert len(marked) == 1
        assert line in page


def test_brackets_are_printed_as_they_stand(tmp_path: Path) -> None:
    """A claim under a draft is marked in English, too; a title keeps what it has in brackets."""
    case = EXAMPLES[0].parent / "ganzhou-studio.yaml"
    page = run("plan", case, "--no-refusals", "--lang", "en").stdout
    filed = int(page.split("Claims to file (")[1].split(")")[0])
    assert page.count("[hypothetical]") == filed > 10
    facts = works(w=4_000_000)
    facts["work"]["w"]["title"] = "Tea [bold] [1]"
    page = run("plan", written(facts, tmp_path), "--no-refusals", "--lang", "en").stdout
    table = page.split("Claims to file")[1].split(" total")[0]
    assert "Tea [bold] [1]" in table
