"""The smallest case that fails a property: what does not matter is left out, figures are round."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.errors import FactsError
from policy_logic.testing.fault import PropertyFault
from policy_logic.testing.written import Drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.testing.properties import Property

    Place: TypeAlias = tuple[Any, ...]

_HEAD: Final = frozenset({"applicant", "as_of"})
_MOST_DIGITS: Final = 3


def smallest(
    check: Property, book: Rulebook, facts: Mapping[str, Any], found: PropertyFault
) -> tuple[Drawn, PropertyFault]:
    """Return the smallest part of a case that fails a property in the same way.

    Whatever can be left out of the case, entities, attributes, entries, keys and evidence, is left
    out, until nothing more can be. Figures, shares and days that need not be what they are become
    round ones.

    Args:
        check: The property.
        book: The rulebook.
        facts: A case that fails it.
        found: How it fails.

    Returns:
        The smaller case, and how it fails.
    """
    case, shrinking = Drawn(copy.deepcopy(dict(facts))), True
    while shrinking:
        shrinking = False
        for place in _places(case):
            for other in (*_without(case, place), *_rounded(case, place)):
                fault = _fails(check, book, other, found)
                if fault is not None:
                    case, found, shrinking = other, fault, True
                    break
    return case, found


def _fails(
    check: Property, book: Rulebook, facts: Drawn, found: PropertyFault
) -> PropertyFault | None:
    """Return how a case fails a property, if it does so in the same way."""
    try:
        check(book, facts)
    except PropertyFault as fault:
        same = (fault.fault.check, fault.fault.about) == (found.fault.check, found.fault.about)
        return fault if same else None
    except FactsError:
        return None
    return None


def _places(case: Mapping[str, Any]) -> list[Place]:
    """Return what could be left out: the large parts first, entries from the last on."""
    found = [place for place in _inside(case, ()) if place[0] not in _HEAD]
    found.reverse()
    return sorted(found, key=len)


def _inside(value: Any, path: Place) -> Iterator[Place]:  # noqa: ANN401 - any part of a case
    keys = range(len(value)) if isinstance(value, list) else ()
    for key in value if isinstance(value, dict) else keys:
        part = value[key]
        yield (*path, key)
        yield from _inside(part, (*path, key))


def _without(case: Drawn, place: Place) -> Iterator[Drawn]:
    """Yield the case without one of its parts; nothing where that is gone already."""
    other = copy.deepcopy(case)
    *parents, last = place
    outer: Any = other
    for part in parents:
        if not _has(outer, part):
            return
        outer = outer[part]
    if not _has(outer, last):
        return
    if last == "evidence":
        holder = _at(other, parents[:-1])
        holder[parents[-1]] = outer["value"]
    else:
        del outer[last]
    yield other


def _rounded(case: Drawn, place: Place) -> Iterator[Drawn]:
    """Yield the case with a figure, a share or a day replaced by plainer ones."""
    *parents, last = place
    if any(not _has(_at(case, list(place[:n])), key) for n, key in enumerate(place)):
        return
    for plainer in _plainer(_at(case, list(place))):
        other = copy.deepcopy(case)
        _at(other, parents)[last] = plainer
        yield other


def _plainer(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any value of a case
    """Yield values near another that are written more plainly, the plainest first."""
    if isinstance(value, date):
        yield from (
            day for day in (value.replace(month=1, day=1), value.replace(day=1)) if day < value
        )
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        digits = len(format(value, "f").replace(".", "").strip("0"))
        for kept in range(1, min(digits, _MOST_DIGITS + 1)):
            step = Decimal(10) ** (Decimal(value).adjusted() - kept + 1)
            for times in (value // step, value // step + 1):
                rounded = times * step
                yield int(rounded) if isinstance(value, int) else rounded


def _has(outer: Any, key: Any) -> bool:  # noqa: ANN401 - any part of a case
    if isinstance(outer, list):
        return isinstance(key, int) and key < len(outer)
    return isinstance(outer, dict) and key in outer


def _at(case: Any, path: list[Any]) -> Any:  # noqa: ANN401 - any part of a case
    for part in path:
        case = case[part]
    return case
