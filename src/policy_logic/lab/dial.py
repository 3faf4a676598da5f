"""One figure of a witness turned up and down, and the total while it turns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from policy_logic.decide.sweeping import sweep_totals
from policy_logic.facts.sweeps import Scale
from policy_logic.language import Label, both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.sweeping import Swept
    from policy_logic.facts.model import Case
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.lab.space import Path
    from policy_logic.lab.study import Study
    from policy_logic.lab.witness import Witness

_SWEPT: Final = frozenset({"money", "usd", "integer", "share"})
_DIGITS: Final = 4
_GRID: Final = 8
_FAR: Final = 20


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
        stated = {
            **self.witness.stated,
            self.path: value if self.key is None else {**own, self.key: value},
        }
        for path in self.parts:  # a part of the figure goes down with it
            stated[path] = min(stated[path], value)
        whole = self.witness.space.whole_of(self.path)
        if whole is not None and whole in stated:  # and where it is a part, the whole goes up
            stated[whole] = max(stated[whole], value)
        return self.witness.space.case_of(stated)

    @property
    def parts(self) -> list[Path]:
        """The ways to the figures stated that are parts of this one."""
        space = self.witness.space
        return [path for path in self.witness.stated if space.whole_of(path) == self.path]

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


def dials_of(witness: Witness) -> Iterator[Dial]:
    """Yield the figures that a witness states."""
    attributes = {cell.path: cell.attribute for cell in witness.space.cells}
    for path, value in witness.stated.items():
        attribute = attributes[path]
        if attribute is None or attribute.type not in _SWEPT:
            continue
        scale = Scale(attribute.type, _DIGITS if attribute.type == "share" else 0)
        key = next(iter(value)) if isinstance(value, dict) else None
        yield Dial(witness, path, key, attribute, scale)


def swept(study: Study, dial: Dial) -> Swept:
    """Return the total as a function of a figure, up to twice its value and all its thresholds."""
    cell = next(cell for cell in study.space.cells if cell.path == dial.path)
    places = {dial.scale.place(figure_of(value)) for value in cell.values}
    one = dial.scale.place(Decimal(1)) if dial.attribute.type == "share" else None
    near = [place for place in places if place <= _FAR * max(dial.here, 1)]
    high = one or max([2 * max(dial.here, 1), *near])
    looked_at = {p + step for p in places for step in (-1, 0, 1) if 0 <= p + step <= high}
    planner = study.planned(dial.facts_at(dial.here))
    return sweep_totals(planner, dial.case_at, 0, high, looked_at, max(1, high // _GRID))


def figure_of(value: Any) -> int | Decimal:  # noqa: ANN401 - a figure, or several alike
    """Return the figure that a value of a cell is, or has several times."""
    figure: int | Decimal = next(iter(value.values())) if isinstance(value, dict) else value
    return figure
