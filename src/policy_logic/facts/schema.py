"""The JSON Schema of a case, made from the vocabulary, for editors that complete and check.

It says what can be said of shapes and names. What needs the whole case stays with the reader:
references, ids used twice, contradictions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.facts.numbers import HIGHEST
from policy_logic.facts.scalars import FIRST_YEAR, LAST_YEAR
from policy_logic.language import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.facts.vocabulary import Attribute, Vocabulary

Schema: TypeAlias = dict[str, Any]

_YEAR_KEY: Final = r"^(19\d\d|20\d\d|21\d\d|2200)$"
_ID: Final = r"^(?!-$)[^/\s]([^/\u0000-\u001f]*[^/\s])?$"
_TEXT: Final[Schema] = {"type": "string", "pattern": r"\S"}
_SHAPES: Final[Schema] = {
    "id": {"type": "string", "pattern": _ID},
    "date": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "year": {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
    "amount": {
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": HIGHEST},
            # Editors read YAML 1.2, where a number with underscores is a text.
            {"type": "string", "pattern": r"^[1-9]\d*(_\d+)+$"},
        ]
    },
    "share": {"type": "number", "minimum": 0, "maximum": 1},
}
_TYPES: Final[Mapping[str, Schema]] = {
    "bool": {"type": "boolean"},
    "money": {"$ref": "#/$defs/amount"},
    "usd": {"$ref": "#/$defs/amount"},
    "integer": {"$ref": "#/$defs/amount"},
    "share": {"$ref": "#/$defs/share"},
    "date": {"$ref": "#/$defs/date"},
    "text": _TEXT,
    "ref": {"$ref": "#/$defs/id"},
}
_DATE: Final = _TYPES["date"]
_FIELDS: Final = {
    "line": Label("条目", "the line"),
    "subject": Label("对象的编号", "the id of what it is about"),
    "year": Label("年度；不写则适用于各年度", "the year; without it, every year"),
    "trigger": Label("入选名单或奖项；不写则全部适用", "the listing or award; without it, all"),
    "amount": Label("金额（元）", "the amount in yuan"),
    "evidence": Label("证明材料", "what proves it"),
    "outcome": Label("评审结果", "the outcome of the review"),
    "policy": Label("其他政策的名称", "the name of the other policy"),
    "place": Label("其他政策的地区", "the place of the other policy"),
    "matter": Label("扶持事项", "what the other policy paid for"),
    "on": Label("发放日期", "the day it was granted"),
}


def json_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of one case.

    Args:
        vocabulary: The vocabulary, with what policies add to it.

    Returns:
        A JSON Schema of draft 2020-12: every kind, attribute and value with its words in both
        languages, sets in both shapes, values in the long form, unknowns as null.
    """
    policies = _names(vocabulary, "policy")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "policy-logic facts, version 1",
        "type": "object",
        "required": ["applicant"],
        "additionalProperties": False,
        "properties": {
            "applicant": {
                **_words(Label("申报主体的编号", "the id of the body or person that files")),
                "$ref": "#/$defs/id",
            },
            "as_of": {
                **_words(Label("判断日期；不写则为今天", "the day of judgement; by default today")),
                **_or_null(_DATE),
            },
            **{name: _kind(vocabulary, name) for name in vocabulary.kinds},
            "review": {
                **_words(Label("评审、认定的结果", "outcomes of reviews and selections")),
                **_or_null({"type": "array", "items": _review()}),
            },
            "received": {
                **_words(Label("已获得的扶持；没有的写 []", "support received; [] for none")),
                **_or_null({"type": "array", "items": _grant()}),
            },
            "assume_in_force": {
                **_words(Label("假定已施行的草案", "drafts taken to be in force")),
                **_or_null(_mapping(policies, _or_null(_DATE))),
            },
            "readings": {
                **_words(Label("本案选用的解读", "interpretations chosen for this case")),
                **_or_null(_mapping({"minLength": 1}, {"type": ["string", "null"]})),
            },
        },
        "$defs": _SHAPES | _value_lists(vocabulary),
    }


def _value_lists(vocabulary: Vocabulary) -> Schema:
    lists = {f"value.{name}": _choice(labels) for name, labels in vocabulary.values.items()}
    lists["value.line"] = {"enum": list(vocabulary.legal_values(("line",)))}
    lists["value.trigger"] = {"enum": list(vocabulary.every_value)}
    return lists


def _choice(labels: Mapping[str, Label]) -> Schema:
    return {
        "oneOf": [
            {"const": value, "description": f"{label.zh} · {label.en}"}
            for value, label in labels.items()
        ]
    }


def _names(vocabulary: Vocabulary, values: str) -> Schema:
    return {"enum": list(vocabulary.legal_values((values,)))}


def _words(label: Label, *more: str) -> Schema:
    """Return title and description."""
    description = " ".join(text for text in more if text)
    title = {"title": f"{label.zh} · {label.en}"}
    return {**title, "description": description} if description else title


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _mapping(names: Schema, values: Schema) -> Schema:
    return {"type": "object", "propertyNames": names, "additionalProperties": values}


def _kind(vocabulary: Vocabulary, name: str) -> Schema:
    kind = vocabulary.kinds[name]
    names: Schema = {"enum": list(kind.ids)} if kind.ids else {"pattern": _ID}
    attributes = {a.name: _attribute(vocabulary, a) for a in vocabulary.attributes_of(name)}
    entity = {"type": "object", "additionalProperties": False, "properties": attributes}
    return {**_words(kind.label, kind.note), **_or_null(_mapping(names, _or_null(entity)))}


def _attribute(vocabulary: Vocabulary, attribute: Attribute) -> Schema:
    schema = _long_form(_value(attribute))
    for index in reversed(attribute.index):
        names: Schema = {"pattern": r"\S"}
        if index == "year":
            names = {"pattern": _YEAR_KEY}
        elif index != "scene":
            names = _names(vocabulary, index)
        schema = _long_form(_mapping(names, schema))
    unit = f"[{attribute.unit}]" if attribute.unit else ""
    label = Label(attribute.zh, attribute.en)
    return {**_words(label, attribute.ask, attribute.note, unit), **schema}


def _long_form(schema: Schema) -> Schema:
    """Allow a value as it is, unknown, or with its evidence."""
    with_evidence = {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {"value": _or_null(schema), "evidence": _or_null(_TEXT)},
    }
    return {"anyOf": [schema, {"type": "null"}, with_evidence]}


def _value(attribute: Attribute) -> Schema:
    if attribute.type in _TYPES:
        return _TYPES[attribute.type]
    lists = [{"$ref": f"#/$defs/value.{values}"} for values in attribute.values]
    member = lists[0] if len(lists) == 1 else {"anyOf": lists}
    if attribute.type == "enum":
        return member
    proved = {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {"value": member, "evidence": _or_null(_TEXT)},
    }
    complete = {"type": "array", "items": {"anyOf": [member, proved]}, "uniqueItems": True}
    return {"anyOf": [complete, _mapping(member, _long_form(_TYPES["bool"]))]}


def _review() -> Schema:
    return {
        **_entry(("line", "subject", "outcome"), ("year", "trigger", "amount", "evidence")),
        "if": {"required": ["outcome"], "properties": {"outcome": {"const": "failed"}}},
        "then": {"properties": {"amount": {"type": "null"}}},
    }


def _grant() -> Schema:
    others = ("line", "policy", "place", "matter", "year", "trigger", "on", "evidence")
    return {
        **_entry(("subject", "amount"), others),
        "oneOf": [
            {
                "required": ["line"],
                "properties": {name: {"type": "null"} for name in ("policy", "place", "matter")},
            },
            {"required": ["policy", "matter"], "properties": {"line": {"type": "null"}}},
        ],
    }


def _entry(required: tuple[str, ...], optional: tuple[str, ...]) -> Schema:
    types: Mapping[str, Schema] = {
        "subject": {"$ref": "#/$defs/id"},
        "year": {"$ref": "#/$defs/year"},
        "amount": {"$ref": "#/$defs/amount"},
        "on": _DATE,
        "policy": _TEXT,
        "evidence": _TEXT,
        "outcome": {"enum": ["passed", "failed"]},
    }

    def field(name: str) -> Schema:
        value = types.get(name, {"$ref": f"#/$defs/value.{name}"})
        return {**_words(_FIELDS[name]), **(value if name in required else _or_null(value))}

    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {name: field(name) for name in (*required, *optional)},
    }
