"""Figures for a completion: of those that the texts suggest, the ones that pay most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from policy_logic.decide.completions import Said, completed, is_of_days, is_open
from policy_logic.derive.derivation import derive_together
from policy_logic.rulebook.turning import turning_figures, turning_shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.decide.reach import Best, Reach
    from policy_logic.facts.model import Value
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Measure

_MOST_PLANS: Final = 18
_MOST_ENTITIES: Final = 300  # entities times plans, beyond which less is tried
_RISE: Final = 1000


def climb(reach: Reach, best: Best, measure: Measure) -> Iterator[int]:
    """Yield totals of completions, each higher than the last, until one comes to the bound.

    The figures left open are taken at their greatest first, or rising from year to year, and the
    day on which a policy was published is tried in each stretch, since everything under it hangs
    on that day. If that falls short, the values near which the rules turn are tried, one figure
    after another, all figures of one attribute and year together.
    """
    size = len(reach.planner.case.entities)
    left = min(_MOST_PLANS, max(4, _MOST_ENTITIES // size))
    highest, said, short = -1, best.said, frozenset[str]()
    tried = [version for start in (said, _rising(said)) for version in _published(start)]
    groups: list[tuple[str, str, str]] | None = None
    while left > 0 and highest < best.bound and not reach.is_late:
        for version, total, behind in _planned(reach, best, tried[:left], measure):
            if total > highest:
                highest, said, short = total, version, behind
                yield total
        left -= len(tried)
        if groups is None:
            groups = sorted({_group(o) for o in said if is_open(o.answer) and _entity(o) in short})
        if not groups:
            return
        tried = list(_with_group(said, groups.pop(0), reach.planner.book))


def _planned(
    reach: Reach, best: Best, versions: Sequence[tuple[Said, ...]], measure: Measure
) -> Iterator[tuple[tuple[Said, ...], int, frozenset[str]]]:
    """Plan completions; yield each with its total, and the entities behind what is lacking."""
    book = reach.planner.book
    cases = [completed(reach.planner.case, said, book.vocabulary) for said in versions]
    sound = [(said, case) for said, case in zip(versions, cases, strict=True) if case is not None]
    if not sound:
        return
    derived = derive_together([case for _, case in sound], book)
    for (said, _), derivation in zip(sound, derived, strict=True):
        chosen = reach.choose(derivation, measure)
        short: set[str] = {reach.planner.case.applicant}
        for claim, wanted in best.paid.items():
            paid = chosen.paid.get(claim)
            if paid is None or getattr(paid, measure) < wanted:
                short.add(claim.subject)
        yield said, chosen.choice.total, frozenset(short)


def _published(said: tuple[Said, ...]) -> Iterator[tuple[Said, ...]]:
    """Yield a completion with every policy published at either end of each stretch."""
    own = [o for o in said if o.missing.attribute.kind == "policy" and is_of_days(o.answer)]
    if not own:
        yield said
        return
    for place in range(max(len(one.missing.answers) for one in own)):
        for end in (0, 1):
            yield tuple(_moved(one, place, end) if one in own else one for one in said)


def _moved(one: Said, place: int, end: int) -> Said:
    answer = one.missing.answers[min(place, len(one.missing.answers) - 1)]
    assert isinstance(answer.said, tuple)  # noqa: S101 - a day of publication is open
    return Said(one.missing, answer, answer.said[end])


def _with_group(
    said: tuple[Said, ...], group: tuple[str, str, str], book: Rulebook
) -> Iterator[tuple[Said, ...]]:
    """Yield a completion with the figures of a group at each value to try."""
    own = next(one for one in said if is_open(one.answer) and _group(one) == group)
    for value in values_to_try(own, book):
        yield tuple(
            replace(one, figure=_within(one, value))
            if is_open(one.answer) and _group(one) == group
            else one
            for one in said
        )


def _entity(one: Said) -> str:
    return one.missing.entity


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
