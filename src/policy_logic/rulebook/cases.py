"""The worked cases beside the rules: facts, and what must follow from them.

A file ``cases/*.yaml``, of a policy or across policies, has a ``base`` (a whole case) and
``cases``; each has a ``name``, what it sets anew (``set``: dotted paths, ``null`` removes), and
what it expects (``claims``, ``refused``, ``totals``, ``benefits``, ``notices``, and in
``no_notices`` what must not be noticed).
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from policy_logic.errors import Position, Problem, RulebookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_WHOLE: Final = frozenset(
    {"applicant", "as_of", "review", "received", "assume_in_force", "readings"}
)
ACROSS: Final = "across"


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case: the facts, and what must follow from them.

    Attributes:
        policy: The policy whose folder it stands in; ``across`` for one across policies.
        file: The file.
        name: What is special about it.
        facts: The case, in the form of a case file.
        expected: What it states, by section.
    """

    policy: str
    file: Path
    name: str
    facts: Mapping[str, Any]
    expected: Mapping[str, Any]

    @property
    def id(self) -> str:
        """A name that no other worked case has."""
        return f"{self.policy}/{self.file.stem}: {self.name}"

    def pays(self, line: str) -> bool:
        """Whether it states that a line can be claimed."""
        return any(_line(claim) == line for claim in self.expected.get("claims") or {})

    def refuses(self, line: str) -> bool:
        """Whether it states that a line is refused."""
        return any(_line(claim) == line for claim in self.expected.get("refused") or {})


def worked_cases(rules: Path, policy: str | None = None) -> Iterator[WorkedCase]:
    """Yield the worked cases in the order of their files.

    Args:
        rules: The ``rules`` folder.
        policy: A policy's id, or ``across``; ``None`` for all.

    Raises:
        RulebookError: A file is not YAML of the shape described above.
    """
    folders = {ACROSS: rules / "cases"}
    folders |= {found.parent.name: found for found in rules.glob("*/cases")}
    for name, folder in sorted(folders.items()):
        if policy in {None, name}:
            for file in sorted(folder.glob("*.yaml")):
                yield from _of_file(name, file)


def _of_file(policy: str, file: Path) -> Iterator[WorkedCase]:
    import yaml  # noqa: PLC0415 - slow to import

    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506 - safe
        base, cases = document["base"], document["cases"]
        for case in cases:
            facts = copy.deepcopy(base)
            for path, value in (case.get("set") or {}).items():
                _set(facts, path, value)
            yield WorkedCase(policy, file, case["name"], facts, case)
    except (yaml.YAMLError, LookupError, TypeError, AttributeError) as fault:
        raise RulebookError([_problem(file, fault)]) from None


def _problem(file: Path, fault: Exception) -> Problem:
    """Return what is wrong with a file of worked cases, with the place where that is known."""
    mark = getattr(fault, "problem_mark", None)
    if mark is None:
        missing = str(fault) if isinstance(fault, LookupError) else type(fault).__name__
        return Problem("rulebook.case_shape", Position(str(file), 1), {"missing": missing})
    where = Position(str(file), mark.line + 1, mark.column + 1)
    words = getattr(fault, "problem", None) or ""
    line = file.read_text(encoding="utf-8").splitlines()[mark.line : mark.line + 1]
    if line and "\t" in line[0][: len(line[0]) - len(line[0].lstrip())]:
        return Problem("rulebook.case_tab", where, {})
    return Problem("rulebook.case_file", where, {"message": words})


def _line(claim: str) -> str:
    return claim.partition("/")[0]


def _set(facts: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401 - any value of a case
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
    """Split a path; a year is a number."""
    return [int(part) if part.isdigit() else part for part in path.split(".")]


@cache
def _loader() -> Any:  # noqa: ANN401 - a class of a library without types for it
    """Return a loader to which a decimal is exact and only ``true`` and ``false`` are truth."""
    import yaml  # noqa: PLC0415 - slow to import

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """The loader of worked cases."""

    tag = "tag:yaml.org,2002:bool"
    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] != tag]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver(tag, re.compile(r"(?:true|false)\Z"), ["t", "f"])
    Loader.add_constructor(
        "tag:yaml.org,2002:float", lambda _, node: Decimal(node.value.replace("_", ""))
    )
    return Loader
