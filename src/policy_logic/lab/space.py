"""A space of applicants: who there is, and for every fact that matters the values it may take.

The values are drawn from the rules themselves: the figures at which a rule turns with their
neighbours and two far above them, the members of lists that rules name and one that none names,
days in force and outside, references to the applicant and to somebody else; and always "not
stated". What a study does not find in a space it has not found *within these domains*, and says so.

What a value means is never written a second time: each is put into a case of its own, and the
program says which atoms it adds. A value changes no atoms but its own, so the atoms of a whole
applicant are those of its values; where that is not so, as with figures that rules add up, the
figures together are one choice.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.derive.atoms import to_atoms
from policy_logic.errors import FactsError
from policy_logic.facts.case import APPLICANTS
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.cone import cone_of, looked_at
from policy_logic.lab.domains import Domains
from policy_logic.lab.parts import Part, parts_of
from policy_logic.lab.setting import Setting, setting_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy_logic.facts.model import Case
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Fact, Rule
    from policy_logic.rulebook.policy import Rulebook

Path: TypeAlias = tuple[str | int, ...]

APPLICANT: Final = "applicant"
OTHER: Final = "other"
_ELSEWHERE: Final = "另一项扶持办法"
_RECEIVED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact that may be stated, with what may be stated of it.

    Attributes:
        path: The way to it in a case: kind, entity, attribute, keys; of a set also the member.
        values: What may be stated there, the plainest first; that nothing is stated is not
            among them.
        attribute: The attribute; ``None`` for a reading and for support received.
    """

    path: Path
    values: tuple[Any, ...]
    attribute: Attribute | None = None

    @property
    def is_beside(self) -> bool:
        """Whether it is no fact of the applicant: a reading, or support received elsewhere."""
        return self.attribute is None


@dataclass(frozen=True)
class Space:
    """All applicants of a policy that a study looks at, for lines of one kind of subject.

    Attributes:
        book: The rulebook in which they are studied, with this policy alone.
        kind: The kind of the subjects.
        lines: The lines studied.
        setting: When they are looked at.
        entities: Who and what there is: the kind by id.
        subject: The id of the subject.
        cone: The rules behind the lines.
        cells: What may be stated.
        parts: The figures that are parts of others.
    """

    book: Rulebook
    kind: str
    lines: tuple[str, ...]
    setting: Setting
    entities: Mapping[str, str]
    subject: str
    cone: tuple[Rule, ...] = field(repr=False)
    cells: tuple[Cell, ...] = field(repr=False)
    parts: tuple[Part, ...] = ()

    def case_of(self, stated: Mapping[Path, Any]) -> dict[str, Any]:
        """Return a case that states certain values, as a mapping in the form of a facts file."""
        facts: dict[Any, Any] = {"applicant": APPLICANT, "as_of": self.setting.as_of}
        for key, value in self.setting.preamble.items():
            facts[key] = {inner: _copied(below) for inner, below in value.items()}
        for entity, kind in self.entities.items():
            facts.setdefault(kind, {}).setdefault(entity, {})
        for path, value in stated.items():
            if path == ("received",):
                facts["received"] = [value]
                continue
            place = reduce(lambda below, key: below.setdefault(key, {}), path[:-1], facts)
            if isinstance(value, dict):
                place.setdefault(path[-1], {}).update(value)
            else:
                place[path[-1]] = value
        return facts

    def several(self, facts: Mapping[str, Any], count: int) -> dict[str, Any]:
        """Return an applicant with several subjects alike."""
        found = copy.deepcopy(dict(facts))
        own = found[self.kind]
        for number in range(2, count + 1):
            own[f"{self.subject}{number}"] = copy.deepcopy(own[self.subject])
        return found

    def read(self, facts: Mapping[str, Any]) -> Case:
        """Return a mapping as a case that has passed every check."""
        return case_from_mapping(facts, self.book.vocabulary, "<witness>")

    @cached_property
    def _own(self) -> tuple[tuple[frozenset[Fact], ...], ...]:
        """For each cell the atoms of each alternative, beginning with "not stated"."""
        nothing = self._atoms({})
        found = []
        for cell in self.cells:
            every = [nothing, *(self._atoms({cell.path: value}) for value in cell.values)]
            found.append(tuple(every))
        return tuple(found)

    def _atoms(self, stated: Mapping[Path, Any]) -> frozenset[Fact]:
        return frozenset(to_atoms(self.read(self.case_of(stated)), self.book).origins)

    @cached_property
    def common(self) -> frozenset[Fact]:
        """The atoms that every applicant has."""
        return frozenset.intersection(*(atoms for every in self._own for atoms in every))

    def own_atoms(self, cell: int) -> list[frozenset[Fact]]:
        """Return what each alternative of a cell adds, beginning with "not stated"."""
        every = self._own[cell]
        common = frozenset.intersection(*every)
        return [atoms - common for atoms in every]

    def conflicts(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield the values that contradict each other: cell and value, twice; values from 0."""
        for first, second in combinations(range(len(self.cells)), 2):
            yield from self._greater_parts(first, second)
            if not self._may_conflict(self.cells[first], self.cells[second]):
                continue
            for one, value in enumerate(self.cells[first].values):
                for two, other in enumerate(self.cells[second].values):
                    stated = {self.cells[first].path: value, self.cells[second].path: other}
                    try:
                        self.read(self.case_of(stated))
                    except FactsError:
                        yield first, one, second, two

    def whole_of(self, path: Path) -> Path | None:
        """Return the way to the figure of which one is a part."""
        for part in self.parts:
            if (path[0], *path[2:3]) == (part.kind, part.part):
                return (path[0], path[1], part.whole, *path[3:])
        return None

    def _greater_parts(self, first: int, second: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield the values of two figures of which one would be a part greater than its whole."""
        for part, whole in ((first, second), (second, first)):
            if self.whole_of(self.cells[part].path) == self.cells[whole].path:
                for one, own in enumerate(self.cells[part].values):
                    for two, other in enumerate(self.cells[whole].values):
                        if own > other:
                            yield part, one, whole, two

    def _may_conflict(self, first: Cell, second: Cell) -> bool:
        """Return whether one fact may prove what the other denies."""
        if first.path[:2] != second.path[:2] or first.attribute is None or second.attribute is None:
            return False
        pairs = ((first, second), (second, first))
        return any(
            proves.attribute.implies == denies.attribute.name and False in denies.values
            for proves, denies in pairs
            if proves.attribute is not None and denies.attribute is not None
        )


def _copied(value: Any) -> Any:  # noqa: ANN401 - any value of a case
    return dict(value) if isinstance(value, dict) else value


def spaces_of(book: Rulebook, policy: str) -> Iterator[Space]:
    """Yield a space for each kind of subject that a policy has lines for.

    Args:
        book: A rulebook with this policy alone (``Rulebook.only``).
        policy: The policy.
    """
    kinds: dict[str, list[str]] = {}
    for line in book.policies[policy].lines.values():
        if line.kind == "monetary" or any(
            book.rules_for(("benefit", 2), line.id) for _ in line.subjects
        ):
            for kind in line.subjects:
                kinds.setdefault(kind, []).append(line.id)
    for kind, lines in kinds.items():
        yield space_of(book, policy, kind, tuple(lines))


def space_of(book: Rulebook, policy: str, kind: str, lines: tuple[str, ...]) -> Space:
    """Return the space of the applicants for some lines of one kind of subject.

    Args:
        book: A rulebook with this policy alone.
        policy: The policy.
        kind: The kind of the subjects.
        lines: The lines.
    """
    cone = cone_of(book, lines)
    setting = setting_of(book, policy)
    asked = list(looked_at(book, cone))
    roles = {role for line in lines for role in book.lines[line].recipients}
    asked += [
        (attribute, "")
        for attribute in book.vocabulary.attributes_of(kind)
        if attribute.name in roles
    ]
    entities, subject = _entities(book, policy, kind, asked)
    domains = Domains(book, cone, setting, entities, lines)
    cells = []
    for attribute in dict.fromkeys(attribute for attribute, _ in asked):
        forms = frozenset(form for other, form in asked if other == attribute)
        for entity, own in entities.items():
            if own == attribute.kind:
                head = (own, entity, attribute.name)
                cells += [
                    Cell((*head, *keys), values, attribute)
                    for keys, values in domains.cells(attribute, entity, forms)
                    if values
                ]
    cells += _readings(book)
    cells += _elsewhere(book, policy, subject, lines)
    return Space(book, kind, lines, setting, entities, subject, cone, tuple(cells), parts_of(book))


def _entities(
    book: Rulebook, policy: str, kind: str, asked: Sequence[tuple[Attribute, str]]
) -> tuple[dict[str, str], str]:
    """Return who and what there is, and which of it is the subject."""
    subject = APPLICANT if kind in APPLICANTS else kind
    entities = {APPLICANT: kind if kind in APPLICANTS else "enterprise", subject: kind}
    grown = True
    while grown:
        before = len(entities)
        kinds = set(entities.values())
        for attribute, _ in asked:
            if attribute.kind in kinds and attribute.type == "ref":
                for target in attribute.to:
                    if target in APPLICANTS:
                        _add(entities, OTHER if target == entities[APPLICANT] else target, target)
                    else:
                        _add(entities, target, target)
            elif not any(book.vocabulary.has_attribute(own, attribute.name) for own in kinds):
                if policy in book.vocabulary.kinds[attribute.kind].ids:
                    _add(entities, policy, attribute.kind)
                elif not book.vocabulary.kinds[attribute.kind].ids:
                    _add(entities, attribute.kind, attribute.kind)
        grown = len(entities) > before
    return entities, subject


def _add(entities: dict[str, str], name: str, kind: str) -> None:
    entities.setdefault(name, kind)


def _readings(book: Rulebook) -> Iterator[Cell]:
    for name, reading in book.readings.items():
        yield Cell(("readings", name), tuple(list(reading.values)[1:]))


def _elsewhere(book: Rulebook, policy: str, subject: str, lines: tuple[str, ...]) -> Iterator[Cell]:
    """Yield support received for the subject by a policy that is not at hand."""
    matters = dict.fromkeys(book.lines[line].matter for line in lines)
    known = [matter for matter in matters if matter in book.vocabulary.values["matter"]]
    entry = {"policy": _ELSEWHERE, "subject": subject, "amount": _RECEIVED}
    place = book.policies[policy].place
    values = [{**entry, "matter": matter, "place": place} for matter in known]
    if values:
        yield Cell(("received",), tuple(values))
