"""A text laid out for its rules: every passage in a clause, every clause with its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.lab.articles import articles
from policy_logic.lab.clauses import article_of, paragraphs, sentences
from policy_logic.lab.figures import Figure, digits_left, figures, grants
from policy_logic.lab.preamble import Preamble, preamble
from policy_logic.lab.quotations import Quotations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.lab.articles import Article
    from policy_logic.lab.clauses import Mark
    from policy_logic.rulebook.text import PolicyText

_CAP_OF_A_YEAR: Final = re.compile(
    "^(?:每|单|同一?)(?:一|个|家|户)?(?:个|家)?(?:企业|单位|机构|主体|申报单位|申请人|公司|园区)[^，。；]*"
    "(?:每年|年度|全年|当年)"
)
_DEPARTMENTS: Final = re.compile(
    r"[（(]?(?:责任|牵头|配合|实施|主管)(?:单位|部门)[：:][^（）()。；0-9]*[）)]?[。；]?"
)
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
        articles: How many articles the text has.
    """

    text: PolicyText
    preamble: Preamble
    validity: str
    named: tuple[str, ...]
    headings: tuple[str, ...]
    clauses: tuple[Clause, ...]
    departments: tuple[str, ...]
    repeated: tuple[str, ...]
    articles: int


def outline(text: PolicyText) -> Outline:
    """Lay a text out for its rules: titles, headings, clauses, numbers, validity."""
    parts = paragraphs(text)
    cut = [place for part in parts for place in sentences(part, text)]
    about = preamble(text, parts, cut)
    quote = Quotations(text)
    validity = about.applies.place if about.applies else cut[-1]
    headings = [part.place for part in parts if part.is_heading]
    charged = [p for p in cut if _DEPARTMENTS.fullmatch(text.letters, p.start, p.stop)]
    apart = {*charged, *([validity] if about.applies else [])}
    own = [p for p in parts if p.place not in about.named and not p.is_heading]
    clauses = [
        clause
        for article in articles(parts, own)
        for clause in _clauses(
            article,
            [s for p in article.paragraphs for s in sentences(p, text) if s not in apart],
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
        len({p.marks for p in own if p.marks}) or len(own),
    )


def _clauses(of: Article, places: Sequence[range], quote: Quotations) -> Iterator[Clause]:
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


def _name(marks: tuple[Mark, ...], places: Sequence[range], quote: Quotations) -> str:
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
