"""A first sketch of a line: what a drafter takes the comment signs off, and mends.

A sketch is complete in itself: its rules use attributes that the sketch of the vocabulary declares,
so that it loads as it is, once it is no comment any more. It says nothing of what the text means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.lab.outline import Clause, Stated

KIND: Final = "enterprise"
_SUBJECT: Final = "Enterprise"
_AT_MOST: Final = re.compile("最高|不超过|以内|不高于|封顶")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that a sketch needs.

    Attributes:
        name: Its name.
        type: Its type, as the vocabulary has it.
        about: The number it is compared with or multiplied by; ``None`` for a condition.
        is_yearly: Whether it is stated for each year.
    """

    name: str
    type: str
    about: Stated | None
    is_yearly: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """A proposed line.

    Attributes:
        line: Its id.
        clause: The clause that seems to grant it.
        attributes: The attributes that its rules use.
        is_yearly: Whether it is paid for the figures of each year.
        determinacy: ``exact``, ``ceiling``, or ``open`` where the clause states no sum.
        rules: Its rules, line by line.
        unused: The numbers of the clause that the rules do not use.
    """

    line: str
    clause: Clause
    attributes: tuple[Attribute, ...]
    is_yearly: bool
    determinacy: str
    rules: tuple[str, ...]
    unused: tuple[Stated, ...]


def sketch(policy: str, clause: Clause) -> Sketch:
    """Sketch the line that a clause seems to grant.

    The numbers that look like thresholds are compared with figures of the enterprise; a rate is
    taken of a base and cut at the first cap; without a rate the first sum, or cap, is paid.

    Args:
        policy: The policy's id.
        clause: A clause with a line.
    """
    name = re.sub(r"[^a-z0-9]+", "_", f"{policy}_{clause.line}")
    line = f"{policy}.{clause.line}"
    thresholds = [s for s in clause.stated if s.figure.role == "minimum"][:3]
    rate = next((s for s in clause.stated if s.figure.role == "rate"), None)
    cap = next((s for s in clause.stated if _is_money(s, "cap")), None)
    paid = rate or next((s for s in clause.stated if _is_money(s, "amount")), None) or cap
    is_yearly = clause.is_yearly and bool(thresholds or rate)
    attributes = [
        Attribute(f"{name}_figure{_nth(n)}", stated.figure.kind, stated, is_yearly)
        for n, stated in enumerate(thresholds)
    ]
    if not thresholds and not is_yearly:
        attributes.append(Attribute(f"{name}_qualifies", "bool", None, is_yearly=False))
    base = Attribute(f"{name}_base", "money", rate, is_yearly) if rate else None
    conditions = [line for a in attributes for line in _condition(policy, a)]
    if base and is_yearly and not thresholds:
        conditions.append(f"{base.name}({_SUBJECT}, Year, _)")
    occasion = "year(Year)" if is_yearly else "day(Date)"
    conditions += [] if is_yearly else ["as_of(Date)"]
    used = [*thresholds, *filter(None, [paid]), *([cap] if rate and cap else [])]
    return Sketch(
        line=line,
        clause=clause,
        attributes=(*attributes, *filter(None, [base])),
        is_yearly=is_yearly,
        determinacy=_determinacy(paid, rate),
        rules=(
            *_rule(f'eligible("{line}", {_SUBJECT}, {occasion})', conditions),
            *(
                [
                    "",
                    *_rule(
                        f'amount("{line}", {_SUBJECT}, {occasion}, Yuan)',
                        [
                            f'eligible("{line}", {_SUBJECT}, {occasion})',
                            *_paid(policy, paid, base, cap),
                        ],
                    ),
                ]
                if paid
                else []
            ),
        ),
        unused=tuple(s for s in clause.stated if s not in used),
    )


def annual_caps(policy: str, clause: Clause, lines: Sequence[Sketch]) -> Iterator[str]:
    """Yield the rules by which a clause caps what lines pay in a year."""
    for stated in clause.stated:
        if _is_money(stated, "cap"):
            for known in lines:
                if known.is_yearly:
                    yield f'annual_cap("{known.line}", "{policy}.{stated.key}").'


def _nth(index: int) -> str:
    return "" if index == 0 else f"_{index + 1}"


def _condition(policy: str, attribute: Attribute) -> Iterator[str]:
    """Yield the conditions that a figure reaches its threshold, or that something holds."""
    if attribute.about is None:
        yield f"{attribute.name}({_SUBJECT})"
        return
    number = int(attribute.name.rpartition("_figure")[2].lstrip("_") or 1)
    prime = "'" * (number - 1)
    year = "Year, " if attribute.is_yearly else ""
    yield f'number("{policy}.{attribute.about.key}", Minimum{prime})'
    yield f"{attribute.name}({_SUBJECT}, {year}Figure{prime})"
    yield f"Figure{prime} >= Minimum{prime}"


def _paid(policy: str, paid: Stated, base: Attribute | None, cap: Stated | None) -> Iterator[str]:
    """Yield the conditions that come to the sum."""
    if base is None:
        yield f'number("{policy}.{paid.key}", Yuan)'
        return
    year = "Year, " if base.is_yearly else ""
    yield f"{base.name}({_SUBJECT}, {year}Base)"
    yield f'number("{policy}.{paid.key}", Rate)'
    if cap is None:
        yield "Yuan = @portion(Base, Rate)"
        return
    yield f'number("{policy}.{cap.key}", Cap)'
    yield "Yuan = @at_most(@portion(Base, Rate), Cap)"


def _rule(head: str, conditions: Sequence[str]) -> Iterator[str]:
    yield f"{head} :-"
    for number, condition in enumerate(conditions, 1):
        yield f"    {condition}{'.' if number == len(conditions) else ','}"


def _is_money(stated: Stated, role: str) -> bool:
    return stated.figure.kind == "money" and stated.figure.role == role


def _determinacy(paid: Stated | None, rate: Stated | None) -> str:
    if paid is None:
        return "open"
    is_ceiling = paid.figure.role == "cap" or (rate is not None and _is_ceiling(rate))
    return "ceiling" if is_ceiling else "exact"


def _is_ceiling(rate: Stated) -> bool:
    """Return whether a rate is the most that is paid, not what is paid."""
    around = "".join(rate.clause.split())
    written = "".join(rate.written.split())
    before, _, after = around.partition(written)
    return bool(_AT_MOST.search(before[-6:]) or _AT_MOST.match(after))
