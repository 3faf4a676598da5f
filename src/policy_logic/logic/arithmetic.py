"""The exact calculations a rule may call: whole quantities in and out, never a float.

The solver's own integers are 32 bits wide and wrap silently, so no rule computes with them.
"""

from __future__ import annotations

from calendar import isleap
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_logic.logic.terms import Value


def portion(amount: Value, rate: Value) -> int:
    """Return a share of an amount, floored once to a whole.

    Args:
        amount: Whole yuan, or another whole quantity.
        rate: An exact share, as ``Decimal("0.1")``.
    """
    if not isinstance(rate, Decimal):
        raise TypeError(f"portion of {amount!r} at {rate!r}")
    numerator, denominator = rate.as_integer_ratio()
    return _whole(amount) * numerator // denominator


def portion_up(amount: Value, rate: Value) -> int:
    """Return a share of an amount, rounded up: a whole reaches the share when it reaches this."""
    if not isinstance(rate, Decimal):
        raise TypeError(f"portion of {amount!r} at {rate!r}")
    numerator, denominator = rate.as_integer_ratio()
    return -(-_whole(amount) * numerator // denominator)


def plus(first: Value, second: Value) -> int:
    """Return the sum of two quantities."""
    return _whole(first) + _whole(second)


def minus(first: Value, second: Value) -> int:
    """Return the first quantity less the second; it may be negative."""
    return _whole(first) - _whole(second)


def at_most(amount: Value, cap: Value) -> int:
    """Return an amount cut at a cap."""
    return min(_whole(amount), _whole(cap))


def times(amount: Value, count: Value) -> int:
    """Return an amount, in whole yuan, as many times as a count says."""
    return _whole(amount) * _whole(count)


def wholes(amount: Value, unit: Value) -> int:
    """Return how many whole units a quantity holds; what is left over does not count."""
    return _whole(amount) // _whole(unit)


def anniversary(day: Value, years: Value) -> int:
    """Return the same day some years later, both as ``yyyymmdd``; after 29 February the 28th."""
    number, count = _whole(day), _whole(years)
    later = number + count * 10_000
    year, rest = divmod(later, 10_000)
    return later - 1 if rest == 229 and not isleap(year) else later


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole quantity")
    return value


FUNCTIONS: Final[dict[str, Callable[[Value, Value], int]]] = {
    "portion": portion,
    "portion_up": portion_up,
    "plus": plus,
    "minus": minus,
    "at_most": at_most,
    "times": times,
    "wholes": wholes,
    "anniversary": anniversary,
}
