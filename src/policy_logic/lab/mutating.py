"""Mutation testing: whether the worked cases of a policy would notice a mistake in its rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain, groupby
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.lab import working
from policy_logic.lab.digests import case_digest, rules_digest
from policy_logic.lab.equivalence import why_equivalent
from policy_logic.lab.memory import Known, Memory
from policy_logic.lab.operators import mutants
from policy_logic.lab.outcome import Outcome
from policy_logic.lab.reaching import lines_of, lines_served, lines_spoken_of
from policy_logic.lab.trial import states_reasons
from policy_logic.lab.working import Step, Workers, World, refused, workers
from policy_logic.rulebook.cases import worked_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from policy_logic.lab.working import Report
    from policy_logic.rulebook.policy import Policy, Rulebook

Progress: TypeAlias = Callable[[str, int, int], None]
_CASES_AT_ONCE = 24
_MUTANTS_AT_ONCE = 40
_ACROSS = "across"


def mutate(
    book: Rulebook,
    policy: Policy,
    *,
    jobs: int = 1,
    memory: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Outcome, ...]:
    """Try every mutant of a policy on its worked cases and on those across policies.

    What becomes of a mutant does not depend on the number of processes, nor on what is
    remembered; which of several cases is told as the one that kills it may depend on the latter.

    Args:
        book: The rulebook.
        policy: The policy.
        jobs: How many processes to use.
        memory: The file that remembers what was tried, also after an interruption.
        progress: Told the stage, how much of it is done, and how much there is.

    Raises:
        RequestError: A worked case fails under the rules as they are.
    """
    run = _Run(book, policy, Memory(memory, rules_digest(book)), progress or _silent)
    try:
        with workers(run.world, jobs) as hands:
            run.check(hands)
            run.look_first(hands)
            run.try_own(hands)
            run.show_equivalent()
            run.try_all(hands)
            run.ask_reasons(hands)
    finally:
        run.memory.keep()
    return tuple(run.outcome(number) for number in range(len(run.world.mutants)))


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


class _Run:
    """One run over one policy."""

    def __init__(self, book: Rulebook, policy: Policy, memory: Memory, progress: Progress) -> None:
        self.book, self.policy, self.memory, self.progress = book, policy, memory, progress
        made = list(mutants(book, policy))
        served = lines_served(book, policy)
        cases = [case for name in (policy.id, _ACROSS) for case in worked_cases(book.folder, name)]
        lines = [lines_of(mutant, policy, served) for mutant in made]
        self.world = World(book, made, lines, cases)
        self.digests = [case_digest(case) for case in cases]
        self.number_of = {digest: n for n, digest in reversed(list(enumerate(self.digests)))}
        self.known: list[Known] = [memory.of(mutant.key) for mutant in made]
        for known in self.known:
            if known.killed_by and known.killed_by not in self.number_of:
                known.killed_by, known.broken = "", ()
        self.spoken = [lines_spoken_of(case) for case in cases]
        self.turn = self._in_turn()
        self.rank = {case: place for place, case in enumerate(chain.from_iterable(self.turn))}
        self.equivalent: dict[int, str] = {}

    def open_ones(self, numbers: Iterable[int] | None = None) -> list[int]:
        """Return the mutants that load and of which nothing has been settled."""
        return [
            number
            for number in (range(len(self.known)) if numbers is None else numbers)
            if self.known[number].loads
            and not self.known[number].killed_by
            and number not in self.equivalent
        ]

    def check(self, hands: Workers) -> None:
        """Find the mutants that would not load."""
        asked = [n for n, known in enumerate(self.known) if not (known.loads or known.refused)]
        portions = _chunks(asked, _MUTANTS_AT_ONCE)
        jobs = [partial(list[int], portion) for portion in portions]
        for done, (_, found) in enumerate(hands.each(refused, jobs), 1):
            for number, code in found.items():
                self.known[number].refused, self.known[number].loads = code, not code
            self._tell("check", done, len(jobs))

    def look_first(self, hands: Workers) -> None:
        """Try mutants on the cases that killed them under other rules."""
        by_case: dict[int, list[int]] = {}
        for number in self.open_ones():
            suspected = self.number_of.get(self.known[number].suspected)
            if suspected is not None:
                by_case.setdefault(suspected, []).append(number)
        plans = []
        for chunk in self._chunks(sorted(by_case)):
            numbers = tuple(n for case in chunk for n in by_case[case])
            plans.append([Step(tuple(chunk), numbers, asks=True)])
        self._try(hands, "again", plans)

    def try_own(self, hands: Workers) -> None:
        """Try the mutants of each clause on the cases that speak of its lines."""
        by_section: dict[str, list[int]] = {}
        for number in self.open_ones():
            sections = self.world.mutants[number].sections(self.policy)
            by_section.setdefault(sections[0].id if sections else "", []).append(number)
        plans = []
        for section, numbers in by_section.items():
            lines = {x for x in self.policy.lines if x == section or x.startswith(f"{section}.")}
            own = [n for n, spoken in enumerate(self.spoken) if not lines.isdisjoint(spoken)]
            chunks = self._chunks(own)
            plans.append([Step(tuple(chunk), tuple(numbers), asks=False) for chunk in chunks])
        self._try(hands, "own", plans)

    def show_equivalent(self) -> None:
        """Settle the mutants that can be shown to change nothing."""
        for number in self.open_ones():
            reason = why_equivalent(self.world.mutants[number], self.book)
            if reason:
                self.equivalent[number] = reason

    def try_all(self, hands: Workers) -> None:
        """Try what is left on all cases."""
        self._try(hands, "all", self._on_all(asks=False))

    def ask_reasons(self, hands: Workers) -> None:
        """Try what is left on the reasons that cases state for refusals."""
        self._try(hands, "reasons", self._on_all(asks=True))

    def _on_all(self, *, asks: bool) -> list[list[Step]]:
        left = tuple(self.open_ones())
        return [[Step(tuple(chunk), left, asks)] for chunk in self.turn]

    def _in_turn(self) -> list[list[int]]:
        """Return all cases in portions, those first that speak of the most lines.

        They tell what all lines rest on, so that the least is left to be tried on the others.
        """
        portions = list(self._chunks(range(len(self.digests))))
        lines = [frozenset[str]().union(*(self.spoken[n] for n in chunk)) for chunk in portions]
        order = sorted(range(len(portions)), key=lambda n: (-len(lines[n]), n))
        return [portions[n] for n in order]

    def _chunks(self, cases: Iterable[int]) -> Iterator[list[int]]:
        """Yield cases in portions that are best tried together: neighbours of one file."""
        for _, of_file in groupby(cases, key=lambda n: self.world.cases[n].file):
            yield from _chunks(list(of_file), _CASES_AT_ONCE)

    def _try(self, hands: Workers, stage: str, plans: Sequence[Sequence[Step]]) -> None:
        jobs = [partial(self._left, plan) for plan in plans]
        for done, (_, report) in enumerate(hands.each(working.tried, jobs), 1):
            if report is not None:
                self._note(report)
            self._tell(stage, done, len(plans))

    def _left(self, plan: Sequence[Step]) -> list[Step] | None:
        """Return what of some steps has not been settled or tried."""
        left = []
        for step in plan:
            open_ones = self.open_ones(step.mutants)
            cases = [c for c in step.cases if any(self._is_due(c, n, step) for n in open_ones)]
            numbers = [n for n in open_ones if any(self._is_due(c, n, step) for c in cases)]
            if numbers:
                left.append(Step(tuple(cases), tuple(numbers), step.asks))
        return left or None

    def _is_due(self, case: int, number: int, step: Step) -> bool:
        """Return whether a mutant has still to be tried on a case."""
        known, digest = self.known[number], self.digests[case]
        if not step.asks:
            return digest not in known.tried
        if digest in known.asked:
            return False
        worked = self.world.cases[case]
        return known.suspected == digest or states_reasons(worked, self.world.lines[number])

    def _note(self, report: Report) -> None:
        for number, case, asked in report.tried:
            known = self.known[number]
            known.tried.add(self.digests[case])
            if asked:
                known.asked.add(self.digests[case])
        for name in ("reached", "differs"):
            for number, case in getattr(report, name).items():
                before = self.number_of.get(getattr(self.known[number], name))
                if before is None or self.rank[case] < self.rank[before]:
                    setattr(self.known[number], name, self.digests[case])
        for number, (case, broken) in report.killed.items():
            known = self.known[number]
            before = self.number_of.get(known.killed_by)
            if before is None or self.rank[case] < self.rank[before]:
                known.killed_by, known.broken = self.digests[case], broken

    def outcome(self, number: int) -> Outcome:
        """Return what became of a mutant."""
        mutant, known = self.world.mutants[number], self.known[number]
        if known.refused:
            return Outcome(mutant, "refused", known.refused)
        if known.killed_by:
            case = self.world.cases[self.number_of[known.killed_by]]
            return Outcome(mutant, "killed", "", case, known.broken)
        if number in self.equivalent:
            return Outcome(mutant, "equivalent", self.equivalent[number])
        for reason, digest in (("unstated", known.differs), ("untold", known.reached)):
            if digest in self.number_of:
                nearest = self.world.cases[self.number_of[digest]]
                return Outcome(mutant, "survived", reason, nearest)
        return Outcome(mutant, "survived", "unreached")

    def _tell(self, stage: str, done: int, total: int) -> None:
        self.memory.keep()
        self.progress(stage, done, total)


def _chunks(numbers: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(numbers), size):
        yield list(numbers[start : start + size])
