"""From the tree of one document to a case that has passed every check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from policy_logic.errors import FactsError, Position, Problem
from policy_logic.facts import scalars
from policy_logic.facts.entries import EntryReader, single
from policy_logic.facts.implied import implied_facts
from policy_logic.facts.mentions import Entities, Mention
from policy_logic.facts.model import Case, Chosen, Entity
from policy_logic.facts.scalars import BadValueError, bad, nearest
from policy_logic.facts.source import (
    MappingNode,
    ScalarNode,
    dotted,
    fault,
    is_absent,
    without_duplicates,
)
from policy_logic.facts.values import ValueReader
from policy_logic.facts.vocabulary_file import RESERVED_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Vocabulary

APPLICANTS: Final = ("enterprise", "person")
_LABELS: Final = ("name", "title")


def case_of(root: Node, vocabulary: Vocabulary) -> Case:
    """Return the case that a document describes.

    Raises:
        FactsError: The case is wrong; every problem names file, line, key, and what to do.
    """
    if not isinstance(root, MappingNode):
        raise fault("case_shape", root.position)
    sound, problems = without_duplicates(root)
    assert isinstance(sound, MappingNode)  # noqa: S101 - the shape is kept
    return _CaseReader(vocabulary, problems).read(sound)


class _CaseReader:
    """Reads one case; collects everything that is wrong with it."""

    def __init__(self, vocabulary: Vocabulary, problems: list[Problem]) -> None:
        self.vocabulary, self.problems = vocabulary, problems
        self.entities = Entities()
        self.values = ValueReader(vocabulary)
        self.discarded = ValueReader(vocabulary)
        self.entries = EntryReader(vocabulary, self.entities)
        self.meant: set[str] = set()

    def read(self, root: MappingNode) -> Case:
        for key, node in root.pairs:
            if key.text in self.vocabulary.kinds:
                self.kind(key.text, node)
            elif key.text not in RESERVED_KINDS:
                self.unknown(key, node)
        as_of = self.as_of(root.get("as_of"))
        applicant = self.applicant(root)
        reviews = self.entries.reviews(root.get("review"))
        grants = self.entries.grants(root.get("received"))
        assumed = self.entries.assumed(root.get("assume_in_force"))
        readings = self.entries.readings(root.get("readings"))
        self.entities.mentions += [*self.values.mentions, *self.discarded.mentions]
        implied, contradictions = implied_facts(
            self.values.facts, self.values.complete_sets, as_of, self.vocabulary
        )
        problems = [
            *self.problems,
            *self.values.problems,
            *self.discarded.problems,
            *self.entries.problems,
            *self.entities.problems(),
            *contradictions,
        ]
        if problems or as_of is None:
            raise FactsError(_in_order(problems))
        return Case(
            applicant=applicant,
            as_of=as_of,
            source=root.position,
            entities=self.entities.known,
            facts=(*self.values.facts, *implied),
            complete_sets=self.values.complete_sets,
            reviews=reviews,
            grants=grants,
            grants_given=not is_absent(root.get("received")),
            assumed_in_force=assumed,
            readings=readings,
            as_of_given=not is_absent(root.get("as_of")),
        )

    def unknown(self, key: ScalarNode, node: Node) -> None:
        """Note a key that does not exist; what stands below it is not missed elsewhere."""
        near = nearest(key.text, (*RESERVED_KINDS, *self.vocabulary.kinds))
        self.problems.append(bad("key_unknown", key, key.text, near=near).problem)
        self.meant.add(near)
        if isinstance(node, MappingNode):
            self.entities.broken.update(name.text for name, _ in node.pairs)

    def as_of(self, node: Node | None) -> date | None:
        """Return the day of the case; ``None`` if it is wrong."""
        if node is None or is_absent(node):
            misspelt = "as_of" in self.meant
            return None if misspelt else date.today()  # noqa: DTZ011 - the applicant's own day
        try:
            return scalars.day(single(node, "as_of"), "as_of")
        except BadValueError as error:
            self.problems.append(error.problem)
            return None

    def applicant(self, root: MappingNode) -> str:
        node = root.get("applicant")
        if node is None or is_absent(node):
            if "applicant" not in self.meant:
                self.problems.append(bad("applicant_missing", node or root, "applicant").problem)
            return ""
        try:
            scalar = single(node, "applicant")
        except BadValueError as error:
            self.problems.append(error.problem)
            return ""
        mention = Mention(scalar, "applicant", APPLICANTS, "applicant_kind")
        self.entities.mentions.append(mention)
        return scalar.text

    def kind(self, kind: str, node: Node) -> None:
        if is_absent(node):
            return
        if not isinstance(node, MappingNode):
            self.problems.append(bad("kind_shape", node, kind, kind=kind).problem)
            self.entities.unreadable.add(kind)
            return
        for name, attributes in node.pairs:
            try:
                self.identify(name, kind)
            except BadValueError as error:
                self.problems.append(error.problem)
                self.entities.broken.add(name.text)
                self.attributes(name.text, kind, attributes, self.discarded)
                continue
            self.entities.known[name.text] = Entity(kind, name.text, name.text, name.position)
            label = self.attributes(name.text, kind, attributes, self.values)
            self.entities.known[name.text] = Entity(kind, name.text, label, name.position)

    def identify(self, name: ScalarNode, kind: str) -> None:
        """Check an id.

        Raises:
            BadValueError: It cannot be one, or is taken.
        """
        path = dotted(kind, name.text)
        scalars.identifier(name, path)
        ids = self.vocabulary.kinds[kind].ids
        if ids:
            scalars.word(name, path, ids, kind)
        known = self.entities.known.get(name.text)
        if known is not None:
            raise bad("id_twice", name, path, kind=known.kind, first=known.position.line)

    def attributes(self, name: str, kind: str, node: Node, values: ValueReader) -> str:
        """Read the attributes of an entity; return its name for people."""
        label = name
        if is_absent(node):
            return label
        path = dotted(kind, name)
        if not isinstance(node, MappingNode):
            self.problems.append(bad("entity_shape", node, path).problem)
            return label
        for key, value in node.pairs:
            attribute = self.vocabulary.attribute(kind, key.text)
            if attribute is None:
                legal = [known.name for known in self.vocabulary.attributes_of(kind)]
                details = {"kind": kind, "near": nearest(key.text, legal)}
                problem = bad("attribute_unknown", key, dotted(path, key.text), **details).problem
                self.problems.append(problem)
                continue
            before = len(values.facts)
            values.read(name, attribute, value)
            if key.text in _LABELS and attribute.type == "text" and len(values.facts) > before:
                label = str(values.facts[-1].value)
        return label


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems in the order of the file; what one place says once is said once."""
    unique: dict[object, Problem] = {}
    for number, problem in enumerate(problems):
        where = problem.where
        place = (problem.code, where) if where and where.column else number
        unique.setdefault(place, problem)
    return sorted(
        unique.values(), key=lambda p: (p.where.line, p.where.column) if p.where else (0, 0)
    )


def with_readings(case: Case, readings: Mapping[str, str]) -> Case:
    """Return a case with some readings chosen anew."""
    if not readings:
        return case
    where = Position("--reading", 1)
    chosen = {name: Chosen(value, where) for name, value in readings.items()}
    return replace(case, readings={**case.readings, **chosen})
