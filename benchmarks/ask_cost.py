"""What the open questions of a case cost, as ratios to its plain plan in the same run.

Run it with ``python benchmarks/ask_cost.py``. It counts the processor's time. Each case is a studio
of which much is not said: whole policies could apply to its works, so that most of what is measured
is unknown.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Final

import policy_logic
from policy_logic.decide.asking import ask
from policy_logic.decide.planning import Planner
from policy_logic.decide.reach import Reach
from policy_logic.select.problem import MEASURES
from studio import studio

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook

_LIMIT: Final = 60.0  # seconds, as the command has it


def questions(sizes: tuple[int, ...]) -> None:
    """Compare the ends of the totals, and all questions, with the plan."""
    book = policy_logic.load_rulebook()
    print("works      plan   ends of both totals (to plan)   all questions (to plan)   unsaid")
    for works in sizes:
        case = next(policy_logic.load_cases(studio(works), book))
        plan = seconds(partial(_decided, case, book))
        ends = seconds(partial(_ends, case, book))
        asked = seconds(partial(_asked, case, book))
        unsaid = len(Reach(Planner(case, book, seconds=_LIMIT)).opened.missing)
        print(
            f"{works:5} {plan * 1e3:6.0f} ms   {ends * 1e3:8.0f} ms ({ends / plan:5.1f})"
            f"            {asked * 1e3:8.0f} ms ({asked / plan:5.1f})      {unsaid:6}"
        )


def seconds(action: Callable[[], object]) -> float:
    """Return how much of the processor's time an action takes."""
    start = time.process_time()
    action()
    return time.process_time() - start


def _decided(case: Case, book: Rulebook) -> object:
    return Planner(case, book).decide()


def _ends(case: Case, book: Rulebook) -> object:
    reach = Reach(Planner(case, book, seconds=_LIMIT))
    return [reach.interval(measure) for measure in MEASURES]


def _asked(case: Case, book: Rulebook) -> object:
    return ask(Planner(case, book, seconds=_LIMIT))


if __name__ == "__main__":
    questions(tuple(map(int, sys.argv[1:])) or (1, 10, 100))
