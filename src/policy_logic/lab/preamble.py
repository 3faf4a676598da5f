"""What a text says of itself: its title, number, issuer and day, and how long it applies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from policy_logic.lab.figures import figures
from policy_logic.rulebook.written import DIGITS, whole_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.lab.clauses import Paragraph
    from policy_logic.rulebook.policy import Status
    from policy_logic.rulebook.text import PolicyText

_DAY: Final = r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
_TITLE: Final = re.compile(
    r"(?:办法|措施|意见|政策|规定|方案|细则|规则|条例|通知|通告|公告|计划|决定|举措|条款|政策清单|[0-9一二三四五六七八九十]+条)"
    r"(?:[（(][^）)]*[）)])*$"
)
_REMARK: Final = re.compile(r"[（(][^）)]{2,10}[）)]")
_NUMBER: Final = re.compile(r"[^，。、（）()]{2,16}[〔\[【（(][0-9]{4}[〕\]】）)]第?[0-9]+号")
_ISSUER: Final = re.compile(
    r"[^，。：]{2,30}(?:人民政府|办公室|办公厅|委员会|管委会|局|厅|部|委)(?:文件)?"
)
_DATED: Final = re.compile(rf"{_DAY}(?:印发|发布)?")
_APPLIES: Final = re.compile(
    r"自[^，。；]{0,24}起[^，。；]{0,6}(?:施行|实施|执行|试行|生效)|有效期"
)
_FROM: Final = re.compile(rf"自{_DAY}[^，。；]{{0,4}}起")
_UNTIL: Final = re.compile(rf"至{_DAY}")
_YEARS: Final = re.compile(
    rf"有效期[^，。；]{{0,4}}?([0-9]+|[{DIGITS}十]+)年|(?:试行|施行|期限)[^，。；]{{0,3}}?([0-9]+|[{DIGITS}十]+)年"
)
_PLACE: Final = re.compile(
    r"(?:.{2,7}?(?:省|自治区|市))?(?:.{2,7}?(?:市|自治州|州|盟|区|县|旗))?(?=.)"
)
_STATUSES: Final[tuple[tuple[str, Status], ...]] = (
    ("征求意见", "consultation"),
    ("草案", "draft"),
    ("初稿", "draft"),
    ("送审稿", "draft"),
    ("讨论稿", "draft"),
    ("试行", "trial"),
    ("暂行", "trial"),
)
_SHORT: Final = 14
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Applies:
    """How long a text applies.

    Attributes:
        place: The words that say so.
        start: The first day, if they name it.
        end: The last day, if they name it.
        years: The term in years, if they give it instead.
    """

    place: range
    start: date | None
    end: date | None
    years: int | None


@dataclass(frozen=True, slots=True)
class Preamble:
    """What a text says of itself; empty or ``None`` where it does not.

    Attributes:
        title: The title.
        number: The number it was issued under.
        issuer: Who issued it.
        dated: The day it bears.
        region: The place that its title begins with.
        status: What its title says of its force.
        applies: How long it applies.
        named: The places of the words above that stand apart from every clause: title, number,
            issuer and day.
    """

    title: str
    number: str
    issuer: str
    dated: date | None
    region: str
    status: Status
    applies: Applies | None
    named: tuple[range, ...]


def preamble(
    text: PolicyText, paragraphs: Sequence[Paragraph], sentences: Sequence[range]
) -> Preamble:
    """Find what a text says of itself.

    Args:
        text: The text.
        paragraphs: Its paragraphs.
        sentences: The places of all its sentences, in order.
    """
    front = [p for p in paragraphs if not p.marks]
    last = max((n for n, p in enumerate(paragraphs) if p.is_marked), default=len(paragraphs))
    bare = [*front, *(p for p in paragraphs[last + 1 :] if p not in front)]
    titled = _title(front)
    numbers = [p for p in front if _NUMBER.fullmatch(_clean(p.words))]
    days = [(p, found) for p in bare if (found := _DATED.fullmatch(p.words))]
    issuers = [p for p in bare if p not in titled and _ISSUER.fullmatch(p.words)]
    title = _clean("".join(p.words for p in titled))
    notices = [p for p in front if p not in titled and _is_title(p.words)]
    named = [*titled, *notices, *numbers, *issuers, *(p for p, _ in days)]
    return Preamble(
        title=title,
        number=_clean(numbers[0].words) if numbers else "",
        issuer=issuers[0].words.removesuffix("文件") if issuers else "",
        dated=next((day for _, found in days if (day := _day(found.groups()))), None),
        region=_region(title),
        status=next((status for word, status in _STATUSES if word in title), "in_force"),
        applies=_applies(text, sentences),
        named=tuple(sorted((p.place for p in named), key=lambda place: place.start)),
    )


def _clean(words: str) -> str:
    return words.strip("\ufeff")


def _title(front: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs of the title; of several titles the last, as a notice comes first."""
    found: list[Paragraph] = []
    for index, paragraph in enumerate(front):
        if not _is_title(_clean(paragraph.words)):
            continue
        start, stop = index, index + 1
        if len(paragraph.words) < _SHORT and start and _is_bare(front[start - 1].words):
            start -= 1
        while stop < len(front) and _REMARK.fullmatch(front[stop].words):
            stop += 1
        if not found or not _clean(paragraph.words).endswith("通知"):
            found = list(front[start:stop])
    return found or [p for p in front[:1] if _is_bare(p.words)]


def _is_title(words: str) -> bool:
    return _TITLE.search(words) is not None and not re.search("[，。；]", words)


def _is_bare(words: str) -> bool:
    """Return whether words may belong to a title: no sentence, number or issuer."""
    patterns = (_NUMBER, _ISSUER, _DATED)
    return (
        not re.search("[，。；：]", words)
        and len(words) < _LONGEST
        and not any(p.fullmatch(words) for p in patterns)
    )


def _region(title: str) -> str:
    """Return the place that a title begins with."""
    found = _PLACE.match(title.removeprefix("关于").removeprefix("推动").removeprefix("印发"))
    return found[0] if found else ""


def _applies(text: PolicyText, sentences: Sequence[range]) -> Applies | None:
    found = None
    for place in sentences:
        words = text.letters[place.start : place.stop]
        if _APPLIES.search(words) and "号" not in words and not _pays(text, place):
            start, until, years = (pattern.search(words) for pattern in (_FROM, _UNTIL, _YEARS))
            found = Applies(
                place,
                _day(start.groups()) if start else None,
                _day(until.groups()) if until else None,
                _whole(years[1] or years[2]) if years and not until else None,
            )
    return found


def _pays(text: PolicyText, place: range) -> bool:
    """Return whether a sentence states a sum or a share: it says more than how long it applies."""
    return any(figure.kind != "integer" for figure in figures(text.letters, place))


def _day(parts: Sequence[str | None]) -> date | None:
    try:
        return date(*(int(part or 0) for part in parts))
    except ValueError:
        return None


def _whole(written: str) -> int | None:
    return int(written) if written.isdecimal() else whole_number(written)
