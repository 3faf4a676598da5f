"""What a vocabulary must be in itself: its names lead somewhere, its types fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.errors import Problem
from policy_logic.facts.vocabulary_file import CHANGES, FREE_KEYS, LONG_FORM, RESERVED_KINDS, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.vocabulary import Attribute, Vocabulary
    from policy_logic.facts.vocabulary_file import VocabularyFile

_MATTER_IS_TRIGGER = "its trigger"


def problems_of(vocabulary: Vocabulary, source: VocabularyFile) -> list[Problem]:
    """Return everything that does not fit together, each with its place."""
    found = [
        *_of_kinds(vocabulary),
        *_of_values(vocabulary, source),
        *(fault for a in vocabulary.attributes.values() for fault in _of_attribute(a, vocabulary)),
        *_of_lines(vocabulary),
    ]
    return [
        Problem(f"facts.{code}", source.places.get(name), {"name": name, **details})
        for name, code, details in found
    ]


_Fault = tuple[str, str, dict[str, str]]


def _missing(name: str, missing: str) -> _Fault:
    return name, "vocabulary_missing", {"missing": missing}


def _unfit(name: str, wanted: str) -> _Fault:
    return name, "vocabulary_unfit", {"wanted": wanted}


def _of_kinds(vocabulary: Vocabulary) -> Iterator[_Fault]:
    for name in vocabulary.kinds:
        if name in RESERVED_KINDS:
            yield f"kind.{name}", "vocabulary_reserved", {"word": name}


def _of_values(vocabulary: Vocabulary, source: VocabularyFile) -> Iterator[_Fault]:
    for name, tables in source.values.items():
        for value, table in tables.items():
            if value in LONG_FORM:
                yield f"value.{name}.{value}", "vocabulary_reserved", {"word": value}
            outer = table.get("within")
            if outer is not None and outer not in vocabulary.values[name]:
                yield _missing(f"value.{name}.{value}", f"value.{name}.{outer}")
            elif _lies_within_itself(value, tables):
                yield _unfit(f"value.{name}.{value}", "within: a larger one")


def _lies_within_itself(value: str, tables: Mapping[str, Mapping[str, object]]) -> bool:
    """Return whether the chain of what contains a value comes back to it."""
    seen: list[str] = [value]
    while (outer := tables.get(seen[-1], {}).get("within")) is not None and outer not in seen:
        seen.append(str(outer))
    return bool(outer == value)


def _of_attribute(attribute: Attribute, vocabulary: Vocabulary) -> Iterator[_Fault]:
    name = f"attribute.{attribute.kind}.{attribute.name}"
    if attribute.type not in TYPES:
        yield name, "vocabulary_type", {"type": attribute.type, "legal": ", ".join(TYPES)}
        return
    lists = [*attribute.values, *(key for key in attribute.index if key not in FREE_KEYS)]
    needed = [
        *(f"kind.{kind}" for kind in (attribute.kind, *attribute.to)),
        *(f"value.{values}" for values in lists if values != "line"),
    ]
    have = {f"kind.{kind}" for kind in vocabulary.kinds} | {f"value.{v}" for v in vocabulary.values}
    for missing in dict.fromkeys(needed):
        if missing not in have:
            yield _missing(name, missing)
    if (attribute.type in {"enum", "set"}) != bool(attribute.values):
        yield _unfit(name, "enum, set <-> values")
    if (attribute.type == "ref") != bool(attribute.to):
        yield _unfit(name, "ref <-> to")
    if attribute.absent and (attribute.absent != "none" or attribute.type not in {"bool", "set"}):
        yield _unfit(name, 'absent = "none": bool, set')
    yield from _of_standing(name, attribute, vocabulary)
    if attribute.implies:
        yield from _of_implication(name, attribute, vocabulary)


def _of_standing(name: str, attribute: Attribute, vocabulary: Vocabulary) -> Iterator[_Fault]:
    if attribute.change and attribute.change not in CHANGES:
        yield _unfit(name, "change = " + " | ".join(f'"{word}"' for word in CHANGES))
    if attribute.settled_by:
        event = vocabulary.attribute(attribute.kind, attribute.settled_by)
        if event is None or event.type != "date" or event.index:
            yield _missing(name, f"{attribute.kind}.{attribute.settled_by} (date)")


def _of_implication(name: str, attribute: Attribute, vocabulary: Vocabulary) -> Iterator[_Fault]:
    target = vocabulary.attribute(attribute.kind, attribute.implies)
    if target is None:
        yield _missing(name, f"attribute.{attribute.kind}.{attribute.implies}")
    elif target.type == "bool":
        if target is attribute or attribute.index[: len(target.index)] != target.index:
            yield _unfit(name, f"implies {target.name}: index = {list(target.index)}")
    elif target.type != "set":
        yield _unfit(name, f"implies {target.name}: bool, set")
    elif attribute.index[:-1] != target.index or attribute.index[-1:] == () or (
        attribute.index[-1] not in target.values
    ):  # fmt: skip
        yield _unfit(name, f"implies {target.name}: index = {[*target.index, *target.values]}")


def _of_lines(vocabulary: Vocabulary) -> Iterator[_Fault]:
    tables = {"line_year": vocabulary.line_year, "line_event": vocabulary.line_event}
    for section, table in tables.items():
        for line, word in table.items():
            if section == "line_event" and word in {"year", "as_of"}:
                continue
            kinds = vocabulary.kinds_of(line) or tuple(vocabulary.kinds)
            found = [vocabulary.attribute(kind, word) for kind in kinds]
            if not any(attribute and attribute.type == "date" for attribute in found):
                yield _missing(f"{section}.{line}", f"{'|'.join(kinds)}.{word} (date)")
    matters = vocabulary.values.get("matter", {})
    for line, matter in vocabulary.line_matter.items():
        if matter != _MATTER_IS_TRIGGER and matter not in matters:
            yield _missing(f"line_matter.{line}", f"value.matter.{matter}")
