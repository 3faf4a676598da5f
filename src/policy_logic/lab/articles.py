"""The articles of a text, and how ids name them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from policy_logic.lab.clauses import Mark, Paragraph

_BY_LAWS: Final = "附则"
_NOWHERE: Final = "0"


@dataclass(frozen=True, slots=True)
class Article:
    """An article of a text.

    Attributes:
        marks: Its marks; empty for what stands before the first.
        name: Its heading, or that of what it lies under; empty for none.
        item: How it is named in ids; empty for what stands before the first.
        paragraphs: Its paragraphs.
    """

    marks: tuple[Mark, ...]
    name: str
    item: str
    paragraphs: tuple[Paragraph, ...]


def articles(parts: Sequence[Paragraph], own: Sequence[Paragraph]) -> Iterator[Article]:
    """Yield the articles of a text in order; without any mark, one for every paragraph.

    Args:
        parts: All paragraphs of the text.
        own: Those that are neither title nor heading.
    """
    if not any(part.marks for part in parts):
        for number, part in enumerate(own, 1):
            yield Article((), f"第{number}段", f"p{number}", (part,))
        return
    names = {p.marks: p.words for p in parts if p.is_heading}
    item = _items([p.marks for p in own if p.marks], names)
    taken: set[str] = set()
    for marks, group in groupby(own, key=lambda part: part.marks):
        name = next((names[marks[:n]] for n in range(len(marks), 0, -1) if marks[:n] in names), "")
        first = item(marks) if marks else _NOWHERE
        names_tried = (first, *(f"{first}_{number}" for number in range(2, len(own) + 2)))
        known = next(name for name in names_tried if name not in taken)
        taken.add(known)
        yield Article(marks, name, "" if known == _NOWHERE else known, tuple(group))


def _items(
    every: Sequence[tuple[Mark, ...]], names: dict[tuple[Mark, ...], str]
) -> Callable[[tuple[Mark, ...]], str]:
    """Return how an article is named in ids.

    Where the innermost numbers run through the whole text they are enough, as in
    ``liaoning.18``; else the numbers around them come first, as in ``datong.2-4``. By-laws, which
    count anew, are ``f1``, ``f2``; text that stands right under an outer number is ``part-1``.
    """

    def in_by_laws(marks: tuple[Mark, ...]) -> bool:
        return len(marks) > 1 and _BY_LAWS in names.get(marks[:1], "")

    runs: dict[str, list[int]] = {}
    for marks in dict.fromkeys(every):
        if len(marks) > 1 and not in_by_laws(marks):
            runs.setdefault(marks[-1].kind, []).append(marks[-1].number)
    through = {kind for kind, numbers in runs.items() if len(set(numbers)) == len(numbers)}

    def item(marks: tuple[Mark, ...]) -> str:
        last = marks[-1]
        if len(marks) > 1 and last.kind in through:
            again = in_by_laws(marks) and last.number in runs[last.kind]
            return f"f{last.number}" if again else str(last.number)
        if len(marks) == 1 and any(last.number in runs[kind] for kind in through):
            return f"part-{last.number}"
        return "-".join(str(mark.number) for mark in marks)

    return item
