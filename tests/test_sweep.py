"""The total as a function of one fact: every step and cliff, to the yuan and to the day."""

from __future__ import annotations

import json
import tempfile
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import policy_logic
from policy_logic import api
from policy_logic.cli import plot
from policy_logic.cli.app import app
from policy_logic.decide import sampling
from policy_logic.decide.lines import Line, Track, line_through, simplest
from policy_logic.decide.sweeping import Swept, sweep_totals
from policy_logic.decide.thresholds import places_to_look_at
from policy_logic.derive.derivation import derive, derive_together
from policy_logic.facts.changes import read_change
from policy_logic.facts.sweeps import Scale, Sweep, read_sweep, understood

EXAMPLES = Path(__file__).resolve().parents[1] / "facts" / "examples"
STUDIO = EXAMPLES / "datong-studio.yaml"
HOUSE = EXAMPLES / "liaoning-house.yaml"
THREE_PLACES = EXAMPLES / "three-places.yaml"
BOOK = policy_logic.load_rulebook()
STABLE = settings(
    max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


def run(*arguments: object) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


@cache
def swept(file: Path, text: str) -> tuple[Sweep, Swept]:
    """Return a sweep and what it finds, without the page around it."""
    ((root, case),) = api.load_trees(file, BOOK)
    sweep = understood(read_sweep(text), root, BOOK.vocabulary)
    planner = api.planner(case, book=BOOK)
    looked_at = places_to_look_at(sweep, planner.derivation)
    found = sweep_totals(
        planner, lambda at: api.changed_case(root, [sweep.change(at)], BOOK),
        sweep.low, sweep.high, looked_at, sweep.step,
    )  # fmt: skip
    return sweep, found


def pieces(file: Path, text: str) -> list[tuple[str, str, int, int]]:
    """Return the pieces: first and last value, and the possible total at both."""
    sweep, found = swept(file, text)
    assert found.exact
    return [
        (
            sweep.scale.written(piece.low),
            sweep.scale.written(piece.high),
            piece.at_low.potential,
            piece.at_high.potential,
        )
        for piece in found.pieces
    ]


def test_revenue_has_two_thresholds_a_full_cap_and_a_cap_per_work() -> None:
    """50 万 opens 二（二）, 200 万 二（一）; 1140 万 fill the yearly cap, 1500 万 the work's."""
    assert pieces(STUDIO, "work.gucheng.split_revenue.2025=0..25_000_000") == [
        ("0", "499999", 1_886_000, 1_886_000),
        ("500000", "1999999", 2_150_000, 2_150_000),
        ("2000000", "11399999", 2_350_000, 3_289_999),
        ("11400000", "14999999", 3_290_000, 3_290_000),
        ("15000000", "25000000", 3_290_000, 3_290_000),
    ]
    _, found = swept(STUDIO, "work.gucheng.split_revenue.2025=0..25_000_000")
    assert [piece.firm.rate for piece in found.pieces] == [0, 0, *[Fraction(1, 10)] * 2, 0]
    first, second = found.cliffs
    assert (first.above, first.jump.firm, first.jump.potential) == (500_000, 0, 264_000)
    assert (second.above, second.jump.firm, second.jump.potential) == (2_000_000, 200_000, 200_000)
    assert str(first.moved[0][0]) == "datong.2-2.shooting/gucheng/2025"


def test_an_increase_is_swept_from_both_of_its_years() -> None:
    """An increase of 200 万 pays 5%; with 980 万 in 2025 the base of 2024 may be 500 to 780 万."""
    assert pieces(STUDIO, "enterprise.yunzhong.operating_revenue.2024=0..25_000_000") == [
        ("0", "4999999", 3_060_000, 3_060_000),
        ("5000000", "7800000", 3_300_000, 3_160_000),
        ("7800001", "25000000", 3_060_000, 3_060_000),
    ]
    assert pieces(STUDIO, "enterprise.yunzhong.operating_revenue.2025=0..25_000_000") == [
        ("0", "4999999", 2_760_000, 2_760_000),
        ("5000000", "7199999", 3_060_000, 3_060_000),
        ("7200000", "15199999", 3_160_000, 3_559_999),
        ("15200000", "25000000", 3_560_000, 3_560_000),
    ]


def test_a_share_is_found_to_a_hundredth_of_a_percent() -> None:
    """超过 20% begins at 20.01%."""
    assert pieces(STUDIO, "work.gucheng.footage_share.datong=0..1") == [
        ("0.0000", "0.2000", 3_026_000, 3_026_000),
        ("0.2001", "1.0000", 3_290_000, 3_290_000),
    ]


def test_finer_bounds_make_a_finer_share() -> None:
    """Bounds with six decimals find the border to the sixth decimal."""
    found = pieces(STUDIO, "work.gucheng.footage_share.datong=0.199990..0.200010")
    assert [row[:2] for row in found] == [("0.199990", "0.200000"), ("0.200001", "0.200010")]


def test_every_full_minute_is_a_step() -> None:
    """From one minute on every further one adds 1 万, up to 10 万 at ten minutes."""
    found = pieces(THREE_PLACES, "work.xinzhuang.local_content_seconds.minhang=0..900")
    assert [row[0] for row in found] == ["0", *(str(60 * minute) for minute in range(1, 11))]
    assert [row[2] - found[0][2] for row in found] == [10_000 * step for step in range(11)]


def test_a_day_is_found_to_the_day() -> None:
    """冰雪向东 counts for the caps of the year of its release, and not before the text does."""
    found = pieces(HOUSE, "work.bingxue.aired_on=2025-08-25..2026-01-08")
    assert [row[:2] for row in found] == [
        ("2025-08-25", "2025-08-31"),  # before the first day in force
        ("2025-09-01", "2025-12-31"),
        ("2026-01-01", "2026-01-08"),  # the year whose caps other works fill
    ]


def test_a_cap_shared_by_several_claims_is_found_though_no_rule_names_its_place() -> None:
    """The screening cap of 100 万 is full once 20% reach the 15 万 that the others leave."""
    _, found = swept(HOUSE, "work.bingxue.approved_investment=0..5_000_000")
    assert [(piece.low, piece.high) for piece in found.pieces] == [
        (0, 749_999),
        (750_000, 5_000_000),
    ]
    assert found.pieces[0].potential.rate == Fraction(1, 5)
    assert found.cliffs == ()


def test_a_choice_between_claims_is_found_where_they_pay_the_same() -> None:
    """云上石窟 changes from Liaoning to Datong when 10% of its revenue outweigh what that costs."""
    _, found = swept(THREE_PLACES, "work.yunshang.split_revenue.2026=1_000_000..10_000_000")
    assert [piece.low for piece in found.pieces] == [1_000_000, 3_650_000, 3_950_000]
    assert [piece.potential.rate for piece in found.pieces] == [0, Fraction(1, 10), 0]


@STABLE
@given(st.data())
def test_pieces_agree_with_the_plan_at_any_value(data: st.DataObject) -> None:
    """What a piece says of a value is what a plan for that value pays, to the yuan."""
    file, text = data.draw(
        st.sampled_from(
            [
                (STUDIO, "work.gucheng.split_revenue.2025=0..25_000_000"),
                (STUDIO, "enterprise.yunzhong.operating_revenue.2024=0..25_000_000"),
                (HOUSE, "work.bingxue.approved_investment=0..5_000_000"),
                (HOUSE, "work.bingxue.aired_on=2025-08-25..2026-01-08"),
                (THREE_PLACES, "work.xinzhuang.local_content_seconds.minhang=0..900"),
                (THREE_PLACES, "work.yunshang.split_revenue.2026=1_000_000..10_000_000"),
            ]
        )
    )
    sweep, found = swept(file, text)
    at = data.draw(st.integers(sweep.low, sweep.high))
    ((root, _),) = api.load_trees(file, BOOK)
    totals = api.planner(api.changed_case(root, [sweep.change(at)], BOOK)).chosen.totals
    piece = next(piece for piece in found.pieces if piece.low <= at <= piece.high)
    assert (piece.firm.at(at), piece.potential.at(at)) == (totals.firm, totals.potential)


@settings(STABLE, max_examples=4)
@given(
    others=st.lists(st.integers(0, 30_000_000), max_size=3),
    threshold=st.booleans(),
)
def test_pieces_cover_the_range_and_touch(others: list[int], threshold: bool) -> None:
    """Pieces follow each other without a gap, and a total jumps only where a cliff is named."""
    case: dict[str, Any] = {
        "applicant": "a", "as_of": "2026-06-30", "received": [],
        "enterprise": {"a": {"main_businesses": ["production"]}},
        "work": {
            f"w{number}": {"first_producer": "a", "orientation": "horizontal", "filed": True,
                           "distribution_licence": True, "online_on": ["major_video_site"],
                           "split_revenue": {2025: revenue}}
            for number, revenue in enumerate([0, *others])
        },
    }  # fmt: skip
    planner = api.planner(case)

    def case_at(at: int) -> Any:
        work = {**case["work"], "w0": {**case["work"]["w0"], "split_revenue": {2025: at}}}
        return next(api.load_cases({**case, "work": work}))

    looked_at = {2_000_000, 15_000_000} if threshold else set[int]()
    found = sweep_totals(planner, case_at, 0, 30_000_000, looked_at)
    assert (found.pieces[0].low, found.pieces[-1].high) == (0, 30_000_000)
    jumps = {cliff.above for cliff in found.cliffs}
    for left, right in pairwise(found.pieces):
        assert right.low == left.high + 1
        rise = right.at_low.potential - left.at_high.potential
        assert (abs(rise) > 2) == (right.low in jumps)


def test_versions_derived_together_are_what_each_is_by_itself() -> None:
    """One grounding for several values gives the same candidates, caps and model as one each."""
    ((root, _),) = api.load_trees(THREE_PLACES, BOOK)
    texts = [f"work.changcheng.split_revenue.2026={n}" for n in (0, 1_999_999, 30_000_000)]
    texts += [
        "as_of=2026-01-01",
        "work.changcheng.orientation=vertical",
        "readings.top_up=difference",
    ]
    cases = [api.changed_case(root, [read_change(text)], BOOK) for text in texts]
    for case, found in zip(cases, derive_together(cases, BOOK), strict=True):
        alone = derive(case, BOOK)
        assert found.candidates == alone.candidates
        assert found.against == alone.against
        assert (found.limits, found.drawn) == (alone.limits, alone.drawn)
        assert (found.benefits, found.notices) == (alone.benefits, alone.notices)
        assert found.model == alone.model
        one = found.reading("datong.registration", "required")
        other = alone.reading("datong.registration", "required")
        assert (one is None) == (other is None)
        assert one is None or other is None or one.candidates == other.candidates


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("0.099", "0.101", "1/10"),
        ("-0.051", "-0.049", "-1/20"),
        ("-0.001", "0.001", "0"),
        ("0", "0.3", "1/4"),
        ("2.9", "3.2", "3"),
        ("0.3330", "0.3335", "1/3"),
    ],
)
def test_the_simplest_rate_is_taken(low: str, high: str, found: str) -> None:
    """Of all rates that fit, the one with the smallest denominator."""
    assert simplest(Fraction(low), Fraction(high)) == Fraction(found)


@STABLE
@given(
    rate=st.sampled_from([Fraction(1, 10), Fraction(3, 20), Fraction(-1, 20), Fraction(1, 3)]),
    offset=st.integers(-1000, 1000),
    steps=st.sets(st.integers(0, 10**9), min_size=4, max_size=30),
)
def test_a_line_goes_through_sums_that_were_rounded_down(
    rate: Fraction, offset: int, steps: set[int]
) -> None:
    """Whatever the rounding took, the line found gives every sum back."""
    true = Line(rate, Fraction(offset))
    points = [(step, true.at(step)) for step in sorted(steps)]
    line = line_through(points, [])
    assert line is not None
    assert [line.at(step) for step, _ in points] == [value for _, value in points]


def test_no_line_goes_through_a_cliff() -> None:
    """A jump is not mistaken for a rate, however far apart the values lie."""
    points = [(0, 0), (10, 0), (20, 300_000), (10**6, 300_000)]
    assert line_through(points, [Fraction(1, 10)]) is None
    assert line_through(points[:2], []) == Line(Fraction(0), Fraction(0))


def test_tracks_meet_where_a_cap_is_reached() -> None:
    """10% reach 200 万 at 2000 万."""
    rising = Track((Line(Fraction(1, 10), Fraction(0)),))
    flat = Track((Line(Fraction(0), Fraction(2_000_000)),))
    assert rising.meets(flat) == 20_000_000
    assert flat.meets(flat) is None


def test_a_limit_of_plans_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the limit strikes, borders that are not known stay gaps, and the page says so."""
    monkeypatch.setattr(sampling, "MOST_PLANS", 34)
    done = run(
        "plan", STUDIO, "--lang", "en", "--sweep", "event.salon.held_on=2020-01-01..2030-12-31"
    )
    assert "Stopped after 34 plans" in done.stdout
    printed = run("plan", STUDIO, "--format", "json", "--sweep",
                  "event.salon.held_on=2020-01-01..2030-12-31").stdout  # fmt: skip
    assert json.loads(printed)["exact"] is False


def test_the_json_has_pieces_cliffs_and_reasons() -> None:
    """Programs get the values as the facts file writes them, rates as fractions, and reasons."""
    text = "work.gucheng.split_revenue.2025=1_900_000..2_100_000"
    found = json.loads(run("plan", STUDIO, "--sweep", text, "--format", "json").stdout)
    assert found["schema"] == "policy-logic/sweep/1"
    assert (found["from"], found["to"], found["in_case"]) == ("1900000", "2100000", "16_000_000")
    assert [piece["from"] for piece in found["pieces"]] == ["1900000", "2000000"]
    assert found["pieces"][1]["potential"] == {
        "at_from": 2_350_000, "at_to": 2_360_000, "per_step": "1/10",
    }  # fmt: skip
    (cliff,) = found["cliffs"]
    assert (cliff["below"], cliff["above"], cliff["potential"]) == ("1999999", "2000000", 200_000)
    first = cliff["claims"][0]
    assert first["claim"] == "datong.2-1.horizontal/gucheng/2025"
    assert first["clause"].startswith("横屏网络微短剧年度分账收入达到200万元及以上的")
    assert "short by 1 yuan" in first["because"]
    assert found["plans"] > 30
    assert found["exact"] is True


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("from 1,900,000 to 2,100,000", "▲ from 2,000,000 on", "16,000,000 in this case",
                "plans were computed", "short by 1 yuan")),
        ("zh", ("从 1,900,000 到 2,100,000", "▲ 自 2,000,000 起", "本案为 16,000,000", "个方案",
                "差 1 元")),
    ],
)  # fmt: skip
def test_the_page_speaks_both_languages(language: str, words: tuple[str, ...]) -> None:
    """Range, cliffs with reasons, the case's own value and the number of plans are told."""
    text = "work.gucheng.split_revenue.2025=1_900_000..2_100_000"
    page = run("plan", STUDIO, "--lang", language, "--sweep", text).stdout
    for word in words:
        assert word in page


def test_a_sweep_can_follow_a_change() -> None:
    """With a vertical work the threshold of 100 万 counts, not that of 200 万."""
    found = json.loads(
        run("plan", STUDIO, "--format", "json", "--set", "work.gucheng.orientation=vertical",
            "--sweep", "work.gucheng.split_revenue.2025=900_000..2_100_000").stdout
    )  # fmt: skip
    assert [cliff["above"] for cliff in found["cliffs"]] == ["1000000"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--sweep", "work.gucheng.split_revenue.2025"), "PATH=FROM..TO"),
        (("--sweep", "work.gucheng.split_revenue.2025=5..1"), "5 comes after 1"),
        (("--sweep", "work.gucheng.split_revenue.2025=0..10:0"), "more than 0"),
        (("--sweep", "work.gucheng.split_revenue.2025=0..2万"), "20_000"),
        (("--sweep", "work.guchen.split_revenue.2025=0..10"), "work.gucheng"),
        (("--sweep", "work.gucheng.split_revenu.2025=0..10"), "split_revenue"),
        (("--sweep", "work.gucheng.filed=false..true"), "bool"),
        (("--sweep", "work.gucheng.orientation=horizontal..vertical"), "--set"),
        (("--sweep", "work.gucheng.footage_share.datong=0..2"), "share"),
        (("--sweep", "as_of=2026-01-01..2026-02-30"), "calendar"),
        (("--sweep", "work.gucheng.split_revenue.2025=0..9", "--contrast"), "--contrast"),
        (("--plot", "a.svg"), "--sweep"),
        (("--sweep", "as_of=2026-06-29..2026-06-30", "--plot", "a.pdf"), ".svg, .png"),
        (("--sweep", "as_of=2026-06-30..2026-06-30", "--plot", "no/such/a.svg"), "no/such/a.svg"),
    ],
)
def test_a_wrong_sweep_gets_one_clear_answer(options: tuple[str, ...], words: str) -> None:
    """Exit status 2, nothing on standard output, and a message that names the next step."""
    done = run("plan", STUDIO, *options, "--lang", "en")
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("written", ["2026-02-28", "2024-02-29"])
def test_a_scale_counts_days(written: str) -> None:
    """A day and its number stand for each other, and neighbours are one day apart."""
    scale, first = Scale("date"), date.fromisoformat(written)
    assert scale.written(scale.place(first)) == written
    assert scale.written(scale.place(first) + 1) == (first + timedelta(1)).isoformat()


@cache
def picture(text: str, file: Path = STUDIO, language: str = "en") -> str:
    """Return the SVG of a sweep."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "picture.svg"
        done = run("plan", file, "--sweep", text, "--plot", target, "--lang", language)
        assert done.exit_code == 0, done.output
        return target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("at most", "certain", "total (yuan)", "annual split revenue, all platforms")),
        ("zh", ("最高", "确定", "合计（元）", "年度分账收入（各平台合计）")),
    ],
)
def test_a_picture_is_sound_and_its_text_is_text(language: str, words: tuple[str, ...]) -> None:
    """The SVG is well-formed, in one language, with units on both axes and the cliff by name."""
    text = picture("work.gucheng.split_revenue.2025=0..3_000_000", language=language)
    drawn = ET.fromstring(text)  # noqa: S314 - our own picture
    texts = [node.text or "" for node in drawn.iter("{http://www.w3.org/2000/svg}text")]
    for word in (*words, "2,000,000", "云中影视传媒有限公司"):
        assert any(word in text for text in texts)
    box = [float(n) for n in drawn.attrib["viewBox"].split()]
    for node in drawn.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(node.attrib["cx"]) <= box[2]
        assert 0 <= float(node.attrib["cy"]) <= box[3]


def test_totals_far_apart_get_a_panel_each() -> None:
    """Small steps of two large totals are drawn in two panels, so that they can be seen."""
    near = picture("work.gucheng.split_revenue.2025=0..3_000_000")
    apart = picture("work.xinzhuang.local_content_seconds.minhang=50..70", THREE_PLACES)
    assert (near.count('fill="none" stroke="#1a1a1a"/>'), apart.count(
        'fill="none" stroke="#1a1a1a"/>')) == (1, 2)  # fmt: skip


def test_one_value_is_a_sweep_and_a_picture() -> None:
    """A range of a single day gives one piece and can be drawn."""
    assert "<path" in picture("as_of=2026-06-30..2026-06-30")


def test_a_png_is_made_from_the_same_picture(tmp_path: Path) -> None:
    """The file is a PNG of twice the size."""
    target = tmp_path / "a.png"
    done = run("plan", STUDIO, "--sweep", "work.gucheng.footage_share.datong=0..1",
               "--plot", target, "--format", "json")  # fmt: skip
    assert json.loads(done.stdout)["exact"] is True
    content = target.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 2 * plot.WIDTH


def test_a_step_is_the_longest_distance_between_the_first_values() -> None:
    """A step of one looks at every value of a small range."""
    found = json.loads(
        run("plan", STUDIO, "--format", "json", "--sweep",
            "work.gucheng.split_revenue.2025=1_999_990..2_000_010:1").stdout
    )  # fmt: skip
    assert found["plans"] == 21
