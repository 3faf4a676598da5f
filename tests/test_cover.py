"""What cases exercise of a policy: what they leave out is named with its place, and only that."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

import policy_logic
from policy_folder import shipped_rules_and
from policy_logic.cli.app import app
from policy_logic.derive.derivation import derive, models_together
from policy_logic.lab.accepted import read_accepted
from policy_logic.lab.coverage import Coverage, per_cent
from policy_logic.lab.covering import cover
from policy_logic.lab.exercised import Exerciser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from policy_logic.rulebook.policy import Rulebook

TEXT = """某区扶持办法
一、对已备案、分账收入达到100万元且未获奖的，按收入的5%奖励，每部最高10万元，每家每年最高15万元。
二、对入选年度推优的作品给予 1 万元奖励，同一作品不与前条重复。
三、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
"""
LINE = """
[line."planted.%s"]
article = "%s"
class = "monetary"
subject = ["work"]
recipient = ["first_producer"]
per = "%s"
determinacy = "exact"
review = "none"
matter = "%s"
zh = "%s"
en = "an award"
"""
ABOUT = f"""
title = {{zh = "某区扶持办法", en = "Planted measures"}}
number = ""
issuer = {{zh = "某区", en = "A district"}}
place = "liaoning"
status = "in_force"
source = "planted for this test"
text_sha256 = "DIGEST"
[validity]
clause = "本办法自 2025 年 1 月 1 日起施行，有效期 3 年。"
from = 2025-01-01
years = 3
{LINE % ("1.revenue", "一", "year", "planted_revenue", "分账奖励")}
{LINE % ("2.list", "二", "once", "planted_list", "推优奖励")}
[[uncovered]]
quote = "某区扶持办法"
reason = {{zh = "标题。", en = "Title."}}
"""
NUMBER = """
[%s]
value = %s
type = "%s"
clause = "%s"
written = "%s"
zh = "数值"
en = "a number"
"""
NUMBERS = "".join(
    NUMBER % row
    for row in (
        ("minimum", "1_000_000", "money", "分账收入达到100万元", "100万元"),
        ("rate", '"0.05"', "share", "按收入的5%", "5%"),
        ("work_cap", "100_000", "money", "每部最高10万元", "10万元"),
        ("year_cap", "150_000", "money", "每家每年最高15万元", "15万元"),
        ("listed", "10_000", "money", "给予 1 万元奖励", "1 万元"),
    )
)
READINGS = """
[prizes]
clause = "未获奖"
zh = "获奖是否排除"
en = "whether a prize bars"
values.bar = {zh = "排除", en = "it bars"}
values.allow = {zh = "不排除", en = "it does not"}
"""
RULES = """%# 某区扶持办法
%## 一 planted.1.revenue
%> 一、对已备案、分账收入达到100万元且未获奖的，按收入的5%奖励，每部最高10万元，每家每年最高15万元。
eligible("planted.1.revenue", Work, year(Year)) :-
    filed(Work),
    number("planted.minimum", Minimum),
    split_revenue(Work, Year, Revenue),
    Revenue >= Minimum,
    not planted_barred(Work).
planted_barred(Work) :-
    reading("planted.prizes", "bar"),
    award(Work, "international_festival").
amount("planted.1.revenue", Work, year(Year), Yuan) :-
    eligible("planted.1.revenue", Work, year(Year)),
    split_revenue(Work, Year, Revenue),
    number("planted.rate", Rate),
    number("planted.work_cap", Cap),
    Yuan = @at_most(@portion(Revenue, Rate), Cap).
annual_cap("planted.1.revenue", "planted.year_cap").
%## 二 planted.2.list
%> 二、对入选年度推优的作品给予 1 万元奖励，同一作品不与前条重复。
eligible("planted.2.list", Work, day(Date)) :-
    listed(Work, "annual@nrta"),
    listed_on(Work, "annual@nrta", Date).
amount("planted.2.list", Work, Occasion, Yuan) :-
    eligible("planted.2.list", Work, Occasion),
    number("planted.listed", Yuan).
higher_only(Claim, Other) :-
    Claim = claim("planted.1.revenue", Work, _, none),
    Other = claim("planted.2.list", Work, none, none),
    in_play(Claim),
    in_play(Other).
%## 三 planted.3 force
%> 三、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
% Validity stands in policy.toml.
"""
SENTENCES = """
[predicate]
"planted_barred(Work)" = {zh = "{Work}获奖而不给予", en = "a prize bars {Work}"}
"""
WORDS = """
[kind.work]
subject_of = ["planted.1.revenue", "planted.2.list"]
[kind.policy]
ids = ["planted"]
[attribute.work.split_revenue]
lines = ["planted.1.revenue"]
[line_event]
"planted.1.revenue" = "year"
"planted.2.list" = "listed_on"
[value.policy]
planted = {zh = "某区扶持办法", en = "Planted measures"}
[value.matter]
planted_revenue = {zh = "分账", en = "revenue"}
planted_list = {zh = "推优", en = "lists"}
"""
BASE: dict[str, Any] = {
    "applicant": "a",
    "as_of": "2026-06-30",
    "received": [],
    "enterprise": {"a": {"name": "甲"}},
    "work": {"w": {"first_producer": "a", "filed": True, "split_revenue": {2025: 1_000_000}}},
}
RICH = {"first_producer": "a", "filed": True, "split_revenue": {2025: 3_000_000}}
CASES: dict[str, dict[str, Any]] = {
    "at the threshold": {},
    "below": {"work.w.split_revenue.2025": 999_999},
    "not filed": {"work.w.filed": False},
    "no revenue": {"work.w.split_revenue": None},
    "above the cap": {"work.w": RICH},
    "above the yearly cap": {"work.w": RICH, "work.x": RICH},
    "a prize bars": {"work.w.award": ["international_festival"]},
    "a prize does not bar": {
        "work.w.award": ["international_festival"],
        "readings": {"planted.prizes": "allow"},
    },
    "on the list without a day": {"work.w.listed": ["annual@nrta"]},
    "on the list": {"work.w.listed_on": {"annual@nrta": "2026-01-05"}},
    "on the list alone": {
        "work.w.split_revenue": None,
        "work.w.listed_on": {"annual@nrta": "2026-01-05"},
    },
}
ELIGIBLE = "planted.1.revenue#1 "


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """A policy of two lines beside the shipped ones, without any case across policies."""
    files = {
        "text.txt": TEXT,
        "policy.toml": ABOUT,
        "numbers.toml": NUMBERS,
        "readings.toml": READINGS,
        "rules.lp": RULES,
        "sentences.toml": SENTENCES,
        "vocabulary.toml": WORDS,
    }
    book = shipped_rules_and("planted", files, tmp_path_factory.mktemp("rules"))
    shutil.rmtree(book.folder / "cases")
    return book


@pytest.fixture(autouse=True)
def _nothing_accepted(book: Rulebook) -> Iterator[None]:
    yield
    (book.folder / "planted" / "accepted.toml").unlink(missing_ok=True)


def covered(book: Rulebook, *left_out: str) -> Coverage:
    """Return what the cases exercise, some of them left out."""
    folder = book.folder / "planted" / "cases"
    folder.mkdir(exist_ok=True)
    cases = [{"name": name, "set": case} for name, case in CASES.items() if name not in left_out]
    text = yaml.safe_dump({"base": BASE, "cases": cases}, allow_unicode=True)
    (folder / "1.yaml").write_text(text, encoding="utf-8")
    (found,), count = cover([book.policies["planted"]], book)
    assert count == len(cases)
    return found


def test_cases_that_exercise_everything_leave_nothing_out(book: Rulebook) -> None:
    """The cases exercise each rule, condition, edge, cap, value and exclusion."""
    assert covered(book).missing == ()
    assert per_cent([covered(book)]) == 100


@pytest.mark.parametrize(
    ("left_out", "check", "about", "written"),
    [
        (["on the list", "on the list alone"], "rule_fired", "planted.2.list#1 ", "eligible("),
        (["not filed"], "condition_missed", ELIGIBLE + "filed(Work)", "filed(Work)"),
        (["no revenue", "on the list alone"], "condition_missed",
         ELIGIBLE + "split_revenue(Work, Year, Revenue)", "split_revenue"),
        (["at the threshold", "on the list", "on the list without a day", "a prize does not bar"],
         "threshold_met",
         ELIGIBLE + "Revenue >= Minimum", "Revenue >="),
        (["below"], "threshold_missed", ELIGIBLE + "Revenue >= Minimum", "Revenue >="),
        (["below"], "condition_missed", ELIGIBLE + "Revenue >= Minimum", "Revenue >="),
        (["a prize bars"], "exception_missed", ELIGIBLE + "not planted_barred(Work)", "not "),
        (["above the cap", "above the yearly cap"], "cap_cuts",
         "planted.1.revenue#3 @at_most(@portion(Revenue, Rate), Cap)", "Yuan ="),
        (["above the yearly cap"], "cap_cuts",
         'planted.1.revenue#4 annual_cap("planted.1.revenue", "planted.year_cap")', "annual_cap"),
        (["a prize does not bar"], "reading_used", "planted.prizes=allow", "[prizes]"),
        (["a prize bars"], "reading_used", "planted.prizes=bar", "[prizes]"),
        (["on the list"], "exclusion_decided", "planted.2.list#3 ", "higher_only("),
    ],
)  # fmt: skip
def test_what_no_case_exercises_is_named_with_its_place(
    book: Rulebook, left_out: list[str], check: str, about: str, written: str
) -> None:
    """Without the cases that exercise a thing, it is missing, at its line of its file."""
    missing = {(item.check, item.about): item for item in covered(book, *left_out).missing}
    key = next(key for key in missing if key[0] == f"cover.{check}" and key[1].startswith(about))
    place = missing[key].position
    with open(place.file, encoding="utf-8") as file:  # noqa: PTH123 - a place holds a text
        assert written in file.read().splitlines()[place.line - 1]


def test_a_condition_failed_along_with_another_is_not_covered(book: Rulebook) -> None:
    """A work neither filed nor above the threshold says nothing about either condition."""
    changed = {**CASES, "not filed": {"work.w.filed": False, "work.w.split_revenue.2025": 999_999}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CASES, "not filed", changed["not filed"])
        about = {item.about for item in covered(book).missing}
    assert about == {ELIGIBLE + "filed(Work)"}


def test_a_threshold_tells_how_near_the_cases_come(book: Rulebook) -> None:
    """Where no case just misses a threshold, the nearest that misses it is named."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CASES, "below", {"work.w.split_revenue.2025": 999_000})
        (item,) = covered(book).missing
    assert (item.check, item.nearest) == ("cover.threshold_missed", "1000")


ACCEPTED = """
[[accepted]]
check = "cover.condition_missed"
about = "planted.1.revenue#1 filed(Work)"
reason = {zh = "总是备案", en = "always filed"}
"""


def test_what_is_accepted_is_silent_and_does_not_count(book: Rulebook) -> None:
    """An accepted finding is neither missing nor part of the whole, and keeps its reason."""
    before = covered(book, "not filed").share("condition")
    (book.folder / "planted" / "accepted.toml").write_text(ACCEPTED, encoding="utf-8")
    found = covered(book, "not filed")
    assert found.missing == ()
    assert [item.accepted.en for item in found.accepted if item.accepted] == ["always filed"]
    assert before == (found.share("condition")[0], found.share("condition")[1] + 1)


def test_what_is_accepted_and_no_longer_found_is_an_error(book: Rulebook) -> None:
    """A row of accepted.toml for what cases do exercise is refused, with its line."""
    file = book.folder / "planted" / "accepted.toml"
    file.write_text(ACCEPTED, encoding="utf-8")
    with pytest.raises(policy_logic.RulebookError) as caught:
        covered(book)
    (problem,) = caught.value.problems
    assert problem.code == "accepted.gone"
    assert str(problem.where) == f"{file}:2"


def test_a_finding_accepted_twice_is_an_error(book: Rulebook) -> None:
    """Two rows for one finding would hide each other."""
    file = book.folder / "planted" / "accepted.toml"
    file.write_text(ACCEPTED * 2, encoding="utf-8")
    with pytest.raises(policy_logic.RulebookError, match="accepted twice"):
        read_accepted(file.parent)


def test_models_derived_together_are_those_derived_alone(book: Rulebook) -> None:
    """One grounding for several versions of a case gives each the atoms it has by itself."""
    versions = [BASE | {"as_of": day} for day in ("2026-06-30", "2027-01-01", "2024-12-31")]
    cases = [next(policy_logic.load_cases(version, book)) for version in versions]
    together = list(models_together(cases, book))
    assert together == [derive(case, book).model for case in cases]
    assert together[0] != together[1]


def test_what_a_case_exercises_does_not_hang_on_the_cases_before(book: Rulebook) -> None:
    """What was worked out for one case is taken for another only where it is the same."""
    cases = [
        next(policy_logic.load_cases(BASE | {"work": {"w": work}}, book))
        for work in (BASE["work"]["w"], RICH, RICH | {"filed": False})
    ]
    shared = Exerciser(book)
    for case in (*cases, *cases):
        model = derive(case, book).model
        found, alone = shared.exercise(model), Exerciser(book).exercise(model)
        assert found == alone
    assert len({shared.exercise(derive(case, book).model).fired for case in cases}) > 1


def run(*arguments: object) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


EXAMPLE = """\
applicant: a
as_of: 2026-06-30
received: []
enterprise: {a: {main_businesses: [production], operating_revenue: {2025: 5_000_000}}}
"""


def test_the_gate_names_what_is_missing_and_ends_with_one(tmp_path: Path) -> None:
    """Too little coverage is exit status 1, with each missing thing by file and line."""
    facts = tmp_path / "case.yaml"
    facts.write_text(EXAMPLE, encoding="utf-8")
    told = run("rules", "cover", "datong", "--cases", facts, "--at-least", 50, "--lang", "en")
    assert told.exit_code == 1
    assert "rules.lp:286: no case just misses the threshold: datong.2-4.revenue#2" in told.stdout
    assert "less than the 50% asked for" in told.stderr
    assert run("rules", "cover", "datong", "--cases", facts, "--at-least", 1).exit_code == 0


def test_the_json_has_every_item_with_its_place_and_its_cases(tmp_path: Path) -> None:
    """A program finds what was exercised, how often, and where it stands."""
    facts = tmp_path / "case.yaml"
    facts.write_text(EXAMPLE, encoding="utf-8")
    told = json.loads(run("rules", "cover", "datong", "--cases", facts, "--format", "json").stdout)
    items = {(i["check"], i["about"]): i for p in told["policies"] for i in p["items"]}
    met = items["cover.threshold_met", "datong.2-4.revenue#2 Revenue >= Minimum"]
    assert (met["cases"], met["nearest"], met["missing"]) == (1, "0", False)
    assert met["place"].endswith("rules.lp:286")


def test_the_page_shows_each_clause_with_its_rules_and_counts(tmp_path: Path) -> None:
    """The page quotes every clause, writes every rule, and says in words what no case does."""
    facts = tmp_path / "case.yaml"
    facts.write_text(EXAMPLE, encoding="utf-8")
    for language, none in (("zh", "✗ 无"), ("en", "✗ none")):
        run("rules", "cover", "pingyuan", "--cases", facts, "--pages", tmp_path, "--lang", language)
        page = (tmp_path / "pingyuan.html").read_text(encoding="utf-8")
        policy = policy_logic.load_rulebook().policies["pingyuan"]
        assert all(quote.split("“")[0] in page for s in policy.sections for quote in s.quotes)
        assert none in page
        assert "<script" not in page


def test_a_folder_for_pages_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Nothing is counted for pages that could not be written."""
    told = run("rules", "cover", "pingyuan", "--pages", tmp_path / "none", "--lang", "en")
    assert told.exit_code == 2
    assert "There is no folder" in told.stderr


def test_the_worked_cases_exercise_all_of_the_five_policies() -> None:
    """Every rule, condition, threshold at both sides, cap, reading and exclusion has its case."""
    book = policy_logic.load_rulebook()
    found, _ = cover(list(book.policies.values()), book)
    missing = [f"{i.position}: {i.check}: {i.about}" for c in found for i in c.missing]
    assert missing == []
