"""How far a figure or a day may lie for a set to stay enough: told as "at least", "at most"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from policy_logic.remedies.figures import border, ends_of, place_on, scale_of, written_at
from policy_logic.remedies.settings import Setting, Settings, place_of

if TYPE_CHECKING:
    from datetime import date

    from policy_logic.facts.sweeps import Scale
    from policy_logic.remedies.trials import Trials


class Range(NamedTuple):
    """The values of a fact that would do, as a facts file writes them; empty for no limit."""

    least: str
    most: str


class Ranges:
    """The ranges of the figures and days of sets, the other settings of a set staying."""

    def __init__(self, trials: Trials, latest: date, days: tuple[int, ...]) -> None:
        """Look at sets of one case.

        Args:
            trials: The versions of the case.
            latest: The last day that a fact may be of.
            days: Days from which on something may hold, as ordinals, as the first day of a policy.
        """
        self._trials, self._latest, self._days = trials, latest, days
        self._known: dict[str, tuple[int, int]] = {}

    def of(self, settings: Settings, index: int) -> Range:
        """Return the range of one of the settings of a set that is enough."""
        path, value = settings[index]
        scale = scale_of(place_of(path, self._trials.planner.book.vocabulary).attribute)
        place = scale and place_on(scale, value)
        if scale is None or place is None:
            return Range("", "")
        ends = ends_of(scale, self._latest)
        low = self._side(settings, index, scale, place, ends[0])
        high = self._side(settings, index, scale, place, ends[1])
        self._known[path] = low, high
        is_day = scale.type == "date"
        return Range(
            "" if low == ends[0] else written_at(scale, low),
            "" if high == ends[1] and not is_day else written_at(scale, high),
        )

    def _side(self, settings: Settings, index: int, scale: Scale, place: int, end: int) -> int:
        """Return the last place towards an end of the scale at which a set is enough."""
        if place == end:
            return end
        way = 1 if end > place else -1

        def at(value: int) -> Settings:
            moved = Setting(settings[index].path, written_at(scale, value))
            return (*settings[:index], moved, *settings[index + 1 :])

        guesses = {place, *(self._known.get(settings[index].path, ()))}
        guesses |= {*self._days} if scale.type == "date" else set()
        ahead = (guess for guess in guesses if (guess - place) * way >= 0 < (end - guess) * way)
        tried = sorted(ahead, key=lambda guess: abs(guess - place))
        self._trials.derive(at(value) for g in [*tried, end] for value in (g, g + way)
                            if (end - value) * way >= 0)  # fmt: skip
        if self._trials.holds(at(end)):
            return end
        for guess in tried:
            following = guess + way
            if self._trials.holds(at(guess)) and not self._trials.holds(at(following)):
                return guess
        return border(
            end, place, lambda value: self._trials.holds(at(value)),
            lambda several: self._trials.derive(map(at, several)),
        )  # fmt: skip
