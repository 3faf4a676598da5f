"""A document as one HTML file: no scripts, nothing from elsewhere, every word escaped."""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from policy_logic.report.blocks import (
    Code,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quotation,
    Table,
    cleaned,
)
from policy_logic.report.picture import MOST_COLUMNS
from policy_logic.report.svg import picture_style, svg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.report.blocks import Block, Document, Item, Words

SHORT = 10  # rows of a table that is not to be broken over two pages
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html(document: Document, contents: str) -> str:
    """Return a document as an HTML page.

    Args:
        document: The document.
        contents: The title of the table of contents.
    """
    writer = _Writer(document)
    body = "\n".join(part for block in document.blocks for part in writer.block(block))
    title, rest = body.split("<!-- contents -->", 1)
    return f"""\
<!DOCTYPE html>
<html lang="{document.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_escaped(document.title)}</title>
<style>
{_style(document)}</style>
</head>
<body>
<header>
{title}</header>
{writer.contents(contents)}
<main>
{rest}
</main>
</body>
</html>
"""


def _style(document: Document) -> str:
    style = (files("policy_logic") / "report" / "style.css").read_text(encoding="utf-8")
    style += picture_style()
    page = " ".join(
        part if part.startswith("counter(") else _css(part)
        for part in re.split(
            r"(counter\(\w+\))",
            document.page.format(page="counter(page)", pages="counter(pages)"),
        )
        if part
    )
    return (
        style + f"@page {{ @top-left {{ content: {_css(document.header)}; }}\n"
        f"  @bottom-right {{ content: {page}; }} }}\n"
    )


def _css(text: str) -> str:
    """Return words as a string of CSS in which nothing but plain letters stands unescaped."""
    told = (c if c.isalnum() and c.isascii() else f"\\{ord(c):06x}" for c in cleaned(text))
    return f'"{"".join(told)}"'


def _escaped(text: str) -> str:
    return escape(cleaned(text), quote=True)


def _words(words: Words) -> str:
    if isinstance(words, Code):
        return f"<code>{_escaped(words.text)}</code>"
    return _escaped(words).replace("\n", "<br>")


class _Writer:
    """Writes blocks; numbers headings and pictures."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headings: list[str] = []
        self._pictures = 0

    def contents(self, title: str) -> str:
        """Return the table of contents: the sections of the second level."""
        items = "\n".join(
            f'<li><a href="#section-{number}">{_escaped(text)}</a></li>'
            for number, text in enumerate(self._headings, start=1)
        )
        label = _escaped(title)
        return f'<nav aria-label="{label}">\n<p>{label}</p>\n<ul>\n{items}\n</ul>\n</nav>'

    def block(self, block: Block) -> Iterator[str]:
        """Yield a block as HTML."""
        if isinstance(block, Heading):
            yield self._heading(block)
        elif isinstance(block, Paragraph):
            role = f' class="{block.role}"' if block.role else ""
            yield f"<p{role}>{_words(block.words)}</p>"
            if block.role == "lead":
                yield "<!-- contents -->"
        elif isinstance(block, Quotation):
            yield (
                f'<blockquote lang="zh-Hans"><p>{_escaped(block.clause)}</p>'
                f'<footer lang="{self._document.language}">{_escaped(block.source)}</footer>'
                "</blockquote>"
            )
        elif isinstance(block, Table):
            yield from _table(block)
        elif isinstance(block, Items):
            yield _list(block.items, "ol" if block.ordered else "ul")
        else:
            yield from self._picture(block)

    def _heading(self, heading: Heading) -> str:
        name = ""
        if heading.level == 2:
            self._headings.append(heading.text)
            name = f' id="section-{len(self._headings)}"'
        return f"<h{heading.level}{name}>{_escaped(heading.text)}</h{heading.level}>"

    def _picture(self, picture: Picture) -> Iterator[str]:
        count = len(picture.drawings)
        for number, drawing in enumerate(picture.drawings, start=1):
            self._pictures += 1
            mark = f" ({number}/{count})" if count > 1 else ""
            caption = f"{_escaped(drawing.title)}{mark}"
            yield '<figure class="wide">' if drawing.columns > MOST_COLUMNS else "<figure>"
            yield svg(drawing, f"proof-{self._pictures}")
            yield f"<figcaption>{caption}</figcaption>\n</figure>"
        yield f"<details>\n<summary>{_escaped(picture.words_title)}</summary>"
        yield _list(picture.words.items, "ul")
        yield "</details>"


def _table(table: Table) -> Iterator[str]:
    short = ' class="short"' if len(table.rows) <= SHORT else ""
    yield f"<table{short}>\n<caption>{_escaped(table.caption)}</caption>"
    if table.widths:
        columns = "".join(f'<col style="width:{width}%">' for width in table.widths)
        yield f"<colgroup>{columns}</colgroup>"
    heads = "".join(
        f'<th scope="col"{_figure(table, index)}>{_escaped(column)}</th>'
        for index, column in enumerate(table.columns)
    )
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for row in table.rows:
        yield _row(table, row)
    yield "</tbody>"
    if table.footer:
        yield f"<tfoot>{_row(table, table.footer)}</tfoot>"
    yield "</table>"


def _row(table: Table, row: tuple[Words, ...]) -> str:
    first, *rest = row
    cells = "".join(
        f"<td{_figure(table, index)}>{_words(cell)}</td>" for index, cell in enumerate(rest, 1)
    )
    return f'<tr><th scope="row">{_words(first)}</th>{cells}</tr>'


def _figure(table: Table, column: int) -> str:
    return ' class="figure"' if column in table.sums else ""


def _list(items: tuple[Item, ...], tag: str) -> str:
    told = []
    for item in items:
        note = f' <span class="note">{_escaped(item.note)}</span>' if item.note else ""
        children = f"\n{_list(item.children, 'ul')}\n" if item.children else ""
        told.append(f"<li>{_words(item.words)}{note}{children}</li>")
    return f"<{tag}>\n" + "\n".join(told) + f"\n</{tag}>"
