"""A case as plain values: what is known about an applicant on a given day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policy_logic.errors import Position

Value: TypeAlias = bool | int | Decimal | date | str
Key: TypeAlias = int | str
SetName: TypeAlias = tuple[str, str, tuple[Key, ...]]


def path_of(kind: str, entity: str, attribute: str, keys: Iterable[Key]) -> str:
    """Return the way to what a case says of an attribute."""
    return ".".join([kind, entity, attribute, *map(str, keys)])


@dataclass(frozen=True, slots=True)
class Fact:
    """One known value of one attribute of one entity.

    Attributes:
        kind: The entity's kind, as ``work``.
        entity: The entity's id.
        attribute: The attribute's name.
        keys: The keys of its index, outermost first: a year as a number, else text.
        value: The value; of a set, one member. Money is whole yuan, a share an exact decimal.
        holds: ``False`` only for a member of a set that is known not to belong.
        position: Where it stands in the file.
        evidence: What the applicant offers in proof.
        implied_by: The fact that proves this one (``implies`` in the vocabulary).
    """

    kind: str
    entity: str
    attribute: str
    keys: tuple[Key, ...]
    value: Value
    position: Position
    holds: bool = True
    evidence: str | None = None
    implied_by: Fact | None = None

    @property
    def path(self) -> str:
        """The way to it in a case, as ``work.gucheng.split_revenue.2025``."""
        return path_of(self.kind, self.entity, self.attribute, self.keys)


@dataclass(frozen=True, slots=True)
class CompleteSet:
    """A set written as a list: what it does not name is known not to hold.

    Attributes:
        members: The values named, in the order of the file.
        position: Where the list stands.
        evidence: What the applicant offers in proof.
    """

    members: tuple[str, ...]
    position: Position
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Something the case speaks of.

    Attributes:
        kind: Its kind in the vocabulary.
        id: Its id, unique in the case.
        label: Its name or title where one is given, else its id.
        position: Where it stands in the file.
    """

    kind: str
    id: str
    label: str
    position: Position


@dataclass(frozen=True, slots=True)
class Review:
    """The outcome of a review, a selection or a case-by-case decision.

    Attributes:
        line: The benefit line reviewed.
        subject: The id of the entity reviewed.
        passed: Whether it passed.
        position: Where it stands in the file.
        year: The year it speaks for; ``None`` for all.
        trigger: The listing it speaks for; ``None`` for all.
        amount: The sum fixed, in yuan, where one was.
        evidence: What the applicant offers in proof.
    """

    line: str
    subject: str
    passed: bool
    position: Position
    year: int | None = None
    trigger: str | None = None
    amount: int | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """Support already granted, by a line of a policy at hand or by any other policy.

    Attributes:
        subject: The id of the entity it was granted for.
        amount: The sum in yuan.
        position: Where it stands in the file.
        line: The line that paid; ``None`` for a policy that is not at hand.
        policy: The other policy's name; ``None`` where a line is named.
        place: The other policy's place, where given.
        matter: What the other policy paid for; ``None`` where a line is named.
        year: The year it speaks for; ``None`` for all.
        trigger: The listing it was granted for; ``None`` for all.
        on: The day it was granted.
        evidence: What the applicant offers in proof.
    """

    subject: str
    amount: int
    position: Position
    line: str | None = None
    policy: str | None = None
    place: str | None = None
    matter: str | None = None
    year: int | None = None
    trigger: str | None = None
    on: date | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A reading or an assumption that the case chooses.

    Attributes:
        value: The value of a reading, or the day from which a draft is taken to be in force.
        position: Where it stands in the file.
    """

    value: str | date
    position: Position


@dataclass(frozen=True, slots=True)
class Case:
    """Everything known about one applicant on one day; it has passed every check.

    Attributes:
        applicant: The id of the entity that would file.
        as_of: The day on which the case is judged.
        source: Where the case begins in its file.
        entities: All entities, by id, in the order of the file.
        facts: Every value given, then every value that one of them implies.
        complete_sets: The sets that were written as lists.
        reviews: Outcomes of reviews.
        grants: Support already received.
        grants_given: Whether the case says anything about support received, if only that there
            is none.
        assumed_in_force: The drafts that are taken to be in force, by policy id.
        readings: The readings chosen, by name.
        as_of_given: Whether the file names the day; else it is today.
    """

    applicant: str
    as_of: date
    source: Position
    entities: Mapping[str, Entity]
    facts: tuple[Fact, ...]
    complete_sets: Mapping[SetName, CompleteSet] = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()
    grants: tuple[Grant, ...] = ()
    grants_given: bool = False
    assumed_in_force: Mapping[str, Chosen] = field(default_factory=dict)
    readings: Mapping[str, Chosen] = field(default_factory=dict)
    as_of_given: bool = True
