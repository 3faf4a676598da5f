"""What the first policy does not have: listings, open sums, drafts, and clauses of two policies.

The invented policy is a folder like any other; no line of the program knows it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import policy_logic
from policy_folder import shipped_rules_and
from policy_logic.derive.claims import Claim

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decided, Decision
    from policy_logic.rulebook.policy import Rulebook

TEXT = """某省扶持办法（草案）
一、对入选年度推优或者精品工程的作品，每部给予最高不超过 20 万元奖励。
二、对获得国际节展奖项的作品，酌情给予奖励。
三、对年度分账收入达到 100 万元的作品，按年度分账收入的 5% 给予第一出品方奖励。
四、本办法自发布之日起施行，有效期 1 年。
"""
ABOUT = """
title = {zh = "某省扶持办法", en = "Invented measures"}
number = ""
issuer = {zh = "某省", en = "Invented Province"}
place = "liaoning"
status = "draft"
source = "invented for this test"
text_sha256 = "DIGEST"
[validity]
clause = "本办法自发布之日起施行，有效期 1 年。"
years = 1
[line."invented.1.selection"]
article = "一"
class = "monetary"
subject = ["work"]
recipient = ["first_producer", "production_body"]
per = "once"
determinacy = "ceiling"
review = "none"
matter = "its trigger"
zh = "推优奖励"
en = "award for a selection"
[line."invented.2.festival"]
article = "二"
class = "monetary"
subject = ["work"]
recipient = ["first_producer"]
per = "once"
determinacy = "open"
review = "required"
matter = "festival"
zh = "节展奖励"
en = "award for a festival"
[line."invented.3.revenue"]
article = "三"
class = "monetary"
subject = ["work"]
recipient = ["first_producer"]
per = "year"
determinacy = "exact"
review = "none"
matter = "revenue_share"
zh = "分账奖励"
en = "award by split revenue"
[[uncovered]]
quote = "某省扶持办法（草案）"
reason = {zh = "标题。", en = "Title."}
"""
NUMBERS = """
[selection]
value = 200_000
type = "money"
clause = "每部给予最高不超过 20 万元奖励"
written = "20 万元"
zh = "推优奖励上限"
en = "ceiling of the selection award"
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
clause = "按年度分账收入的 5%"
written = "5%"
zh = "分账奖励比例"
en = "rate of the split-revenue award"
"""
RULES = """
%# 某省扶持办法
%## 一 invented.1.selection
%> 一、对入选年度推优或者精品工程的作品，每部给予最高不超过 20 万元奖励。
selecting_list("invented.1.selection", "annual@nrta").
selecting_list("invented.1.selection", "premium_project@nrta").
eligible(Line, Work, listing(List, Date)) :-
    selecting_list(Line, List),
    listed(Work, List),
    listed_on(Work, List, Date).
amount(Line, Work, listing(List, Date), Yuan) :-
    selecting_list(Line, List),
    eligible(Line, Work, listing(List, Date)),
    number("invented.selection", Yuan).
%## 二 invented.2.festival
%> 二、对获得国际节展奖项的作品，酌情给予奖励。
eligible("invented.2.festival", Work, day(Date)) :-
    award(Work, "international_festival"),
    awarded_on(Work, "international_festival", Date).
%## 三 invented.3.revenue
%> 三、对年度分账收入达到 100 万元的作品，按年度分账收入的 5% 给予第一出品方奖励。
eligible("invented.3.revenue", Work, year(Year)) :-
    number("invented.minimum", Minimum),
    split_revenue(Work, Year, Revenue),
    Revenue >= Minimum.
amount("invented.3.revenue", Work, year(Year), Yuan) :-
    eligible("invented.3.revenue", Work, year(Year)),
    split_revenue(Work, Year, Revenue),
    number("invented.rate", Rate),
    Yuan = @portion(Revenue, Rate).
%## 四 invented.4 force
%> 四、本办法自发布之日起施行，有效期 1 年。
% Validity stands in policy.toml.
"""
SENTENCES = """
[predicate]
"selecting_list(Line, List)" = {zh = "{Line}奖励{List}", en = "{Line} rewards {List}"}
"""
WORDS = """
[kind.work]
subject_of = ["invented.1.selection", "invented.2.festival", "invented.3.revenue"]
[kind.policy]
ids = ["invented"]
[attribute.work.split_revenue]
lines = ["invented.3.revenue"]
[line_event]
"invented.1.selection" = "listed_on"
"invented.2.festival" = "awarded_on"
"invented.3.revenue" = "year"
[value.policy]
invented = {zh = "某省扶持办法", en = "Invented measures"}
"""
CASE: dict[str, Any] = {
    "applicant": "a",
    "as_of": date(2026, 6, 30),
    "received": [],
    "assume_in_force": {"invented": date(2025, 12, 1)},
    "enterprise": {"a": {"main_businesses": ["production"], "registered_in": "datong"}},
    "work": {
        "w": {
            "first_producer": "a",
            "creator": "a",
            "filed": True,
            "distribution_licence": True,
            "online_on": ["major_video_site"],
            "orientation": "horizontal",
            "split_revenue": {2025: 3_000_000},
            "listed_on": {
                "annual@nrta": date(2026, 1, 5),
                "premium_project@nrta": date(2026, 2, 5),
            },
            "awarded_on": {"international_festival": date(2026, 3, 5)},
        }
    },
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped rules with one more folder beside them."""
    files = {
        "text.txt": TEXT,
        "policy.toml": ABOUT,
        "numbers.toml": NUMBERS,
        "readings.toml": "",
        "rules.lp": RULES,
        "sentences.toml": SENTENCES,
        "vocabulary.toml": WORDS,
    }
    return shipped_rules_and("invented", files, tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def decision(book: Rulebook) -> Decision:
    """The case decided."""
    return policy_logic.plan(CASE, book=book)


def _of(decision: Decision, line: str, trigger: str | None = None) -> Decided:
    found = [d for d in decision.candidates if (d.claim.line, d.claim.trigger) == (line, trigger)]
    return found[0]


def test_each_listing_is_a_candidate_and_one_is_chosen(decision: Decision) -> None:
    """Two listings give two candidates of one line; at most one of them is filed."""
    line = "invented.1.selection"
    both = [_of(decision, line, name) for name in ("annual@nrta", "premium_project@nrta")]
    assert sum(decided.chosen for decided in both) <= 1
    assert all(decided.amount.firm == 0 for decided in both), "a ceiling is not an entitlement"
    assert all(decided.amount.potential == 200_000 for decided in both)


def test_the_clause_of_one_policy_reaches_the_other(decision: Decision) -> None:
    """Datong's clause on overlap sets its lines against those of the same matter elsewhere."""
    own = _of(decision, "datong.2-1.horizontal")
    other = _of(decision, "invented.3.revenue")
    assert own.chosen
    assert not other.chosen
    assert other.rejection is not None
    assert other.rejection.kind == "excluded_by"
    assert other.rejection.by == (Claim("datong.2-1.horizontal", "w", 2025, None),)
    assert "就高不重复" in other.rejection.clause


def test_the_better_listing_is_left_to_the_policy_that_pays_it_more(decision: Decision) -> None:
    """Of two listings the dearer Datong line is kept and the other listing serves elsewhere."""
    premium = _of(decision, "datong.2-3.premium_project.national")
    elsewhere = _of(decision, "invented.1.selection", "annual@nrta")
    assert premium.chosen
    assert elsewhere.chosen
    assert not _of(decision, "datong.2-3.annual_excellent.national").chosen


def test_an_open_line_is_filed_without_a_sum(decision: Decision) -> None:
    """What is decided case by case is chosen with nothing paid."""
    festival = _of(decision, "invented.2.festival")
    assert festival.chosen
    assert (festival.amount.potential, festival.paid.potential) == (0, 0)


def test_a_draft_that_is_assumed_to_be_in_force_is_hypothetical(decision: Decision) -> None:
    """Its claims are marked, its part of the total is told apart, and a notice says so."""
    assert _of(decision, "invented.1.selection", "annual@nrta").hypothetical
    assert not _of(decision, "datong.2-1.horizontal").hypothetical
    assert decision.hypothetical.potential == 200_000
    assert "assumed_in_force" in {notice.kind for notice in decision.notices}


def test_a_draft_without_a_day_is_refused_for_want_of_it(book: Rulebook) -> None:
    """Without an assumption the missing day of publication is the unknown fact."""
    case = {key: value for key, value in CASE.items() if key != "assume_in_force"}
    decision = policy_logic.plan(case, book=book)
    refused = {
        (target.line, target.trigger): {getattr(leaf, "fact", "") for leaf in refusal.leaves()}
        for target, refusal in decision.refusals or ()
    }
    assert "policy.invented.published_on" in refused["invented.3.revenue", None]
    assert ("invented.1.selection", "annual@nrta") in refused
    assert all(decided.policy == "datong" for decided in decision.candidates)


def test_a_day_of_publication_puts_it_in_force(book: Rulebook) -> None:
    """A fact about the policy makes its claims real; its term ends before the anniversary."""
    case = {**CASE, "policy": {"invented": {"published_on": date(2025, 12, 1)}}}
    del case["assume_in_force"]
    decision = policy_logic.plan(case, book=book)
    assert not _of(decision, "invented.1.selection", "annual@nrta").hypothetical


def test_a_grant_by_another_listing_uses_up_the_line(book: Rulebook) -> None:
    """One listing was paid: the line is used up, and Datong's line for it is barred."""
    grant = {"line": "invented.1.selection", "subject": "w", "trigger": "annual@nrta",
             "amount": 150_000}  # fmt: skip
    decision = policy_logic.plan({**CASE, "received": [grant]}, book=book)
    for line, trigger in (
        ("invented.1.selection", "annual@nrta"),
        ("invented.1.selection", "premium_project@nrta"),
        ("datong.2-3.annual_excellent.national", None),
    ):
        rejection = _of(decision, line, trigger).rejection
        assert rejection is not None
        assert rejection.kind == "already_received"
    assert _of(decision, "datong.2-3.premium_project.national").chosen


def test_an_open_line_takes_the_sum_that_a_review_fixed(book: Rulebook) -> None:
    """A sum fixed case by case is firm."""
    review = {"line": "invented.2.festival", "subject": "w", "outcome": "passed", "amount": 90_000}
    decision = policy_logic.plan({**CASE, "review": [review]}, book=book)
    festival = _of(decision, "invented.2.festival")
    assert (festival.amount.firm, festival.paid.firm) == (90_000, 90_000)
