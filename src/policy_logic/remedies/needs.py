"""What a way to a line needs: for each condition that does not hold, settings that would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.remedies.figures import written_at
from policy_logic.remedies.settings import Setting, Settings, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy_logic.facts.sweeps import Scale
    from policy_logic.facts.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Need:
    """One fact to take otherwise.

    Attributes:
        settings: Values that would do, any of them; the first stands for all until the end.
        about: What the values are of: a path, of members of a set its path, of a figure the
            path with the value.
        place: Of a figure or a day, the value on its scale.
        way: Of a figure or a day, whether it has to lie there or above (1), or below (-1); what
            is unknown now counts as below everything.
    """

    settings: Settings
    about: str
    place: int = 0
    way: int = 0

    @property
    def first(self) -> Setting:
        """The setting that stands for all."""
        return self.settings[0]


Way: TypeAlias = frozenset[Need]


def need_of(settings: Sequence[Setting], vocabulary: Vocabulary) -> Need:
    """Return the need that any of some settings of one attribute meets."""
    place = place_of(settings[0].path, vocabulary)
    whole = place.whole if place.member else settings[0].path
    return Need(tuple(dict.fromkeys(settings)), whole)


def figure_need(paths: Sequence[str], scale: Scale, place: int, way: int) -> Need:
    """Return the need that a figure or a day meets which lies at a place of its scale or beyond.

    Args:
        paths: The fact, or facts of which any one will do.
        scale: Its scale.
        place: The nearest place that is enough.
        way: Whether it lies above (1) or below (-1) what the case says.
    """
    settings = tuple(Setting(path, written_at(scale, place)) for path in paths)
    return Need(settings, "=".join(settings[0]), place, way)


def joined(first: Way, second: Way) -> Way | None:
    """Return the way that meets two ways at once; ``None`` where they ask for different values."""
    found: dict[str, Need] = {}
    free: set[Need] = set()
    for need in (*first, *second):
        path = need.first.path
        if len({setting.path for setting in need.settings}) > 1:
            free.add(need)
            continue
        both = _both(found.get(path, need), need)
        if both is None:
            return None
        found[path] = both
    return _without_implied([*found.values(), *free])


def _without_implied(needs: Sequence[Need]) -> Way:
    """Return needs without those that are met by whatever meets another."""
    return frozenset(
        need
        for need in needs
        if not any(set(other.settings) < set(need.settings) for other in needs)
    )


def _both(first: Need, second: Need) -> Need | None:
    """Return what meets two needs of one fact; of two figures the one that lies further."""
    if first == second:
        return first
    if first.way and first.way == second.way:
        return max(first, second, key=lambda need: need.place * need.way)
    common = tuple(setting for setting in first.settings if setting in second.settings)
    return replace(first, settings=common) if common else None


def smallest(ways: Iterable[Way]) -> list[Way]:
    """Return the ways of which no other is a part."""
    found: list[Way] = []
    for way in sorted(dict.fromkeys(ways), key=len):
        if not any(known <= way for known in found):
            found.append(way)
    return found


def merged(ways: Iterable[Way]) -> list[Way]:
    """Return ways with those joined that differ only in the value that one attribute takes."""
    found = list(dict.fromkeys(ways))
    while True:
        after = _merged_once(found)
        if len(after) == len(found):
            return found
        found = after


def _merged_once(ways: Sequence[Way]) -> list[Way]:
    rest: dict[tuple[Way, str], list[tuple[Way, Need]]] = {}
    for way in ways:
        for need in way:
            rest.setdefault((way - {need}, need.about), []).append((way, need))
    gone: set[Way] = set()
    new: list[Way] = []
    for (others, about), own in rest.items():
        alike = [(way, need) for way, need in own if way not in gone]
        if len(alike) < 2:
            continue
        gone.update(way for way, _ in alike)
        settings = dict.fromkeys(setting for _, need in alike for setting in need.settings)
        new.append(others | {Need(tuple(settings), about)})
    return [*(way for way in ways if way not in gone), *new]
