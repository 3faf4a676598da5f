"""What ``plan`` answers instead of the plan alone: with facts otherwise, swept, or compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic import api
from policy_logic.cli.cases import one_tree, refuse
from policy_logic.cli.options import PLOT_ENDINGS
from policy_logic.facts.case import with_readings
from policy_logic.facts.changes import read_change, read_changed
from policy_logic.facts.sweeps import read_sweep, understood

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from policy_logic.decide.planning import Planner
    from policy_logic.facts.changes import Change
    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Objective
    from policy_logic.select.selection import Engine


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one case.

    Attributes:
        facts: The file or folder.
        applicant: Whose case, of several; ``None`` for the only one.
        book: The rulebook.
        readings: The readings chosen on the command line.
        objective: What plans make as high as possible.
        seconds: The longest time to search for each plan.
        engine: Which engine chooses.
        language: The language to print in.
        output: ``page`` or ``json``.
        refusals: Whether to speak of refusals.
        changes: The facts to take otherwise, as ``PATH=VALUE``.
        sweep: The fact to sweep, as ``PATH=FROM..TO[:STEP]``; ``None`` for none.
        plot: Where to draw what the sweep finds; ``None`` for nowhere.
        granted: The file of what was paid; ``None`` for none.
        besides: The other options given that ask for something of the plan alone.
    """

    facts: Path
    applicant: str | None
    book: Rulebook
    readings: Mapping[str, str]
    objective: Objective
    seconds: float
    engine: Engine
    language: Language
    output: str
    refusals: bool
    changes: tuple[str, ...]
    sweep: str | None
    plot: Path | None
    granted: Path | None
    besides: tuple[str, ...]

    def planner(self, case: Case) -> Planner:
        """Return a version of the case, ready to be planned."""
        return api.planner(
            case, objective=self.objective, readings=self.readings, time_limit=self.seconds,
            engine=self.engine, book=self.book,
        )  # fmt: skip


def answer(question: Question) -> bool:
    """Print the answer; return whether something differs that should not.

    Raises:
        FactsError: The case is wrong, or would be with the changes.
        RequestError: The question names what does not exist.
    """
    _check(question)
    root, case = one_tree(question.facts, question.book, question.applicant, _name(question))
    changes = [read_change(text) for text in question.changes]
    if question.granted is not None:
        return _answer_granted(question, question.granted, case)
    if question.sweep is not None:
        tree, changed = read_changed(root, changes, question.book.vocabulary)
        _answer_sweep(question, question.sweep, tree, changed)
    else:
        _answer_changes(question, root, case, changes)
    return False


def _check(question: Question) -> None:
    """Refuse options that do not go together."""
    if question.plot is not None and question.sweep is None:
        refuse("plot_alone")
    if question.plot is not None and question.plot.suffix.lower() not in PLOT_ENDINGS:
        refuse("plot_ending", file=question.plot, endings=", ".join(PLOT_ENDINGS))
    asked = {"--granted": question.granted, "--sweep": question.sweep, "--set": question.changes}
    names = [name for name, given in asked.items() if given]
    apart = [*question.besides, *(names[1:] if "--granted" in names else ())]
    if apart:
        refuse("options_apart", first=names[0], second=apart[0])


def _name(question: Question) -> str:
    """Return the option that says what is asked."""
    if question.granted is not None:
        return "--granted"
    return "--sweep" if question.sweep is not None else "--set"


def _answer_changes(question: Question, root: Node, case: Case, changes: Sequence[Change]) -> None:
    from policy_logic.cli.whatif_page import Sides, print_sides  # noqa: PLC0415 - rich is slow

    after = api.changed_case(root, changes, question.book)
    sides = Sides(question.planner(case), question.planner(after), root, changes)
    print_sides(sides, question.language, question.output, refusals=question.refusals)


def _answer_sweep(question: Question, text: str, root: Node, case: Case) -> None:
    from policy_logic.cli.cliffs import Asked  # noqa: PLC0415 - this option only
    from policy_logic.cli.sweep_page import print_swept  # noqa: PLC0415 - rich is slow

    asked = read_sweep(text)
    for end in (asked.low, asked.high):
        read_changed(root, [end], question.book.vocabulary)
    sweep = understood(asked, root, question.book.vocabulary)

    def case_at(at: int) -> Case:
        case = api.changed_case(root, [sweep.change(at)], question.book)
        return with_readings(case, question.readings)

    planner = question.planner(case)
    print_swept(
        Asked(sweep, root, planner, case_at, question.planner),
        question.language, question.output, question.plot,
    )  # fmt: skip


def _answer_granted(question: Question, file: Path, case: Case) -> bool:
    from policy_logic.cli.granted_page import print_compared  # noqa: PLC0415 - rich is slow
    from policy_logic.facts.granted import read_granted  # noqa: PLC0415 - this option only

    grants = read_granted(file, case, question.book.vocabulary)
    return print_compared(question.planner(case), grants, question.language, question.output)
