"""A policy's rule file as a page to read: clauses, rules, and what cases exercised of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy_logic.lab.coverage import per_cent, shown
from policy_logic.lab.rule_text import condition_text, rule_text
from policy_logic.language import say
from policy_logic.report.blocks import Code, Document, Heading, Paragraph, Quotation, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.lab.coverage import Coverage, Item
    from policy_logic.language import Language
    from policy_logic.logic.terms import Rule, Section
    from policy_logic.report.blocks import Block, Words

_TAGS: Final = {"zh": "zh-Hans", "en": "en"}
_INDENT: Final = "\N{NO-BREAK SPACE}" * 4
_PLAIN: Final = frozenset({"rule", "condition", "exception"})


def page(coverage: Coverage, language: Language) -> Document:
    """Return the page of one policy.

    Args:
        coverage: What cases exercise of it.
        language: The language of the page; clauses stay as they are.
    """
    return _Page(coverage, language).document()


class _Page:
    """Writes the page of one policy."""

    def __init__(self, coverage: Coverage, language: Language) -> None:
        self.coverage, self.language = coverage, language
        self.title = self.say("page_title", policy=coverage.policy.title.say(language))

    def say(self, name: str, /, **details: object) -> str:
        return say(f"cover.{name}", self.language, **details)

    def document(self) -> Document:
        share = shown(per_cent([self.coverage]))
        lead = self.say("page_lead", cases=self.coverage.cases, share=share, none=self.say("none"))
        return Document(
            title=self.title,
            language=_TAGS[self.language],
            header=self.title,
            day="",
            page=self.say("page_number", page="{page}", pages="{pages}"),
            blocks=(Heading(1, self.title), Paragraph(lead, "lead"), *self.sections(),
                    *self.readings(), *self.accepted()),
        )  # fmt: skip

    def sections(self) -> Iterator[Block]:
        policy = self.coverage.policy
        for section in policy.sections:
            yield Heading(2, " ".join(filter(None, (section.article, section.id, section.title))))
            for quote in section.quotes:
                yield Quotation(quote, f"{policy.title.zh} {section.article}")
            yield from self.rules(
                [rule for rule in policy.rules if rule.section == section], section
            )

    def rules(self, rules: Sequence[Rule], section: Section) -> Iterator[Block]:
        rows = [row for rule in rules for row in self.rows(rule)]
        if rows:
            names = ("column_rule", "column_met", "column_missed", "column_edges")
            columns = tuple(map(self.say, names))
            yield Table(
                section.id, columns, tuple(rows), frozenset({1, 2}), widths=(58, 10, 12, 20)
            )

    def rows(self, rule: Rule) -> Iterator[tuple[Words, ...]]:
        """Yield the head of a rule and each of its conditions, with what cases did to it."""
        items = self.coverage.of_rule(rule.id)
        head = [i for i in items if i.kind in {"rule", "exclusion"} or i.position == rule.position]
        text = rule_text(rule).split("\n", 1)[0]
        fired = "".join(self.count(item) for item in head if item.kind == "rule")
        yield Code(text), fired, "", self.edges(head)
        last = len(rule.body) - 1
        for place, condition in enumerate(rule.body):
            own = [i for i in items if i not in head and i.position == condition.position]
            told = condition_text(condition) + (".", ",")[place < last]
            missed = "".join(self.count(i) for i in own if i.kind in {"condition", "exception"})
            yield Code(_INDENT + told), fired if missed else "", missed, self.edges(own)

    def count(self, item: Item) -> str:
        """Return a number of cases; where there is none, say so and whether that is accepted."""
        if item.cases:
            return str(item.cases)
        accepted = self.say("accepted_mark") if item.accepted else ""
        return self.say("none") + accepted

    def edges(self, items: Sequence[Item]) -> str:
        """Return how often thresholds were met or missed narrowly, caps cut, claims stood apart."""
        return "\n".join(
            self.say(f"edge_{item.side}", cases=self.count(item))
            for item in items
            if item.kind not in _PLAIN
        )

    def readings(self) -> Iterator[Block]:
        readings = self.coverage.policy.readings.values()
        if readings:
            used = {i.about: self.count(i) for i in self.coverage.items if i.kind == "reading"}
            yield Heading(2, self.say("readings_title"))
            rows = tuple(
                (reading.label.say(self.language), label.say(self.language),
                 used[f"{reading.name}={value}"])
                for reading in readings
                for value, label in reading.values.items()
            )  # fmt: skip
            columns = self.say("reading"), self.say("value"), self.say("used")
            yield Table(self.say("readings_title"), columns, rows, frozenset({2}))

    def accepted(self) -> Iterator[Block]:
        if self.coverage.accepted:
            yield Heading(2, self.say("accepted_title"))
            rows = tuple(
                (Code(item.about), item.accepted.say(self.language))
                for item in self.coverage.accepted
                if item.accepted is not None
            )
            columns = self.say("about"), self.say("reason")
            yield Table(self.say("accepted_title"), columns, rows)
