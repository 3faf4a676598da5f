"""A report in a file: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from policy_logic.errors import Problem, RequestError
from policy_logic.report.html import html
from policy_logic.report.markdown import markdown
from policy_logic.report.pdf import check_pdf, pdf
from policy_logic.report.sections import report
from policy_logic.report.wording import Speech

if TYPE_CHECKING:
    from policy_logic.decide.extras import Wished
    from policy_logic.language import Language
    from policy_logic.report.blocks import Document

HTML = frozenset({".html", ".htm"})
MARKDOWN = frozenset({".md", ".markdown"})
PDF = frozenset({".pdf"})


def check_target(target: Path) -> None:
    """Refuse a file that no report can be written to, before anything is decided.

    Raises:
        RequestError: The suffix is none of HTML's, Markdown's and PDF's, what PDF needs is not
            installed, the folder does not exist, or the target is a folder.
    """
    if target.suffix.lower() not in HTML | MARKDOWN | PDF:
        raise RequestError([Problem("request.report_suffix", None, {"file": target})])
    if target.suffix.lower() in PDF:
        check_pdf()
    if target.is_dir():
        raise RequestError([Problem("request.report_folder", None, {"file": target})])
    if not target.parent.is_dir():
        details = {"file": target, "folder": target.parent}
        raise RequestError([Problem("request.report_no_folder", None, details)])


def write_report(
    wished: Wished, language: Language, target: Path, facts: str, options: str
) -> None:
    """Write the report of a plan, as HTML, Markdown or PDF by the file's suffix.

    Args:
        wished: The case, with and without its wish.
        language: The language of the report.
        target: The file.
        facts: The facts as a command names them, with the options that pick the case.
        options: The options that the plan was asked with, each with a space before it.

    Raises:
        RequestError: The file cannot be written, or no font of the PDF has a sign for a letter;
            then there is no file, or the old one is as it was.
    """
    check_target(target)
    speech = Speech(wished, language, facts, options)
    document = report(speech)
    contents = speech.say("contents")
    suffix = target.suffix.lower()
    if suffix in PDF:
        _write(target, pdf(document, contents))
    elif suffix in HTML:
        _write(target, html(document, contents).encode())
    else:
        _write(target, markdown(document).encode())


def write_page(document: Document, contents: str, target: Path) -> None:
    """Write a document as an HTML page, whole or not at all.

    Args:
        document: The document.
        contents: The title of its table of contents.
        target: The file.

    Raises:
        RequestError: The file cannot be written; then there is none, or the old one is as it was.
    """
    _write(target, html(document, contents).encode())


def _write(target: Path, content: bytes) -> None:
    """Write beside the target, then put in its place."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=".report-", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except OSError as fault:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        details = {"file": target, "reason": fault.strerror or str(fault)}
        raise RequestError([Problem("request.report_unwritable", None, details)]) from fault


def _mode(target: Path) -> int:
    """Return the permissions of the file that is there, else those of a new one."""
    with suppress(OSError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
