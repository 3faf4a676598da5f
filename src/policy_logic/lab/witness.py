"""Witnesses: applicants that the solver finds in a space, with as few facts as will do.

The program is the policy's own rules with ``derivation.lp``, and a choice for each fact of the
space. What a study asks is one more atom, or several, that have to hold; the answer is an
applicant, or that there is none within the domains of the space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policy_logic.logic.solver import Searched
from policy_logic.logic.symbols import to_atom
from policy_logic.logic.terms import Compound, Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from policy_logic.facts.model import Case
    from policy_logic.lab.space import Path, Space
    from policy_logic.logic.terms import Value


@dataclass(frozen=True)
class Witness:
    """An applicant found.

    Attributes:
        space: The space it was found in.
        stated: What it states, by the way to it; nothing that is not needed.
        atoms: All that holds for it, given and derived.
    """

    space: Space
    stated: Mapping[Path, Any]
    atoms: frozenset[Fact]

    @property
    def facts(self) -> dict[str, Any]:
        """The applicant as a mapping, in the form of a facts file."""
        return self.space.case_of(self.stated)

    @property
    def case(self) -> Case:
        """The applicant as a case."""
        return self.space.read(self.facts)

    def of(self, predicate: str) -> list[tuple[Value, ...]]:
        """Return the arguments of the atoms of a predicate that hold, in order."""
        return sorted((atom.args for atom in self.atoms if atom.name == predicate), key=str)


class Search:
    """A space with its rules grounded once, to be asked for witnesses any number of times."""

    def __init__(self, space: Space, probes: str = "") -> None:
        """Ground.

        Args:
            space: The applicants.
            probes: More rules, whose heads are what a study asks for.
        """
        self.space = space
        choices = "\n".join(self._choices())
        files = [path for path, _ in space.book.programs]
        text = f"{space.book.declarations}\n{choices}\n{probes}"
        self._program = Searched(files, space.common, text)
        self._usual = [
            _chosen(number, 0) for number, cell in enumerate(space.cells) if cell.is_beside
        ]

    def _choices(self) -> Iterator[str]:
        """Yield the choice of each cell, what each value adds, and what it costs to state it."""
        for number, cell in enumerate(self.space.cells):
            own = self.space.own_atoms(number)
            every = "; ".join(str(to_atom(_chosen(number, place))) for place in range(len(own)))
            yield f"1 {{ {every} }} 1."
            for place, atoms in enumerate(own):
                chosen = to_atom(_chosen(number, place))
                if place and _is_first_key(cell.values, place - 1):
                    yield f"study_stated({number}) :- {chosen}."
                for atom in sorted(atoms, key=str):
                    yield f"{to_atom(atom)} :- {chosen}."
                if place:
                    value = cell.values[place - 1]
                    facts = len(value) if isinstance(value, dict) and not cell.is_beside else 1
                    yield f":~ {chosen}. [{facts}@2, {number}]"
                    yield f":~ {chosen}. [{place}@1, {number}]"
                    yield f":~ {chosen}. [{number}@0, {number}]"
        for first, one, second, two in self.space.conflicts():
            yield f":- {to_atom(_chosen(first, one + 1))}, {to_atom(_chosen(second, two + 1))}."

    def find(
        self,
        *wanted: Fact,
        is_open: bool = False,
        stated: Mapping[Path, Any] | None = None,
        unstated: Collection[Path] = (),
    ) -> Witness | None:
        """Return the applicant with the fewest facts for whom all of this holds, if there is one.

        Args:
            wanted: What has to hold.
            is_open: Whether readings may be taken otherwise than by default, and support may
                have been received elsewhere.
            stated: Facts that are to be stated so; they have to be among those of the space.
            unstated: Facts that are not to be stated.
        """
        assumed = [*wanted, *([] if is_open else self._usual), *self._fixed(stated or {}, unstated)]
        atoms = self._program.best(assumed) if self._program.exists(assumed) else None
        return None if atoms is None else self._witness(atoms)

    def exists(
        self, *wanted: Fact, is_open: bool = False, stated: Mapping[Path, Any] | None = None
    ) -> bool:
        """Return whether there is an applicant for whom all of this holds; see :meth:`find`."""
        usual = [] if is_open else self._usual
        return self._program.exists([*wanted, *usual, *self._fixed(stated or {}, ())])

    def first(self, ranked: Iterable[Fact], *wanted: Fact) -> Fact | None:
        """Return the first of some atoms that may hold together with what is wanted."""
        return next((fact for fact in ranked if self.exists(fact, *wanted)), None)

    def possible(self, name: str, arity: int) -> list[Fact]:
        """Return the atoms of a predicate that the grounding knows, in order."""
        return sorted(self._program.possible(name, arity), key=str)

    def _fixed(self, stated: Mapping[Path, Any], unstated: Collection[Path]) -> Iterator[Fact]:
        for number, cell in enumerate(self.space.cells):
            if cell.path in stated:
                yield _chosen(number, cell.values.index(stated[cell.path]) + 1)
            elif cell.path in unstated:
                yield _chosen(number, 0)

    def _witness(self, atoms: frozenset[Fact]) -> Witness:
        cells = self.space.cells
        stated = {
            cells[number].path: cells[number].values[place - 1]
            for number, place in sorted(_places(atoms))
            if place
        }
        return Witness(self.space, stated, atoms)


def _is_first_key(values: Sequence[Any], place: int) -> bool:
    """Return whether a value, where it is several figures, has the one under the first key."""
    first = values[0]
    return not isinstance(first, dict) or next(iter(first)) in values[place]


def _chosen(cell: int, place: int) -> Fact:
    return Fact("chosen_value", (cell, place))


def _places(atoms: Iterable[Fact]) -> Iterator[tuple[int, int]]:
    for atom in atoms:
        if atom.name == "chosen_value":
            cell, place = atom.args
            assert isinstance(cell, int)  # noqa: S101 - made above
            assert isinstance(place, int)  # noqa: S101
            yield cell, place


def claim_of(line: str, witness: Witness) -> Sequence[Compound]:
    """Return the claims of a line that a witness can file, in order."""
    return [
        claim
        for claim, _ in witness.of("candidate")
        if isinstance(claim, Compound) and claim.args[0] == line
    ]
