"""Cliffs, and places where more pays less: the total while one figure of a witness goes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.lab.capped import richest
from policy_logic.lab.dial import Dial, dials_of, figure_of, swept
from policy_logic.lab.finding import Found, sum_of_money
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.language import both
from policy_logic.logic.terms import Compound, Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.sweeping import Cliff, Swept
    from policy_logic.lab.borders import Threshold
    from policy_logic.lab.finding import Finding, Shown
    from policy_logic.lab.study import Study


def steps(study: Study) -> Found:
    """Return the cliffs of a study, and where more pays less."""
    found = Found()
    seen: dict[tuple[object, ...], Finding] = {}
    for line in study.money_lines:
        best = richest(study, line.id)
        dials = list(dials_of(best[1])) if best is not None else []
        dials += _further_dials(study, line.id, {dial.attribute.name for dial in dials})
        for dial in dials:
            for finding in _findings(study, line.id, dial, swept(study, dial)):
                key = (finding.check, finding.about)
                if key not in seen or finding.weight > seen[key].weight:
                    seen[key] = finding
    found.findings = list(seen.values())
    found.views = dict(_at_borders(study))
    return found


def _further_dials(study: Study, line: str, known: set[str]) -> Iterator[Dial]:
    """Yield the figures that a line compares and that its richest applicant need not state.

    They belong to conditions of which another would do as well, so that one is set to fail.
    """
    for threshold in study.thresholds:
        if threshold.concerns(line) and threshold.attribute.name not in known:
            known.add(threshold.attribute.name)
            for dial, place in _beyond(study, threshold, line):
                if _turned(study, dial, place, line) or _turned(study, dial, place - 1, line):
                    yield dial
                    break


def _beyond(study: Study, threshold: Threshold, line: str) -> Iterator[tuple[Dial, int]]:
    """Yield applicants who are just beyond a threshold, each with the place of its number.

    First whoever is paid the most, then those who miss one other threshold of the line.
    """
    number = threshold.number.value
    others = [
        (cell.path, max(below))
        for other in study.thresholds
        if other.concerns(line) and other.attribute != threshold.attribute
        for cell in study.space.cells
        if cell.attribute == other.attribute
        and (
            below := [v for v in cell.values if not isinstance(v, dict) and v < other.number.value]
        )
    ]
    for cell in study.space.cells:
        if cell.attribute != threshold.attribute:
            continue
        above = [value for value in cell.values if figure_of(value) > number]
        if not above or number not in map(figure_of, cell.values):
            continue
        for more in ({}, *({path: value} for path, value in others)):
            best = richest(study, line, {cell.path: min(above, key=figure_of), **more})
            found = None if best is None else best[1]
            for dial in dials_of(found) if found is not None else ():
                if dial.path == cell.path:
                    yield dial, dial.scale.place(number)


def _at_borders(study: Study) -> Iterator[tuple[str, tuple[Shown, ...]]]:
    """Yield, for each number that has to be passed, who stands exactly on it and just beyond."""
    for threshold in study.thresholds:
        if not threshold.is_strict or threshold.is_upper:
            continue
        for line in threshold.lines:
            if line in study.space.lines and (views := _on_and_beyond(study, threshold, line)):
                yield f"check.border:{threshold.number.name}", views
                break


def _on_and_beyond(study: Study, threshold: Threshold, line: str) -> tuple[Shown, ...]:
    """Return who stands exactly on a border and is refused, and the same just beyond."""
    for dial, place in _beyond(study, threshold, line):
        if views := _turned(study, dial, place, line):
            return views
    on = study.search.find(Fact("study_border", (threshold.rule.id, threshold.place, line)))
    for dial in dials_of(on) if on is not None else ():
        if dial.attribute == threshold.attribute and (
            views := _turned(study, dial, dial.here, line)
        ):
            return views
    return ()


def _turned(study: Study, dial: Dial, place: int, line: str) -> tuple[Shown, ...]:
    """Return both sides of a step, if it is this step that grants the line."""
    sides = _sides(study, dial, place, place + 1)
    granted = [any(c.partition("/")[0] == line for c in view.claims) for view in sides]
    return sides if granted == [False, True] else ()


def _findings(study: Study, line: str, dial: Dial, total: Swept) -> Iterator[Finding]:
    for cliff in total.cliffs:
        jump = cliff.jump.potential
        if jump < 0 and not _is_base(dial):
            yield _less(study, line, dial, cliff.below, cliff.above)
        elif jump >= study.cliff and not _is_of_a_part(study, dial, cliff):
            yield _cliff(study, line, dial, cliff)
    for piece in total.pieces:
        if piece.potential.rate < 0 and not _is_base(dial):
            yield _less(study, line, dial, piece.low, piece.high)


def _is_of_a_part(study: Study, dial: Dial, cliff: Cliff) -> bool:
    """Return whether a jump comes from a part of the figure, which went up with it."""
    if not dial.parts:
        return False
    below = dial.scale.value(cliff.below)
    stated = {**dial.witness.stated, dial.path: dial.scale.value(cliff.above)}
    stated |= {path: min(stated[path], below) for path in dial.parts}
    total = study.planned(dial.witness.space.case_of(stated)).chosen.totals.potential
    lower = study.planned(dial.facts_at(cliff.below)).chosen.totals.potential
    return total == lower


def _is_base(dial: Dial) -> bool:
    """Return whether a figure is of a year before those for which anything is claimed.

    Where an increase is paid, less in the year before is more of an increase, in any text.
    """
    years = [key for key in dial.keys if isinstance(key, int)]
    claimed = {
        occasion.args[0]
        for _, occasion in dial.witness.of("candidate")
        if isinstance(occasion, Compound) and occasion.name == "year"
    }
    return bool(years) and bool(claimed) and years[0] not in claimed


def _cliff(study: Study, line: str, dial: Dial, cliff: Cliff) -> Finding:
    jump = cliff.jump.potential
    moved = tuple(dict.fromkeys(claim.line for claim, _, _ in cliff.moved))
    words = both(
        "check.cliff",
        figure=dial.name,
        below=dial.value_words(cliff.below),
        above=dial.value_words(cliff.above),
        jump=sum_of_money(jump),
    )
    main = moved[0] if moved else line
    return study.finding(
        "cliff",
        f"{main}/{dial.attribute.name}/{dial.scale.written(cliff.above)}",
        words,
        lines=moved or (line,),
        clauses=_clauses(study, dial, main, cliff),
        shown=_sides(study, dial, cliff.below, cliff.above),
        weight=abs(jump),
        details={"below": dial.scale.written(cliff.below),
                 "above": dial.scale.written(cliff.above), "jump": jump},
    )  # fmt: skip


def _less(study: Study, line: str, dial: Dial, low: int, high: int) -> Finding:
    """Return that a higher figure pays less."""
    views = _sides(study, dial, low, high)
    loss = views[0].potential - views[1].potential
    if loss <= 0:
        raise UnconfirmedWitnessError(views[1].facts)
    words = both(
        "check.less",
        figure=dial.name,
        below=dial.value_words(low),
        above=dial.value_words(high),
        loss=sum_of_money(loss),
    )
    return study.finding(
        "less",
        f"{line}/{dial.attribute.name}",
        words,
        lines=(line,),
        clauses=study.clauses(line),
        shown=views,
        weight=loss,
        details={"below": dial.scale.written(low), "above": dial.scale.written(high),
                 "loss": loss},
    )  # fmt: skip


def _sides(study: Study, dial: Dial, below: int, above: int) -> tuple[Shown, Shown]:
    return (
        study.shown(dial.facts_at(below), both("check.below", value=dial.value_words(below))),
        study.shown(dial.facts_at(above), both("check.above", value=dial.value_words(above))),
    )


def _clauses(study: Study, dial: Dial, line: str, cliff: Cliff) -> tuple[str, ...]:
    """Return the words of the threshold at a cliff, else the clause of the line."""
    ends = {dial.scale.value(cliff.below), dial.scale.value(cliff.above)}
    found = [
        c.number.clause
        for c in study.thresholds
        if c.attribute == dial.attribute and c.number.value in ends and c.concerns(line)
    ]
    return tuple(dict.fromkeys(found)) or study.clauses(line)
