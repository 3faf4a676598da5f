"""What the second engine derives of a case beside what clingo derived of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.logic.terms import Compound, Fact, Value
from policy_logic.recheck.by_datalog import derive_again

if TYPE_CHECKING:
    from policy_logic.derive.derivation import Derivation


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the two engines derive differently of one predicate and one claim.

    Attributes:
        predicate: The predicate.
        claim: The claim that the atoms begin with, as ``line/subject/year/trigger``; empty if
            they begin with none.
        clingo: The atoms that only clingo derives.
        pydatalog: The atoms that only pyDatalog derives.
    """

    predicate: str
    claim: str
    clingo: tuple[Fact, ...]
    pydatalog: tuple[Fact, ...]


def rederive(derivation: Derivation) -> tuple[Disagreement, ...]:
    """Derive a case again with the second engine and say where it disagrees with clingo.

    Both are asked for every atom, under the readings of the derivation. What is given is the same
    to both: how a case becomes atoms is not checked.

    Returns:
        The disagreements by predicate and claim; nothing where the engines agree.

    Raises:
        RequestError: The second engine cannot ask the conditions of a rule in any order.
    """
    given = {fact for fact in derivation.atoms.origins if fact.name != "reading"}
    given |= {Fact("reading", pair) for pair in derivation.readings.items()}
    again = given | derive_again(derivation.book.rules, given)
    places: dict[tuple[str, str], tuple[list[Fact], list[Fact]]] = {}
    for fact in derivation.model ^ again:
        place = fact.name, claim_name(fact.args[0]) if fact.args else ""
        places.setdefault(place, ([], []))[fact in again].append(fact)
    return tuple(
        Disagreement(*place, tuple(sorted(clingo, key=str)), tuple(sorted(pydatalog, key=str)))
        for place, (clingo, pydatalog) in sorted(places.items())
    )


def claim_name(value: Value) -> str:
    """Return what a claim is called, an empty text for what is none."""
    if not isinstance(value, Compound) or value.name != "claim":
        return ""
    parts = list(value.args)
    while parts and parts[-1] is None:
        parts.pop()
    return "/".join("-" if part is None else str(part) for part in parts)
