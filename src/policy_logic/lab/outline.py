"""A text laid out for its rules: every passage in a clause, every clause with its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from policy_logic.lab.clauses import article_of, paragraphs, sentences
from policy_logic.lab.figures import Figure, digits_left, figures, grants
from policy_logic.lab.preamble import Preamble, preamble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from policy_logic.lab.clauses import Mark, Paragraph
    from policy_logic.rulebook.text import PolicyText

_CAP_OF_A_YEAR: Final = re.compile(
    "^(?:每|单|同一?)(?:一|个|家|户)?(?:个|家)?(?:企业|单位|机构|主体|申报单位|申请人|公司|园区)[^，。；]*"
    "(?:每年|年度|全年|当年)"
)
_DEPARTMENTS: Final = re.compile(
    r"[（(]?(?:责任|牵头|配合|实施|主管)(?:单位|部门)[：:][^（）()。；0-9]*[）)]?[。；]?"
)
_SEGMENT: Final = "，。；：,;"
_BY_LAWS: Final = "附则"
_LONGEST_NAME: Final = 24


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that a clause states.

    Attributes:
        figure: The number.
        key: Its key in ``numbers.toml``.
        written: The number as the text writes it.
        clause: The words around it.
    """

    figure: Figure
    key: str
    written: str
    clause: str


@dataclass(frozen=True, slots=True)
class Clause:
    """Passages that stand under one heading of a rule file.

    Attributes:
        article: The article, as the text numbers it.
        item: The article as an id has it, as ``2-4``; empty before the first article.
        name: What the text calls the article; empty where it has no name.
        quotes: The passages, each of which the text has once.
        stated: The numbers that they state.
        left: What looks like a number and could not be read as one.
        line: The key of the line that they seem to grant; empty for none.
        is_cap: Whether they only set a cap for the year.
        is_yearly: Whether they speak of the figures of a year.
        asks_review: Whether they ask for a review.
    """

    article: str
    item: str
    name: str
    quotes: tuple[str, ...]
    stated: tuple[Stated, ...]
    left: tuple[str, ...]
    line: str
    is_cap: bool
    is_yearly: bool
    asks_review: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A text laid out for its rules.

    Attributes:
        text: The text.
        preamble: What it says of itself.
        validity: The words on its validity, which the text has once; where it says nothing of
            that, its last words.
        named: The words of title, number, issuer and day that stand alone.
        headings: The words that only name what follows.
        clauses: Everything else.
        departments: The passages that only name the departments in charge.
        repeated: Passages of some length that the text has more than once.
    """

    text: PolicyText
    preamble: Preamble
    validity: str
    named: tuple[str, ...]
    headings: tuple[str, ...]
    clauses: tuple[Clause, ...]
    departments: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def articles(self) -> int:
        """How many articles the text has."""
        return len({clause.item for clause in self.clauses if clause.item})


def outline(text: PolicyText) -> Outline:
    """Lay a text out for its rules: titles, headings, clauses, numbers, validity."""
    parts = paragraphs(text)
    cut = [place for part in parts for place in sentences(part, text)]
    about = preamble(text, parts, cut)
    quote = _Quotation(text)
    validity = about.applies.place if about.applies else cut[-1]
    headings = [part.place for part in parts if part.is_heading]
    charged = [p for p in cut if _DEPARTMENTS.fullmatch(text.letters, p.start, p.stop)]
    apart = {*charged, *([validity] if about.applies else [])}
    own = [p for p in parts if p.place not in about.named and not p.is_heading]
    clauses = [
        clause
        for marks, name, item, group in _articles(parts, own)
        for clause in _clauses(
            _Article(marks, name, item),
            [s for p in group for s in sentences(p, text) if s not in apart],
            quote,
        )
    ]
    return Outline(
        text,
        about,
        quote.once(validity),
        tuple(quote.words(place) for place in about.named),
        tuple(quote.words(place) for place in headings),
        tuple(clauses),
        tuple(dict.fromkeys(quote.words(place) for place in charged)),
        tuple(
            dict.fromkeys(quote.words(p) for p in cut if p not in apart and quote.is_repeated(p))
        ),
    )


@dataclass(frozen=True, slots=True)
class _Article:
    """An article: its marks, its name or that of what it lies under, and its id."""

    marks: tuple[Mark, ...]
    name: str
    item: str


class _Quotation:
    """Cuts passages out of a text, with the spaces that it has and without its line breaks."""

    def __init__(self, text: PolicyText) -> None:
        self.text = text
        self._offsets = [n for n, letter in enumerate(text.verbatim) if not letter.isspace()]

    def words(self, place: range) -> str:
        """Return a passage on one line."""
        verbatim = self.text.verbatim[self._offsets[place.start] : self._offsets[place[-1]] + 1]
        return " ".join("".join(line.strip() for line in verbatim.splitlines()).split())

    def once(self, place: range) -> str:
        """Return a passage, with as many words before it, or after it, as make it unique."""
        letters = self.text.letters
        start, stop = place.start, place.stop
        while start and not self._is_unique(range(start, stop)):
            start -= 1
            while start and letters[start - 1] not in _SEGMENT:
                start -= 1
        while stop < len(letters) and not self._is_unique(range(start, stop)):
            stop += 1
        return self.words(range(start, stop))

    def is_repeated(self, place: range) -> bool:
        """Return whether a passage of some length stands in the text more than once."""
        return len(place) > _LONGEST_NAME and not self._is_unique(place)

    def around(self, place: range, passage: range) -> str:
        """Return the words around a number of a passage, enough of them to be unique there."""
        letters = self.text.letters
        stop = place.stop
        while stop < passage.stop and letters[stop] not in _SEGMENT:
            stop += 1
        start = place.start
        while True:
            while start > passage.start and letters[start - 1] not in _SEGMENT:
                start -= 1
            if start <= passage.start or self._is_unique(range(start, stop)):
                return self.words(range(start, stop))
            start -= 1

    def _is_unique(self, place: range) -> bool:
        return self.text.letters.count(self.text.letters[place.start : place.stop]) == 1


def _articles(
    parts: Sequence[Paragraph], own: Sequence[Paragraph]
) -> Iterator[tuple[tuple[Mark, ...], str, str, list[Paragraph]]]:
    """Yield the articles in order: their marks, name, id and paragraphs.

    A text without any mark has an article for every paragraph.
    """
    if not any(part.marks for part in parts):
        for number, part in enumerate(own, 1):
            yield (), f"第{number}段", f"p{number}", [part]
        return
    names = {p.marks: p.words for p in parts if p.is_heading}
    item = _items([p.marks for p in own if p.marks], names)
    taken: set[str] = set()
    for marks, group in groupby(own, key=lambda part: part.marks):
        paragraph_group = list(group)
        name = next((names[marks[:n]] for n in range(len(marks), 0, -1) if marks[:n] in names), "")
        known = item(marks) if marks else ""
        number = 2
        while known and known in taken:
            known, number = f"{item(marks)}_{number}", number + 1
        taken.add(known)
        yield marks, name, known, paragraph_group


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


def _clauses(of: _Article, places: Sequence[range], quote: _Quotation) -> Iterator[Clause]:
    """Yield the clauses of an article: one for each passage that grants, one for what surrounds."""
    letters = quote.text.letters
    article = article_of(of.marks) or of.name
    name = _name(of.marks, places, quote) or (of.name if of.marks else "")
    found = {place: figures(letters, place) for place in places}
    paid = [p for p in places if _pays(letters, p, found[p])]
    groups: list[list[range]] = [[]]
    for place in places:
        is_paid, had_paid = place in paid, any(p in paid for p in groups[-1])
        if len(paid) > 1 and had_paid and (is_paid or groups[-1][-1] in paid):
            groups.append([])
        groups[-1].append(place)
    keys: dict[str, int] = {}
    line = 0
    for group in filter(None, groups):
        grants_money = any(p in paid for p in group)
        line += grants_money
        words = "".join(letters[p.start : p.stop] for p in group)
        stated = []
        for place in group:
            for figure in found[place]:
                base = f"{of.item or '0'}_{figure.role}"
                keys[base] = keys.get(base, 0) + 1
                key = base if keys[base] == 1 else f"{base}_{keys[base]}"
                written = quote.words(figure.place)
                stated.append(Stated(figure, key, written, quote.around(figure.place, place)))
        yield Clause(
            article=article or "前言",
            item=of.item,
            name=name,
            quotes=tuple(quote.once(place) for place in group),
            stated=tuple(stated),
            left=tuple(
                n for p in group for n in digits_left(letters, _unmarked(of.marks, p, letters))
            ),
            line=_line(of.item, line, len(paid)) if grants_money else "",
            is_cap=not grants_money and _is_cap(words),
            is_yearly=bool(re.search("年度|每年|上年|上一年|当年|全年", words)),
            asks_review=bool(re.search("评选|评审|认定|审核|择优|评定|评估|考核|核定", words)),
        )


def _line(item: str, number: int, several: int) -> str:
    """Return the key of a line: that of its article, numbered where there are several."""
    own = item or "0"
    return own if several == 1 else f"{own}.{number}"


def _name(marks: tuple[Mark, ...], places: Sequence[range], quote: _Quotation) -> str:
    """Return the short first sentence that names an article, without its mark."""
    if len(places) < 2 or not marks:
        return ""
    letters = quote.text.letters
    place = _unmarked(marks, places[0], letters)
    words = letters[place.start : place.stop].rstrip("。；")
    is_name = len(words) <= _LONGEST_NAME and not figures(letters, place)
    return words if is_name else ""


def _unmarked(marks: tuple[Mark, ...], place: range, letters: str) -> range:
    """Return a passage without the mark it begins with."""
    start = place.start
    for mark in marks:
        if letters.startswith(mark.written, start):
            start += len(mark.written)
    return range(min(start, place.stop), place.stop)


def _pays(letters: str, place: range, found: Sequence[Figure]) -> bool:
    """Return whether a passage grants money: a sum or a rate, and a word for giving."""
    is_sum = any(f.kind in {"money", "usd"} or f.role == "rate" for f in found)
    return is_sum and grants(letters, place) and not _is_cap(letters[place.start : place.stop])


def _is_cap(words: str) -> bool:
    return _CAP_OF_A_YEAR.match(words) is not None
