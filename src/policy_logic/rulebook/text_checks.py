"""What can be checked of a policy against its text: quotations, what none covers, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.errors import Position, Problem
from policy_logic.rulebook.written import written_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policy_logic.rulebook.policy import Policy


def check_text(policy: Policy) -> Iterator[Problem]:
    """Find quotations that the text does not have, and text that nothing accounts for."""
    covered: list[range] = []
    sound = True
    quoted = [
        (quote, where, True)
        for section in policy.sections
        for quote, where in zip(section.quotes, section.quote_positions, strict=True)
    ]
    quoted += [(entry.quote, entry.position, False) for entry in policy.uncovered]
    first = Position(str(policy.folder / "policy.toml"), 1)
    quoted.append((policy.validity.clause, policy.validity.position, True))
    quoted += [(number.clause, number.position, False) for number in policy.numbers.values()]
    quoted += [(reading.clause, reading.position, False) for reading in policy.readings.values()]
    for quote, where, once in quoted:
        places = policy.text.places(quote)
        if not places:
            sound = False
            yield Problem("rulebook.quotation", where, {"differs": _difference(policy, quote)})
        elif once and len(places) > 1:
            yield Problem("rulebook.quotation_twice", where, {"quote": quote})
        covered.extend(places)
    for passage in policy.text.uncovered(covered) if sound else ():
        yield Problem("rulebook.text_uncovered", first, {"passage": passage})


def _difference(policy: Policy, quote: str) -> str:
    """Return where a quotation leaves the text: what it says, what the text says."""
    letters = policy.text.letters
    low = _longest(len(quote), lambda size: bool(policy.text.places(quote[:size])))
    end = _longest(len(quote), lambda size: bool(policy.text.places(quote[len(quote) - size :])))
    if end > low:
        rest = quote[len(quote) - end :]
        stop = policy.text.places(rest)[0].start
        before = quote[: len(quote) - end]
        there = letters[max(0, stop - len(before[-8:])) : stop]
        return f"[{before[-8:]}|{there}]{rest[:8]}"
    places = policy.text.places(quote[:low])
    there = letters[places[0].stop : places[0].stop + 8] if places else ""
    return f"{quote[max(0, low - 8) : low]}[{quote[low : low + 8]}|{there}]"


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """Return the greatest size that holds, where every smaller one holds, too."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def check_numbers(policy: Policy) -> Iterator[Problem]:
    """Find numbers whose value is not what the text writes."""
    for number in policy.numbers.values():
        if "".join(number.written.split()) not in "".join(number.clause.split()):
            details: dict[str, object] = {"name": number.name, "written": number.written}
            yield Problem("rulebook.number_not_in_clause", number.position, details)
        elif number.value != written_value(number.written, number.type):
            details = {"name": number.name, "written": number.written, "value": number.value}
            yield Problem("rulebook.number_value", number.position, details)
