"""Reading a policy's TOML files: every key has a shape, every fault has a file and a line."""

from __future__ import annotations

import difflib
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from policy_logic.errors import Position, Problem, RulebookError
from policy_logic.facts.toml_places import TomlPlaces, fault_place, toml_places
from policy_logic.language import Label, both

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path


class Table:
    """One table of a TOML file, which knows where it stands.

    Attributes:
        values: What the table holds.
        path: The dotted path of the table in the file; empty for the whole file.
    """

    def __init__(
        self, values: Mapping[str, Any], path: str, file: Path, places: TomlPlaces
    ) -> None:
        self.values, self.path, self.file, self._places = values, path, file, places

    @classmethod
    def of_file(cls, file: Path) -> Self:
        """Read a TOML file.

        Raises:
            RulebookError: The file is missing or is not TOML.
        """
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            details = {"file": str(file), "reason": str(fault)}
            raise RulebookError([Problem("rulebook.unreadable", None, details)]) from None
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            line, column, words = fault_place(text, fault)
            where = Position(str(file), line, column)
            details = {"message": str(fault).partition(" (at ")[0], "words": words}
            raise RulebookError([Problem("rulebook.toml", where, details)]) from None
        return cls(values, "", file, toml_places(text))

    def fault(self, code: str, key: str = "", **details: object) -> RulebookError:
        """Return an error about a key of this table, ready to be raised."""
        details.setdefault("key", ".".join(part for part in (self.path, key) if part))
        return RulebookError([Problem(code, self.position(key), details)])

    def position(self, key: str = "") -> Position:
        """Return the place of a key of this table, or of the table itself."""
        return Position(str(self.file), self._places.line(self.path, key))

    def only(self, *keys: str) -> None:
        """Raise unless the table has no other keys than these."""
        for key in self.values:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                raise self.fault(
                    "rulebook.unknown_key", key, near=near[0] if near else ", ".join(keys)
                )

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text."""
        value = str(self._value(key, str, both("page.wanted_text"), default))
        if default is None and not value.strip():
            raise self.fault("rulebook.missing_key", key, wanted=both("page.wanted_text"))
        return value

    def choice(self, key: str, legal: Collection[str], default: str | None = None) -> str:
        """Return one of several words."""
        value = self.text(key, default)
        if value not in legal:
            raise self.fault("rulebook.choice", key, value=value, legal=", ".join(sorted(legal)))
        return value

    def whole(self, key: str) -> int:
        """Return a whole number."""
        value = self._value(key, int, both("page.wanted_whole"), None)
        if isinstance(value, bool):
            raise self.fault(
                "rulebook.shape", key, wanted=both("page.wanted_whole"), found="true / false"
            )
        return int(value)

    def day(self, key: str) -> date | None:
        """Return a date, ``None`` if the key is absent."""
        if key not in self.values:
            return None
        value = self.values[key]
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fault(
                "rulebook.shape", key, wanted=both("page.wanted_day"), found=repr(value)
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty if the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fault(
                "rulebook.shape", key, wanted=both("page.wanted_texts"), found=repr(value)
            )
        return tuple(value)

    def label(self, key: str) -> Label:
        """Return words in both languages."""
        return self.table(key).as_label()

    def as_label(self, *others: str) -> Label:
        """Read this table as words in both languages; other keys it may have are named."""
        self.only("zh", "en", *others)
        return Label(self.text("zh"), self.text("en"))

    def table(self, key: str) -> Table:
        """Return a table in this one."""
        value = self._value(key, dict, both("page.wanted_table"), None)
        return Table(value, ".".join(p for p in (self.path, key) if p), self.file, self._places)

    def tables(self, key: str = "") -> Iterator[tuple[str, Table]]:
        """Yield the tables in this one, or in a table of it; none if that is absent."""
        holder = self.table(key) if key and key in self.values else self
        if key and key not in self.values:
            return
        for name in holder.values:
            yield name, holder.table(name)

    def rows(self, key: str) -> Iterator[Table]:
        """Yield the tables of an array of tables; none if it is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(
                "rulebook.shape", key, wanted=both("page.wanted_tables"), found=repr(value)
            )
        for number, row in enumerate(value):
            yield Table(row, f"{key}.{number}", self.file, self._places)

    def _value(self, key: str, kind: type, wanted: Label, default: object) -> Any:  # noqa: ANN401 - TOML
        if key not in self.values:
            if default is None:
                raise self.fault("rulebook.missing_key", key, wanted=wanted)
            return default
        value = self.values[key]
        if not isinstance(value, kind):
            raise self.fault("rulebook.shape", key, wanted=wanted, found=repr(value))
        return value
