"""From the text of a value to dates, truth values, names and texts; see also ``numbers``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Problem
from policy_logic.facts.source import shown, shown_path
from policy_logic.language import Label

if TYPE_CHECKING:
    from collections.abc import Collection

    from policy_logic.facts.source import Node, ScalarNode

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
_MOST_NAMES: Final = 8
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE_DATE: Final = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ].*)?"
    r"|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_TRUE: Final = frozenset({"true", "yes", "y", "on", "是", "有"})
_FALSE: Final = frozenset({"false", "no", "n", "off", "否", "无"})
_NOT_TEXT: Final = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9]*)?([eE][-+]?[0-9]+)?|true|false")
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_NOT_IN_ID: Final = re.compile(
    "[/\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class BadValueError(Exception):
    """A value that does not fit, as the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def bad(code: str, node: Node, path: str, **details: object) -> BadValueError:
    """Return the error for a value that does not fit, ready to be raised."""
    value = shown(getattr(node, "text", ""))
    all_details = {"path": shown_path(path), "value": value, **details}
    return BadValueError(Problem(f"facts.{code}", node.position, all_details))


def day(scalar: ScalarNode, path: str) -> date:
    """Return a date written as ``2025-04-06``.

    Raises:
        BadValueError: It is not one.
    """
    found = _DATE.fullmatch(scalar.text)
    if found is None:
        loose = _LOOSE_DATE.fullmatch(scalar.text.strip())
        parts = [int(part) for part in loose.groups() if part] if loose else []
        if not parts or not _calendar(parts):
            raise bad("date", scalar, path, hint="2025-04-06")
        raise bad("date", scalar, path, hint=_calendar(parts))
    value = _calendar([int(part) for part in found.groups()])
    if value is None:
        raise bad("date_impossible", scalar, path)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise bad("year_range", scalar, path)
    return value


def _calendar(parts: list[int]) -> date | None:
    try:
        return date(*parts)
    except ValueError:
        return None


def year(scalar: ScalarNode, path: str) -> int:
    """Return a year, as the key of an index or the year of an entry.

    Raises:
        BadValueError: It is not one.
    """
    text = scalar.text
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise bad("year", scalar, path)
    return int(text)


def truth(scalar: ScalarNode, path: str) -> bool:
    """Return ``true`` or ``false``.

    Raises:
        BadValueError: It is neither.
    """
    text = scalar.text
    if text in {"true", "false"} and not scalar.quoted:
        return text == "true"
    for words, hint in ((_TRUE, "true"), (_FALSE, "false")):
        if text.strip().lower() in words:
            raise bad("bool", scalar, path, hint=hint)
    raise bad("bool", scalar, path, hint="true / false")


def word(scalar: ScalarNode, path: str, legal: Collection[str], what: str) -> str:
    """Return one of the legal names.

    Raises:
        BadValueError: It is none of them.
    """
    if scalar.text not in legal:
        raise bad("name_unknown", scalar, path, what=what, near=nearest(scalar.text, legal))
    return scalar.text


def text(scalar: ScalarNode, path: str) -> str:
    """Return a text that is not empty.

    Raises:
        BadValueError: It is empty, a number or a truth value, or holds control characters.
    """
    if not scalar.text.strip():
        raise bad("text_empty", scalar, path)
    if not scalar.quoted and _NOT_TEXT.fullmatch(scalar.text):
        raise bad("text_unquoted", scalar, path)
    if _CONTROL.search(scalar.text):
        raise bad("text_control", scalar, path)
    return scalar.text


def free_word(scalar: ScalarNode, path: str) -> str:
    """Return a name that anyone may choose: the key of a free index, a reading's value.

    Raises:
        BadValueError: It is empty or holds control characters.
    """
    if not scalar.text.strip():
        raise bad("text_empty", scalar, path)
    if _CONTROL.search(scalar.text):
        raise bad("text_control", scalar, path)
    return scalar.text


def identifier(scalar: ScalarNode, path: str) -> str:
    """Return the id of an entity.

    Raises:
        BadValueError: It is empty, ``-`` (which means "does not apply" in the name of a claim),
            begins or ends with a space, or holds a slash or control characters.
    """
    name = scalar.text
    if scalar.is_null or name in {"", "-"} or name != name.strip() or _NOT_IN_ID.search(name):
        raise bad("id", scalar, path)
    return name


def nearest(name: str, legal: Collection[str]) -> str:
    """Return the legal name that comes nearest, else some of the legal ones.

    Where the names come with their labels, a label is as good as its name: 望川市 is ``wangchuan``.
    """
    if isinstance(legal, Mapping):
        for known, label in legal.items():
            if isinstance(label, Label) and name in {label.zh, label.en}:
                return str(known)
    near = difflib.get_close_matches(name, legal, 1, 0.6)
    if near:
        return near[0]
    first = list(legal)[:_MOST_NAMES]
    return ", ".join(first) + (" …" if len(legal) > _MOST_NAMES else "")
