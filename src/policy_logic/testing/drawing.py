"""Drawing single values: what is drawn as 0 is the plainest, so that failing cases get smaller."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from hypothesis import strategies as st

from policy_logic.facts.numbers import HIGHEST, MOST_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypothesis.strategies import DrawFn

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.testing.turns import Turns

T = TypeVar("T")
N = TypeVar("N", int, Decimal)

EVIDENCE: Final = "备案系统截图"
TEXTS: Final = ("古城奇缘", 'The "Old" Town', "云冈\\夜", "Tea & <Wine> [1]", "第二部；续")
_MILLION: Final = 1_000_000
_RECENT_DAYS: Final = 430
_PAST_DAYS: Final = 1200
_FAR_DAYS: Final = 1600


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class Drawer:
    """Draws values for one case.

    Attributes:
        turns: What the rules look at.
        good: Whether the case is to meet most conditions.
        as_of: The day of the case.
    """

    def __init__(self, draw: DrawFn, turns: Turns, *, good: bool) -> None:
        self._draw, self.turns, self.good = draw, turns, good
        self.as_of = turns.day

    def below(self, count: int) -> int:
        """Draw a number from 0 to one less than a count."""
        return self._draw(_below(count))

    def once_in(self, times: int) -> bool:
        """Draw a truth that is rare, and plainly false."""
        return self.below(times) == times - 1

    def all_but_once_in(self, times: int) -> bool:
        """Draw a truth that is frequent, yet plainly false: what it lets in drops out first."""
        return self.below(times) > 0

    def often(self) -> bool:
        """Draw whether to state something."""
        return self.all_but_once_in(16 if self.good else 8)

    def rarely(self) -> bool:
        """Draw whether to depart from what is usual."""
        return self.once_in(13 if self.good else 6)

    def pick(self, values: Sequence[T]) -> T:
        """Draw one of several values, plainly the first."""
        return values[self.below(len(values))]

    def some(self, values: Sequence[T], least: int, most: int) -> list[T]:
        """Draw different values, in any order."""
        left = list(values)
        count = least + self.below(min(most, len(left)) - least + 1)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def flag(self, attribute: Attribute) -> bool:
        """Draw a truth, plainly the one that the rules ask for."""
        return self.rarely() == (attribute.name in self.turns.unwanted)

    def figure(self, attribute: Attribute) -> int:
        """Draw a figure, mostly where the rules turn."""
        near = self.turns.figures(attribute) or [_MILLION]
        if not self.rarely():
            stated = self.turns.stated(attribute) or near
            if not self.good:
                return self.pick(plainest(self.pick((stated, near))))
            return self.pick(plainest(self.pick((stated[len(stated) // 2 :], near, near[-6:]))))
        if self.once_in(2):
            return self.below(min(HIGHEST, 3 * near[-1]) + 1)
        zeros = self.below(len(str(near[-1])) + 1)
        return min(HIGHEST, self.below(100) * int(f"1{'0' * zeros}"))

    def share(self, attribute: Attribute) -> Decimal:
        """Draw a share, mostly where the rules turn."""
        near = self.turns.shares(attribute)
        if near and not self.rarely():
            if self.good:
                near = near[len(near) // 2 :]
            return self.pick(plainest(near)) if self.once_in(2) else _beyond(self.pick(near))
        if self.once_in(3):
            return Decimal(self.below(10**MOST_DECIMALS + 1)).scaleb(-MOST_DECIMALS)
        return Decimal(self.below(101)) / 100

    def day(self) -> date:
        """Draw a day, mostly in the last year, sometimes far away or where a policy begins."""
        if not self.rarely():
            return self.as_of - timedelta(self.below(_RECENT_DAYS))
        days = self.turns.days
        if days and self.once_in(3):
            return self.pick(days)
        return self.as_of + timedelta(self.below(_FAR_DAYS) - _PAST_DAYS)

    def word(self, attribute: Attribute) -> str:
        """Draw a value of a list, mostly one that a rule names."""
        return self.pick(self.words(attribute.values))

    def members(self, attribute: Attribute) -> list[str] | dict[str, bool]:
        """Draw a set, complete or not."""
        found = self.some(self.words(attribute.values), int(self.good), 4)
        return {word: not self.rarely() for word in found} if self.once_in(2) else found

    def words(self, lists: tuple[str, ...]) -> list[str]:
        """Draw from which words to take one: mostly those that a rule names."""
        return self.turns.legal(lists) if self.rarely() else self.turns.mentioned(lists)

    def text(self, _: Attribute) -> str:
        """Draw a text, plainly a plain one."""
        return self.pick(TEXTS)


def plainest(values: Iterable[N]) -> list[N]:
    """Return numbers in the order of how plainly they are written: round ones first."""
    return sorted(values, key=lambda value: (len(format(value, "f").strip("0.")), value))


def _beyond(share: Decimal) -> Decimal:
    """Return a share that lies clearly beyond another."""
    return min(share + Decimal("0.1"), Decimal(1))
