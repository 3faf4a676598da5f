"""The ready-made properties by name, and the smallest case that fails one."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.errors import FactsError
from policy_logic.testing.decisions import check_order_free, check_proofs, check_verifiable
from policy_logic.testing.fault import PropertyFault
from policy_logic.testing.monotone import check_monotone
from policy_logic.testing.plans import check_caps, check_exclusions, check_no_double_payment
from policy_logic.testing.written import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from policy_logic.rulebook.policy import Rulebook

    Property: TypeAlias = Callable[[Rulebook, Mapping[str, Any]], None]
    Place: TypeAlias = tuple[Any, ...]

PROPERTIES: Final[Mapping[str, Property]] = {
    "monotone": check_monotone,
    "caps": check_caps,
    "exclusions": check_exclusions,
    "no_double_payment": check_no_double_payment,
    "order_free": check_order_free,
    "proofs": check_proofs,
    "verifiable": check_verifiable,
}
_HEAD: Final = frozenset({"applicant", "as_of"})


def smallest(
    check: Property, book: Rulebook, facts: Mapping[str, Any], found: PropertyFault
) -> tuple[Drawn, PropertyFault]:
    """Return the smallest part of a case that fails a property in the same way.

    Whatever can be left out of the case, entities, attributes, entries, keys and evidence, is left
    out, until nothing more can be.

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
            for other in _without(case, place):
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
    return sorted(reversed(found), key=len)


def _inside(value: Any, path: Place) -> Iterator[Place]:  # noqa: ANN401 - any part of a case
    inner = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = enumerate(value)
    for key, part in inner:
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


def _has(outer: Any, key: Any) -> bool:  # noqa: ANN401 - any part of a case
    if isinstance(outer, list):
        return isinstance(key, int) and key < len(outer)
    return isinstance(outer, dict) and key in outer


def _at(case: Any, path: list[Any]) -> Any:  # noqa: ANN401 - any part of a case
    for part in path:
        case = case[part]
    return case
