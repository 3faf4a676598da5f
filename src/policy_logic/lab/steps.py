"""Cliffs, and places where more pays less: the total while one figure of a witness goes up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from policy_logic.decide.sweeping import sweep_totals
from policy_logic.facts.sweeps import Scale
from policy_logic.lab.borders import comparisons_of
from policy_logic.lab.capped import richest
from policy_logic.lab.finding import sum_of_money
from policy_logic.lab.reach import Found
from policy_logic.lab.study import UnconfirmedWitnessError
from policy_logic.language import Label, both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.sweeping import Cliff, Swept
    from policy_logic.facts.model import Case
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.lab.finding import Finding
    from policy_logic.lab.space import Path
    from policy_logic.lab.study import Study
    from policy_logic.lab.witness import Witness

_SWEPT: Final = frozenset({"money", "usd", "integer", "share"})
_DIGITS: Final = 4
_GRID: Final = 8


@dataclass(frozen=True)
class Dial:
    """One figure of a witness that is turned.

    Attributes:
        witness: The applicant.
        path: The way to the figure.
        key: The last key, where several figures are one choice of the space.
        attribute: The attribute.
        scale: Its values as whole numbers.
    """

    witness: Witness
    path: Path
    key: str | int | None
    attribute: Attribute
    scale: Scale

    def facts_at(self, place: int) -> dict[str, Any]:
        """Return the applicant's facts with the figure at a value."""
        value = self.scale.value(place)
        own = self.witness.stated[self.path]
        stated = value if self.key is None else {**own, self.key: value}
        return self.witness.space.case_of({**self.witness.stated, self.path: stated})

    def case_at(self, place: int) -> Case:
        """Return the applicant with the figure at a value, as a case."""
        return self.witness.space.read(self.facts_at(place))

    @property
    def here(self) -> int:
        """The figure's own value, as a whole number."""
        own = self.witness.stated[self.path]
        return self.scale.place(own if self.key is None else own[self.key])

    @property
    def keys(self) -> tuple[str | int, ...]:
        """The keys of the figure."""
        return (*self.path[3:], *([] if self.key is None else [self.key]))

    def value_words(self, place: int) -> Label:
        """Return a value in words."""
        value = self.scale.value(place)
        if isinstance(value, Decimal):
            shown = format((value * 100).normalize(), "f") + "%"
            return Label(shown, shown)
        if self.attribute.type == "money":
            return both("check.yuan", sum=f"{value:,}")
        return Label(f"{value:,}", f"{value:,}")

    @property
    def name(self) -> Label:
        """The figure's name in words."""
        return Label(self.attribute.zh, self.attribute.en)


def steps(study: Study) -> Found:
    """Return the cliffs of a study, and where more pays less."""
    found = Found()
    seen: dict[tuple[object, ...], Finding] = {}
    for line in study.money_lines:
        best = richest(study, line.id)
        if best is None:
            continue
        for dial in _dials(best[1]):
            swept = _swept(study, dial)
            for finding in _findings(study, line.id, dial, swept):
                key = (finding.check, finding.about)
                if key not in seen or finding.weight > seen[key].weight:
                    seen[key] = finding
    found.findings = list(seen.values())
    return found


def _dials(witness: Witness) -> Iterator[Dial]:
    """Yield the figures that a witness states."""
    attributes = {cell.path: cell.attribute for cell in witness.space.cells}
    for path, value in witness.stated.items():
        attribute = attributes[path]
        if attribute is None or attribute.type not in _SWEPT:
            continue
        scale = Scale(attribute.type, _DIGITS if attribute.type == "share" else 0)
        key = next(iter(value)) if isinstance(value, dict) else None
        yield Dial(witness, path, key, attribute, scale)


def _swept(study: Study, dial: Dial) -> Swept:
    """Return the total as a function of a figure, up to twice its value and all its thresholds."""
    cell = next(cell for cell in study.space.cells if cell.path == dial.path)
    values = [next(iter(v.values())) if isinstance(v, dict) else v for v in cell.values]
    places = {dial.scale.place(value) for value in values}
    one = dial.scale.place(Decimal(1)) if dial.attribute.type == "share" else None
    high = one or 2 * max(dial.here, 1)
    looked_at = {p + step for p in places for step in (-1, 0, 1) if 0 <= p + step <= high}
    planner = study.planned(dial.facts_at(dial.here))
    return sweep_totals(planner, dial.case_at, 0, high, looked_at, max(1, high // _GRID))


def _findings(study: Study, line: str, dial: Dial, swept: Swept) -> Iterator[Finding]:
    for cliff in swept.cliffs:
        jump = cliff.jump.potential
        if jump < 0 and not _is_base(dial):
            yield _less(study, line, dial, cliff.below, cliff.above)
        elif jump >= study.cliff:
            yield _cliff(study, line, dial, cliff)
    for piece in swept.pieces:
        if piece.potential.rate < 0 and not _is_base(dial):
            yield _less(study, line, dial, piece.low, piece.high)


def _is_base(dial: Dial) -> bool:
    """Return whether a figure is of a year before those for which anything is claimed.

    Where an increase is paid, less in the year before is more of an increase, in any text.
    """
    years = [key for key in dial.keys if isinstance(key, int)]
    claimed = {
        occasion.args[0]
        for _, occasion in dial.witness.of("candidate")
        if hasattr(occasion, "name") and occasion.name == "year"
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


def _sides(study: Study, dial: Dial, below: int, above: int) -> tuple[Any, Any]:
    return (
        study.shown(dial.facts_at(below), both("check.below", value=dial.value_words(below))),
        study.shown(dial.facts_at(above), both("check.above", value=dial.value_words(above))),
    )


def _clauses(study: Study, dial: Dial, line: str, cliff: Cliff) -> tuple[str, ...]:
    """Return the words of the threshold at a cliff, else the clause of the line."""
    ends = {dial.scale.value(cliff.below), dial.scale.value(cliff.above)}
    found = [
        c.number.clause
        for c in comparisons_of(study.space.book, study.policy)
        if c.attribute == dial.attribute and c.number.value in ends and c.concerns(line)
    ]
    return tuple(dict.fromkeys(found)) or study.clauses(line)
