"""Two plans side by side: what a fact would change, and what is wrong with a change."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import policy_logic
from policy_logic import api
from policy_logic.cli.app import app
from policy_logic.facts.changes import changed, read_change
from policy_logic.facts.paths import shown_value, value_at
from policy_logic.facts.reader import read_roots, read_text

EXAMPLES = Path(__file__).resolve().parents[1] / "facts" / "examples"
STUDIO = EXAMPLES / "datong-studio.yaml"
ROOT = next(read_roots(STUDIO))
VOCABULARY = policy_logic.load_rulebook().vocabulary


def run(*arguments: object) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


@cache
def compared(*changes: str) -> dict[str, Any]:
    """Return what ``plan --set`` prints of the studio as JSON."""
    options = [word for change in changes for word in ("--set", change)]
    found: dict[str, Any] = json.loads(run("plan", STUDIO, "--format", "json", *options).stdout)
    return found


def turned(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the claims that changed, by name."""
    return {row["claim"]: row for row in document["changes"]}


def test_less_revenue_frees_the_cap_for_other_works() -> None:
    """10% of 2,000,000 leave 1,800,000 of the cap: the others get their 735,000 and 125,000."""
    found = compared("work.gucheng.split_revenue.2025=2_000_000")
    assert found["before"] == {"firm": 1_810_000, "potential": 3_290_000}
    assert found["after"] == {"firm": 510_000, "potential": 2_350_000}
    assert found["difference"] == {"firm": -1_300_000, "potential": -940_000}
    rows = turned(found)
    assert set(rows) == {
        "datong.2-1.horizontal/gucheng/2025",
        "datong.2-1.horizontal/yungang/2025",
        "datong.2-1.vertical/xuankong/2025",
    }
    own = rows["datong.2-1.horizontal/gucheng/2025"]
    assert (own["change"], own["because"]["kind"]) == ("resized", "own_sum")
    assert own["after"]["paid"] == {"firm": 200_000, "potential": 200_000}
    shared = rows["datong.2-1.horizontal/yungang/2025"]
    assert shared["because"]["cap"] == "datong.revenue_share_enterprise_cap"
    assert shared["after"]["paid"]["potential"] == 735_000
    entered = rows["datong.2-1.vertical/xuankong/2025"]
    assert (entered["change"], entered["because"]["side"]) == ("enters", "before")
    assert entered["because"]["kind"] == "no_gain"
    assert found["unchanged"] == 7


def test_one_yuan_below_the_threshold_a_claim_leaves_with_the_condition_that_fails() -> None:
    """1,999,999 yuan are one yuan short of 横屏 200 万元."""
    found = compared("work.gucheng.split_revenue.2025=1_999_999")
    row = turned(found)["datong.2-1.horizontal/gucheng/2025"]
    assert (row["change"], row["after"]) == ("leaves", None)
    assert row["because"]["side"] == "after"
    assert row["because"]["failed"] == [
        {
            "condition": "split_revenue >= 2000000",
            "actual": "1999999",
            "short_by": "1",
            "fact": "work.gucheng.split_revenue.2025",
        }
    ]
    assert "short by 1 yuan" in row["because"]["text"]
    assert [r["line"] for r in found["refusals"]["come"]] == ["datong.2-1.horizontal"]


def test_a_fact_can_be_forgotten() -> None:
    """Without the share of footage the shooting support is undecided, not refused."""
    found = compared("work.gucheng.footage_share.datong=unknown")
    row = turned(found)["datong.2-2.shooting/gucheng/2025"]
    assert row["because"]["kind"] == "undecided"
    assert row["because"]["unknown"] == [{"fact": "work.gucheng.footage_share.datong"}]
    assert found["difference"]["potential"] == -264_000
    assert found["set"][0] == {
        "path": "work.gucheng.footage_share.datong",
        "before": "0.35",
        "after": None,
    }


def test_several_changes_are_made_together() -> None:
    """Liaoning's higher grant pushes Datong's out once all that it needs is given."""
    found = compared(
        "policy.liaoning.published_on=2025-09-01",
        "work.gucheng.filed_in=liaoning",
        "work.gucheng.production_body=yunzhong",
    )
    rows = turned(found)
    assert rows["liaoning.4.national_selection/gucheng/-/annual@nrta"]["change"] == "enters"
    out = rows["datong.2-3.annual_excellent.national/gucheng"]
    assert out["because"]["by"] == ["liaoning.4.national_selection/gucheng/-/annual@nrta"]
    assert "120,000 yuan lower" in out["because"]["text"]
    assert found["difference"] == {"firm": -80_000, "potential": 120_000}


def test_a_review_can_be_taken_as_passed() -> None:
    """What was only possible becomes certain; the reason names the review."""
    entry = "{line: datong.2-9.rd, subject: engine, outcome: passed}"
    found = compared(f"review=[{entry}]")
    row = turned(found)["datong.2-9.rd/engine"]
    assert row["after"]["paid"] == {"firm": 186_000, "potential": 186_000}
    assert "passed instead of pending" in row["because"]["text"]


def test_a_change_without_effect_says_that_the_plan_stays() -> None:
    """Another main business within the definition changes nothing."""
    page = run(
        "plan", STUDIO, "--lang", "en", "--set", "enterprise.yunzhong.main_businesses=[screening]"
    ).stdout
    assert "The plan stays as it is: 9 claims, paid the same." in page
    assert "[production, distribution, planning] → [screening]" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Claims that enter (1)", "before: The cap per enterprise and year", "-940,000")),
        ("zh", ("新增申报（1 项）", "原来：分账收入扶持每家企业每年上限已用满", "-940,000")),
    ],
)
def test_the_page_shows_totals_side_by_side_with_reasons(
    language: str, words: tuple[str, ...]
) -> None:
    """The page has both totals, the difference, each claim, and why it was missing."""
    change = "work.gucheng.split_revenue.2025=2000000"
    page = run("plan", STUDIO, "--set", change, "--lang", language).stdout
    for part in (*words, "3,290,000", "2,350,000", "悬空谣"):
        assert part in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("work.guchen.filed=true", "Did you mean: work.gucheng?"),
        ("park.gucheng.located_in=datong", "Did you mean: work.gucheng?"),
        ("work.gucheng.fild=true", "Did you mean: filed?"),
        ("wrk.gucheng.filed=true", "Did you mean: work?"),
        ("work.gucheng.split_revenue.2025=184万", "1_840_000"),
        ("work.gucheng.split_revenue.25=1", "2025"),
        ("work.gucheng.split_revenue=5", "{2025: 2_000_000}"),
        ("work.gucheng.footage_share.datong=35%", "0.35"),
        ("work.gucheng.footage_share.dadong=0.3", "Did you mean: datong?"),
        ("work.gucheng.aired_on=2025-02-30", "calendar"),
        ("work.gucheng.online_on=[douyn]", "Did you mean: douyin?"),
        ("work.gucheng.online_on.douyin=true", "=[…]"),
        ("work.gucheng.first_producer=yunzon", "Did you mean: yunzhong?"),
        ("work.gucheng.aired=false", "proves work.gucheng.aired"),
        ("review[3].amount=5", "it has 2"),
        ("review[1].amout=5", "Did you mean: amount?"),
        ("readings.datong.levels=top", "cumulative, highest"),
        ("applicant=gucheng", "enterprise, person"),
        ("policy.liaonin.published_on=2025-01-01", "Did you mean: liaoning?"),
        ("work.gucheng.filed", "PATH=VALUE"),
        ("work.gucheng.filed=", "PATH=unknown"),
        ("work..filed=true", "is no path"),
        ("work.gucheng.title=[a", "This is not YAML"),
        ("work.gucheng.title=--- a\n--- b", "is not one value"),
        ("work=unknown", "no longer right"),
    ],
)
def test_a_wrong_change_gets_the_message_of_a_wrong_facts_file(change: str, words: str) -> None:
    """Exit status 2, and a message that names ``--set`` as the place and the next step."""
    done = run("plan", STUDIO, "--set", change, "--lang", "en")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("--set work" if change.startswith("work") else "--set ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_change_that_breaks_another_place_names_both() -> None:
    """The entry that no longer fits is named with its line, the change with its option."""
    done = run("plan", STUDIO, "--set", "review[2].line=datong.2-1.horizontal", "--lang", "en")
    first, second = done.stderr.splitlines()
    assert first.startswith("--set review[2].line=datong.2-1.horizontal: ")
    assert "datong-studio.yaml:74:" in second


def test_a_change_may_contradict_another_change() -> None:
    """Both options are named."""
    done = run(
        "plan", STUDIO, "--lang", "en",
        "--set", "work.xuankong.aired=false", "--set", "work.xuankong.aired_on=2025-10-11",
    )  # fmt: skip
    assert done.exit_code == 2
    assert "(--set work.xuankong.aired_on=2025-10-11) proves" in done.stderr


def test_one_case_is_compared_at_a_time() -> None:
    """Of several cases one has to be chosen; an unknown applicant gets the nearest name."""
    file = EXAMPLES / "minhang-carrier.yaml"
    change = "enterprise.heguang.registered_in=minhang"
    done = run("plan", file, "--set", change, "--lang", "en")
    assert done.exit_code == 2
    assert "--applicant" in done.stderr
    near = run("plan", file, "--applicant", "heguan", "--set", change, "--lang", "en")
    assert "heguang" in near.stderr
    fine = run("plan", file, "--applicant", "heguang", "--set", change, "--format", "json")
    assert json.loads(fine.stdout)["applicant"] == "heguang"


@pytest.mark.parametrize(
    "more", [("--contrast",), ("--alternatives", "2"), ("--without", "datong.2-9.rd/engine")]
)
def test_questions_about_the_plan_alone_do_not_go_with_a_comparison(more: tuple[str, ...]) -> None:
    """The two options are named, and nothing is printed."""
    done = run("plan", STUDIO, "--set", "as_of=2026-07-01", *more, "--lang", "en")
    assert (done.exit_code, done.stdout) == (2, "")
    assert more[0] in done.stderr


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("work.gucheng.split_revenue.2025", "16_000_000"),  # inside the long form
        ("enterprise.yunzhong.operating_revenue.2024", "5_200_000"),
        ("work.gucheng.listed_on.annual@nrta", "2025-12-20"),
        ("work.gucheng.online_on", "[major_video_site]"),
        ("review[2].amount", "200_000"),
        ("work.gucheng.footage_share", "{datong: 0.35}"),
        ("work.gucheng.premiere_on", ""),
        ("review[9].amount", ""),
    ],
)
def test_a_path_leads_to_what_the_case_says(path: str, shown: str) -> None:
    """Long forms are looked through, and entries of lists have numbers."""
    assert shown_value(value_at(ROOT, path)) == shown


def test_a_changed_tree_says_what_was_asked_for() -> None:
    """What was set is found where it was set, and everything else is as before."""
    for text in ("work.gucheng.split_revenue.2027=5", "review[1].amount=7", "as_of=2026-07-01"):
        change = read_change(text)
        after = changed(ROOT, change, VOCABULARY)
        assert shown_value(value_at(after, change.path)) == text.partition("=")[2]
        assert value_at(after, "work.gucheng.aired_on") == value_at(ROOT, "work.gucheng.aired_on")


def test_forgetting_an_entry_of_a_list_takes_it_out() -> None:
    """Without its first entry the list of reviews begins with the second."""
    after = changed(ROOT, read_change("review[1]=unknown"), VOCABULARY)
    assert shown_value(value_at(after, "review[1].line")) == "datong.2-6.event"
    assert value_at(after, "review[2].line") is None


@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    revenue=st.integers(0, 20_000_000),
    share=st.integers(0, 10_000).map(lambda n: f"{n / 10_000:.4f}"),
    filed=st.booleans(),
)
def test_a_change_is_as_good_as_another_file(revenue: int, share: str, filed: bool) -> None:
    """The plan after a change is the plan of a file that has the value written in it."""
    changes = [
        f"work.gucheng.split_revenue.2025={revenue}",
        f"work.gucheng.footage_share.datong={share}",
        f"work.gucheng.filed={str(filed).lower()}",
    ]
    text = STUDIO.read_text(encoding="utf-8")
    book = policy_logic.load_rulebook()
    after = api.changed_case(ROOT, [read_change(change) for change in changes], book)
    own = text.replace("16_000_000", str(revenue)).replace("{datong: 0.35}", f"{{datong: {share}}}")
    own = own.replace("filed: {value: true,", f"filed: {{value: {str(filed).lower()},")
    (other,) = read_text(own, book.vocabulary)
    assert api.planner(after).chosen.paid == api.planner(other).chosen.paid
