"""A document as plain values: what the report says, whatever it is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from policy_logic.report.layout import Drawing

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str) -> str:
    """Return words with a sign in place of each letter that no page can hold."""
    return _CONTROL.sub("\ufffd", text)


class Code(NamedTuple):
    """A word that is typed or compared letter by letter: a key, a digest, a command."""

    text: str


Words: TypeAlias = str | Code


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section.

    Attributes:
        level: 1 for the document, then 2, 3, 4 without a gap.
        text: The words.
    """

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes:
        words: The words.
        role: ``lead``, ``note``, ``warning`` or empty; ``legend`` where it is about pictures.
    """

    words: Words
    role: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A clause, word for word.

    Attributes:
        clause: The clause.
        source: The policy and the article.
    """

    clause: str
    source: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        caption: What it shows.
        columns: The head of each column.
        rows: The cells, as many as columns; the first of each row is its head.
        sums: The columns that hold figures, from 0.
        footer: The last row; empty for none.
        widths: The share of the page that each column takes, in percent; empty to let it be found.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    sums: frozenset[int] = frozenset()
    footer: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list.

    Attributes:
        words: The words.
        note: Where it comes from.
        children: What it rests on.
    """

    words: Words
    note: str = ""
    children: tuple[Item, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Items:
    """A list.

    Attributes:
        items: Its entries.
        ordered: Whether the entries are steps, one after the other.
    """

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A proof, as pictures and in words.

    Attributes:
        drawings: The pictures, in order.
        words_title: The title of the words.
        words: The same in words.
    """

    drawings: tuple[Drawing, ...]
    words_title: str
    words: Items


Block: TypeAlias = Heading | Paragraph | Quotation | Table | Items | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Attributes:
        title: Its title.
        language: The tag of its language.
        day: The day that it is about, as year-month-day; empty where it is about none.
        header: What stands at the top of each printed page.
        page: How a page number is written, ``{page}`` and ``{pages}`` in it.
        blocks: What it says, in order.
    """

    title: str
    language: str
    day: str
    header: str
    page: str
    blocks: tuple[Block, ...]
