"""Caps, claims left out, benefits in kind, and what is refused or undecided."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from policy_logic.derive.claims import Claim
from policy_logic.prove.refusal import Unknown
from policy_logic.report.blocks import Code, Heading, Paragraph, Quotation, Table
from policy_logic.tell.account import change_sentence, rejection_sentence
from policy_logic.tell.tree import ProofTeller, RefusalTeller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.decision import Decided
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.refusals import Target
    from policy_logic.report.blocks import Block, Words
    from policy_logic.report.wording import Speech
    from policy_logic.tell.tree import Branch


def caps(speech: Speech, number: str) -> Iterator[Block]:
    """Yield what each cap that the plan draws on allows, and what is drawn."""
    say, planner, words = speech.say, speech.planner, speech.words
    derivation, chosen = planner.derivation, planner.chosen
    rows = []
    for pool, limit in sorted(derivation.limits.items(), key=str):
        members = [c for c in chosen.claims if pool in derivation.candidates[c].pools]
        if not members:
            continue
        alone = sum(derivation.candidates[claim].potential for claim in members)
        paid = sum(chosen.paid[claim].potential for claim in members)
        drawn = derivation.drawn.get(pool, 0)
        rows.append(
            (
                speech.quoted(
                    words.value(pool, "pool"), planner.book.number_clause(str(pool.args[0]))
                ),
                *(f"{sum_:,}" for sum_ in (limit, drawn, alone, paid)),
                say("binds" if drawn + alone > limit else "free"),
            )
        )
    yield Heading(2, f"{number} {say('caps')}")
    if not rows:
        yield Paragraph(say("no_caps"))
        return
    columns = ("column_cap", "column_limit", "column_drawn", "column_alone", "column_paid",
               "column_state")  # fmt: skip
    yield Table(say("caps_caption"), tuple(say(column) for column in columns), tuple(rows),
                frozenset({1, 2, 3, 4}), widths=(36, 13, 13, 13, 13, 12))  # fmt: skip


def left_out(speech: Speech, number: str) -> Iterator[Block]:
    """Yield each claim left out, why, and what filing it would cost."""
    say = speech.say
    left = [decided for decided in speech.decision.candidates if not decided.chosen]
    left.sort(key=lambda decided: speech.order(decided.claim.line))
    yield Heading(2, f"{number} {say('left_out', count=len(left))}")
    if not left:
        yield Paragraph(say("none"))
        return
    columns = ("column_line", "column_alone", "column_reason", "column_cost")
    yield Table(
        say("left_out_caption"),
        tuple(say(column) for column in columns),
        tuple(
            (
                _name(speech, decided),
                f"{decided.amount.potential:,}",
                _reason(speech, decided),
                _cost(speech, decided),
            )
            for decided in left
        ),
        frozenset({1}),
        widths=(28, 13, 37, 22),
    )


def _name(speech: Speech, decided: Decided) -> str:
    words = speech.words
    place = speech.source(words.place_of(decided.policy), decided.article)
    return words.keyed(words.claim(decided.claim), [place])


def _reason(speech: Speech, decided: Decided) -> str:
    told = rejection_sentence(decided, speech.words)
    mark = speech.say("reserve", order=decided.reserve_order) if decided.reserve else ""
    return f"{mark}{told}"


def _cost(speech: Speech, decided: Decided) -> str:
    kind = decided.rejection.kind if decided.rejection else ""
    if kind in {"already_received", "quota", "wish"}:
        return speech.say("cost_impossible")
    if not getattr(decided.amount, speech.decision.objective):
        return speech.say("cost_nothing")
    change = speech.planner.contraster.change(decided.claim)
    if change is None:
        return speech.say("cost_unsettled")
    return change_sentence(change, speech.words, chosen=False)


def benefits(speech: Speech, number: str) -> Iterator[Block]:
    """Yield what the policies give in kind."""
    found = speech.decision.benefits
    yield Heading(2, f"{number} {speech.say('benefits', count=len(found))}")
    if not found:
        yield Paragraph(speech.say("none"))
    for benefit in found:
        line = speech.planner.book.lines[benefit.line]
        words = speech.words
        named = (words.line(benefit.line), words.entity(benefit.subject))
        yield Paragraph(words.say("apart").join(named))
        source = speech.source(speech.policy(line.policy), line.article)
        yield Quotation(benefit.clause, source)


def refusals(speech: Speech, number: str, *, failed: bool) -> Iterator[Block]:
    """Yield what cannot be claimed, or is undecided, by policy and line, with what is missing."""
    say, book = speech.say, speech.planner.book
    kind = "refused" if failed else "undecided"
    found = [pair for pair in speech.refusals if pair[1].fails == failed]
    yield Heading(2, f"{number} {say(kind, count=len(found))}")
    yield Paragraph(say(f"{kind}_explained"), "note")
    if not found:
        yield Paragraph(say("none"))
    by_policy = groupby(found, key=lambda pair: book.lines[pair[0].line].policy)
    for index, (policy, own) in enumerate(by_policy, start=1):
        yield Heading(3, f"{number}.{index} {speech.policy(policy)}")
        for line, pairs in groupby(own, key=lambda pair: pair[0].line):
            yield _line_table(speech, line, list(pairs))


def _line_table(speech: Speech, line: str, found: list[tuple[Target, Refusal]]) -> Table:
    """Return what is missing under one line; subjects that miss the same stand together."""
    say, words = speech.say, speech.words
    rows: dict[str, list[str]] = {}
    for target, refusal in found:
        subject = speech.subject(Claim(*target))
        rows.setdefault(_missing(speech, refusal, words.entity(target.subject)), []).append(subject)
    article = speech.planner.book.lines[line].article
    caption = f"{article} {words.line(line)}"
    told: tuple[tuple[Words, ...], ...] = tuple(
        (speech.words.list(subjects), missing) for missing, subjects in rows.items()
    )
    return Table(caption, (say("column_subject"), say("column_missing")), told, widths=(28, 72))


def _missing(speech: Speech, refusal: Refusal, subject: str) -> str:
    """Return everything that is missing, without the name that stands beside it anyway."""
    teller = RefusalTeller(speech.words, ProofTeller(speech.words))
    leaves = [leaf for branch in teller.tell(refusal) for leaf in _leaves(branch)]
    leaves.sort(key=lambda leaf: leaf.mark == "?")
    texts = (leaf.text.removesuffix(speech.words.keyed("", [leaf.source.place])) for leaf in leaves)
    marked = zip((leaf.mark for leaf in leaves), texts, strict=True)
    apart = speech.words.say("apart")
    told = (f"{mark} {text.removeprefix(f'{subject}{apart}')}" for mark, text in marked)
    return "\n".join(dict.fromkeys(told))


def _leaves(branch: Branch) -> Iterator[Branch]:
    if not branch.children:
        yield branch
    for child in branch.children:
        yield from _leaves(child)


def unknown(speech: Speech, number: str) -> Iterator[Block]:
    """Yield every fact that is not known and on which something hangs, once."""
    say, words, book = speech.say, speech.words, speech.planner.book
    asked: dict[str, tuple[str, dict[str, None]]] = {}
    for target, refusal in speech.refusals:
        policy = book.lines[target.line].policy
        if refusal.fails:
            continue
        for leaf in refusal.leaves():
            if isinstance(leaf, Unknown):
                lines = asked.setdefault(leaf.fact, (words.question(leaf), {}))[1]
                lines[f"{words.place_of(policy)} {words.line(target.line)}"] = None
    yield Heading(2, f"{number} {say('unknown', count=len(asked))}")
    yield Paragraph(say("unknown_explained"), "note")
    if not asked:
        yield Paragraph(say("none"))
        return
    columns = (say("column_fact"), say("column_fact_key"), say("column_lines"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (question, Code(fact), speech.words.list(list(lines)))
        for fact, (question, lines) in sorted(asked.items())
    )
    yield Table(say("unknown_caption"), columns, rows, widths=(34, 30, 36))
