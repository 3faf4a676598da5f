"""Signs that cannot stand in a rule, and what a fault of syntax most likely comes from."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MEANT: Final = {
    "。": ".", "、": ",", "“": '"', "”": '"', "‘": '"', "’": "'", "「": '"', "」": '"', "≥": ">=",
    "≤": "<=", "≠": "!=", "—": "-", "–": "-", "−": "-", "【": "(", "】": ")", "〔": "(", "〕": ")",
}  # fmt: skip
_TOKEN: Final = re.compile(
    r"""(?P<words>%\*.*?\*%|%[^\n]*|"(?:[^"\\\n]|\\.)*")|(?P<sign>[^\x00-\x7f]+)""", re.DOTALL
)
_HEAD: Final = re.compile(r"[a-z]\w*\s*(?:\(|:-|\.)")
_NAME_IN_UPPER: Final = re.compile(r"(?:^|[\s,])(?:not\s+)?([A-Z]\w*)\(")
_GROUPED: Final = re.compile(r"\b[0-9]+(?:_[0-9]+)+\b")


def foreign_signs(text: str, file: str) -> Iterator[Problem]:
    """Find what is no sign of a rule: Chinese punctuation, or letters outside quotes and comments.

    The solver's parser does not survive them.
    """
    for found in _TOKEN.finditer(text):
        if found["sign"]:
            before = text[: found.start()]
            where = Position(
                file, before.count("\n") + 1, found.start() - (before.rfind("\n") + 1) + 1
            )
            yield _foreign(found["sign"], where)


def _foreign(signs: str, where: Position) -> Problem:
    sign = signs[0]
    meant = _MEANT.get(sign) or unicodedata.normalize("NFKC", sign)
    if sign.isspace() or unicodedata.category(sign) in {"Cf", "Zs"}:
        return Problem("rulebook.foreign_space", where, {})
    if meant.isascii():
        return Problem("rulebook.foreign_sign", where, {"sign": sign, "meant": meant})
    return Problem("rulebook.foreign_words", where, {"words": signs})


def syntax_problem(message: str, where: Position, lines: Sequence[str]) -> Problem:
    """Return what to say of a fault of syntax: its likely cause, where one shows itself.

    Args:
        message: The message of the solver's parser.
        where: The place that it names: the first sign that cannot stand there.
        lines: The lines of the file.
    """
    line = lines[where.line - 1] if 0 < where.line <= len(lines) else ""
    upper = _NAME_IN_UPPER.search(line)
    grouped = _GROUPED.search(line)
    if grouped:
        return Problem("rulebook.number_in_rule", where, {"number": grouped[0]})
    if "=>" in line or "=<" in line:
        meant = ">=" if "=>" in line else "<="
        return Problem("rulebook.foreign_sign", where, {"sign": meant[::-1], "meant": meant})
    if upper:
        return Problem("rulebook.name_in_upper", where, {"name": upper[1]})
    above = _above(lines, where.line if line.strip() else len(lines) + 1)
    if above is not None and "unexpected :-" in message and above[1].endswith(","):
        return Problem("rulebook.comma_for_stop", Position(where.file, above[0], len(above[1])), {})
    if above is not None and not line[: max(where.column - 1, 0)].strip():
        number, words = above
        is_head = _HEAD.match(line) is not None or not line.strip()
        at_end = Position(where.file, number, len(words.rstrip()))
        if is_head and not words.endswith((".", ",")):
            return Problem("rulebook.stop_missing", at_end, {})
        if not is_head and not words.endswith((",", ":-", ".", "(")):
            return Problem("rulebook.comma_missing", at_end, {})
    return Problem("rulebook.syntax", where, {"message": message, "line": line.strip()})


def _above(lines: Sequence[str], number: int) -> tuple[int, str] | None:
    """Return the last line above a line that holds part of a rule, with its number."""
    for index in range(min(number - 1, len(lines)) - 1, -1, -1):
        words = re.sub(r'^((?:[^%"]|"[^"]*")*)%.*', r"\1", lines[index]).rstrip()
        if words:
            return index + 1, words
    return None
