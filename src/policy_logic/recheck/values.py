"""Values as constants of the second engine, so that no two of different kinds are one.

To pyDatalog ``1``, ``1.0``, ``True`` and ``Fraction(1)`` are one constant, and a tuple is taken
apart. So a whole number stays an ``int``, of any size, a text a ``str``; a share, ``none`` and
everything with arguments become objects that equal nothing else. Texts have an order among
themselves, numbers and shares, too; asking for the order of anything else is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from policy_logic.logic.terms import Compound, Value


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """An exact share.

    Attributes:
        exact: Its value.
        stated: The same as it was stated.
    """

    exact: Fraction
    stated: Decimal = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """``none``, or a value with a name and arguments; it equals itself alone.

    Attributes:
        name: The name; empty for ``none``.
        args: The arguments.
    """

    name: str
    args: tuple[Plain, ...]


Plain: TypeAlias = int | str | Share | Made


class Constants:
    """The constants of one derivation: of every made value there is one object."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[Plain, ...]], Made] = {}
        self._unseen: list[Made] = []

    def encode(self, value: Value) -> Plain:
        """Return a value as a constant.

        Raises:
            TypeError: It is a truth value, which the rules do not have.
        """
        if isinstance(value, bool):
            raise TypeError(f"{value!r} is no value of the rules")
        if isinstance(value, (int, str)):
            return value
        if value is None:
            return self.make("", ())
        if isinstance(value, Decimal):
            return Share(Fraction(value), value)
        return self.make(value.name, tuple(self.encode(argument) for argument in value.args))

    def make(self, name: str, args: tuple[Plain, ...]) -> Made:
        """Return the value with a name and arguments."""
        known = self._known.get((name, args))
        if known is None:
            known = self._known[name, args] = Made(name, args)
            self._unseen.append(known)
        return known

    def fresh(self) -> list[Made]:
        """Return the made values that were not there when this was asked last."""
        found, self._unseen = self._unseen, []
        return found


def decode(plain: Plain) -> Value:
    """Return a constant as a value; the inverse of :meth:`Constants.encode`."""
    if isinstance(plain, Share):
        return plain.stated
    if isinstance(plain, Made):
        if not plain.name:
            return None
        return Compound(plain.name, tuple(map(decode, plain.args)))
    return plain
