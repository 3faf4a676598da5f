"""Whatever a file holds, the answer is a case or a clear error, and it comes soon."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from policy_logic.errors import FactsError, Problem
from policy_logic.facts.reader import case_from_mapping, read_text
from policy_logic.facts.vocabulary import load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

if TYPE_CHECKING:
    from policy_logic.facts.model import Case

VOCABULARY = load_vocabulary(shipped_vocabulary())
HEAD = "applicant: yunzhong\nas_of: 2026-06-30\nenterprise: {yunzhong: {}}\n"
JSON_HEAD = '{"applicant": "yunzhong", "enterprise": {"yunzhong": {}}, '


def _case(text: str, name: str = "case.yaml") -> Case:
    (case,) = read_text(text, VOCABULARY, name)
    return case


def _problem(text: str, name: str = "case.yaml") -> Problem:
    """Return the one problem of a text, which can be told in both languages."""
    with pytest.raises(FactsError) as caught:
        list(read_text(text, VOCABULARY, name))
    (problem,) = caught.value.problems
    for language in ("zh", "en"):
        assert problem.tell(language).encode()
    return problem


def _work(attributes: str) -> str:
    return f"{HEAD}work: {{gucheng: {{{attributes}}}}}\n"


# ---- growth and depth


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "a: &a {b: " * 10_000],
    ids=["lists", "mappings", "dashes", "anchors"],
)
def test_yaml_without_end_of_depth_is_refused_at_once(text: str) -> None:
    """A hundred thousand brackets neither crash the reader nor keep it busy."""
    start = time.perf_counter()
    assert _problem(text).code in {"facts.too_large", "facts.yaml"}
    assert time.perf_counter() - start < 2


def test_mappings_that_double_by_aliases_are_refused_at_once() -> None:
    """Aliases inside aliases are counted, not followed."""
    rows = ["a0: &a0 {x: 1}"]
    rows += [f"a{n}: &a{n} {{x: *a{n - 1}, y: *a{n - 1}}}" for n in range(1, 40)]
    start = time.perf_counter()
    assert _problem("\n".join(rows)).code == "facts.too_large"
    assert time.perf_counter() - start < 2


def test_many_works_may_share_a_value_by_alias() -> None:
    """Sharing saves writing: a thousand works with the same figures are a case."""
    works = "".join(f"  w{n}: {{split_revenue: *figures}}\n" for n in range(1000))
    case = _case(f"{HEAD}work:\n  w: {{split_revenue: &figures {{2024: 1, 2025: 2}}}}\n{works}")
    assert len(case.facts) == 2002


def test_a_mapping_that_contains_itself_is_refused() -> None:
    """A Python mapping may go in circles; a case may not."""
    mapping: dict[str, object] = {"applicant": "yunzhong"}
    mapping["enterprise"] = mapping
    with pytest.raises(FactsError) as caught:
        case_from_mapping(mapping, VOCABULARY)
    assert caught.value.problems[0].code == "facts.too_large"


def test_two_thousand_facts_are_read_quickly() -> None:
    """A case of a hundred works takes some hundredths of a second."""
    work = (
        "{title: 古城, first_producer: yunzhong, filed: true, online_on: [hongguo, douyin], "
        "orientation: horizontal, split_revenue: {2024: 1_000, 2025: {value: 5, evidence: E}}, "
        "platform_revenue: {2025: {douyin: 1, tencent: 2, youku: 3}}, aired_on: 2025-05-20, "
        "footage_share: {datong: 0.2001}, support_cost: {datong: 5, ganzhou: 6, minhang: 7}}"
    )
    text = HEAD + "work:\n" + "".join(f"  w{n}: {work}\n" for n in range(110))
    _case(HEAD)
    start = time.perf_counter()
    assert len(_case(text).facts) > 1_800
    assert time.perf_counter() - start < 1  # some 0.03 s on a quiet machine


# ---- numbers


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("５０００", "number_fullwidth", "5_000"),
        ("5万", "number_unit", "50_000"),
        ("1.5亿元", "number_unit", "150_000_000"),
        ("80 万元", "number_unit", "800_000"),
        ("300元", "number_unit", "300"),
        ("￥300", "number_unit", "300"),
        ("1,000,000", "number_commas", "1_000_000"),
        ("1.5e6", "number", "1_500_000"),
        ("1e999999999", "number", "2_000_000"),
        ("007", "number_zero", None),
        ("5_", "number", "2_000_000"),
        ("5__0", "number", "2_000_000"),
        (".nan", "number", "2_000_000"),
        (".inf", "number", "2_000_000"),
        ("9" * 5_000, "number_too_large", None),
        ("9" * 5_000 + "万", "number", "2_000_000"),
        ("−5", "number_negative", None),
        ("-5_000", "number_negative", None),
        ("0o17", "number", "2_000_000"),
        ("1:30", "number", "2_000_000"),
    ],
)
def test_what_is_not_a_whole_number_is_refused_with_what_was_meant(
    written: str, code: str, hint: str | None
) -> None:
    """The message names the likely meaning, worked out exactly."""
    text = _work(f'income: "{written}"') if "," in written else _work(f"income: {written}")
    problem = _problem(text)
    assert problem.code == f"facts.{code}"
    assert problem.details.get("hint") == hint


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("20%", "share_percent", "0.2"),
        ("20.01 %", "share_percent", "0.2001"),
        ("２０％", "share", None),
        ("20", "share_above_one", "0.2"),
        ("1.5", "share_above_one", "0.015"),
        ("150", "share", None),
        ("0." + "0" * 30 + "1", "share_decimals", None),
        ("9" * 10_000, "share", None),
        (".nan", "share", None),
        ("1e-3", "share", None),
        ("0.", "share", None),
        ("-.5", "number_negative", None),
    ],
)
def test_what_is_not_a_share_is_refused_with_what_was_meant(
    written: str, code: str, hint: str | None
) -> None:
    """A percentage is told as the decimal it stands for."""
    problem = _problem(_work(f"footage_share: {{datong: {written}}}"))
    assert problem.code == f"facts.{code}"
    assert problem.details.get("hint") == hint


def test_a_share_keeps_zeros_at_its_end() -> None:
    """Zeros after the last figure do not count as decimals."""
    case = _case(_work("footage_share: {datong: 0.25" + "0" * 40 + "}"))
    assert case.facts[0].value == Decimal("0.25")


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("2025/6/1", "2025-06-01"),
        ("2025.6.1", "2025-06-01"),
        ("2025年6月1日", "2025-06-01"),
        ("20250601", "2025-06-01"),
        ("2025-6-1", "2025-06-01"),
        ("2025-06-01 10:00:00", "2025-06-01"),
        ("2025-13-1", "2025-04-06"),
        ("２０２５-０６-０１", "2025-04-06"),
        ("6/1/2025", "2025-04-06"),
    ],
)
def test_a_date_in_another_form_is_refused_with_the_form_used_here(written: str, hint: str) -> None:
    """The message shows the same day as it is to be written."""
    problem = _problem(_work(f'aired_on: "{written}"'))
    assert problem.code == "facts.date"
    assert str(problem.details["hint"]) == hint


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("yes", "true"),
        ("Off", "false"),
        ("否", "false"),
        ("TRUE", "true"),
        ("maybe", "true / false"),
    ],
)
def test_a_truth_value_in_another_form_is_refused_with_the_form_used_here(
    written: str, hint: str
) -> None:
    """Only true and false are truth values, whatever YAML 1.1 says."""
    problem = _problem(_work(f"filed: {written}"))
    assert (problem.code, problem.details["hint"]) == ("facts.bool", hint)


# ---- names and texts


@pytest.mark.parametrize(
    "name", ['"-"', '"a\\u200bb"', '" a"', '"a "', '"a\\nb"', "null", "~", '"\\e[31m"']
)
def test_an_id_that_could_be_mistaken_is_refused(name: str) -> None:
    """An id is one visible word or several, and never the sign for "does not apply"."""
    problem = _problem(f"{HEAD}work: {{{name}: {{}}}}\n")
    assert problem.code == "facts.id"
    assert all(character.isprintable() for character in problem.tell("zh"))


@pytest.mark.parametrize("name", ["𠮷野家", "ａｂｃ", "云中-2", "a.b", "2025", "🎬"])
def test_any_visible_name_is_an_id(name: str) -> None:
    """Rare characters, full-width letters and figures make an id."""
    assert name in _case(f"{HEAD}work: {{{name}: {{}}}}\n").entities


@pytest.mark.parametrize("written", ["5", "2046", "1.5", "true"])
def test_a_text_that_reads_as_a_number_is_refused_with_the_quotes_it_needs(written: str) -> None:
    """A title of figures is put in quotes, so that nobody takes it for a number."""
    problem = _problem(_work(f"title: {written}"))
    assert problem.code == "facts.text_unquoted"
    assert _case(_work(f'title: "{written}"')).facts[0].value == written


def test_a_text_with_control_characters_is_refused() -> None:
    """A name cannot carry what would upset a terminal."""
    assert _problem(_work('title: "a\\e[31mb"')).code == "facts.text_control"


def test_a_message_never_repeats_a_long_or_invisible_text() -> None:
    """What is quoted from a file is short and visible."""
    problem = _problem(_work('orientation: "' + "x\\e\\u202e" * 10_000 + '"'))
    assert len(problem.tell("en")) < 400
    assert problem.tell("en").isprintable()


def test_an_invisible_control_character_is_named() -> None:
    """A stray control character is found by line and column."""
    problem = _problem(f"{HEAD}work: {{gucheng: {{title: a\x07b}}}}\n")
    assert problem.code == "facts.control_character"
    assert str(problem.where) == "case.yaml:4:26"
    assert problem.details["character"] == "U+0007"


@pytest.mark.parametrize("tag", ["!!str 5", "!!int 5", "! 5", "!yuan 5", "!!binary aGk="])
def test_an_explicit_tag_is_refused_even_where_yaml_knows_it(tag: str) -> None:
    """A tag could say that a figure is something else."""
    assert _problem(_work(f"income: {tag}")).code == "facts.tag"


# ---- JSON


def test_json_values_stand_where_an_editor_shows_them() -> None:
    """Line and column are exact, also in a file that YAML could not read."""
    text = (
        '{\n\t"applicant": "yunzhong",\n\t"enterprise": {"yunzhong": {"name": "\\ud83c\\udfac"}},\n'
        '\t"work": {"gucheng": {"title": "古城", "filed": true}}\n}\n'
    )
    case = _case(text, "case.json")
    (filed,) = [fact for fact in case.facts if fact.attribute == "filed"]
    line = text.splitlines()[3]
    assert (filed.position.line, filed.position.column) == (4, line.index("true") + 1)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0c"])
def test_a_line_of_json_lines_ends_only_at_a_line_feed(separator: str) -> None:
    """Other characters that end lines elsewhere are part of a text, or an error on its line."""
    line = JSON_HEAD + f'"work": {{"gucheng": {{"title": "a{separator}b"}}}}}}'
    with pytest.raises(FactsError) as caught:
        list(read_text(f"{line}\n{line}", VOCABULARY, "cases.jsonl"))
    where = caught.value.problems[0].where
    assert where is not None
    assert where.line == 1
    assert caught.value.problems[0].code in {"facts.text_control", "facts.json"}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('{"applicant": "a",}', "json", "1:19"),
        ("{'applicant': 1}", "json", "1:2"),
        ('{"applicant" 1}', "json", "1:14"),
        ('{"applicant": 1 "b": 2}', "json", "1:17"),
        ('{"applicant": 01}', "json", "1:15"),
        ('{"applicant": 1_000}', "json", "1:15"),
        ('{"applicant": True}', "json", "1:15"),
        ('{"applicant": NaN}', "json_constant", "1:15"),
        ('{"applicant":\n "a', "json", "2:2"),
        ('{"applicant": "\\q"}', "json", "1:16"),
        ('{"applicant": "\\ud800"}', "json_surrogate", "1:15"),
        ("{}\n{}", "json_rest", "2:1"),
        ("// notes\n{}", "json", "1:1"),
        ("{", "json", "1:2"),
    ],
)
def test_a_fault_of_json_is_found_where_it_stands(text: str, code: str, place: str) -> None:
    """Each break of the grammar has its line and column."""
    problem = _problem(text, "case.json")
    assert (problem.code, str(problem.where)) == (f"facts.{code}", f"case.json:{place}")


def test_a_key_that_stands_twice_in_json_names_both_lines() -> None:
    """JSON readers usually keep the last; here it is an error."""
    problem = _problem(
        '{"applicant": "a",\n\n"applicant": "b",\n"enterprise": {"a": {}}}', "x.json"
    )
    assert problem.code == "facts.duplicate_key"
    assert problem.details["first"] == 1
    assert str(problem.where) == "x.json:3:1"


def test_a_number_of_json_is_never_a_float() -> None:
    """Seventeen decimals arrive as they were written."""
    share = "0.12345678901234567"
    text = JSON_HEAD + f'"work": {{"gucheng": {{"footage_share": {{"datong": {share}}}}}}}}}'
    assert _case(text, "case.json").facts[0].value == Decimal(share)


def test_json_and_yaml_agree_on_every_key_and_value() -> None:
    """A JSON file read as YAML gives the same facts."""
    case = {
        "applicant": "yunzhong",
        "as_of": "2026-06-30",
        "enterprise": {"yunzhong": {"name": "云中", "operating_revenue": {"2025": 5}}},
        "work": {"gucheng": {"online_on": ["hongguo"], "aired_on": "2025-05-20"}},
        "review": [{"line": "datong.2-4.growth", "subject": "yunzhong", "outcome": "passed"}],
        "received": [],
    }
    text = json.dumps(case, ensure_ascii=False)
    both = [_case(text, name) for name in ("case.json", "case.yaml")]
    values = [[(f.entity, f.attribute, f.keys, f.value) for f in case.facts] for case in both]
    assert values[0] == values[1]
    assert [case.grants_given for case in both] == [True, True]


# ---- the plain form


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (10**5_000, "number_too_large"),
        (Decimal("1E+999999999"), "number"),
        (Decimal("5000.00"), "number_fraction"),
        (Decimal("NaN"), "number"),
        (5.0, "float"),
        (b"5", "value_unfit"),
        ({1.5: 2}, "key_unfit"),
        ({True: 2}, "key_unfit"),
    ],
    ids=["huge", "exponent", "cents", "nan", "float", "bytes", "float_key", "bool_key"],
)
def test_an_unfit_plain_value_is_refused_by_its_path(value: object, code: str) -> None:
    """A mapping has no lines, so the message names the path."""
    mapping = {
        "applicant": "yunzhong",
        "enterprise": {"yunzhong": {}},
        "work": {"gucheng": {"income": value}},
    }
    with pytest.raises(FactsError) as caught:
        case_from_mapping(mapping, VOCABULARY)
    (problem,) = caught.value.problems
    assert problem.code == f"facts.{code}"
    assert problem.details["path"] == "work.gucheng.income"
