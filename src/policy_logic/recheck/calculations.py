"""The calculations that a rule may call, written a second time, with fractions.

They share nothing with :mod:`policy_logic.logic.arithmetic`, so that a slip in either shows.
"""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from policy_logic.recheck.values import Plain, Share

if TYPE_CHECKING:
    from collections.abc import Callable


def _quantity(value: Plain) -> Fraction:
    """Return a whole quantity, as yuan, seconds or a count."""
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole quantity")
    return Fraction(value)


def _share(value: Plain) -> Fraction:
    if not isinstance(value, Share):
        raise TypeError(f"{value!r} is no share")
    return value.exact


def _anniversary(day: Plain, years: Plain) -> int:
    """Return the same day some years later; of 29 February, in a year without one, the 28th."""
    text = f"{int(_quantity(day)):08}"
    year, month, number = int(text[:-4]), int(text[-4:-2]), int(text[-2:])
    later = year + int(_quantity(years))
    try:
        found = date(later, month, number)
    except ValueError:
        found = date(later, month, number - 1)
    return int(found.isoformat().replace("-", ""))


CALCULATIONS: Final[dict[str, Callable[[Plain, Plain], int]]] = {
    "portion": lambda quantity, share: math.floor(_quantity(quantity) * _share(share)),
    "portion_up": lambda quantity, share: math.ceil(_quantity(quantity) * _share(share)),
    "plus": lambda first, second: int(_quantity(first) + _quantity(second)),
    "minus": lambda first, second: int(_quantity(first) - _quantity(second)),
    "at_most": lambda quantity, most: int(min(_quantity(quantity), _quantity(most))),
    "times": lambda quantity, count: int(_quantity(quantity) * _quantity(count)),
    "wholes": lambda quantity, unit: math.floor(_quantity(quantity) / _quantity(unit)),
    "anniversary": _anniversary,
}
