"""Working through trials, in one process or in several."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from policy_logic.lab.refusing import refusal
from policy_logic.lab.trial import Found, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from policy_logic.lab.mutant import Mutant
    from policy_logic.rulebook.cases import WorkedCase
    from policy_logic.rulebook.policy import Rulebook


@dataclass(frozen=True)
class World:
    """What all trials share.

    Attributes:
        book: The rulebook as it is.
        mutants: All mutants; a job names them by their number.
        lines: For each mutant the lines that it bears upon.
        cases: All worked cases; a job names them by their number.
    """

    book: Rulebook
    mutants: Sequence[Mutant]
    lines: Sequence[frozenset[str]]
    cases: Sequence[WorkedCase]


@dataclass(frozen=True, slots=True)
class Step:
    """Some mutants of one policy to be tried on some cases.

    Attributes:
        cases: The cases.
        mutants: The mutants.
        asks: Whether to look into the reasons of refusals, too.
    """

    cases: tuple[int, ...]
    mutants: tuple[int, ...]
    asks: bool


@dataclass(slots=True)
class Report:
    """What came of some steps.

    Attributes:
        killed: For each mutant that a case kills, the case, and what of it is broken.
        tried: The cases that did not kill a mutant: mutant, case, and whether reasons were asked.
        reached: For a mutant the first case in which a rule whose meaning changes takes part.
        differs: For a mutant the first case in which something comes out differently, unstated.
    """

    killed: dict[int, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    tried: list[tuple[int, int, bool]] = field(default_factory=list)
    reached: dict[int, int] = field(default_factory=dict)
    differs: dict[int, int] = field(default_factory=dict)


def tried(world: World, steps: Sequence[Step]) -> Report:
    """Try mutants, each until a case kills it."""
    report = Report()
    for step in steps:
        live = [number for number in step.mutants if number not in report.killed]
        if not live:
            continue
        trial = Trial(
            [world.cases[n] for n in step.cases], world.book, [world.mutants[n] for n in live]
        )
        for place, case in enumerate(step.cases):
            for number in live:
                if number not in report.killed:
                    lines = world.lines[number] if step.asks else frozenset[str]()
                    found = trial.found(place, world.mutants[number], lines)
                    _note(report, number, case, found, asked=step.asks)
    return report


def _note(report: Report, number: int, case: int, found: Found, *, asked: bool) -> None:
    if found.broken is not None:
        one = found.broken
        told = (one.section, one.name, str(one.expected), str(one.found))
        report.killed[number] = case, told
        return
    report.tried.append((number, case, asked))
    if found.reaches:
        report.reached.setdefault(number, case)
    if found.differs:
        report.differs.setdefault(number, case)


def refused(world: World, numbers: Sequence[int]) -> dict[int, str]:
    """Return, for each mutant, the check that refuses it; an empty word if it loads."""
    problems = {number: refusal(world.mutants[number], world.book) for number in numbers}
    return {number: problem.code if problem else "" for number, problem in problems.items()}


_AT_HAND: Final[dict[str, World]] = {}


def _begin(world: World) -> None:
    _AT_HAND["world"] = world


def _do(work: Callable[[World, Any], Any], job: Any) -> Any:  # noqa: ANN401 - whatever the work takes
    return work(_AT_HAND["world"], job)


class Workers:
    """One process or several that do the same work on many jobs."""

    def __init__(self, world: World, pool: ProcessPoolExecutor | None, jobs: int) -> None:
        self._world, self._pool, self._jobs = world, pool, jobs

    def each(
        self, work: Callable[[World, Any], Any], jobs: Iterable[Callable[[], Any]]
    ) -> Iterator[tuple[int, Any]]:
        """Do jobs and yield the number and the result of each as it is done.

        Args:
            work: What to do; a function of a module.
            jobs: The jobs, each made only when its turn comes, so that it can leave out what
                has been settled by then; ``None`` where nothing is left.
        """
        if self._pool is None:
            for number, job in enumerate(jobs):
                made = job()
                yield number, None if made is None else work(self._world, made)
            return
        running: dict[Future[Any], int] = {}
        for number, job in enumerate(jobs):
            made = job()
            if made is None:
                yield number, None
                continue
            running[self._pool.submit(_do, work, made)] = number
            if len(running) > self._jobs:
                yield from _done(running)
        while running:
            yield from _done(running)


def _done(running: dict[Future[Any], int]) -> Iterator[tuple[int, Any]]:
    finished, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in sorted(finished, key=running.__getitem__):
        yield running.pop(future), future.result()


@contextmanager
def workers(world: World, jobs: int) -> Iterator[Workers]:
    """Open as many processes as are asked for; with one, all is done in this one."""
    if jobs == 1:
        yield Workers(world, None, 1)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(world,))
    try:
        yield Workers(world, pool, jobs)
    finally:
        pool.shutdown(cancel_futures=True)
