"""The JSON Schema for editors says what the reader says: it accepts sound cases, refuses others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from policy_logic.errors import FactsError
from policy_logic.facts.reader import read_text
from policy_logic.facts.schema import json_schema
from policy_logic.facts.vocabulary import load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

ROOT = Path(__file__).resolve().parents[1]
BROKEN = Path(__file__).parent / "broken_facts"
VOCABULARY = load_vocabulary(shipped_vocabulary())
SCHEMA = json_schema(VOCABULARY)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

COMPLETE = """\
applicant: yunzhong
as_of: 2026-06-30
enterprise:
  yunzhong:
    name: 云中影视传媒有限公司
    kind: enterprise
    registered_in: datong
    micro_drama_enterprise: true
    main_businesses: [production, distribution]
    operating_revenue: {2024: 5_200_000, 2025: 9_800_000}
work:
  gucheng:
    title: 古城奇缘
    first_producer: yunzhong
    filed: true
    distribution_licence: true
    online_on: [major_video_site]
    orientation: horizontal
    split_revenue: {2025: 16_000_000}
    listed_on: {annual@nrta: 2025-12-20}
    aired_on: 2025-05-20
rd_project:
  engine: {undertaker: yunzhong, investment: 2_000_000}
policy:
  liaoning: {published_on: 2025-09-01}
review:
  - {line: datong.2-1.horizontal, subject: gucheng, year: 2025, outcome: passed}
  - {line: liaoning.2.scenes, subject: gucheng, outcome: passed, amount: 80_000}
received:
  - {line: ganzhou.9.rd, subject: engine, amount: 300_000, on: 2025-11-02}
  - {policy: 某区扶持办法, place: minhang, matter: revenue_share, subject: gucheng, year: 2025,
     amount: 300_000}
assume_in_force: {ganzhou: 2025-07-01}
readings: {minhang.same_type: article}
"""


class _EditorLoader(yaml.SafeLoader):
    """YAML as an editor reads it for a schema: dates are texts, and so is the key ``on``."""


_EditorLoader.yaml_implicit_resolvers = {
    first: [row for row in rows if row[0].rpartition(":")[2] not in {"timestamp", "bool"}]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def _plain(text: str) -> list[Any]:
    """Return the documents of a YAML text as JSON would have them: keys are texts."""
    documents = yaml.load_all(text, Loader=_EditorLoader)
    return [json.loads(json.dumps(document)) for document in documents]


def _work(**attributes: Any) -> dict[str, Any]:
    """Return a case with one work."""
    return {
        "applicant": "yunzhong",
        "enterprise": {"yunzhong": {}},
        "work": {"gucheng": attributes},
    }


def _with(**entries: Any) -> dict[str, Any]:
    """Return a case with more entries."""
    return {**_work(), **entries}


def test_the_schema_is_valid() -> None:
    """The schema is itself a schema of draft 2020-12."""
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_is_json() -> None:
    """The schema can be written out and read back."""
    assert json.loads(json.dumps(SCHEMA, ensure_ascii=False)) == SCHEMA


@pytest.mark.parametrize(
    "file", sorted((ROOT / "facts" / "examples").glob("*.yaml")), ids=lambda file: str(file.name)
)
def test_the_shipped_examples_are_accepted(file: Path) -> None:
    """Every example that comes with the program follows the schema."""
    for document in _plain(file.read_text(encoding="utf-8")):
        assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def test_the_complete_example_of_the_format_is_accepted() -> None:
    """The example that defines the format follows the schema, and the reader agrees."""
    (document,) = _plain(COMPLETE)
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert list(read_text(COMPLETE, VOCABULARY, "case.yaml"))


@pytest.mark.parametrize(
    "case",
    [
        _work(filed=None),
        _work(filed={"value": True, "evidence": "备案号"}),
        _work(filed={"value": None}),
        _work(filed={"value": True, "evidence": None}),
        _work(online_on=[]),
        _work(online_on={"major_video_site": True, "hongguo": False}),
        _work(online_on={"value": ["hongguo"], "evidence": "截图"}),
        _work(online_on={"hongguo": {"value": True, "evidence": "截图"}}),
        _work(split_revenue={"2025": {"value": 5, "evidence": "结算单"}}),
        _work(split_revenue={"value": {"2025": 5}, "evidence": "结算单"}),
        _work(platform_revenue={"2025": {"douyin": 10**13}}),
        _work(scene_seconds={"liaoning": {"沈阳故宫": 35}}),
        _work(footage_share={"datong": 0.2001}),
        _with(as_of=None, review=None, received=None, readings=None, assume_in_force=None),
        _with(received=[]),
        _with(work=None),
    ],
    ids=str,
)
def test_every_way_to_write_a_value_is_accepted(case: dict[str, Any]) -> None:
    """Long forms, unknowns and sets in both shapes pass the schema, and the reader."""
    assert [error.message for error in VALIDATOR.iter_errors(case)] == []
    assert list(read_text(json.dumps(case), VOCABULARY, "case.json"))


@pytest.mark.parametrize(
    "case",
    [
        {"enterprise": {"yunzhong": {}}},
        {"applicant": "", "enterprise": {"yunzhong": {}}},
        ["applicant"],
        _with(worrk={}),
        _with(as_of="30 June 2026"),
        _with(work=["gucheng"]),
        _with(work={"a/b": {}}),
        _with(policy={"liaonin": {}}),
        _work(filled=True),
        _work(filed="true"),
        _work(filed={"evidence": "备案号"}),
        _work(filed={"value": True, "source": "备案号"}),
        _work(income=-1),
        _work(income="5"),
        _work(income=5.5),
        _work(income=10**13 + 1),
        _work(footage_share={"datong": 35}),
        _work(footage_share={"datnog": 0.35}),
        _work(footage_share=0.35),
        _work(orientation="Horizontal"),
        _work(online_on="major_video_site"),
        _work(online_on=["major_video_site", "major_video_site"]),
        _work(online_on={"major_video_sites": True}),
        _work(aired_on="2025/05/20"),
        _work(split_revenue={"25": 5}),
        _work(platform_revenue={"2025": 5}),
        _work(title=""),
        _with(review={"line": "datong.2-1.horizontal"}),
        _with(review=[{"line": "datong.2-1.horizontal", "subject": "gucheng"}]),
        _with(review=[{"line": "datong.2-1", "subject": "gucheng", "outcome": "passed"}]),
        _with(received=[{"subject": "gucheng", "amount": 5}]),
        _with(
            received=[
                {
                    "line": "datong.2-1.horizontal",
                    "policy": "某办法",
                    "matter": "event",
                    "subject": "gucheng",
                    "amount": 5,
                }
            ]
        ),
        _with(received=[{"policy": "某办法", "subject": "gucheng", "amount": 5}]),
        _with(assume_in_force={"ganzho": "2025-07-01"}),
        _with(assume_in_force={"ganzhou": True}),
    ],
    ids=str,
)
def test_what_the_reader_refuses_is_refused_by_the_schema(case: Any) -> None:
    """An editor that follows the schema marks what the program would refuse."""
    assert not VALIDATOR.is_valid(case)
    with pytest.raises(FactsError):
        list(read_text(json.dumps(case), VOCABULARY, "case.json"))


SEEN_BY_THE_SCHEMA = [
    "kind_misspelt",
    "attribute_misspelt",
    "bool_in_chinese",
    "value_misspelt",
    "member_misspelt",
    "number_negative",
    "number_too_large",
    "share_above_one",
    "date_with_slashes",
    "one_index_of_two",
    "review_without_outcome",
    "received_by_nobody",
    "policy_misspelt",
    "evidence_misspelt",
]


@pytest.mark.parametrize("name", SEEN_BY_THE_SCHEMA)
def test_a_broken_file_is_refused_by_the_schema(name: str) -> None:
    """The schema finds the faults of form in the broken files."""
    text = (BROKEN / f"{name}.yaml").read_text(encoding="utf-8")
    assert not all(VALIDATOR.is_valid(document) for document in _plain(text))


def test_every_kind_and_attribute_has_words_in_the_schema() -> None:
    """An editor can show what a kind and an attribute are called."""
    for name, kind in VOCABULARY.kinds.items():
        assert kind.label.zh in SCHEMA["properties"][name]["title"]
        entity = SCHEMA["properties"][name]["anyOf"][0]["additionalProperties"]["anyOf"][0]
        for attribute in VOCABULARY.attributes_of(name):
            shown = entity["properties"][attribute.name]
            assert attribute.zh in shown["title"]
            assert attribute.ask in shown["description"]
