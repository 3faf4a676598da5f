"""Whole cases, drawn from the vocabulary and bent towards what the rules look at.

``applicants`` mixes everything: known, known not to be, unknown. ``good_applicants`` meet most
conditions, so that caps, quotas and exclusions bind often.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hints import (
    BOOK,
    HIGHEST,
    KINDS,
    VOCABULARY,
    legal,
    lines_about,
    mentioned,
    near_share,
    near_whole,
    unwanted,
    used_attributes,
)
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import DrawFn

    from policy_logic.facts.vocabulary import Attribute

Facts: TypeAlias = dict[str, Any]

APPLICANT: Final = "yunzhong"
OTHER: Final = "linjia"
TITLES: Final = ("古城奇缘", 'The "Old" Town', "云冈\\夜", "Tea & <Wine> [1]", "第二部；续")
UNWANTED: Final = unwanted()
_DAY: Final = date(2026, 6, 30)
_YEARS: Final = (2025, 2026, 2027)
_MOST: Final = {"work": 3, "event": 4, "park": 2}
_AMOUNTS: Final = (0, 1, 50_000, 300_000, 999_999, 1_500_000, 2_000_000)


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


@st.composite
def applicants(draw: DrawFn, *, good: bool = False) -> Facts:
    """Draw a case in which anything may be known, known not to be, or unknown."""
    return _Case(draw, good=good).facts()


def good_applicants() -> st.SearchStrategy[Facts]:
    """Draw a case that meets most conditions, often more of them than caps and quotas allow."""
    return applicants(good=True)


class _Case:
    """Draws one case."""

    def __init__(self, draw: DrawFn, *, good: bool) -> None:
        self.draw, self.good = draw, good
        self.entities: dict[str, str] = {APPLICANT: "enterprise"}
        self.as_of = _DAY

    def often(self) -> bool:
        """Draw a truth that is rarely false where the case is to be a good one."""
        return self.mostly(15 if self.good else 7)

    def rarely(self) -> bool:
        return not self.mostly(12 if self.good else 5)

    def mostly(self, times: int) -> bool:
        """Draw a truth that is false once in so many times and one."""
        return self.draw(_below(times + 1)) < times

    def pick(self, values: Sequence[Any]) -> Any:
        return values[self.draw(_below(len(values)))]

    def some(self, values: Sequence[Any], least: int, most: int) -> list[Any]:
        """Draw different values, in any order."""
        left = list(values)
        count = least + self.draw(_below(min(most, len(left)) - least + 1))
        return [left.pop(self.draw(_below(len(left)))) for _ in range(count)]

    def facts(self) -> Facts:
        """Draw everything."""
        if self.rarely():
            self.as_of = date(2025, 1, 1) + timedelta(self.draw(_below(1400)))
        if self.rarely():
            self.entities[OTHER] = "enterprise"
        for kind in KINDS:
            most = 0 if kind == "enterprise" else _MOST.get(kind, 1)
            for number in range(most - self.draw(_below(most + 1))):
                self.entities[f"{kind}{number + 1}"] = kind
        people = [name for name, kind in self.entities.items() if kind == "person"]
        facts: Facts = {"applicant": APPLICANT, "as_of": self.as_of}
        if people and self.rarely():
            facts["applicant"] = people[0]
        for name, kind in self.entities.items():
            facts.setdefault(kind, {})[name] = self.attributes(kind)
        facts["review"] = self.entries(self.review, "line", "subject", "year")
        if self.good or self.mostly(1):
            facts["received"] = self.entries(self.grant)
        readings = {
            name: self.pick(list(reading.values))
            for name, reading in BOOK.readings.items()
            if not self.mostly(2)
        }
        if readings:
            facts["readings"] = readings
        undated = [p.id for p in BOOK.policies.values() if p.validity.start is None]
        if undated and self.mostly(2):
            facts["assume_in_force"] = dict.fromkeys(undated, self.as_of - timedelta(365))
        return facts

    def attributes(self, kind: str) -> Facts:
        """Draw an entity's attributes, without those that contradict each other."""
        found: Facts = {}
        label = next((n for n in ("name", "title") if VOCABULARY.has_attribute(kind, n)), None)
        if label is not None:
            found[label] = self.pick(TITLES)
        for attribute in used_attributes(kind):
            names_nothing = attribute.type == "ref" and not self.fitting(attribute)
            if self.often() and not names_nothing:
                found[attribute.name] = self.value(attribute, attribute.index)
        for attribute in VOCABULARY.attributes_of(kind):
            if found.get(attribute.name) is not None and attribute.implies in found:
                del found[attribute.implies if self.often() else attribute.name]
        for attribute in VOCABULARY.attributes_of(kind):
            implied = VOCABULARY.attribute(kind, attribute.implies)
            if attribute.name in found and implied is not None:
                found.pop(implied.implies, None)
        return found

    def value(self, attribute: Attribute, index: tuple[str, ...]) -> Any:
        """Draw a value, or a mapping where it is indexed."""
        if index:
            first, *rest = index
            keys: list[Any] = (
                list(_YEARS)
                if first == "year"
                else ["gate", "wall"]
                if first == "scene"
                else mentioned((first,))
                if self.often()
                else legal((first,))
            )
            least = min(len(keys), 2 if self.good else 1)
            return {key: self.value(attribute, tuple(rest)) for key in self.some(keys, least, 3)}
        if not self.good and self.rarely():
            return None
        plain = self.plain(attribute)
        if self.rarely() and not isinstance(plain, (list, dict)):
            return {"value": plain, "evidence": "备案系统截图"}
        return plain

    def plain(self, attribute: Attribute) -> Any:
        """Draw a value by its type."""
        types: Mapping[str, Callable[[Attribute], Any]] = {
            "bool": lambda a: self.often() != (a.name in UNWANTED),
            "money": self.whole,
            "usd": self.whole,
            "integer": self.whole,
            "share": self.share,
            "date": self.day,
            "enum": self.word,
            "set": self.members,
            "ref": self.reference,
            "text": lambda _: self.pick(TITLES),
        }
        return types[attribute.type](attribute)

    def whole(self, attribute: Attribute) -> int:
        near = near_whole(attribute) or [1_000_000]
        if self.good and self.mostly(1):
            near = near[-6:]
        if self.often():
            return int(self.pick(near))
        most = HIGHEST + 1
        return self.draw(_below(min(most, 3 * near[-1] + 1) if self.mostly(1) else most))

    def share(self, attribute: Attribute) -> Any:
        near = near_share(attribute)
        if self.good:
            near = near[len(near) // 2 :]
        if near and self.often():
            return self.pick(near)
        return Decimal(self.draw(_below(10**18 + 1))).scaleb(-18)

    def day(self, _: Attribute) -> date:
        if self.rarely():
            return self.as_of + timedelta(self.draw(_below(1600)) - 1200)
        return self.as_of - timedelta(self.draw(_below(430)))

    def word(self, attribute: Attribute) -> str:
        words = mentioned(attribute.values) if self.often() else legal(attribute.values)
        return str(self.pick(words))

    def members(self, attribute: Attribute) -> Any:
        words = mentioned(attribute.values) if self.often() else legal(attribute.values)
        found = self.some(words, int(self.good), 4)
        if self.mostly(1):
            return found
        return {word: self.often() for word in found}

    def reference(self, attribute: Attribute) -> str:
        fitting = self.fitting(attribute)
        own = APPLICANT in fitting and self.often()
        return APPLICANT if own else str(self.pick(fitting))

    def fitting(self, attribute: Attribute) -> list[str]:
        """Return the entities that a reference may name."""
        return [name for name, kind in self.entities.items() if kind in attribute.to]

    def entries(self, one: Callable[[], Facts | None], *unique: str) -> list[Facts]:
        """Draw entries, no two of which agree on what makes them unique."""
        found: list[Facts] = []
        for _ in range(self.draw(_below(5))):
            entry = one()
            same = [e for e in found if entry and all(e.get(k) == entry.get(k) for k in unique)]
            if entry is not None and not (unique and same):
                found.append(entry)
        return found

    def reviewable(self) -> tuple[str, str] | None:
        """Draw a money line and an entity that it could concern."""
        pairs = [
            (line, name)
            for name, kind in self.entities.items()
            for line in lines_about(kind)
            if BOOK.lines[line].kind == "monetary"
        ]
        found: tuple[str, str] | None = self.pick(pairs) if pairs else None
        return found

    def review(self) -> Facts | None:
        pair = self.reviewable()
        if pair is None:
            return None
        line, subject = pair
        entry: Facts = {"line": line, "subject": subject}
        entry["outcome"] = "passed" if self.mostly(3) else "failed"
        if self.rarely():
            entry["year"] = self.pick(_YEARS)
        if entry["outcome"] == "passed" and not self.mostly(3):
            entry["amount"] = self.pick(_AMOUNTS)
        return entry

    def grant(self) -> Facts | None:
        pair = self.reviewable()
        if pair is None:
            return None
        line, subject = pair
        entry: Facts = {"subject": subject, "amount": self.pick(_AMOUNTS)}
        form = self.draw(_below(3))
        if form == 0:
            entry["line"] = line
        elif form == 1:
            entry |= {"policy": "某区扶持办法", "matter": BOOK.lines[line].matter}
            if entry["matter"] == "its trigger":
                return None
        else:
            elsewhere = [
                name
                for name in sorted(
                    VOCABULARY.kinds[self.entities[subject]].subject_of - BOOK.lines.keys()
                )
                if VOCABULARY.line_matter.get(name, "its trigger") != "its trigger"
            ]
            entry["line"] = self.pick(elsewhere) if elsewhere else line
        if self.mostly(1):
            entry["year"] = self.pick(_YEARS)
        if self.mostly(1):
            entry["on"] = self.as_of - timedelta(self.draw(_below(700)) - 10)
        return entry
