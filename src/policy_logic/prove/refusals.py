"""Which refusals a decision owes: every money line that could concern an entity of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from policy_logic.derive.listings import listings_named
from policy_logic.logic.terms import Compound, Fact, Value
from policy_logic.prove.matching import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.derive.claims import Claim
    from policy_logic.derive.derivation import Derivation
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.whynot import Refuser
    from policy_logic.rulebook.policy import Line


class Target(NamedTuple):
    """What could have been a claim.

    Attributes:
        line: The line.
        subject: The entity.
        year: The year of the figures; ``None`` without figures, or where no year is asked.
        trigger: The listing; ``None`` where none is named, or where none is asked.
    """

    line: str
    subject: str
    year: int | None
    trigger: str | None

    def goal(self, form: str) -> Fact:
        """Return what does not hold, its unknown parts open."""
        year: Value = HOLE if self.year is None else self.year
        trigger: Value = HOLE if self.trigger is None else self.trigger
        args: tuple[Value, ...] = {"year": (year,), "listing": (trigger, HOLE)}.get(form, (HOLE,))
        return Fact("qualifies", (self.line, self.subject, Compound(form, args)))


def targets(derivation: Derivation) -> Iterator[tuple[Target, str]]:
    """Yield what is no candidate though its line could concern an entity, in key order.

    There is one per line, subject, year that has figures, and trigger that the facts name.
    """
    book, case = derivation.book, derivation.case
    by_subject: dict[tuple[str, str], list[Claim]] = {}
    for claim in derivation.candidates:
        by_subject.setdefault((claim.line, claim.subject), []).append(claim)
    for line in sorted(book.lines.values(), key=lambda line: line.id):
        if line.kind != "monetary":
            continue
        form = book.occasion_forms[line.id]
        for entity in sorted(case.entities.values(), key=lambda entity: entity.id):
            if entity.kind not in line.subjects:
                continue
            claims = by_subject.get((line.id, entity.id), [])
            if claims and line.per != "year" and form != "listing":
                continue
            for target in _targets(derivation, line, entity.id, form):
                if claims and target.year is None and target.trigger is None:
                    continue
                if not any((c.year, c.trigger) == (target.year, target.trigger) for c in claims):
                    yield target, form


def _targets(derivation: Derivation, line: Line, subject: str, form: str) -> Iterator[Target]:
    if form == "year":
        years: list[int | None] = [*sorted(_years_with_figures(derivation, line.id, subject))]
        for year in years or [None]:
            yield Target(line.id, subject, year, None)
    elif form == "listing":
        triggers: list[str | None] = [
            *sorted(listings_named(derivation.case, derivation.book, line.id, subject))
        ]
        for trigger in triggers or [None]:
            yield Target(line.id, subject, None, trigger)
    else:
        yield Target(line.id, subject, None, None)


def _years_with_figures(derivation: Derivation, line: str, subject: str) -> set[int]:
    vocabulary = derivation.book.vocabulary
    years = set()
    for fact in derivation.case.facts:
        if fact.entity != subject or not fact.keys or not isinstance(fact.keys[0], int):
            continue
        attribute = vocabulary.attribute(fact.kind, fact.attribute)
        if attribute is not None and line in attribute.lines:
            years.add(fact.keys[0])
    return years


def refusals(derivation: Derivation, refuser: Refuser) -> Iterator[tuple[Target, Refusal]]:
    """Yield every refusal that a decision owes, with its reasons."""
    for target, form in targets(derivation):
        yield target, refuser.why_not(target.goal(form))
