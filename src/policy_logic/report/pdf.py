"""A document as PDF: pages to print and file, tagged to be read aloud, the same bytes every time.

Typst sets the pages; how they look stands in ``pdf.typ``. What the document says goes there as
values, so that no name of a case can be markup.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Problem, RequestError
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
from policy_logic.report.svg import svg_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.report.blocks import Block, Document, Item, Words
    from policy_logic.report.layout import Drawing

FONT_PACKAGE: Final = "manimgx_fonts_cjk"
FONT: Final = "Noto Sans CJK SC"
NARROW_FONT: Final = "Noto Sans CJK KR"
CODE_FONT: Final = "DejaVu Sans Mono"
_NO_SIGN: Final = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


def check_pdf() -> None:
    """Refuse to write PDF without the packages that it needs.

    Raises:
        RequestError: One of them is not installed.
    """
    if not all(find_spec(package) for package in ("typst", FONT_PACKAGE)):
        raise RequestError([Problem("request.report_no_pdf")])


def pdf(document: Document, contents: str) -> bytes:
    """Return a document as PDF.

    Args:
        document: The document.
        contents: The title of the table of contents.

    Raises:
        RequestError: No font has a sign for a letter of the document, or the typesetter failed.
    """
    import typst  # noqa: PLC0415 - only for PDF, and not always installed

    told = {
        "title": cleaned(document.title),
        "language": document.language,
        "day": [int(part) for part in document.day.split("-")],
        "header": cleaned(document.header),
        "page": document.page,
        "contents": contents,
        "font": FONT,
        "narrow-font": NARROW_FONT,
        "code-font": CODE_FONT,
        "most-columns": MOST_COLUMNS,
        "blocks": [part for block in document.blocks for part in _block(block)],
    }
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(files(FONT_PACKAGE))])
    try:
        return typst.compile(
            (files("policy_logic") / "report" / "pdf.typ").read_bytes(),
            font_paths=fonts,
            sys_inputs={"document": json.dumps(told, ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],  # to be kept, and to be read aloud
        )
    except typst.TypstError as fault:
        missing = _NO_SIGN.search(str(fault))
        problem = (
            Problem("request.report_no_sign", None, {"letters": missing[1]})
            if missing
            else Problem("request.report_not_set", None, {"reason": str(fault)})
        )
        raise RequestError([problem]) from fault


def _block(block: Block) -> Iterator[dict[str, object]]:
    """Yield a block as values."""
    if isinstance(block, Heading):
        yield {"kind": "heading", "level": block.level, "text": cleaned(block.text)}
    elif isinstance(block, Paragraph):
        yield {"kind": "paragraph", "role": block.role, "words": _words(block.words)}
    elif isinstance(block, Quotation):
        source = cleaned(block.source)
        yield {"kind": "quotation", "clause": cleaned(block.clause), "source": source}
    elif isinstance(block, Table):
        yield _table(block)
    elif isinstance(block, Items):
        items = [_item(item) for item in block.items]
        yield {"kind": "items", "ordered": block.ordered, "items": items}
    else:
        yield from _picture(block)


def _picture(picture: Picture) -> Iterator[dict[str, object]]:
    """Yield the pictures of a proof; whoever does not see them is read the words."""
    count = len(picture.drawings)
    for place, drawing in enumerate(picture.drawings, start=1):
        mark = f" ({place}/{count})" if count > 1 else ""
        yield {
            "kind": "drawing",
            "svg": svg_alone(drawing, FONT),
            "columns": drawing.columns,
            "width": drawing.width,
            "height": drawing.height,
            "caption": cleaned(drawing.title) + mark,
            "alt": _aloud(drawing),
        }


def _aloud(drawing: Drawing) -> str:
    """Return a picture in words: every box, with its source."""
    told = [drawing.title]
    for placed in drawing.boxes:
        source = f" ({placed.box.source})" if placed.box.source else ""
        told.append(f"{placed.box.text}{source}")
    return cleaned("\n".join(told))


def _words(words: Words) -> dict[str, object]:
    if isinstance(words, Code):
        return {"text": cleaned(words.text), "code": True}
    return {"text": cleaned(words), "code": False}


def _item(item: Item) -> dict[str, object]:
    children = [_item(child) for child in item.children]
    return {"words": _words(item.words), "note": cleaned(item.note), "children": children}


def _table(table: Table) -> dict[str, object]:
    return {
        "kind": "table",
        "caption": cleaned(table.caption),
        "columns": [_words(column) for column in table.columns],
        "rows": [[_words(cell) for cell in row] for row in table.rows],
        "footer": [_words(cell) for cell in table.footer],
        "sums": sorted(table.sums),
        "widths": list(table.widths),
    }
