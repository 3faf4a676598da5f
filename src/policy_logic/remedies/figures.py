"""Figures and days on a scale: the nearest value at which something holds, and how far it holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from policy_logic.facts.sweeps import SWEPT_TYPES, Scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from policy_logic.facts.vocabulary import Attribute

SHARE_DIGITS: Final = 4
HIGHEST: Final = 10**13
_STEPS: Final = 9


def scale_of(attribute: Attribute | None) -> Scale | None:
    """Return the scale of an attribute's values; ``None`` where they have none."""
    if attribute is None or attribute.type not in SWEPT_TYPES:
        return None
    return Scale(attribute.type, SHARE_DIGITS if attribute.type == "share" else 0)


def place_on(scale: Scale | None, written: str) -> int | None:
    """Return where a value stands on a scale, as a facts file writes it; ``None`` if nowhere."""
    if scale is None:
        return None
    try:
        if scale.type == "date":
            return scale.place(date.fromisoformat(written))
        if scale.type == "share":
            return scale.place(Decimal(written.replace("_", "")))
        return int(written.replace("_", ""))
    except (ValueError, InvalidOperation):
        return None


def written_at(scale: Scale, place: int) -> str:
    """Return the value at a place of a scale, as ``--set`` takes it."""
    value = scale.value(place)
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def ends_of(scale: Scale, today: date) -> tuple[int, int]:
    """Return the lowest and the highest place that a fact of a scale may take on a day."""
    if scale.type == "date":
        return date(2000, 1, 1).toordinal(), today.toordinal()
    return 0, 10**scale.digits if scale.type == "share" else HIGHEST


def nearest_places(
    own: int,
    ends: tuple[int, int],
    is_enough: Callable[[int], bool],
) -> list[int]:
    """Return the nearest place above and the nearest below at which something begins to hold.

    It is looked for by jumps of growing length, then between the last place that fails and the
    first that does not.

    Args:
        own: The place to start from.
        ends: The lowest and the highest place.
        is_enough: Whether it holds at a place.
    """
    found: list[int] = []
    jumps = [10**power for power in range(14)]
    for way, end in ((1, ends[1]), (-1, ends[0])):
        reach = way * (end - own)
        places = [own + way * jump for jump in jumps if jump < reach]
        places += [end] if reach > 0 else []
        last = own
        for place in places:
            if is_enough(place):
                found.append(border(last, place, is_enough))
                break
            last = place
    return found


def border(
    fails: int,
    holds: int,
    is_enough: Callable[[int], bool],
    prepare: Callable[[Iterable[int]], None] = lambda _: None,
) -> int:
    """Return the place nearest to one at which something fails that still is enough.

    Args:
        fails: A place at which it fails.
        holds: A place at which it holds; it may lie below.
        is_enough: Whether it holds at a place.
        prepare: Makes ready to ask for some places.
    """
    way = 1 if holds > fails else -1
    while abs(holds - fails) > 1:
        width = max(1, abs(holds - fails) // (_STEPS + 1))
        places = list(range(fails + way * width, holds, way * width))
        prepare(places)
        for place in places:
            if is_enough(place):
                holds = place
                break
            fails = place
    return holds
