"""The values that a study lets each fact take, read from the rules that look at it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.facts.case import APPLICANTS
from policy_logic.logic.terms import Constant, Literal, Variable
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures
from policy_logic.rulebook.turning import (
    numbers_named,
    rates_among,
    turning_figures,
    turning_shares,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.lab.setting import Setting
    from policy_logic.logic.terms import Rule
    from policy_logic.rulebook.policy import Rulebook

Keys: TypeAlias = tuple[str | int, ...]

_FIGURES: Final = frozenset({"money", "usd", "integer"})
_FIRST_FIGURE: Final = {"money": 1_000_000, "usd": 1_000_000, "integer": 100}
_HIGHEST: Final = 10**13
_FAR: Final = (1, 10, 1000)
_MOST_KEYS: Final = 12


@dataclass(frozen=True)
class Domains:
    """The values that facts may take in one study.

    Attributes:
        book: The rulebook.
        cone: The rules that look at the facts.
        setting: The day and the years.
        entities: Who and what there is: the kind by id.
        lines: The lines studied.
    """

    book: Rulebook
    cone: tuple[Rule, ...]
    setting: Setting
    entities: Mapping[str, str]
    lines: tuple[str, ...]

    def cells(
        self, attribute: Attribute, entity: str, forms: frozenset[str]
    ) -> Iterator[tuple[Keys, tuple[Any, ...]]]:
        """Yield what may be stated of an attribute of an entity: keys, and values there.

        Args:
            attribute: The attribute.
            entity: The entity.
            forms: The summaries of it that rules ask for; an empty word for the figures
                themselves. Where there is a summary, the figures over the last key are one choice.
        """
        if forms - {""}:
            for keys in self._keys(attribute, len(attribute.index) - 1):
                yield keys, tuple(self._together(attribute, forms))
            return
        for keys in self._keys(attribute, len(attribute.index)):
            if attribute.type == "set":
                for member in self._members(attribute):
                    yield (*keys, member), self._truths(attribute)
            else:
                yield keys, tuple(self._plain(attribute, entity))

    def _keys(self, attribute: Attribute, count: int) -> list[Keys]:
        """Return the keys of an index, or of the first parts of one."""
        found: list[Keys] = [()]
        for place in range(count):
            found = [(*keys, key) for keys in found for key in self._key(attribute, place)]
        return found

    def _key(self, attribute: Attribute, place: int) -> list[str | int]:
        """Return the keys at one place of an index: those that rules name there."""
        part = attribute.index[place]
        if part == "year":
            return list(self.setting.years)
        if part == "scene":
            return [f"scene{number}" for number in range(1, _MOST_KEYS + 1)]
        legal = list(self.book.vocabulary.legal_values((part,)))
        named = self._named_at(attribute, place + 1)
        found = [value for value in legal if value in named]
        return [*(found or legal[:1])]

    def _named_at(self, attribute: Attribute, place: int) -> frozenset[str]:
        """Return the names that rules write at a place of an attribute's predicates.

        Where a variable stands there, any name that the rules mention may be meant.
        """
        signatures = _predicates(attribute)
        terms = [
            c.atom.args[place]
            for rule in self.cone
            for c in rule.body
            if isinstance(c, Literal)
            and c.atom.signature in signatures
            and place < len(c.atom.args)
        ]
        names = {str(term.value) for term in terms if isinstance(term, Constant)}
        is_open = any(isinstance(term, Variable) for term in terms)
        return self._words if is_open or not names else frozenset(names)

    def _members(self, attribute: Attribute) -> list[str]:
        if "line" in attribute.values:
            return list(self.lines)
        legal = self.book.vocabulary.members(attribute)
        named = self._named_at(attribute, 1 + len(attribute.index))
        return [value for value in legal if value in named]

    @cached_property
    def _words(self) -> frozenset[str]:
        return words_of(self.cone)

    @cached_property
    def _narrow(self) -> Rulebook:
        """The rulebook with the rules of the cone alone: what others compare does not count."""
        return replace(self.book, rules=self.cone)

    @cached_property
    def _denied(self) -> frozenset[str]:
        """The names of the attributes that rules ask to be known not to hold, or to be stated."""
        atoms = [c.atom for rule in self.cone for c in rule.body if isinstance(c, Literal)]
        denied = {atom.name.removeprefix("-") for atom in atoms if atom.name.startswith("-")}
        given = [atom for atom in atoms if atom.signature == ("given", 2)]
        return frozenset(denied | {str(getattr(atom.args[1], "value", "")) for atom in given})

    def _truths(self, attribute: Attribute) -> tuple[bool, ...]:
        return (True, False) if attribute.name in self._denied else (True,)

    def _plain(self, attribute: Attribute, entity: str) -> list[Any]:
        """Return the values of an attribute that has no index, or at one key."""
        if attribute.type == "bool":
            return list(self._truths(attribute))
        if attribute.type in _FIGURES:
            return self.figures(attribute)
        if attribute.type == "share":
            return self._shares(attribute)
        if attribute.type == "date":
            return list(self.setting.days)
        if attribute.type == "ref":
            return [
                name
                for name, kind in self.entities.items()
                if kind in attribute.to and (kind in APPLICANTS or name != entity)
            ]
        return self._words_of_list(attribute)

    def _words_of_list(self, attribute: Attribute) -> list[str]:
        """Return the values of a list that rules name, and one that none names."""
        named = self._members(attribute)
        for value in self.book.vocabulary.members(attribute):
            around = self.book.vocabulary.around(attribute.values[0], value)
            if not set(around) & set(named):
                return [*named, value]
        return named

    def figures(self, attribute: Attribute) -> list[int]:
        """Return the figures of an attribute, the plainest first."""
        values = set(self._turning(attribute))
        for other, rates in self._beside(attribute):
            theirs = self._turning(other)
            values |= set(theirs)
            shares = {ceil(value / rate) for value in theirs for rate in rates}
            values |= {value + step for value in shares for step in (-1, 0, 1)}
        highest = max(values, default=0) or _FIRST_FIGURE[attribute.type]
        values |= {highest, *(min(10 ** len(str(highest)) * far, _HIGHEST) for far in _FAR)}
        return sorted(values, key=lambda value: (len(str(value).rstrip("0")), value))

    def _turning(self, attribute: Attribute) -> list[int]:
        return turning_figures(self._narrow, attribute)

    def _beside(self, attribute: Attribute) -> Iterator[tuple[Attribute, list[Fraction]]]:
        """Yield the attributes of the same type that some rule sees beside this one, with rates."""
        own = _predicates(attribute)
        near = {
            rule: {c.atom.signature for c in rule.body if isinstance(c, Literal)}
            for rule in self.cone
        }
        for other in self.book.vocabulary.attributes.values():
            if other.type == attribute.type and other != attribute:
                theirs = _predicates(other)
                both = [rule for rule, seen in near.items() if own & seen and theirs & seen]
                if both:
                    numbers = [n for rule in both for n in numbers_named(rule, self.book)]
                    yield other, rates_among(numbers)

    def _shares(self, attribute: Attribute) -> list[Decimal]:
        values = {*turning_shares(self._narrow, attribute), Decimal(1), Decimal("0.5")}
        plain = {value.normalize() for value in values}
        return sorted(plain, key=lambda value: (len(format(value, "f")), value))

    def _together(self, attribute: Attribute, forms: frozenset[str]) -> Iterator[dict[Any, int]]:
        """Yield figures over the last key together: one, or as many alike as a rank asks for."""
        keys = self._key(attribute, len(attribute.index) - 1)
        if attribute.index[-1] not in {"year", "scene"}:
            legal = list(self.book.vocabulary.legal_values((attribute.index[-1],)))
            keys = [*keys, *(key for key in legal if key not in keys)]
        counts = {1}
        if "ranked" in forms:
            signature, _ = summary_signatures(attribute)["ranked"]
            counts |= {count + step for count in self._ranks(signature) for step in (-1, 0, 1)}
        singles = keys[:2] if "within" in forms else keys[:1]
        for figure in self.figures(attribute):
            for count in sorted(counts & set(range(1, len(keys) + 1))):
                if count == 1:
                    yield from ({key: figure} for key in singles)
                else:
                    yield dict.fromkeys(keys[:count], figure)

    def _ranks(self, signature: tuple[str, int]) -> Iterator[int]:
        """Yield the whole numbers that stand in a rule beside a rank."""
        for rule in self.cone:
            if any(isinstance(c, Literal) and c.atom.signature == signature for c in rule.body):
                for number in numbers_named(rule, self.book):
                    if isinstance(number.value, int) and number.value <= _MOST_KEYS:
                        yield number.value


def _predicates(attribute: Attribute) -> set[tuple[str, int]]:
    own = {attribute_signature(attribute)[0]}
    return own | {signature for signature, _ in summary_signatures(attribute).values()}
