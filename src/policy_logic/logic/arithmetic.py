"""The exact calculations a rule may call: whole yuan in, whole yuan out, never a float.

The solver's own integers are 32 bits wide and wrap silently, so no rule computes with them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_logic.logic.terms import Value


def portion(amount: Value, rate: Value) -> int:
    """Return a share of an amount, floored once to whole yuan.

    Args:
        amount: Whole yuan.
        rate: An exact share, as ``Decimal("0.1")``.
    """
    if not isinstance(amount, int) or not isinstance(rate, Decimal):
        raise TypeError(f"portion of {amount!r} at {rate!r}")
    numerator, denominator = rate.as_integer_ratio()
    return amount * numerator // denominator


def minus(first: Value, second: Value) -> int:
    """Return the first amount less the second, in whole yuan; it may be negative."""
    if not isinstance(first, int) or not isinstance(second, int):
        raise TypeError(f"{first!r} minus {second!r}")
    return first - second


def at_most(amount: Value, cap: Value) -> int:
    """Return an amount cut at a cap, in whole yuan."""
    if not isinstance(amount, int) or not isinstance(cap, int):
        raise TypeError(f"{amount!r} at most {cap!r}")
    return min(amount, cap)


FUNCTIONS: Final[dict[str, Callable[[Value, Value], int]]] = {
    "portion": portion,
    "minus": minus,
    "at_most": at_most,
}
