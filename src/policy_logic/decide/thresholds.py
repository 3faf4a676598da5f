"""Where a fact may matter: what the rules compare it with, by the numbers that stand beside it.

It is a list of places worth looking at, not of places where something happens: a threshold, a sum
at which a cap is reached at a rate, a distance to another figure of the case, a day on which a
policy begins or ends.
"""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Final

from policy_logic.derive.atoms import last_day
from policy_logic.logic.terms import Call, Comparison, Literal
from policy_logic.rulebook.turning import numbers_named, rates_among, rules_about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.derive.derivation import Derivation
    from policy_logic.facts.sweeps import Sweep
    from policy_logic.logic.terms import Rule
    from policy_logic.rulebook.policy import Rulebook

_MOST_STAIRS: Final = 200
_MOST_PLACES: Final = 1500
_MOST_YEARS: Final = 100


def places_to_look_at(sweep: Sweep, derivation: Derivation) -> set[int]:
    """Return the values of a fact, as whole numbers of its scale, at which to look.

    Args:
        sweep: The fact and its range.
        derivation: The case.
    """
    found = _days(sweep, derivation) if sweep.scale.type == "date" else set[int]()
    if sweep.attribute is not None and sweep.scale.type != "date":
        for rule in rules_about(derivation.book, sweep.attribute):
            near = set(_beside(rule, sweep, derivation))
            if len(found | near) <= _MOST_PLACES:
                found |= near
    around = {place + step for place in found for step in (-1, 0, 1)}
    return {place for place in around if sweep.low <= place <= sweep.high}


def _beside(rule: Rule, sweep: Sweep, derivation: Derivation) -> Iterator[int]:
    """Yield the values at which a rule may decide otherwise."""
    kind, book = sweep.scale.type, derivation.book
    numbers = list(numbers_named(rule, book))
    if kind == "share":
        yield from (sweep.scale.place(n.value) for n in numbers if n.type == "share")
        return
    rates = rates_among(numbers)
    sums = {n.value for n in numbers if n.type != "share" and isinstance(n.value, int)}
    sums |= {ceil(total / rate) for total in sums for rate in rates}
    yield from sums
    if _calls(rule, "wholes"):
        for first in sums:
            for step in sums - {0}:
                yield from (first + count * step for count in range(1, _MOST_STAIRS))
    for figure in _figures(rule, sweep, derivation):
        yield from (figure, *(total + figure for total in sums))
        yield from (place for total in sums for place in (total - figure, figure - total))
        for rate in rates:
            yield from (ceil(figure * (1 + rate)), ceil(figure / (1 + rate)), ceil(figure * rate))
    others = _others(sweep, derivation)
    yield from (total - others for total in sums if others)


def _figures(rule: Rule, sweep: Sweep, derivation: Derivation) -> set[int]:
    """Return the figures of the case that a rule may look at beside the fact."""
    assert sweep.attribute is not None  # noqa: S101 - asked for attributes only
    kind, names = sweep.attribute.kind, {c.atom.name for c in rule.body if isinstance(c, Literal)}
    return {
        fact.value
        for fact in derivation.case.facts
        if fact.attribute in names
        and isinstance(fact.value, int)
        and fact.value > 1
        and (fact.kind != kind or sweep.path.startswith(f"{kind}.{fact.entity}."))
    }


def _others(sweep: Sweep, derivation: Derivation) -> int:
    """Return what the other figures that may be added to the fact come to."""
    assert sweep.attribute is not None  # noqa: S101 - asked for attributes only
    about = f"{sweep.attribute.kind}."
    return sum(
        fact.value
        for fact in derivation.case.facts
        if fact.attribute == sweep.attribute.name
        and isinstance(fact.value, int)
        and sweep.path.startswith(f"{about}{fact.entity}.{fact.attribute}.")
        and not sweep.path.endswith(".".join(["", *map(str, fact.keys)]))
    )


def _calls(rule: Rule, function: str) -> bool:
    terms = [term for c in rule.body if isinstance(c, Comparison) for term in (c.left, c.right)]
    while terms:
        term = terms.pop()
        if isinstance(term, Call):
            if term.function == function:
                return True
            terms.extend(term.args)
    return False


def _days(sweep: Sweep, derivation: Derivation) -> set[int]:
    """Return the days on which something begins, and the last days on which something holds."""
    case, book = derivation.case, derivation.book
    days = {case.as_of, *(grant.on for grant in case.grants if grant.on is not None)}
    days |= {fact.value for fact in case.facts if isinstance(fact.value, date)}
    for policy in book.policies.values():
        start = policy.validity.start
        if start is not None:
            days |= {start, last_day(policy.validity, start)}
    days |= {
        _years_later(day, way * years)
        for day in days
        for years in _terms(sweep, book)
        for way in (1, -1)
    }
    first, last = sweep.scale.value(sweep.low), sweep.scale.value(sweep.high)
    assert isinstance(first, date)  # noqa: S101 - asked for days only
    assert isinstance(last, date)  # noqa: S101 - asked for days only
    days |= {date(year, 1, 1) for year in range(first.year, last.year + 1)}
    return {day.toordinal() for day in days}


def _terms(sweep: Sweep, book: Rulebook) -> set[int]:
    """Return the numbers of years by which two days may be compared."""
    kind, _, name = sweep.path.partition(".")
    if kind in {"policy", "assume_in_force"}:
        policy = book.policies.get(name.partition(".")[0])
        return {policy.validity.years or 0} if policy else set()
    return {
        number.value
        for rule in book.rules
        if _calls(rule, "anniversary")
        for number in numbers_named(rule, book)
        if isinstance(number.value, int) and number.value < _MOST_YEARS
    }


def _years_later(day: date, years: int) -> date:
    year = min(max(day.year + years, 1), 9999)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)
