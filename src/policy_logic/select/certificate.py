"""The certificate of a choice: what clingo confirms of it, and whose word its optimality is.

clingo is given the full specification and the sets chosen, and has nothing left to choose: it
confirms that they form an answer set, and says what they pay. That nothing pays more is the word
of the engine that searched, or follows by arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.logic.solver import Grounded
from policy_logic.logic.symbols import LARGEST
from policy_logic.logic.terms import Fact
from policy_logic.select import by_clingo

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from policy_logic.select.problem import Problem


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What clingo says of a set.

    Attributes:
        is_answer_set: Whether the set may be chosen; ``None`` where the sums are too large for
            clingo's integers, so that it was not asked.
        totals: What the set pays by clingo's reckoning, by measure; empty if it was not asked or
            the set may not be chosen.
    """

    is_answer_set: bool | None
    totals: dict[str, int]


def confirm(problem: Problem, chosen: Collection[int], specification: Path) -> Confirmed:
    """Let clingo confirm a set against the specification."""
    if by_clingo.reckons_with(problem) > LARGEST:
        return Confirmed(is_answer_set=None, totals={})
    facts = [*by_clingo.facts(problem), *(Fact("settled", (index,)) for index in chosen)]
    optimum = Grounded([specification], facts, text=_SETTLED).optimise(None)
    if not optimum.found:
        return Confirmed(is_answer_set=False, totals={})
    totals: dict[str, int] = dict.fromkeys(problem.measures, 0)
    for fact in optimum.atoms:
        if fact.name == "pays":
            measure, _, yuan = fact.args
            totals[str(measure)] += yuan if isinstance(yuan, int) else 0
    return Confirmed(is_answer_set=True, totals=totals)


_SETTLED = """
#defined settled/1.
:- settled(Claim), not chosen(Claim).
:- item(Claim), chosen(Claim), not settled(Claim).
#defined pays/3.
pays(Measure, Item, Yuan) :- adds(Measure, Item, total, Yuan).
#show pays/3.
"""
