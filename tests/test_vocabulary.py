"""The vocabulary says what a case may hold; a policy may add to it, but not redefine it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from policy_logic.errors import FactsError, RulebookError
from policy_logic.facts.reader import read_text
from policy_logic.facts.schema import json_schema
from policy_logic.facts.vocabulary import Vocabulary, load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.facts.model import Case

SHIPPED = shipped_vocabulary()

NEW_KIND = """\
[kind.festival]
zh = "节展"
en = "festival"
subject_of = ["newtown.1.festival"]

[attribute.festival.name]
type = "text"
zh = "名称"
en = "name"
ask = "节展名称是什么？"

[attribute.festival.visitors]
type = "integer"
index = ["year"]
zh = "参加人数"
en = "visitors"
ask = "各年度参加人数是多少？"
lines = ["newtown.1.festival"]
"""

NEW_ATTRIBUTE = """\
[attribute.work.mood]
type = "set"
values = ["mood"]
zh = "基调"
en = "mood"
ask = "作品是什么基调？"
lines = ["newtown.2.mood"]

[attribute.work.mood_judged_on]
type = "date"
index = ["mood"]
implies = "mood"
zh = "基调认定日期"
en = "date on which the mood was judged"
ask = "基调何日认定？"

[value.mood]
merry = {zh = "欢快", en = "merry"}
grave = {zh = "沉重", en = "grave"}
"""


def _extended(tmp_path: Path, *texts: str) -> Vocabulary:
    """Load the shipped vocabulary with extensions."""
    files = []
    for number, text in enumerate(texts):
        file = tmp_path / f"extension{number}.toml"
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return load_vocabulary(SHIPPED, *files)


def _case(vocabulary: Vocabulary, more: str) -> Case:
    """Read a case with one enterprise and what else it is to have."""
    head = "applicant: yunzhong\nas_of: 2026-06-30\nenterprise: {yunzhong: {}}\n"
    (case,) = read_text(head + more, vocabulary, "case.yaml")
    return case


def test_the_shipped_vocabulary_is_sound() -> None:
    """What comes with the program passes its own checks."""
    vocabulary = load_vocabulary(SHIPPED)
    assert vocabulary.has_attribute("work", "split_revenue")
    assert not vocabulary.has_attribute("work", "split_revenues")
    assert vocabulary.attribute("work", "nothing") is None


def test_every_attribute_of_the_shipped_vocabulary_can_be_asked_for() -> None:
    """Each attribute has its words in both languages and a question."""
    for attribute in load_vocabulary(SHIPPED).attributes.values():
        assert attribute.zh
        assert attribute.en
        assert attribute.ask.endswith(("？", "?", "）"))


def test_an_extension_adds_a_kind(tmp_path: Path) -> None:
    """A new kind with its attributes can be used in a case, and reviewed by its line."""
    vocabulary = _extended(tmp_path, NEW_KIND)
    case = _case(
        vocabulary,
        "festival: {spring: {name: 春日节, visitors: {2025: 9_000}}}\n"
        "review: [{line: newtown.1.festival, subject: spring, outcome: passed}]\n",
    )
    assert case.entities["spring"].label == "春日节"
    assert [(f.attribute, f.keys, f.value) for f in case.facts] == [
        ("name", (), "春日节"),
        ("visitors", (2025,), 9_000),
    ]
    assert case.reviews[0].line == "newtown.1.festival"


def test_an_extension_adds_attributes_and_values(tmp_path: Path) -> None:
    """A new attribute of a known kind works like any other, with what it implies."""
    vocabulary = _extended(tmp_path, NEW_ATTRIBUTE)
    case = _case(vocabulary, "work: {w: {mood_judged_on: {merry: 2025-05-01}}}\n")
    (implied,) = [fact for fact in case.facts if fact.implied_by]
    assert (implied.attribute, implied.value) == ("mood", "merry")
    assert vocabulary.label("mood", "grave").zh == "沉重"
    assert vocabulary.label("mood", "unheard of").en == "unheard of"


def test_an_extension_adds_a_value_to_a_known_list(tmp_path: Path) -> None:
    """A new place is as good as the old ones, which stay."""
    vocabulary = _extended(tmp_path, '[value.place]\nnewtown = {zh = "新城", en = "Newtown"}\n')
    case = _case(vocabulary, "work: {w: {footage_share: {newtown: 0.5, datong: 0.5}}}\n")
    assert {fact.keys for fact in case.facts} == {("newtown",), ("datong",)}


def test_an_extension_adds_lines_to_a_known_attribute_and_kind(tmp_path: Path) -> None:
    """What exists may serve a new line; its definition stays as it is."""
    vocabulary = _extended(
        tmp_path,
        '[kind.work]\nsubject_of = ["newtown.3.work"]\n'
        '[attribute.work.filed]\nlines = ["newtown.3.work"]\n',
    )
    shipped = load_vocabulary(SHIPPED)
    attribute, before = vocabulary.attribute("work", "filed"), shipped.attribute("work", "filed")
    assert attribute is not None
    assert before is not None
    assert attribute.lines == (*before.lines, "newtown.3.work")
    assert attribute.type == before.type
    assert vocabulary.kinds["work"].subject_of - shipped.kinds["work"].subject_of == {
        "newtown.3.work"
    }
    assert "newtown.3.work" in vocabulary.lines


def test_an_extension_adds_an_id_to_a_kind_with_fixed_ids(tmp_path: Path) -> None:
    """A new policy may be named in a case."""
    vocabulary = _extended(tmp_path, '[kind.policy]\nids = ["newtown"]\n')
    case = _case(vocabulary, "policy: {newtown: {published_on: 2025-01-01}, datong: {}}\n")
    assert {"newtown", "datong"} <= set(case.entities)


def test_an_extension_adds_what_lines_rest_on(tmp_path: Path) -> None:
    """Yearly caps, events and matters of new lines are found beside the old ones."""
    vocabulary = _extended(
        tmp_path,
        '[kind.work]\nsubject_of = ["newtown.3.work"]\n'
        '[line_year]\n"newtown.3.work" = "aired_on"\n'
        '[line_event]\n"newtown.3.work" = "year"\n'
        '[line_matter]\n"newtown.3.work" = "event"\n',
    )
    assert vocabulary.line_year["newtown.3.work"] == "aired_on"
    assert vocabulary.line_event["newtown.3.work"] == "year"
    assert vocabulary.line_matter["newtown.3.work"] == "event"
    assert vocabulary.line_year["datong.2-6.event"] == "held_on"


def test_several_extensions_add_up(tmp_path: Path) -> None:
    """Two policies may each bring their own words."""
    vocabulary = _extended(tmp_path, NEW_KIND, NEW_ATTRIBUTE)
    assert vocabulary.has_attribute("festival", "visitors")
    assert vocabulary.has_attribute("work", "mood")


def test_an_extension_may_repeat_what_exists(tmp_path: Path) -> None:
    """Two policies may define the same word, as long as they define it alike."""
    vocabulary = _extended(tmp_path, NEW_ATTRIBUTE, NEW_ATTRIBUTE)
    assert list(vocabulary.legal_values(("mood",))) == ["merry", "grave"]


def test_without_the_extension_its_words_are_unknown() -> None:
    """An extension changes nothing for those who do not load it."""
    with pytest.raises(FactsError) as caught:
        _case(load_vocabulary(SHIPPED), "work: {w: {mood: [merry]}}\n")
    assert [problem.code for problem in caught.value.problems] == ["facts.attribute_unknown"]


def test_the_schema_follows_the_extensions(tmp_path: Path) -> None:
    """New kinds and attributes appear in the JSON Schema."""
    properties = json_schema(_extended(tmp_path, NEW_KIND, NEW_ATTRIBUTE))["properties"]
    assert properties["festival"]["title"] == "节展 · festival"
    entity = properties["work"]["anyOf"][0]["additionalProperties"]["anyOf"][0]
    assert "mood" in entity["properties"]


_WORK = "[attribute.work.spare]\nzh = '备'\nen = 'spare'\nask = '？'\n"
CONTRADICTIONS = {
    "not_toml": ("[value.place\n", "vocabulary_file"),
    "an_unknown_section": ("[atribute.work.spare]\nzh = '备'\n", "vocabulary_key"),
    "an_unknown_key": (f"{_WORK}type = 'bool'\nlnes = []\n", "vocabulary_key"),
    "another_version": ("version = 2\n", "vocabulary_version"),
    "another_type_for_a_known_attribute": (
        "[attribute.work.filed]\ntype = 'text'\n",
        "vocabulary_twice",
    ),
    "other_words_for_a_known_kind": ("[kind.work]\nzh = '影片'\n", "vocabulary_twice"),
    "other_words_for_a_known_value": (
        "[value.place]\ndatong = {zh = '大同县', en = 'Datong'}\n",
        "vocabulary_twice",
    ),
    "another_year_for_a_known_line": (
        "[line_year]\n'datong.2-6.event' = 'as_of'\n",
        "vocabulary_twice",
    ),
    "a_kind_without_words": ("[kind.spare]\nzh = '备'\n", "vocabulary_lacks"),
    "an_attribute_without_a_question": (
        "[attribute.work.spare]\nzh = '备'\nen = 'spare'\ntype = 'bool'\n",
        "vocabulary_lacks",
    ),
    "an_attribute_without_a_type": (_WORK, "vocabulary_lacks"),
    "a_type_that_does_not_exist": (f"{_WORK}type = 'number'\n", "vocabulary_type"),
    "values_as_a_text": (f"{_WORK}type = 'enum'\nvalues = 'place'\n", "vocabulary_shape"),
    "values_that_do_not_exist": (
        f"{_WORK}type = 'enum'\nvalues = ['plce']\n",
        "vocabulary_missing",
    ),
    "an_index_that_does_not_exist": (
        f"{_WORK}type = 'bool'\nindex = ['plce']\n",
        "vocabulary_missing",
    ),
    "an_enum_without_values": (f"{_WORK}type = 'enum'\n", "vocabulary_unfit"),
    "a_bool_with_values": (f"{_WORK}type = 'bool'\nvalues = ['place']\n", "vocabulary_unfit"),
    "a_reference_to_nothing": (f"{_WORK}type = 'ref'\n", "vocabulary_unfit"),
    "a_reference_to_an_unknown_kind": (
        f"{_WORK}type = 'ref'\nto = ['wrk']\n",
        "vocabulary_missing",
    ),
    "an_attribute_of_an_unknown_kind": (
        f"{_WORK}type = 'bool'\n".replace("work", "wrk"),
        "vocabulary_missing",
    ),
    "an_absence_that_means_nothing": (f"{_WORK}type = 'bool'\nabsent = 'no'\n", "vocabulary_unfit"),
    "what_is_implied_does_not_exist": (
        f"{_WORK}type = 'bool'\nimplies = 'aird'\n",
        "vocabulary_missing",
    ),
    "what_is_implied_is_an_amount": (
        f"{_WORK}type = 'bool'\nimplies = 'income'\n",
        "vocabulary_unfit",
    ),
    "a_change_that_means_nothing": (
        f"{_WORK}type = 'bool'\nchange = 'sometimes'\n",
        "vocabulary_unfit",
    ),
    "settled_by_what_is_no_date": (
        f"{_WORK}type = 'bool'\nsettled_by = 'filed'\n",
        "vocabulary_missing",
    ),
    "what_is_implied_is_itself": (f"{_WORK}type = 'bool'\nimplies = 'spare'\n", "vocabulary_unfit"),
    "a_kind_with_a_reserved_name": (
        "[kind.review]\nzh = '评'\nen = 'review'\n",
        "vocabulary_reserved",
    ),
    "a_value_with_a_reserved_name": (
        "[value.place]\nevidence = {zh = '证', en = 'evidence'}\n",
        "vocabulary_reserved",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_an_extension_that_does_not_fit_is_refused(name: str, tmp_path: Path) -> None:
    """One fault gives one problem, which names the extension and tells it in both languages."""
    text, code = CONTRADICTIONS[name]
    with pytest.raises(RulebookError) as caught:
        _extended(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.code == f"facts.{code}"
    assert problem.where is not None
    assert problem.where.file == str(tmp_path / "extension0.toml")
    assert problem.tell("zh") != problem.tell("en")


def test_a_missing_vocabulary_is_refused(tmp_path: Path) -> None:
    """A vocabulary that is not there is named."""
    with pytest.raises(RulebookError) as caught:
        load_vocabulary(tmp_path / "nowhere.toml")
    assert "nowhere.toml" in caught.value.tell()
