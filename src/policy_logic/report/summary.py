"""The first section: what an auditor needs to know in one minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.report.blocks import Heading, Item, Items, Paragraph, Table
from policy_logic.tell.certified import certified, other_plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policy_logic.decide.decision import Decided
    from policy_logic.derive.claims import Claim
    from policy_logic.report.blocks import Block, Words
    from policy_logic.report.wording import Speech


def summary(speech: Speech, number: str) -> Iterator[Block]:
    """Yield the section.

    Args:
        speech: The case and its words.
        number: The number of the section.
    """
    say, words, decision = speech.say, speech.words, speech.decision
    yield Heading(2, f"{number} {say('summary')}")
    rows: list[tuple[Words, ...]] = [
        (say("applicant"), words.keyed(speech.applicant, [decision.applicant])),
        (say("day"), speech.day),
        (say("objective"), say(f"objective_{decision.objective}")),
        (say("firm"), words.money(decision.totals.firm)),
        (say("potential"), words.money(decision.totals.potential)),
    ]
    if decision.hypothetical.potential:
        assumed = say("sums", firm=words.money(decision.hypothetical.firm),
                      potential=words.money(decision.hypothetical.potential))  # fmt: skip
        rows.append((say("hypothetical"), assumed))
    rows.append((say("counts"), say("counts_told", **_counts(speech))))
    columns = (say("column_what"), say("column_value"))
    yield Table(say("summary_caption"), columns, tuple(rows), widths=(32, 68))
    yield Paragraph(say("sums_explained"), "note")
    yield Heading(3, f"{number}.1 {say('certificate')}")
    told = certified(decision, words, under_wish=bool(speech.planner.wish))
    yield Items(tuple(Item(sentence) for sentence in told))
    yield from _overview(speech, f"{number}.2")
    yield from _other(speech, f"{number}.3")
    yield from _wish(speech)


def _counts(speech: Speech) -> dict[str, int]:
    decision = speech.decision
    refusals = speech.refusals
    return {
        "chosen": len(decision.chosen),
        "left": len(decision.candidates) - len(decision.chosen),
        "refused": sum(1 for _, refusal in refusals if refusal.fails),
        "undecided": sum(1 for _, refusal in refusals if not refusal.fails),
        "benefits": len(decision.benefits),
    }


def _overview(speech: Speech, number: str) -> Iterator[Block]:
    say, decision = speech.say, speech.decision
    yield Heading(3, f"{number} {say('overview')}")
    if not decision.chosen:
        yield Paragraph(say("nothing"))
        return
    chosen = sorted(decision.chosen, key=lambda decided: speech.order(decided.claim.line))
    columns = ("column_line", "column_policy", "column_review", "column_firm", "column_potential")
    yield Table(
        say("overview_caption"),
        tuple(say(column) for column in columns),
        tuple(_row(speech, decided) for decided in chosen),
        frozenset({3, 4}),
        (say("sum"), "", "", f"{decision.totals.firm:,}", f"{decision.totals.potential:,}"),
        (41, 23, 10, 13, 13),
    )


def _row(speech: Speech, decided: Decided) -> tuple[str, ...]:
    words = speech.words
    claim = words.claim(decided.claim)
    if decided.is_unpriced:
        claim = speech.say("unpriced_claim", claim=claim)
    return (
        speech.say("assumed_claim", claim=claim) if decided.hypothetical else claim,
        speech.source(words.place_of(decided.policy), decided.article),
        words.value(decided.review, "outcome"),
        f"{decided.paid.firm:,}",
        f"{decided.paid.potential:,}",
    )


def _other(speech: Speech, number: str) -> Iterator[Block]:
    """Say what the plan gives that is best by the other objective."""
    other = speech.decision.other
    yield Heading(3, f"{number} {speech.say('other')}")
    if other is None:
        yield Paragraph(speech.say("other_same"))
        return
    yield Paragraph(other_plan(other, speech.words))
    yield Items(_moved(speech, other.added, other.dropped))


def _moved(
    speech: Speech, added: Collection[Claim], dropped: Collection[Claim]
) -> tuple[Item, ...]:
    return tuple(
        Item(speech.say(kind, claim=speech.words.claim(claim)))
        for kind, claims in (("added", added), ("dropped", dropped))
        for claim in sorted(claims, key=lambda claim: claim.order)
    )


def _wish(speech: Speech) -> Iterator[Block]:
    wished, wish = speech.wished, speech.planner.wish
    if wished.best is wished.planner:
        return
    say, words = speech.say, speech.words
    yield Heading(3, say("wish"))
    cost, best = words.money(wished.cost), words.money(wished.best.chosen.choice.total)
    yield Paragraph(say("wish_cost", best=best, cost=cost), "warning")
    for name, claims in (("wish_filed", wish.filed), ("wish_left", wish.left)):
        if claims:
            yield Paragraph(say(name))
            ordered = sorted(claims, key=lambda claim: claim.order)
            yield Items(tuple(Item(words.claim(claim)) for claim in ordered))
    before, after = wished.best.chosen.claims, wished.planner.chosen.claims
    moved = _moved(speech, after - before, before - after)
    if moved:
        yield Paragraph(say("wish_moved"))
        yield Items(moved)
