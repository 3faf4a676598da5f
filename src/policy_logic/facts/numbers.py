"""From the text of a number to the number, exactly; never through a float."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policy_logic.facts.scalars import BadValueError, bad

if TYPE_CHECKING:
    from policy_logic.facts.source import ScalarNode

HIGHEST: Final = 10**13
MOST_DECIMALS: Final = 18
_MOST_DIGITS: Final = 40
_WHOLE: Final = re.compile(r"0|[1-9][0-9]*(?:_[0-9]+)*")
_SHARE: Final = re.compile(r"(?:[0-9]+(?:_[0-9]+)*)?(?:\.(?P<decimals>[0-9]+))?")
_COMMAS: Final = re.compile(r"[0-9]{1,3}(?:[,，][0-9]{3})+")
_NEGATIVE: Final = re.compile(r"[-−－][0-9_.,]+")
_EXPONENT: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+")
_FRACTION: Final = re.compile(r"[0-9][0-9_]*\.[0-9]*")
_LEADING_ZERO: Final = re.compile(r"0[0-9_]+")
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,15})?)\s*[%％]")
_WITH_UNIT: Final = re.compile(
    r"[¥￥]?(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>百万|千万|[百千万亿])?\s*元?"
)
_UNITS: Final = {
    None: 1, "百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8,
}  # fmt: skip


def whole(scalar: ScalarNode, path: str) -> int:
    """Return a whole number from 0 to 10^13.

    Raises:
        BadValueError: It is not one.
    """
    text = scalar.text
    if not _WHOLE.fullmatch(text):
        raise _unfit_number(scalar, path)
    if scalar.quoted:
        raise bad("number_quoted", scalar, path)
    digits = text.replace("_", "")
    if len(digits) > _MOST_DIGITS or int(digits) > HIGHEST:
        raise bad("number_too_large", scalar, path)
    return int(digits)


def _unfit_number(scalar: ScalarNode, path: str) -> BadValueError:
    """Return the error for what is not a whole number, with the likely meaning where it shows."""
    text = scalar.text.strip()
    if len(text) > _MOST_DIGITS:
        return bad("number", scalar, path, hint="2_000_000")
    if _NEGATIVE.fullmatch(text):
        return bad("number_negative", scalar, path)
    if _COMMAS.fullmatch(text):
        return bad("number_commas", scalar, path, hint=_grouped(Decimal(re.sub("[,，]", "", text))))
    if not text.isascii() and text.isdecimal():
        return bad("number_fullwidth", scalar, path, hint=_grouped(Decimal(text)))
    if _EXPONENT.fullmatch(text) and abs(int(re.split("[eE]", text)[1])) < _MOST_DIGITS:
        return bad("number", scalar, path, hint=_grouped(Decimal(text)))
    if _FRACTION.fullmatch(text):
        return bad("number_fraction", scalar, path)
    if _LEADING_ZERO.fullmatch(text):
        return bad("number_zero", scalar, path)
    unit = _WITH_UNIT.fullmatch(text)
    if unit:
        value = Decimal(unit["number"]) * _UNITS[unit["unit"]]
        return bad("number_unit", scalar, path, hint=_grouped(value))
    return bad("number", scalar, path, hint="2_000_000")


def _grouped(value: Decimal) -> str:
    return f"{int(value):_}" if value == int(value) else format(value, "f")


def share(scalar: ScalarNode, path: str) -> Decimal:
    """Return an exact share from 0 to 1.

    Raises:
        BadValueError: It is not one.
    """
    text = scalar.text.strip()
    percent = _PERCENT.fullmatch(text)
    if percent:
        raise bad("share_percent", scalar, path, hint=_plain(Decimal(percent[1]) / 100))
    found = _SHARE.fullmatch(scalar.text)
    if not text or found is None:
        negative = _NEGATIVE.fullmatch(text)
        raise bad("number_negative" if negative else "share", scalar, path)
    if scalar.quoted:
        raise bad("number_quoted", scalar, path)
    value = Decimal(text.replace("_", ""))
    if value > 100:
        raise bad("share", scalar, path)
    if value > 1:
        raise bad("share_above_one", scalar, path, hint=_plain(value / 100))
    if len((found["decimals"] or "").rstrip("0")) > MOST_DECIMALS:
        raise bad("share_decimals", scalar, path)
    return value


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
