"""The nearest changes: what would make a refused line hold, by hand from the texts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import policy_logic
from policy_logic import api
from policy_logic.cli.app import app
from policy_logic.errors import Position
from policy_logic.facts.plain_source import node_of_plain

EXAMPLES = Path(__file__).resolve().parents[1] / "facts" / "examples"
STUDIO = EXAMPLES / "datong-studio.yaml"
BOOK = policy_logic.load_rulebook()

SMALL = """
applicant: a
as_of: 2026-06-30
received: []
enterprise:
  a: {name: 甲, main_businesses: [production]}
  b: {name: 乙, main_businesses: [production]}
work:
  near: {title: 近, first_producer: a, orientation: horizontal, filed: true,
         distribution_licence: true, online_on: [major_video_site],
         split_revenue: {2025: 1_999_999, 2026: 1_999_999}}
  two: {title: 两处, first_producer: a, orientation: vertical, filed: false,
        distribution_licence: true, online_on: [major_video_site],
        split_revenue: {2026: 900_000}}
  other: {title: 他人, first_producer: b, orientation: horizontal, filed: true,
          distribution_licence: true, online_on: [major_video_site],
          split_revenue: {2026: 2_000_000}}
"""
FULL = """
  large: {title: 大, first_producer: a, orientation: horizontal, filed: true,
          distribution_licence: true, online_on: [major_video_site],
          split_revenue: {2026: 20_000_000}}
  next: {title: 次, first_producer: a, orientation: horizontal, filed: true,
         distribution_licence: true, online_on: [major_video_site],
         split_revenue: {2026: 6_000_000}}
"""
FAILED = """
review:
  - {line: datong.2-1.horizontal, subject: near, outcome: failed}
"""
PLANNED = """
applicant: a
as_of: 2026-06-30
enterprise:
  a: {name: 甲, kind: enterprise, main_businesses: [other], film_television_enterprise: true}
  b: {name: 乙}
work:
  draft: {title: 未播, first_producer: a, production_body: a, filed: false,
          footage_share: {datong: 0.2}, local_elements: {datong: true}, tells_story: {datong: true},
          distribution_licence: true, wrapped_on: 2026-03-01,
          support_cost: {datong: 900_000, liaoning: 100_000}, split_revenue: {2026: 500_000}}
rd_project:
  tool: {name: 工具, undertaker: a, topics: [creation_tool], investment: 1_000_000,
         significant_results: true, completed_on: 2026-09-01}
event:
  fair: {name: 展会, organiser: a, kind: salon, held_on: 2026-09-01, held_in: datong,
         promotes_industry: {pingyuan: true}, eligible_cost: 50_000}
policy:
  pingyuan: {published_on: 2026-01-01}
"""

HELD_BY_ANOTHER = """
applicant: a
as_of: 2026-06-30
assume_in_force: {ganzhou: 2025-07-01}
enterprise:
  a: {name: 甲, kind: enterprise, registered_in: ganzhou, micro_drama_enterprise: true}
  b: {name: 乙, kind: enterprise, registered_in: ganzhou, micro_drama_enterprise: true}
work:
  w: {title: 作品, creator: a, copyright_holder: b, aired_on: 2026-01-01,
      listed_on: {annual@nrta: 2026-02-01}}
"""


def run(*arguments: object) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


def answers(facts: Path, *asked: object) -> list[dict[str, Any]]:
    """Return the answers that ``nearest`` prints as JSON."""
    done = run("nearest", facts, *asked, "--format", "json")
    assert done.exit_code == 0, done.output
    return list(json.loads(done.stdout)["answers"])


def answer(facts: Path, *asked: object) -> dict[str, Any]:
    """Return the one answer that ``nearest`` prints as JSON."""
    (found,) = answers(facts, *asked)
    return found


def moves(found: dict[str, Any]) -> list[dict[str, str]]:
    """Return the values of each set by path, the first of each part."""
    return [{part[0]["path"]: part[0]["after"] for part in one["parts"]} for one in found["sets"]]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a case with works that just miss."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    """Give a case of works and projects that are not finished."""
    file = tmp_path / "planned.yaml"
    file.write_text(PLANNED, encoding="utf-8")
    return file


def test_one_yuan_is_missing(small: Path) -> None:
    """横屏 200 万元及以上: one more yuan this year pays 10% of 2,000,000, after a review."""
    found = answer(small, "datong.2-1.horizontal", "near", 2026)
    assert moves(found) == [{"work.near.split_revenue.2026": "2000000"}]
    (one,) = found["sets"]
    assert one["difference"] == {"firm": 0, "potential": 200_000}
    ((move,),) = one["parts"]
    assert (move["to_be"], move["by"]) == ("changed", "applicant")
    assert (move["least"], move["most"]) == ("2000000", None)
    assert one["cost"]["money"] == 1


def test_the_figure_of_a_year_that_is_over_stays(small: Path) -> None:
    """Of 2025 no yuan can be added in 2026: the figure is named as the reason."""
    found = answer(small, "datong.2-1.horizontal", "near", 2025)
    assert found["sets"] == []
    (obstacle,) = found["obstacles"]
    assert (obstacle["kind"], obstacle["fact"]) == ("past_year", "work.near.split_revenue.2025")
    page = run("nearest", small, "datong.2-1.horizontal", "near", 2025, "--lang", "en").stdout
    assert "that year is over, its figures stay" in page


def test_each_year_that_could_serve_is_looked_at() -> None:
    """增量 200 万元: 2,000,000 more in 2026 than 9,800,000, of which 5% are paid."""
    found = {one["year"]: one for one in answers(STUDIO, "datong.2-4.growth")}
    assert list(found) == [2024, 2025, 2026]
    assert found[2025]["held"]["claim"] == "datong.2-4.growth/yunzhong/2025"
    assert moves(found[2026]) == [{"enterprise.yunzhong.operating_revenue.2026": "11800000"}]
    assert found[2026]["sets"][0]["difference"]["potential"] == 100_000
    assert [obstacle["kind"] for obstacle in found[2024]["obstacles"]] == ["in_force"]


def test_growth_without_any_figure_needs_both_years(small: Path) -> None:
    """Of a company without figures: 5,000,000 in the year before, 2,000,000 more this year."""
    found = {one["year"]: one for one in answers(small, "datong.2-4.growth", "a")}
    assert moves(found[2026]) == [
        {
            "enterprise.a.operating_revenue.2025": "5000000",
            "enterprise.a.operating_revenue.2026": "7000000",
        }
    ]


def test_a_share_has_to_be_exceeded_while_the_work_is_not_finished(planned: Path) -> None:
    """超过总片长 20%: exactly 20% is not enough, the next hundredth of a percent is."""
    found = answer(planned, "datong.2-2.shooting", "draft", 2026)
    assert {one["work.draft.footage_share.datong"] for one in moves(found)} == {"0.2001"}
    stuck = answer(STUDIO, "datong.2-2.shooting", "yungang", 2025)
    assert stuck["sets"] == []
    assert [obstacle["kind"] for obstacle in stuck["obstacles"]] == ["settled"]


def test_two_conditions_have_to_change_at_once(small: Path) -> None:
    """竖屏 100 万元及以上, 按相关规定完成备案: 10% of 1,000,000; neither alone is enough."""
    found = answer(small, "datong.2-1.vertical", "two", 2026)
    assert moves(found) == [{"work.two.filed": "true", "work.two.split_revenue.2026": "1000000"}]
    assert found["sets"][0]["difference"]["potential"] == 100_000


def test_a_full_cap_pays_nothing_more(tmp_path: Path) -> None:
    """1,500,000 and 600,000 fill 每家企业每年 200 万元: 200,000 more on its own add nothing."""
    file = tmp_path / "full.yaml"
    file.write_text(SMALL + FULL, encoding="utf-8")
    found = answer(file, "datong.2-1.horizontal", "near", 2026)
    (one,) = found["sets"]
    assert moves(found) == [{"work.near.split_revenue.2026": "2000000"}]
    assert (found["before"]["potential"], one["after"]["potential"]) == (2_000_000, 2_000_000)
    assert one["claim"]["amount"]["potential"] == 200_000
    assert one["full_cap"] == "datong.revenue_share_enterprise_cap"
    page = run("nearest", file, "datong.2-1.horizontal", "near", 2026, "--lang", "en").stdout
    assert "the total does not rise" in page


def test_unknown_facts_have_to_be_shown_rather_than_changed() -> None:
    """10% of a support cost below ten yuan is less than one yuan; the share must exceed 20%."""
    found = answer(STUDIO, "datong.2-2.shooting", "xuankong", 2025)
    (one,) = found["sets"]
    assert one["cost"] == {"changes": 0, "changes_by_others": 0, "to_show": 4, "money": 0}
    assert moves(found) == [
        {
            "work.xuankong.footage_share.datong": "0.2001",
            "work.xuankong.support_cost.datong": "10",
            "work.xuankong.local_elements.datong": "true",
            "work.xuankong.tells_story.datong": "true",
        }
    ]
    page = run("nearest", STUDIO, "datong.2-2.shooting", "xuankong", 2025, "--lang", "zh").stdout
    assert "现在未知，须查明并证明" in page
    assert "不低于 10 元" in page


def test_alternatives_that_are_worth_the_same_are_one_set() -> None:
    """Pingyuan asks for the image of the city or for its tourism, both worth the same."""
    found = answer(STUDIO, "pingyuan.3-1.shooting", "gucheng")
    (one,) = found["sets"]
    either = [part for part in one["parts"] if len(part) > 1]
    assert [{move["path"] for move in part} for part in either] == [
        {"work.gucheng.shows_city_image.pingyuan", "work.gucheng.promotes_tourism.pingyuan"}
    ]


def test_each_alternative_has_its_own_range() -> None:
    """年度接待剧组 50 个以上或累计拍摄达 120 天以上: either, each told with its own threshold."""
    found = answer(EXAMPLES / "liaoning-house.yaml", "liaoning.6.location", "laojie", 2027)
    (((crews, days),),) = (one["parts"] for one in found["sets"])
    assert [(move["least"], move["most"]) for move in (crews, days)] == [
        ("50", None), ("120", None),
    ]  # fmt: skip


def test_any_of_the_defining_businesses_is_one_change(planned: Path) -> None:
    """主营业务前三项应包含…: any of the eight that Datong names, told in one line."""
    found = answer(planned, "datong.2-2.shooting", "draft", 2026)
    (businesses,) = [part for part in found["sets"][0]["parts"] if len(part) > 1]
    assert len(businesses) == 8
    page = run("nearest", planned, "datong.2-2.shooting", "draft", 2026, "--lang", "en").stdout
    assert "or operation of a film base or merchandise or planning of screen works or" in page


def test_a_way_that_misses_more_is_a_way_too() -> None:
    """Minhang: 50 firms, or fewer and besides 租购面积超过 8000 平方米."""
    found = answers(STUDIO, "minhang.1.carrier")[0]
    assert found["new_entity"] == "park"
    both = [set(one) for one in moves(found)]
    assert len(both) == 2
    assert {len(one) for one in both} == {8, 9}
    assert {"park.new_park.micro_drama_floor_area.2026"} == set.union(*both) - both[0]
    firms = next(
        part[0] for part in found["sets"][0]["parts"] if "total_enterprises" in part[0]["path"]
    )
    assert (firms["least"], firms["most"]) == (None, "166")  # 50 is more than 30% of 166


def test_what_the_case_does_not_have_is_told_as_new() -> None:
    """A park of the applicant's own: 20 firms and 80,000,000 yuan pay 1,500,000."""
    found = answers(STUDIO, "datong.2-5.park")[0]
    assert (found["new_entity"], found["subject"]) == ("park", "new_park")
    assert found["sets"][0]["difference"]["potential"] == 1_500_000
    page = run("nearest", STUDIO, "datong.2-5.park", "--lang", "zh").stdout
    assert "案例中没有园区" in page


def test_what_a_value_proves_changes_with_it(planned: Path) -> None:
    """A work filed in Liaoning is filed: where the case denies that, both have to change."""
    found = answer(planned, "liaoning.2.production", "draft")
    assert found["sets"]
    assert all(
        one["work.draft.filed"] == "true" and one["work.draft.filed_in"] == "liaoning"
        for one in moves(found)
    )


def test_a_day_that_lies_ahead_is_waited_for(planned: Path) -> None:
    """A fair of September cannot be claimed in June, but it can still become an exhibition."""
    found = answer(planned, "pingyuan.3-4.event", "fair")
    (one,) = found["sets"]
    assert moves(found)[0]["as_of"] == "2026-09-01"
    assert {part[0]["by"] for part in one["parts"]} == {"applicant", "time"}
    assert {move["path"] for part in one["parts"] for move in part} >= {
        "event.fair.kind", "event.fair.held_in",
    }  # fmt: skip
    assert "To wait for:" in run("nearest", planned, "pingyuan.3-4.event", "--lang", "en").stdout


def test_a_draft_has_to_be_published_and_only_others_can() -> None:
    """Ganzhou pays 20,000 for an adaptation played 150,000 times; its text is a draft."""
    found = answer(STUDIO, "ganzhou.3.adaptation", "gucheng")
    (one,) = found["sets"]
    assert moves(found)[0]["work.gucheng.play_count"] == "150000"
    (published,) = [p[0] for p in one["parts"] if p[0]["path"] == "policy.ganzhou.published_on"]
    assert (published["by"], published["to_be"]) == ("others", "shown")
    assert (published["least"], published["most"]) == ("2022-05-21", "2025-05-20")
    assert one["difference"]["potential"] == 20_000
    page = run("nearest", STUDIO, "ganzhou.3.adaptation", "gucheng", "--lang", "zh").stdout
    assert "手头的文本是草案" in page


def test_a_higher_line_takes_the_place_of_a_lower_one() -> None:
    """Liaoning's 200,000 replace Datong's 80,000 for the same list: 120,000 more."""
    found = answer(STUDIO, "liaoning.4.national_selection", "gucheng")
    one = found["sets"][0]
    assert moves(found)[0] == {
        "policy.liaoning.published_on": "2025-12-20", "work.gucheng.filed_in": "liaoning",
    }  # fmt: skip
    assert one["claim"]["amount"]["potential"] == 200_000
    assert one["difference"] == {"firm": -80_000, "potential": 120_000}


@pytest.mark.parametrize(
    ("line", "subject", "kind"),
    [
        ("datong.2-1.vertical", "gucheng", "nature"),
        ("minhang.2.broadcast", "gucheng", "in_force"),
        ("minhang.5.rd", "engine", "settled"),
    ],
)
def test_nothing_that_can_change_makes_it_hold(line: str, subject: str, kind: str) -> None:
    """A horizontal work stays so; an airing of 2025 precedes 2026-03-14; research done is done."""
    found = answers(STUDIO, line, subject)[0]
    assert found["sets"] == []
    assert kind in {obstacle["kind"] for obstacle in found["obstacles"]}
    page = run("nearest", STUDIO, line, subject, "--lang", "en").stdout
    assert "Nothing that can still change makes it hold." in page


def test_a_failed_review_rests_with_others(tmp_path: Path) -> None:
    """A review that failed can only come out otherwise through those who made it."""
    file = tmp_path / "failed.yaml"
    file.write_text(SMALL + FAILED, encoding="utf-8")
    found = answer(file, "datong.2-1.horizontal", "near", 2026)
    (one,) = found["sets"]
    by = {part[0]["path"]: part[0]["by"] for part in one["parts"]}
    assert by == {"work.near.split_revenue.2026": "applicant", "review[1].outcome": "others"}


def test_another_recipient_is_named(small: Path) -> None:
    """A first producer who is somebody else stays so."""
    found = answer(small, "datong.2-1.horizontal", "other", 2026)
    assert (found["sets"], found["obstacles"][-1]["kind"]) == ([], "recipient")


def test_a_right_that_can_pass_on_may_pass_to_the_applicant(tmp_path: Path) -> None:
    """给予版权方…15万元: the right is another's; with the applicant it pays at most 150,000."""
    file = tmp_path / "held.yaml"
    file.write_text(HELD_BY_ANOTHER, encoding="utf-8")
    found = answer(file, "ganzhou.4.honour.national", "w")
    assert moves(found) == [{"work.w.copyright_holder": "a"}]
    assert found["sets"][0]["claim"]["amount"]["potential"] == 150_000


def test_a_candidate_needs_no_change() -> None:
    """A line that holds is told with what it pays, and with the way to its reasons."""
    found = answer(STUDIO, "datong.2-1.horizontal", "gucheng", 2025)
    assert found["held"]["claim"] == "datong.2-1.horizontal/gucheng/2025"
    page = run("nearest", STUDIO, "datong.2-1.horizontal", "gucheng", 2025, "--lang", "zh").stdout
    assert "现在就可以申报" in page
    assert "policy-logic why" in page


def test_a_candidate_that_another_excludes_is_told_with_it() -> None:
    """Where a line holds but another pays more, the answer names the other and points to why."""
    case = EXAMPLES / "three-places.yaml"
    left = next(
        one
        for one in policy_logic.plan(case, book=BOOK).candidates
        if one.rejection is not None and one.rejection.kind == "excluded_by"
    )
    page = run("nearest", case, left.claim.line, left.claim.subject, "--lang", "en").stdout
    assert "but the best plan does not file it: " in page
    assert f"policy-logic why {case} {left.claim.line} {left.claim.subject}" in page


def test_what_was_not_tried_is_said(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that stops at its bound says that there are more sets."""
    monkeypatch.setattr("policy_logic.remedies.search.MOST_TRIED", 1)
    found = answer(small, "datong.2-1.horizontal", "near", 2026)
    assert not found["complete"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("datong.2-1.horizonal",), "There is no line"),
        (("datong.2-1.horizontal", "guchen"), "The case has no"),
        (("datong.2-1.horizontal", "yunzhong"), "is decided for"),
        (("datong.2-2.freeticket",), "pays no money"),
    ],
)
def test_mistakes_are_told_as_by_why(asked: tuple[str, ...], message: str) -> None:
    """An unknown line, an unknown entity, the wrong kind, and a line that pays no money."""
    done = run("nearest", STUDIO, *asked, "--lang", "en")
    assert done.exit_code == 2
    assert message in done.output


def test_stating_a_set_is_enough_where_only_its_silence_lets_a_declaration_count() -> None:
    """A firm declared as no micro-drama enterprise is one by its main businesses, once stated."""
    facts = {
        "applicant": "a",
        "as_of": date(2027, 3, 14),
        "received": [],
        "enterprise": {"a": {"micro_drama_enterprise": False,
                             "operating_revenue": {2026: 81_000_000}}},
    }  # fmt: skip
    root = node_of_plain(facts, Position("<mapping>", 1))
    planner = policy_logic.planner(facts)
    (answer,) = api.nearest(planner, root, "datong.2-4.revenue", "a", 2026)
    paths = {move.path for one in answer.found for part in one.parts for move in part}
    assert "enterprise.a.micro_drama_enterprise" in paths
    assert "enterprise.a.main_businesses.planning" in paths
