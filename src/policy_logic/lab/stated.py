"""What two versions of a policy say differently: text, lines, numbers, readings, rules.

This compares what is written, apart from ways of writing; what it comes to for applicants is
found by looking for one (:mod:`policy_logic.lab.shifts`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from policy_logic.lab.normal_form import normal_forms
from policy_logic.rulebook.policy import Line, Number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.lab.versions import Version
    from policy_logic.logic.terms import Rule
    from policy_logic.rulebook.policy import Policy

_LINE_KEYS = tuple(
    f.name for f in fields(Line) if f.name not in {"id", "policy", "label", "position"}
)


@dataclass(frozen=True, slots=True)
class Stated:
    """Something that one version states otherwise than the other.

    Attributes:
        kind: ``text``, ``validity``, ``status``, ``place``, ``line``, ``number``, ``reading`` or
            ``rules``.
        name: Of what: a line, a number, a reading, the section of rules; empty for the text.
        key: What of it, as ``per`` of a line; empty where it is a whole.
        before: How it was; empty where it was not there.
        after: How it is; empty where it is gone.
    """

    kind: str
    name: str
    key: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def stated_differences(old: Version, new: Version) -> tuple[Stated, ...]:
    """Return everything that is written differently, in the order of a policy's folder.

    Two versions of one policy are compared part by part; of two policies, which have no part in
    common, nothing is returned.
    """
    if old.policy.id != new.policy.id:
        return ()
    return tuple(_differences(old, new))


def is_rewording(old: Version, new: Version) -> bool:
    """Return whether two versions of one policy decide alike by what they state alone.

    The sentences of the text may differ, and the time in which a version is in force.
    """
    beside = {"text", "validity", "status"}
    return old.policy.id == new.policy.id and all(
        stated.kind in beside for stated in stated_differences(old, new)
    )


def _differences(old: Version, new: Version) -> Iterator[Stated]:
    before, after = old.policy, new.policy
    yield from _text(before, after)
    for kind in ("place", "status"):
        yield from _pair(kind, "", "", getattr(before, kind), getattr(after, kind))
    yield from _pair("validity", "", "", _validity(before), _validity(after))
    yield from _lines(before.lines, after.lines)
    yield from _numbers(before.numbers, after.numbers)
    for name in _names(before.readings, after.readings):
        yield from _reading(name, old, new)
    yield from _rules(before, after)


def _pair(kind: str, name: str, key: str, before: str, after: str) -> Iterator[Stated]:
    if before != after:
        yield Stated(kind, name, key, (before,) if before else (), (after,) if after else ())


def _names(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys([*before, *after]))


def _text(before: Policy, after: Policy) -> Iterator[Stated]:
    """Yield the sentences that stand in one text only."""
    own, other = (
        [policy.text.letters[place.start : place.stop] for place in policy.text.sentences()]
        for policy in (before, after)
    )
    gone, come = (
        tuple(sentence for sentence in some if sentence not in set(rest))
        for some, rest in ((own, other), (other, own))
    )
    if gone or come:
        yield Stated("text", "", "", gone, come)


def _validity(policy: Policy) -> str:
    valid = policy.validity
    length = f"{valid.years} years" if valid.years else f"{valid.end}"
    return f"{valid.start or '-'} .. {length}"


def _lines(before: Mapping[str, Line], after: Mapping[str, Line]) -> Iterator[Stated]:
    for name in _names(before, after):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Stated("line", name, "", (name,) if old else (), (name,) if new else ())
            continue
        for key in _LINE_KEYS:
            yield from _pair(
                "line", name, key, _shown(getattr(old, key)), _shown(getattr(new, key))
            )


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _numbers(before: Mapping[str, Number], after: Mapping[str, Number]) -> Iterator[Stated]:
    for name in _names(before, after):
        old, new = before.get(name), after.get(name)
        shown = [f"{n.value} {n.type}" if n else "" for n in (old, new)]
        yield from _pair("number", name, "", shown[0], shown[1])


def _reading(name: str, old: Version, new: Version) -> Iterator[Stated]:
    values = [v.reading(name) if name in v.policy.readings else "" for v in (old, new)]
    yield from _pair("reading", name, "", values[0], values[1])


def _rules(before: Policy, after: Policy) -> Iterator[Stated]:
    """Yield, section by section, the rules that the other version has in no form."""
    own, other = normal_forms(before.rules), normal_forms(after.rules)
    gone = _by_section(rule for form, rule in own.items() if form not in other)
    come = _by_section(rule for form, rule in other.items() if form not in own)
    for section in _names(gone, come):
        yield Stated(
            "rules", section, "", tuple(gone.get(section, ())), tuple(come.get(section, ()))
        )


def _by_section(rules: Iterator[Rule]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule in rules:
        found.setdefault(rule.section.id, []).append(rule.text)
    return found
