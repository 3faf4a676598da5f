"""Reading the worked cases that stand in the policies' folders."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).resolve().parents[1] / "rules"
_WHOLE = {"applicant", "as_of", "review", "received", "assume_in_force", "readings"}


@dataclass(frozen=True)
class WorkedCase:
    """One case: the facts, and what must follow from them."""

    file: Path
    name: str
    facts: dict[str, Any]
    expected: dict[str, Any]

    @property
    def id(self) -> str:
        """The name that the test runner shows."""
        owner = self.file.parent.parent
        policy = "across" if owner == RULES else owner.name
        return f"{policy}/{self.file.stem}: {self.name}"


class _Loader(yaml.SafeLoader):
    """A loader without floats, and to which only ``true`` and ``false`` are truth values."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])
_Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: _Decimal(node.value))


class _Decimal(str):
    """A decimal, as written."""

    __slots__ = ()


def worked_cases(rules: Path = RULES) -> list[WorkedCase]:
    """Return every worked case of every policy, and those across policies."""
    found = []
    for file in sorted([*rules.glob("*/cases/*.yaml"), *rules.glob("cases/*.yaml")]):
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derived from SafeLoader
        for case in document["cases"]:
            facts = copy.deepcopy(document["base"])
            for path, value in (case.get("set") or {}).items():
                _set(facts, path, value)
            found.append(WorkedCase(file, case["name"], facts, case))
    return found


def _set(facts: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a dotted path; ``None`` removes it."""
    *parents, last = [path] if path in _WHOLE else _split(path)
    place = facts
    for part in parents:
        if not isinstance(place.get(part), dict):
            place[part] = {}
        place = place[part]
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value


def _split(path: str) -> list[Any]:
    """Split a path; a year is a number, and only the first four dots separate."""
    return [int(part) if part.isdigit() else part for part in path.split(".")]
