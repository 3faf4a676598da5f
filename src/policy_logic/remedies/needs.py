"""What a way to a line needs: for each condition that does not hold, settings that would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.remedies.settings import Setting, Settings, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy_logic.facts.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Need:
    """One fact to take otherwise.

    Attributes:
        settings: Values that would do, any of them; the first stands for all until the end.
        about: What the values are of: a path, or of members of a set its path.
    """

    settings: Settings
    about: str

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


def joined(first: Way, second: Way, vocabulary: Vocabulary) -> list[Way]:
    """Return the ways that meet two ways at once; none where they ask for different values.

    Of two figures asked of one fact, either may be the one that is enough.
    """
    found: list[dict[str, Need]] = [{}]
    free: set[Need] = set()
    for need in (*first, *second):
        path = need.settings[0].path if len({s.path for s in need.settings}) == 1 else ""
        if not path:
            free.add(need)
            continue
        found = [more for known in found for more in _with(known, need, path, vocabulary)]
    return [frozenset([*known.values(), *free]) for known in found]


def _with(
    known: dict[str, Need], need: Need, path: str, vocabulary: Vocabulary
) -> list[dict[str, Need]]:
    other = known.get(path)
    if other is None or other == need:
        return [{**known, path: need}]
    both = tuple(setting for setting in other.settings if setting in need.settings)
    if both:
        return [{**known, path: Need(both, need.about)}]
    attribute = place_of(path, vocabulary).attribute
    if attribute is not None and attribute.type in {"enum", "ref", "bool", "set"}:
        return []
    return [known, {**known, path: need}]


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
