"""Values of which only bounds are known, and what calculations and comparisons make of them.

A span stands for a value that a case does not state: ``span(Name, Low, High)``. Its name
tells figures of the same bounds apart. Every calculation of the rule language rises or falls with
each argument, so that its least and its greatest value lie at the ends of the spans it is given.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policy_logic.logic.arithmetic import FUNCTIONS
from policy_logic.logic.terms import Compound, Value

if TYPE_CHECKING:
    from collections.abc import Callable

SPAN: Final = "span"
NEVER: Final = 0
SURELY: Final = 1
PERHAPS: Final = 2


def span(name: Value, low: Value, high: Value) -> Value:
    """Return a value between two others; where they are equal, that value."""
    return low if low == high else Compound(SPAN, (name, low, high))


def ends(value: Value) -> tuple[int | Decimal, int | Decimal]:
    """Return the least and the greatest that a value may be.

    Raises:
        TypeError: It is neither a number nor a span.
    """
    if isinstance(value, Compound) and value.name == SPAN:
        _, low, high = value.args
        return _number(low), _number(high)
    return _number(value), _number(value)


def calculate(function: str, first: Value, second: Value) -> Value:
    """Return what a calculation of the rule language makes of two values."""
    call = FUNCTIONS[function]
    if not (_is_span(first) or _is_span(second)):
        return call(first, second)
    units = [max(1, end) if function == "wholes" else end for end in ends(second)]
    corners = [call(one, other) for one in ends(first) for other in units]
    return span(Compound("of", (function, first, second)), min(corners), max(corners))


def compare(operator: str, first: Value, second: Value) -> int:
    """Return whether a comparison holds: ``NEVER``, ``SURELY``, or ``PERHAPS``.

    Nothing is concluded from two spans being the same: a stretch of days stands for any of them.
    """
    low, high = ends(first)
    least, most = ends(second)
    surely, never = _OUTCOMES[operator](low, high, least, most)
    return SURELY if surely else NEVER if never else PERHAPS


_Number = int | Decimal
_OUTCOMES: Final[dict[str, Callable[[_Number, _Number, _Number, _Number], tuple[bool, bool]]]] = {
    "<": lambda low, high, least, most: (high < least, low >= most),
    "<=": lambda low, high, least, most: (high <= least, low > most),
    ">": lambda low, high, least, most: (low > most, high <= least),
    ">=": lambda low, high, least, most: (low >= most, high < least),
    "=": lambda low, high, least, most: (low == high == least == most, high < least or low > most),
    "!=": lambda low, high, least, most: (high < least or low > most, low == high == least == most),
}


def _is_span(value: Value) -> bool:
    return isinstance(value, Compound) and value.name == SPAN


def _number(value: Value) -> int | Decimal:
    if not isinstance(value, (int, Decimal)):
        raise TypeError(f"{value!r} is no figure")
    return value
