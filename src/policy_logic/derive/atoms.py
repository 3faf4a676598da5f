"""A case as ground atoms, each with its origin: the leaves of every proof."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.derive.grants import BY_TRIGGER, GrantAtoms
from policy_logic.derive.summaries import Summary, summaries
from policy_logic.errors import FactsError, Problem
from policy_logic.facts.model import Case, Grant, Key, Review
from policy_logic.facts.model import Fact as Given
from policy_logic.logic.terms import Compound, Constant, Fact, Literal, Value
from policy_logic.rulebook.policy import Line, Number, Policy, Reading
from policy_logic.rulebook.signatures import attribute_signature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Rulebook, Validity
    from policy_logic.rulebook.signatures import Signature

Origin: TypeAlias = Given | Summary | Number | Reading | Policy | Line | Review | Grant | Case
ANY: Final = Compound("any", ())


@dataclass(frozen=True)
class Atoms:
    """A case, ready for the solver and for proofs.

    Attributes:
        case: The case.
        origins: Every atom that is given, with where it comes from.
        not_yet: Dates that lie after the day of the case, by predicate and leading arguments:
            what they announce has not happened.
        readings: The value of every reading.
        assumed: The policies that are only assumed to be in force.
        undated: The policies whose first day nothing gives.
        ignored_readings: Readings chosen for policies that are not at hand.
        vague_grants: The entries of ``received`` that do not tell for which year, or for which
            listing, so that they count for all they may have been for.
        assumed_none: The attributes whose absence is taken as "none", by
            ``kind.entity.attribute``.
    """

    case: Case
    origins: Mapping[Fact, Origin]
    not_yet: Mapping[tuple[str, tuple[Value, ...]], Given]
    readings: Mapping[str, str]
    assumed: frozenset[str]
    undated: frozenset[str]
    ignored_readings: tuple[str, ...]
    vague_grants: tuple[int, ...]
    assumed_none: Mapping[str, Attribute]


def to_atoms(case: Case, book: Rulebook) -> Atoms:
    """Turn a case into atoms.

    Raises:
        FactsError: The case chooses a reading that does not exist, or names support received
            from a policy at hand without naming the line.
    """
    builder = _Builder(case, book)
    builder.everything()
    return Atoms(
        case,
        builder.origins,
        builder.not_yet,
        builder.readings,
        frozenset(builder.assumed),
        frozenset(builder.undated),
        tuple(builder.ignored),
        tuple(builder.vague),
        builder.assumed_none,
    )


def day_number(day: date) -> int:
    """Return a date as rules see it: ``yyyymmdd``."""
    return day.year * 10_000 + day.month * 100 + day.day


def last_day(validity: Validity, start: date) -> date:
    """Return the last day in force: a term ends the day before its anniversary."""
    if validity.end is not None:
        return validity.end
    year = start.year + (validity.years or 0)
    try:
        anniversary = start.replace(year=year)
    except ValueError:  # 29 February
        anniversary = date(year, 3, 1)
    return anniversary - timedelta(days=1)


class _Builder:
    """Collects the atoms of one case."""

    def __init__(self, case: Case, book: Rulebook) -> None:
        self.case, self.book = case, book
        self.origins: dict[Fact, Origin] = {}
        self.not_yet: dict[tuple[str, tuple[Value, ...]], Given] = {}
        self.readings: dict[str, str] = {}
        self.assumed: set[str] = set()
        self.undated: set[str] = set()
        self.ignored: list[str] = []
        self.assumed_none: dict[str, Attribute] = {}
        self.years: set[int] = set()
        self.figures: dict[str, set[int]] = {}
        self.vague: list[int] = []

    def everything(self) -> None:
        """Collect all atoms."""
        self.choose_readings()
        self.policies()
        self.entities()
        used, negated, asked = usage(self.book)
        for given in self.case.facts:
            self.given(given, used, negated)
            if given.attribute in asked:
                self.put("given", (given.entity, given.attribute), given)
        for atom, summary in summaries(self.case, self.book.vocabulary, used):
            self.put(*atom, summary)
        for (entity, attribute, keys), listed in self.case.complete_sets.items():
            if attribute in asked and not listed.members:
                self.put("given", (entity, attribute), self.case)
            self.not_in_list(entity, attribute, keys, listed.members, negated)
        self.absent_as_none(negated)
        self.reviews()
        support = GrantAtoms(self.case, self.book, self.put, self.figures, self.years)
        support.everything()
        self.vague = support.vague
        for year in self.years:
            self.year(year)

    def put(self, name: str, args: tuple[Value, ...], origin: Origin) -> None:
        """Add an atom; the first origin stays."""
        self.origins.setdefault(Fact(name, args), origin)

    def choose_readings(self) -> None:
        chosen = dict(self.case.readings)
        for name, reading in self.book.readings.items():
            choice = chosen.pop(name, None)
            value = str(choice.value) if choice else reading.default
            if choice is not None and value not in reading.values:
                details: dict[str, object] = {
                    "name": name,
                    "value": value,
                    "legal": ", ".join(reading.values),
                }
                raise FactsError([Problem("facts.reading_value", choice.position, details)])
            self.readings[name] = value
            self.put("reading", (name, value), reading)
        for name, choice in chosen.items():
            if name not in self.book.vocabulary.values["reading"]:
                near = difflib.get_close_matches(name, self.book.readings, 1, 0.4)
                details = {"name": name, "near": near[0] if near else ", ".join(self.book.readings)}
                raise FactsError([Problem("facts.reading_unknown", choice.position, details)])
            self.ignored.append(name)

    def policies(self) -> None:
        book, case = self.book, self.case
        self.put("as_of", (day_number(case.as_of),), case)
        self.put("applicant", (case.applicant,), case)
        self.day(case.as_of)
        for number in book.numbers.values():
            self.put("number", (number.name, number.value), number)
        for line in book.lines.values():
            self.line(line)
        published = {f.entity: f for f in case.facts if f.attribute == "published_on"}
        for policy in book.policies.values():
            for place in book.vocabulary.around("place", policy.place):
                self.put("policy_in", (policy.id, place), policy)
            start: date | None = policy.validity.start
            origin: Origin = policy
            given = published.get(policy.id)
            if start is None and given is not None and isinstance(given.value, date):
                start = given.value if given.value <= case.as_of else None
                origin = given
            elif start is None and policy.id in case.assumed_in_force:
                value = case.assumed_in_force[policy.id].value
                start, origin = (value if isinstance(value, date) else None), case
                self.assumed.add(policy.id)
            if start is None:
                self.undated.add(policy.id)
                continue
            self.put("valid_from", (policy.id, day_number(start)), origin)
            end = last_day(policy.validity, start)
            self.put("valid_until", (policy.id, day_number(end)), origin)

    def line(self, line: Line) -> None:
        self.put("line", (line.id, line.policy), line)
        self.put("article", (line.id, line.article), line)
        if line.kind != "monetary":
            return
        self.put("per", (line.id, line.per), line)
        self.put("determinacy", (line.id, line.determinacy), line)
        if line.matter == BY_TRIGGER:
            self.put("pays_for_trigger", (line.id,), line)
        else:
            self.put("matter", (line.id, line.matter), line)
        if line.review_required:
            self.put("review_required", (line.id,), line)
        if line.per == "year" or line.id in self.book.vocabulary.line_year:
            self.put("counts_by_year", (line.id,), line)
        for rank, role in enumerate(line.recipients):
            self.put("role", (line.id, rank, role), line)

    def entities(self) -> None:
        for entity in self.case.entities.values():
            self.put("entity", (entity.kind, entity.id), self.case)
            self.put("refers", (entity.id, "itself", entity.id), self.case)

    def given(self, given: Given, used: set[Signature], negated: set[Signature]) -> None:
        """Add the atoms of one given value."""
        attribute = self.book.vocabulary.attribute(given.kind, given.attribute)
        if attribute is None or attribute.type == "text":
            return
        self.figures_of(given, attribute)
        signature, _ = attribute_signature(attribute)
        args: tuple[Value, ...] = (given.entity, *given.keys)
        if attribute.type == "date" and isinstance(given.value, date):
            if given.value > self.case.as_of:
                self.not_yet[attribute.name, args] = given
                return
            self.day(given.value, given.keys[-1] if given.keys else None, given.entity)
        if attribute.type == "ref":
            self.put("refers", (given.entity, attribute.name, str(given.value)), given)
        if signature in used:
            self.valued(given, attribute, args, is_asked_negated=signature in negated)

    def valued(
        self,
        given: Given,
        attribute: Attribute,
        args: tuple[Value, ...],
        *,
        is_asked_negated: bool,
    ) -> None:
        """Add a value under its attribute's predicate; a place also holds for those around it."""
        if attribute.type == "bool":
            if given.value is True:
                self.put(attribute.name, args, given)
            elif is_asked_negated:
                self.put(f"-{attribute.name}", args, given)
            return
        value = day_number(given.value) if isinstance(given.value, date) else given.value
        if not given.holds:
            if is_asked_negated:
                self.put(f"-{attribute.name}", (*args, value), given)
            return
        self.put(attribute.name, (*args, value), given)
        if "place" in attribute.values:
            for place in self.book.vocabulary.around("place", str(value))[1:]:
                self.put(attribute.name, (*args, place), given)

    def figures_of(self, given: Given, attribute: Attribute) -> None:
        """Note the year that a figure is for."""
        for key, index in zip(given.keys, attribute.index, strict=True):
            if index == "year" and isinstance(key, int):
                self.years.add(key)
                self.figures.setdefault(given.entity, set()).add(key)
                self.put("occasion_of", (given.entity, Compound("year", (key,))), given)

    def not_in_list(
        self,
        entity: str,
        name: str,
        keys: tuple[Key, ...],
        members: tuple[str, ...],
        negated: set[Signature],
    ) -> None:
        """Add what a set written as a list is known not to hold, where rules ask for that."""
        attribute = self.book.vocabulary.attribute(self.case.entities[entity].kind, name)
        if attribute is None or attribute_signature(attribute)[0] not in negated:
            return
        for value in self.book.vocabulary.members(attribute):
            if value not in members:
                self.put(f"-{name}", (entity, *keys, value), self.case)

    def absent_as_none(self, negated: set[Signature]) -> None:
        """Take as "none" what the format takes as none, where a policy at hand asks for it."""
        stated = {(fact.entity, fact.attribute) for fact in self.case.facts}
        stated |= {(entity, name) for entity, name, _ in self.case.complete_sets}
        for attribute in self.book.vocabulary.attributes.values():
            if attribute.absent != "none" or attribute_signature(attribute)[0] not in negated:
                continue
            lines = [line for line in attribute.lines if line in self.book.lines]
            values = (
                lines if "line" in attribute.values else self.book.vocabulary.members(attribute)
            )
            for entity in self.of_kind(attribute.kind, lines):
                if (entity, attribute.name) in stated:
                    continue
                self.assumed_none[f"{attribute.kind}.{entity}.{attribute.name}"] = attribute
                if attribute.type == "bool":
                    self.put(f"-{attribute.name}", (entity,), self.case)
                for value in values:
                    self.put(f"-{attribute.name}", (entity, value), self.case)

    def of_kind(self, kind: str, lines: list[str]) -> list[str]:
        """Return the entities of a kind; of policies those whose lines are named."""
        if kind == "policy":
            return sorted({self.book.lines[line].policy for line in lines})
        return [entity.id for entity in self.case.entities.values() if entity.kind == kind]

    def day(self, day: date, key: Value = None, entity: str | None = None) -> None:
        """Add what rules may know of a date, and of a listing on that date."""
        number = day_number(day)
        occasions: list[Compound] = [Compound("day", (number,))]
        if isinstance(key, str):
            occasions.append(Compound("listing", (key, number)))
            self.put("names", (occasions[1], key), self.case)
        for occasion in occasions:
            self.occasion(occasion, number, day.year)
            if entity is not None:
                self.put("occasion_of", (entity, occasion), self.case)

    def year(self, year: int) -> None:
        """Add what rules may know of a year."""
        self.occasion(Compound("year", (year,)), year * 10_000 + 1231, year)
        self.put("year_before", (year, year - 1), self.case)

    def occasion(self, occasion: Compound, day: int, year: int) -> None:
        self.put("falls_on", (occasion, day), self.case)
        self.put("falls_in", (occasion, year), self.case)
        self.put("falls_in", (occasion, ANY), self.case)
        self.put("names", (occasion, ANY), self.case)

    def reviews(self) -> None:
        for entry, review in enumerate(self.case.reviews, start=1):
            if review.line not in self.book.lines:
                continue
            year: Value = ANY if review.year is None else review.year
            trigger: Value = ANY if review.trigger is None else review.trigger
            outcome = "passed" if review.passed else "failed"
            args = (entry, review.line, review.subject, year, trigger, outcome)
            self.put("review", args, review)
            detail = (review.year is not None) + 2 * (review.trigger is not None)
            self.put("review_detail", (entry, detail), review)
            today = Compound("day", (day_number(self.case.as_of),))
            self.put("occasion_of", (review.subject, today), self.case)
            if review.amount is not None:
                self.put("review_amount", (entry, review.amount), review)


def usage(book: Rulebook) -> tuple[set[Signature], set[Signature], set[str]]:
    """Return the predicates rules use, those they use negated, the attributes they ask about.

    They ask about an attribute by ``given``.
    """
    used: set[Signature] = set()
    negated: set[Signature] = set()
    asked: set[str] = set()
    for rule in book.rules:
        for condition in rule.body:
            if not isinstance(condition, Literal):
                continue
            atom = condition.atom
            used.add(atom.signature)
            if atom.name.startswith("-"):
                negated.add(atom.signature)
            if atom.signature == ("given", 2):
                term = atom.args[1]
                if isinstance(term, Constant):
                    asked.add(str(term.value))
    return used, negated, asked
