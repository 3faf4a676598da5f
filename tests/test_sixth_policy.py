"""A sixth policy is a folder and nothing else: its own place, attributes, words and clauses."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import policy_logic
from policy_folder import shipped_rules_and
from policy_logic.derive.summaries import Summary
from policy_logic.prove.proof import Leaf, walk
from policy_logic.prove.refusal import Failed
from policy_logic.tell.account import account
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decided, Decision
    from policy_logic.rulebook.policy import Rulebook

TEXT = """平城区扶持办法
一、对在本区取景 3 处以上且每处不少于 30 秒的，给予 2 万元，每满 5 集再给 1 万元，最高 10 万元。
二、对作品在各平台的推广费用合计，按 10% 给予补助。
三、对开放满 2 年的放映点给予 5 万元补助。
四、同一事项符合大同市多项政策的，就高不重复。
五、本办法自 2026 年 1 月 1 日起施行，有效期 2 年。
"""
WORDS = """
version = 1
further_lines = []
[kind.work]
zh = "微短剧作品"
en = "micro-drama"
subject_of = ["pingcheng.1.scenes", "pingcheng.2.promotion", "pingcheng.3.screen"]
[attribute.work.episodes]
type = "integer"
zh = "集数"
en = "number of episodes"
ask = "共有多少集？"
lines = ["pingcheng.1.scenes"]
[attribute.work.promotion_cost]
type = "money"
index = ["platform"]
zh = "各平台推广费用"
en = "cost of promotion by platform"
ask = "各平台的推广费用是多少（元）？"
lines = ["pingcheng.2.promotion"]
[attribute.work.screened_since]
type = "date"
zh = "放映点开放日期"
en = "day the screen opened"
ask = "放映点何日开放？"
lines = ["pingcheng.3.screen"]
[value.place]
pingcheng = {zh = "平城区", en = "Pingcheng District", within = "datong"}
[value.policy]
pingcheng = {zh = "平城区扶持办法", en = "Pingcheng measures"}
[value.matter]
"scenes@pingcheng" = {zh = "取景（平城）", en = "locations, Pingcheng"}
"promotion@pingcheng" = {zh = "推广费用（平城）", en = "promotion, Pingcheng"}
"screen@pingcheng" = {zh = "放映点（平城）", en = "screens, Pingcheng"}
[line_event]
"pingcheng.1.scenes" = "aired_on"
"pingcheng.2.promotion" = "aired_on"
"pingcheng.3.screen" = "as_of"
[line_matter]
"pingcheng.1.scenes" = "scenes@pingcheng"
"pingcheng.2.promotion" = "promotion@pingcheng"
"pingcheng.3.screen" = "screen@pingcheng"
[kind.policy]
zh = "政策文件"
en = "policy document"
ids = ["pingcheng"]
subject_of = []
"""
LINE = """
[line."pingcheng.{name}"]
article = "{article}"
class = "monetary"
subject = ["work"]
recipient = ["first_producer"]
per = "once"
determinacy = "exact"
review = "none"
matter = "{matter}"
zh = "{zh}"
en = "{en}"
"""
ABOUT = (
    """
title = {zh = "平城区扶持办法", en = "Pingcheng measures"}
number = ""
issuer = {zh = "平城区", en = "Pingcheng District"}
place = "pingcheng"
status = "in_force"
source = "invented for this test"
text_sha256 = "DIGEST"
[validity]
clause = "五、本办法自 2026 年 1 月 1 日起施行，有效期 2 年。"
from = 2026-01-01
years = 2
[[uncovered]]
quote = "平城区扶持办法"
reason = {zh = "标题。", en = "Title."}
"""
    + LINE.format(
        name="1.scenes", article="一", matter="scenes@pingcheng", zh="取景奖励", en="location award"
    )
    + LINE.format(
        name="2.promotion",
        article="二",
        matter="promotion@pingcheng",
        zh="推广补助",
        en="promotion",
    )
    + LINE.format(
        name="3.screen", article="三", matter="screen@pingcheng", zh="放映点补助", en="screen grant"
    )
)
NUMBER = """
[{name}]
value = {value}
type = "{type}"
clause = "{clause}"
written = "{written}"
zh = "{name}"
en = "{name}"
"""
NUMBERS = "".join(
    NUMBER.format(name=name, value=value, type=kind, clause=clause, written=written)
    for name, value, kind, clause, written in (
        ("places", 3, "integer", "取景 3 处以上", "3 处"),
        ("seconds", 30, "integer", "每处不少于 30 秒", "30 秒"),
        ("first", 20_000, "money", "给予 2 万元", "2 万元"),
        ("episodes", 5, "integer", "每满 5 集", "5 集"),
        ("more", 10_000, "money", "再给 1 万元", "1 万元"),
        ("most", 100_000, "money", "最高 10 万元", "10 万元"),
        ("rate", '"0.1"', "share", "按 10% 给予补助", "10%"),
        ("years", 2, "integer", "对开放满 2 年的放映点", "2 年"),
        ("screen", 50_000, "money", "给予 5 万元补助", "5 万元"),
    )
)
RULES = """
%## 一 pingcheng.1.scenes
%> 一、对在本区取景 3 处以上且每处不少于 30 秒的，给予 2 万元，每满 5 集再给 1 万元，最高 10 万元。
eligible("pingcheng.1.scenes", Work, day(Date)) :-
    number("pingcheng.places", Count),
    number("pingcheng.seconds", Minimum),
    scene_seconds_ranked(Work, "pingcheng", Count, Seconds),
    Seconds >= Minimum,
    aired_on(Work, Date).
amount("pingcheng.1.scenes", Work, Occasion, Yuan) :-
    eligible("pingcheng.1.scenes", Work, Occasion),
    episodes(Work, Episodes),
    number("pingcheng.first", First),
    number("pingcheng.episodes", Unit),
    number("pingcheng.more", More),
    number("pingcheng.most", Most),
    Yuan = @at_most(@plus(First, @times(More, @wholes(Episodes, Unit))), Most).
%## 二 pingcheng.2.promotion
%> 二、对作品在各平台的推广费用合计，按 10% 给予补助。
eligible("pingcheng.2.promotion", Work, day(Date)) :-
    first_producer(Work, Enterprise),
    registered_in(Enterprise, "datong"),
    aired_on(Work, Date).
amount("pingcheng.2.promotion", Work, Occasion, Yuan) :-
    eligible("pingcheng.2.promotion", Work, Occasion),
    promotion_cost_total(Work, Cost),
    number("pingcheng.rate", Rate),
    Yuan = @portion(Cost, Rate).
%## 三 pingcheng.3.screen
%> 三、对开放满 2 年的放映点给予 5 万元补助。
eligible("pingcheng.3.screen", Work, day(Date)) :-
    as_of(Date),
    number("pingcheng.years", Years),
    screened_since(Work, Opened),
    Date >= @anniversary(Opened, Years).
amount("pingcheng.3.screen", Work, Occasion, Yuan) :-
    eligible("pingcheng.3.screen", Work, Occasion),
    number("pingcheng.screen", Yuan).
%## 四 pingcheng.4 the higher, not both
%> 四、同一事项符合大同市多项政策的，就高不重复。
one_matter("promotion@pingcheng", "shooting_cost@datong").
higher_only(Claim, Other) :-
    same_matter(Claim, Other),
    of_policy(Claim, "pingcheng"),
    in_place(Other, "datong").
"""
CASE: dict[str, Any] = {
    "applicant": "yun",
    "as_of": date(2026, 12, 1),
    "received": [],
    "enterprise": {"yun": {"registered_in": "pingcheng", "main_businesses": ["production"]}},
    "work": {
        "w": {
            "first_producer": "yun",
            "aired_on": date(2026, 3, 1),
            "scene_seconds": {"pingcheng": {"wall": 30, "gate": 31, "tower": 90, "lane": 5}},
            "episodes": 24,
            "promotion_cost": {"douyin": 100_003, "hongguo": 200_000},
            "screened_since": date(2024, 2, 29),
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
        "sentences.toml": "[predicate]\n[notice]\n",
        "vocabulary.toml": WORDS,
    }
    return shipped_rules_and("pingcheng", files, tmp_path_factory.mktemp("rules"))


def _decide(book: Rulebook, **changes: Any) -> Decision:
    """Decide the case with some of the work's facts changed, and some keys of the case."""
    case = copy.deepcopy(CASE)
    for name, value in changes.items():
        (case if name in {"received", "readings"} else case["work"]["w"])[name] = value
    return policy_logic.plan(case, book=book)


def _claims(decision: Decision) -> dict[str, Decided]:
    return {str(decided.claim): decided for decided in decision.candidates}


def test_new_attributes_places_and_functions_come_to_the_right_sums(book: Rulebook) -> None:
    """The third longest scene, whole fives of episodes, a total over platforms, two years."""
    amounts = {name: d.amount.potential for name, d in _claims(_decide(book)).items()}
    assert amounts == {
        "pingcheng.1.scenes/w": 60_000,
        "pingcheng.2.promotion/w": 30_000,
        "pingcheng.3.screen/w": 50_000,
    }


def test_too_few_and_too_short_are_told_apart(book: Rulebook) -> None:
    """Two scenes are one short; three of which one is short miss seconds."""
    for scenes, condition, actual in (
        ({"wall": 30, "gate": 31}, "count(scene_seconds.pingcheng) >= 3", "2"),
        ({"wall": 30, "gate": 31, "lane": 29}, "scene_seconds >= 30", "29"),
    ):
        decision = _decide(book, scene_seconds={"pingcheng": scenes})
        refusal = next(r for t, r in decision.refusals or () if t.line == "pingcheng.1.scenes")
        failed = [leaf for leaf in refusal.leaves() if isinstance(leaf, Failed)]
        assert [(leaf.condition, leaf.actual, leaf.short_by) for leaf in failed] == [
            (condition, actual, "1")
        ]


def test_no_figure_at_all_is_unknown(book: Rulebook) -> None:
    """What is summed or counted is complete as given, yet nothing given is not nothing."""
    decision = _decide(book, scene_seconds={}, promotion_cost={})
    refusals = {t.line: list(r.leaves()) for t, r in decision.refusals or ()}
    facts = [getattr(leaf, "fact", "") for leaf in refusals["pingcheng.1.scenes"]]
    assert facts == ["work.w.scene_seconds.pingcheng"]
    facts = [getattr(leaf, "fact", "") for leaf in refusals["pingcheng.2.promotion"]]
    assert facts == ["work.w.promotion_cost"]


def test_an_anniversary_is_the_same_day_later(book: Rulebook) -> None:
    """One day short of two years is short; after 29 February the 28th completes the year."""
    assert "pingcheng.3.screen/w" in _claims(_decide(book, screened_since=date(2024, 12, 1)))
    assert "pingcheng.3.screen/w" not in _claims(_decide(book, screened_since=date(2024, 12, 2)))


def test_a_proof_shows_the_figures_that_were_taken_together(book: Rulebook) -> None:
    """A sum has its parts as evidence, in both languages."""
    (answer,) = policy_logic.why(CASE, "pingcheng.2.promotion", "w", book=book)
    leaves = [leaf for leaf in walk(answer.potential) if isinstance(leaf, Leaf)]  # type: ignore[union-attr]
    (summary,) = [leaf.origin for leaf in leaves if isinstance(leaf.origin, Summary)]
    assert [fact.value for fact in summary.facts] == [100_003, 200_000]
    planner = policy_logic.planner(CASE, book=book)
    chinese = "\n".join(account(answer, Wording(planner.derivation, "zh")).lines())
    assert "各平台推广费用" in chinese
    assert (
        "10.0003 万元（100,003 元） + 20 万元（200,000 元），合计30.0003 万元（300,003 元）"
        in chinese
    )
    english = "\n".join(account(answer, Wording(planner.derivation, "en")).lines())
    assert "100,003 yuan + 200,000 yuan, together 300,003 yuan" in english


def test_what_lies_in_a_district_lies_in_its_city(book: Rulebook) -> None:
    """A firm of the district is one of the city; costs in the district are costs in the city."""
    shooting = {
        "filed": True,
        "distribution_licence": True,
        "online_on": ["major_video_site"],
        "local_elements": {"datong": True},
        "tells_story": {"datong": True},
        "footage_share": {"datong": Decimal("0.5")},
        "split_revenue": {2026: 500_000},
        "support_cost": {"pingcheng": 400_000, "datong": 300_005},
    }
    case = copy.deepcopy(CASE)
    case["as_of"] = date(2027, 6, 30)
    case["readings"] = {"datong.registration": "required"}
    case["work"]["w"].update(shooting)
    claims = _claims(policy_logic.plan(case, book=book))
    assert claims["datong.2-2.shooting/w/2026"].amount.potential == 70_000
    assert not claims["pingcheng.2.promotion/w"].chosen, "one matter with the higher Datong line"


def test_support_of_the_city_bars_and_support_from_elsewhere_does_not(book: Rulebook) -> None:
    """A clause that reaches one city looks at the place of what was received."""
    for place, chosen in (
        ("datong", False),
        ("pingcheng", False),
        ("shanxi", True),
        ("ganzhou", True),
    ):
        grant = {
            "policy": "某办法",
            "place": place,
            "matter": "promotion@pingcheng",
            "subject": "w",
        }
        decision = _decide(book, received=[{**grant, "amount": 10}])
        assert _claims(decision)["pingcheng.2.promotion/w"].chosen is chosen, place


@pytest.mark.parametrize(
    ("grants", "paid"), [([9_000], 21_000), ([9_000, 11_000, 1], 9_999), ([9_000, 21_000], None)]
)
def test_several_lower_grants_are_topped_up_by_what_is_left(
    book: Rulebook, grants: list[int], paid: int | None
) -> None:
    """Everything received for the matter is taken off; where nothing is left, it stays barred."""
    rows = [
        {"policy": f"某办法{n}", "place": "datong", "matter": "promotion@pingcheng", "subject": "w",
         "amount": amount}
        for n, amount in enumerate(grants)
    ]  # fmt: skip
    claim = _claims(_decide(book, received=rows))["pingcheng.2.promotion/w"]
    assert not claim.chosen
    topped = _decide(book, received=rows, readings={"top_up": "difference"})
    claim = _claims(topped)["pingcheng.2.promotion/w"]
    assert claim.chosen is (paid is not None)
    assert claim.paid.firm == (paid or 0)


def test_shared_readings_quote_words_of_the_texts() -> None:
    """A reading of no policy has its clause in some text."""
    book = policy_logic.load_rulebook()
    shared = [reading for reading in book.readings.values() if not reading.policy]
    assert shared
    for reading in shared:
        assert any(policy.text.places(reading.clause) for policy in book.policies.values())
