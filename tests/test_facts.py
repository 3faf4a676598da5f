"""A case is read as the format promises: three values, exact figures, evidence, and no surprise."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from policy_logic.errors import FactsError
from policy_logic.facts.model import Case, Fact
from policy_logic.facts.reader import case_from_mapping, read_cases, read_text
from policy_logic.facts.vocabulary import Attribute, load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = load_vocabulary(shipped_vocabulary())
HEAD = """\
applicant: yunzhong
as_of: 2026-06-30
enterprise: {yunzhong: {}}
"""


def _case(text: str, name: str = "case.yaml") -> Case:
    """Read the one case of a text."""
    (case,) = read_text(text, VOCABULARY, name)
    return case


def _work(attributes: str) -> Case:
    """Read a case with one work."""
    return _case(f"{HEAD}work: {{gucheng: {{{attributes}}}}}\n")


def _facts(case: Case, attribute: str, entity: str = "gucheng") -> list[Fact]:
    return [f for f in case.facts if (f.entity, f.attribute) == (entity, attribute)]


def _values(case: Case, attribute: str, entity: str = "gucheng") -> list[object]:
    return [fact.value for fact in _facts(case, attribute, entity)]


def _codes(text: str, name: str = "case.yaml") -> list[str]:
    """Return the codes of a text's problems."""
    with pytest.raises(FactsError) as caught:
        list(read_text(text, VOCABULARY, name))
    return [problem.code.removeprefix("facts.") for problem in caught.value.problems]


# ---- three values


@pytest.mark.parametrize(
    ("written", "known"),
    [("true", [True]), ("false", [False]), ("null", []), ("~", []), ("", [])],
)
def test_a_bool_is_true_or_false_or_unknown(written: str, known: list[bool]) -> None:
    """What is null is not known; it is never taken for false."""
    assert _values(_work(f"filed: {written}"), "filed") == known


def test_an_absent_attribute_is_unknown() -> None:
    """Nothing is said of what the file does not name."""
    assert _work("title: 古城奇缘").facts[0].attribute == "title"
    assert _values(_work("title: 古城奇缘"), "filed") == []


def test_a_list_settles_a_set() -> None:
    """A list names the members, and is marked as complete."""
    case = _work("online_on: [major_video_site, hongguo]")
    assert _values(case, "online_on") == ["major_video_site", "hongguo"]
    complete = case.complete_sets["gucheng", "online_on", ()]
    assert complete.members == ("major_video_site", "hongguo")


def test_an_empty_list_settles_a_set_that_has_no_member() -> None:
    """The empty list says that nothing belongs."""
    case = _work("online_on: []")
    assert _values(case, "online_on") == []
    assert case.complete_sets["gucheng", "online_on", ()].members == ()


def test_a_mapping_settles_only_what_it_names() -> None:
    """A mapping gives what holds and what does not; the set stays open."""
    case = _work("online_on: {major_video_site: true, hongguo: false, douyin: null}")
    settled = {fact.value: fact.holds for fact in _facts(case, "online_on")}
    assert settled == {"major_video_site": True, "hongguo": False}
    assert not case.complete_sets


def test_a_member_that_does_not_hold_proves_nothing() -> None:
    """Not online on one platform does not mean that the work has aired."""
    assert _values(_work("online_on: {hongguo: false}"), "aired") == []


@pytest.mark.parametrize(
    "text",
    [
        "applicant: yunzhong\nenterprise: {yunzhong: null}\n",
        f"{HEAD}work: null\n",
        f"{HEAD}work: {{gucheng: null}}\n",
        f"{HEAD}work: {{gucheng: {{split_revenue: null}}}}\n",
        f"{HEAD}work: {{gucheng: {{split_revenue: {{2025: null}}}}}}\n",
        f"{HEAD}work: {{gucheng: {{platform_revenue: {{2025: null}}}}}}\n",
        f"{HEAD}work: {{gucheng: {{platform_revenue: {{2025: {{douyin: null}}}}}}}}\n",
        f"{HEAD}work: {{gucheng: {{online_on: null}}}}\n",
        f"{HEAD}work: {{gucheng: {{first_producer: null}}}}\n",
        f"{HEAD}work: {{gucheng: {{filed: {{value: null, evidence: 备案号}}}}}}\n",
        f"{HEAD}review: null\nreceived: null\nassume_in_force: null\nreadings: null\n",
        "applicant: yunzhong\nas_of: null\nenterprise: {yunzhong: {}}\n",
    ],
)
def test_null_is_unknown_at_every_level(text: str) -> None:
    """A key without a value says nothing, wherever it stands."""
    case = _case(text)
    assert case.facts == ()
    assert not case.complete_sets
    assert (case.reviews, case.grants, case.grants_given) == ((), (), False)


def test_null_in_an_entry_is_as_if_the_key_were_absent() -> None:
    """A review with an unknown year speaks for every year."""
    case = _case(
        f"{HEAD}work: {{gucheng: {{}}}}\nreview:\n"
        "  - {line: datong.2-1.horizontal, subject: gucheng, outcome: passed, year: null}\n"
    )
    assert case.reviews[0].year is None


def test_no_support_received_differs_from_nothing_said_of_it() -> None:
    """An empty list says that nothing was received; without it nobody knows."""
    assert _case(f"{HEAD}received: []\n").grants_given
    assert not _case(HEAD).grants_given


# ---- evidence


@pytest.mark.parametrize(
    ("attributes", "attribute"),
    [
        ("filed: {value: true, evidence: E}", "filed"),
        ("title: {value: 古城奇缘, evidence: E}", "title"),
        ("aired_on: {value: 2025-05-20, evidence: E}", "aired_on"),
        ("orientation: {value: horizontal, evidence: E}", "orientation"),
        ("first_producer: {value: yunzhong, evidence: E}", "first_producer"),
        ("split_revenue: {2025: {value: 5, evidence: E}}", "split_revenue"),
        ("split_revenue: {value: {2025: 5}, evidence: E}", "split_revenue"),
        ("platform_revenue: {2025: {douyin: {value: 5, evidence: E}}}", "platform_revenue"),
        ("platform_revenue: {2025: {value: {douyin: 5}, evidence: E}}", "platform_revenue"),
        ("platform_revenue: {value: {2025: {douyin: 5}}, evidence: E}", "platform_revenue"),
        ("footage_share: {datong: {value: 0.35, evidence: E}}", "footage_share"),
        ("online_on: {value: [major_video_site], evidence: E}", "online_on"),
        ("online_on: {value: {major_video_site: true}, evidence: E}", "online_on"),
        ("online_on: {major_video_site: {value: true, evidence: E}}", "online_on"),
        ("online_on: {major_video_site: {value: false, evidence: E}}", "online_on"),
    ],
)
def test_evidence_may_stand_at_every_level(attributes: str, attribute: str) -> None:
    """The long form carries the evidence to each value below it."""
    (fact,) = _facts(_work(attributes), attribute)
    assert fact.evidence == "E"


def test_the_innermost_evidence_wins() -> None:
    """Evidence for one year stands before the evidence for the whole row."""
    case = _work("split_revenue: {value: {2024: 4, 2025: {value: 5, evidence: B}}, evidence: A}")
    evidence = {fact.keys: fact.evidence for fact in _facts(case, "split_revenue")}
    assert evidence == {(2024,): "A", (2025,): "B"}


def test_a_complete_set_carries_its_evidence() -> None:
    """The evidence of a list also backs what the list does not name."""
    case = _work("online_on: {value: [], evidence: E}")
    assert case.complete_sets["gucheng", "online_on", ()].evidence == "E"


def test_an_implied_fact_carries_the_evidence_of_what_proves_it() -> None:
    """The proof of having aired leads to the evidence for the date."""
    (fact,) = _facts(_work("aired_on: {value: 2025-05-20, evidence: E}"), "aired")
    assert fact.evidence == "E"


@pytest.mark.parametrize("written", ["null", "~", ""])
def test_the_long_form_may_leave_the_evidence_open(written: str) -> None:
    """Evidence that is null is no evidence."""
    (fact,) = _facts(_work(f"filed: {{value: true, evidence: {written}}}"), "filed")
    assert fact.evidence is None


# ---- figures


@pytest.mark.parametrize("written", ["0.2001", ".2001", "0.20010", "0.200100000"])
def test_a_share_is_exact(written: str) -> None:
    """A share is the decimal that was written, not the binary float next to it."""
    (value,) = _values(_work(f"footage_share: {{datong: {written}}}"), "footage_share")
    assert isinstance(value, Decimal)
    assert value == Decimal("0.2001")


@pytest.mark.parametrize("written", ["0", "1", "0.0", "1.000", "0.000000000000000001"])
def test_a_share_lies_between_nothing_and_all(written: str) -> None:
    """Both ends are legal, and up to eighteen decimals."""
    assert _values(_work(f"footage_share: {{datong: {written}}}"), "footage_share") == [
        Decimal(written)
    ]


@given(st.decimals(0, 1, allow_nan=False, allow_infinity=False, places=18))
def test_every_share_of_eighteen_decimals_comes_through(share: Decimal) -> None:
    """A share written out is read back as the same number, from YAML and from JSON."""
    written = format(share, "f")
    assert _values(_work(f"footage_share: {{datong: {written}}}"), "footage_share") == [share]
    text = (
        '{"applicant": "yunzhong", "enterprise": {"yunzhong": {}}, '
        f'"work": {{"gucheng": {{"footage_share": {{"datong": {written}}}}}}}}}'
    )
    assert _values(_case(text, "case.json"), "footage_share") == [share]


@given(st.integers(0, 10**13))
@example(0)
@example(2**31 - 1)
@example(2**31)
@example(10**13)
def test_every_amount_up_to_ten_to_the_thirteenth_comes_through(amount: int) -> None:
    """An amount is read back exactly, with and without underscores."""
    for written in (f"{amount}", f"{amount:_}"):
        assert _values(_work(f"income: {written}"), "income") == [amount]


@given(st.integers(10**13 + 1, 10**30))
def test_no_larger_amount_comes_through(amount: int) -> None:
    """Above ten to the thirteenth an amount is a slip of the pen."""
    assert _codes(f"{HEAD}work: {{gucheng: {{income: {amount}}}}}\n") == ["number_too_large"]


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_day_of_the_calendar_comes_through(day: date) -> None:
    """A date is read back as the same day, in quotes or not."""
    for written in (day.isoformat(), f"'{day.isoformat()}'"):
        assert _values(_work(f"wrapped_on: {written}"), "wrapped_on") == [day]


@pytest.mark.parametrize("key", ["2025", '"2025"', "'2025'"])
def test_a_year_may_be_quoted_as_a_key(key: str) -> None:
    """JSON can only quote its keys, so a year means the same either way."""
    (fact,) = _facts(_work(f"split_revenue: {{{key}: 5}}"), "split_revenue")
    assert fact.keys == (2025,)


def test_two_indices_nest_with_the_outermost_first() -> None:
    """Revenue by year and platform has the year as its first key."""
    case = _work("platform_revenue: {2025: {douyin: 1_200_000}, 2024: {douyin: 7}}")
    found = {fact.keys: fact.value for fact in _facts(case, "platform_revenue")}
    assert found == {(2025, "douyin"): 1_200_000, (2024, "douyin"): 7}


def test_scenes_have_free_names() -> None:
    """An index by scene takes whatever the scene is called."""
    case = _work("scene_seconds: {liaoning: {沈阳故宫: 35, 鸭绿江断桥: 40}}")
    found = {fact.keys: fact.value for fact in _facts(case, "scene_seconds")}
    assert found == {("liaoning", "沈阳故宫"): 35, ("liaoning", "鸭绿江断桥"): 40}


def test_dollars_are_whole_numbers() -> None:
    """Overseas revenue is in whole US dollars, by year."""
    case = _case(
        "applicant: a\nenterprise: {a: {overseas_revenue: {2025: 1_000_000}}}\n",
    )
    assert _values(case, "overseas_revenue", "a") == [1_000_000]


# ---- what a value implies


@pytest.mark.parametrize(
    ("attributes", "attribute", "value"),
    [
        ("aired_on: 2025-05-20", "aired", True),
        ("aired_on: 2026-06-30", "aired", True),
        ("filed_in: liaoning", "filed", True),
        ("licensed_in: ganzhou", "distribution_licence", True),
        ("online_on: [hongguo]", "aired", True),
        ("premiere_on: {cctv: true}", "aired", True),
        ("awarded_on: {five_one@central: 2025-12-01}", "award", "five_one@central"),
        ("listed_on: {annual@nrta: 2025-12-20}", "listed", "annual@nrta"),
    ],
)
def test_a_value_proves_what_it_implies(attributes: str, attribute: str, value: object) -> None:
    """What follows from a value is a fact, which names the value that proves it."""
    (fact,) = _facts(_work(attributes), attribute)
    assert fact.value == value
    assert fact.implied_by is not None
    assert fact.position == fact.implied_by.position


@pytest.mark.parametrize(
    ("attributes", "attribute"),
    [
        ("aired_on: 2026-07-01", "aired"),
        ("awarded_on: {five_one@central: 2026-07-01}", "award"),
        ("listed_on: {annual@nrta: 2026-12-20}", "listed"),
    ],
)
def test_a_date_after_the_day_of_the_case_proves_nothing(attributes: str, attribute: str) -> None:
    """What is announced has not happened; it may even be denied."""
    assert _facts(_work(attributes), attribute) == []
    denial = {"aired": "aired: false", "award": "award: []", "listed": "listed: []"}[attribute]
    assert _work(f"{attributes}, {denial}").applicant == "yunzhong"


@pytest.mark.parametrize(
    ("attributes", "denial"),
    [
        ("aired_on: 2025-05-20", "aired: false"),
        ("online_on: [hongguo]", "aired: false"),
        ("filed_in: liaoning", "filed: false"),
        ("licensed_in: ganzhou", "distribution_licence: false"),
        ("awarded_on: {five_one@central: 2025-12-01}", "award: []"),
        ("awarded_on: {five_one@central: 2025-12-01}", "award: [five_one@shanxi]"),
        ("listed_on: {annual@nrta: 2025-12-20}", "listed: {annual@nrta: false}"),
    ],
)
def test_to_deny_what_a_value_proves_is_an_error(attributes: str, denial: str) -> None:
    """A file cannot say both, in whichever order."""
    for both in (f"{attributes}, {denial}", f"{denial}, {attributes}"):
        assert _codes(f"{HEAD}work: {{gucheng: {{{both}}}}}\n") == ["contradiction"]


@pytest.mark.parametrize(
    ("attributes", "attribute"),
    [
        ("aired_on: 2025-05-20, aired: true", "aired"),
        ("awarded_on: {five_one@central: 2025-12-01}, award: [five_one@central]", "award"),
        ("listed_on: {annual@nrta: 2025-12-20}, listed: {annual@nrta: true}", "listed"),
    ],
)
def test_what_is_stated_is_not_stated_once_more(attributes: str, attribute: str) -> None:
    """A fact given and implied is one fact, the given one."""
    (fact,) = _facts(_work(attributes), attribute)
    assert fact.implied_by is None


# ---- references, labels, the day


def test_a_reference_may_point_to_what_follows_in_the_file() -> None:
    """The order of the entities does not matter."""
    case = _case(
        "work: {gucheng: {first_producer: yunzhong}}\nenterprise: {yunzhong: {}}\n"
        "applicant: yunzhong\n"
    )
    assert _values(case, "first_producer") == ["yunzhong"]


@pytest.mark.parametrize("kind", ["enterprise", "person"])
def test_a_reference_may_point_to_each_of_its_kinds(kind: str) -> None:
    """A copyright holder may be an enterprise or a person."""
    case = _case(
        f"applicant: lin\n{kind}: {{lin: {{}}}}\nwork: {{gucheng: {{copyright_holder: lin}}}}\n"
    )
    assert _values(case, "copyright_holder") == ["lin"]


def test_a_label_is_the_name_or_title_else_the_id() -> None:
    """People read names; where there is none they read the id."""
    case = _case(
        "applicant: yunzhong\nenterprise: {yunzhong: {name: 云中影视}, other: {}}\n"
        "work: {gucheng: {title: {value: 古城奇缘, evidence: 备案表}}, nameless: {title: null}}\n"
    )
    labels = {entity.id: entity.label for entity in case.entities.values()}
    assert labels == {
        "yunzhong": "云中影视",
        "other": "other",
        "gucheng": "古城奇缘",
        "nameless": "nameless",
    }


def test_ids_may_be_chinese_or_have_spaces() -> None:
    """An id is any printable text without a slash."""
    case = _case("applicant: 云中 影视\nenterprise: {云中 影视: {}}\n")
    assert list(case.entities) == ["云中 影视"]


@pytest.mark.parametrize("head", ["", "as_of: null\n", "as_of:\n"])
def test_the_day_of_a_case_is_today_by_default(head: str) -> None:
    """Without as_of a case is judged on the day on which it is read."""
    before = date.today()  # noqa: DTZ011 - the applicant's own calendar day
    case = _case(f"{head}applicant: yunzhong\nenterprise: {{yunzhong: {{}}}}\n")
    assert case.as_of - before in {timedelta(0), timedelta(1)}
    assert not case.as_of_given


def test_the_day_of_a_case_may_be_given() -> None:
    """With as_of a case means the same on every day."""
    case = _case(HEAD)
    assert (case.as_of, case.as_of_given) == (date(2026, 6, 30), True)


def test_every_fact_knows_its_line_and_column() -> None:
    """A proof can lead back to the place in the file."""
    case = _case(f"{HEAD}work:\n  gucheng:\n    title: 古城奇缘\n    filed: true\n")
    (fact,) = _facts(case, "filed")
    assert str(fact.position) == "case.yaml:7:12"


# ---- entries


def test_reviews_and_grants_are_read_whole() -> None:
    """Every key of an entry arrives."""
    case = _case(
        f"{HEAD}work: {{gucheng: {{}}}}\n"
        "review:\n"
        "  - {line: datong.2-1.horizontal, subject: gucheng, year: '2025', outcome: failed,\n"
        "     evidence: 公告}\n"
        "received:\n"
        "  - {line: datong.2-1.horizontal, subject: gucheng, amount: 1, year: 2024}\n"
        "  - {policy: 某区办法, place: minhang, matter: revenue_share, subject: gucheng,\n"
        "     amount: 300_000, on: 2025-11-02, evidence: 银行回单}\n"
    )
    (review,) = case.reviews
    assert (review.line, review.subject, review.year) == ("datong.2-1.horizontal", "gucheng", 2025)
    assert (review.passed, review.amount, review.evidence) == (False, None, "公告")
    ours, other = case.grants
    assert (ours.line, ours.policy, ours.year, ours.amount) == (
        "datong.2-1.horizontal",
        None,
        2024,
        1,
    )
    assert (other.line, other.policy, other.place) == (None, "某区办法", "minhang")
    assert (other.matter, other.amount) == ("revenue_share", 300_000)
    assert (other.on, other.evidence) == (date(2025, 11, 2), "银行回单")


def test_two_reviews_of_different_years_are_two_reviews() -> None:
    """Only what speaks of the same line, subject, year and listing is a repetition."""
    case = _case(
        f"{HEAD}work: {{gucheng: {{}}}}\nreview:\n"
        "  - {line: datong.2-1.horizontal, subject: gucheng, year: 2024, outcome: passed}\n"
        "  - {line: datong.2-1.horizontal, subject: gucheng, year: 2025, outcome: failed}\n"
        "  - {line: datong.2-1.horizontal, subject: gucheng, outcome: failed}\n"
    )
    assert [review.year for review in case.reviews] == [2024, 2025, None]


def test_assumptions_and_readings_are_read_with_their_places() -> None:
    """A choice of the case knows its line, for a later message."""
    case = _case(
        f"{HEAD}assume_in_force: {{ganzhou: 2025-07-01}}\nreadings: {{datong.levels: highest}}\n"
    )
    assert case.assumed_in_force["ganzhou"].value == date(2025, 7, 1)
    assert case.readings["datong.levels"].value == "highest"
    assert case.readings["datong.levels"].position.line == 5


# ---- the forms of a file


def test_json_is_read_with_the_places_of_its_values() -> None:
    """A JSON file of several lines knows where each value stands."""
    text = json.dumps(
        {
            "applicant": "yunzhong",
            "enterprise": {"yunzhong": {}},
            "work": {"gucheng": {"filed": True, "income": 10**13, "aired": None}},
        },
        indent=2,
    )
    case = _case(text, "case.json")
    assert _values(case, "filed") == [True]
    assert _values(case, "income") == [10**13]
    line = next(n for n, row in enumerate(text.splitlines(), 1) if '"filed"' in row)
    assert _facts(case, "filed")[0].position.line == line


@pytest.mark.parametrize("name", ["case.json", "case.jsonl"])
def test_json_escapes_are_read_as_json_means_them(name: str) -> None:
    """Surrogate pairs and the escaped slash are JSON, though not YAML."""
    text = (
        r'{"applicant": "yunzhong", "enterprise": {"yunzhong": '
        r'{"name": "\ud83c\udfac\u4e91\u4e2d \/ A\tB"}}}'
    )
    assert _values(_case(text, name), "name", "yunzhong") == ["🎬云中 / A\tB"]


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    """Editors on Windows put a mark before the text."""
    file = tmp_path / "case.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    (case,) = read_cases(file, VOCABULARY)
    assert case.applicant == "yunzhong"


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    """A carriage return before the line feed changes nothing, nor the count of lines."""
    file = tmp_path / "case.yaml"
    text = f"{HEAD}work:\n  gucheng:\n    filed: true\n"
    file.write_bytes(text.replace("\n", "\r\n").encode())
    (case,) = read_cases(file, VOCABULARY)
    assert _facts(case, "filed")[0].position.line == 6


def test_a_yaml_file_may_hold_several_cases() -> None:
    """Each document is a case of its own, with its own ids and its own lines."""
    text = f"{HEAD}---\n{HEAD.replace('2026', '2027')}---\n{HEAD}"
    cases = list(read_text(text, VOCABULARY, "case.yaml"))
    assert [case.as_of.year for case in cases] == [2026, 2027, 2026]
    assert [case.source.line for case in cases] == [1, 5, 9]


def test_json_lines_hold_a_case_a_line_and_blank_lines_none() -> None:
    """Blank lines are skipped and still counted."""
    line = '{"applicant": "yunzhong", "enterprise": {"yunzhong": {}}}'
    cases = list(read_text(f"{line}\n\n{line}\n  \n{line}", VOCABULARY, "cases.jsonl"))
    assert [case.source.line for case in cases] == [1, 3, 5]


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    """The order does not depend on when a file was written, and other files are left alone."""
    line = '{"applicant": "yunzhong", "enterprise": {"yunzhong": {}}}\n'
    (tmp_path / "c.json").write_text(line, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(line * 2, encoding="utf-8")
    (tmp_path / "d.yml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(f"{HEAD}---\n{HEAD}", encoding="utf-8")
    (tmp_path / "README.md").write_text("notes", encoding="utf-8")
    (tmp_path / ".b.yaml").write_text("broken: [", encoding="utf-8")
    names = [Path(case.source.file).name for case in read_cases(tmp_path, VOCABULARY)]
    assert names == ["a.yaml", "a.yaml", "b.jsonl", "b.jsonl", "c.json", "d.yml"]


def test_an_alias_stands_for_what_it_names() -> None:
    """Anchors and aliases may save writing, as long as they do not go in circles."""
    case = _work("filed: &yes true, distribution_licence: *yes")
    assert _values(case, "distribution_licence") == [True]


def test_a_case_may_be_given_as_a_mapping() -> None:
    """Plain Python values mean what they mean in a file; a Decimal is exact."""
    case = case_from_mapping(
        {
            "applicant": "yunzhong",
            "as_of": date(2026, 6, 30),
            "enterprise": {"yunzhong": {"main_businesses": ("production",)}},
            "work": {
                "gucheng": {
                    "filed": True,
                    "aired": None,
                    "aired_on": date(2026, 7, 1),
                    "split_revenue": {2025: 16_000_000, "2024": 10**13},
                    "footage_share": {"datong": Decimal("0.2001")},
                    "shot_share": {"datong": Decimal("1E-3")},
                    "online_on": {"major_video_site"},
                }
            },
        },
        VOCABULARY,
    )
    assert case.as_of == date(2026, 6, 30)
    assert _values(case, "footage_share") == [Decimal("0.2001")]
    assert _values(case, "shot_share") == [Decimal("0.001")]
    assert {f.keys: f.value for f in _facts(case, "split_revenue")} == {
        (2025,): 16_000_000,
        (2024,): 10**13,
    }
    assert _values(case, "online_on") == ["major_video_site"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.2, "facts.float"),
        (b"0.2", "facts.value_unfit"),
        (object(), "facts.value_unfit"),
        (Decimal("NaN"), "facts.share"),
        (Decimal("-0.2"), "facts.number_negative"),
        (Decimal("1.5"), "facts.share_above_one"),
        ("0.2", "facts.number_quoted"),
    ],
)
def test_a_mapping_with_an_unfit_value_is_refused(value: object, code: str) -> None:
    """A float is refused even where it looks like a share."""
    mapping = {
        "applicant": "yunzhong",
        "enterprise": {"yunzhong": {}},
        "work": {"gucheng": {"footage_share": {"datong": value}}},
    }
    with pytest.raises(FactsError) as caught:
        case_from_mapping(mapping, VOCABULARY)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("name", ["case.yaml", "case.json", "mapping"])
def test_a_case_means_the_same_in_every_form(name: str) -> None:
    """YAML, JSON and a mapping of the same content give the same facts."""
    plain = {
        "applicant": "yunzhong",
        "as_of": "2026-06-30",
        "enterprise": {"yunzhong": {"kind": "enterprise"}},
        "work": {"gucheng": {"filed": True, "split_revenue": {"2025": 5}, "online_on": []}},
        "received": [],
    }
    text = json.dumps(plain)
    case = case_from_mapping(plain, VOCABULARY) if name == "mapping" else _case(text, name)
    bare = [(f.kind, f.entity, f.attribute, f.keys, f.value) for f in case.facts]
    assert bare == [
        ("enterprise", "yunzhong", "kind", (), "enterprise"),
        ("work", "gucheng", "filed", (), True),
        ("work", "gucheng", "split_revenue", (2025,), 5),
    ]
    assert list(case.complete_sets) == [("gucheng", "online_on", ())]


# ---- the shipped examples and the contract


@pytest.mark.parametrize(
    "file", sorted((ROOT / "facts" / "examples").glob("*.*")), ids=lambda file: str(file.name)
)
def test_the_shipped_examples_are_read(file: Path) -> None:
    """Whatever comes with the program is a sound case."""
    assert list(read_cases(file, VOCABULARY))


CONTRACT_EXAMPLE = """\
applicant: yunzhong            # id of the legal or natural person that would file
as_of: 2026-06-30              # the day on which the case is judged; default: today
enterprise:                    # entity kind -> id -> attributes
  yunzhong:
    name: 云中影视传媒有限公司
    kind: enterprise
    registered_in: datong
    micro_drama_enterprise: true
    main_businesses: [production, distribution]
    operating_revenue: {2024: 5_200_000, 2025: 9_800_000}     # indexed by year
work:
  gucheng:
    title: 古城奇缘
    first_producer: yunzhong   # a reference to another entity of the file
    filed: true
    distribution_licence: true
    online_on: [major_video_site]
    orientation: horizontal
    split_revenue: {2025: 16_000_000}
    listed_on: {annual@nrta: 2025-12-20}
    aired_on: 2025-05-20
rd_project:
  engine: {undertaker: yunzhong, investment: 2_000_000}
policy:                        # what the texts themselves leave open
  liaoning: {published_on: 2025-09-01}
review:                        # outcomes of reviews, selections, case-by-case decisions
  - {line: datong.2-1.horizontal, subject: gucheng, year: 2025, outcome: passed}
  - {line: liaoning.2.scenes, subject: gucheng, outcome: passed, amount: 80_000}
received:                      # support already granted
  - {line: ganzhou.9.rd, subject: engine, amount: 300_000, on: 2025-11-02}
  - {policy: 某区扶持办法, place: minhang, matter: revenue_share, subject: gucheng, year: 2025,
     amount: 300_000}
assume_in_force: {ganzhou: 2025-07-01}
readings: {minhang.same_type: article}
"""


def test_the_complete_example_of_the_format_is_read() -> None:
    """The example that defines the format is a sound case."""
    case = _case(CONTRACT_EXAMPLE)
    assert set(case.entities) == {"yunzhong", "gucheng", "engine", "liaoning"}
    assert _values(case, "operating_revenue", "yunzhong") == [5_200_000, 9_800_000]
    assert _values(case, "aired") == [True]
    assert _values(case, "listed") == ["annual@nrta"]
    assert [review.amount for review in case.reviews] == [None, 80_000]
    assert [grant.amount for grant in case.grants] == [300_000, 300_000]


# ---- whatever is thrown at the reader

_NAMES = st.sampled_from(
    [
        *("applicant", "as_of", "review", "received", "assume_in_force", "readings"),
        *("enterprise", "person", "work", "policy", "yunzhong", "gucheng", "datong"),
        *("name", "title", "filed", "aired", "aired_on", "online_on", "split_revenue", "2025"),
        *("platform_revenue", "footage_share", "first_producer", "award", "awarded_on"),
        *("value", "evidence", "line", "subject", "outcome", "amount", "year", "trigger", "matter"),
        *("datong.2-1.horizontal", "passed", "major_video_site", "five_one@central", "douyin"),
        *("2025-05-20", "2999-99-99", "20%", "5万", "-1", "", " ", "~", "null", "<<", "a/b"),
    ]
)
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.floats(),
    st.dates(),
    _NAMES,
    st.text(max_size=8),
)
_NESTED = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(_NAMES, st.text(max_size=4)), inner, max_size=5),
    ),
    max_leaves=25,
)


def _fitting(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Return values of an attribute's own type, sometimes in the long form or unknown."""
    words = st.sampled_from(list(VOCABULARY.legal_values(attribute.values)) or ["none"])
    simple: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(),
        "share": st.decimals(0, 1, allow_nan=False, allow_infinity=False, places=4),
        "date": st.dates(date(1900, 1, 1), date(2200, 12, 31)),
        "enum": words,
        "set": st.one_of(
            st.lists(words, max_size=3, unique=True), st.dictionaries(words, st.booleans())
        ),
        "ref": st.sampled_from(["yunzhong", "gucheng"]),
        "text": st.text(min_size=1, max_size=5),
    }
    value = simple.get(attribute.type, st.integers(0, 10**13))
    for index in reversed(attribute.index):
        keys: dict[str, st.SearchStrategy[Any]] = {
            "year": st.integers(2020, 2030),
            "scene": st.text(min_size=1, max_size=3),
        }
        key = keys.get(index)
        if key is None:
            key = st.sampled_from(list(VOCABULARY.legal_values((index,))))
        value = st.dictionaries(key, value, max_size=3)
    long_form = st.fixed_dictionaries({"value": value, "evidence": st.just("E")})
    return st.one_of(value, value, long_form, st.none())


_ENTRIES: dict[str, st.SearchStrategy[Any]] = {
    "as_of": _LEAVES,
    "person": _NESTED,
    "review": st.lists(_NESTED, max_size=3),
    "received": st.lists(_NESTED, max_size=3),
    "assume_in_force": _NESTED,
    "readings": _NESTED,
}


@st.composite
def _likely(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a case of one enterprise and one work, sound by its types or with anything in it."""
    sound = draw(st.booleans())
    case: dict[str, Any] = {"applicant": "yunzhong"}
    for kind, entity in (("enterprise", "yunzhong"), ("work", "gucheng")):
        attributes = VOCABULARY.attributes_of(kind)
        names = draw(st.lists(st.sampled_from(attributes), max_size=6, unique=True))
        values = {a.name: draw(_fitting(a) if sound else _NESTED) for a in names}
        case[kind] = {entity: values}
    return case if sound else {**case, **draw(st.fixed_dictionaries({}, optional=_ENTRIES))}


_LIKELY = _likely()
_PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large]


def _told(fault: FactsError) -> bool:
    """Return whether an error has problems that can be told in both languages."""
    return bool(fault.problems and fault.tell("en") and fault.tell("zh"))


def _reads_or_refuses(text: str, name: str) -> bool:
    """Read a text, return whether it is sound; any error but FactsError is a failure."""
    try:
        cases = list(read_text(text, VOCABULARY, name))
    except FactsError as fault:
        refused = fault
    else:
        assert all(isinstance(case, Case) for case in cases)
        return True
    assert _told(refused)
    return False


def _takes_or_refuses(mapping: dict[str, Any]) -> bool:
    """Read a mapping, return whether it is sound; any error but FactsError is a failure."""
    try:
        case = case_from_mapping(mapping, VOCABULARY)
    except FactsError as fault:
        refused = fault
    else:
        assert isinstance(case, Case)
        return True
    assert _told(refused)
    return False


@given(st.dictionaries(_NAMES, _NESTED, max_size=6))
@settings(max_examples=200, deadline=None, suppress_health_check=_PATIENT)
def test_any_mapping_is_a_case_or_a_facts_error(mapping: dict[str, Any]) -> None:
    """Nested values of any shape are read or refused, never a failure of the program."""
    _takes_or_refuses(mapping)


@given(_LIKELY)
@settings(max_examples=200, deadline=None, suppress_health_check=_PATIENT)
def test_any_likely_mapping_is_a_case_or_a_facts_error(mapping: dict[str, Any]) -> None:
    """Values of any shape under real attributes are read or refused."""
    _takes_or_refuses(mapping)


@given(_LIKELY)
@settings(max_examples=100, deadline=None, suppress_health_check=_PATIENT)
def test_any_likely_json_is_a_case_or_a_facts_error(mapping: dict[str, Any]) -> None:
    """The same values as JSON, as JSON Lines and as YAML are read or refused."""
    text = json.dumps(mapping, default=str)
    for name in ("case.json", "case.jsonl", "case.yaml"):
        _reads_or_refuses(text, name)


@given(st.text(), st.sampled_from(["case.yaml", "case.json", "case.jsonl"]))
@settings(max_examples=300, deadline=None, suppress_health_check=_PATIENT)
def test_any_text_is_a_case_or_a_facts_error(text: str, name: str) -> None:
    """Arbitrary text is read or refused, whatever it claims to be."""
    _reads_or_refuses(text, name)


@given(st.text(alphabet=" \n:-[]{},&*!|>'\"#%@`?~ab1.", max_size=60))
@settings(max_examples=500, deadline=None, suppress_health_check=_PATIENT)
def test_any_heap_of_yaml_signs_is_a_case_or_a_facts_error(text: str) -> None:
    """The signs that mean something to YAML never lead the reader astray."""
    _reads_or_refuses(text, "case.yaml")


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=_PATIENT)
def test_a_damaged_example_is_a_case_or_a_facts_error(data: st.DataObject) -> None:
    """Cutting, doubling or replacing a piece of a sound case gives a case or a clear error."""
    start = data.draw(st.integers(0, len(CONTRACT_EXAMPLE)))
    stop = data.draw(st.integers(start, min(len(CONTRACT_EXAMPLE), start + 60)))
    put = data.draw(st.one_of(st.just(""), _NAMES, st.text(max_size=5)))
    _reads_or_refuses(CONTRACT_EXAMPLE[:start] + put + CONTRACT_EXAMPLE[stop:], "case.yaml")


def test_the_likely_mappings_are_sometimes_sound() -> None:
    """The generator produces what it is for: cases that pass and cases that do not."""
    seen: set[bool] = set()

    @given(_LIKELY)
    @settings(
        max_examples=100,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=_PATIENT,
    )
    def look(mapping: dict[str, Any]) -> None:
        seen.add(_takes_or_refuses(mapping))

    look()
    assert seen == {True, False}


def test_every_message_about_facts_names_only_known_placeholders() -> None:
    """The Chinese and the English message of a code speak of the same details."""
    file = ROOT / "src" / "policy_logic" / "locale" / "facts.toml"
    for code, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
        places = {
            language: set(re.findall(r"(?<!{){(\w+)}", words[language])) for language in words
        }
        assert places["zh"] == places["en"], code
