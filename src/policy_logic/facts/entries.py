"""What a case says besides its entities: reviews, support received, assumptions, readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policy_logic.errors import Problem
from policy_logic.facts import scalars
from policy_logic.facts.model import Chosen, Entity, Grant, Review
from policy_logic.facts.scalars import BadValueError, bad, nearest
from policy_logic.facts.source import Mapping_, Node, Scalar, Sequence_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from policy_logic.facts.vocabulary import Vocabulary

_REVIEW: Final = ("line", "subject", "outcome", "year", "trigger", "amount", "evidence")
_GRANT: Final = (
    "line", "policy", "place", "matter", "subject", "year", "trigger", "amount", "on", "evidence",
)  # fmt: skip


class EntryReader:
    """Reads the entries of a case.

    Attributes:
        problems: What is wrong.
    """

    def __init__(
        self, vocabulary: Vocabulary, entities: Mapping[str, Entity], broken: set[str]
    ) -> None:
        self.vocabulary, self.entities, self.broken = vocabulary, entities, broken
        self.problems: list[Problem] = []

    def reviews(self, node: Node | None) -> tuple[Review, ...]:
        """Read ``review``."""
        found: list[Review] = []
        seen: dict[tuple[object, ...], int] = {}
        for number, row in self._rows(node, "review"):
            path = f"review[{number}]"
            values = self._fields(row, path, _REVIEW, self._review_fields())
            if values is None or not self._required(
                row, path, values, "line", "subject", "outcome"
            ):
                continue
            review = Review(
                values["line"], values["subject"], values["outcome"] == "passed", row.position,
                values.get("year"), values.get("trigger"), values.get("amount"),
                values.get("evidence"),
            )  # fmt: skip
            key = (review.line, review.subject, review.year, review.trigger)
            if key in seen:
                self._note("review_twice", row, path=path, first=seen[key])
            elif not review.passed and review.amount is not None:
                self._note("review_failed_amount", row, path=path)
            elif not self._decided_for(review, row, path):
                continue
            seen.setdefault(key, row.position.line)
            found.append(review)
        return tuple(found)

    def _decided_for(self, review: Review, row: Mapping_, path: str) -> bool:
        entity = self.entities.get(review.subject)
        kinds = [k.name for k in self.vocabulary.kinds.values() if review.line in k.subject_of]
        if entity is None or not kinds or entity.kind in kinds:
            return True
        self._note("review_kind", row, path=path, line=review.line, kind=entity.kind,
                   kinds=", ".join(kinds))  # fmt: skip
        return False

    def grants(self, node: Node | None) -> tuple[Grant, ...]:
        """Read ``received``."""
        found: list[Grant] = []
        for number, row in self._rows(node, "received"):
            path = f"received[{number}]"
            values = self._fields(row, path, _GRANT, self._grant_fields())
            if values is None or not self._required(row, path, values, "subject", "amount"):
                continue
            if ("line" in values) == ("policy" in values):
                self._note("grant_form", row, path=path)
                continue
            if "policy" in values and not self._required(row, path, values, "matter"):
                continue
            found.append(Grant(position=row.position, **values))
        return tuple(found)

    def assumed(self, node: Node | None) -> dict[str, Chosen]:
        """Read ``assume_in_force``."""
        found: dict[str, Chosen] = {}
        legal = tuple(self.vocabulary.legal_values(("policy",)))
        for key, value in self._pairs(node, "assume_in_force"):
            path = f"assume_in_force.{key.text}"
            try:
                policy = scalars.word(key, path, legal, what="policy")
                day = scalars.day(self._scalar(value, path), path)
                found[policy] = Chosen(day, key.position)
            except BadValueError as fault:
                self.problems.append(fault.problem)
        return found

    def readings(self, node: Node | None) -> dict[str, Chosen]:
        """Read ``readings``; which names and values exist is for the rulebook to say."""
        found: dict[str, Chosen] = {}
        for key, value in self._pairs(node, "readings"):
            path = f"readings.{key.text}"
            try:
                found[key.text] = Chosen(
                    scalars.text(self._scalar(value, path), path), key.position
                )
            except BadValueError as fault:
                self.problems.append(fault.problem)
        return found

    def _review_fields(self) -> dict[str, Callable[[Scalar, str], Any]]:
        return {
            **self._common_fields(),
            "outcome": lambda s, p: scalars.word(s, p, ("passed", "failed"), what="outcome"),
        }

    def _grant_fields(self) -> dict[str, Callable[[Scalar, str], Any]]:
        vocabulary = self.vocabulary
        matters = tuple(vocabulary.legal_values(("matter",)))
        places = tuple(vocabulary.legal_values(("place",)))
        return {
            **self._common_fields(),
            "policy": scalars.text,
            "place": lambda s, p: scalars.word(s, p, places, what="place"),
            "matter": lambda s, p: scalars.word(s, p, matters, what="matter"),
            "on": scalars.day,
        }

    def _common_fields(self) -> dict[str, Callable[[Scalar, str], Any]]:
        vocabulary = self.vocabulary
        lines = sorted(vocabulary.lines)
        triggers = [value for values in vocabulary.values.values() for value in values]
        return {
            "line": lambda s, p: scalars.word(s, p, lines, what="line"),
            "subject": self._subject,
            "year": scalars.year,
            "trigger": lambda s, p: scalars.word(s, p, triggers, what="trigger"),
            "amount": scalars.whole,
            "evidence": scalars.text,
        }

    def _subject(self, scalar: Scalar, path: str) -> str:
        if scalar.text not in self.entities and scalar.text not in self.broken:
            raise bad("reference", scalar, path, near=nearest(scalar.text, list(self.entities)))
        return scalar.text

    def _fields(
        self,
        row: Mapping_,
        path: str,
        legal: tuple[str, ...],
        readers: Mapping[str, Callable[[Scalar, str], Any]],
    ) -> dict[str, Any] | None:
        """Read the fields of an entry; ``None`` if one of them is wrong."""
        values: dict[str, Any] = {}
        sound = True
        for key, value in row.pairs:
            try:
                if key.text not in legal:
                    near = nearest(key.text, legal)
                    raise bad("key_unknown", key, f"{path}.{key.text}", near=near)
                scalar = self._scalar(value, f"{path}.{key.text}")
                if not scalar.is_null:
                    values[key.text] = readers[key.text](scalar, f"{path}.{key.text}")
            except BadValueError as fault:
                self.problems.append(fault.problem)
                sound = False
        return values if sound else None

    def _required(self, row: Mapping_, path: str, values: dict[str, Any], *names: str) -> bool:
        for name in names:
            if name not in values:
                self._note("entry_missing", row, path=path, missing=name)
                return False
        return True

    def _note(self, code: str, row: Node, **details: object) -> None:
        self.problems.append(Problem(f"facts.{code}", row.position, details))

    def _scalar(self, node: Node, path: str) -> Scalar:
        if not isinstance(node, Scalar):
            raise BadValueError(Problem("facts.not_scalar", node.position, {"path": path}))
        return node

    def _rows(self, node: Node | None, path: str) -> Iterator[tuple[int, Mapping_]]:
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return
        if not isinstance(node, Sequence_):
            self._note("entries_shape", node, path=path)
            return
        for number, row in enumerate(node.items, start=1):
            if isinstance(row, Mapping_):
                yield number, row
            else:
                self._note("entries_shape", row, path=path)

    def _pairs(self, node: Node | None, path: str) -> Iterator[tuple[Scalar, Node]]:
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return
        if not isinstance(node, Mapping_):
            self._note("pairs_shape", node, path=path)
            return
        yield from node.pairs
