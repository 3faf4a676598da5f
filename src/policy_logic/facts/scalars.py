"""From the text of a value to the value, by its type in the vocabulary; never through a float."""

from __future__ import annotations

import difflib
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.facts.source import Scalar

HIGHEST: Final = 10**13
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
_WHOLE: Final = re.compile(r"\d[\d_]*")
_SHARE: Final = re.compile(r"(\d[\d_]*)?(\.\d+)?")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MOST_DECIMALS: Final = 18


class BadValueError(Exception):
    """A value that does not fit, as the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def bad(code: str, scalar: Scalar, path: str, **details: object) -> BadValueError:
    """Return the error for a value that does not fit, ready to be raised."""
    all_details = {"path": path, "value": _short(scalar.text), **details}
    return BadValueError(Problem(f"facts.{code}", scalar.position, all_details))


def whole(scalar: Scalar, path: str) -> int:
    """Return a whole number from 0 to 10^13."""
    text = scalar.text
    if scalar.quoted:
        raise bad("number_quoted", scalar, path)
    if not _WHOLE.fullmatch(text):
        raise bad(_number_fault(text), scalar, path)
    value = int(text.replace("_", ""))
    if value > HIGHEST:
        raise bad("number_too_large", scalar, path)
    return value


def _number_fault(text: str) -> str:
    if re.fullmatch(r"-\s*\d[\d_.]*", text):
        return "number_negative"
    if re.fullmatch(r"\d{1,3}([,，]\d{3})+", text):
        return "number_commas"
    if re.search(r"[万亿元千百]|yuan|rmb|[¥￥$]", text, re.IGNORECASE):
        return "number_unit"
    if re.fullmatch(r"\d[\d_]*\.\d*", text):
        return "number_fraction"
    return "number"


def share(scalar: Scalar, path: str) -> Decimal:
    """Return an exact share from 0 to 1."""
    text = scalar.text
    if scalar.quoted:
        raise bad("number_quoted", scalar, path)
    if text.endswith(("%", "％")):
        raise bad("share_percent", scalar, path)
    if not text or not _SHARE.fullmatch(text):
        raise bad("number_negative" if text.startswith("-") else "share", scalar, path)
    value = Decimal(text.replace("_", ""))
    if value > 1:
        raise bad("share_above_one", scalar, path, hint=format((value / 100).normalize(), "f"))
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _MOST_DECIMALS:
        raise bad("share_decimals", scalar, path)
    return value


def day(scalar: Scalar, path: str) -> date:
    """Return a date written as ``2025-04-06``."""
    found = _DATE.fullmatch(scalar.text)
    if found is None:
        raise bad("date", scalar, path)
    try:
        value = date(*(int(part) for part in found.groups()))
    except ValueError:
        raise bad("date_impossible", scalar, path) from None
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise bad("year_range", scalar, path)
    return value


def year(scalar: Scalar, path: str) -> int:
    """Return a year, as the key of an index or the year of an entry."""
    if not re.fullmatch(r"\d{4}", scalar.text) or not FIRST_YEAR <= int(scalar.text) <= LAST_YEAR:
        raise bad("year", scalar, path)
    return int(scalar.text)


def truth(scalar: Scalar, path: str) -> bool:
    """Return ``true`` or ``false``."""
    if scalar.quoted or scalar.text not in {"true", "false"}:
        raise bad("bool", scalar, path)
    return scalar.text == "true"


def word(scalar: Scalar, path: str, legal: Sequence[str], *, what: str) -> str:
    """Return one of the legal names."""
    if scalar.text not in legal:
        raise bad("name_unknown", scalar, path, what=what, near=nearest(scalar.text, legal))
    return scalar.text


def text(scalar: Scalar, path: str) -> str:
    """Return a text that is not empty."""
    if not scalar.text.strip():
        raise bad("text_empty", scalar, path)
    return scalar.text


def nearest(name: str, legal: Sequence[str]) -> str:
    """Return the legal name that comes nearest, else some of the legal ones."""
    near = difflib.get_close_matches(name, legal, 1, 0.6)
    if near:
        return near[0]
    return ", ".join(legal[:8]) + (" …" if len(legal) > 8 else "")


def _short(text_: str) -> str:
    return text_ if len(text_) <= 40 else text_[:39] + "…"
