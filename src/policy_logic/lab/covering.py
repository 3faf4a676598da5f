"""From policies and cases to what the cases exercise of the policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.facts.reader import read_cases
from policy_logic.lab.coverage import coverage
from policy_logic.lab.tally import batches_of, joined, tallies
from policy_logic.rulebook.cases import ACROSS, worked_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from policy_logic.lab.coverage import Coverage
    from policy_logic.lab.tally import Batch, Tally
    from policy_logic.rulebook.policy import Policy, Rulebook


def cover(
    policies: Sequence[Policy],
    book: Rulebook,
    cases: Path | None = None,
    progress: Callable[[Iterable[Tally], int], Iterable[Tally]] = lambda parts, _: parts,
) -> tuple[tuple[Coverage, ...], int]:
    """Return what cases exercise of policies, and how many cases there are.

    Of a policy count the worked cases in its own folder and those across policies.

    Args:
        policies: The policies.
        book: The rulebook they belong to.
        cases: A facts file or a folder of them, to be counted for every policy instead of the
            worked cases.
        progress: What to pass the counts through as they come, given how many will come.

    Raises:
        FactsError: A case is wrong.
        RulebookError: A file of worked cases is malformed; or an ``accepted.toml`` accepts what
            cases do exercise.
    """
    batches: list[tuple[str, Batch]] = []
    if cases is not None:
        batches += [(ACROSS, [case]) for case in read_cases(cases, book.vocabulary)]
    else:
        for name in (ACROSS, *(policy.id for policy in policies)):
            own = list(worked_cases(book.folder, name))
            batches += [(name, batch) for batch in batches_of(own)]
    counted = tallies([batch for _, batch in batches], book)
    parts = list(zip((name for name, _ in batches), progress(counted, len(batches)), strict=True))
    found = [
        coverage(policy, book, joined(part for name, part in parts if name in {ACROSS, policy.id}))
        for policy in policies
    ]
    return tuple(found), sum(part.cases for _, part in parts)
