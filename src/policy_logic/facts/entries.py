"""What a case says besides its entities: reviews, support received, assumptions, readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policy_logic.facts import numbers, scalars
from policy_logic.facts.mentions import Mention
from policy_logic.facts.model import Chosen, Grant, Review
from policy_logic.facts.scalars import BadValueError, bad, nearest
from policy_logic.facts.source import MappingNode, ScalarNode, SequenceNode, dotted, is_absent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from policy_logic.errors import Problem
    from policy_logic.facts.mentions import Entities
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Vocabulary

    Reader = Callable[[ScalarNode, str], Any]

_OF_OTHER_POLICIES: Final = ("place", "matter")


class EntryReader:
    """Reads the entries of a case.

    Attributes:
        problems: What is wrong.
    """

    def __init__(self, vocabulary: Vocabulary, entities: Entities) -> None:
        self.vocabulary, self.entities = vocabulary, entities
        self.problems: list[Problem] = []
        self.examples = _examples(vocabulary)
        common: dict[str, Reader] = {
            "line": self._word("line"),
            "subject": scalars.free_word,
            "year": scalars.year,
            "trigger": lambda s, p: scalars.word(s, p, vocabulary.every_value, "trigger"),
            "amount": numbers.whole,
            "evidence": scalars.text,
        }
        outcomes = ("passed", "failed")
        self.review_fields: Mapping[str, Reader] = {
            **common,
            "outcome": lambda s, p: scalars.word(s, p, outcomes, "outcome"),
        }
        self.grant_fields: Mapping[str, Reader] = {
            **common,
            "policy": scalars.text,
            "place": self._word("place"),
            "matter": self._word("matter"),
            "on": scalars.day,
        }
        self.granted_fields: Mapping[str, Reader] = {
            **{name: read for name, read in common.items() if name != "evidence"},
            "on": scalars.day,
            "reference": scalars.text,
        }

    def _word(self, values: str) -> Reader:
        return lambda s, p: scalars.word(s, p, self.vocabulary.legal_values((values,)), values)

    def reviews(self, node: Node | None) -> tuple[Review, ...]:
        """Read ``review``."""
        found: list[Review] = []
        first: dict[tuple[object, ...], int] = {}
        for row, path in self._rows(node, "review"):
            values = self._fields(row, path, self.review_fields)
            if values is None or not self._has(row, path, values, "line", "subject", "outcome"):
                continue
            passed = values.pop("outcome") == "passed"
            review = Review(passed=passed, position=row.position, **values)
            if not passed and review.amount is not None:
                self._note("review_failed_amount", row.get("amount") or row, path)
            about = (review.line, review.subject, review.year, review.trigger)
            if about in first:
                self._note("review_twice", row, path, first=first[about])
            first.setdefault(about, row.position.line)
            found.append(review)
        return tuple(found)

    def grants(self, node: Node | None) -> tuple[Grant, ...]:
        """Read ``received``."""
        found: list[Grant] = []
        for row, path in self._rows(node, "received"):
            values = self._fields(row, path, self.grant_fields)
            if values is None:
                continue
            if ("line" in values) == ("policy" in values):
                self._note("grant_form", row, path)
                continue
            needed = ("subject", "amount") if "line" in values else ("matter", "subject", "amount")
            if not self._has(row, path, values, *needed):
                continue
            foreign = [name for name in _OF_OTHER_POLICIES if name in values and "line" in values]
            for name in foreign:
                self._note("grant_line_extra", row.get(name) or row, dotted(path, name))
            found.append(Grant(position=row.position, **values))
        return tuple(found)

    def granted(self, node: Node | None) -> tuple[Grant, ...]:
        """Read what an authority has paid: entries of lines alone, with a reference as evidence."""
        found: list[Grant] = []
        for row, path in self._rows(node, "granted"):
            values = self._fields(row, path, self.granted_fields)
            if values is None or not self._has(row, path, values, "line", "subject", "amount"):
                continue
            reference = values.pop("reference", None)
            found.append(Grant(position=row.position, evidence=reference, **values))
        return tuple(found)

    def assumed(self, node: Node | None) -> dict[str, Chosen]:
        """Read ``assume_in_force``."""
        policies = self.vocabulary.legal_values(("policy",))

        def chosen(key: ScalarNode, value: ScalarNode, path: str) -> tuple[str, Chosen]:
            policy = scalars.word(key, path, policies, "policy")
            return policy, Chosen(scalars.day(value, path), key.position)

        return dict(self._pairs(node, "assume_in_force", chosen))

    def readings(self, node: Node | None) -> dict[str, Chosen]:
        """Read ``readings``; which names and values exist is for the rulebook to say."""

        def chosen(key: ScalarNode, value: ScalarNode, path: str) -> tuple[str, Chosen]:
            name = scalars.free_word(key, path)
            return name, Chosen(scalars.free_word(value, path), key.position)

        return dict(self._pairs(node, "readings", chosen))

    def _fields(
        self, row: MappingNode, path: str, readers: Mapping[str, Reader]
    ) -> dict[str, Any] | None:
        """Read the fields of an entry; ``None`` if one of them is wrong."""
        values: dict[str, Any] = {}
        sound = True
        for key, node in row.pairs:
            name = dotted(path, key.text)
            try:
                if key.text not in readers:
                    raise bad("key_unknown", key, name, near=nearest(key.text, readers))
                scalar = single(node, name)
                if not scalar.is_null:
                    values[key.text] = readers[key.text](scalar, name)
            except BadValueError as error:
                self.problems.append(error.problem)
                sound = False
        subject = row.get("subject")
        if isinstance(subject, ScalarNode) and "subject" in values:
            kinds = self.vocabulary.kinds_of(values.get("line", ""))
            mention = Mention(subject, dotted(path, "subject"), kinds, "review_kind")
            self.entities.mentions.append(mention)
        return values if sound else None

    def _has(self, row: MappingNode, path: str, values: dict[str, Any], *names: str) -> bool:
        missing = [name for name in names if name not in values]
        if missing:
            self._note("entry_missing", row, path, missing=", ".join(missing))
        return not missing

    def _note(self, code: str, node: Node, path: str, **details: object) -> None:
        self.problems.append(bad(code, node, path, **details).problem)

    def _rows(self, node: Node | None, path: str) -> Iterator[tuple[MappingNode, str]]:
        if node is None or is_absent(node):
            return
        if not isinstance(node, SequenceNode):
            self._note("entries_shape", node, path, example=self.examples[path])
            return
        for number, row in enumerate(node.items, start=1):
            if isinstance(row, MappingNode):
                yield row, f"{path}[{number}]"
            else:
                self._note("entries_shape", row, f"{path}[{number}]", example=self.examples[path])

    def _pairs(
        self,
        node: Node | None,
        path: str,
        chosen: Callable[[ScalarNode, ScalarNode, str], tuple[str, Chosen]],
    ) -> Iterator[tuple[str, Chosen]]:
        if node is None or is_absent(node):
            return
        if not isinstance(node, MappingNode):
            self._note("pairs_shape", node, path, example=self.examples[path])
            return
        for key, value in node.pairs:
            name = dotted(path, key.text)
            try:
                scalar = single(value, name)
                if not scalar.is_null:
                    yield chosen(key, scalar, name)
            except BadValueError as error:
                self.problems.append(error.problem)


def single(node: Node, path: str) -> ScalarNode:
    """Return a node that is a single value.

    Raises:
        BadValueError: It is a list or a mapping.
    """
    if not isinstance(node, ScalarNode):
        raise bad("not_scalar", node, path)
    return node


def _examples(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return how each kind of entry is written, in one line of YAML."""
    line = next(iter(vocabulary.line_event), "LINE")
    policy = next(iter(vocabulary.legal_values(("policy",))), "POLICY")
    return {
        "review": f"- {{line: {line}, subject: an_id, outcome: passed}}",
        "received": f"- {{line: {line}, subject: an_id, amount: 300_000}}",
        "granted": f"- {{line: {line}, subject: an_id, year: 2025, amount: 300_000}}",
        "assume_in_force": f"assume_in_force: {{{policy}: 2025-07-01}}",
        "readings": f"readings: {{{policy}.NAME: VALUE}}",
    }
