"""Tiers of one figure: values between them that no tier covers, and values that two cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_logic.lab.borders import comparisons_of
from policy_logic.lab.cone import cone_of, looked_at
from policy_logic.lab.reach import Found
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.language import Label, both
from policy_logic.logic.terms import Fact

if TYPE_CHECKING:
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.lab.finding import Finding
    from policy_logic.lab.space import Cell
    from policy_logic.lab.study import Study
    from policy_logic.lab.witness import Witness


def tiers(study: Study) -> Found:
    """Return gaps and overlaps, inside lines and between them."""
    found = Found()
    for line in study.money_lines:
        double = study.search.find(Fact("study_two_sums", (line.id,)))
        if double is not None:
            found.findings.append(_two_sums(study, line.id, double))
        unpaid = study.search.find(Fact("study_unpaid", (line.id,)), *_all_stated(study, line.id))
        if unpaid is not None:
            found.findings.append(_unpaid(study, line.id, unpaid))
    for attribute, lines in _families(study).items():
        found.findings += _between(study, attribute, lines)
    return found


def _all_stated(study: Study, line: str) -> list[Fact]:
    """Return that every figure and every word that a line looks at is stated of its subject."""
    asked = {
        attribute.name
        for attribute, _ in looked_at(study.space.book, cone_of(study.space.book, [line]))
    }
    return [
        Fact("study_stated", (number,))
        for number, cell in enumerate(study.space.cells)
        if cell.attribute is not None
        and cell.path[1] == study.space.subject
        and cell.attribute.name in asked
        and cell.attribute.type in {"money", "usd", "integer", "share", "enum"}
    ]  # fmt: skip


def _two_sums(study: Study, line: str, witness: Witness) -> Finding:
    planner = study.planned(witness.facts)
    sums = {
        (f.args[1], f.args[2], f.args[3])
        for f in planner.derivation.model
        if f.name == "amount" and f.args[0] == line
    }
    if len(sums) < 2:
        raise UnconfirmedWitnessError(witness.facts)
    amounts = sorted(str(amount) for _, _, amount in sums)
    words = both(
        "check.overlap_sums", line=study.space.book.lines[line].label, sums="、".join(amounts)
    )
    return study.finding(
        "overlap", line, words, lines=(line,), clauses=study.clauses(line),
        shown=(study.shown(witness.facts),),
    )  # fmt: skip


def _unpaid(study: Study, line: str, witness: Witness) -> Finding:
    view = study.shown(witness.facts)
    if any(claim.partition("/")[0] == line for claim in view.claims):
        raise UnconfirmedWitnessError(witness.facts)
    words = both("check.gap_sum", line=study.space.book.lines[line].label)
    return study.finding(
        "gap", line, words, lines=(line,), clauses=study.clauses(line), shown=(view,)
    )


def _families(study: Study) -> dict[Attribute, list[str]]:
    """Return the lines that are tiers of one figure: one of them at least has an upper end."""
    thresholds = [
        t
        for t in comparisons_of(study.space.book, study.policy)
        if t.attribute.kind == study.space.kind
    ]
    found: dict[Attribute, list[str]] = {}
    for attribute in {t.attribute: None for t in thresholds if t.is_upper}:
        own = [t for t in thresholds if t.attribute == attribute]
        lines = {line for t in own for line in t.lines if line in study.space.lines}
        found[attribute] = sorted(lines)
    return found


def _between(study: Study, attribute: Attribute, lines: list[str]) -> list[Finding]:
    """Return the gaps and overlaps between the tiers of a figure."""
    cells = [c for c in study.space.cells if c.attribute == attribute]
    found: list[Finding] = []
    for cell in cells:
        granted = {value: _granted(study, cell, value, lines) for value in _ascending(cell)}
        if not any(granted.values()):
            continue
        found += _gaps(study, cell, granted)
        found += _overlaps(study, cell, granted)
        break
    return found


def _ascending(cell: Cell) -> list[Any]:
    return sorted(v for v in cell.values if not isinstance(v, dict))


def _granted(study: Study, cell: Cell, value: Any, lines: list[str]) -> list[str]:  # noqa: ANN401 - any figure
    """Return the lines that can be granted at a value."""
    return [
        line
        for line in lines
        if study.search.find(Fact("study_claimable", (line,)), stated={cell.path: value})
    ]


def _gaps(study: Study, cell: Cell, granted: dict[Any, list[str]]) -> list[Finding]:
    values = list(granted)
    served = [n for n, value in enumerate(values) if granted[value]]
    found = []
    start = None
    for number in range(served[0], served[-1] + 1):
        if not granted[values[number]]:
            start = number if start is None else start
            continue
        if start is not None:
            found.append(_gap(study, cell, granted, values[start - 1 : number + 1]))
            start = None
    return found


def _gap(study: Study, cell: Cell, granted: dict[Any, list[str]], values: list[Any]) -> Finding:
    """Return that between two values that are served some are not."""
    below, first, last, above = values[0], values[1], values[-2], values[-1]
    lines = tuple(dict.fromkeys((*granted[below], *granted[above])))
    served = study.search.find(
        Fact("study_claimable", (granted[below][0],)), stated={cell.path: below}
    )
    assert served is not None  # noqa: S101 - it is granted there
    facts = study.space.case_of({**served.stated, cell.path: first})
    views = (
        study.shown(served.facts, both("check.at", value=f"{below:,}")),
        study.shown(facts, both("check.at", value=f"{first:,}")),
    )
    assert cell.attribute is not None  # noqa: S101 - a figure
    words = both(
        "check.gap",
        figure=Label(cell.attribute.zh, cell.attribute.en),
        first=f"{first:,}",
        last=f"{last:,}",
    )
    return study.finding(
        "gap", f"{'+'.join(lines)}/{cell.attribute.name}/{first}", words,
        lines=lines, clauses=study.clauses(*lines), shown=views,
        details={"first": str(first), "last": str(last)},
    )  # fmt: skip


def _overlaps(study: Study, cell: Cell, granted: dict[Any, list[str]]) -> list[Finding]:
    """Return the pairs of tiers that one value meets at once, with no clause between them."""
    found: dict[str, Finding] = {}
    for value, lines in granted.items():
        for first in lines:
            for second in lines:
                name = f"{first}+{second}"
                goal = Fact("study_beside", (first, second))
                if first >= second or name in found:
                    continue
                witness = study.search.find(goal, stated={cell.path: value})
                if witness is None:
                    continue
                assert cell.attribute is not None  # noqa: S101 - a figure
                words = both(
                    "check.overlap",
                    figure=Label(cell.attribute.zh, cell.attribute.en),
                    value=f"{value:,}",
                    first=study.space.book.lines[first].label,
                    second=study.space.book.lines[second].label,
                )
                found[name] = study.finding(
                    "overlap", f"{name}/{cell.attribute.name}", words,
                    lines=(first, second), clauses=study.clauses(first, second),
                    shown=(study.shown(witness.facts),),
                )  # fmt: skip
    return list(found.values())
