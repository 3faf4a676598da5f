"""What hangs on each way to read the texts: sums, claims, and what is safe."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import policy_logic
from policy_logic.cli.app import app
from policy_logic.decide import readings_compared
from policy_logic.decide.readings_compared import compare_readings

if TYPE_CHECKING:
    from policy_logic.decide.choosing import Chosen

EXAMPLES = Path(__file__).resolve().parents[1] / "facts" / "examples"
STUDIO = EXAMPLES / "datong-studio.yaml"
THREE_PLACES = EXAMPLES / "three-places.yaml"


def run(*arguments: object) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


@cache
def document(file: Path, *more: str) -> dict[str, Any]:
    """Return what ``readings`` prints of a case as JSON."""
    found: dict[str, Any] = json.loads(run("readings", file, "--format", "json", *more).stdout)
    return found


def chosen(**readings: str) -> Chosen:
    """Return the choice for the studio in three places under some readings."""
    return policy_logic.planner(THREE_PLACES, readings=readings).chosen


def test_a_reading_says_what_its_other_value_takes_away() -> None:
    """Under the second sentence alone the engine gets no grant: 10% of 1,860,000 yuan."""
    (reading,) = document(STUDIO)["readings"]
    assert reading["reading"] == "datong.rd_scope"
    assert reading["clause"] == "成果显著的，经评选认定，按其研发投入资金 10% 给予一次性补助"
    taken, other = reading["values"]
    assert (taken["value"], taken["taken"]) == ("both_sentences", True)
    assert taken["change"] == {"firm": 0, "potential": 0}
    assert (other["value"], other["taken"]) == ("second_sentence", False)
    assert other["change"] == {"firm": 0, "potential": -186_000}
    assert other["totals"] == {"firm": 1_810_000, "potential": 3_104_000}
    assert [row["claim"] for row in other["leave"]] == ["datong.2-9.rd/engine"]
    assert other["enter"] == other["resized"] == []


def test_readings_without_effect_are_only_named() -> None:
    """Every reading of the rulebook is told once: it matters, has no effect, or is not in force."""
    found = document(STUDIO)
    matter = [reading["reading"] for reading in found["readings"]]
    named = [*matter, *found["without_effect"], *found["not_in_force"]]
    assert sorted(named) == sorted(policy_logic.load_rulebook().readings)
    assert "liaoning.levels" in found["not_in_force"]
    assert "datong.levels" in found["without_effect"]


def test_every_outcome_is_the_plan_under_that_reading() -> None:
    """What is said of a value is what a plan under it pays, claim by claim."""
    for reading in document(THREE_PLACES)["readings"]:
        for value in reading["values"]:
            plan = chosen(**{reading["reading"]: value["value"]})
            assert value["totals"] == {
                "firm": plan.totals.firm,
                "potential": plan.totals.potential,
            }
            filed = {str(claim) for claim in plan.claims}
            assert {row["claim"] for row in value["enter"]} <= filed
            assert filed.isdisjoint(row["claim"] for row in value["leave"])


def test_the_ends_of_the_spread_are_plans() -> None:
    """The lowest and the highest total are reached under the readings named for them."""
    found = document(THREE_PLACES)
    for name in ("singly", "together"):
        spread = found[name]
        for end, place in (("lowest", 0), ("highest", 1)):
            plan = chosen(**spread[end]["readings"])
            assert plan.totals.potential == spread["potential"][place]
            assert plan.totals.firm == spread[end]["totals"]["firm"]


def test_the_spread_over_combinations_contains_the_one_over_single_values() -> None:
    """Each single value is one of the combinations."""
    found = document(THREE_PLACES)
    assert found["together"]["plans"] == found["combinations"] == 128
    assert found["singly"]["plans"] == 8
    for measure in ("firm", "potential"):
        low, high = found["singly"][measure]
        lowest, highest = found["together"][measure]
        assert lowest <= low <= high <= highest


def test_a_claim_may_be_safe_under_each_reading_but_not_under_all_together() -> None:
    """The costs of 渤海一家人 are paid under every single value, but not under three at once."""
    claims = {row["claim"]: row for row in document(THREE_PLACES)["claims"]}
    row = claims["liaoning.2.production/bohai"]
    assert (row["safe_singly"], row["safe_together"]) == (True, False)
    plan = chosen(**row["unsafe_together"])
    assert row["claim"] not in {str(claim) for claim in plan.claims}
    safe = claims["liaoning.2.production/sanhao"]
    assert (safe["safe_singly"], safe["safe_together"]) == (True, True)
    assert safe["least"]["potential"] == safe["paid"]["potential"] == 46_200


def test_an_unsafe_claim_names_each_value_under_which_it_is_not_filed() -> None:
    """Whether plays and revenue are one matter decides over a sum, among others."""
    claims = {row["claim"]: row for row in document(THREE_PLACES)["claims"]}
    row = claims["datong.2-1.horizontal/sanhao/2026"]
    assert {"reading": "plays_and_revenue", "value": "same_matter"} in row["unsafe_under"]
    assert row["least"]["potential"] == 400_000


def test_too_many_combinations_are_not_compared_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the limit the readings are compared one at a time, and the page says so."""
    monkeypatch.setattr(readings_compared, "MOST_COMBINATIONS", 127)
    found = json.loads(run("readings", THREE_PLACES, "--format", "json").stdout)
    assert found["together"] is None
    assert found["combinations"] == 128
    assert all(row["safe_together"] is None for row in found["claims"])
    page = run("readings", THREE_PLACES, "--lang", "en").stdout
    assert "There are 128 combinations" in page
    assert "Filed whichever value a single reading takes (2)" in page


def test_the_case_s_own_reading_is_the_one_compared_with() -> None:
    """Under the narrow reading, the wide one adds what the narrow one took away."""
    narrow = document(STUDIO, "--reading", "datong.rd_scope=second_sentence")
    (reading,) = narrow["readings"]
    assert reading["value"] == "second_sentence"
    assert reading["values"][0]["change"]["potential"] == 186_000
    assert [row["claim"] for row in reading["values"][0]["enter"]] == ["datong.2-9.rd/engine"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Readings that change the plan (1)", "−", "-186,000", "Without effect here (8)")),
        ("zh", ("影响本方案的解读（1 处）", "－ 研发创新一次性补助", "不影响本方案（8 处）")),
    ],
)
def test_the_page_tells_clause_claims_and_difference(language: str, words: tuple[str]) -> None:
    """Both languages name the clause, the claim that leaves, and the difference."""
    page = run("readings", STUDIO, "--lang", language).stdout
    for part in (*words, "按其研发投入资金 10% 给予一次性补助", "微短剧智能剪辑工具"):
        assert part in page


def test_several_cases_need_an_applicant() -> None:
    """A file with four cases is refused until one of them is named."""
    file = EXAMPLES / "minhang-carrier.yaml"
    done = run("readings", file, "--lang", "en")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--applicant" in done.stderr
    assert run("readings", file, "--applicant", "heguang", "--lang", "en").exit_code == 0


def test_a_case_without_claims_has_no_reading_that_matters(tmp_path: Path) -> None:
    """Nothing is claimed, so nothing hangs on anything."""
    file = tmp_path / "empty.yaml"
    file.write_text("applicant: a\nas_of: 2026-06-30\nenterprise: {a: {}}\n", encoding="utf-8")
    assert "No reading changes the plan." in run("readings", file, "--lang", "en").stdout


def test_the_page_of_a_plan_only_counts_readings_without_effect() -> None:
    """JSON keeps every notice; the page tells those that change the plan and counts the rest."""
    printed = run("plan", THREE_PLACES, "--format", "json", "--no-refusals").stdout
    notices = [n for n in json.loads(printed)["notices"] if n["kind"] == "reading"]
    idle = [notice for notice in notices if not notice["changes_plan"]]
    assert {notice["reading"] for notice in idle} == {"datong.rd_scope"}
    page = run("plan", THREE_PLACES, "--lang", "en", "--no-refusals").stdout
    assert "(+0)" not in page
    assert "whether the research grant covers both sentences" not in page
    assert "6 readings make no difference to this plan" in page
    assert f"policy-logic readings {THREE_PLACES}" in page
    assert page.count("taken as “") == len(notices) - len(idle)


def test_a_reading_that_only_swaps_claims_is_not_called_without_effect() -> None:
    """Topping up pays the same total for other claims, so the page still tells it."""
    page = run("plan", THREE_PLACES, "--lang", "en", "--no-refusals").stdout
    assert "other claims would be filed, for the same totals" in page


def test_a_wish_that_another_reading_forbids_is_still_planned() -> None:
    """Two claims of the plan may be wished for, though as one matter they exclude each other."""
    wish = ["datong.2-1.horizontal/changcheng/2026", "minhang.2.broadcast/changcheng"]
    asked = ["plan", THREE_PLACES, "--no-refusals", "--with", wish[0], "--with", wish[1]]
    page = run(*asked, "--lang", "en")
    assert page.exit_code == 0
    assert "under “one matter” no plan respects what is wished" in page.stdout
    notices = json.loads(run(*asked, "--format", "json").stdout)["notices"]
    told = next(n for n in notices if n.get("reading") == "plays_and_revenue")
    assert (told["other_totals"], told["changes_plan"]) == (None, True)


def test_readings_can_be_taken_one_after_another() -> None:
    """A derivation under one reading, asked for a second, stands under both."""
    derivation = policy_logic.planner(THREE_PLACES).derivation
    both = {"datong.registration": "required", "minhang.registration": "required"}
    step = derivation.under({"datong.registration": "required"})
    assert step is not None
    after = step.reading("minhang.registration", "required")
    together = derivation.under(both)
    assert after is not None
    assert together is not None
    assert after.candidates == together.candidates
    assert after.readings == together.readings
    assert after.basis == together.basis != step.basis


@settings(max_examples=4, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.fixed_dictionaries(
        {
            "registered_in": st.sampled_from(["datong", "minhang", "ganzhou"]),
            "revenue": st.integers(1_000_000, 30_000_000),
            "investment": st.integers(0, 30_000_000),
        }
    )
)
def test_whatever_is_safe_is_filed_under_every_combination(drawn: dict[str, Any]) -> None:
    """A claim called safe is filed, and a total lies within the spread, under any readings."""
    case = {
        "applicant": "a", "as_of": "2026-06-30", "received": [],
        "enterprise": {"a": {"kind": "enterprise", "registered_in": drawn["registered_in"],
                             "main_businesses": ["production"], "market_entity": True,
                             "bad_credit_record": False, "false_material": False}},
        "work": {"w": {"first_producer": "a", "production_body": "a", "creator": "a",
                       "orientation": "horizontal", "filed": True, "distribution_licence": True,
                       "online_on": ["major_video_site", "tencent"], "aired_on": "2026-04-20",
                       "split_revenue": {2026: drawn["revenue"]}}},
        "rd_project": {"r": {"undertaker": "a", "investment": drawn["investment"],
                             "topics": ["creation_tool", "artificial_intelligence"],
                             "applied_effectively": True, "significant_results": True,
                             "completed_on": "2026-05-01"}},
    }  # fmt: skip
    planner = policy_logic.planner(case)
    found = compare_readings(planner)
    assert found.together is not None
    names = [ambiguity.reading.name for ambiguity in found.ambiguities]
    for name in names:
        for other in names:
            readings = {
                n: next(
                    v
                    for v in planner.book.readings[n].values
                    if v != planner.derivation.readings[n]
                )
                for n in {name, other}
            }
            plan = policy_logic.planner(case, readings=readings).chosen
            low, high = found.together.potential
            assert low <= plan.totals.potential <= high
            for footing in found.footings:
                if not footing.unsafe_under and not footing.unsafe_together:
                    assert footing.claim in plan.claims
