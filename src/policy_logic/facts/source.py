"""A case as a tree of nodes with places, read from YAML, JSON, JSON Lines or plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.errors import FactsError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_NODES: Final = 2_000_000
_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as written.

    Attributes:
        text: Its exact text.
        quoted: Whether it was in quotes: then it is text and nothing else.
        position: Where it stands.
    """

    text: str
    quoted: bool
    position: Position

    @property
    def is_null(self) -> bool:
        """Whether it says that nothing is known."""
        return not self.quoted and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - the plain name is typing's
    """Keys and values, in the order written; no key occurs twice."""

    pairs: tuple[tuple[Scalar, Node], ...]
    position: Position

    def get(self, name: str) -> Node | None:
        """Return the value of a key, ``None`` if there is no such key."""
        return next((value for key, value in self.pairs if key.text == name), None)


@dataclass(frozen=True, slots=True)
class Sequence_:  # noqa: N801 - the plain name is typing's
    """Values in a row."""

    items: tuple[Node, ...]
    position: Position


Node: TypeAlias = Scalar | Mapping_ | Sequence_


def _fault(code: str, where: Position, **details: object) -> FactsError:
    return FactsError([Problem(f"facts.{code}", where, details)])


def nodes_of_yaml(text: str, file: str) -> Iterator[Node]:
    """Yield the root of each document of a YAML text; JSON of one document will do, too.

    Raises:
        FactsError: The text is not YAML, or uses what a case has no use for.
    """
    import yaml  # noqa: PLC0415 - slow to import

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for root in yaml.compose_all(text, Loader=loader):
            if root is not None:
                yield _Converter(file).convert(root)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
        where = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1)
        problem = getattr(fault, "problem", None) or str(fault).splitlines()[0]
        raise _fault("yaml", where, message=problem) from None


class _Converter:
    """Copies the nodes of one document; refuses what grows without end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.count = 0
        self.open: set[int] = set()

    def convert(self, node: Any) -> Node:  # noqa: ANN401 - PyYAML's nodes
        mark = node.start_mark
        where = Position(self.file, mark.line + 1, mark.column + 1)
        self.count += 1
        if self.count > _MOST_NODES:
            raise _fault("too_large", where)
        if node.tag not in _PLAIN_TAGS:
            raise _fault("tag", where, tag=node.tag)
        if id(node) in self.open:
            raise _fault("recursive_alias", where)
        if isinstance(node.value, str):
            return Scalar(node.value, node.style in {"'", '"', "|", ">"}, where)
        self.open.add(id(node))
        converted: Node
        if node.id == "mapping":
            converted = Mapping_(tuple(self.pairs(node)), where)
        else:
            converted = Sequence_(tuple(self.convert(item) for item in node.value), where)
        self.open.discard(id(node))
        return converted

    def pairs(self, node: Any) -> Iterator[tuple[Scalar, Node]]:  # noqa: ANN401 - PyYAML's nodes
        seen: dict[str, Position] = {}
        for key_node, value_node in node.value:
            key = self.convert(key_node)
            if not isinstance(key, Scalar):
                raise _fault("key_not_scalar", key.position)
            if key_node.tag.endswith(":merge"):
                raise _fault("merge_key", key.position)
            if key.text in seen:
                raise _fault("duplicate_key", key.position, key=key.text, first=seen[key.text].line)
            seen[key.text] = key.position
            yield key, self.convert(value_node)


def node_of_json(text: str, file: str, line: int = 1) -> Node:
    """Return the root of a JSON text.

    Args:
        text: The text.
        file: The file it is from.
        line: The line on which it begins.

    Raises:
        FactsError: The text is not JSON.
    """
    where = Position(file, line)

    def pairs(items: list[tuple[str, Any]]) -> Any:  # noqa: ANN401 - JSON
        seen = set()
        for key, _ in items:
            if key in seen:
                raise _fault("duplicate_key", where, key=key, first=line)
            seen.add(key)
        return dict(items)

    def constant(name: str) -> Any:  # noqa: ANN401 - JSON
        raise _fault("json_constant", where, name=name)

    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_int=_Literal, parse_float=_Literal,
            parse_constant=constant,
        )  # fmt: skip
    except json.JSONDecodeError as fault:
        place = Position(file, line + fault.lineno - 1, fault.colno)
        raise _fault("json", place, message=fault.msg) from None
    except RecursionError:
        raise _fault("too_large", where) from None
    return node_of_value(value, where)


class _Literal(str):
    """A JSON number, as written."""

    __slots__ = ()


def node_of_value(value: object, where: Position) -> Node:
    """Return a plain Python value as a node.

    Raises:
        FactsError: It holds something that a case cannot hold, such as a float.
    """
    if isinstance(value, _Literal):
        return Scalar(str(value), quoted=False, position=where)
    if isinstance(value, dict):
        pairs = tuple(
            (Scalar(str(key), quoted=False, position=where), node_of_value(item, where))
            for key, item in value.items()
        )
        return Mapping_(pairs, where)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return Sequence_(tuple(node_of_value(item, where) for item in items), where)
    if value is None:
        return Scalar("null", quoted=False, position=where)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", quoted=False, position=where)
    if isinstance(value, float):
        raise _fault("float", where, value=value)
    if isinstance(value, (int, Decimal, date)) and not isinstance(value, datetime):
        text = (
            value.isoformat()
            if isinstance(value, date)
            else format(value, "f" if isinstance(value, Decimal) else "")
        )
        return Scalar(text, quoted=False, position=where)
    if isinstance(value, str):
        return Scalar(value, quoted=True, position=where)
    raise _fault("value_unfit", where, type=type(value).__name__)


def mapping_of(value: Mapping[str, object], name: str) -> Node:
    """Return a case given as a Python mapping."""
    return node_of_value(dict(value), Position(name, 1))
