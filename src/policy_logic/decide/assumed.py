"""What is taken as "none" because a case says nothing of it, and what the plan would pay else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from policy_logic.decide.decision import Sums
from policy_logic.derive.derivation import derive_together
from policy_logic.errors import Position
from policy_logic.facts.model import Fact, Grant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.planning import Planner
    from policy_logic.derive.claims import Claim
    from policy_logic.facts.model import Case
    from policy_logic.facts.vocabulary import Attribute

_NOWHERE: Final = Position("<assumed>", 0)
_MOST_CLAIMS: Final = 10


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something taken as "none", and the plan if it is otherwise.

    Attributes:
        path: What the case does not say, as ``enterprise.heguang.false_material``; ``received``
            for support received before.
        attribute: The attribute; ``None`` for support received before.
        entity: The entity it is about; empty for support received before.
        claim: The claim that would have been paid before; ``None`` for all of the plan at once,
            and for an attribute.
        totals: What the plan would then pay.
    """

    path: str
    attribute: Attribute | None
    entity: str
    claim: Claim | None
    totals: Sums


def assumptions(planner: Planner) -> tuple[Assumption, ...]:
    """Return what a plan rests on that nobody said, where it would pay less else.

    Of support received before: for each claim of the plan, that its whole sum has been paid
    already; for the highest sums only, and for all claims at once.
    """
    versions = [*_attributes(planner), *_grants(planner)]
    if not versions:
        return ()
    derived = derive_together([case for _, case in versions], planner.book)
    before = planner.chosen.totals
    found = []
    for (assumption, _), derivation in zip(versions, derived, strict=True):
        totals = planner.choose(derivation).totals
        if totals.firm < before.firm or totals.potential < before.potential:
            found.append(replace(assumption, totals=totals))
    return tuple(found)


def _attributes(planner: Planner) -> Iterator[tuple[Assumption, Case]]:
    """Yield the case with each fact otherwise that is taken as none if absent."""
    for path, attribute in planner.derivation.atoms.assumed_none.items():
        entity = path.split(".")[1]
        if attribute.type == "bool":
            members: list[bool | str] = [True]
        elif "line" in attribute.values:
            members = [line for line in attribute.lines if line in planner.book.lines]
        else:
            members = [*planner.book.vocabulary.members(attribute)]
        facts = [
            Fact(attribute.kind, entity, attribute.name, (), member, _NOWHERE) for member in members
        ]
        case = replace(planner.case, facts=(*planner.case.facts, *facts))
        yield Assumption(path, attribute, entity, None, Sums(0, 0)), case


def _grants(planner: Planner) -> Iterator[tuple[Assumption, Case]]:
    """Yield the case with claims of the plan paid before."""
    if planner.case.grants_given:
        return
    paid = {claim: sums for claim, sums in planner.chosen.paid.items() if sums.potential > 0}
    ordered = sorted(paid, key=lambda claim: (-paid[claim].potential, claim.order))
    amounts = planner.derivation.candidates
    grants = {
        claim: Grant(
            claim.subject, amounts[claim].potential, _NOWHERE, line=claim.line,
            year=amounts[claim].cap_year if claim.year is None else claim.year,
            trigger=claim.trigger,
        )
        for claim in ordered
    }  # fmt: skip
    for claim in ordered[:_MOST_CLAIMS]:
        case = replace(planner.case, grants=(grants[claim],), grants_given=True)
        yield Assumption("received", None, "", claim, Sums(0, 0)), case
    if len(ordered) > 1:
        case = replace(planner.case, grants=tuple(grants.values()), grants_given=True)
        yield Assumption("received", None, "", None, Sums(0, 0)), case
