"""What somebody types as an answer, as a value of a facts file."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from policy_logic.language import say

if TYPE_CHECKING:
    from policy_logic.derive.missing import Missing
    from policy_logic.facts.inserting import Plain, Written
    from policy_logic.language import Language
    from policy_logic.tell.wording import Wording

SKIPS: Final = frozenset({"", "?", "？", "skip", "unknown", "跳过", "未知", "不知道", "不清楚"})
STOPS: Final = frozenset({"q", "quit", "exit", "退出", "结束"})
_TRUTHS: Final = {
    **dict.fromkeys(("y", "yes", "true", "是", "有", "对"), True),
    **dict.fromkeys(("n", "no", "false", "否", "没有", "无", "不是"), False),
}
_UNITS: Final = {"": 1, "元": 1, "万": 10**4, "万元": 10**4, "亿": 10**8, "亿元": 10**8}
_AMOUNT: Final = re.compile(r"([0-9][0-9_,，]*(?:\.[0-9]+)?)\s*(元|万元?|亿元?)?")
_PAIR: Final = re.compile(r"\s*([^:=,，;；\s]+)\s*[:=]\s*([^;；\s]+?)\s*(?:[,，;；]\s*|\s+|$)")


class NotUnderstoodError(ValueError):
    """A text is no answer to the question."""


def value_of(text: str, missing: Missing, words: Wording) -> Written:
    """Return what a text says in answer to a question.

    Raises:
        NotUnderstoodError: It is no such answer.
    """
    attribute = missing.attribute
    if missing.member or attribute.type == "bool":
        return _truth(text)
    if missing.further:
        return _figures(text, missing)
    if attribute.type in {"enum", "set", "ref"}:
        return _choice(text, choices(missing, words))
    if attribute.type == "date" and attribute.implies and _TRUTHS.get(text.lower()) is False:
        return False
    return _single(text, attribute.type)


def choices(missing: Missing, words: Wording) -> dict[str, str]:
    """Return the values that may be chosen, each with its name for people."""
    attribute, case = missing.attribute, words.about.case
    if attribute.type == "ref":
        fitting = [entity for entity in case.entities.values() if entity.kind in attribute.to]
        return {entity.id: entity.label for entity in fitting}
    legal = words.book.vocabulary.members(attribute)
    return {value: label.say(words.language) for value, label in legal.items()}


def how_to_answer(missing: Missing, words: Wording, language: Language) -> str:
    """Say what an answer looks like."""
    attribute = missing.attribute
    if missing.member:
        return say("ask.how_bool", language)
    if missing.further:
        example = ", ".join(f"{key}=2000000" for key in missing.further[:2])
        return say("ask.how_figures", language, example=example)
    if attribute.type in {"enum", "set", "ref"}:
        named = choices(missing, words)
        values = [v if v == name else f"{v} ({name})" for v, name in named.items()]
        kind = "ref" if attribute.type == "ref" else "enum"
        return say(f"ask.how_{kind}", language, values=", ".join(values))
    if attribute.type == "date" and attribute.implies:
        return say("ask.how_event", language)
    return say(f"ask.how_{attribute.type}", language)


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTHS:
        raise NotUnderstoodError(text)
    return _TRUTHS[text.lower()]


def _single(text: str, kind: str) -> Plain:
    try:
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "share":
            return _share(text)
    except (ValueError, InvalidOperation):
        raise NotUnderstoodError(text) from None
    return _amount(text)


def _share(text: str) -> Decimal:
    if text.endswith(("%", "％")):
        return Decimal(text[:-1].strip()) / 100
    return Decimal(text)


def _amount(text: str) -> int:
    """Return a whole number, also one in 万 or 亿."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise NotUnderstoodError(text)
    digits = re.sub("[_,，]", "", found[1])
    amount = Decimal(digits) * _UNITS[found[2] or ""]
    if amount != int(amount):
        raise NotUnderstoodError(text)
    return int(amount)


def _choice(text: str, named: dict[str, str]) -> str:
    found = [value for value, name in named.items() if text in {value, name}]
    if len(found) != 1:
        raise NotUnderstoodError(text)
    return found[0]


def _figures(text: str, missing: Missing) -> dict[str, Plain]:
    """Return figures by key; a single figure where only one key matters."""
    inner = text.strip("{} ")
    if len(missing.further) == 1 and _AMOUNT.fullmatch(inner):
        return {str(missing.further[0]): _amount(inner)}
    pairs: dict[str, Plain] = {}
    end = 0
    for found in _PAIR.finditer(inner):
        if found.start() != end:
            raise NotUnderstoodError(text)
        end = found.end()
        pairs[found[1]] = _amount(found[2].rstrip(","))
    if not pairs or end != len(inner):
        raise NotUnderstoodError(text)
    return pairs
