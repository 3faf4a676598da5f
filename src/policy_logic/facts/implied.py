"""What a value given proves besides itself (``implies`` in the vocabulary)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from policy_logic.errors import Problem
from policy_logic.facts.model import CompleteSet, Fact, SetName, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy_logic.facts.vocabulary import Attribute, Vocabulary


def implied_facts(
    facts: Sequence[Fact],
    complete_sets: Mapping[SetName, CompleteSet],
    as_of: date,
    vocabulary: Vocabulary,
) -> tuple[list[Fact], list[Problem]]:
    """Return every fact that a given one implies and that is not stated, and contradictions.

    A date after ``as_of`` announces something that has not happened: it proves nothing.
    """
    stated = {(f.entity, f.attribute, f.keys, _member(f, vocabulary)): f for f in facts}
    implied: dict[tuple[str, str, tuple[object, ...], Value], Fact] = {}
    problems: list[Problem] = []
    for fact in facts:
        attribute = vocabulary.attribute(fact.kind, fact.attribute)
        if attribute is None or not _proves(fact, attribute, as_of):
            continue
        for follows in _followed(fact, attribute, vocabulary):
            name = (follows.entity, follows.attribute, follows.keys, _member(follows, vocabulary))
            known = stated.get(name)
            listed = complete_sets.get((follows.entity, follows.attribute, follows.keys))
            denied = known is not None and (known.value is False or not known.holds)
            if denied or (listed is not None and follows.value not in listed.members):
                where = known.position if known else listed.position if listed else fact.position
                details: dict[str, object] = {
                    "path": _path(fact),
                    "implied": _path(follows),
                    "line": fact.position.line,
                }
                problems.append(Problem("facts.contradiction", where, details))
            elif known is None:
                implied.setdefault(name, follows)
    return list(implied.values()), problems


def _proves(fact: Fact, attribute: Attribute, as_of: date) -> bool:
    if not attribute.implies or not fact.holds or fact.value is False:
        return False
    return not (isinstance(fact.value, date) and fact.value > as_of)


def _followed(fact: Fact, attribute: Attribute, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield what a fact implies; what is implied may imply more."""
    target = vocabulary.attribute(fact.kind, attribute.implies)
    assert target is not None  # noqa: S101 - the vocabulary is checked
    keys: tuple[int | str, ...] = ()
    value: Value = True
    if target.type == "set":
        keys, value = fact.keys[:-1], fact.keys[-1]
    elif target.index:
        keys = fact.keys[: len(target.index)]
    follows = Fact(
        fact.kind, fact.entity, target.name, keys, value, fact.position,
        evidence=fact.evidence, implied_by=fact,
    )  # fmt: skip
    yield follows
    if target.implies:
        yield from _followed(follows, target, vocabulary)


def _member(fact: Fact, vocabulary: Vocabulary) -> Value:
    """Return a set's member, which is part of the fact's name; else nothing."""
    attribute = vocabulary.attribute(fact.kind, fact.attribute)
    return fact.value if attribute is not None and attribute.type == "set" else ""


def _path(fact: Fact) -> str:
    parts = [fact.kind, fact.entity, fact.attribute, *map(str, fact.keys)]
    return ".".join(parts if fact.value is True else [*parts, str(fact.value)])
