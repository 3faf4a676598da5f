"""What a value given proves besides itself (``implies`` in the vocabulary)."""

from __future__ import annotations

from collections import deque
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.errors import Problem
from policy_logic.facts.model import CompleteSet, Fact, Key, SetName, Value
from policy_logic.facts.source import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policy_logic.facts.vocabulary import Attribute, Vocabulary

_Name: TypeAlias = tuple[str, str, tuple[Key, ...], Value]


def implied_facts(
    facts: Iterable[Fact],
    complete_sets: Mapping[SetName, CompleteSet],
    as_of: date | None,
    vocabulary: Vocabulary,
) -> tuple[list[Fact], list[Problem]]:
    """Return every fact that a given one implies and that is not stated, and contradictions.

    What is implied may imply more. A date after ``as_of`` announces something that has not
    happened: it proves nothing; nor does any date while the day of the case is not known.

    Args:
        facts: The facts given.
        complete_sets: The sets written as lists.
        as_of: The day of the case; ``None`` if it could not be read.
        vocabulary: The vocabulary.
    """
    queue = deque(facts)
    stated = {_name(fact, vocabulary): fact for fact in queue}
    implied: dict[_Name, Fact] = {}
    problems: list[Problem] = []
    while queue:
        fact = queue.popleft()
        follows = _follows(fact, as_of, vocabulary)
        if follows is None:
            continue
        name = _name(follows, vocabulary)
        known = stated.get(name)
        listed = complete_sets.get((follows.entity, follows.attribute, follows.keys))
        if known is not None and (known.value is False or not known.holds):
            problems.append(_contradiction(fact, follows, known))
        elif listed is not None and follows.value not in listed.members:
            problems.append(_contradiction(fact, follows, listed))
        elif known is None and name not in implied:
            implied[name] = follows
            queue.append(follows)
    return list(implied.values()), problems


def _follows(fact: Fact, as_of: date | None, vocabulary: Vocabulary) -> Fact | None:
    attribute = vocabulary.attributes[fact.kind, fact.attribute]
    if not attribute.implies or not _proves(fact, as_of):
        return None
    target = vocabulary.attributes[fact.kind, attribute.implies]
    keys, value = _place_of(fact, target)
    return Fact(
        kind=fact.kind,
        entity=fact.entity,
        attribute=target.name,
        keys=keys,
        value=value,
        position=fact.position,
        evidence=fact.evidence,
        implied_by=fact,
    )


def _proves(fact: Fact, as_of: date | None) -> bool:
    if isinstance(fact.value, date):
        return as_of is not None and fact.value <= as_of
    return fact.holds and fact.value is not False


def _place_of(fact: Fact, target: Attribute) -> tuple[tuple[Key, ...], Value]:
    """Return the keys and the value of what a fact implies; the vocabulary fits the two."""
    if target.type == "set":
        return fact.keys[:-1], fact.keys[-1]
    return fact.keys[: len(target.index)], True


def _name(fact: Fact, vocabulary: Vocabulary) -> _Name:
    """Return what a fact is about; of a set, that is one member."""
    attribute = vocabulary.attributes[fact.kind, fact.attribute]
    member: Value = fact.value if attribute.type == "set" else ""
    return fact.entity, fact.attribute, fact.keys, member


def _contradiction(fact: Fact, follows: Fact, denied: Fact | CompleteSet) -> Problem:
    details: dict[str, object] = {
        "path": _path(fact),
        "implied": _path(follows),
        "line": fact.position.line,
    }
    if not fact.position.line:
        details["line"] = fact.position.file
        return Problem("facts.contradiction_change", denied.position, details)
    return Problem("facts.contradiction", denied.position, details)


def _path(fact: Fact) -> str:
    last = "" if isinstance(fact.value, bool) else f".{fact.value}"
    return shown_path(fact.path + last)
