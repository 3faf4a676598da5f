"""From a file, a folder, a text or a mapping to cases that have passed every check."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Position
from policy_logic.facts.case import case_of
from policy_logic.facts.json_source import node_of_json, nodes_of_json_lines
from policy_logic.facts.plain_source import node_of_plain
from policy_logic.facts.source import fault
from policy_logic.facts.yaml_source import nodes_of_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Vocabulary

ENDINGS: Final = (".yaml", ".yml", ".json", ".jsonl")


def read_cases(path: Path, vocabulary: Vocabulary) -> Iterator[Case]:
    """Yield the cases of a file or a folder, in order.

    Args:
        path: A YAML file (of one or several documents), a JSON file, a JSON Lines file, or a
            folder of such files, which are read in the order of their names. Hidden files,
            folders inside the folder and files with other endings are passed over.
        vocabulary: The vocabulary the cases are written in.

    Raises:
        FactsError: A file cannot be read or is wrong; every problem of a case names file, line,
            key, and what to do.
    """
    for root in read_roots(path):
        yield case_of(root, vocabulary)


def read_roots(path: Path) -> Iterator[Node]:
    """Yield the tree of each case of a file or a folder, in order, before anything is checked.

    Args:
        path: As for :func:`read_cases`.

    Raises:
        FactsError: A file cannot be read, or is no YAML or JSON.
    """
    where = Position(str(path), 1)
    endings = ", ".join(ENDINGS)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if _is_case_file(file))
        if not files:
            raise fault("folder_empty", where, endings=endings)
        yield from chain.from_iterable(map(read_roots, files))
        return
    if path.suffix not in ENDINGS and path.exists():
        raise fault("ending", where, endings=endings)
    yield from read_roots_of_text(text_of(path, where), str(path))


def _is_case_file(file: Path) -> bool:
    return file.suffix in ENDINGS and not file.name.startswith(".") and file.is_file()


def text_of(path: Path, where: Position) -> str:
    """Return the text of a file.

    Raises:
        FactsError: It cannot be read, or is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise fault("unreadable", where, reason=error.strerror or str(error)) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise fault("encoding", Position(str(path), line)) from None


def read_text(text: str, vocabulary: Vocabulary, name: str = "<text>") -> Iterator[Case]:
    """Yield the cases of a text, in order.

    Args:
        text: The text.
        vocabulary: The vocabulary the cases are written in.
        name: What messages call the text; ``.json`` and ``.jsonl`` at its end say that it is
            JSON or JSON Lines, anything else that it is YAML.

    Raises:
        FactsError: The text is wrong.
    """
    for root in read_roots_of_text(text, name):
        yield case_of(root, vocabulary)


def read_roots_of_text(text: str, name: str) -> Iterator[Node]:
    """Yield the tree of each case of a text, in order, before anything is checked.

    Args:
        text: The text.
        name: What messages call it, as for :func:`read_text`.

    Raises:
        FactsError: It is no YAML or JSON, or has no case.
    """
    empty = True
    for root in _roots(text.removeprefix("\ufeff"), name):
        empty = False
        yield root
    if empty:
        raise fault("empty", Position(name, 1))


def _roots(text: str, name: str) -> Iterator[Node]:
    if name.endswith(".jsonl"):
        yield from nodes_of_json_lines(text, name)
    elif name.endswith(".json"):
        yield node_of_json(text, name)
    else:
        yield from nodes_of_yaml(text, name)


def case_from_mapping(
    mapping: Mapping[str, object], vocabulary: Vocabulary, name: str = "<mapping>"
) -> Case:
    """Return a case given as a Python mapping of the same shape as a file.

    Args:
        mapping: The case, of texts, whole numbers, ``Decimal`` shares, dates (or their ISO
            texts), truth values, ``None``, lists and mappings.
        vocabulary: The vocabulary the case is written in.
        name: What messages call the mapping.

    Raises:
        FactsError: The case is wrong.
    """
    return case_of(node_of_plain(mapping, Position(name, 1)), vocabulary)
