"""Where values become terms of clingo and come back: whole, in order, and exact.

clingo's integers have 32 bits and wrap silently. So values cross the border here only: a whole
number that does not fit is the term ``large(High, Low)`` with ``High = n // 10^9``. In clingo's
order of terms every number comes before every such term, and two such terms compare part by
part, so ``Revenue >= Minimum`` means what it says for any amount. An exact share is
``share(A, B)``: its first and its next nine decimals.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

from clingo.symbol import Function, Number, String, Symbol, SymbolType

from policy_logic.logic.terms import Compound, Fact, Value

BILLION: Final = 10**9
LARGEST: Final = 2**31 - 1


def to_symbol(value: Value) -> Symbol:
    """Return a value as clingo's term."""
    if isinstance(value, int):
        if -LARGEST <= value <= LARGEST:
            return Number(value)
        if value < 0:  # an order only: a fall this deep is below every threshold, see Calculations
            return Number(-LARGEST)
        return Function("large", [Number(value // BILLION), Number(value % BILLION)])
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return Function("none")
    if isinstance(value, Decimal):
        digits = int(value.scaleb(18).to_integral_exact())
        return Function("share", [Number(digits // BILLION), Number(digits % BILLION)])
    return Function(value.name, [to_symbol(argument) for argument in value.args])


def from_symbol(symbol: Symbol) -> Value:
    """Return clingo's term as a value; the inverse of :func:`to_symbol`."""
    return SymbolReader().value(symbol)


@lru_cache(maxsize=4096)
def _string(text: str) -> Symbol:
    """Return a text as clingo's term; names recur in most atoms."""
    return String(text)


class SymbolReader:
    """Turns clingo's terms into values; a term that recurs, as a claim does, is turned once."""

    def __init__(self) -> None:
        self._known: dict[Symbol, Value] = {}

    def atom(self, symbol: Symbol) -> Fact:
        """Return clingo's atom as ours."""
        name = symbol.name if symbol.positive else f"-{symbol.name}"
        return Fact(name, self.args(symbol))

    def args(self, symbol: Symbol) -> tuple[Value, ...]:
        """Return the arguments of an atom."""
        return tuple([self.value(argument) for argument in symbol.arguments])

    def value(self, symbol: Symbol) -> Value:
        """Return clingo's term as a value."""
        try:
            return self._known[symbol]
        except KeyError:
            value = self._known[symbol] = self._read(symbol)
            return value

    def _read(self, symbol: Symbol) -> Value:
        kind = symbol.type
        if kind == SymbolType.Number:
            return symbol.number
        if kind == SymbolType.String:
            return symbol.string
        name, args = symbol.name, self.args(symbol)
        if name == "large":
            high, low = args
            return _whole(high) * BILLION + _whole(low)
        if name == "share":
            high, low = args
            return Decimal(_whole(high) * BILLION + _whole(low)).scaleb(-18).normalize()
        if name == "none" and not args:
            return None
        return Compound(name, args)


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def to_atom(fact: Fact) -> Symbol:
    """Return a ground atom as clingo's; a leading ``-`` is strong negation."""
    name = fact.name.removeprefix("-")
    return Function(name, [to_symbol(v) for v in fact.args], positive=name == fact.name)
