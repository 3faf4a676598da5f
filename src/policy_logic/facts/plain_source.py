"""From plain Python values to nodes, for callers that hold a case as a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policy_logic.facts.source import (
    DEEPEST,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    dotted,
    fault,
    shown_path,
)

if TYPE_CHECKING:
    from policy_logic.errors import Position

_LONGEST: Final = 100


def node_of_plain(value: object, where: Position, path: str = "", depth: int = 0) -> Node:
    """Return a plain Python value as a node.

    Args:
        value: A mapping, a list, tuple or set, a text, a whole number, a ``Decimal``, a date, a
            truth value or ``None``.
        where: What to give as the place of everything in it.
        path: Where it stands in the case, for messages.
        depth: How deep it stands in the case.

    Raises:
        FactsError: It holds something that a case cannot hold, such as a float.
    """
    if depth >= DEEPEST:
        raise fault("too_large", where)
    if isinstance(value, Mapping):
        return MappingNode(
            tuple(
                (
                    _key(key, where, path),
                    node_of_plain(item, where, dotted(path, str(key)), depth + 1),
                )
                for key, item in value.items()
            ),
            where,
        )
    if isinstance(value, AbstractSet):
        value = sorted(value, key=str)
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        items = enumerate(value, 1)
        return SequenceNode(
            tuple(node_of_plain(item, where, f"{path}[{i}]", depth + 1) for i, item in items), where
        )
    return _scalar(value, where, path)


def _key(key: object, where: Position, path: str) -> ScalarNode:
    if isinstance(key, str):
        return ScalarNode(key, quoted=True, position=where)
    if isinstance(key, int) and not isinstance(key, bool):
        return _scalar(key, where, path)
    raise fault("key_unfit", where, path=shown_path(path) or "–", type=type(key).__name__)


def _scalar(value: object, where: Position, path: str) -> ScalarNode:
    if isinstance(value, str):
        return ScalarNode(value, quoted=True, position=where)
    if isinstance(value, float):
        raise fault("float", where, path=shown_path(path) or "–", value=value)
    text: str | None = None
    if value is None:
        text = "null"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int):
        text = str(value) if value.bit_length() < 4 * _LONGEST else "9" * _LONGEST
    elif isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        plain = isinstance(exponent, int) and abs(exponent) < _LONGEST
        text = format(value, "f") if plain else str(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        text = value.isoformat()
    if text is None:
        raise fault("value_unfit", where, path=shown_path(path) or "–", type=type(value).__name__)
    return ScalarNode(text, quoted=False, position=where)
