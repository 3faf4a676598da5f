"""What differs between a stored part of a decision and the part as it is found, place by place."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.derive.claims import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABSENT: Final = "—"
"""What stands for a value where there is none at all, not even ``null``."""

Form: TypeAlias = "type | tuple[type, ...] | list[Form] | dict[str, Form]"
"""What a value has to be: of a type, a list of a form, or an object with at least these keys."""

_NAMES: Final = {
    bool: "boolean", int: "integer", float: "number", str: "string", list: "array",
    dict: "object", type(None): "null",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in a stored decision that does not hold.

    Attributes:
        kind: ``shape`` (what a decision does not look like), ``facts``, ``rules``, ``text``,
            ``program``, ``case``, ``arithmetic``, ``candidate``, ``total``, ``refusal``,
            ``benefit``, ``notice``, ``optimality``, ``certificate`` or ``asked`` (what the
            decision was asked for besides the plan).
        where: The part of the decision, as ``totals.firm``; what belongs to a row is named by its
            claim, as ``datong.2-9.rd/engine paid.firm``.
        stored: What it says; ``ABSENT`` where it says nothing.
        found: What is found instead; an error where what it says cannot be.
    """

    kind: str
    where: str
    stored: object
    found: object


def compare(kind: str, where: str, stored: object, found: object) -> Iterator[Difference]:
    """Yield every place in which two JSON values differ; the order of keys does not count.

    A missing or a strange key, and a value of another type, are differences of shape.
    """
    if isinstance(stored, dict) and isinstance(found, dict):
        for key in (*found, *(key for key in stored if key not in found)):
            place = f"{where}.{key}"
            yield from compare(kind, place, stored.get(key, ABSENT), found.get(key, ABSENT))
    elif isinstance(stored, list) and isinstance(found, list):
        yield from _lists(kind, where, stored, found)
    elif type(stored) is not type(found) or stored != found:
        is_null = stored is None or found is None
        is_other = type(stored) is not type(found) and not is_null
        absent = stored is ABSENT or found is ABSENT
        yield Difference("shape" if absent or is_other else kind, where, stored, found)


def rows(
    kind: str, stored: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Yield every difference between rows that are told apart by their claim, in any order."""
    said, own = ({name_of(row): row for row in side} for side in (stored, found))
    count = Counter(map(name_of, stored))
    for name in sorted(said.keys() | own.keys()):
        if count[name] > 1:
            yield Difference(kind, name, count[name], 1)
        if name not in said or name not in own:
            yield Difference(kind, name, said.get(name, ABSENT), own.get(name, ABSENT))
            continue
        for difference in compare(kind, name, said[name], own[name]):
            place = difference.where.removeprefix(f"{name}.")
            yield Difference(
                difference.kind, f"{name} {place}", difference.stored, difference.found
            )


def name_of(row: Mapping[str, Any]) -> str:
    """Return what a candidate or a refusal of a stored decision is called."""
    line, subject, year, trigger = (row.get(p) for p in ("line", "subject", "year", "trigger"))
    return str(Claim(str(line), str(subject), year, trigger))


def misshapen(where: str, value: object, form: Form) -> Iterator[Difference]:
    """Yield every place in which a value does not have a form."""
    if isinstance(form, dict) and isinstance(value, dict):
        for key, inner in form.items():
            place = f"{where}.{key}" if where else key
            yield from misshapen(place, value.get(key, ABSENT), inner)
    elif isinstance(form, list) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from misshapen(f"{where}[{index}]", item, form[0])
    else:
        types = form if isinstance(form, tuple) else (form,)
        wanted = [one if isinstance(one, type) else type(one) for one in types]
        if value is ABSENT or type(value) not in wanted:
            yield Difference("shape", where, value, " | ".join(_NAMES[one] for one in wanted))


def _lists(
    kind: str, where: str, stored: list[object], found: list[object]
) -> Iterator[Difference]:
    if len(stored) == len(found):
        for index, (one, other) in enumerate(zip(stored, found, strict=True)):
            yield from compare(kind, f"{where}[{index}]", one, other)
        return
    said, own = (Counter(json.dumps(item, sort_keys=True) for item in s) for s in (stored, found))
    more, missing = (
        [json.loads(item) for item in counted.elements()] for counted in (said - own, own - said)
    )
    yield Difference(kind, where, more, missing)
