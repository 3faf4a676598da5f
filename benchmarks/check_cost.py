"""What checking the policies costs, counted in plans of their own worked cases.

Run it with ``python benchmarks/check_cost.py``. For each policy some of its worked cases are
planned just before and just after it is checked, in one process, so a machine that slows down slows
both; the check is then told as so many plans, and beside the number of worked cases there are.
"""

from __future__ import annotations

import sys
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import policy_logic
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.checking import check
from policy_logic.rulebook.cases import worked_cases
from timing import seconds

if TYPE_CHECKING:
    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook

PLANNED = 40


def main() -> int:
    """Print the cost of checking each policy."""
    book = policy_logic.load_rulebook()
    print("policy     worked cases  a plan      checking it  that many plans  ratio to all cases")
    for policy in book.policies:
        every = list(worked_cases(book.folder, policy))
        step = max(1, len(every) // PLANNED)
        cases = [
            case_from_mapping(case.facts, book.vocabulary)
            for case in islice(every, 0, None, step)
        ]  # fmt: skip
        plan = partial(_plan, cases, book)
        before = seconds(plan)
        took = seconds(partial(check, book, [policy], processes=1))
        one = (before + seconds(plan)) / (2 * len(cases))
        count = took / one
        print(f"{policy:10} {len(every):12}  {one * 1000:5.0f} ms  {took:9.1f} s  {count:15.0f}  "
              f"{count / len(every):18.2f}")  # fmt: skip
    return 0


def _plan(cases: list[Case], book: Rulebook) -> None:
    for case in cases:
        policy_logic.plan(case, book=book, refusals=False)


if __name__ == "__main__":
    sys.exit(main())
