"""Why a claim is missing from a plan, in a sentence: a rejection, or what a refusal names first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.prove.refusal import Attempt, Failed, Refusal, Unknown
from policy_logic.tell.account import change_sentence, rejection_sentence
from policy_logic.tell.failing import failed_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy_logic.decide.decision import Decided
    from policy_logic.decide.planning import Planner
    from policy_logic.decide.whatif import Turned
    from policy_logic.logic.terms import Value
    from policy_logic.tell.wording import Wording

MOST_FACTS = 4


def left_out_sentence(decided: Decided, planner: Planner, words: Wording) -> str:
    """Say what stood in the way of a candidate and, where a choice did, what forcing it costs."""
    reason = rejection_sentence(decided, words)
    if decided.rejection is None or decided.rejection.kind != "excluded_by":
        return reason
    change = planner.contraster.change(decided.claim)
    if change is None:
        return reason
    cost = change_sentence(change, words, chosen=False)
    return words.say("two_sentences", first=reason, second=cost)


def turned_sentence(turned: Turned, planner: Planner, words: Wording) -> str:
    """Say why a claim is missing from one of two plans, or why it is paid another sum.

    Args:
        turned: The claim.
        planner: The case on the side where the claim is missing.
        words: The words of that side.
    """
    if turned.turn == "resized" and turned.before and turned.after:
        return words.say("between").join(
            _own_reasons(turned.before, turned.after, turned.cap, words)
        )
    if turned.refusal is not None:
        return refusal_sentence(turned.refusal, words)
    return left_out_sentence(turned.left_out, planner, words) if turned.left_out else ""


def _own_reasons(before: Decided, after: Decided, cap: str, words: Wording) -> Iterator[str]:
    if before.review != after.review:
        yield words.say("own_review", before=words.value(before.review, "outcome"),
                        after=words.value(after.review, "outcome"))  # fmt: skip
    if before.amount.potential != after.amount.potential:
        yield words.say("own_sum", before=words.amount(before.amount.potential),
                        after=words.amount(after.amount.potential))  # fmt: skip
    elif cap:
        yield words.say("own_cap", cap=words.value(cap, "number"))
    elif before.review == after.review:
        yield words.say("own_other")


def refusal_sentence(refusal: Refusal, words: Wording) -> str:
    """Say the first condition that fails, or the facts that are not known, and what else misses."""
    first, count = first_failure(refusal, words)
    if first:
        return words.say("and_more", told=first, count=count - 1) if count > 1 else first
    asked = [words.question(leaf) for leaf in refusal.leaves() if isinstance(leaf, Unknown)]
    rest = len(asked) - MOST_FACTS
    told = words.say("not_known", facts=words.say("between").join(asked[:MOST_FACTS]))
    return words.say("and_more", told=told, count=rest) if rest > 0 else told


def first_failure(refusal: Refusal, words: Wording) -> tuple[str, int]:
    """Return the first failed condition in words, and how many conditions are missing.

    The words are empty where nothing fails and something is unknown.
    """
    count = sum(1 for _ in refusal.leaves())
    for leaf, attempt in _failures(refusal.told()):
        bindings: Mapping[str, Value] = dict(attempt.bindings)
        return failed_sentence(leaf, bindings, words), count
    return "", count


def _failures(attempts: Sequence[Attempt]) -> Iterator[tuple[Failed, Attempt]]:
    for attempt in attempts:
        for reason in attempt.unmet:
            if isinstance(reason, Failed):
                yield reason, attempt
            elif isinstance(reason, Refusal):
                yield from _failures(reason.told())
