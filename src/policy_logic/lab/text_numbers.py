"""Numbers that the text states and no rule uses, and numbers under a clause that lacks them.

That a number stands in the clause it names, and that some rule uses it, is checked whenever a
rulebook is loaded; what is looked for here is the text itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy_logic.lab.finding import Finding
from policy_logic.language import both
from policy_logic.logic.terms import Constant, Literal
from policy_logic.rulebook.text import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.rulebook.policy import Policy, Rulebook

_WRITTEN: Final = re.compile(
    r"(?P<digits>\d+(?:[.,]\d+)*|[二两三四五六七八九十百千]+)(?P<unit>"
    r"万?美元|亿元|万元|万|元|％|%|年|个月|月|日|天|个工作日|小时|分钟|秒|家|部|项|次|处|名|人次|平方米|个|场|倍)(?!一)"
)
_CONTEXT: Final = 12


def text_numbers(book: Rulebook, policy: str) -> Iterator[Finding]:
    """Yield the numbers of a policy's clauses that no rule uses.

    Numbers in passages that no rule covers, for a stated reason, in the clause on validity and in
    the numbering of articles are not meant; nor is the one of 一次性.

    Args:
        book: The rulebook.
        policy: The policy.
    """
    own = book.policies[policy]
    letters = own.text.letters
    known = _known(own)
    ruled = {
        place
        for section in own.sections
        if any(rule.section == section for rule in own.rules)
        for quote in section.quotes
        for span in own.text.places(quote)
        for place in span
    }
    for match in _WRITTEN.finditer(letters):
        if match.start() not in ruled or match.start() in known:
            continue
        around = letters[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT]
        words = both("check.number", written=match[0], around=around)
        clause = next(
            section.clause
            for section in own.sections
            for quote in section.quotes
            if any(match.start() in span for span in own.text.places(quote))
        )
        lines = tuple(
            dict.fromkeys(
                line.id
                for line in own.lines.values()
                for section in own.sections_of(line.id)
                for quote in section.quotes
                if any(match.start() in span for span in own.text.places(quote))
            )
        )
        yield Finding("check.number", f"{match[0]}@{_before(own, match.start())}",
                      policy, words, lines=lines, clauses=(clause,))  # fmt: skip


def _before(policy: Policy, place: int) -> str:
    """Return the words before a number that tell it from others of the same writing."""
    return policy.text.letters[max(0, place - _CONTEXT) : place]


def _known(policy: Policy) -> set[int]:
    """Return the places of the text that a number, a stated reason or validity."""
    places: set[int] = set()
    for number in policy.numbers.values():
        clause, written = squeezed(number.clause), squeezed(number.written)
        for span in policy.text.places(clause):
            for match in re.finditer(re.escape(written), clause):
                places |= set(range(span.start + match.start(), span.start + match.end()))
    for quote in [policy.validity.clause, *(entry.quote for entry in policy.uncovered)]:
        for span in policy.text.places(quote):
            places |= set(span)
    return places


def foreign_numbers(book: Rulebook, policy: str) -> Iterator[Finding]:
    """Yield the numbers that a rule uses under a clause that does not state them.

    Args:
        book: The rulebook.
        policy: The policy.
    """
    own = book.policies[policy]
    for rule in own.rules:
        for condition in rule.body:
            if not isinstance(condition, Literal) or condition.atom.signature != ("number", 2):
                continue
            name = condition.atom.args[0]
            if not isinstance(name, Constant):
                continue
            number = book.numbers[str(name.value)]
            item = rule.section.id.split(".")
            near = [s for s in own.sections if s.id.split(".")[:2] == item[:2]]
            quoted = "".join(squeezed(section.clause) for section in near)
            if squeezed(number.written) in quoted:
                continue
            words = both(
                "check.number_elsewhere", name=number.label, written=number.written,
                article=rule.section.article,
            )  # fmt: skip
            yield Finding("check.number", f"{number.name}@{rule.section.id}", policy, words,
                          clauses=(number.clause, rule.section.clause))  # fmt: skip
