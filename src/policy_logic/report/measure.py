"""How wide words are, and where a line breaks; without a font, so on the safe side."""

from __future__ import annotations

import re
import unicodedata

_NOT_FIRST = frozenset("，。；：、？！）》」』】〕”’…%,.;:!?)]}·")
_NOT_LAST = frozenset("（《「『【〔“‘([{")
_PIECE = re.compile(r"\s+|[ -~\u00a0-\u024f]+|.", re.DOTALL)
_LATIN = re.compile(r"\d[\d.,:-]*|[^\s\d/._-]+[/._-]*|[/._-]+|\s+")


def width_of(text: str) -> float:
    """Return about how wide words are, in units of the font's size."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in " iljtf.,:;'|!()[]":
        return 0.33
    return 0.72 if character.isupper() or character in "mwMW%@≥≤→×=" else 0.57


def wrapped(text: str, width: float) -> list[str]:
    """Return words as lines no wider than ``width``, in units of the font's size.

    Chinese breaks between any two characters, but no line begins with a closing mark or ends with
    an opening one; other words break at spaces, within one only after a stroke or where it alone is
    too wide. Dates and figures stay whole.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, width):
        if line and width_of(line) + width_of(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _pieces(text: str, width: float) -> list[str]:
    """Return what may not be broken."""
    pieces: list[str] = []
    for found in _PIECE.findall(" ".join(text.split())):
        parts = _LATIN.findall(found) if len(found) > 1 else [found]
        for part in parts:
            glued = pieces and (part[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST)
            if part.isspace() and pieces:
                pieces[-1] += " "
            elif glued and width_of(pieces[-1] + part) <= width:
                pieces[-1] += part
            else:
                pieces.extend(_cut(part, width))
    return pieces


def _cut(word: str, width: float) -> list[str]:
    """Return a word in pieces that fit."""
    pieces, piece = [], ""
    for character in word:
        if piece and width_of(piece + character) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]
