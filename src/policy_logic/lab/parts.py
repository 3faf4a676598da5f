"""Figures that are a part of another, so that a study shows no applicant who cannot be.

Source: ``rules/parts.toml``, or where a folder has none the one that comes with the program; and a
``parts.toml`` in a policy's folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.rulebook.load import shipped_rules
from policy_logic.rulebook.tables import Table

if TYPE_CHECKING:
    from policy_logic.rulebook.policy import Rulebook

_FILE: Final = "parts.toml"


class Part(NamedTuple):
    """A figure that is a part of another of the same entity.

    Attributes:
        kind: The kind of the entity.
        part: The attribute that is the part.
        whole: The attribute that it is a part of.
    """

    kind: str
    part: str
    whole: str


def parts_of(book: Rulebook) -> tuple[Part, ...]:
    """Return the figures that are parts of others, those of all policies first.

    Args:
        book: The rulebook; of its policies, those at hand count.

    Raises:
        RulebookError: A file is malformed, or names what the vocabulary does not have.
    """
    own = book.folder if (book.folder / _FILE).exists() else shipped_rules()
    folders = [own, *(policy.folder for policy in book.policies.values())]
    found = []
    for file in (folder / _FILE for folder in folders):
        if not file.exists():
            continue
        table = Table.of_file(file)
        table.only("part")
        for row in table.rows("part"):
            row.only("kind", "part", "whole")
            part = Part(row.text("kind"), row.text("part"), row.text("whole"))
            for key, name in (("part", part.part), ("whole", part.whole)):
                if not book.vocabulary.has_attribute(part.kind, name):
                    raise row.fault("check.part_unknown", key, kind=part.kind, name=name)
            found.append(part)
    return tuple(found)
