"""Mistakes made in a small invented policy: what is made, what its cases tell, and what is kept."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import policy_logic
from policy_logic.errors import RequestError, RulebookError
from policy_logic.lab import working
from policy_logic.lab.equivalence import why_equivalent
from policy_logic.lab.mutating import mutate
from policy_logic.lab.operators import mutants
from policy_logic.lab.outcome import Outcome, result
from policy_logic.lab.refusing import refusal
from policy_logic.lab.trial import Trial
from policy_logic.rulebook.cases import worked_cases
from policy_logic.rulebook.load import shipped_rules
from test_cli import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.lab.mutant import Mutant
    from policy_logic.lab.working import Report, Step, World
    from policy_logic.rulebook.policy import Policy, Rulebook

TEXT = """某区办法（试行）
一、对年度分账收入达到 100 万元的作品，按分账收入的 5% 给予奖励，最高不超过 20 万元。
二、对入选推优、精品工程的作品，分别给予 30 万元、10 万元奖励。
三、同一作品只按最高级别给予。
四、本办法自 2026 年 1 月 1 日起施行，有效期 1 年。
"""
ABOUT = """
title = {zh = "某区办法", en = "Trial measures"}
number = ""
issuer = {zh = "某区", en = "Invented District"}
place = "liaoning"
status = "trial"
source = "invented for this test"
text_sha256 = "DIGEST"
[validity]
clause = "本办法自 2026 年 1 月 1 日起施行，有效期 1 年。"
from = 2026-01-01
years = 1
[line."trial.1.revenue"]
article = "一"
class = "monetary"
subject = ["work"]
recipient = ["first_producer"]
per = "year"
determinacy = "exact"
review = "none"
matter = "revenue_share"
zh = "分账奖励"
en = "award by split revenue"
[line."trial.2.annual"]
article = "二"
class = "monetary"
subject = ["work"]
recipient = ["first_producer"]
per = "once"
determinacy = "exact"
review = "none"
matter = "its trigger"
zh = "推优奖励"
en = "award for a selection"
[line."trial.2.premium"]
article = "二"
class = "monetary"
subject = ["work"]
recipient = ["first_producer"]
per = "once"
determinacy = "exact"
review = "none"
matter = "its trigger"
zh = "精品工程奖励"
en = "award for a premium project"
[[uncovered]]
quote = "某区办法（试行）"
reason = {zh = "标题。", en = "Title."}
"""
NUMBERS = """
[minimum]
value = 1_000_000
type = "money"
clause = "年度分账收入达到 100 万元"
written = "100 万元"
zh = "分账收入下限"
en = "minimum split revenue"
[rate]
value = "0.05"
type = "share"
clause = "按分账收入的 5%"
written = "5%"
zh = "比例"
en = "rate"
[cap]
value = 200_000
type = "money"
clause = "最高不超过 20 万元"
written = "20 万元"
zh = "上限"
en = "cap"
[annual]
value = 300_000
type = "money"
clause = "分别给予 30 万元、10 万元奖励"
written = "30 万元"
zh = "推优奖励"
en = "award for a selection"
[premium]
value = 100_000
type = "money"
clause = "分别给予 30 万元、10 万元奖励"
written = "10 万元"
zh = "精品工程奖励"
en = "award for a premium project"
"""
READINGS = """
[levels]
clause = "同一作品只按最高级别给予"
zh = "同一作品得两级时"
en = "a work at both levels"
values.highest = {zh = "只给最高级别", en = "only the highest"}
values.cumulative = {zh = "分别给予", en = "each"}
"""
RULES = """
%# 某区办法
%## 一 trial.1.revenue
%> 一、对年度分账收入达到 100 万元的作品，按分账收入的 5% 给予奖励，最高不超过 20 万元。
eligible("trial.1.revenue", Work, year(Year)) :-
    number("trial.minimum", Minimum),
    split_revenue(Work, Year, Revenue),
    Revenue >= Minimum.
amount("trial.1.revenue", Work, year(Year), Yuan) :-
    eligible("trial.1.revenue", Work, year(Year)),
    split_revenue(Work, Year, Revenue),
    number("trial.rate", Rate),
    number("trial.cap", Cap),
    Yuan = @at_most(@portion(Revenue, Rate), Cap).
%## 二 trial.2
%> 二、对入选推优、精品工程的作品，分别给予 30 万元、10 万元奖励。
trial_level("trial.2.annual", "annual@nrta", "trial.annual").
trial_level("trial.2.premium", "premium_project@nrta", "trial.premium").
eligible(Line, Work, day(Date)) :-
    trial_level(Line, List, _),
    listed(Work, List),
    listed_on(Work, List, Date).
amount(Line, Work, Occasion, Yuan) :-
    trial_level(Line, _, Grant),
    eligible(Line, Work, Occasion),
    number(Grant, Yuan).
%## 三 trial.3 higher
%> 三、同一作品只按最高级别给予。
higher_only(claim(Line, Work, none, none), claim(Line', Work, none, none)) :-
    reading("trial.levels", "highest"),
    in_play(claim(Line, Work, none, none)),
    trial_level(Line, _, _),
    in_play(claim(Line', Work, none, none)),
    trial_level(Line', _, _),
    Line < Line'.
%## 四 trial.4 force
%> 四、本办法自 2026 年 1 月 1 日起施行，有效期 1 年。
% Validity stands in policy.toml.
"""
SENTENCES = """
[predicate]
"trial_level(Line, List, Grant)" = {zh = "{Line}：{List}", en = "{Line}: {List}"}
"""
WORDS = """
[kind.work]
subject_of = ["trial.1.revenue", "trial.2.annual", "trial.2.premium"]
[kind.policy]
ids = ["trial"]
[attribute.work.split_revenue]
lines = ["trial.1.revenue"]
[line_event]
"trial.1.revenue" = "year"
"trial.2.annual" = "listed_on"
"trial.2.premium" = "listed_on"
[value.policy]
trial = {zh = "某区办法", en = "Trial measures"}
"""
BASE = """
base:
  applicant: a
  as_of: 2026-12-31
  received: []
  enterprise: {a: {name: 甲}}
  work: {w: {first_producer: a, split_revenue: {2026: 2_000_000}}}
cases:
"""
WEAK = (
    BASE
    + """
  - name: far above
    claims: {trial.1.revenue/w/2026: {potential: 100_000}}
"""
)
STRONG = (
    BASE
    + """
  - name: both levels, only the higher
    set: {work.w.listed_on: {annual@nrta: 2026-02-01, premium_project@nrta: 2026-03-01}}
    claims:
      trial.2.annual/w: {potential: 300_000, chosen: true}
      trial.2.premium/w: {potential: 100_000, chosen: false}
  - name: the higher level alone
    set: {work.w.listed_on: {annual@nrta: 2026-02-01}}
    claims: {trial.2.annual/w: {potential: 300_000, chosen: true}}
    refused: {trial.2.premium/w: {}}
  - name: at the bound
    set: {work.w.split_revenue: {2026: 1_000_000}}
    claims: {trial.1.revenue/w/2026: {potential: 50_000}}
  - name: below the bound
    set: {work.w.split_revenue: {2026: 999_999}}
    refused: {trial.1.revenue/w/2026: {}}
  - name: above the cap
    set: {work.w.split_revenue: {2026: 4_000_020}}
    claims: {trial.1.revenue/w/2026: {potential: 200_000}}
"""
)
CAPPED = "Yuan = @at_most(@portion(Revenue, Rate), Cap)"
ROUNDED_UP = "Yuan = @at_most(@portion_up(Revenue, Rate), Cap)"
LEVELS = 'reading("trial.levels", "%s")'


@dataclass(frozen=True)
class Small:
    """A rulebook with the small policy alone."""

    book: Rulebook

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.book.policies["trial"]

    @property
    def folder(self) -> Path:
        """The policy's folder."""
        return self.policy.folder

    def with_cases(self, cases: str) -> Small:
        """Write other worked cases."""
        (self.folder / "cases").mkdir(exist_ok=True)
        (self.folder / "cases" / "1.yaml").write_text(cases, encoding="utf-8")
        return self

    def mutate(self, **options: Any) -> dict[str, Outcome]:
        """Return what becomes of each mutant, by what it is about."""
        outcomes = mutate(self.book, self.policy, **options)
        return {outcome.about: outcome for outcome in outcomes}


def _written(rules: Path) -> Small:
    """Write the small policy into a folder of its own, beside what all policies share."""
    folder = rules / "trial"
    folder.mkdir(parents=True)
    for name in ("derivation.lp", "selection.lp", "sentences.toml", "readings.toml"):
        shutil.copy(shipped_rules() / name, rules / name)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    files = {
        "text.txt": TEXT,
        "policy.toml": ABOUT.replace("DIGEST", digest),
        "numbers.toml": NUMBERS,
        "readings.toml": READINGS,
        "rules.lp": RULES,
        "sentences.toml": SENTENCES,
        "vocabulary.toml": WORDS,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Small(policy_logic.load_rulebook(rules))


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """The small policy, without cases."""
    return _written(tmp_path / "rules")


@dataclass(frozen=True)
class Told:
    """The small policy with strong cases, what became of its mutants, and what is kept of that."""

    small: Small
    outcomes: dict[str, Outcome]
    state: Path

    @property
    def survived(self) -> set[str]:
        """What no case tells."""
        return {about for about, one in self.outcomes.items() if one.fate == "survived"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The small policy with strong cases, tried once for all tests."""
    folder = tmp_path_factory.mktemp("mutants")
    small = _written(folder / "rules").with_cases(STRONG)
    return Told(small, small.mutate(memory=folder / "trial.json"), folder)


def _fates(outcomes: dict[str, Outcome]) -> dict[str, tuple[str, str]]:
    return {about: (outcome.fate, outcome.reason) for about, outcome in outcomes.items()}


def _made(small: Small) -> dict[str, Mutant]:
    return {mutant.about: mutant for mutant in mutants(small.book, small.policy)}


@pytest.mark.parametrize(
    ("operator", "about"),
    [
        ("bound", "trial.1.revenue#1: Revenue >= Minimum -> Revenue > Minimum"),
        ("opposite", "trial.1.revenue#1: Revenue >= Minimum -> Revenue < Minimum"),
        ("step", "trial.minimum: 1000000 -> 1000001"),
        ("step", "trial.minimum: 1000000 -> 999999"),
        ("rate", "trial.rate: 0.05 -> 0.06"),
        ("tenfold", "trial.cap: 200000 -> 20000"),
        ("tenfold", "trial.cap: 200000 -> 2000000"),
        ("cap", f"trial.1.revenue#2: {CAPPED} -> Yuan = @portion(Revenue, Rate)"),
        ("rounding", f"trial.1.revenue#2: {CAPPED} -> {ROUNDED_UP}"),
        ("swap", 'trial.2#1 & trial.2#2: "trial.annual" <-> "trial.premium"'),
        ("drop", "trial.2#3: listed(Work, List) -> nothing"),
        ("negate", "trial.2#3: listed(Work, List) -> -listed(Work, List)"),
        ("reading", f"trial.3#1: {LEVELS % 'highest'} -> {LEVELS % 'cumulative'}"),
        ("rule", "trial.2#1 -> nothing"),
        ("reach", "trial.3#1: Line < Line' -> nothing"),
        ("exclusion", "trial.3#1 -> nothing"),
    ],
)
def test_an_operator_makes_what_it_says(small: Small, operator: str, about: str) -> None:
    """Each kind of mistake is made where it can be."""
    assert _made(small)[about].operator == operator


def test_no_two_mutants_are_alike(small: Small) -> None:
    """Names and digests tell mutants apart, and none leaves the policy as it is."""
    made = list(mutants(small.book, small.policy))
    assert len({mutant.about for mutant in made}) == len(made)
    assert len({mutant.key for mutant in made}) == len(made)
    assert all(mutant.applied(small.book) != small.book for mutant in made)


def test_a_dropped_condition_leaves_no_variable_alone(small: Small) -> None:
    """What the condition alone used is no longer named, so that the rule still loads."""
    dropped = _made(small)["trial.1.revenue#1: Revenue >= Minimum -> nothing"]
    assert dropped.changed_lines(small.book) == [
        '  eligible("trial.1.revenue", Work, year(Year)) :-',
        '-     number("trial.minimum", Minimum),',
        "-     split_revenue(Work, Year, Revenue),",
        "-     Revenue >= Minimum.",
        '+     number("trial.minimum", _),',
        "+     split_revenue(Work, Year, _).",
    ]
    assert refusal(dropped, small.book) is None


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ("trial.1.revenue#1: split_revenue(Work, Year, Revenue) -> nothing", "rulebook.unsafe"),
        ("trial.1.revenue#1 -> nothing", "rulebook.line_without_rule"),
        ("trial.3#1 -> nothing", "rulebook.reading_unused"),
        ("trial.minimum: 1000000 -> 1000001", None),
    ],
)
def test_what_would_not_load_is_refused(small: Small, about: str, code: str | None) -> None:
    """The checks of every rulebook are asked; a number is taken as if misread with its text."""
    problem = refusal(_made(small)[about], small.book)
    assert (problem.code if problem else None) == code


def test_a_weak_case_lets_mistakes_through_and_says_why(small: Small) -> None:
    """One case far above the bound tells the rate, not the bound, and no award at all."""
    found = _fates(small.with_cases(WEAK).mutate())
    assert found["trial.rate: 0.05 -> 0.06"] == ("killed", "")
    assert found["trial.minimum: 1000000 -> 1000001"] == ("survived", "untold")
    assert found["trial.annual: 300000 -> 300001"] == ("survived", "unreached")


def test_what_no_case_states_is_told_as_such(small: Small) -> None:
    """A case that comes out differently but states nothing of it is the nearest one."""
    silent = WEAK.replace("potential: 100_000", "review: none")
    found = small.with_cases(silent).mutate()["trial.rate: 0.05 -> 0.06"]
    assert (found.fate, found.reason) == ("survived", "unstated")
    assert found.case is not None
    assert found.case.name == "far above"


def test_strong_cases_leave_only_what_they_cannot_see(told: Told) -> None:
    """Cases at the bound, below it, and above the cap tell all but rounding and order."""
    assert told.survived == {
        f"trial.1.revenue#2: {CAPPED} -> {ROUNDED_UP}",
        "trial.3#1: Line < Line' -> nothing",
        "trial.3#1: Line < Line' -> Line <= Line'",
        "trial.3#1: Line < Line' -> Line >= Line'",
        "trial.3#1: in_play(claim(Line, Work, none, none)) -> nothing",
        "trial.3#1: in_play(claim(Line', Work, none, none)) -> nothing",
        "trial.3#1: trial_level(Line, _, _) -> nothing",
        "trial.3#1: trial_level(Line', _, _) -> nothing",
    }


def test_a_condition_that_others_imply_can_go(small: Small) -> None:
    """A date proves its listing; a sum counts only where its line is granted."""
    reasons = {about: why_equivalent(mutant, small.book) for about, mutant in _made(small).items()}
    eligible = 'eligible("trial.1.revenue", Work, year(Year))'
    assert {about: reason for about, reason in reasons.items() if reason} == {
        "trial.2#3: listed(Work, List) -> nothing": "implied",
        f"trial.1.revenue#2: {eligible} -> nothing": "asked_anyway",
        "trial.2#4: eligible(Line, Work, Occasion) -> nothing": "asked_anyway",
    }


def test_a_condition_that_only_its_own_rule_asks_is_needed(small: Small) -> None:
    """What a conclusion rests on is not shown by the rule that has lost it."""
    needed = _made(small)["trial.1.revenue#1: Revenue >= Minimum -> nothing"]
    assert why_equivalent(needed, small.book) == ""


def test_what_is_shown_to_change_nothing_changes_nothing(told: Told) -> None:
    """No case comes out differently, nor for another reason, under a mutant shown equal."""
    small = told.small
    cases = list(worked_cases(small.book.folder, "trial"))
    equal = [m for m in _made(small).values() if why_equivalent(m, small.book)]
    equal = [mutant for mutant in equal if refusal(mutant, small.book) is None]
    trial = Trial(cases, small.book, equal)
    found = [
        trial.found(case, mutant, small.policy.lines)
        for case in range(len(cases))
        for mutant in equal
    ]
    assert found
    assert not any(one.broken or one.differs for one in found)


def test_what_is_known_is_not_tried_again(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run asks nothing and finds the same; a new case is all that is tried after it."""
    memory = tmp_path / "memory.json"
    first = small.with_cases(WEAK).mutate(memory=memory)
    steps: list[Step] = []
    tried = working.tried

    def noted(world: World, plan: Sequence[Step]) -> Report:
        steps.extend(plan)
        return tried(world, plan)

    monkeypatch.setattr(working, "tried", noted)
    assert small.mutate(memory=memory) == first
    assert steps == []
    more = WEAK + STRONG.removeprefix(BASE)
    again = small.with_cases(more).mutate(memory=memory)
    assert {case for step in steps for case in step.cases} == {1, 2, 3, 4, 5}
    assert _fates(again) == _fates(small.mutate())


def test_an_interrupted_run_goes_on_where_it_was(told: Told, tmp_path: Path) -> None:
    """What was found before an interruption is kept, and the end is the same."""
    memory = tmp_path / "memory.json"

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "own" and done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        told.small.mutate(memory=memory, progress=stop)
    kept = json.loads(memory.read_text(encoding="utf-8"))["mutants"].values()
    assert any(row.get("killed_by") for row in kept)
    assert told.small.mutate(memory=memory) == told.outcomes


def test_other_rules_are_tried_anew(small: Small, told: Told, tmp_path: Path) -> None:
    """Where a rule has changed, nothing that was found of the old ones is believed."""
    memory = Path(shutil.copy(told.state / "trial.json", tmp_path / "memory.json"))
    (bound,) = [m for m in _made(small).values() if m.operator == "bound" and "Revenue" in m.about]
    other = Small(bound.applied(small.book)).with_cases(
        STRONG.replace("2026: 1_000_000}", "2026: 1_000_001}")
    )
    assert _fates(other.mutate(memory=memory)) == _fates(other.mutate())


def test_several_processes_find_what_one_does(told: Told) -> None:
    """The number of processes changes nothing that is found."""
    assert told.small.mutate(jobs=2) == told.outcomes


def test_a_case_that_fails_already_is_refused(small: Small) -> None:
    """A case that is wrong under the rules as they are would tell everything."""
    wrong = WEAK.replace("100_000", "100_001")
    with pytest.raises(RequestError, match="far above"):
        small.with_cases(wrong).mutate()


def test_an_author_records_what_changes_nothing(small: Small) -> None:
    """A row of accepted.toml takes a mutant out of the count; one about nothing is an error."""
    outcomes = tuple(small.with_cases(WEAK).mutate().values())
    before = result(small.policy, outcomes).counts()
    row = """[[accepted]]
check = "mutate.bound"
about = "trial.1.revenue#1: Revenue >= Minimum -> Revenue > Minimum"
reason = {zh = "试。", en = "A test."}
"""
    file = small.folder / "accepted.toml"
    file.write_text(row, encoding="utf-8")
    after = result(small.policy, outcomes).counts()
    assert (after.recorded, after.survived) == (1, before.survived - 1)
    assert after.made == before.made
    file.write_text(row.replace("mutate.bound", "mutate.step"), encoding="utf-8")
    with pytest.raises(RulebookError, match="no longer found"):
        result(small.policy, outcomes)


@pytest.fixture
def command(told: Told) -> Any:
    """The command over the small policy and its strong cases."""

    def mutated(*options: str) -> Any:
        shared = ("--jobs", "1", "--state", told.state, "--rules", told.small.book.folder)
        return run("rules", "mutate", *shared, *options)

    return mutated


@pytest.mark.parametrize(("share", "code"), [("50", 0), ("100", 1)])
def test_the_command_fails_below_the_share_asked(command: Any, share: str, code: int) -> None:
    """With --at-least the exit status says whether enough is told."""
    done = command("trial", "--at-least", share)
    assert (done.exit_code, done.stderr) == (code, "")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("没有算例看出的改动", "取整方向相反", "最接近的算例", "该条件可由其余条件推出")),
        ("en", ("Told by no case", "rounded the other way", "The nearest case", "follows from")),
    ],
)
def test_the_page_lists_what_survived(command: Any, lang: str, words: tuple[str, ...]) -> None:
    """File and line, clause, change and reason stand on the page, in either language."""
    page = command("--lang", lang).stdout
    for word in (*words, "rules/trial/rules.lp:", "“一、对年度分账收入", "+     Yuan = "):
        assert word in page


def test_the_numbers_of_the_document_add_up(command: Any, told: Told) -> None:
    """Each mutant is counted once, and every survivor is named."""
    (found,) = json.loads(command("--format", "json").stdout)["policies"]
    totals = found["totals"]
    parts = ("refused", "equivalent", "recorded", "killed", "survived")
    assert totals["made"] == sum(totals[part] for part in parts) == len(told.outcomes)
    assert {row["about"] for row in found["survived"]} == told.survived
    assert totals["made"] == sum(row["made"] for row in found["operators"].values())


def test_an_unknown_policy_is_named(command: Any) -> None:
    """A policy that is not there is a wrong question."""
    done = command("nowhere")
    assert done.exit_code == 2
    assert "trial" in done.stderr
