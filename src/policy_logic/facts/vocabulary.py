"""The vocabulary: every entity kind, attribute and value that a case may use.

Source: ``facts/vocabulary.toml``, whose header defines the format. A policy folder may add a
``vocabulary.toml`` of its own.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from policy_logic.errors import Position, Problem, RulebookError
from policy_logic.language import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TYPES: Final = ("bool", "money", "usd", "integer", "share", "date", "enum", "set", "ref", "text")
FREE_KEYS: Final = ("year", "scene")


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that can be known of an entity.

    Attributes:
        kind: The entity's kind.
        name: Its name.
        type: One of ``TYPES``.
        zh: Its Chinese name.
        en: Its English name.
        ask: The question for an applicant.
        index: What it is indexed by, outermost first.
        values: The value lists that an ``enum`` or a ``set`` draws from.
        to: The kinds that a ``ref`` may point to.
        implies: The attribute that a value given here proves.
        absent: ``none`` where its absence is taken as "none" instead of unknown.
        judgement: Whether an authority has to judge it.
        unit: The unit of an integer.
        note: What else the person who fills it in should know.
        lines: The lines that may use it.
    """

    kind: str
    name: str
    type: str
    zh: str
    en: str
    ask: str
    index: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    implies: str = ""
    absent: str = ""
    judgement: bool = False
    unit: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity.

    Attributes:
        name: Its name.
        label: Its name for people.
        ids: The only ids it may have; empty for any.
        subject_of: The lines that are decided once per entity of this kind.
        note: What else the person who fills it in should know.
    """

    name: str
    label: Label
    ids: tuple[str, ...]
    subject_of: frozenset[str]
    note: str


@dataclass(frozen=True)
class Vocabulary:
    """All kinds, attributes and values.

    Attributes:
        kinds: The kinds by name.
        attributes: The attributes by kind and name.
        values: The value lists: for each value, its words.
        line_year: For each line with a yearly cap, the date that gives its year.
        line_event: For each line, what must lie within validity.
        line_matter: For each money line of a policy, at hand or not, what it pays for.
        lines: Every line that is named anywhere.
    """

    kinds: Mapping[str, Kind]
    attributes: Mapping[tuple[str, str], Attribute]
    values: Mapping[str, Mapping[str, Label]]
    line_year: Mapping[str, str]
    line_event: Mapping[str, str]
    line_matter: Mapping[str, str]
    lines: frozenset[str] = field(repr=False)

    def attribute(self, kind: str, name: str) -> Attribute | None:
        """Return an attribute, ``None`` if there is none of that name."""
        return self.attributes.get((kind, name))

    def has_attribute(self, kind: str, name: str) -> bool:
        """Return whether a kind has an attribute."""
        return (kind, name) in self.attributes

    def attributes_of(self, kind: str) -> tuple[Attribute, ...]:
        """Return a kind's attributes, in the order of the vocabulary."""
        return tuple(a for (owner, _), a in self.attributes.items() if owner == kind)

    def legal_values(self, lists: tuple[str, ...]) -> tuple[str, ...]:
        """Return the values of several lists, in order; ``line`` is the list of all lines."""
        found: dict[str, None] = {}
        for name in lists:
            found.update(dict.fromkeys(sorted(self.lines) if name == "line" else self.values[name]))
        return tuple(found)

    def label(self, values: str, name: str) -> Label:
        """Return a value's words; a value that is not listed stands for itself."""
        return self.values.get(values, {}).get(name) or Label(name, name)


def load_vocabulary(file: Path, *extensions: Path) -> Vocabulary:
    """Load a vocabulary and what policies add to it.

    Raises:
        RulebookError: A file is not TOML, misses something, contradicts itself, or redefines
            what another file defines.
    """
    builder = _Builder()
    for path in (file, *extensions):
        builder.add(path)
    builder.check()
    if builder.problems:
        raise RulebookError(builder.problems)
    return builder.vocabulary()


class _Builder:
    """Collects the tables of several files."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.kinds: dict[str, Kind] = {}
        self.attributes: dict[tuple[str, str], Attribute] = {}
        self.values: dict[str, dict[str, Label]] = {}
        self.tables: dict[str, dict[str, str]] = {"line_year": {}, "line_event": {}, "line_matter": {}}
        self.places: dict[str, tuple[Path, list[str]]] = {}

    def add(self, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8")
            document = tomllib.loads(text)
        except (OSError, ValueError) as fault:
            details = {"file": str(path), "reason": str(fault)}
            raise RulebookError([Problem("rulebook.unreadable", None, details)]) from None
        self.file, self.lines_of_file = path, text.splitlines()
        for name, table in document.get("kind", {}).items():
            self.kind(name, table)
        for kind, attributes in document.get("attribute", {}).items():
            for name, table in attributes.items():
                self.attribute(kind, name, table)
        for name, table in document.get("value", {}).items():
            for value, words in table.items():
                self.value(name, value, words)
        for name, known in self.tables.items():
            for line, word in document.get(name, {}).items():
                if known.setdefault(line, word) != word:
                    self.fault("vocabulary_twice", line, name=f"{name}.{line}")

    def fault(self, code: str, near: str, **details: object) -> None:
        """Note a problem at the first line that holds some text."""
        line = next((n for n, text in enumerate(self.lines_of_file, 1) if near in text), 1)
        self.problems.append(Problem(f"rulebook.{code}", Position(str(self.file), line), details))

    def words(self, name: str, table: Any) -> Label:  # noqa: ANN401 - TOML
        ok = isinstance(table, dict) and isinstance(table.get("zh"), str) and isinstance(
            table.get("en"), str)  # fmt: skip
        if not ok:
            self.fault("vocabulary_label", name.rpartition(".")[2], name=name)
            return Label(name, name)
        return Label(table["zh"], table["en"])

    def kind(self, name: str, table: dict[str, Any]) -> None:
        known = self.kinds.get(name)
        lines = frozenset(table.get("subject_of", ()))
        if known is not None:
            if set(table) - {"subject_of", "ids"}:
                self.fault("vocabulary_twice", f"kind.{name}", name=f"kind.{name}")
            ids = (*known.ids, *table.get("ids", ()))
            self.kinds[name] = Kind(name, known.label, ids, known.subject_of | lines, known.note)
            return
        label = self.words(f"kind.{name}", table)
        ids = tuple(table.get("ids", ()))
        self.kinds[name] = Kind(name, label, ids, lines, table.get("note", ""))

    def attribute(self, kind: str, name: str, table: dict[str, Any]) -> None:
        known = self.attributes.get((kind, name))
        full = f"attribute.{kind}.{name}"
        if known is not None:
            if set(table) - {"lines"}:
                self.fault("vocabulary_twice", full, name=full)
                return
            lines = (*known.lines, *table.get("lines", ()))
            self.attributes[kind, name] = _replaced(known, lines)
            return
        label = self.words(full, table)
        legal = set(Attribute.__dataclass_fields__) - {"kind", "name"}
        for key in set(table) - legal:
            self.fault("vocabulary_key", full, name=full, key=key)
        lists = {key: tuple(table.get(key, ())) for key in ("index", "values", "to", "lines")}
        self.attributes[kind, name] = Attribute(
            kind=kind, name=name, type=str(table.get("type")), zh=label.zh, en=label.en,
            ask=str(table.get("ask", "")), implies=str(table.get("implies", "")),
            absent=str(table.get("absent", "")), judgement=table.get("judgement") is True,
            unit=str(table.get("unit", "")), note=str(table.get("note", "")), **lists,
        )  # fmt: skip

    def value(self, name: str, value: str, words: Any) -> None:  # noqa: ANN401 - TOML
        label = self.words(f"value.{name}.{value}", words)
        known = self.values.setdefault(name, {})
        if known.setdefault(value, label) != label:
            self.fault("vocabulary_twice", value, name=f"value.{name}.{value}")

    def check(self) -> None:
        for attribute in self.attributes.values():
            for code, details in self.faults_of(attribute):
                full = f"attribute.{attribute.kind}.{attribute.name}"
                self.fault(code, f"[{full}]", name=full, **details)

    def faults_of(self, attribute: Attribute) -> Iterator[tuple[str, dict[str, object]]]:
        if attribute.type not in TYPES:
            yield "vocabulary_type", {"type": attribute.type, "legal": ", ".join(TYPES)}
        if attribute.kind not in self.kinds:
            yield "vocabulary_missing", {"missing": f"kind.{attribute.kind}"}
        for kind in attribute.to:
            if kind not in self.kinds:
                yield "vocabulary_missing", {"missing": f"kind.{kind}"}
        lists = [*attribute.values, *(key for key in attribute.index if key not in FREE_KEYS)]
        for values in lists:
            if values != "line" and values not in self.values:
                yield "vocabulary_missing", {"missing": f"value.{values}"}
        if (attribute.type in {"enum", "set"}) != bool(attribute.values):
            yield "vocabulary_missing", {"missing": "values"}
        if (attribute.type == "ref") != bool(attribute.to):
            yield "vocabulary_missing", {"missing": "to"}
        if attribute.absent not in {"", "none"}:
            yield "vocabulary_missing", {"missing": 'absent = "none"'}
        if attribute.implies:
            target = self.attributes.get((attribute.kind, attribute.implies))
            if target is None or target.type not in {"bool", "set"}:
                yield "vocabulary_missing", {"missing": attribute.implies}

    def vocabulary(self) -> Vocabulary:
        lines = {line for attribute in self.attributes.values() for line in attribute.lines}
        lines.update(line for kind in self.kinds.values() for line in kind.subject_of)
        for table in self.tables.values():
            lines.update(table)
        return Vocabulary(
            self.kinds,
            self.attributes,
            self.values,
            self.tables["line_year"],
            self.tables["line_event"],
            self.tables["line_matter"],
            frozenset(lines),
        )


def _replaced(attribute: Attribute, lines: tuple[str, ...]) -> Attribute:
    from dataclasses import replace  # noqa: PLC0415 - used for extensions only

    return replace(attribute, lines=lines)
