"""One fault gives one problem: nothing that follows from it is told as well."""

from __future__ import annotations

import pytest

from policy_logic.errors import FactsError, Problem
from policy_logic.facts.reader import read_text
from policy_logic.facts.vocabulary import load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

VOCABULARY = load_vocabulary(shipped_vocabulary())
HEAD = "applicant: yunzhong\nas_of: 2026-06-30\nenterprise: {yunzhong: {}}\n"


def _problems(text: str) -> tuple[Problem, ...]:
    """Return what is wrong with a text; its messages can be told in both languages."""
    with pytest.raises(FactsError) as caught:
        list(read_text(text, VOCABULARY, "case.yaml"))
    assert caught.value.tell("zh")
    assert caught.value.tell("en")
    return caught.value.problems


def _told(text: str) -> list[tuple[str, int]]:
    """Return the codes and lines of what is wrong with a text."""
    problems = _problems(text)
    assert all(problem.where for problem in problems)
    return [(p.code.removeprefix("facts."), p.where.line) for p in problems if p.where]


def test_a_kind_of_the_wrong_shape_does_not_make_its_references_dangle() -> None:
    """Works written as a list are told once, not again wherever a work is named."""
    text = (
        f"{HEAD}work: [gucheng]\nscript: {{s: {{conversion: gucheng}}}}\n"
        "review: [{line: datong.2-1.horizontal, subject: gucheng, outcome: passed}]\n"
    )
    if not VOCABULARY.has_attribute("script", "conversion"):
        text = text.replace("{conversion: gucheng}", "{}")
    assert _told(text) == [("kind_shape", 4)]


def test_a_misspelt_kind_does_not_make_its_references_dangle() -> None:
    """What stands under a misspelt kind is not missed elsewhere."""
    text = (
        "applicant: yunzhong\nentreprise: {yunzhong: {}}\n"
        "work: {gucheng: {first_producer: yunzhong}}\n"
    )
    assert _told(text) == [("key_unknown", 2)]


def test_a_misspelt_applicant_is_not_missing_as_well() -> None:
    """The key that was meant is not asked for."""
    assert _told("applicnat: yunzhong\nenterprise: {yunzhong: {}}\n") == [("key_unknown", 1)]


@pytest.mark.parametrize("day", ["as_of: soon", "as_off: 2026-06-30"])
def test_a_wrong_day_does_not_make_dates_contradict(day: str) -> None:
    """While the day of the case is not known, no date proves anything."""
    text = (
        f"applicant: yunzhong\n{day}\nenterprise: {{yunzhong: {{}}}}\n"
        "work: {gucheng: {aired_on: 2000-01-01, aired: false}}\n"
    )
    assert [line for _, line in _told(text)] == [2]


def test_a_refused_id_does_not_make_its_references_dangle() -> None:
    """An id with a slash is told once."""
    text = f"{HEAD}person: {{a/b: {{}}}}\nwork: {{gucheng: {{copyright_holder: a/b}}}}\n"
    assert _told(text) == [("id", 4)]


def test_a_kind_that_stands_twice_keeps_its_entities() -> None:
    """The second block of works is told once; what it defines is not missed."""
    text = (
        f"{HEAD}work: {{gucheng: {{}}}}\n"
        "work: {xincheng: {}}\n"
        "review: [{line: datong.2-1.horizontal, subject: xincheng, outcome: passed}]\n"
    )
    assert _told(text) == [("duplicate_key", 5)]


def test_an_entity_that_stands_twice_is_told_once() -> None:
    """The same id twice in a kind is a repeated key, not also a repeated id."""
    text = f"{HEAD}work:\n  gucheng: {{filed: true}}\n  gucheng: {{aired: true}}\n"
    assert _told(text) == [("duplicate_key", 6)]


def test_a_missing_entity_is_told_once_with_every_line_that_names_it() -> None:
    """An id that does not exist is one fault, however often it is named."""
    text = (
        f"{HEAD}work:\n"
        "  one: {first_producer: yunzong}\n"
        "  two: {first_producer: yunzong}\n"
        "  three: {first_producer: yunzong}\n"
    )
    (problem,) = _problems(text)
    assert problem.code == "facts.reference_repeated"
    assert problem.where is not None
    assert problem.where.line == 5
    assert problem.details["others"] == "6, 7"
    assert problem.details["near"] == "yunzhong"


def test_a_misspelt_field_of_an_entry_is_not_missing_as_well() -> None:
    """An entry with a misspelt field is not asked for the field that was meant."""
    text = f"{HEAD}received: [{{line: datong.2-4.growth, subjekt: yunzhong, amount: 1}}]\n"
    assert _told(text) == [("key_unknown", 4)]


def test_all_missing_fields_of_an_entry_are_one_problem() -> None:
    """An entry that lacks two fields says so once."""
    text = f"{HEAD}review: [{{line: datong.2-4.growth}}]\n"
    (problem,) = _problems(text)
    assert problem.details["missing"] == "subject, outcome"


def test_a_broken_list_is_not_also_incomplete() -> None:
    """A list with a misspelt member does not contradict what is implied."""
    text = (
        f"{HEAD}work:\n  gucheng:\n    listed: [anual@nrta]\n"
        "    listed_on: {annual@nrta: 2025-12-20}\n"
    )
    assert _told(text) == [("name_unknown", 6)]


def test_one_denial_of_two_proofs_is_one_problem() -> None:
    """A work that was online and aired, and did not air, has one fault."""
    text = (
        f"{HEAD}work:\n  gucheng:\n    online_on: [hongguo, douyin]\n"
        "    aired_on: 2025-05-20\n    aired: false\n"
    )
    assert _told(text) == [("contradiction", 8)]


def test_a_fault_behind_an_alias_is_told_once() -> None:
    """A value that several works share is wrong once."""
    text = (
        f"{HEAD}work:\n  one:\n    split_revenue: &figures {{2025: 5万}}\n"
        "  two:\n    split_revenue: *figures\n"
    )
    assert _told(text) == [("number_unit", 6)]


def test_every_wrong_member_of_a_list_is_told() -> None:
    """Two misspelt members are two faults."""
    text = f"{HEAD}work:\n  gucheng:\n    online_on:\n      - hongo\n      - duoyin\n"
    assert _told(text) == [("name_unknown", 7), ("name_unknown", 8)]


def test_the_faults_of_an_entity_with_a_taken_id_are_told_too() -> None:
    """An entity whose id is taken is still read."""
    text = f"{HEAD}work:\n  yunzhong: {{filed: maybe, filled: true}}\n"
    assert _told(text) == [("id_twice", 5), ("bool", 5), ("attribute_unknown", 5)]


def test_repeated_keys_and_other_faults_are_told_together() -> None:
    """A repeated key does not hide what else is wrong."""
    text = f"{HEAD}work:\n  gucheng:\n    filed: true\n    filed: true\n    income: -1\n"
    assert _told(text) == [("duplicate_key", 7), ("number_negative", 8)]


def test_the_entities_of_a_review_and_a_grant_fit_their_lines() -> None:
    """A line that is decided for works cannot have been granted for an enterprise."""
    text = (
        f"{HEAD}received:\n  - {{line: datong.2-1.horizontal, subject: yunzhong, amount: 1}}\n"
        "review:\n  - {line: datong.2-1.horizontal, subject: yunzhong, outcome: passed}\n"
    )
    assert _told(text) == [("review_kind", 5), ("review_kind", 7)]


@pytest.mark.parametrize("field", ["matter: event", "place: minhang"])
def test_a_grant_by_a_line_takes_no_matter_and_no_place(field: str) -> None:
    """The line says what it paid for; to say it again could only contradict."""
    text = (
        f"{HEAD}received:\n  - {{line: datong.2-4.growth, subject: yunzhong, amount: 1, {field}}}\n"
    )
    assert _told(text) == [("grant_line_extra", 5)]


def test_a_review_may_be_given_for_a_line_that_no_fact_decides() -> None:
    """Lines without money or facts of their own are known as well."""
    (case,) = read_text(
        f"{HEAD}review: [{{line: liaoning.14.special, subject: yunzhong, outcome: passed}}]\n",
        VOCABULARY,
    )
    assert case.reviews[0].line == "liaoning.14.special"
