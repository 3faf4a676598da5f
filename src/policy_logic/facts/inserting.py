"""Write one more fact into a facts file, and leave everything else of it as it stands.

The text is changed where the new value belongs and nowhere else: comments, order, blank lines and
the way the rest is written stay. What was written is read again before the file is replaced.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from policy_logic.errors import Position
from policy_logic.facts.source import fault
from policy_logic.facts.vocabulary_file import LONG_FORM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Plain: TypeAlias = bool | int | Decimal | date | str
Written: TypeAlias = "Plain | Mapping[str, Plain]"
_PLAIN_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_@.\-]*")
_TAKEN_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
WRITABLE: Final = (".yaml", ".yml", ".json")


def insert_into(file: Path, document: int, keys: Sequence[str], value: Written) -> str:
    """Return the text of a facts file with one more value, its byte order mark left out.

    Args:
        file: A YAML or a JSON file.
        document: Which of its documents, from 0.
        keys: The way to the value, as ``("work", "gucheng", "filed")``.
        value: The value; a mapping where the last keys are part of it.

    Raises:
        FactsError: The value cannot be written there without touching anything else.
    """
    text = file.read_bytes().decode("utf-8-sig")
    return inserted(text, document, keys, value, file)


def inserted(text: str, document: int, keys: Sequence[str], value: Written, file: Path) -> str:
    """Return a text with one more value; the arguments are those of :func:`insert_into`."""
    import yaml  # noqa: PLC0415 - slow to import

    where = Position(str(file), 1)
    write = _as_json if file.suffix == ".json" else _as_yaml
    try:
        roots = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        raise fault("insert_form", where) from None
    node, key = roots[document], None
    for depth, name in enumerate(keys):
        node = _inside_long_form(node)
        if _is_null(node):
            return _replaced(text, node, key, _nested(keys[depth:], value, write))
        if not isinstance(node, yaml.MappingNode) or _times(roots[document], node) > 1:
            raise fault("insert_form", _position(file, node))
        found = next((pair for pair in node.value if pair[0].value == name), None)
        if found is None:
            return _added(
                text, node, write(name, is_key=True), _nested(keys[depth + 1 :], value, write)
            )
        key, node = found
    if not _is_null(node):
        raise fault("insert_form", _position(file, node))
    return _replaced(text, node, key, _nested((), value, write))


def replace_file(file: Path, before: bytes, text: str) -> None:
    """Replace a file as a whole, or leave it as it is.

    Args:
        file: The file.
        before: What it held when it was read.
        text: What it is to hold; a byte order mark is kept.

    Raises:
        FactsError: Somebody changed it meanwhile, or it cannot be written.
    """
    target = file.resolve()
    where = Position(str(file), 1)
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    temporary: Path | None = None
    try:
        if target.read_bytes() != before:
            raise fault("insert_changed", where)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(mark + text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise fault("insert_unwritable", where, reason=error.strerror or str(error)) from None


def as_text(value: Written) -> str:
    """Return a value as it stands in a YAML file on one line."""
    return _nested((), value, _as_yaml)


class _Writer(Protocol):
    def __call__(self, value: Plain, *, is_key: bool) -> str: ...


def _as_yaml(value: Plain, *, is_key: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) or (is_key and value.isdecimal()):
        return str(value)
    if _PLAIN_WORD.fullmatch(value) and value.lower() not in _TAKEN_WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _as_json(value: Plain, *, is_key: bool) -> str:
    if isinstance(value, (bool, int)) and not is_key:
        return json.dumps(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(str(value), ensure_ascii=False)


def _nested(keys: Sequence[str], value: Written, write: _Writer) -> str:
    """Return a value below some keys, on one line."""
    if keys:
        return f"{{{write(keys[0], is_key=True)}: {_nested(keys[1:], value, write)}}}"
    if isinstance(value, (bool, int, Decimal, date, str)):
        return write(value, is_key=False)
    pairs = (f"{write(k, is_key=True)}: {write(v, is_key=False)}" for k, v in value.items())
    return f"{{{', '.join(pairs)}}}"


def _inside_long_form(node: Any) -> Any:  # noqa: ANN401 - PyYAML's nodes
    """Return the value inside ``{value: …, evidence: …}``; anything else as it is."""
    pairs = node.value if isinstance(node.value, list) and _is_mapping(node) else []
    names = {key.value: below for key, below in pairs}
    return names["value"] if "value" in names and set(names) <= {*LONG_FORM} else node


def _is_mapping(node: Any) -> bool:  # noqa: ANN401 - PyYAML's nodes
    return bool(node.id == "mapping")


def _is_null(node: Any) -> bool:  # noqa: ANN401 - PyYAML's nodes
    return bool(node.id == "scalar" and node.tag == "tag:yaml.org,2002:null")


def _times(root: Any, wanted: Any) -> int:  # noqa: ANN401 - PyYAML's nodes
    """Return how often a node stands in a tree: more than once through an alias."""
    return sum(node is wanted for node in _walk(root))


def _walk(node: Any) -> Iterator[Any]:  # noqa: ANN401 - PyYAML's nodes
    yield node
    if node.id == "scalar":
        return
    for item in node.value:
        for below in item if isinstance(item, tuple) else (item,):
            yield from _walk(below)


def _replaced(text: str, node: Any, key: Any, value: str) -> str:  # noqa: ANN401 - PyYAML's nodes
    """Return a text with a value where it says that nothing is known."""
    start, end = node.start_mark.index, node.end_mark.index
    if start != end or key is None:
        return f"{text[:start]}{value}{text[end:]}"
    colon = text.index(":", key.end_mark.index) + 1
    return f"{text[:colon]} {value}{text[colon:]}"


def _added(text: str, node: Any, name: str, value: str) -> str:  # noqa: ANN401 - PyYAML's nodes
    """Return a text with one more pair at the end of a mapping."""
    pair = f"{name}: {value}"
    newline = "\r\n" if "\r\n" in text else "\n"
    if not node.flow_style:
        end = _end(node, text)
        line = text.find("\n", end)
        indent = " " * node.start_mark.column
        if line < 0:
            return f"{text}{newline}{indent}{pair}{newline}"
        return f"{text[: line + 1]}{indent}{pair}{newline}{text[line + 1 :]}"
    if not node.value:
        inside = node.start_mark.index + 1
        return f"{text[:inside]}{pair}{text[inside:]}"
    last_key, _ = node.value[-1]
    end = _end(node.value[-1][1], text)
    start = last_key.start_mark.index
    before = text[text.rfind("\n", 0, start) + 1 : start]
    apart = f",{newline}{before}" if not before.strip() and "\n" in text[:start] else ", "
    return f"{text[:end]}{apart}{pair}{text[end:]}"


def _end(node: Any, text: str) -> int:  # noqa: ANN401 - PyYAML's nodes
    """Return where a node's own text ends, without the comments and blank lines after it."""
    if node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        if not isinstance(last, tuple):
            return _end(last, text)
        key, value = last
        return max(_end(value, text), int(key.end_mark.index))
    end = int(node.end_mark.index)
    while node.id == "scalar" and node.style in {"|", ">"} and text[end - 1] in "\r\n":
        end -= 1
    return end


def _position(file: Path, node: Any) -> Position:  # noqa: ANN401 - PyYAML's nodes
    return Position(str(file), node.start_mark.line + 1, node.start_mark.column + 1)
