"""The nearest changes: what would make a refused line hold, by hand from the texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import policy_logic
from policy_logic.cli.app import app

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
          split_revenue: {2025: 1_999_999}}
  two: {title: 两处, first_producer: a, orientation: vertical, filed: false,
        distribution_licence: true, online_on: [major_video_site],
          split_revenue: {2025: 900_000}}
  other: {title: 他人, first_producer: b, orientation: horizontal, filed: true,
          distribution_licence: true, online_on: [major_video_site],
          split_revenue: {2025: 2_000_000}}
"""
FULL = """
  large: {title: 大, first_producer: a, orientation: horizontal, filed: true,
          distribution_licence: true, online_on: [major_video_site],
          split_revenue: {2025: 20_000_000}}
  next: {title: 次, first_producer: a, orientation: horizontal, filed: true,
         distribution_licence: true, online_on: [major_video_site],
          split_revenue: {2025: 6_000_000}}
"""
FAILED = """
review:
  - {line: datong.2-1.horizontal, subject: near, outcome: failed}
"""


def run(*arguments: object) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


def answer(facts: Path, *asked: object) -> dict[str, Any]:
    """Return the one answer that ``nearest`` prints as JSON."""
    done = run("nearest", facts, *asked, "--format", "json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout)["answers"]
    return dict(found)


def moves(found: dict[str, Any]) -> list[dict[str, str]]:
    """Return the values of each set by path."""
    return [{move["path"]: move["after"] for move in one["moves"]} for one in found["sets"]]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a case with works that just miss."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_one_yuan_is_missing(small: Path) -> None:
    """横屏 200 万元及以上: one more yuan pays 10% of 2,000,000, after a review."""
    found = answer(small, "datong.2-1.horizontal", "near")
    assert moves(found) == [{"work.near.split_revenue.2025": "2000000"}]
    (one,) = found["sets"]
    assert one["difference"] == {"firm": 0, "potential": 200_000}
    assert one["moves"][0]["to_be"] == "changed"


def test_a_share_has_to_be_exceeded() -> None:
    """超过总片长 20%: exactly 20% is not enough, the next hundredth of a percent is."""
    found = answer(STUDIO, "datong.2-2.shooting", "yungang")
    assert moves(found) == [{"work.yungang.footage_share.datong": "0.2001"}]
    assert found["sets"][0]["difference"] == {"firm": 0, "potential": 90_000}


def test_two_conditions_have_to_change_at_once(small: Path) -> None:
    """竖屏 100 万元及以上, 按相关规定完成备案: 10% of 1,000,000; neither alone is enough."""
    found = answer(small, "datong.2-1.vertical", "two")
    assert moves(found) == [{"work.two.filed": "true", "work.two.split_revenue.2025": "1000000"}]
    assert found["sets"][0]["difference"]["potential"] == 100_000


def test_a_full_cap_pays_nothing_more(tmp_path: Path) -> None:
    """1,500,000 and 600,000 fill 每家企业每年 200 万元: 200,000 more on its own add nothing."""
    file = tmp_path / "full.yaml"
    file.write_text(SMALL + FULL, encoding="utf-8")
    found = answer(file, "datong.2-1.horizontal", "near")
    (one,) = found["sets"]
    assert moves(found) == [{"work.near.split_revenue.2025": "2000000"}]
    assert (found["before"]["potential"], one["after"]["potential"]) == (2_000_000, 2_000_000)
    assert one["amount"]["potential"] == 200_000
    assert one["full_cap"] == "datong.revenue_share_enterprise_cap"
    page = run("nearest", file, "datong.2-1.horizontal", "near", "--lang", "en").stdout
    assert "the total does not rise" in page


def test_unknown_facts_have_to_be_shown_rather_than_changed() -> None:
    """10% of a support cost below ten yuan is less than one yuan; the share must exceed 20%."""
    found = answer(STUDIO, "datong.2-2.shooting", "xuankong")
    (one,) = found["sets"]
    assert one["only_to_show"]
    assert moves(found) == [
        {
            "work.xuankong.footage_share.datong": "0.2001",
            "work.xuankong.local_elements.datong": "true",
            "work.xuankong.support_cost.datong": "10",
            "work.xuankong.tells_story.datong": "true",
        }
    ]


def test_two_ways_are_two_sets() -> None:
    """Pingyuan asks for 60% of the running time, and for the city's image or its tourism."""
    found = answer(STUDIO, "pingyuan.3-1.shooting", "gucheng")
    either = {"work.gucheng.shows_city_image.pingyuan", "work.gucheng.promotes_tourism.pingyuan"}
    assert len(found["sets"]) == 2
    assert {path for one in moves(found) for path in either & one.keys()} == either
    assert all(len(either & one.keys()) == 1 for one in moves(found))
    assert {one["work.gucheng.shot_share.pingyuan"] for one in moves(found)} == {"0.6"}


def test_a_draft_has_to_be_published_and_only_others_can() -> None:
    """Ganzhou pays 20,000 for an adaptation played 150,000 times; its text is a draft."""
    found = answer(STUDIO, "ganzhou.3.adaptation", "gucheng")
    (one,) = found["sets"]
    assert moves(found)[0]["work.gucheng.play_count"] == "150000"
    others = {move["path"] for move in one["moves"] if move["rests_with_others"]}
    assert "policy.ganzhou.published_on" in others
    assert one["difference"]["potential"] == 20_000


def test_a_higher_line_takes_the_place_of_a_lower_one() -> None:
    """Liaoning's 200,000 replace Datong's 80,000 for the same list: 120,000 more."""
    found = answer(STUDIO, "liaoning.4.national_selection", "gucheng")
    one = found["sets"][0]
    assert moves(found)[0] == {
        "policy.liaoning.published_on": "2025-12-20", "work.gucheng.filed_in": "liaoning",
    }  # fmt: skip
    assert one["amount"]["potential"] == 200_000
    assert one["difference"] == {"firm": -80_000, "potential": 120_000}


def test_several_values_that_would_do_are_several_sets() -> None:
    """Minhang pays 30% of 1,860,000 = 558,000 instead of Datong's 10% = 186,000."""
    found = answer(STUDIO, "minhang.5.rd", "engine")
    assert len(found["sets"]) > 1
    assert {one["amount"]["potential"] for one in found["sets"]} == {558_000}
    assert {one["difference"]["potential"] for one in found["sets"]} == {372_000}


@pytest.mark.parametrize(
    ("line", "subject", "kind"),
    [
        ("datong.2-1.vertical", "gucheng", "stays"),
        ("minhang.2.broadcast", "gucheng", "in_force"),
    ],
)
def test_nothing_that_can_change_makes_it_hold(line: str, subject: str, kind: str) -> None:
    """A horizontal work stays horizontal; an airing of 2025 stays before 2026-03-14."""
    found = answer(STUDIO, line, subject)
    assert found["sets"] == []
    assert kind in {obstacle["kind"] for obstacle in found["obstacles"]}
    page = run("nearest", STUDIO, line, subject, "--lang", "en").stdout
    assert "Nothing that can change makes it hold:" in page


def test_a_failed_review_and_another_recipient_are_not_the_applicants(tmp_path: Path) -> None:
    """A review that failed, and a first producer who is somebody else, are said plainly."""
    file = tmp_path / "failed.yaml"
    file.write_text(SMALL + FAILED, encoding="utf-8")
    found = answer(file, "datong.2-1.horizontal", "near")
    assert (found["sets"], found["obstacles"][-1]["kind"]) == ([], "review")
    found = answer(file, "datong.2-1.horizontal", "other")
    assert (found["sets"], found["obstacles"][-1]["kind"]) == ([], "recipient")


def test_a_candidate_needs_no_change() -> None:
    """A line that holds is told with what it pays, and with the way to its reasons."""
    found = answer(STUDIO, "datong.2-1.horizontal", "gucheng")
    assert found["held"] == "datong.2-1.horizontal/gucheng/2025"
    page = run("nearest", STUDIO, "datong.2-1.horizontal", "gucheng", "--lang", "zh").stdout
    assert "现在就可以申报" in page
    assert "policy-logic why" in page


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
