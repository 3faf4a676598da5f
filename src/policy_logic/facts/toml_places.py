"""Where the tables and keys of a TOML file stand, for messages that name a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError


@dataclass(frozen=True, slots=True)
class TomlPlaces:
    """The lines of a TOML file by full name; the tables of an array are numbered from 0.

    Attributes:
        headers: The lines of the table headers.
        keys: The lines of the keys, by the full name of the table and the key as written.
    """

    headers: dict[str, int]
    keys: dict[str, int]

    def line(self, path: str, key: str = "") -> int:
        """Return the line of a key of a table, else of the table or of what holds it.

        A table may be written under a header of its own, or inline behind a key.
        """
        name = ".".join(part for part in (path, key) if part)
        while name:
            found = self.keys.get(name) or self.headers.get(name) or self._inside(name)
            if found:
                return found
            name = _above(name)
        return 1

    def _inside(self, name: str) -> int | None:
        """Return the first line of a table that is written key by key, as ``name.key = …``."""
        return min((n for key, n in self.keys.items() if key.startswith(f"{name}.")), default=None)


def fault_place(text: str, fault: TOMLDecodeError) -> tuple[int, int, str]:
    """Return where a TOML text goes wrong: line, column (0 for none), and the words of the line."""
    lines = text.splitlines() or [""]
    found = re.search(r"at line (\d+), column (\d+)", str(fault))
    line, column = (int(found[1]), int(found[2])) if found else (len(lines), 0)
    return line, column, lines[line - 1].strip() if line <= len(lines) else ""


def toml_places(text: str) -> TomlPlaces:
    """Find the headers and keys of a TOML text."""
    headers: dict[str, int] = {}
    keys: dict[str, int] = {}
    header = ""
    arrays: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("["):
            header = line.partition("]")[0].strip("[").replace('"', "").strip()
            if line.startswith("[["):
                count = arrays[header] = arrays.get(header, -1) + 1
                header = f"{header}.{count}"
            headers.setdefault(header, number)
        elif "=" in line and line[:1] not in {" ", "#"}:
            key = line.partition("=")[0].strip().replace('"', "")
            keys.setdefault(f"{header}.{key}" if header else key, number)
    return TomlPlaces(headers, keys)


def _above(name: str) -> str:
    """Return the name without its last part; parts of a name may themselves have dots."""
    return name.rpartition(".")[0]
