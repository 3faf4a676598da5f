"""How many cases exercise what: counted over many cases, in several processes."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.derive.derivation import models_together
from policy_logic.facts.model import Case
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.exercised import Exerciser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from policy_logic.lab.edges import Distance
    from policy_logic.lab.exercised import Exercised
    from policy_logic.rulebook.cases import WorkedCase
    from policy_logic.rulebook.policy import Rulebook

Batch: TypeAlias = "Sequence[Case | Mapping[str, object]]"

_LARGEST_BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases exercise what.

    Attributes:
        cases: How many cases were counted.
        fired: The rules, by id.
        missed: The conditions that alone kept their rule from a conclusion, by rule and place.
        edges: The thresholds met, or alone missed, as closely as can be: by rule, place, and
            whether met.
        nearest: The least distance of any case from a threshold, by the same.
        cuts: The calls of ``@at_most``, by rule, place, and whether they cut.
        readings: The values of readings on which something hung.
        settled: The rules that bar one claim from standing beside another, and did, by id.
        limits: The yearly caps and quotas, by line, number, and whether they were exceeded.
    """

    cases: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    missed: Counter[tuple[str, int]] = field(default_factory=Counter)
    edges: Counter[tuple[str, int, bool]] = field(default_factory=Counter)
    nearest: dict[tuple[str, int, bool], Distance] = field(default_factory=dict)
    cuts: Counter[tuple[str, int, bool]] = field(default_factory=Counter)
    readings: Counter[tuple[str, str]] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)
    limits: Counter[tuple[str, str, bool]] = field(default_factory=Counter)


def batches_of(cases: Sequence[WorkedCase]) -> list[Batch]:
    """Return worked cases in batches that have most of their facts in common."""
    found: list[Batch] = []
    for _, together in groupby(cases, key=lambda case: case.file):
        facts = [case.facts for case in together]
        found += [facts[at : at + _LARGEST_BATCH] for at in range(0, len(facts), _LARGEST_BATCH)]
    return found


def tallies(batches: Sequence[Batch], book: Rulebook) -> Iterator[Tally]:
    """Count what cases exercise, batch by batch, in the order of the batches.

    Args:
        batches: The cases, read or as mappings. The cases of a batch are derived from one
            grounding, so they should have most of their facts in common.
        book: The rulebook.

    Raises:
        FactsError: A case is wrong.
    """
    processes = min(len(batches), _processors())
    if processes < 2:
        exerciser = Exerciser(book)
        yield from (_of_batch(batch, book, exerciser) for batch in batches)
        return
    with ProcessPoolExecutor(processes, initializer=_prepare, initargs=(book,)) as pool:
        yield from pool.map(_in_process, batches)


def _processors() -> int:
    """Return how many processors there are for this program."""
    asked = getattr(os, "sched_getaffinity", None)
    return len(asked(0)) if asked else os.cpu_count() or 1


_of_batch_here: Callable[[Batch], Tally] | None = None


def _prepare(book: Rulebook) -> None:
    """Make a process ready for batches of cases."""
    global _of_batch_here  # noqa: PLW0603 - a process of the pool keeps it from batch to batch
    _of_batch_here = partial(_of_batch, book=book, exerciser=Exerciser(book))


def _in_process(batch: Batch) -> Tally:
    assert _of_batch_here is not None  # noqa: S101 - the pool prepares each of its processes
    return _of_batch_here(batch)


def _of_batch(batch: Batch, book: Rulebook, exerciser: Exerciser) -> Tally:
    cases = [
        case if isinstance(case, Case) else case_from_mapping(case, book.vocabulary)
        for case in batch
    ]
    found = Tally(len(cases))
    for model in models_together(cases, book):
        _count(exerciser.exercise(model), exerciser, found)
    return found


def _count(exercised: Exercised, exerciser: Exerciser, into: Tally) -> None:
    into.fired.update(exercised.fired)
    into.limits.update(exercised.limits)
    readings: set[tuple[str, str]] = set()
    for name, outcome in exercised.outcomes.items():
        into.missed.update((name, place) for place in outcome.missed)
        for is_met, distances in ((True, outcome.reached), (False, outcome.short)):
            for place, distance in distances.items():
                key = name, place, is_met
                threshold = exerciser.thresholds[name][place]
                into.edges[key] += threshold.is_edge(distance, is_met=is_met)
                into.nearest[key] = min(distance, into.nearest.get(key, distance))
        into.cuts.update((name, place, cut) for place, cut in outcome.cuts)
        readings |= outcome.readings
        into.settled.update([name] if outcome.settles else [])
    into.readings.update(readings)


def joined(parts: Iterable[Tally]) -> Tally:
    """Return several counts as one."""
    whole, cases = Tally(), 0
    for part in parts:
        cases += part.cases
        for name in ("fired", "missed", "edges", "cuts", "readings", "settled", "limits"):
            getattr(whole, name).update(getattr(part, name))
        for key, distance in part.nearest.items():
            whole.nearest[key] = min(distance, whole.nearest.get(key, distance))
    return replace(whole, cases=cases)
