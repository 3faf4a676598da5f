"""What a number means as a Chinese text writes it: 500万元, 10％, 三年, 四分之三, 1分钟."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

DIGITS: Final = "零〇一二两三四五六七八九"
_VALUES: Final = {"零": 0, "〇": 0, "两": 2} | {d: n for n, d in enumerate("一二三四五六七八九", 1)}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_SCALE: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_SECONDS: Final = {"秒": 1, "分钟": 60, "小时": 3600}
_SHARES: Final = {"%": 100, "％": 100, "‰": 1000}
_WRITTEN: Final = re.compile(
    r"(?P<digits>[0-9０-９]+(?:[.．][0-9０-９]+)?|[0-9]{1,3}(?:[,，][0-9]{3})+"
    rf"|[{DIGITS}十百千]+)\s*(?P<scale>[万亿]?)\s*(?P<unit>[^0-9０-９]*)"
)
_FRACTION: Final = re.compile(rf"(?P<whole>百|千|[{DIGITS}十]+)分之(?P<part>[{DIGITS}十百]+)")


def whole_number(numeral: str) -> int | None:
    """Return a Chinese numeral below ten thousand, as 十二 or 三百零五; ``None`` if it is none."""
    total, digit = 0, None
    for letter in numeral:
        if letter in _TENS:
            total += (1 if digit is None else digit) * _TENS[letter]
            digit = None
        elif letter not in _VALUES or (digit or 0) > 0:
            return None
        else:
            digit = _VALUES[letter]
    return total + (digit or 0) if numeral else None


def written_value(written: str, kind: str) -> Decimal | None:
    """Return what a written number comes to.

    Args:
        written: The number with its unit, as the text has it.
        kind: ``money``, ``usd``, ``share`` or ``integer``.

    Returns:
        Yuan, dollars, a part of one, or a count; a length of time in seconds. ``None`` if it is
        no number of this kind, or a share that no decimal states exactly.
    """
    text = written.strip()
    fraction = _FRACTION.fullmatch(text)
    if fraction is not None:
        return _part(fraction) if kind == "share" else None
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    unit = found["unit"].strip()
    if (unit in _SHARES) != (kind == "share"):
        return None
    digits = re.sub("[,，]", "", found["digits"]).replace("．", ".")
    if digits[0].isdecimal():
        value = Decimal(digits)
    else:
        whole = whole_number(digits)
        if whole is None:
            return None
        value = Decimal(whole)
    return value * _SCALE[found["scale"]] * _SECONDS.get(unit, 1) / _SHARES.get(unit, 1)


def _part(fraction: re.Match[str]) -> Decimal | None:
    """Return a fraction as a decimal, ``None`` if it never ends."""
    whole, part = whole_number(fraction["whole"]), whole_number(fraction["part"])
    if not whole or part is None:
        return None
    exact = Fraction(part, whole)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return Decimal(exact.numerator) / Decimal(exact.denominator) if rest == 1 else None
