"""The vocabulary: every entity kind, attribute and value that a case may use.

Source: ``facts/vocabulary.toml``, whose header defines the format. A policy folder may add a
``vocabulary.toml`` of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from policy_logic.errors import RulebookError
from policy_logic.facts.vocabulary_checks import problems_of
from policy_logic.facts.vocabulary_file import VocabularyFile, read_vocabulary_file
from policy_logic.language import Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that can be known of an entity.

    Attributes:
        kind: The entity's kind.
        name: Its name.
        type: One of ``vocabulary_file.TYPES``.
        zh: Its Chinese name.
        en: Its English name.
        ask: The question for an applicant.
        index: What it is indexed by, outermost first.
        values: The value lists that an ``enum`` or a ``set`` draws from.
        to: The kinds that a ``ref`` may point to.
        implies: The attribute that a value given here proves.
        absent: ``none`` where its absence is taken as "none" instead of unknown.
        judgement: Whether an authority has to judge it.
        change: ``never`` where a known value stays as it is, ``by_others`` where only others can
            bring it about; empty where the applicant can.
        settled_by: The date attribute of the same kind from which day on a known value stays.
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
    change: str = ""
    settled_by: str = ""
    unit: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()

    @property
    def rests_with_others(self) -> bool:
        """Whether it can come, but cannot be made by the applicant."""
        return self.change == "by_others" or (self.judgement and not self.change)


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
        within: For a value inside another of its list, as a city in a province, the outer one.
        line_year: For each line with a yearly cap, the date that gives its year.
        line_event: For each line, what must lie within validity.
        line_matter: For each money line of a policy, at hand or not, what it pays for.
        lines: Every line that is named anywhere.
    """

    kinds: Mapping[str, Kind]
    attributes: Mapping[tuple[str, str], Attribute]
    values: Mapping[str, Mapping[str, Label]]
    within: Mapping[tuple[str, str], str]
    line_year: Mapping[str, str]
    line_event: Mapping[str, str]
    line_matter: Mapping[str, str]
    lines: frozenset[str] = field(repr=False)
    _legal: dict[tuple[str, ...], Mapping[str, Label]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def attribute(self, kind: str, name: str) -> Attribute | None:
        """Return an attribute, ``None`` if there is none of that name."""
        return self.attributes.get((kind, name))

    def has_attribute(self, kind: str, name: str) -> bool:
        """Return whether a kind has an attribute."""
        return (kind, name) in self.attributes

    def attributes_of(self, kind: str) -> tuple[Attribute, ...]:
        """Return a kind's attributes, in the order of the vocabulary."""
        return self._by_kind.get(kind, ())

    def legal_values(self, lists: tuple[str, ...]) -> Mapping[str, Label]:
        """Return the values of several lists, in order.

        ``line`` is the list of all lines; a list that does not exist has no values.
        """
        if lists not in self._legal:
            found: dict[str, Label] = {}
            for name in lists:
                found.update(self._lines_as_values if name == "line" else self.values.get(name, {}))
            self._legal[lists] = found
        return self._legal[lists]

    def members(self, attribute: Attribute) -> Mapping[str, Label]:
        """Return the values that an ``enum`` or a ``set`` may take, in order."""
        return self.legal_values(attribute.values)

    def label(self, values: str, name: str) -> Label:
        """Return a value's words; a value that is not listed stands for itself."""
        return self.values.get(values, {}).get(name) or Label(name, name)

    def around(self, values: str, name: str) -> tuple[str, ...]:
        """Return a value and all that it lies within, from the inside out."""
        found = [name]
        while (outer := self.within.get((values, found[-1]))) is not None:
            found.append(outer)
        return tuple(found)

    def kind_of_id(self, name: str) -> str | None:
        """Return the kind that alone may have an id, as ``policy``; ``None`` for a free id."""
        return self._kind_by_id.get(name)

    def kinds_of(self, line: str) -> tuple[str, ...]:
        """Return the kinds a line is decided for; empty where the vocabulary does not say."""
        return self._kinds_by_line.get(line, ())

    @cached_property
    def every_value(self) -> Mapping[str, Label]:
        """Every value of every list: what a trigger may be."""
        return self.legal_values(tuple(self.values))

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Attribute, ...]]:
        found: dict[str, list[Attribute]] = {}
        for attribute in self.attributes.values():
            found.setdefault(attribute.kind, []).append(attribute)
        return {kind: tuple(attributes) for kind, attributes in found.items()}

    @cached_property
    def _kind_by_id(self) -> Mapping[str, str]:
        return {name: kind.name for kind in self.kinds.values() for name in kind.ids}

    @cached_property
    def _kinds_by_line(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for kind in self.kinds.values():
            for line in kind.subject_of:
                found[line] = (*found.get(line, ()), kind.name)
        return found

    @cached_property
    def _lines_as_values(self) -> Mapping[str, Label]:
        return {line: Label(line, line) for line in sorted(self.lines)}


def load_vocabulary(file: Path, *extensions: Path) -> Vocabulary:
    """Load a vocabulary and what policies add to it.

    Args:
        file: The vocabulary.
        extensions: Files in the same format. They may add kinds, attributes and values, and
            lines to what exists; they may repeat, but not redefine.

    Raises:
        RulebookError: A file is not TOML, misses something, contradicts itself, or redefines
            what another file defines; each problem names file, line and name.
    """
    merged = VocabularyFile.merged([read_vocabulary_file(path) for path in (file, *extensions)])
    if merged.problems:
        raise RulebookError(merged.problems)
    vocabulary = _vocabulary(merged)
    problems = problems_of(vocabulary, merged)
    if problems:
        raise RulebookError(problems)
    return vocabulary


def _vocabulary(merged: VocabularyFile) -> Vocabulary:
    kinds = {
        name: Kind(
            name=name,
            label=_label(table),
            ids=_names(table, "ids"),
            subject_of=frozenset(_names(table, "subject_of")),
            note=str(table.get("note", "")),
        )
        for name, table in merged.kinds.items()
    }
    attributes = {
        (kind, name): _attribute(kind, name, table)
        for (kind, name), table in merged.attributes.items()
    }
    values = {
        name: {value: _label(table) for value, table in tables.items()}
        for name, tables in merged.values.items()
    }
    lines = {line for attribute in attributes.values() for line in attribute.lines}
    lines.update(merged.further_lines, *(kind.subject_of for kind in kinds.values()))
    lines.update(*merged.tables.values())
    return Vocabulary(
        kinds=kinds,
        attributes=attributes,
        values=values,
        within={
            (name, value): str(table["within"])
            for name, tables in merged.values.items()
            for value, table in tables.items()
            if "within" in table
        },
        line_year=merged.tables["line_year"],
        line_event=merged.tables["line_event"],
        line_matter=merged.tables["line_matter"],
        lines=frozenset(lines),
    )


def _attribute(kind: str, name: str, table: Mapping[str, object]) -> Attribute:
    return Attribute(
        kind=kind,
        name=name,
        type=str(table["type"]),
        zh=str(table["zh"]),
        en=str(table["en"]),
        ask=str(table["ask"]),
        index=_names(table, "index"),
        values=_names(table, "values"),
        to=_names(table, "to"),
        implies=str(table.get("implies", "")),
        absent=str(table.get("absent", "")),
        judgement=table.get("judgement") is True,
        change=str(table.get("change", "")),
        settled_by=str(table.get("settled_by", "")),
        unit=str(table.get("unit", "")),
        note=str(table.get("note", "")),
        lines=_names(table, "lines"),
    )


def _label(table: Mapping[str, object]) -> Label:
    return Label(str(table["zh"]), str(table["en"]))


def _names(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    names = table.get(key, ())
    return tuple(map(str, names)) if isinstance(names, list) else ()
