"""The second section: each claim to file, with clause, evidence, calculation, caps and proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from policy_logic.decide.explaining import why
from policy_logic.report.blocks import (
    Code,
    Heading,
    Item,
    Items,
    Paragraph,
    Picture,
    Quotation,
    Table,
)
from policy_logic.report.picture import drawings_of
from policy_logic.tell.account import account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.decision import Decided
    from policy_logic.report.blocks import Block, Words
    from policy_logic.report.wording import Speech
    from policy_logic.tell.account import Account
    from policy_logic.tell.tree import Branch


def claims(speech: Speech, number: str) -> Iterator[Block]:
    """Yield the section.

    Args:
        speech: The case and its words.
        number: The number of the section.
    """
    chosen = sorted(speech.decision.chosen, key=lambda decided: speech.order(decided.claim.line))
    yield Heading(2, f"{number} {speech.say('claims', count=len(chosen))}")
    if not chosen:
        yield Paragraph(speech.say("nothing"))
    else:
        yield Paragraph(speech.say("picture_legend"), "legend")
    for index, decided in enumerate(chosen, start=1):
        yield from _claim(speech, decided, f"{number}.{index}")


def _claim(speech: Speech, decided: Decided, number: str) -> Iterator[Block]:
    say, words = speech.say, speech.words
    told = account(why(speech.planner, decided.claim), words)
    name = words.claim(decided.claim)
    yield Heading(3, f"{number} {name}")
    if decided.hypothetical:
        yield Paragraph(say("hypothetical_claim"), "warning")
    clause = speech.planner.clause_of_line(decided.claim.line)
    yield Quotation(clause, speech.source(speech.policy(decided.policy), decided.article))
    yield _key_figures(speech, decided, name)
    parts = [*_evidence(speech, told, name), *_calculation(speech, told)]
    parts += _limits(speech, told)
    parts += _choice(speech, told)
    yield from parts
    yield Heading(4, say("proof"))
    paid = say("sums", firm=words.money(decided.paid.firm),
               potential=words.money(decided.paid.potential))  # fmt: skip
    inner = tuple(
        Item(heading, "", tuple(item_of(branch) for branch in branches))
        for heading, branches in told.parts
    )
    drawings = drawings_of(name, told, paid, speech)
    yield Picture(drawings, say("in_words"), Items(inner))
    yield from _clauses(speech, told, clause)


def _key_figures(speech: Speech, decided: Decided, name: str) -> Table:
    say, words = speech.say, speech.words
    rows: list[tuple[Words, ...]] = [
        (say("key"), Code(str(decided.claim))),
        (say("recipient"), words.entity(decided.recipient)),
        (say("review"), words.value(decided.review, "outcome")),
        (say("determinacy"), words.value(decided.determinacy, "determinacy")),
    ]
    if decided.cap_year is not None:
        rows.append((say("cap_year"), words.value(decided.cap_year, "year")))
    for kind, sums in (("alone", decided.amount), ("paid", decided.paid)):
        told = say("sums", firm=words.money(sums.firm), potential=words.money(sums.potential))
        rows.append((say(kind), told))
    columns = (say("column_what"), say("column_value"))
    return Table(say("key_caption", claim=name), columns, tuple(rows), widths=(32, 68))


def _evidence(speech: Speech, told: Account, name: str) -> Iterator[Block]:
    """Yield every fact that the claim rests on, with its evidence and its place."""
    say = speech.say
    facts = {
        branch.text: branch
        for part in told.names
        if part not in {"choice", "exclusions"}
        for tree in told.part(part)
        for branch in _every(tree)
        if branch.source.kind == "fact"
    }
    if not facts:
        return
    yield Heading(4, say("evidence"))
    yield Table(
        say("evidence_caption", claim=name),
        (say("column_fact"), say("column_evidence"), say("column_place")),
        tuple(
            (text, branch.source.evidence or say("no_evidence"), Code(branch.source.place))
            for text, branch in facts.items()
        ),
        widths=(46, 30, 24),
    )


def _calculation(speech: Speech, told: Account) -> Iterator[Block]:
    yield Heading(4, speech.say("calculation"))
    yield Items(tuple(item_of(branch) for branch in told.part("amount")), ordered=True)


def _limits(speech: Speech, told: Account) -> Iterator[Block]:
    """Yield the caps and quotas that it shares, and what cannot stand beside it."""
    names = ("caps", "quotas", "exclusions")
    yield Heading(4, speech.say("limits"))
    if not any(told.part(name) for name in names):
        yield Paragraph(speech.say("no_limits"))
        return
    for name in names:
        if told.part(name):
            yield Paragraph(speech.say(f"limits_{name}"))
            branches = told.part(name)
            if name == "exclusions":  # why they exclude each other is told in the proof
                branches = tuple(replace(branch, children=()) for branch in branches)
            yield Items(tuple(item_of(branch) for branch in branches))


def _choice(speech: Speech, told: Account) -> Iterator[Block]:
    yield Heading(4, speech.say("choice"))
    yield Items(tuple(Item(branch.text) for branch in told.part("choice")))


def _clauses(speech: Speech, told: Account, own: str) -> Iterator[Block]:
    """Yield the other clauses that the proof applies, each once."""
    found = {
        branch.source.clause: _where(speech, branch)
        for part in told.names
        if part != "exclusions"  # there the clause stands already, and the rest is another's
        for tree in told.part(part)
        for branch in _every(tree)
        if branch.source.kind == "rule" and branch.source.clause
    }
    found.pop(own, None)
    if found:
        yield Heading(4, speech.say("clauses"))
        for clause, where in found.items():
            yield Quotation(clause, where)


def _where(speech: Speech, branch: Branch) -> str:
    """Return the policy and the article of a rule's clause."""
    policy = branch.source.place.partition(".")[0]
    title = speech.policy(policy) if policy in speech.planner.book.policies else ""
    return speech.source(title, branch.source.article)


def item_of(branch: Branch) -> Item:
    """Return a tree as an entry of a list."""
    text = branch.text if branch.mark in "·=" else f"{branch.mark} {branch.text}"
    return Item(text, branch.note, tuple(item_of(child) for child in branch.children))


def _every(branch: Branch) -> Iterator[Branch]:
    yield branch
    for child in branch.children:
        yield from _every(child)
