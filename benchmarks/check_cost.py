"""What checking the policies costs, as a ratio to planning all their worked cases.

Run it with ``python benchmarks/check_cost.py``. The two take turns in one process, so a machine
that slows down slows both.
"""

from __future__ import annotations

import sys

import policy_logic
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.checking import check
from policy_logic.rulebook.cases import worked_cases
from timing import in_turns

ROUNDS = 1


def main() -> int:
    """Print the cost of checking each policy beside that of planning its worked cases."""
    book = policy_logic.load_rulebook()
    print("policy     worked cases  planning them  checking it (ratio)")
    for policy in book.policies:
        cases = [
            case_from_mapping(case.facts, book.vocabulary)
            for case in worked_cases(book.folder, policy)
        ]

        def plan_all() -> None:
            for case in cases:  # noqa: B023 - called before the next policy
                policy_logic.plan(case, book=book, refusals=False)

        def check_it() -> None:
            check(book, [policy], processes=1)  # noqa: B023 - called before the next policy

        took = in_turns({"plan": plan_all, "check": check_it}, ROUNDS)
        ratio = took["check"] / took["plan"]
        print(f"{policy:10} {len(cases):12}  {took['plan']:11.1f} s  "
              f"{took['check']:6.1f} s ({ratio:.2f})")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
