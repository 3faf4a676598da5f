"""Values as text that depends on no language, and the distance between two of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from policy_logic.logic.terms import Compound
from policy_logic.prove.matching import HOLE

if TYPE_CHECKING:
    from policy_logic.logic.terms import Fact, Value


def show(value: Value, *, is_day: bool = False) -> str:
    """Return a value as text that depends on no language."""
    if value is None:
        return "-"
    if is_day and isinstance(value, int):
        return f"{value // 10_000:04}-{value // 100 % 100:02}-{value % 100:02}"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Compound):
        return f"{value.name}({', '.join(show(argument) for argument in value.args)})"
    return str(value)


def written(value: Value) -> str:
    """Return a value as rules write it; an open one as ``_``."""
    if value is None:
        return "none"
    if value == HOLE:
        return "_"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, Compound):
        return _written(value.name, value.args)
    return show(value)


def written_atom(atom: Fact) -> str:
    """Return an atom as rules write it."""
    return _written(atom.name, atom.args)


def _written(name: str, args: tuple[Value, ...]) -> str:
    return f"{name}({', '.join(map(written, args))})" if args else name


def show_given(value: object) -> str:
    """Return a value of the case as text that depends on no language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def distance(actual: Value, operator: str, wanted: Value, *, is_day: bool) -> str:
    """Return how far a value is from satisfying a comparison."""
    if operator in {"=", "!="}:
        return ""
    if is_day and isinstance(actual, int) and isinstance(wanted, int):
        return days(abs((_day(actual) - _day(wanted)).days))
    if isinstance(actual, int) and isinstance(wanted, int):
        return str(abs(wanted - actual) + (operator in {"<", ">"}))
    if isinstance(actual, Decimal) and isinstance(wanted, Decimal):
        return show(abs(wanted - actual))
    return ""


def days(count: int) -> str:
    """Return a number of days in words."""
    return f"{count} day" if count == 1 else f"{count} days"


def _day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)
