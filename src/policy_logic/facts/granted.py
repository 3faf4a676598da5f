"""What an authority has paid, from a YAML, JSON or CSV file, checked against a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy_logic.errors import FactsError, Position
from policy_logic.facts.csv_source import node_of_csv
from policy_logic.facts.entries import EntryReader
from policy_logic.facts.json_source import node_of_json
from policy_logic.facts.mentions import Entities
from policy_logic.facts.reader import text_of
from policy_logic.facts.source import MappingNode, fault, without_duplicates
from policy_logic.facts.yaml_source import nodes_of_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.facts.model import Case, Grant
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Vocabulary

GRANTED: Final = "granted"
ENDINGS: Final = (".yaml", ".yml", ".json", ".csv")


def read_granted(path: Path, case: Case, vocabulary: Vocabulary) -> tuple[Grant, ...]:
    """Return what was paid, in the order of the file.

    Args:
        path: A YAML or JSON file with a list of entries, by itself or under ``granted``, or a
            CSV file with a row for each.
        case: The case that the entries are about.
        vocabulary: The vocabulary the case is written in.

    Raises:
        FactsError: The file cannot be read or is wrong; every problem names file, line, key,
            and what to do.
    """
    where = Position(str(path), 1)
    if path.suffix not in ENDINGS and path.exists():
        raise fault("granted_ending", where, endings=", ".join(ENDINGS))
    root, problems = without_duplicates(_root(path, text_of(path, where)))
    entities = Entities(known=dict(case.entities))
    reader = EntryReader(vocabulary, entities)
    if isinstance(root, MappingNode):
        listed = root.get(GRANTED)
        if listed is None:
            raise fault("granted_shape", root.position, example=reader.examples[GRANTED])
        root = listed
    found = reader.granted(root)
    problems = [*problems, *reader.problems, *entities.problems()]
    if problems:
        raise FactsError(sorted(problems, key=lambda p: p.where or where))
    return found


def _root(path: Path, text: str) -> Node:
    name = str(path)
    if path.suffix == ".csv":
        return node_of_csv(text, name)
    if path.suffix == ".json":
        return node_of_json(text, name)
    documents = list(nodes_of_yaml(text, name))
    if len(documents) != 1:
        raise fault("granted_documents", Position(name, 1), count=len(documents))
    return documents[0]
