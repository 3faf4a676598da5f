"""From CSV to nodes: a row is a mapping from the names of the columns to its cells."""

from __future__ import annotations

import csv
import io

from policy_logic.errors import Position
from policy_logic.facts.source import MappingNode, ScalarNode, SequenceNode, fault, shown


def node_of_csv(text: str, file: str) -> SequenceNode:
    """Return the rows of a CSV text; empty rows are passed over, empty cells say nothing.

    Args:
        text: The text; its first row names the columns. Cells are parted by commas, or by
            semicolons or tabs if the first row has those and no comma.
        file: The file it is from, for messages.

    Raises:
        FactsError: There is no first row, a column has no name or the name of another, or a row
            has more cells than there are columns.
    """
    head = text.splitlines()[0] if text.strip() else ""
    sign = next((sign for sign in ",;\t" if sign in head), ",")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    where = Position(file, 1)
    try:
        names = [name.strip() for name in next(rows, [])]
        if not any(names):
            raise fault("csv_empty", where)
        for name in names:
            if not name or names.count(name) > 1:
                raise fault("csv_column", where, name=shown(name))
        found = []
        first = rows.line_num + 1
        for row in rows:
            place = Position(file, first)
            first = rows.line_num + 1
            if len(row) > len(names):
                raise fault("csv_cells", place, cells=len(row), columns=len(names))
            if any(cell.strip() for cell in row):
                found.append(_row(names, row, place))
    except csv.Error as error:
        raise fault("csv", Position(file, max(rows.line_num, 1)), message=str(error)) from None
    return SequenceNode(tuple(found), where)


def _row(names: list[str], row: list[str], place: Position) -> MappingNode:
    pairs = (
        (
            ScalarNode(name, quoted=False, position=place),
            ScalarNode(cell.strip(), quoted=False, position=place),
        )
        for name, cell in zip(names, row, strict=False)
    )
    return MappingNode(tuple(pairs), place)
