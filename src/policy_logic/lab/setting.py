"""The day and the years of a study: when an applicant of a policy is looked at.

A policy that does not say when it takes effect is studied as if it did on a fixed day; if it is a
draft, that is an assumption of the case, else a fact about the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from policy_logic.derive.atoms import last_day
from policy_logic.logic.terms import Call, Comparison
from policy_logic.rulebook.turning import numbers_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.logic.terms import Rule, Term
    from policy_logic.rulebook.policy import Rulebook

_ASSUMED_START: Final = date(2025, 7, 1)
_INTO_FORCE: Final = timedelta(days=90)
_MOST_YEARS: Final = 100
_DECEMBER: Final = (12, 31)


@dataclass(frozen=True, slots=True)
class Setting:
    """When the applicants of a study are looked at.

    Attributes:
        as_of: The day of every case: the end of the second year that ends in force, or of the
            validity.
        years: The years for which figures are given: the last before, and up to two that end
            while the policy is in force.
        days: The days on which something may have happened, the usual one first: two in
            force, a year apart, one just before, and as many years earlier as a rule asks
            for, to the day and a day short of it.
        preamble: What the case says of the policy, so that it is in force at all.
    """

    as_of: date
    years: tuple[int, ...]
    days: tuple[date, ...]
    preamble: dict[str, Any]


def setting_of(book: Rulebook, policy: str) -> Setting:
    """Return when the applicants of a policy are looked at."""
    own = book.policies[policy]
    preamble: dict[str, Any] = {}
    start = own.validity.start
    if start is None:
        start = _ASSUMED_START
        published = book.vocabulary.attribute("policy", "published_on")
        if own.is_draft or published is None:
            preamble = {"assume_in_force": {policy: start}}
        else:
            preamble = {"policy": {policy: {"published_on": start}}}
    last = last_day(own.validity, start)
    ends = [
        date(year, *_DECEMBER)
        for year in range(start.year, last.year + 1)
        if start <= date(year, *_DECEMBER) <= last
    ][:2]
    as_of = ends[-1] if len(ends) > 1 else last
    years = [end.year for end in ends] or [start.year]
    usual = min(start + _INTO_FORCE, as_of)
    later = _earlier(usual, -1)
    days = [usual, *([later] if later <= as_of else []), start - timedelta(days=1)]
    for count in sorted(set(_terms(book, policy))):
        days += [_earlier(usual, count), _earlier(usual, count) + timedelta(days=1)]
    return Setting(as_of, (years[0] - 1, *years), tuple(dict.fromkeys(days)), preamble)


def _earlier(day: date, years: int) -> date:
    year = day.year - years
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _terms(book: Rulebook, policy: str) -> Iterator[int]:
    """Yield the numbers of years that the rules of a policy add to a day."""
    for rule in book.policies[policy].rules:
        if any(_adds_years(term) for term in _terms_of(rule)):
            for number in numbers_named(rule, book):
                if isinstance(number.value, int) and number.value < _MOST_YEARS:
                    yield number.value


def _terms_of(rule: Rule) -> Iterator[Term]:
    for condition in rule.body:
        if isinstance(condition, Comparison):
            yield from (condition.left, condition.right)


def _adds_years(term: Term) -> bool:
    return isinstance(term, Call) and (
        term.function == "anniversary" or any(map(_adds_years, term.args))
    )
