"""A new policy folder, made from the text of the policy: all of it, or nothing."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Problem, RequestError
from policy_logic.facts.vocabulary import load_vocabulary
from policy_logic.lab.outline import Outline, outline
from policy_logic.lab.scaffold_files import ScaffoldFiles
from policy_logic.rulebook.build import build_rulebook
from policy_logic.rulebook.load import shared_rules, shipped_vocabulary
from policy_logic.rulebook.text import PolicyText

if TYPE_CHECKING:
    from policy_logic.lab.sketches import Sketch
    from policy_logic.language import Language

_ID: Final = re.compile("[a-z][a-z0-9_]*")
_RESERVED: Final = frozenset({"cases", "across", "engine"})
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a]")
_DOCUMENTS: Final = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Word/Excel (.docx, .xlsx)",
    b"\xd0\xcf\x11\xe0": "Word/Excel (.doc, .xls)",
    b"{\\rtf": "RTF",
}
_ENCODINGS: Final = ("gb18030", "big5")


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """A policy folder that was made.

    Attributes:
        folder: The folder.
        outline: The text, laid out.
        place: The place that was taken as the policy's.
        sketches: The lines proposed.
    """

    folder: Path
    outline: Outline
    place: str
    sketches: tuple[Sketch, ...]


def new_policy(name: str, file: Path, rules: Path, language: Language) -> NewPolicy:
    """Make a policy folder from a text: it loads, and every passage waits for its rules.

    The folder is written beside its place and moved there when it is whole and passes every check
    of a rulebook; nothing that exists is touched.

    Args:
        name: The policy's id.
        file: The text, in UTF-8.
        rules: The folder of policies; it is made if it does not exist.
        language: The language of the comments.

    Raises:
        RequestError: The id or the text will not do, or the folder exists or cannot be written.
    """
    if not _ID.fullmatch(name):
        raise _refused("id", id=name)
    if name in _RESERVED:
        raise _refused("id_reserved", id=name)
    folder = rules / name
    if folder.exists():
        raise _refused("exists", folder=folder)
    raw = _read(file)
    found = outline(PolicyText(raw.decode("utf-8")))
    if not found.clauses:
        raise _refused("no_clauses", file=file)
    vocabulary = shipped_vocabulary()
    written = ScaffoldFiles(name, found, load_vocabulary(vocabulary), language)
    try:
        rules.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=rules, prefix=".new-") as draft:
            own = Path(draft) / name
            for path, text in written.files().items():
                (own / path).parent.mkdir(parents=True, exist_ok=True)
                (own / path).write_text(text, encoding="utf-8", newline="\n")
            (own / "text.txt").write_bytes(raw)
            build_rulebook(Path(draft), shared_rules(rules), vocabulary, {name: own}, "")
            own.rename(folder)
    except OSError as fault:
        raise _refused("cannot_write", folder=folder, reason=fault.strerror or fault) from None
    return NewPolicy(folder, found, written.place, tuple(written.sketches.values()))


def _read(file: Path) -> bytes:
    try:
        raw = file.read_bytes()
    except OSError as fault:
        raise _refused("unreadable", file=file, reason=fault.strerror or fault) from None
    for start, kind in _DOCUMENTS.items():
        if raw.startswith(start):
            raise _refused("document", file=file, found=kind)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        converted = f"{file.stem}-utf8.txt"
        raise _refused("encoding", file=file, found=_encoding(raw), converted=converted) from None
    control = _CONTROL.search(text)
    if control is not None:
        raise _refused("not_text", file=file, line=text.count("\n", 0, control.start()) + 1)
    if not re.search(r"\w", text):
        raise _refused("empty", file=file)
    return raw


def _encoding(raw: bytes) -> str:
    """Return the encoding that bytes seem to be in, as ``iconv`` calls it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    for name in _ENCODINGS:
        try:
            raw.decode(name)
        except UnicodeDecodeError:
            continue
        return name.upper()
    return "GB18030"


def _refused(code: str, **details: object) -> RequestError:
    return RequestError([Problem(f"scaffold.{code}", None, details)])
