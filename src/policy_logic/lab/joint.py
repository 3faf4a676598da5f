"""Two versions under one roof: the same applicants, judged by the rules of both at once.

The rules of the new version stand beside those of the old one with every predicate renamed, so
that one search can ask for an applicant of whom the two say different things. Both are looked at
as if they were in force in the same time: when a version applies is stated, not searched for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from policy_logic.derive.atoms import to_atoms
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.rule_text import rule_text
from policy_logic.lab.setting import setting_of
from policy_logic.lab.space import Cell, Space, space_of
from policy_logic.logic.terms import Fact, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy_logic.facts.model import Case
    from policy_logic.lab.setting import Setting
    from policy_logic.lab.space import Path
    from policy_logic.lab.versions import Version
    from policy_logic.logic.terms import Atom, Condition
    from policy_logic.rulebook.policy import Rulebook

NEW: Final = "new_"


@dataclass(frozen=True, kw_only=True)
class JointSpace(Space):
    """The applicants of two versions, each with what either version makes of what is stated.

    Attributes:
        other: The same applicants under the new version.
    """

    other: Space

    def _atoms(self, stated: Mapping[Path, Any]) -> frozenset[Fact]:
        own, other = (
            frozenset(to_atoms(side.read(side.case_of(_known(side, stated))), side.book).origins)
            for side in (Space(**_fields(self)), self.other)
        )
        return own | frozenset(Fact(_renamed(fact.name), fact.args) for fact in other)


def _fields(space: Space) -> dict[str, Any]:
    return {field.name: getattr(space, field.name) for field in fields(Space)}


def _known(side: Space, stated: Mapping[Path, Any]) -> dict[Path, Any]:
    """Return what a version has words for."""
    vocabulary = side.book.vocabulary
    return {
        path: value
        for path, value in stated.items()
        if path[0] not in vocabulary.kinds or vocabulary.has_attribute(str(path[0]), str(path[2]))
    }


def joint_spaces(old: Version, new: Version) -> Iterator[JointSpace]:
    """Yield the applicants of two versions, for each kind of subject that either has lines for."""
    after = contemporary(new, old)
    setting = _setting(old, after)
    for kind in _kinds(old, after):
        own, other = (_space(version, kind) for version in (old, after))
        entities = {**own.entities, **other.entities}
        parts = tuple(dict.fromkeys([*own.parts, *other.parts]))
        chosen = {*old.readings, *after.readings}
        cells = _cells(own.cells, other.cells, chosen)
        sides = [
            replace(
                space,
                setting=_read_as(setting, version),
                entities=entities,
                cells=cells,
                parts=parts,
            )
            for space, version in ((own, old), (other, after))
        ]
        yield JointSpace(**_fields(sides[0]), other=sides[1])


def contemporary(version: Version, other: Version) -> Version:
    """Return a version as if it were in force when another one is."""
    policy = replace(version.policy, validity=other.policy.validity, status=other.policy.status)
    book = replace(version.book, policies={policy.id: policy})
    return replace(version, policy=policy, book=book)


def _setting(old: Version, new: Version) -> Setting:
    own, other = (setting_of(version.book, version.policy.id) for version in (old, new))
    preamble = {
        key: {**own.preamble.get(key, {}), **other.preamble.get(key, {})}
        for key in (*own.preamble, *other.preamble)
    }
    days = tuple(dict.fromkeys([*own.days, *other.days]))
    return replace(own, days=days, preamble=preamble)


def _read_as(setting: Setting, version: Version) -> Setting:
    """Return a setting in which the readings of a version are chosen."""
    return replace(setting, preamble={**setting.preamble, "readings": dict(version.readings)})


def _kinds(old: Version, new: Version) -> list[str]:
    lines = [*old.policy.lines.values(), *new.policy.lines.values()]
    return list(dict.fromkeys(kind for line in lines for kind in line.subjects))


def _space(version: Version, kind: str) -> Space:
    lines = tuple(line.id for line in version.policy.lines.values() if kind in line.subjects)
    return space_of(version.book, version.policy.id, kind, lines)


def _cells(own: Sequence[Cell], other: Sequence[Cell], chosen: set[str]) -> tuple[Cell, ...]:
    """Return the facts that either version looks at, with the values that matter to either.

    Readings that no version chooses are open, those that both have: taken alike in both.
    """
    shared = {cell.path for cell in own} & {cell.path for cell in other}
    found: dict[Path, Cell] = {}
    for cell in (*own, *other):
        if cell.path[0] == "readings" and (cell.path[1] in chosen or cell.path not in shared):
            continue
        before = found.get(cell.path, replace(cell, values=()))
        more = tuple(value for value in cell.values if value not in before.values)
        found[cell.path] = replace(before, values=before.values + more)
    return tuple(found.values())


def renamed_program(book: Rulebook) -> str:
    """Return the rules of a rulebook, with what all policies share, under other names."""
    declarations = re.sub(r"#defined (-?)", rf"#defined \1{NEW}", book.declarations)
    rules = [
        rule_text(replace(rule, head=_atom(rule.head), body=tuple(map(_condition, rule.body))))
        for rule in book.rules
    ]
    return "\n".join([declarations, *rules])


def _atom(atom: Atom) -> Atom:
    return replace(atom, name=_renamed(atom.name))


def _condition(condition: Condition) -> Condition:
    if isinstance(condition, Literal):
        return replace(condition, atom=_atom(condition.atom))
    return condition


def _renamed(name: str) -> str:
    return f"-{NEW}{name[1:]}" if name.startswith("-") else f"{NEW}{name}"


def judged_by(version: Version, facts: Mapping[str, Any]) -> Case:
    """Return an applicant as a case of a version, under the readings chosen for it."""
    readings = {**facts.get("readings", {}), **version.readings}
    return case_from_mapping({**facts, "readings": readings}, version.book.vocabulary, "<witness>")
