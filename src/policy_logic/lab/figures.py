"""The numbers that a passage of a text states: sums, shares, counts and lengths of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.rulebook.written import DIGITS, written_value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

_ARABIC: Final = r"(?:[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|[0-9０-９]+(?:[.．][0-9０-９]+)?)"
_CHINESE: Final = rf"(?:[{DIGITS}十百千]+)"
_UNITS: Final = (
    "个工作日|个百分点|平方公里|平方米|个月|分钟|小时|公里|人次|万元|千瓦|兆瓦|工作日|"
    "家|部|个|次|项|人|名|年|月|天|日|秒|处|集|件|套|台|场|期|批|倍|位|户|亩|吨|篇|首|张|辆|座|间|"
    "所|层|岁|种|类|份|只|头|株|米|克|升|票|季|周|分|支|款|本|幅|艘|架|条|件次"
)
_CHINESE_UNITS: Final = "个工作日|个月|年|次|家|部|项|名|人|倍|天|日|件"
_PATTERNS: Final = (
    ("usd", re.compile(rf"(?:{_ARABIC}|{_CHINESE})[万亿]?美元")),
    ("money", re.compile(rf"(?:{_ARABIC}|{_CHINESE})[万亿]?元")),
    ("share", re.compile(rf"{_ARABIC}[%％‰]|(?:{_CHINESE})分之(?:{_CHINESE})")),
    ("integer", re.compile(rf"{_ARABIC}[万亿]?(?:{_UNITS})")),
    ("integer", re.compile(rf"(?:{_CHINESE})[万亿]?(?:{_CHINESE_UNITS})")),
    ("integer", re.compile(rf"{_ARABIC}[万亿]")),
)
_NO_NUMBER: Final = re.compile(
    r"(?:19|20)[0-9]{2}(?:年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[-—~至]|级|届)"
    r"|[0-9]{1,2}月(?:[0-9]{1,2}日)?|[〔（(\[【][0-9]{4}[〕）)\]】]第?[0-9]*号?"
    rf"|第(?:{_ARABIC}|{_CHINESE})|[A-Za-z]+-?[0-9]+|[0-9]+[A-Za-z]+|(?:[二两三四五六七八九十]+)大(?!类)"
    rf"|一(?:次性|年一度|人一|家一|部|次|项|名|人|家|天|日|件)|十[四五]五|(?:{_CHINESE})届"
    rf"|前(?:{_ARABIC}|{_CHINESE})|(?:{_CHINESE})次(?:全会|会议|全体)"
)
_GRANTS: Final = re.compile("给予|奖励|补贴|补助|扶持|资助|支持|补偿|贴息|奖|补")
_CAP_BEFORE: Final = re.compile("(?:不超过|不高于|最高|至多|上限|封顶)[^，。；、]{0,6}$")
_CAP_AFTER: Final = re.compile("以内|封顶|为限|为上限")
_MINIMUM_BEFORE: Final = re.compile(
    "(?:达到?|不少于|不低于|超过|高于|满|大于|至少)[^，。；、]{0,4}$"
)
_MINIMUM_AFTER: Final = re.compile("(?:[（(]含[）)])?(?:及?以上|[（(]含[^）)]*[）)])")
_BEFORE: Final = 14
_NEAR: Final = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text.

    Attributes:
        place: Where it stands, in letters of the text.
        kind: ``money``, ``usd``, ``share`` or ``integer``.
        value: What it comes to, as ``numbers.toml`` states it.
        role: What it seems to be: ``cap``, ``minimum``, ``rate``, ``amount`` or ``count``.
    """

    place: range
    kind: str
    value: Decimal
    role: str


def figures(letters: str, place: range) -> tuple[Figure, ...]:
    """Return the numbers of a passage, in order; dates and numbers of documents are none.

    Args:
        letters: The letters of the whole text.
        place: The passage.
    """
    found = sorted(_found(letters[place.start : place.stop]))
    return tuple(
        Figure(
            range(place.start + start, place.start + stop),
            kind,
            value,
            _role(letters, range(place.start + start, place.start + stop), kind),
        )
        for start, stop, kind, value in found
    )


def digits_left(letters: str, place: range) -> tuple[str, ...]:
    """Return what looks like a number of a passage and was not taken for one."""
    passage = letters[place.start : place.stop]
    taken = [(start, stop) for start, stop, _, _ in _found(passage)]
    taken += [match.span() for match in _NO_NUMBER.finditer(passage)]
    return tuple(
        match[0]
        for match in re.finditer(rf"{_ARABIC}|{_CHINESE}分之{_CHINESE}", passage)
        if not any(start <= match.start() < stop for start, stop in taken)
    )


def grants(letters: str, place: range) -> bool:
    """Return whether a passage seems to say that something is paid or given."""
    return _GRANTS.search(letters, place.start, place.stop) is not None


def _found(passage: str) -> Iterator[tuple[int, int, str, Decimal]]:
    """Yield the numbers of a passage; where two overlap, the first pattern has it."""
    taken = [match.span() for match in _NO_NUMBER.finditer(passage)]
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(passage):
            start, stop = match.span()
            if any(start < other and begin < stop for begin, other in taken):
                continue
            is_sum = kind == "integer" and match[0][-1] in "万亿" and _is_paid(passage, start)
            value = written_value(match[0], kind)
            if value is None or (kind != "share" and value != value.to_integral_value()):
                continue
            taken.append((start, stop))
            yield start, stop, "money" if is_sum else kind, value


def _is_paid(passage: str, start: int) -> bool:
    """Return whether a number without a unit is a sum: 给予10万奖励."""
    return _GRANTS.search(passage, max(0, start - _NEAR), start) is not None


def _role(letters: str, place: range, kind: str) -> str:
    before = letters[max(0, place.start - _BEFORE) : place.start]
    after = letters[place.stop : place.stop + _NEAR]
    if kind == "share":
        threshold = _MINIMUM_BEFORE.search(before) and not _CAP_BEFORE.search(before)
        return "minimum" if threshold or _MINIMUM_AFTER.match(after) else "rate"
    if _CAP_BEFORE.search(before) or _CAP_AFTER.match(after):
        return "cap"
    if _MINIMUM_BEFORE.search(before) or _MINIMUM_AFTER.match(after):
        return "minimum"
    return "count" if kind == "integer" else "amount"
