"""How far a figure or a day may lie for a set to stay enough: told as "at least", "at most"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from policy_logic.remedies.figures import border, ends_of, place_on, scale_of, written_at
from policy_logic.remedies.settings import Setting, Settings, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
        self._known: dict[str, set[int]] = {}

    def of(self, settings: Settings, numbers: Sequence[int]) -> list[Range]:
        """Return the ranges of some settings, by their numbers, of a set that is enough."""
        sides = [side for number in numbers for side in self._sides(settings, number)]
        self._trials.derive(
            version
            for side in sides
            for guess in self._guesses(side)
            for version in (side.at(guess), side.at(guess + side.way))
        )
        found: dict[int, list[str]] = {}
        for side in sides:
            place = self._last_place(side)
            self._known.setdefault(side.path, set()).add(place)
            is_open = place == side.end and (side.scale.type != "date" or side.way < 0)
            text = "" if is_open else written_at(side.scale, place)
            found.setdefault(side.number, []).append(text)
        return [Range(*found.get(number, ("", ""))) for number in numbers]

    def _sides(self, settings: Settings, index: int) -> Iterator[_Side]:
        """Yield where a figure or a day may lie further down, and further up."""
        path, value = settings[index]
        scale = scale_of(place_of(path, self._trials.planner.book.vocabulary).attribute)
        place = place_on(scale, value)
        if scale is not None and place is not None:
            for end in ends_of(scale, self._latest):
                yield _Side(settings, index, scale, place, end)

    def _guesses(self, side: _Side) -> list[int]:
        """Return places that may be the last, the nearest first."""
        known = {side.place, side.end, *self._known.get(side.path, ())}
        known |= {*self._days} if side.scale.type == "date" else set()
        ahead = (guess for guess in known if side.place * side.way <= guess * side.way)
        within = (guess for guess in ahead if guess * side.way <= side.end * side.way)
        return sorted(within, key=lambda guess: abs(guess - side.place))

    def _last_place(self, side: _Side) -> int:
        """Return the last place towards an end of the scale at which a set is enough."""
        if self._trials.holds(side.at(side.end)):
            return side.end
        for guess in self._guesses(side):
            following = side.at(guess + side.way)
            if self._trials.holds(side.at(guess)) and not self._trials.holds(following):
                return guess
        jumps = [side.place + side.way * 10**power for power in range(14)]
        places = [place for place in jumps if place * side.way < side.end * side.way]
        self._trials.derive(map(side.at, places))
        fails = next((p for p in places if not self._trials.holds(side.at(p))), side.end)
        holds = max((p for p in places if p * side.way < fails * side.way),
                    key=lambda place: abs(place - side.place), default=side.place)  # fmt: skip
        return border(
            fails, holds, lambda place: self._trials.holds(side.at(place)),
            lambda places: self._trials.derive(map(side.at, places)),
        )  # fmt: skip


class _Side(NamedTuple):
    """One setting of a set, on its way to one end of its scale."""

    settings: Settings
    number: int
    scale: Scale
    place: int
    end: int

    @property
    def path(self) -> str:
        return self.settings[self.number].path

    @property
    def way(self) -> int:
        return 1 if self.end > self.place else -1

    def at(self, place: int) -> Settings:
        """Return the set with the setting at another place, no further than the end."""
        place = min(place, self.end) if self.way > 0 else max(place, self.end)
        moved = Setting(self.path, written_at(self.scale, place))
        return (*self.settings[: self.number], moved, *self.settings[self.number + 1 :])
