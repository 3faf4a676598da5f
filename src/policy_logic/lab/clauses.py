"""A Chinese official text as paragraphs, each with the article it belongs to.

A text may come as it was set in pages: a line may end in the middle of a sentence, and blank lines
mean nothing. A paragraph begins with a mark (第三条, 一、, （二）, 1., （1）, ①), or where a
sentence has ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from policy_logic.lab.figures import figures
from policy_logic.rulebook.written import DIGITS, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.rulebook.text import PolicyText

_NUMERAL: Final = rf"[{DIGITS}十百]+"
_MARKS: Final = {
    "part": re.compile(rf"第({_NUMERAL}|[0-9]+)(?:编|章|节|部分)"),
    "article": re.compile(rf"第({_NUMERAL}|[0-9]+)条(?![第款项])"),
    "numeral": re.compile(rf"({_NUMERAL})[、.．]"),
    "numeral_in_brackets": re.compile(rf"[（(]({_NUMERAL})[）)]"),
    "digits": re.compile(r"([0-9０-９]{1,2})[.．、](?![0-9０-９])"),
    "digits_in_brackets": re.compile(r"[（(]?([0-9０-９]{1,2})[）)]"),
    "circled": re.compile(r"([①-⑳])"),
}
_END: Final = tuple("。；：！？…;:!?）)")
_MIDDLE: Final = tuple("，、,")
_PROSE: Final = re.compile("[，。；：,;]")
_SENTENCE: Final = re.compile(r"[^。；]+[。；]*[”）’」)]*")
_LONGEST_HEADING: Final = 40
_PART_OF_A_LINE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Mark:
    """The number before a paragraph.

    Attributes:
        kind: How it is written, as a key of the marks above.
        number: The number.
        written: The mark as the text has it.
    """

    kind: str
    number: int
    written: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text.

    Attributes:
        place: Where it stands, in letters of the text.
        words: Its letters, without its marks.
        marks: Its own mark, and those that it lies under, from outside; empty before the first.
        is_marked: Whether it begins with a mark of its own.
        is_heading: Whether it only names what follows.
    """

    place: range
    words: str
    marks: tuple[Mark, ...]
    is_marked: bool
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """Letters that stand together, with the marks they begin with."""

    place: range
    letters: str
    marks: tuple[Mark, ...]

    @property
    def words(self) -> str:
        return self.letters[sum(len(mark.written) for mark in self.marks) :]

    @property
    def has_ended(self) -> bool:
        return self.letters.rstrip("”》’」").endswith(_END)


def paragraphs(text: PolicyText) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text, in order; together they have every letter of it."""
    lines = list(_joined(list(_lines(text))))
    width = _width(lines)
    found: list[Paragraph] = []
    under: tuple[Mark, ...] = ()
    for line, after in zip(lines, [*lines[1:], None], strict=False):
        for mark in line.marks:
            under = _placed(under, mark)
        is_heading = _is_heading(line, after, under, width)
        is_marked = bool(line.marks)
        found.append(Paragraph(line.place, line.words, under, is_marked, is_heading))
        if line.marks and line.marks[-1].kind == "part":
            under = ()
    return tuple(found)


def sentences(paragraph: Paragraph, text: PolicyText) -> tuple[range, ...]:
    """Return the places of a paragraph's sentences, cut at full stops and semicolons."""
    start = paragraph.place.start
    letters = text.letters[start : paragraph.place.stop]
    return tuple(
        range(start + found.start(), start + found.end()) for found in _SENTENCE.finditer(letters)
    ) or (paragraph.place,)


def article_of(marks: Sequence[Mark]) -> str:
    """Return the article that marks name, as texts do: 二（四）, 二（一）1, 一、3."""
    named = ""
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        plain = after is None or after.kind.endswith("in_brackets") or after.kind == "circled"
        bare = mark.kind in {"numeral", "digits"} and (after is None or plain)
        named += mark.written.rstrip("、.．") if bare else mark.written
    return named


def _lines(text: PolicyText) -> Iterator[_Line]:
    start = 0
    for line in text.verbatim.splitlines():
        letters = "".join(line.split())
        if letters:
            yield _Line(range(start, start + len(letters)), letters, tuple(_marks(letters)))
        start += len(letters)


def _marks(letters: str) -> Iterator[Mark]:
    """Yield the marks that a line begins with; of one kind there is only one."""
    kinds = dict(_MARKS)
    while True:
        for kind, pattern in kinds.items():
            found = pattern.match(letters)
            number = _number(found[1]) if found else None
            if found and number:
                yield Mark(kind, number, found[0])
                letters = letters[found.end() :]
                del kinds[kind]
                break
        else:
            return


def _number(written: str) -> int | None:
    if "①" <= written <= "⑳":
        return ord(written) - ord("①") + 1
    return int(written) if written.isdecimal() else whole_number(written)


def _joined(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield lines, those that go on with a sentence joined to the line before."""
    known: dict[str, int] = {}
    before: _Line | None = None
    for line in lines:
        if before is not None and _goes_on(before, line, known):
            place = range(before.place.start, line.place.stop)
            before = replace(before, place=place, letters=before.letters + line.letters)
            continue
        if before is not None:
            yield before
        known |= {mark.kind: mark.number for mark in line.marks}
        before = line
    if before is not None:
        yield before


def _goes_on(before: _Line, line: _Line, known: dict[str, int]) -> bool:
    """Return whether a line is in the middle of the sentence that the line before has begun."""
    if before.has_ended or not _PROSE.search(before.words):
        return False
    if line.marks:  # a line that happens to begin like a mark
        first = line.marks[0]
        return first.number not in {1, known.get(first.kind, 0) + 1}
    if before.letters.endswith(_MIDDLE):
        return True
    return "。" in before.letters or len(before.letters) > _LONGEST_HEADING or not before.marks


def _width(lines: Sequence[_Line]) -> int:
    """Return how many letters a line of the page has, judged by lines cut in mid-sentence."""
    cut = sorted(
        len(line.letters)
        for line, after in pairwise(lines)
        if not line.has_ended and _PROSE.search(line.words) and not after.marks
    )
    return cut[len(cut) * 4 // 5] if cut else 0


def _placed(under: tuple[Mark, ...], mark: Mark) -> tuple[Mark, ...]:
    """Return the marks that a mark stands under, with itself."""
    if mark.kind in {"part", "article"}:
        return (mark,)
    kinds = [known.kind for known in under]
    return (*under[: kinds.index(mark.kind)], mark) if mark.kind in kinds else (*under, mark)


def _is_heading(line: _Line, after: _Line | None, under: tuple[Mark, ...], width: int) -> bool:
    """Return whether a line only names what follows: short, no sentence, and something follows."""
    if not line.marks or line.has_ended or "。" in line.letters or after is None:
        return False
    if len(line.letters) > _LONGEST_HEADING or figures(line.words, range(len(line.words))):
        return False
    if width and len(line.letters) > width * _PART_OF_A_LINE:
        return False
    return not after.marks or after.marks[0].kind not in [mark.kind for mark in under]
