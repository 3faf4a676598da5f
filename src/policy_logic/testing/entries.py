"""Drawing the entries of a case: what was reviewed, and what was received before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from policy_logic.derive.grants import BY_TRIGGER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.testing.drawing import Drawer

_AMOUNTS: Final = (0, 300_000, 50_000, 1, 999_999, 1_500_000, 2_000_000)
_OTHER_POLICY: Final = "某区扶持办法"
_BEFORE_DAYS: Final = 700
_AFTER_DAYS: Final = 10


def review(drawer: Drawer, entities: Mapping[str, str]) -> dict[str, Any] | None:
    """Draw what became of a review; ``None`` if no line could concern an entity."""
    pair = _reviewable(drawer, entities, judged=not drawer.rarely())
    if pair is None:
        return None
    line, subject = pair
    entry: dict[str, Any] = {"line": line, "subject": subject}
    entry["outcome"] = "failed" if drawer.once_in(4) else "passed"
    if drawer.rarely():
        entry["year"] = _year(drawer)
    if entry["outcome"] == "passed" and drawer.once_in(2):
        entry["amount"] = drawer.pick(_AMOUNTS)
    return entry


def grant(drawer: Drawer, entities: Mapping[str, str]) -> dict[str, Any] | None:
    """Draw support received; ``None`` if no line could concern an entity."""
    pair = _reviewable(drawer, entities)
    if pair is None:
        return None
    line, subject = pair
    matter = drawer.turns.book.lines[line].matter
    entry: dict[str, Any] = {"subject": subject, "amount": drawer.pick(_AMOUNTS)}
    form = drawer.below(3)
    if form == 1 and matter != BY_TRIGGER:
        entry |= {"policy": _OTHER_POLICY, "matter": matter}
    else:
        elsewhere = _lines_elsewhere(drawer, entities[subject]) if form == 2 else []
        entry["line"] = drawer.pick(elsewhere) if elsewhere else line
    if drawer.once_in(2):
        entry["year"] = _year(drawer)
    if drawer.once_in(2):
        days = drawer.below(_BEFORE_DAYS) - _AFTER_DAYS
        entry["on"] = drawer.as_of - timedelta(days)
    return entry


def _year(drawer: Drawer) -> int:
    year = drawer.turns.day.year
    return drawer.pick((year, year - 1, year + 1))


def _reviewable(
    drawer: Drawer, entities: Mapping[str, str], *, judged: bool = False
) -> tuple[str, str] | None:
    """Draw a money line, perhaps one that is judged, and an entity that it could concern."""
    lines = drawer.turns.book.lines
    pairs = [
        (line, name)
        for name, kind in entities.items()
        for line in drawer.turns.lines_about(kind)
        if lines[line].kind == "monetary"
        and not (judged and lines[line].determinacy == "exact" and not lines[line].review_required)
    ]
    return drawer.pick(pairs) if pairs else None


def _lines_elsewhere(drawer: Drawer, kind: str) -> list[str]:
    """Return the money lines for a kind that belong to none of the policies drawn for."""
    vocabulary, own = drawer.turns.book.vocabulary, drawer.turns.book.lines
    return [
        line
        for line in sorted(vocabulary.kinds[kind].subject_of - own.keys())
        if vocabulary.line_matter.get(line, BY_TRIGGER) != BY_TRIGGER
    ]
