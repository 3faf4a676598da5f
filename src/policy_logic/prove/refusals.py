"""Which refusals a decision owes: every money line that could concern an entity of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from policy_logic.logic.terms import Atom, Compound, Constant, Fact, Literal, Pattern, Value
from policy_logic.prove.matching import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.derive.derivation import Claim, Derivation
    from policy_logic.logic.terms import Rule
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.whynot import Refuser
    from policy_logic.rulebook.policy import Line, Rulebook


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


def occasion_form(book: Rulebook, line: str) -> str:
    """Return what a line rests on: a ``year``, a ``day`` or a ``listing``."""
    for rule in book.rules:
        if rule.head.name == "eligible" and _speaks_of(book, rule.head, line):
            occasion = rule.head.args[2]
            if isinstance(occasion, Pattern):
                return occasion.name
    return "day"


def _speaks_of(book: Rulebook, head: Atom, line: str) -> bool:
    first = head.args[0]
    if isinstance(first, Constant):
        return first.value == line
    return book.lines[line].policy == next(
        rule.policy for rule in book.rules if rule.head is head
    ) and not any(
        rule.head.name == "eligible" and rule.head.args[0] == Constant(line) for rule in book.rules
    )


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
        form = occasion_form(book, line.id)
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
        triggers: list[str | None] = [*sorted(_triggers_named(derivation, line.id, subject))]
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


def _triggers_named(derivation: Derivation, line: str, subject: str) -> set[str]:
    """Return the listings of a subject, past or to come, that the rules behind a line name."""
    vocabulary = derivation.book.vocabulary
    kind = derivation.case.entities[subject].kind
    event = vocabulary.attribute(kind, vocabulary.line_event[line])
    if event is None or not event.index:
        return set()
    listings = _names_behind(derivation.book, line) & {*vocabulary.legal_values(event.index[-1:])}
    found: set[str] = set()
    for fact in derivation.case.facts:
        if fact.entity == subject and fact.holds and fact.attribute in {event.name, event.implies}:
            found |= listings & {str(fact.value), *(str(key) for key in fact.keys)}
    return found


def _names_behind(book: Rulebook, line: str) -> set[str]:
    """Return the names in the rules that a line rests on, leaving out what is another line's."""
    own = [rule for rule in book.rules if rule.policy == book.lines[line].policy]
    needed = {("eligible", 3)}
    while True:
        behind = [r for r in own if r.head.signature in needed and _may_serve(book, r, line)]
        more = {c.atom.signature for r in behind for c in r.body if isinstance(c, Literal)}
        if more <= needed:
            break
        needed |= more
    atoms = [
        a for r in behind for a in (r.head, *(c.atom for c in r.body if isinstance(c, Literal)))
    ]
    return {str(t.value) for a in atoms for t in a.args if isinstance(t, Constant)}


def _may_serve(book: Rulebook, rule: Rule, line: str) -> bool:
    """Return whether a rule does not name another line instead."""
    named = {term.value for term in rule.head.args if isinstance(term, Constant)}
    return line in named or named.isdisjoint(book.lines)


def refusals(derivation: Derivation, refuser: Refuser) -> Iterator[tuple[Target, Refusal]]:
    """Yield every refusal that a decision owes, with its reasons."""
    for target, form in targets(derivation):
        yield target, refuser.why_not(target.goal(form))
