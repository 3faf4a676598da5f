"""What a property finds wrong, as objects that can be told in either language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.errors import Problem
from policy_logic.lab.accepted import read_accepted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policy_logic.language import Label, Language
    from policy_logic.rulebook.policy import Rulebook


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a property finds wrong with a case.

    Attributes:
        check: The property, as ``testing.caps``.
        about: What it is about, in the same words at every run: the names of lines, and more.
        lines: The lines concerned.
        problem: What is wrong.
    """

    check: str
    about: str
    lines: tuple[str, ...]
    problem: Problem


class PropertyFault(AssertionError):  # noqa: N818 - a fault found, no error of the program
    """A property that does not hold of a case.

    Attributes:
        fault: What is wrong.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(self.tell())

    def tell(self, language: Language = "en") -> str:
        """Say what is wrong."""
        return self.fault.problem.tell(language)


def fault(check: str, about: str, lines: Iterable[str], **details: object) -> Fault:
    """Return a fault; its words stand in ``locale/testing.toml`` under the name of the check."""
    problem = Problem(f"testing.{check}", None, {**details, "about": about})
    name = check.partition("_by_")[0]
    return Fault(f"testing.{name}", about, tuple(lines), problem)


def raise_first(book: Rulebook, faults: Iterable[Fault]) -> None:
    """Raise the first fault that no policy concerned accepts.

    Raises:
        PropertyFault: There is one.
        RulebookError: An ``accepted.toml`` is malformed.
    """
    for found in faults:
        if _reason(book, found) is None:
            raise PropertyFault(found)


def _reason(book: Rulebook, found: Fault) -> Label | None:
    """Return why a fault is accepted; ``None`` if it is not."""
    for policy in {book.lines[line].policy for line in found.lines if line in book.lines}:
        for row in read_accepted(book.policies[policy].folder):
            if (row.check, row.about) == (found.check, found.about):
                return row.reason
    return None
