"""What the rules of some policies look at: where a drawn case becomes interesting."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from policy_logic.derive.atoms import last_day
from policy_logic.errors import Problem, RequestError
from policy_logic.facts.case import APPLICANTS
from policy_logic.facts.numbers import HIGHEST
from policy_logic.logic.terms import Constant, Literal
from policy_logic.rulebook.turning import (
    numbers_named,
    rules_about,
    turning_figures,
    turning_shares,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Policy, Rulebook

_YEAR: Final = timedelta(365)
_ANY_DAY: Final = date(2026, 6, 30)
_MOST_PLACES: Final = 4
_BOUNDED: Final = {"annual_cap", "annual_quota"}


def narrowed(book: Rulebook, policies: Sequence[str] | None) -> Rulebook:
    """Return a rulebook as if it held some of its policies only; the vocabulary stays.

    Raises:
        RequestError: There is no policy of such a name.
    """
    if policies is None:
        return book
    for name in policies:
        if name not in book.policies:
            details: dict[str, object] = {"policy": name, "known": ", ".join(book.policies)}
            raise RequestError([Problem("request.policy_unknown", None, details)])
    return book.only(*policies)


class Turns:
    """What the rules of some policies look at; each answer is found once.

    Attributes:
        book: The rulebook, with no other policies than these.
    """

    def __init__(self, book: Rulebook, policies: Sequence[str] | None = None) -> None:
        self.book = narrowed(book, policies)
        self._figures: dict[tuple[str, str], list[int]] = {}
        self._stated: dict[tuple[str, str], list[int]] = {}
        self._shares: dict[tuple[str, str], list[Decimal]] = {}
        self._legal: dict[tuple[str, ...], list[str]] = {}

    def figures(self, attribute: Attribute) -> list[int]:
        """Return figures at, just below and just above what the rules compare with, ascending."""
        key = (attribute.kind, attribute.name)
        if key not in self._figures:
            values = turning_figures(self.book, attribute)
            self._figures[key] = [value for value in values if value <= HIGHEST]
        return self._figures[key]

    def stated(self, attribute: Attribute) -> list[int]:
        """Return the numbers beside a figure and the values beside them, ascending.

        Unlike :meth:`figures` without sums of them and without what reaches them at a rate.
        """
        key = (attribute.kind, attribute.name)
        if key not in self._stated:
            own = {
                number.value
                for rule in rules_about(self.book, attribute)
                for number in numbers_named(rule, self.book)
                if number.type == attribute.type and isinstance(number.value, int)
            }
            near = {max(0, value + step) for value in own for step in (-1, 0, 1)}
            self._stated[key] = sorted(value for value in near if value <= HIGHEST)
        return self._stated[key]

    def shares(self, attribute: Attribute) -> list[Decimal]:
        """Return shares at, just below and just above what the rules compare with, ascending."""
        key = (attribute.kind, attribute.name)
        if key not in self._shares:
            self._shares[key] = turning_shares(self.book, attribute)
        return self._shares[key]

    def legal(self, lists: tuple[str, ...]) -> list[str]:
        """Return the values of several lists, those that a rule mentions first."""
        if lists not in self._legal:
            values = self.book.vocabulary.legal_values(lists)
            self._legal[lists] = sorted(values, key=lambda value: value not in self._words)
        return self._legal[lists]

    def mentioned(self, lists: tuple[str, ...]) -> list[str]:
        """Return the values of several lists that a rule mentions; all if it mentions none."""
        return [value for value in self.legal(lists) if value in self._words] or self.legal(lists)

    def attributes(self, kind: str) -> list[Attribute]:
        """Return the attributes that a line at hand may use."""
        return [
            attribute
            for attribute in self.book.vocabulary.attributes_of(kind)
            if any(line in self.book.lines for line in attribute.lines)
        ]

    def lines_about(self, kind: str) -> list[str]:
        """Return the lines at hand that are decided for entities of a kind."""
        subject_of = self.book.vocabulary.kinds[kind].subject_of
        return sorted(line for line in subject_of if line in self.book.lines)

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds that a case may speak of: what lines are about, and what these refer to."""
        free = {name for name, kind in self.book.vocabulary.kinds.items() if not kind.ids}
        found = {name for name in free if self.lines_about(name)}
        waiting = list(found)
        while waiting:
            for attribute in self.attributes(waiting.pop()):
                waiting += (free & set(attribute.to)) - found
                found |= free & set(attribute.to)
        return [name for name in self.book.vocabulary.kinds if name in found]

    @cached_property
    def applicants(self) -> list[str]:
        """The kinds of entity that the lines pay, the most frequent first."""
        paid = dict.fromkeys(APPLICANTS, 0)
        for line in self.book.lines.values():
            for kind in _recipients(self.book, line.id):
                paid[kind] = paid.get(kind, 0) + 1
        asked = [kind for kind in APPLICANTS if paid[kind]] or list(APPLICANTS)
        return sorted(asked, key=lambda kind: -paid[kind])

    def most(self, kind: str) -> int:
        """Return how many entities of a kind it takes to fill what they share, and more."""
        about, shared = self.lines_about(kind), set()
        for rule in self.book.rules:
            if rule.head.name in _BOUNDED:
                line, number = rule.head.args
                if (
                    isinstance(line, Constant)
                    and isinstance(number, Constant)
                    and line.value in about
                ):
                    shared.add(str(number.value))
        if not shared:
            return 1
        values = [self.book.numbers[name] for name in shared]
        counts = [n.value + 2 for n in values if n.type == "integer" and isinstance(n.value, int)]
        return min(max(3, *counts) if counts else 3, _MOST_PLACES)

    @cached_property
    def unwanted(self) -> frozenset[str]:
        """The attributes that rules only ask not to hold, apart from rules for notices."""
        names = {
            condition.atom.name
            for rule in self.book.rules
            if rule.head.name != "notice"
            for condition in rule.body
            if isinstance(condition, Literal)
        }
        return frozenset(name[1:] for name in names if name[0] == "-" and name[1:] not in names)

    @cached_property
    def day(self) -> date:
        """A day on which as many of the policies as possible are in force, the latest such."""
        terms = [term for policy in self.book.policies.values() if (term := _term(policy))]
        days = sorted({min(start + _YEAR, end) for start, end in terms}, reverse=True)
        return max(
            days, key=lambda day: sum(start <= day <= end for start, end in terms), default=_ANY_DAY
        )

    @cached_property
    def days(self) -> list[date]:
        """The first and the last day of each policy, and the days beside them outside."""
        terms = [term for policy in self.book.policies.values() if (term := _term(policy))]
        one = timedelta(1)
        return [day for start, end in terms for day in (start, end, start - one, end + one)]

    @cached_property
    def _words(self) -> frozenset[str]:
        return words_of(self.book.rules)


def _term(policy: Policy) -> tuple[date, date] | None:
    """Return the first and the last day of a policy; ``None`` if its text leaves them open."""
    start = policy.validity.start
    return None if start is None else (start, last_day(policy.validity, start))


def _recipients(book: Rulebook, line: str) -> Iterator[str]:
    """Yield the kinds of entity that a line may pay."""
    for kind in book.lines[line].subjects:
        for role in book.lines[line].recipients:
            attribute = book.vocabulary.attribute(kind, role)
            yield from (kind,) if attribute is None else attribute.to
