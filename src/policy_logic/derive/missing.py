"""What a case leaves unsaid of its entities, and all that could be said of it.

A *completion* of a case says what the case says, and possibly more of the same entities. What
could be said more is listed here, one thing at a time, each with the answers that rules can tell
apart. A figure is one answer, a span; a day is a span for each stretch of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.derive.atoms import ANY, day_number, last_day, usage
from policy_logic.facts.model import Key, path_of
from policy_logic.facts.numbers import HIGHEST
from policy_logic.logic.spans import span
from policy_logic.logic.terms import Compound, Fact, Value
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures
from policy_logic.rulebook.turning import numbers_named, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.model import Case
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Policy, Rulebook

Said: TypeAlias = bool | str | tuple[date, date] | tuple[int | Decimal, int | Decimal]
SOMEBODY_ELSE: Final = "*"
NONE_OF_THEM: Final = "-"
DAY: Final = "day"
FIRST_DAY: Final = date(1900, 1, 1)
_YEARS_BACK: Final = 3
_MOST_KEYS: Final = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that could be said.

    Attributes:
        said: What: a truth, a value of a list, an id (``SOMEBODY_ELSE`` for one outside the
            case), ``NONE_OF_THEM`` for a set without members, or the least and the greatest of a
            figure or a day.
        atoms: What the rules could then rely on.
    """

    said: Said
    atoms: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a case does not say.

    Attributes:
        attribute: The attribute.
        entity: The entity's id.
        keys: The keys of its index; of figures taken together, all but the last.
        member: The value of a set that it is about; empty for anything else, and for a set as a
            whole.
        answers: What could be said, as far as rules can tell one from another.
        further: Of figures taken together: the last keys that rules look at.
    """

    attribute: Attribute
    entity: str
    keys: tuple[Key, ...]
    member: str
    answers: tuple[Answer, ...]
    further: tuple[Key, ...] = ()

    @property
    def path(self) -> str:
        """The way to it in a case, as ``work.gucheng.listed_on.annual@nrta``."""
        more = (self.member,) if self.member else ()
        return path_of(self.attribute.kind, self.entity, self.attribute.name, (*self.keys, *more))


def missing_from(case: Case, book: Rulebook) -> tuple[Missing, ...]:
    """Return what a case leaves unsaid, as far as any rule at hand could ask for it.

    What is taken as "none" if absent is not among it, nor are reviews and support received.
    """
    return tuple(_Search(case, book).everything())


def years_asked(case: Case, book: Rulebook) -> tuple[int, ...]:
    """Return the years whose figures matter, ascending.

    These are the years that the case speaks of, those that were over on its day and in which a
    policy was in force to the last day, and the year before each; else the year of its day.
    """
    spoken = {key for fact in case.facts for key in fact.keys if isinstance(key, int)}
    spoken |= {review.year for review in case.reviews if review.year is not None}
    over = {
        day.year
        for policy in book.policies.values()
        if (start := first_day(policy, case)) is not None
        for day in (date(y, 12, 31) for y in range(start.year, case.as_of.year + 1))
        if start <= day <= min(last_day(policy.validity, start), case.as_of)
    }
    over |= {year - 1 for year in over}
    return tuple(sorted(spoken | over)) or (case.as_of.year,)


def first_day(policy: Policy, case: Case) -> date | None:
    """Return a policy's first day in force; ``None`` where nothing gives it."""
    if policy.validity.start is not None:
        return policy.validity.start
    for fact in case.facts:
        if fact.entity == policy.id and fact.attribute == "published_on":
            return fact.value if isinstance(fact.value, date) else None
    assumed = case.assumed_in_force.get(policy.id)
    return assumed.value if assumed and isinstance(assumed.value, date) else None


class _Search:
    """Goes through all attributes of all entities of one case."""

    def __init__(self, case: Case, book: Rulebook) -> None:
        self.case, self.book = case, book
        self.used, self.negated, self.asked = usage(book)
        self.words = words_of(book.rules) | {
            place for p in book.policies.values() for place in (p.place, p.id)
        }
        self.words |= {value for line in book.lines.values() for value in (line.id, line.matter)}
        self.roles = {role for line in book.lines.values() for role in line.recipients}
        self.years = years_asked(case, book)
        self.days = tuple(self.stretches())
        self.names = 0
        self.said: dict[tuple[str, str, tuple[Key, ...]], dict[object, bool]] = {}
        for fact in case.facts:
            own = self.said.setdefault((fact.entity, fact.attribute, fact.keys), {})
            own[fact.value] = fact.holds

    def everything(self) -> Iterator[Missing]:
        vocabulary = self.book.vocabulary
        for entity in self.case.entities.values():
            for attribute in vocabulary.attributes_of(entity.kind):
                if attribute.absent != "none" and attribute.type != "text":
                    yield from self.of_attribute(entity.id, attribute)
        yield from self.policies()

    def name(self) -> int:
        self.names += 1
        return self.names

    def of_attribute(self, entity: str, attribute: Attribute) -> Iterator[Missing]:
        signature, _ = attribute_signature(attribute)
        forms = {
            form: own
            for form, (own, _) in summary_signatures(attribute).items()
            if own in self.used
        }
        is_used = signature in self.used or attribute.name in self.asked
        is_role = attribute.type == "ref" and attribute.name in self.roles
        if forms:
            yield from self.together(entity, attribute, forms)
        elif is_used or is_role or attribute.type == "ref":
            for keys in self.keys(attribute.index):
                yield from self.at(entity, attribute, keys)

    def keys(self, index: tuple[str, ...]) -> Iterator[tuple[Key, ...]]:
        """Yield the keys that rules may look at."""
        if not index:
            yield ()
            return
        for first in self.keys_of(index[0]):
            for rest in self.keys(index[1:]):
                yield (first, *rest)

    def keys_of(self, index: str) -> tuple[Key, ...]:
        if index == "year":
            return self.years
        if index == "scene":
            return ()
        return self.named((index,))

    def named(self, lists: tuple[str, ...]) -> tuple[str, ...]:
        """Return the values of lists that something in the rulebook names."""
        return tuple(v for v in self.book.vocabulary.legal_values(lists) if v in self.words)

    def at(self, entity: str, attribute: Attribute, keys: tuple[Key, ...]) -> Iterator[Missing]:
        """Yield what is unsaid of an attribute at some keys."""
        stated = self.said.get((entity, attribute.name, keys), {})
        if attribute.type == "set":
            if (entity, attribute.name, keys) not in self.case.complete_sets:
                yield from self.members(entity, attribute, keys, stated)
            return
        if stated or self.denied(entity, attribute, keys):
            return
        answers = tuple(self.answers(entity, attribute, keys))
        if answers:
            yield Missing(attribute, entity, keys, "", answers)

    def denied(self, entity: str, attribute: Attribute, keys: tuple[Key, ...]) -> bool:
        """Return whether what a value would imply is known not to be."""
        implied = self.book.vocabulary.attribute(attribute.kind, attribute.implies)
        if implied is None:
            return False
        if implied.type != "set":
            own = self.said.get((entity, implied.name, keys[: len(implied.index)]), {})
            return False in own
        place = (entity, implied.name, keys[:-1])
        listed = self.case.complete_sets.get(place)
        if listed is not None:
            return keys[-1] not in listed.members
        return self.said.get(place, {}).get(keys[-1]) is False

    def members(
        self,
        entity: str,
        attribute: Attribute,
        keys: tuple[Key, ...],
        stated: Mapping[object, bool],
    ) -> Iterator[Missing]:
        """Yield each value of a set of which the case says nothing."""
        is_negated = attribute_signature(attribute)[0] in self.negated
        for member in self.named(attribute.values):
            if member in stated:
                continue
            answers = [Answer(True, self.with_given(entity, attribute, keys, member))]
            if is_negated:
                atom = Fact(f"-{attribute.name}", (entity, *keys, member))
                answers.append(Answer(False, (atom,)))
            yield Missing(attribute, entity, keys, member, tuple(answers))
        if attribute.name in self.asked and not stated:
            answer = Answer(NONE_OF_THEM, (Fact("given", (entity, attribute.name)),))
            yield Missing(attribute, entity, keys, "", (answer,))

    def with_given(
        self, entity: str, attribute: Attribute, keys: tuple[Key, ...], value: Value | bool
    ) -> tuple[Fact, ...]:
        """Return the atoms of a value: it, what contains it, what it proves, and that it is said."""
        found: list[Fact] = []
        if value is True:
            found.append(Fact(attribute.name, (entity, *keys)))
        elif value is False:
            found.append(Fact(f"-{attribute.name}", (entity, *keys)))
        else:
            found.append(Fact(attribute.name, (entity, *keys, value)))
            if "place" in attribute.values:
                found += [
                    Fact(attribute.name, (entity, *keys, place))
                    for place in self.book.vocabulary.around("place", str(value))[1:]
                ]
        if attribute.name in self.asked:
            found.append(Fact("given", (entity, attribute.name)))
        found += [
            Fact("occasion_of", (entity, Compound("year", (key,))))
            for key, index in zip(keys, attribute.index, strict=False)
            if index == "year"
        ]
        if value is not False:
            found += self.implied(entity, attribute, keys)
        return tuple(found)

    def implied(
        self, entity: str, attribute: Attribute, keys: tuple[Key, ...]
    ) -> tuple[Fact, ...]:
        implied = self.book.vocabulary.attribute(attribute.kind, attribute.implies)
        if implied is None:
            return ()
        if implied.type == "set":
            return self.with_given(entity, implied, keys[:-1], keys[-1])
        return self.with_given(entity, implied, keys[: len(implied.index)], True)

    def answers(
        self, entity: str, attribute: Attribute, keys: tuple[Key, ...]
    ) -> Iterator[Answer]:
        if attribute.type == "bool":
            yield Answer(True, self.with_given(entity, attribute, keys, True))
            is_negated = attribute_signature(attribute)[0] in self.negated
            if is_negated or attribute.name in self.asked:
                yield Answer(False, self.with_given(entity, attribute, keys, False))
        elif attribute.type == "enum":
            for value in self.named(attribute.values):
                yield Answer(value, self.with_given(entity, attribute, keys, value))
        elif attribute.type == "ref":
            fitting = [e.id for e in self.case.entities.values() if e.kind in attribute.to]
            for value in (*fitting, SOMEBODY_ELSE):
                refers = Fact("refers", (entity, attribute.name, value))
                yield Answer(value, (refers, *self.with_given(entity, attribute, keys, value)))
        elif attribute.type == "date":
            for first, last in self.days:
                yield self.day(entity, attribute, keys, first, last)
        else:
            least, most = bounds_of(attribute)
            value = span(self.name(), least, most)
            yield Answer((least, most), self.with_given(entity, attribute, keys, value))

    def day(
        self, entity: str, attribute: Attribute, keys: tuple[Key, ...], first: date, last: date
    ) -> Answer:
        """Return the answer that something fell into a stretch of days, and its occasions."""
        value = span(DAY, day_number(first), day_number(last))
        occasions = [Compound("day", (value,))]
        atoms = list(self.with_given(entity, attribute, keys, value))
        if keys and isinstance(keys[-1], str):
            occasions.append(Compound("listing", (keys[-1], value)))
            atoms.append(Fact("names", (occasions[1], keys[-1])))
        for occasion in occasions:
            atoms.append(Fact("falls_on", (occasion, value)))
            atoms += [
                Fact("falls_in", (occasion, year))
                for year in {first.year, last.year, *self.years}
                if first.year <= year <= last.year
            ]
            atoms += [
                Fact("falls_in", (occasion, ANY)),
                Fact("names", (occasion, ANY)),
                Fact("occasion_of", (entity, occasion)),
            ]
        return Answer((first, last), tuple(atoms))

    def stretches(self) -> Iterator[tuple[date, date]]:
        """Yield the stretches of the calendar up to the day of the case, the latest first.

        They end where a policy begins or ends, and with each year in which one is in force.
        """
        today = self.case.as_of
        cuts: set[date] = set()
        for policy in self.book.policies.values():
            start = first_day(policy, self.case)
            if start is not None:
                cuts |= {start, last_day(policy.validity, start) + timedelta(days=1)}
        first_year = min((day.year for day in cuts), default=today.year)
        cuts |= {date(year, 1, 1) for year in range(first_year, today.year + 1)}
        last = today
        for cut in sorted((day for day in cuts if FIRST_DAY < day <= today), reverse=True):
            if cut <= last:
                yield cut, last
                last = cut - timedelta(days=1)
        yield FIRST_DAY, last

    def together(
        self, entity: str, attribute: Attribute, forms: Mapping[str, tuple[str, int]]
    ) -> Iterator[Missing]:
        """Yield figures that rules take together, where the case gives none of them."""
        lasts = self.keys_of(attribute.index[-1])
        ranks = self.ranks(forms["ranked"]) if "ranked" in forms else 1
        further = lasts or tuple(f"{attribute.name}_{n}" for n in range(1, ranks + 1))
        for keys in self.keys(attribute.index[:-1]):
            if any(
                (name, own, found[:-1]) == (entity, attribute.name, keys)
                for name, own, found in self.said
            ):
                continue
            atoms = [
                atom
                for form, (predicate, _) in forms.items()
                for atom in self.summary(form, Fact(predicate, (entity, *keys)), lasts, ranks)
            ]
            if attribute_signature(attribute)[0] in self.used:
                for key in lasts:
                    value = span(self.name(), *bounds_of(attribute))
                    atoms.append(Fact(attribute.name, (entity, *keys, key, value)))
            atoms += [
                Fact("occasion_of", (entity, Compound("year", (key,))))
                for key in keys
                if isinstance(key, int)
            ]
            answer = Answer(bounds_of(attribute), tuple(atoms))
            yield Missing(attribute, entity, keys, "", (answer,), further)

    def summary(
        self, form: str, atom: Fact, lasts: tuple[Key, ...], ranks: int
    ) -> Iterator[Fact]:
        """Yield what figures that are not known may come to."""
        more: list[tuple[Value, ...]] = [()]
        if form == "ranked":
            more = [(rank,) for rank in range(1, ranks + 1)]
        elif form == "within":
            around = self.book.vocabulary.around
            more = [(p,) for p in sorted({p for key in lasts for p in around("place", str(key))})]
        for keys in more:
            yield Fact(atom.name, (*atom.args, *keys, span(self.name(), 0, HIGHEST * _MOST_KEYS)))

    def ranks(self, predicate: tuple[str, int]) -> int:
        """Return the highest rank that a rule may ask for."""
        return max(
            (
                number.value
                for rule in self.book.rules
                if any(getattr(c, "atom", None) and c.atom.signature == predicate for c in rule.body)  # type: ignore[union-attr]
                for number in numbers_named(rule, self.book)
                if isinstance(number.value, int) and number.type == "integer"
            ),
            default=1,
        )

    def policies(self) -> Iterator[Missing]:
        """Yield the day of publication of each policy that is issued and has no first day."""
        today = self.case.as_of
        for policy in self.book.policies.values():
            attribute = self.book.vocabulary.attribute("policy", "published_on")
            known = first_day(policy, self.case) or (policy.id, "published_on", ()) in self.said
            if attribute is None or policy.is_draft or known:
                continue
            answers = []
            for year in range(today.year, today.year - _YEARS_BACK - 1, -1):
                first, last = date(year, 1, 1), min(date(year, 12, 31), today)
                name = self.name()
                low, high = last_day(policy.validity, first), last_day(policy.validity, last)
                atoms = (
                    Fact("valid_from", (policy.id, span(name, day_number(first), day_number(last)))),
                    Fact(
                        "valid_until",
                        (policy.id, span(self.name(), day_number(low), day_number(high))),
                    ),
                )
                answers.append(Answer((first, last), atoms))
            yield Missing(attribute, policy.id, (), "", tuple(answers))


def bounds_of(attribute: Attribute) -> tuple[int | Decimal, int | Decimal]:
    """Return the least and the greatest figure that a case may state."""
    return (Decimal(0), Decimal(1)) if attribute.type == "share" else (0, HIGHEST)
