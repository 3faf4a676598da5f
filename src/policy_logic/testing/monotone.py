"""More achievement never pays less."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from policy_logic.derive.derivation import derive_together
from policy_logic.errors import FactsError
from policy_logic.facts.numbers import HIGHEST
from policy_logic.facts.reader import case_from_mapping
from policy_logic.testing.fault import fault, raise_first
from policy_logic.testing.sides import achievements
from policy_logic.testing.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.testing.fault import Fault

_MOST_RAISED: Final = 40
_MOST_VALUES: Final = 9


def check_monotone(book: Rulebook, facts: Mapping[str, Any]) -> None:
    """Check that more of an achievement never lowers what a claim is worth.

    Each figure that is an achievement of a line (see :mod:`policy_logic.testing.sides`) is raised
    to the next values at which the rules may turn, and doubled. No claim of such a line may
    disappear, or be worth less on its own, for certain or at most. Support received before is
    left aside: it says what is left to pay, not what a line is worth.

    Raises:
        PropertyFault: A claim is worth less; ``about`` is the line and the attribute.
        FactsError: The case is wrong.
    """
    raise_first(book, _faults(book, {**facts, "received": []}))


def _faults(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[Fault]:
    vocabulary = book.vocabulary
    raised = []
    for attribute, path, now, more, lines in _raises(book, facts):
        try:
            case = case_from_mapping(_with(facts, path, more), vocabulary)
        except FactsError:  # shares that no longer fit together, say
            continue
        raised.append((attribute, path, now, more, lines, case))
    if not raised:
        return
    cases = [case_from_mapping(facts, vocabulary), *(entry[-1] for entry in raised)]
    before, *after = derive_together(cases, book)
    for (attribute, path, now, more, lines, _), derivation in zip(raised, after, strict=True):
        for claim, candidate in before.candidates.items():
            if claim.line not in lines:
                continue
            other = derivation.candidates.get(claim)
            least = (candidate.firm, candidate.potential)
            found = (other.firm, other.potential) if other else (0, 0)
            if any(low < high for low, high in zip(found, least, strict=True)):
                yield fault(
                    "monotone", f"{claim.line} {attribute.name}", [claim.line], claim=claim,
                    fact=".".join(map(str, path)), now=now, more=more, before=max(least),
                    after=max(found) if other else 0, firm=least[0], less_firm=found[0],
                )  # fmt: skip


def _raises(
    book: Rulebook, facts: Mapping[str, Any]
) -> Iterator[tuple[Attribute, tuple[Any, ...], Any, Any, tuple[str, ...]]]:
    """Yield what may be raised: attribute, place, value, higher value, and the lines it is for."""
    turns, count = Turns(book), 0
    for attribute, lines in achievements(book).items():
        for name, values in (facts.get(attribute.kind) or {}).items():
            stated = (values or {}).get(attribute.name)
            for keys, now in _leaves(stated, len(attribute.index)):
                for more in _higher(attribute, now, turns):
                    if count < _MOST_RAISED:
                        count += 1
                        yield (
                            attribute,
                            (attribute.kind, name, attribute.name, *keys),
                            now,
                            more,
                            lines,
                        )


def _leaves(value: Any, depth: int) -> Iterator[tuple[tuple[Any, ...], Any]]:  # noqa: ANN401 - any value of a case
    """Yield the figures of an attribute with their keys."""
    if depth and isinstance(value, dict):
        for key, inner in value.items():
            for keys, found in _leaves(inner, depth - 1):
                yield (key, *keys), found
    elif isinstance(value, dict):
        yield from _leaves(value.get("value"), 0)
    elif not depth and isinstance(value, (int, Decimal)):
        yield (), value


def _higher(attribute: Attribute, now: Any, turns: Turns) -> list[Any]:  # noqa: ANN401 - a figure
    """Return the next values at which the rules may turn, and twice the value."""
    share = attribute.type == "share"
    near = turns.shares(attribute) if share else turns.figures(attribute)
    most = Decimal(1) if share else HIGHEST
    found = [value for value in near if value > now][:_MOST_VALUES]
    return list(dict.fromkeys([*found, *([min(most, 2 * now)] if 0 < now < most else [])]))


def _with(facts: Mapping[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:  # noqa: ANN401 - a figure
    """Return a case with one value taken otherwise."""
    other = copy.deepcopy(dict(facts))
    *parents, last = path
    place = other
    for part in parents:
        place = place[part]
    if isinstance(place[last], dict):
        place, last = place[last], "value"
    place[last] = value
    return other
