"""What it costs to say what the worked cases exercise, against deriving them one after another.

Run it with ``python benchmarks/cover_cost.py``. Ratios are of processor time, in one process and
in the same run; the things compared take turns. The whole count then runs as the command runs it.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import policy_logic
from policy_logic.derive.derivation import derive, models_together
from policy_logic.lab.covering import cover
from policy_logic.lab.exercised import Exerciser
from policy_logic.lab.tally import batches_of
from policy_logic.rulebook.cases import worked_cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policy_logic.facts.model import Case
    from policy_logic.logic.terms import Fact
    from policy_logic.rulebook.policy import Rulebook

EVERY = 12


def ratios() -> None:
    """Compare one grounding a case with one a batch, and with what the cases exercise besides."""
    book = policy_logic.load_rulebook()
    batches = batches_of(list(worked_cases(book.folder)))[::EVERY]
    exerciser = Exerciser(book)
    alone = together = exercised = 0.0
    count = 0
    for batch in batches:
        cases = [case for facts in batch for case in policy_logic.load_cases(facts, book)]
        count += len(cases)
        alone += _seconds(derive(case, book).model for case in cases)
        models, seconds = _models(cases, book)
        together += seconds
        exercised += _seconds(map(exerciser.exercise, models))
    print(f"{count} cases, one after another: 1")
    print(f"one grounding a batch: {together / alone:.2f}")
    print(f"and what each exercises: {(together + exercised) / alone:.2f}")


def whole() -> None:
    """Time the whole count, in as many processes as there are processors."""
    book = policy_logic.load_rulebook()
    start, before = time.perf_counter(), os.times()
    _, count = cover(list(book.policies.values()), book)
    after = os.times()
    used = sum(after[:4]) - sum(before[:4])
    wall = time.perf_counter() - start
    print(f"{count} cases of all policies: {wall:.1f} s, {used:.1f} s of processor time")


def _models(cases: list[Case], book: Rulebook) -> tuple[list[frozenset[Fact]], float]:
    start = time.process_time()
    models = list(models_together(cases, book))
    return models, time.process_time() - start


def _seconds(work: Iterable[object]) -> float:
    start = time.process_time()
    for _ in work:
        pass
    return time.process_time() - start


if __name__ == "__main__":
    ratios()
    whole()
