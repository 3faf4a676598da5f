"""Figures for a completion: of those that the texts suggest, the ones that pay most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from policy_logic.decide.completions import Said, is_of_days, is_open
from policy_logic.rulebook.turning import turning_figures, turning_shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.decide.reach import Best, Reach
    from policy_logic.facts.model import Value
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Measure

_MOST_PLANS: Final = 30
_RISE: Final = 1000


def climb(reach: Reach, best: Best, measure: Measure) -> Iterator[int]:
    """Yield totals of completions, each higher than the last, until one comes to the bound.

    The figures left open are taken at their greatest first, or rising from year to year. If that
    falls short, the values near which the rules turn are tried, one figure after another, all
    figures of one attribute and year together; the day on which a policy was published first of
    all, since everything under it hangs on that day.
    """
    said, highest, tried = best.said, -1, 0
    short: set[str] = set()
    for version in (said, _rising(said)):
        total, behind = _attempt(reach, best, version, measure)
        if total > highest:
            highest, said, short = total, version, behind
            yield total
    groups = {_group(one) for one in said if is_open(one.answer) and one.missing.entity in short}
    for group in sorted(groups, key=lambda group: (group[0] != "policy", group)):
        own = next(one for one in said if is_open(one.answer) and _group(one) == group)
        for value in values_to_try(own, reach.planner.book):
            tried += 1
            if highest >= best.bound or tried > _MOST_PLANS:
                return
            version = tuple(
                replace(one, figure=_within(one, value))
                if is_open(one.answer) and _group(one) == group
                else one
                for one in said
            )
            total, _ = _attempt(reach, best, version, measure)
            if total > highest:
                highest, said = total, version
                yield total


def _attempt(
    reach: Reach, best: Best, said: Sequence[Said], measure: Measure
) -> tuple[int, set[str]]:
    """Plan a completion; return its total, and the entities behind what it falls short by."""
    derivation = reach.derivation(said)
    if derivation is None:
        return -1, set()
    chosen = reach.choose(derivation, measure)
    short: set[str] = set()
    for claim, wanted in best.paid.items():
        paid = chosen.paid.get(claim)
        if paid is None or getattr(paid, measure) < wanted:
            line = derivation.book.lines[claim.line]
            short |= {claim.subject, line.policy, reach.planner.case.applicant}
    return chosen.choice.total, short


def _rising(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return a completion in which the figures of later years are much higher."""
    years = sorted(
        {k for one in said for k in one.missing.keys if isinstance(k, int)}, reverse=True
    )

    def risen(one: Said) -> Said:
        year = next((k for k in one.missing.keys if isinstance(k, int)), None)
        most = one.value
        if year is None or not is_open(one.answer) or not isinstance(most, int):
            return one
        return replace(one, figure=most // _RISE ** years.index(year))

    return tuple(map(risen, said))


def values_to_try(one: Said, book: Rulebook) -> list[Value]:
    """Return figures near which the rules turn, or the ends of a stretch of days."""
    attribute = one.missing.attribute
    said = one.answer.said
    assert isinstance(said, tuple)  # noqa: S101 - asked of open answers only
    if is_of_days(one.answer):
        return list(said)
    if attribute.type == "share":
        return [*turning_shares(book, attribute)]
    return [*turning_figures(book, attribute), 0]


def _within(one: Said, value: Value) -> Value:
    """Return a value to try for one of several; a day has to lie in its own stretch."""
    said = one.answer.said
    assert isinstance(said, tuple)  # noqa: S101 - asked of open answers only
    if is_of_days(one.answer):
        return value if said[0] <= value <= said[1] else said[0]  # type: ignore[operator]
    return value


def _group(one: Said) -> tuple[str, str, str]:
    keys = one.missing.keys
    return one.missing.attribute.kind, one.missing.attribute.name, str(keys[:1])
