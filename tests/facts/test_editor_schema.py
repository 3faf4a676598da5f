"""The JSON Schema agrees with the reader in the finer points of the format."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from policy_logic.errors import FactsError
from policy_logic.facts.reader import read_text
from policy_logic.facts.schema import json_schema
from policy_logic.facts.vocabulary import load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

VOCABULARY = load_vocabulary(shipped_vocabulary())
SCHEMA = json_schema(VOCABULARY)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
GRANT = {"subject": "yunzhong", "amount": 5}
OTHER = {"policy": "某办法", "matter": "event", **GRANT}
REVIEW = {"line": "datong.2-4.growth", "subject": "yunzhong", "outcome": "failed"}


def _with(**entries: Any) -> dict[str, Any]:
    """Return a case with more entries."""
    return {"applicant": "yunzhong", "enterprise": {"yunzhong": {}}, **entries}


def _work(**attributes: Any) -> dict[str, Any]:
    """Return a case with one work."""
    return _with(work={"gucheng": attributes})


def _is_read(case: dict[str, Any]) -> bool:
    try:
        list(read_text(json.dumps(case), VOCABULARY, "case.json"))
    except FactsError:
        return False
    return True


@pytest.mark.parametrize(
    ("case", "sound"),
    [
        (_work(online_on=["hongguo", {"value": "douyin", "evidence": "截图"}]), True),
        (_work(online_on=["hongguo", {"value": "nowhere"}]), False),
        (_work(online_on=["hongguo", None]), False),
        (_work(split_revenue={"2200": 5, "1900": 5}), True),
        (_work(split_revenue={"2201": 5}), False),
        (_work(title=5), False),
        (_work(title="5"), True),
        (_work(title=" "), False),
        (_work(filed={"value": True, "evidence": 5}), False),
        (_work(first_producer=""), False),
        (_with(person={"-": {}}), False),
        (_with(person={" lin": {}}), False),
        (_with(person={"林 一": {}, "l": {}, "l-1": {}}), True),
        (_with(received=[{**OTHER, "line": None}]), True),
        (_with(received=[{**OTHER, "place": "minhang", "year": 2025, "on": "2025-01-01"}]), True),
        (_with(received=[{**GRANT, "line": "datong.2-4.growth", "matter": "event"}]), False),
        (_with(received=[{**GRANT, "line": "datong.2-4.growth", "policy": None}]), True),
        (_with(received=[{**OTHER, "matter": "nothing"}]), False),
        (_with(received=[{**OTHER, "amount": None}]), False),
        (_with(received=[{**OTHER, "trigger": "annual@nrta"}]), True),
        (_with(received=[{**OTHER, "trigger": "anual@nrta"}]), False),
        (_with(review=[{**REVIEW, "amount": 5}]), False),
        (_with(review=[{**REVIEW, "amount": None}]), True),
        (_with(review=[{**REVIEW, "outcome": None}]), False),
        (_with(review=[{**REVIEW, "outcome": "passed", "amount": 5}]), True),
        (_with(assume_in_force={"ganzhou": None}), True),
        (_with(readings={"datong.levels": None}), True),
        (_with(readings={"": "highest"}), False),
        (_with(received={}), False),
    ],
    ids=str,
)
def test_schema_and_reader_agree(case: dict[str, Any], *, sound: bool) -> None:
    """What one takes the other takes, and what one refuses the other refuses."""
    assert VALIDATOR.is_valid(case) == sound
    assert _is_read(case) == sound


def test_numbers_with_underscores_pass_in_editors_that_read_them_as_text() -> None:
    """YAML 1.2 has no underscores in numbers, so an editor sees a text."""
    assert VALIDATOR.is_valid(_work(split_revenue={"2025": "16_000_000"}))
    assert not VALIDATOR.is_valid(_work(split_revenue={"2025": "16000000"}))


def test_every_value_has_words_in_both_languages() -> None:
    """An editor can show what each value means."""
    for name, labels in VOCABULARY.values.items():
        shown = SCHEMA["$defs"][f"value.{name}"]["oneOf"]
        assert [choice["const"] for choice in shown] == list(labels)
        assert all(" · " in choice["description"] for choice in shown)


def test_every_attribute_has_its_name_and_its_question() -> None:
    """An editor can ask what the vocabulary asks."""
    for attribute in VOCABULARY.attributes.values():
        entity = SCHEMA["properties"][attribute.kind]["anyOf"][0]["additionalProperties"]
        shown = entity["anyOf"][0]["properties"][attribute.name]
        assert shown["title"] == f"{attribute.zh} · {attribute.en}"
        assert shown["description"].startswith(attribute.ask)


def test_every_reference_of_the_schema_leads_somewhere() -> None:
    """No definition is missing, and none goes unused."""
    text = json.dumps(SCHEMA)
    used = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert used <= set(SCHEMA["$defs"])
    unused = set(SCHEMA["$defs"]) - used
    assert all(name.startswith("value.") for name in unused)
