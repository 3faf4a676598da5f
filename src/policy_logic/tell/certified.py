"""What is certified of a plan, in sentences."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from policy_logic.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.decision import Decision, OtherPlan
    from policy_logic.tell.wording import Wording


def certified(decision: Decision, words: Wording, *, under_wish: bool) -> Iterator[str]:
    """Yield what is proved of a plan, and who has confirmed it.

    Args:
        decision: The plan.
        words: The words of the case.
        under_wish: Whether the plan had to respect a wish.
    """
    found, language = decision.optimality, words.language
    if found.proved:
        yield say("page.proved_under_wish" if under_wish else "page.proved", language)
    else:
        yield _not_proved(decision, words)
    if found.proved and not found.singled_out:
        yield say("page.not_singled_out", language)
    yield _certificate(decision, words)


def _not_proved(decision: Decision, words: Wording) -> str:
    """Say what was found, what nothing exceeds, and how far these are apart."""
    bound, gap = decision.optimality.bound, decision.certificate.gap
    share = (Decimal(gap) / bound).quantize(Decimal("0.0001"), ROUND_CEILING)
    return say(
        "page.not_proved", words.language, total=words.money(bound - gap),
        bound=words.money(bound), gap=words.money(gap), percent=words.value(share, "share"),
    )  # fmt: skip


def _certificate(decision: Decision, words: Wording) -> str:
    """Say what is confirmed of the plan, and by whom."""
    found, language = decision.certificate, words.language
    engines = [name for name in found.optimality.split("+") if name != "arithmetic"]
    kind = "by_engine" if engines else "by_arithmetic"
    if engines and "arithmetic" in found.optimality:
        kind = "by_both"
    engine = say(f"page.{kind}", language, engine=words.list(engines))
    if found.is_answer_set is None:
        return say("page.certificate_beyond", language, engine=engine)
    sound = found.is_answer_set and found.totals_agree
    return say(f"page.{'certificate' if sound else 'certificate_false'}", language, engine=engine)


def other_plan(other: OtherPlan, words: Wording) -> str:
    """Say what the plan gives that is best by the other objective."""
    return say(
        f"page.other_{other.objective}", words.language, firm=words.money(other.totals.firm),
        potential=words.money(other.totals.potential),
    )  # fmt: skip
