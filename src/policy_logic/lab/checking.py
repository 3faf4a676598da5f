"""Checking policies: every study of every policy, side by side, and what they find together."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from policy_logic.lab.borders import borders
from policy_logic.lab.capped import capped
from policy_logic.lab.finding import Found
from policy_logic.lab.reach import reach
from policy_logic.lab.space import spaces_of
from policy_logic.lab.stacking import stacking
from policy_logic.lab.steps import steps
from policy_logic.lab.study import study_of
from policy_logic.lab.text_numbers import foreign_numbers, text_numbers
from policy_logic.lab.tiers import tiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy_logic.lab.finding import Finding, Shown
    from policy_logic.rulebook.policy import Rulebook

CLIFF: Final = 100_000
_STUDIES: Final = (reach, capped, stacking, tiers, steps)


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a policy has found.

    Attributes:
        policy: The policy.
        findings: The findings, by kind, the weightiest first.
        studied: The kinds of subject that were studied, each with the number of its facts and
            of the values that they could take.
    """

    policy: str
    findings: tuple[Finding, ...]
    studied: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Job:
    """One study to be made: a policy and a kind of subject, with the size of its space."""

    policy: str
    kind: str
    facts: int
    values: int


def check(
    book: Rulebook, policies: Sequence[str], cliff: int = CLIFF, processes: int | None = None
) -> list[Checked]:
    """Check policies, each studied by itself.

    Args:
        book: The rulebook.
        policies: The policies.
        cliff: From how many yuan on a jump of the total counts as a cliff.
        processes: How many studies are made at once; ``None`` for as many as there are
            processors, 1 for none beside this process.

    Raises:
        UnconfirmedWitnessError: Planning does not confirm what the solver found: a fault of the
            program.
    """
    jobs = [
        _Job(policy, space.kind, len(space.cells), sum(len(c.values) for c in space.cells))
        for policy in policies
        for space in spaces_of(book.only(policy), policy)
    ]
    ordered = sorted(jobs, key=lambda job: -job.values)
    one = partial(_studied, book, cliff)
    count = min(processes or os.cpu_count() or 1, len(jobs))
    if count > 1:
        with ProcessPoolExecutor(count) as pool:
            results = dict(zip(ordered, pool.map(one, ordered), strict=True))
    else:
        results = {job: one(job) for job in ordered}
    return [
        Checked(
            policy,
            _together(book, policy, [results[job] for job in jobs if job.policy == policy]),
            {job.kind: (job.facts, job.values) for job in jobs if job.policy == policy},
        )
        for policy in policies
    ]


def _studied(book: Rulebook, cliff: int, job: _Job) -> Found:
    """Make one study."""
    study = study_of(book, job.policy, job.kind, cliff)
    found = Found()
    for one in _STUDIES:
        part = one(study)
        found.findings += part.findings
        found.refuted |= part.refuted
        found.views |= part.views
    return found


def _together(book: Rulebook, policy: str, studies: Iterable[Found]) -> tuple[Finding, ...]:
    """Return the findings of a policy, without what one of its studies refutes."""
    refuted: set[str] = set()
    views: dict[str, tuple[Shown, ...]] = {}
    findings = [
        *borders(book, policy),
        *text_numbers(book, policy),
        *foreign_numbers(book, policy),
    ]
    for found in studies:
        refuted |= found.refuted
        views |= found.views
        findings += found.findings
    findings = [replace(f, shown=f.shown or views.get(f.id, ())) for f in findings]
    overlaps = {frozenset(finding.lines) for finding in findings if finding.form == "overlap"}
    findings = [
        finding
        for finding in findings
        if finding.form != "stacking" or frozenset(finding.lines) not in overlaps
    ]
    unique = {finding.id: finding for finding in reversed(findings) if finding.id not in refuted}
    return tuple(sorted(unique.values(), key=lambda finding: finding.order))
