"""Which listings a subject has, or is to have, that may trigger a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook


def listings_named(case: Case, book: Rulebook, line: str, subject: str) -> set[str]:
    """Return the listings of a subject, past or to come, that the rules behind a line name."""
    vocabulary = book.vocabulary
    event = vocabulary.attribute(case.entities[subject].kind, vocabulary.line_event[line])
    if event is None or not event.index:
        return set()
    listings = book.names_behind(line) & {*vocabulary.legal_values(event.index[-1:])}
    found: set[str] = set()
    for fact in case.facts:
        if fact.entity == subject and fact.holds and fact.attribute in {event.name, event.implies}:
            found |= listings & {str(fact.value), *(str(key) for key in fact.keys)}
    return found
