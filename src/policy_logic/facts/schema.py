"""The JSON Schema of a case, made from the vocabulary, for editors that complete and check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.facts.numbers import HIGHEST
from policy_logic.facts.scalars import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from policy_logic.facts.vocabulary import Attribute, Vocabulary

_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_YEAR = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
_AMOUNT = {"type": "integer", "minimum": 0, "maximum": HIGHEST}


def json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the schema of one case (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "policy-logic facts, version 1",
        "type": "object",
        "required": ["applicant"],
        "additionalProperties": False,
        "properties": {
            "applicant": {"type": "string", "minLength": 1},
            "as_of": _or_null(_DATE),
            **{name: _kind(vocabulary, name) for name in vocabulary.kinds},
            "review": _or_null({"type": "array", "items": _review(vocabulary)}),
            "received": _or_null({"type": "array", "items": _grant(vocabulary)}),
            "assume_in_force": _or_null(
                {
                    "type": "object",
                    "propertyNames": {"enum": list(vocabulary.legal_values(("policy",)))},
                    "additionalProperties": _DATE,
                }
            ),
            "readings": _or_null({"type": "object", "additionalProperties": {"type": "string"}}),
        },
    }


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _kind(vocabulary: Vocabulary, name: str) -> dict[str, Any]:
    kind = vocabulary.kinds[name]
    names: dict[str, Any] = {"enum": list(kind.ids)} if kind.ids else {"pattern": "^[^/]+$"}
    attributes = {a.name: _attribute(vocabulary, a) for a in vocabulary.attributes_of(name)}
    entity = {"type": "object", "additionalProperties": False, "properties": attributes}
    return {
        "title": f"{kind.label.zh} · {kind.label.en}",
        **({"description": kind.note} if kind.note else {}),
        **_or_null(
            {"type": "object", "propertyNames": names, "additionalProperties": _or_null(entity)}
        ),
    }


def _attribute(vocabulary: Vocabulary, attribute: Attribute) -> dict[str, Any]:
    schema = _long_form(_value(vocabulary, attribute))
    for index in reversed(attribute.index):
        names: dict[str, Any] = {"minLength": 1}
        if index == "year":
            names = {"pattern": r"^\d{4}$"}
        elif index != "scene":
            names = {"enum": list(vocabulary.legal_values((index,)))}
        schema = _long_form(
            {"type": "object", "propertyNames": names, "additionalProperties": schema}
        )
    words = [attribute.ask, attribute.note, f"[{attribute.unit}]" if attribute.unit else ""]
    return {
        "title": f"{attribute.zh} · {attribute.en}",
        "description": " ".join(word for word in words if word),
        **schema,
    }


def _long_form(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow a value as it is, unknown, or with its evidence."""
    return {
        "anyOf": [
            schema,
            {"type": "null"},
            {
                "type": "object",
                "required": ["value"],
                "additionalProperties": False,
                "properties": {
                    "value": _or_null(schema),
                    "evidence": {"type": ["string", "null"], "minLength": 1},
                },
            },
        ]
    }


def _value(vocabulary: Vocabulary, attribute: Attribute) -> dict[str, Any]:
    simple: dict[str, dict[str, Any]] = {
        "bool": {"type": "boolean"},
        "money": _AMOUNT,
        "usd": _AMOUNT,
        "integer": _AMOUNT,
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "date": _DATE,
        "text": {"type": "string", "minLength": 1},
        "ref": {"type": "string", "minLength": 1},
    }
    if attribute.type in simple:
        return simple[attribute.type]
    members = _choice(vocabulary, attribute.values)
    if attribute.type == "enum":
        return members
    settled = {"type": "object", "propertyNames": members,
               "additionalProperties": _long_form({"type": "boolean"})}  # fmt: skip
    return {"anyOf": [{"type": "array", "items": members, "uniqueItems": True}, settled]}


def _choice(vocabulary: Vocabulary, lists: tuple[str, ...]) -> dict[str, Any]:
    described = [
        {"const": value, "description": f"{label.zh} · {label.en}"}
        for name in lists
        for value in vocabulary.legal_values((name,))
        for label in (vocabulary.label(name, value),)
    ]
    return {"oneOf": described}


def _review(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["line", "subject", "outcome"],
        "properties": {
            **_entry(vocabulary),
            "outcome": {"enum": ["passed", "failed"]},
        },
    }


def _grant(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["subject", "amount"],
        "oneOf": [{"required": ["line"]}, {"required": ["policy", "matter"]}],
        "properties": {
            **_entry(vocabulary),
            "policy": {"type": "string", "minLength": 1},
            "place": {"enum": list(vocabulary.legal_values(("place",)))},
            "matter": {"enum": list(vocabulary.legal_values(("matter",)))},
            "on": _or_null(_DATE),
        },
    }


def _entry(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "line": {"enum": sorted(vocabulary.lines)},
        "subject": {"type": "string", "minLength": 1},
        "year": _or_null(_YEAR),
        "trigger": {"type": ["string", "null"]},
        "amount": _or_null(_AMOUNT),
        "evidence": {"type": ["string", "null"]},
    }
