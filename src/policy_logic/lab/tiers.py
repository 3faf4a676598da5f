"""Tiers of one figure: values between them that no tier covers, and values that two cover."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from policy_logic.lab.cone import cone_of, looked_at
from policy_logic.lab.finding import Found
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.language import Label, both
from policy_logic.logic.terms import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.lab.finding import Finding
    from policy_logic.lab.space import Cell, Path
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
    for attribute, lines in _families(study):
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
    words = both("check.overlap_sums", line=study.label(line), sums="、".join(amounts))
    return study.finding(
        "overlap", line, words, lines=(line,), clauses=study.clauses(line),
        shown=(study.shown(witness.facts),),
    )  # fmt: skip


def _unpaid(study: Study, line: str, witness: Witness) -> Finding:
    view = study.shown(witness.facts)
    if any(claim.partition("/")[0] == line for claim in view.claims):
        raise UnconfirmedWitnessError(witness.facts)
    words = both("check.gap_sum", line=study.label(line))
    return study.finding(
        "gap", line, words, lines=(line,), clauses=study.clauses(line), shown=(view,)
    )


def _families(study: Study) -> list[tuple[Attribute, list[str]]]:
    """Return the lines that are tiers of one figure: one of them at least has an upper end.

    Tiers pay for one matter; lines for different matters may well be paid together.
    """
    thresholds = [t for t in study.thresholds if t.attribute.kind == study.space.kind]
    found: dict[tuple[Attribute, str], set[str]] = {}
    for threshold in thresholds:
        for line in threshold.lines:
            if line in study.space.lines:
                matter = study.space.book.lines[line].matter
                found.setdefault((threshold.attribute, matter), set()).add(line)
    return [
        (attribute, sorted(lines))
        for (attribute, _), lines in found.items()
        if any(t.is_upper and t.attribute == attribute and lines & set(t.lines) for t in thresholds)
    ]


def _between(study: Study, attribute: Attribute, lines: list[str]) -> list[Finding]:
    """Return the gaps and overlaps between the tiers of a figure."""
    cells = [c for c in study.space.cells if c.attribute == attribute]
    year = study.space.setting.years[1]
    own = next((c for c in cells if year in c.path), cells[0] if cells else None)
    if own is None:
        return []
    others = [c.path for c in cells if c != own]
    ladder = Ladder(study, own, others, lines)
    granted = {value: ladder.granted(value) for value in _ascending(own)}
    if not any(granted.values()):
        return []
    return [*_gaps(ladder, granted), *_overlaps(ladder, granted)]


@dataclass(frozen=True)
class Ladder:
    """The tiers of one figure.

    Attributes:
        study: The study.
        cell: The figure.
        others: The same figure for other years, which are not stated.
        lines: The lines that are its tiers.
    """

    study: Study
    cell: Cell
    others: list[Path]
    lines: list[str]

    def find(self, goal: Fact, value: int | Decimal) -> Witness | None:
        """Return who reaches a goal with a value of the figure."""
        return self.study.search.find(goal, stated={self.cell.path: value}, unstated=self.others)

    def granted(self, value: int | Decimal) -> list[str]:
        """Return the lines that can be granted at a value."""
        return [line for line in self.lines if self.find(Fact("study_claimable", (line,)), value)]

    @property
    def figure(self) -> Label:
        """The figure's name."""
        assert self.cell.attribute is not None  # noqa: S101 - a figure
        return Label(self.cell.attribute.zh, self.cell.attribute.en)

    @property
    def name(self) -> str:
        """The figure's name in the vocabulary."""
        return str(self.cell.path[2])


def _ascending(cell: Cell) -> list[Any]:
    return sorted(v for v in cell.values if not isinstance(v, dict))


def _gaps(ladder: Ladder, granted: dict[Any, list[str]]) -> Iterator[Finding]:
    """Yield what lies between values that are served and is not."""
    values = list(granted)
    served = [n for n, value in enumerate(values) if granted[value]]
    start = None
    for number in range(served[0], served[-1] + 1):
        if not granted[values[number]]:
            start = number if start is None else start
        elif start is not None:
            yield _gap(ladder, granted, values[start - 1 : number + 1])
            start = None


def _gap(ladder: Ladder, granted: dict[Any, list[str]], values: list[Any]) -> Finding:
    """Return that between two values that are served some are not."""
    study = ladder.study
    below, first, last, above = values[0], values[1], values[-2], values[-1]
    lines = tuple(dict.fromkeys((*granted[below], *granted[above])))
    served = ladder.find(Fact("study_claimable", (granted[below][0],)), below)
    assert served is not None  # noqa: S101 - it is granted there
    facts = study.space.case_of({**served.stated, ladder.cell.path: first})
    views = (
        study.shown(served.facts, both("check.at", value=f"{below:,}")),
        study.shown(facts, both("check.at", value=f"{first:,}")),
    )
    words = both("check.gap", figure=ladder.figure, first=f"{first:,}", last=f"{last:,}")
    return study.finding(
        "gap", f"{'+'.join(lines)}/{ladder.name}/{first}", words,
        lines=lines, clauses=study.clauses(*lines), shown=views,
        details={"first": str(first), "last": str(last)},
    )  # fmt: skip


def _overlaps(ladder: Ladder, granted: dict[Any, list[str]]) -> Iterator[Finding]:
    """Yield the pairs of tiers that one value meets at once, with no clause between them."""
    study = ladder.study
    for pair in combinations(ladder.lines, 2):
        at = [value for value, lines in granted.items() if set(pair) <= set(lines)]
        for value in at:
            witness = ladder.find(Fact("study_beside", pair), value)
            if witness is None:
                continue
            first, second = (study.label(line) for line in pair)
            words = both(
                "check.overlap", figure=ladder.figure, value=f"{value:,}",
                first=first, second=second,
            )  # fmt: skip
            yield study.finding(
                "overlap", f"{'+'.join(pair)}/{ladder.name}", words,
                lines=pair, clauses=study.clauses(*pair),
                shown=(study.shown(witness.facts),),
            )  # fmt: skip
            break
