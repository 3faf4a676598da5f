"""A document as GitHub-flavoured Markdown: the same content, the proofs as nested lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policy_logic.report.blocks import (
    Code,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quotation,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.report.blocks import Block, Document, Item, Words

_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_OPENING = re.compile(r"^(\s*)([-+=#]|\d+(?=[.)]))")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def markdown(document: Document) -> str:
    """Return a document as Markdown."""
    return "\n\n".join(part for block in document.blocks for part in _block(block)) + "\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {_inline(block.text)}"
    elif isinstance(block, Paragraph):
        if block.role == "legend":  # there are no pictures
            return
        yield f"**{_text(block.words)}**" if block.role == "warning" else _text(block.words)
    elif isinstance(block, Quotation):
        source = f"\n>\n> — {_inline(block.source)}" if block.source else ""
        yield f"> {_text(block.clause)}{source}"
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Items):
        yield "\n".join(_list(block.items, "", ordered=block.ordered))
    else:
        yield from _picture(block)


def _picture(picture: Picture) -> Iterator[str]:
    yield f"{_text(picture.words_title)}:"
    yield "\n".join(_list(picture.words.items, "", ordered=False))


def _table(table: Table) -> Iterator[str]:
    yield f"**{_inline(table.caption)}**"
    rules = ("---:" if index in table.sums else "---" for index in range(len(table.columns)))
    rows = [table.columns, tuple(rules)]
    lines = [_row(table.columns), "| " + " | ".join(rows[1]) + " |"]
    lines += [_row(row) for row in table.rows]
    if table.footer:
        lines.append(
            "| " + " | ".join(f"**{_inline(c)}**" if c else "" for c in table.footer) + " |"
        )
    yield "\n".join(lines)


def _row(cells: tuple[Words, ...]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(words: Words) -> str:
    if isinstance(words, Code):
        return _code(words.text).replace("|", "\\|")
    return "<br>".join(_inline(line) for line in words.split("\n"))


def _list(items: tuple[Item, ...], indent: str, *, ordered: bool) -> Iterator[str]:
    for number, item in enumerate(items, start=1):
        mark = f"{number}. " if ordered else "- "
        note = f" 〔{_inline(item.note)}〕" if item.note else ""
        yield f"{indent}{mark}{_text(item.words)}{note}"
        yield from _list(item.children, indent + " " * len(mark), ordered=False)


def _text(words: Words) -> str:
    """Return words at the start of a line."""
    if isinstance(words, Code):
        return _code(words.text)
    return _OPENING.sub(_opened, _inline(words))


def _opened(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}{mark}\\" if mark.isdigit() else f"{found[1]}\\{mark}"


def _inline(text: str) -> str:
    """Return words in which nothing is markup, a link or a new line."""
    told = " ".join(_CONTROL.sub("\ufffd", text).split())
    told = told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    told = _SPECIAL.sub(r"\\\1", told)
    return told.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")


def _code(text: str) -> str:
    """Return words as a code span, however many backticks they hold."""
    told = " ".join(_CONTROL.sub("\ufffd", text).split())
    longest = max((len(run) for run in re.findall(r"`+", told)), default=0)
    fence = "`" * (longest + 1)
    space = " " if told.startswith("`") or told.endswith("`") else ""
    return f"{fence}{space}{told}{space}{fence}"
