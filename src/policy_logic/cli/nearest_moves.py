"""The changes of ``nearest`` in words: what has to be otherwise, and how far."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from policy_logic.language import say
from policy_logic.remedies.settings import NO, place_of
from policy_logic.remedies.standing import AS_OF, REVIEW
from policy_logic.rulebook.signatures import attribute_signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.remedies.answer import Move, Part
    from policy_logic.tell.wording import Wording

GROUPS = ("change", "others", "time", "show")


class MoveWords:
    """Tells moves in words."""

    def __init__(self, words: Wording) -> None:
        self._words = words
        self._vocabulary = words.book.vocabulary

    def say(self, name: str, /, **details: object) -> str:
        """Return a message of ``nearest``."""
        return say(f"nearest.{name}", self._words.language, **details)

    def lines(self, parts: Sequence[Part]) -> Iterator[str]:
        """Yield what has to be otherwise, group by group: who can do it, or what is to be shown."""
        for group in GROUPS:
            own = [part for part in parts if _group(part[0]) == group]
            if not own:
                continue
            yield self.say(f"group_{group}")
            for part in own:
                yield from (f"  {line}" for line in self._part(part))
        tied = [
            p[0] for p in parts if p[0].most and p[0].attribute and p[0].attribute.type != "date"
        ]
        if tied and sum(bool(part[0].least or part[0].most) for part in parts) > 1:
            yield self.say("tied", values=self.say("between").join(map(self._tried, tied)))

    def _part(self, part: Part) -> Iterator[str]:
        """Yield one thing that has to be otherwise; of several that would do, all."""
        first = part[0]
        if len(part) == 1:
            yield self._line(first, self._after(first), first.path)
            return
        places = {place_of(move.path, self._vocabulary).whole for move in part}
        if len(places) == 1 and len({move.after == NO for move in part}) == 1:
            values = self._words.say("or").join(self._value_alone(move) for move in part)
            yield self._line(first, values, places.pop())
            return
        yield self.say("any_of")
        for move in part:
            yield f"  {self._line(move, self._after(move), move.path)}"

    def _line(self, move: Move, after: str, path: str) -> str:
        place = place_of(path, self._vocabulary)
        whole = place.whole if place.attribute else path
        verb = "value"
        if move.attribute is not None and move.attribute.type == "set":
            verb = "exclude" if move.after == NO else "include"
        told = self.say(f"to_{verb}", fact=self._fact(move, whole), after=after)
        if move.to_be == "changed" and verb == "value":
            before = self._value(move.before, move.attribute)
            told = self.say("from_to", fact=self._fact(move, whole), before=before, after=after)
        if move.to_be == "shown" and move.by == "others":
            told += self.say("judged" if _is_judged(move) else "by_others")
        return f"{'✎' if move.to_be == 'changed' else '?'} {told}  〔{path}〕"

    def _fact(self, move: Move, path: str) -> str:
        if move.path == AS_OF:
            return self.say("as_of")
        if move.path.startswith(REVIEW):
            return self.say("review")
        return self._words.fact(path)

    def _after(self, move: Move) -> str:
        """Return the value that a fact has to take, or the range of those that would do."""
        if move.attribute is None or not (move.least or move.most):
            return self._value_alone(move)
        told = {
            name: self._value(text, move.attribute) if text else ""
            for name, text in (("least", move.least), ("most", move.most))
        }
        if move.most in {move.least, "0"}:
            return told["most"]
        form = "range" if move.least and move.most else "at_least" if move.least else "at_most"
        is_day = move.attribute.type == "date"
        return self.say(f"{form}_day" if is_day else form, **told)

    def _tried(self, move: Move) -> str:
        fact = self._words.fact(move.path)
        return self.say("to_value", fact=fact, after=self._value(move.after, move.attribute))

    def _value_alone(self, move: Move) -> str:
        member = place_of(move.path, self._vocabulary).member
        if member and move.attribute is not None:
            return self._words.value(member, attribute_signature(move.attribute)[1][-1])
        return self._value(move.after, move.attribute)

    def _value(self, text: str, attribute: Attribute | None) -> str:
        """Return a value of the case in words."""
        if attribute is None:
            try:
                return self._words.value(date.fromisoformat(text), "date")
            except ValueError:
                return self._words.value(text, "outcome")
        if attribute.type == "bool":
            return self._words.value(text != NO, "bool")
        kind = attribute_signature(attribute)[1][-1]
        plain: object = text
        if attribute.type in {"money", "usd", "integer"}:
            plain = int(text.replace("_", ""))
        elif attribute.type == "share":
            plain = Decimal(text.replace("_", ""))
        elif attribute.type == "date":
            plain = date.fromisoformat(text)
        return self._words.value(plain, kind)


def _group(move: Move) -> str:
    if move.to_be == "shown":
        return "show"
    return {"applicant": "change", "others": "others", "time": "time"}[move.by]


def _is_judged(move: Move) -> bool:
    return move.attribute is not None and move.attribute.judgement
