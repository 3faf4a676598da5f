"""Vocabulary files as tables: read, checked for their shape, and joined into one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from policy_logic.errors import Position, Problem, RulebookError
from policy_logic.facts.toml_places import fault_place, toml_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

VERSION: Final = 1
TYPES: Final = ("bool", "money", "usd", "integer", "share", "date", "enum", "set", "ref", "text")
CHANGES: Final = ("never", "by_others")
FREE_KEYS: Final = ("year", "scene")
RESERVED_KINDS: Final = (
    "applicant", "as_of", "review", "received", "assume_in_force", "readings",
)  # fmt: skip
LONG_FORM: Final = ("value", "evidence")
LINE_TABLES: Final = ("line_year", "line_event", "line_matter")
_SECTIONS: Final = ("version", "further_lines", "kind", "attribute", "value", *LINE_TABLES)
_LABEL: Final[dict[str, type]] = {"zh": str, "en": str}
_KIND: Final = {**_LABEL, "note": str, "ids": list, "subject_of": list}
_ATTRIBUTE: Final = {
    **_LABEL, "type": str, "ask": str, "note": str, "unit": str, "implies": str, "absent": str,
    "judgement": bool, "change": str, "settled_by": str, "index": list, "values": list, "to": list,
    "lines": list,
}  # fmt: skip
_VALUE: Final = {**_LABEL, "within": str, "note": str}
_REQUIRED: Final = ("zh", "en", "type", "ask")
_GROWS: Final = ("lines", "subject_of", "ids")

Table = dict[str, Any]


@dataclass
class VocabularyFile:
    """The tables of one vocabulary file, or of several joined.

    Attributes:
        kinds: The tables of the kinds.
        attributes: The tables of the attributes, by kind and name.
        values: The value lists, a table for each value.
        tables: ``line_year``, ``line_event`` and ``line_matter``.
        further_lines: Lines that nothing else in the file names.
        places: Where each of them stands, by its full name.
        problems: What is wrong.
    """

    kinds: dict[str, Table] = field(default_factory=dict)
    attributes: dict[tuple[str, str], Table] = field(default_factory=dict)
    values: dict[str, dict[str, Table]] = field(default_factory=dict)
    tables: dict[str, dict[str, str]] = field(
        default_factory=lambda: {name: {} for name in LINE_TABLES}
    )
    further_lines: list[str] = field(default_factory=list)
    places: dict[str, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def merged(cls, files: Sequence[VocabularyFile]) -> VocabularyFile:
        """Join files: a later one may add and repeat, but not redefine."""
        whole = cls(problems=[problem for file in files for problem in file.problems])
        for file in files:
            whole.add(file)
        return whole

    def add(self, file: VocabularyFile) -> None:
        """Take in another file."""
        for name, table in file.kinds.items():
            self._join(self.kinds, name, table, f"kind.{name}", file)
        for (kind, name), table in file.attributes.items():
            self._join(self.attributes, (kind, name), table, f"attribute.{kind}.{name}", file)
        for values, tables in file.values.items():
            known = self.values.setdefault(values, {})
            for name, table in tables.items():
                self._join(known, name, table, f"value.{values}.{name}", file)
        for section, words in file.tables.items():
            for line, word in words.items():
                if self.tables[section].setdefault(line, word) != word:
                    self._twice(f"{section}.{line}", file)
        self.further_lines += file.further_lines
        for name, place in file.places.items():
            self.places.setdefault(name, place)

    def _join(
        self, known: dict[Any, Table], key: object, table: Table, name: str, file: VocabularyFile
    ) -> None:
        before = known.get(key)
        if before is None:
            missing = [n for n in file.required(name) if not str(table.get(n, "")).strip()]
            if missing:
                details = {"name": name, "missing": ", ".join(missing)}
                where = file.places.get(name)
                self.problems.append(Problem("facts.vocabulary_lacks", where, details))
            known[key] = dict(table)
            return
        if any(before.get(word) != given for word, given in table.items() if word not in _GROWS):
            self._twice(name, file)
        for word in _GROWS:
            if word in table:
                grown = dict.fromkeys([*before.get(word, []), *table[word]])
                before[word] = list(grown)

    def required(self, name: str) -> tuple[str, ...]:
        """Return the keys that a new table of this name must have."""
        return _REQUIRED if name.startswith("attribute.") else ("zh", "en")

    def _twice(self, name: str, file: VocabularyFile) -> None:
        first = self.places.get(name)
        details = {"name": name, "first": str(first) if first else "?"}
        where = file.places.get(name)
        self.problems.append(Problem("facts.vocabulary_twice", where, details))


def read_vocabulary_file(path: Path) -> VocabularyFile:
    """Read one file and check the shape of its tables.

    Raises:
        RulebookError: The file cannot be read or is not TOML.
    """
    where = Position(str(path), 1)
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line, column, words = fault_place(text, fault)
        reason = f"{str(fault).partition(' (at ')[0]}: {words}"
        place = Position(str(path), line, column)
        raise RulebookError([Problem("facts.vocabulary_file", place, {"reason": reason})]) from None
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise RulebookError([Problem("facts.vocabulary_file", where, {"reason": reason})]) from None
    return _Reader(str(path), text).read(document)


class _Reader:
    """Sorts the tables of one document; notes what has the wrong shape."""

    def __init__(self, file: str, text: str) -> None:
        self.file = VocabularyFile()
        self.path = file
        places = toml_places(text)
        self.headers, self.keys = places.headers, places.keys

    def read(self, document: Table) -> VocabularyFile:
        for key in document:
            if key not in _SECTIONS:
                self.unknown(key, key, _SECTIONS)
        if document.get("version", VERSION) != VERSION:
            self.note("vocabulary_version", "version", version=document["version"])
        further = document.get("further_lines", [])
        if self.shaped("further_lines", further, list):
            self.file.further_lines = further
        self.kinds(document)
        self.attributes(document)
        self.values(document)
        self.line_tables(document)
        return self.file

    def kinds(self, document: Table) -> None:
        for name, table in self.section(document, "kind"):
            if self.described(f"kind.{name}", table, _KIND):
                self.file.kinds[name] = table

    def attributes(self, document: Table) -> None:
        for kind, attributes in self.section(document, "attribute"):
            for name, table in self.entries(f"attribute.{kind}", attributes):
                if self.described(f"attribute.{kind}.{name}", table, _ATTRIBUTE):
                    self.file.attributes[kind, name] = table

    def values(self, document: Table) -> None:
        for values, tables in self.section(document, "value"):
            for name, table in self.entries(f"value.{values}", tables):
                if self.described(f"value.{values}.{name}", table, _VALUE):
                    self.file.values.setdefault(values, {})[name] = table

    def line_tables(self, document: Table) -> None:
        for section in LINE_TABLES:
            for line, word in self.section(document, section):
                if self.shaped(f"{section}.{line}", word, str):
                    self.file.tables[section][line] = word
                    self.file.places[f"{section}.{line}"] = self.place(f"{section}.{line}")

    def section(self, document: Table, name: str) -> Iterator[tuple[str, Any]]:
        yield from self.entries(name, document.get(name, {}))

    def entries(self, name: str, table: object) -> Iterator[tuple[str, Any]]:
        if self.shaped(name, table, dict) and isinstance(table, dict):
            yield from table.items()

    def described(self, name: str, table: object, legal: Mapping[str, type]) -> bool:
        self.file.places[name] = self.place(name)
        if not self.shaped(name, table, dict) or not isinstance(table, dict):
            return False
        for key in table:
            if key not in legal:
                self.unknown(name, key, tuple(legal))
        wrong = [
            key
            for key, value in table.items()
            if key in legal and not self.shaped(f"{name}.{key}", value, legal[key])
        ]
        return not wrong

    def shaped(self, name: str, value: object, wanted: type) -> bool:
        """Return whether a value is of a type; of a list, whether it holds names only."""
        sound = isinstance(value, wanted)
        if sound and isinstance(value, list):
            sound = all(isinstance(item, str) for item in value)
        if not sound:
            shapes = {dict: "{…}", list: '["…"]', str: '"…"', bool: "true / false"}
            self.note("vocabulary_shape", name, wanted=shapes[wanted])
        return sound

    def unknown(self, name: str, key: str, legal: Sequence[str]) -> None:
        near = get_close_matches(key, legal, 1) or legal
        self.note("vocabulary_key", name, key=key, near=", ".join(near))

    def note(self, code: str, name: str, **details: object) -> None:
        where = self.place(name)
        self.file.problems.append(Problem(f"facts.{code}", where, {"name": name, **details}))

    def place(self, name: str) -> Position:
        """Return where a table or key stands: its own line, else the nearest line above it."""
        line = self.headers.get(name) or self.keys.get(name)
        while line is None and "." in name:
            name = name.rpartition(".")[0]
            line = self.headers.get(name) or self.keys.get(name)
        return Position(self.path, line or 1)
