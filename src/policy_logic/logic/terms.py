"""The rules as plain objects: what the solver, the explainer and the checks all read.

A rule's *values* are plain Python: whole numbers (money, counts, years, and dates as
``yyyymmdd``) as ``int``, exact shares as ``Decimal``, names as ``str``, the constant ``none`` as
``None``, and everything with arguments as a :class:`Compound`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.errors import Position


class Compound(NamedTuple):
    """A value with a name and arguments, as ``year(2025)``; without arguments a constant."""

    name: str
    args: tuple[Value, ...]


Value: TypeAlias = int | Decimal | str | Compound | None


class Fact(NamedTuple):
    """A ground atom: what holds. The name of a strongly negated one begins with ``-``."""

    name: str
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable; every anonymous one has a name of its own, beginning with ``_``."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as written."""

    value: Value


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term with arguments of which at least one holds a variable, as ``year(Year)``."""

    name: str
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An exact calculation, as ``@portion(Revenue, Rate)``."""

    function: str
    args: tuple[Term, ...]


Term: TypeAlias = Variable | Constant | Pattern | Call


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate with its arguments.

    Attributes:
        name: The predicate; it begins with ``-`` where the atom is strongly negated
            (known not to hold).
        args: The arguments.
    """

    name: str
    args: tuple[Term, ...]

    @property
    def signature(self) -> tuple[str, int]:
        """The predicate without its sign, and the number of arguments."""
        return self.name.removeprefix("-"), len(self.args)


@dataclass(frozen=True, slots=True)
class Literal:
    """A condition on an atom.

    Attributes:
        atom: The atom.
        absent: Whether the condition is that the atom is absent (``not``).
        position: Where it stands.
    """

    atom: Atom
    absent: bool
    position: Position


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition on two values; ``=`` also gives a variable its value.

    Attributes:
        left: The term on the left.
        operator: One of ``<``, ``<=``, ``>``, ``>=``, ``=``, ``!=``.
        right: The term on the right.
        position: Where it stands.
    """

    left: Term
    operator: str
    right: Term
    position: Position


Condition: TypeAlias = Literal | Comparison


@dataclass(frozen=True, slots=True)
class Section:
    """A clause of the text and the rules under it.

    Attributes:
        id: The line, or the item, that the rules are about, as ``datong.2-1.horizontal``.
        article: The article as the text numbers it, as ``二（一）``.
        title: What else the heading says.
        quotes: The clause, word for word.
        position: Where the heading stands.
        quote_positions: Where each quotation stands.
    """

    id: str
    article: str
    title: str
    quotes: tuple[str, ...]
    position: Position
    quote_positions: tuple[Position, ...] = ()

    @property
    def clause(self) -> str:
        """The quotations as one text."""
        return "".join(self.quotes)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: The section's id and the rule's number in it, as ``datong.2-1.horizontal#1``.
        policy: The policy whose rule it is; empty for the rules that all policies share.
        head: What it derives.
        body: Its conditions, in the order written.
        section: The clause it stands under.
        position: Where it stands.
        text: The rule as written.
    """

    id: str
    policy: str
    head: Atom
    body: tuple[Condition, ...]
    section: Section
    position: Position
    text: str = field(repr=False)


def variables(term: Term) -> Iterator[str]:
    """Yield the names of a term's variables, in order, with repetitions."""
    if isinstance(term, Variable):
        yield term.name
    elif isinstance(term, (Pattern, Call)):
        for argument in term.args:
            yield from variables(argument)


def source_of(rule: Rule, term: Term) -> Literal | None:
    """Return the condition of a rule that gives a variable its value."""
    if not isinstance(term, Variable):
        return None
    for condition in rule.body:
        if isinstance(condition, Literal) and not condition.absent and term in condition.atom.args:
            return condition
    return None
