"""What a line rests on: the rules behind it, and the attributes that they look at.

What lies outside this cone cannot change whether the line is granted, nor for how much, so a
study of the line may leave it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.logic.terms import Constant, Literal
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Rule
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.rulebook.signatures import Signature

ASKED = (("eligible", 3), ("amount", 4), ("benefit", 2))


def cone_of(book: Rulebook, lines: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules of a policy that some of its lines rest on, in the order written.

    Args:
        book: A rulebook; the rules of ``derivation.lp`` are not part of a cone.
        lines: The lines.
    """
    policies = {book.lines[line].policy for line in lines}
    own = [
        rule
        for rule in book.rules
        if rule.policy in policies and not _is_of_another(rule, lines, book)
    ]
    return tuple(_reached(_alive(own, book)))


def _reached(rules: Collection[Rule]) -> Iterator[Rule]:
    """Yield the rules that what is asked of lines rests on, in the order written."""
    needed: set[Signature] = set(ASKED)
    grown = True
    while grown:
        before = len(needed)
        for rule in rules:
            if rule.head.signature in needed:
                needed |= {c.atom.signature for c in rule.body if isinstance(c, Literal)}
        grown = len(needed) > before
    yield from (rule for rule in rules if rule.head.signature in needed)


def _alive(rules: list[Rule], book: Rulebook) -> list[Rule]:
    """Leave out the rules that rest on what only the tables of other lines give."""
    derived = {rule.head.signature for rule in book.rules}
    while True:
        heads = {rule.head.signature for rule in rules}
        heads |= {rule.head.signature for rule in book.derivation}
        alive = [
            rule
            for rule in rules
            if all(
                c.absent or c.atom.signature in heads or c.atom.signature not in derived
                for c in rule.body
                if isinstance(c, Literal)
            )
        ]
        if len(alive) == len(rules):
            return alive
        rules = alive


def _is_of_another(rule: Rule, lines: Collection[str], book: Rulebook) -> bool:
    """Return whether a rule begins with the name of a line that is not meant."""
    first = rule.head.args[0] if rule.head.args else None
    return isinstance(first, Constant) and first.value in book.lines and first.value not in lines


def looked_at(book: Rulebook, rules: Collection[Rule]) -> Iterator[tuple[Attribute, str]]:
    """Yield the attributes that rules look at, each with the summary of it that they ask for.

    The summary is an empty word where the attribute itself is asked for; an attribute may come
    several times. Attributes of every kind that has one of that name are meant.
    """
    used = {c.atom.signature for rule in rules for c in rule.body if isinstance(c, Literal)}
    asked = {
        str(c.atom.args[1].value)
        for rule in rules
        for c in rule.body
        if isinstance(c, Literal)
        and c.atom.signature == ("given", 2)
        and isinstance(c.atom.args[1], Constant)
    }
    for attribute in book.vocabulary.attributes.values():
        if attribute.type == "text":
            continue
        if attribute_signature(attribute)[0] in used or attribute.name in asked:
            yield attribute, ""
        for form, (signature, _) in summary_signatures(attribute).items():
            if signature in used:
                yield attribute, form
