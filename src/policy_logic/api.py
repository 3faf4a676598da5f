"""The program's powers as functions: what the command line calls, and what others may call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.decide.explaining import Why, WhyNot, check_asked, explain
from policy_logic.decide.planning import Planner
from policy_logic.errors import Problem, RequestError
from policy_logic.facts.case import case_of, with_readings
from policy_logic.facts.changes import read_changed
from policy_logic.facts.model import Case
from policy_logic.facts.reader import case_from_mapping, read_cases, read_roots
from policy_logic.rulebook.load import load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.decision import Decision
    from policy_logic.facts.changes import Change
    from policy_logic.facts.source import Node
    from policy_logic.remedies.answer import Answer
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Objective
    from policy_logic.select.selection import Engine

Facts: TypeAlias = str | os.PathLike[str] | Mapping[str, object] | Case


def load_cases(facts: Facts, book: Rulebook | None = None) -> Iterator[Case]:
    """Yield the cases of a file, a folder or a mapping.

    Args:
        facts: A path (see :func:`policy_logic.facts.reader.read_cases`), a mapping of the same
            shape as a file, or a case that has been read already.
        book: The rulebook; by default the one that comes with the program.

    Raises:
        FactsError: A case is wrong.
    """
    vocabulary = (book or load_rulebook()).vocabulary
    if isinstance(facts, Case):
        yield facts
    elif isinstance(facts, Mapping):
        yield case_from_mapping(facts, vocabulary)
    else:
        yield from read_cases(Path(facts), vocabulary)


def load_trees(path: Path, book: Rulebook) -> Iterator[tuple[Node, Case]]:
    """Yield the cases of a file or a folder, each with the tree it was read from.

    Raises:
        FactsError: A case is wrong.
    """
    for root in read_roots(path):
        yield root, case_of(root, book.vocabulary)


def changed_case(root: Node, changes: Sequence[Change], book: Rulebook) -> Case:
    """Return a case with some of its values taken otherwise.

    Args:
        root: The tree of a case that is right.
        changes: What to take otherwise; of two with one path the later counts.
        book: The rulebook.

    Raises:
        FactsError: A path leads nowhere, or the case is wrong with the changes.
    """
    return read_changed(root, changes, book.vocabulary)[1]


def plan(
    facts: Facts,
    *,
    objective: Objective = "potential",
    readings: Mapping[str, str] | None = None,
    time_limit: float | None = None,
    refusals: bool = True,
    book: Rulebook | None = None,
) -> Decision:
    """Decide one case: the claims to file, what each pays, what was left out and why.

    Args:
        facts: The case: a path, a mapping or a case.
        objective: What to make as high as possible, ``potential`` or ``firm``.
        readings: Readings to choose, besides those that the case chooses; these win.
        time_limit: The longest time to search for the best plan, in seconds; ``None`` for no
            limit. When it strikes, the decision says so and gives the bound.
        refusals: Whether to say why every other line is no candidate.
        book: The rulebook; by default the one that comes with the program.

    Raises:
        FactsError: The case is wrong.
        RequestError: ``facts`` holds several cases.
    """
    return planner(
        facts, objective=objective, readings=readings, time_limit=time_limit, book=book
    ).decide(refusals=refusals)


def why(
    facts: Facts,
    line: str,
    subject: str | None = None,
    year: int | None = None,
    trigger: str | None = None,
    *,
    readings: Mapping[str, str] | None = None,
    book: Rulebook | None = None,
) -> tuple[Why | WhyNot, ...]:
    """Explain every candidate and every refusal that a line, a subject and a year name.

    Args:
        facts: The case: a path, a mapping or a case.
        line: The line's id.
        subject: The entity's id; ``None`` for all.
        year: The year; ``None`` for all.
        trigger: The listing; ``None`` for all.
        readings: Readings to choose, besides those that the case chooses; these win.
        book: The rulebook; by default the one that comes with the program.

    Raises:
        FactsError: The case is wrong.
        RequestError: There is no such line or entity, or the line does not concern it.
    """
    return explain(planner(facts, readings=readings, book=book), line, subject, year, trigger)


def nearest(
    planner: Planner, root: Node, line: str, subject: str | None = None, year: int | None = None
) -> tuple[Answer, ...]:
    """Return the smallest changes of facts that make a line hold, for each thing it could pay for.

    Args:
        planner: The case as it is.
        root: The tree it was read from.
        line: The line's id.
        subject: The entity's id; ``None`` for all, or for a new one where the case has none.
        year: The year; ``None`` for each that could serve.

    Raises:
        RequestError: There is no such line or entity, or the line does not concern it.
    """
    from policy_logic.remedies.asking import nearest_changes  # noqa: PLC0415 - this question only

    check_asked(planner, line, subject)
    chosen = {name: str(given.value) for name, given in planner.case.readings.items()}

    def case_at(root: Node, changes: Sequence[Change]) -> tuple[Node, Case]:
        tree, case = read_changed(root, changes, planner.book.vocabulary)
        return tree, with_readings(case, chosen)

    return tuple(nearest_changes(planner, root, case_at, line, subject, year))


def planner(
    facts: Facts,
    *,
    objective: Objective = "potential",
    readings: Mapping[str, str] | None = None,
    time_limit: float | None = None,
    engine: Engine = "auto",
    book: Rulebook | None = None,
) -> Planner:
    """Derive one case, ready for its decision and for any number of questions about it.

    Args:
        facts: The case: a path, a mapping or a case.
        objective: What to make as high as possible.
        readings: Readings to choose, besides those that the case chooses; these win.
        time_limit: The longest time to search, in seconds.
        engine: Which engine chooses: ``auto``, ``clingo`` or ``cpsat``.
        book: The rulebook; by default the one that comes with the program.

    Raises:
        FactsError: The case is wrong.
        RequestError: ``facts`` holds several cases.
    """
    rules = book or load_rulebook()
    cases = list(load_cases(facts, rules))
    if len(cases) > 1:
        known = ", ".join(case.applicant for case in cases)
        details: dict[str, object] = {"file": str(facts), "applicants": known}
        raise RequestError([Problem("request.several_cases", None, details)])
    case = with_readings(cases[0], readings or {})
    return Planner(case, rules, objective, time_limit, engine)
