"""From a file to cases that have passed every check."""

from __future__ import annotations

from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy_logic.errors import FactsError, Position, Problem
from policy_logic.facts import scalars
from policy_logic.facts.entries import EntryReader
from policy_logic.facts.implied import implied_facts
from policy_logic.facts.model import Case, Entity
from policy_logic.facts.scalars import BadValueError, bad, nearest
from policy_logic.facts.source import (
    Mapping_,
    Node,
    Scalar,
    mapping_of,
    node_of_json,
    nodes_of_yaml,
)
from policy_logic.facts.values import ValueReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.vocabulary import Vocabulary

ENTRIES: Final = ("applicant", "as_of", "review", "received", "assume_in_force", "readings")
ENDINGS: Final = (".yaml", ".yml", ".json", ".jsonl")


def read_cases(path: Path, vocabulary: Vocabulary) -> Iterator[Case]:
    """Yield the cases of a file or a folder, in order.

    Args:
        path: A YAML file (of one or several documents), a JSON file, a JSON Lines file, or a
            folder of such files, which are read in the order of their names.
        vocabulary: The vocabulary the cases are written in.

    Raises:
        FactsError: A file cannot be read or is wrong; every problem of a case names file, line,
            key, and what to do.
    """
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix in ENDINGS and f.name[0] != ".")
        if not files:
            raise _fault("folder_empty", None, folder=str(path), endings=", ".join(ENDINGS))
        yield from chain.from_iterable(read_cases(file, vocabulary) for file in files)
        return
    if path.suffix not in ENDINGS:
        raise _fault("ending", None, file=str(path), endings=", ".join(ENDINGS))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _fault("encoding", None, file=str(path)) from None
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise _fault("unreadable", None, file=str(path), reason=reason) from None
    yield from read_text(text, vocabulary, str(path))


def read_text(text: str, vocabulary: Vocabulary, name: str = "<text>") -> Iterator[Case]:
    """Yield the cases of a text, in order; the ending of ``name`` says what kind it is.

    Raises:
        FactsError: The text is wrong.
    """
    roots: Iterator[Node]
    if name.endswith(".jsonl"):
        roots = (
            node_of_json(line, name, number)
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        )
    elif name.endswith(".json"):
        roots = iter([node_of_json(text, name)])
        located = _located(text, name)
        roots = iter([located]) if located is not None else roots
    else:
        roots = nodes_of_yaml(text, name)
    empty = True
    for root in roots:
        empty = False
        yield _CaseReader(vocabulary).read(root)
    if empty:
        raise _fault("empty", Position(name, 1))


def _located(text: str, name: str) -> Node | None:
    """Return a JSON text with the places of its values, where it reads as YAML too."""
    node_of_json(text, name)
    try:
        return next(nodes_of_yaml(text, name))
    except FactsError:
        return None


def case_from_mapping(
    mapping: Mapping[str, object], vocabulary: Vocabulary, name: str = "<mapping>"
) -> Case:
    """Return a case given as a Python mapping of the same shape as a file.

    Raises:
        FactsError: The case is wrong.
    """
    return _CaseReader(vocabulary).read(mapping_of(mapping, name))


def _fault(code: str, where: Position | None, **details: object) -> FactsError:
    return FactsError([Problem(f"facts.{code}", where, details)])


class _CaseReader:
    """Reads one case; collects everything that is wrong with it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.entities: dict[str, Entity] = {}
        self.broken: set[str] = set()
        self.values = ValueReader(vocabulary)

    def read(self, root: Node) -> Case:
        if not isinstance(root, Mapping_):
            raise _fault("case_shape", root.position)
        legal = (*ENTRIES, *self.vocabulary.kinds)
        for key, value in root.pairs:
            if key.text in self.vocabulary.kinds:
                self.kind(key, value)
            elif key.text not in legal:
                near = nearest(key.text, legal)
                self.problems.append(bad("key_unknown", key, key.text, near=near).problem)
        as_of, as_of_given = self.as_of(root.get("as_of"))
        applicant = self.applicant(root)
        entries = EntryReader(self.vocabulary, self.entities, self.broken)
        self.references()
        implied, contradictions = implied_facts(
            self.values.facts, self.values.complete_sets, as_of, self.vocabulary
        )
        case = Case(
            applicant=applicant,
            as_of=as_of,
            source=root.position,
            entities=self.entities,
            facts=(*self.values.facts, *implied),
            complete_sets=self.values.complete_sets,
            reviews=entries.reviews(root.get("review")),
            grants=entries.grants(root.get("received")),
            grants_given=_given(root.get("received")),
            assumed_in_force=entries.assumed(root.get("assume_in_force")),
            readings=entries.readings(root.get("readings")),
            as_of_given=as_of_given,
        )
        problems = [*self.problems, *self.values.problems, *entries.problems, *contradictions]
        if problems:
            line = [(p.where.line, p.where.column) if p.where else (0, 0) for p in problems]
            order = sorted(range(len(problems)), key=lambda index: line[index])
            raise FactsError([problems[index] for index in order])
        return case

    def as_of(self, node: Node | None) -> tuple[date, bool]:
        if not _given(node):
            return date.today(), False  # noqa: DTZ011 - the applicant's own calendar day
        try:
            if isinstance(node, Scalar):
                return scalars.day(node, "as_of"), True
            assert node is not None  # noqa: S101 - given
            self.problems.append(Problem("facts.not_scalar", node.position, {"path": "as_of"}))
        except BadValueError as fault:
            self.problems.append(fault.problem)
        return date.max, True

    def applicant(self, root: Mapping_) -> str:
        node = root.get("applicant")
        if node is None or (isinstance(node, Scalar) and node.is_null):
            self.problems.append(Problem("facts.applicant_missing", root.position, {}))
            return ""
        if not isinstance(node, Scalar):
            self.problems.append(Problem("facts.not_scalar", node.position, {"path": "applicant"}))
            return ""
        known = self.entities.get(node.text)
        if known is None and node.text not in self.broken:
            near = nearest(node.text, list(self.entities)) or "—"
            self.problems.append(bad("reference", node, "applicant", near=near).problem)
        elif known is not None and known.kind not in {"enterprise", "person"}:
            self.problems.append(bad("applicant_kind", node, "applicant", kind=known.kind).problem)
        return node.text

    def kind(self, key: Scalar, node: Node) -> None:
        kind = self.vocabulary.kinds[key.text]
        if isinstance(node, Scalar) and node.is_null:
            return
        if not isinstance(node, Mapping_):
            self.problems.append(Problem("facts.kind_shape", node.position, {"kind": kind.name}))
            return
        for name, attributes in node.pairs:
            try:
                self.identify(name, kind.name, kind.ids)
            except BadValueError as fault:
                self.problems.append(fault.problem)
                self.broken.add(name.text)
                continue
            self.entity(name, kind.name, attributes)

    def identify(self, name: Scalar, kind: str, ids: tuple[str, ...]) -> None:
        """Check an id.

        Raises:
            BadValueError: It cannot be one, or is taken.
        """
        path = f"{kind}.{name.text}"
        if not name.text.strip() or "/" in name.text or not name.text.isprintable():
            raise bad("id", name, path)
        if ids and name.text not in ids:
            raise bad("name_unknown", name, path, what=kind, near=nearest(name.text, ids))
        known = self.entities.get(name.text)
        if known is not None:
            raise bad("id_twice", name, path, kind=known.kind, first=known.position.line)

    def entity(self, name: Scalar, kind: str, node: Node) -> None:
        label = name.text
        self.entities[name.text] = Entity(kind, name.text, label, name.position)
        if isinstance(node, Scalar) and node.is_null:
            return
        if not isinstance(node, Mapping_):
            details = {"path": f"{kind}.{name.text}"}
            self.problems.append(Problem("facts.entity_shape", node.position, details))
            return
        legal = [attribute.name for attribute in self.vocabulary.attributes_of(kind)]
        for key, value in node.pairs:
            attribute = self.vocabulary.attribute(kind, key.text)
            if attribute is None:
                path = f"{kind}.{name.text}.{key.text}"
                near = nearest(key.text, legal)
                self.problems.append(
                    bad("attribute_unknown", key, path, kind=kind, near=near).problem
                )
                continue
            before = len(self.values.facts)
            self.values.read(name.text, attribute, value)
            if key.text in {"name", "title"} and len(self.values.facts) > before:
                label = str(self.values.facts[-1].value)
        self.entities[name.text] = Entity(kind, name.text, label, name.position)

    def references(self) -> None:
        """Check that every reference points to an entity of a fitting kind."""
        for fact, attribute in self.values.references:
            target = str(fact.value)
            path = f"{fact.kind}.{fact.entity}.{fact.attribute}"
            scalar = Scalar(target, quoted=False, position=fact.position)
            known = self.entities.get(target)
            if known is None and target not in self.broken:
                fitting = [e.id for e in self.entities.values() if e.kind in attribute.to]
                near = nearest(target, fitting) or "—"
                self.problems.append(bad("reference", scalar, path, near=near).problem)
            elif known is not None and known.kind not in attribute.to:
                wanted = ", ".join(attribute.to)
                problem = bad("reference_kind", scalar, path, kind=known.kind, kinds=wanted).problem
                self.problems.append(problem)


def _given(node: Node | None) -> bool:
    return node is not None and not (isinstance(node, Scalar) and node.is_null)


__all__ = ["ENDINGS", "Path", "case_from_mapping", "read_cases", "read_text"]
