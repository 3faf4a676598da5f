"""One study: the applicants for the lines of one kind of subject, and the pipeline that confirms.

Whatever the solver finds is planned before it is told: written as a facts file, read again, and
planned by the ordinary pipeline under this policy alone. What is told is planned under all
policies, too, and has to make the same claims there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policy_logic.decide.planning import Planner
from policy_logic.facts.reader import read_text
from policy_logic.lab.borders import comparisons_of
from policy_logic.lab.facts_file import facts_text
from policy_logic.lab.finding import Finding, Shown, quoted
from policy_logic.lab.probes import (
    GENERAL,
    border_probes,
    cut_probes,
    exclusion_probes,
    exclusions_of,
)
from policy_logic.lab.space import spaces_of
from policy_logic.lab.witness import Search
from policy_logic.language import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.lab.borders import Threshold
    from policy_logic.lab.space import Space
    from policy_logic.rulebook.policy import Line, Rulebook

NOBODY_ELSE = Label("", "")


class UnconfirmedWitnessError(Exception):
    """A witness of the solver is not what planning says: a fault of the program."""


@dataclass(frozen=True)
class Study:
    """The applicants for the lines of a policy that are decided for one kind of subject.

    Attributes:
        book: The rulebook with all policies.
        policy: The policy.
        space: The applicants; its rulebook has this policy alone.
        search: The solver's side of it.
        cliff: From how many yuan on a jump of the total counts as a cliff.
    """

    book: Rulebook
    policy: str
    space: Space
    search: Search
    cliff: int

    @cached_property
    def thresholds(self) -> list[Threshold]:
        """The thresholds of the policy."""
        return comparisons_of(self.space.book, self.policy)

    @property
    def money_lines(self) -> list[Line]:
        """The lines that pay a sum that is fixed or has a ceiling."""
        lines = (self.space.book.lines[line] for line in self.space.lines)
        return [line for line in lines if line.kind == "monetary" and line.determinacy != "open"]

    def planned(self, facts: Mapping[str, Any]) -> Planner:
        """Plan a witness under its policy alone, as its facts file says it."""
        text = facts_text(facts, self.book)
        if text not in self._planned:
            (case,) = read_text(text, self.book.vocabulary, "<witness>")
            self._planned[text] = Planner(case, self.space.book)
        return self._planned[text]

    @cached_property
    def _planned(self) -> dict[str, Planner]:
        return {}

    def shown(self, facts: Mapping[str, Any], name: Label = NOBODY_ELSE) -> Shown:
        """Return a witness with its plan.

        Raises:
            UnconfirmedWitnessError: Under all policies it could not make the same claims.
        """
        own = self.planned(facts)
        whole = Planner(own.case, self.book)
        every = {
            claim: candidate.potential
            for claim, candidate in whole.derivation.candidates.items()
            if claim.line in self.space.book.lines
        }
        if every != {claim: c.potential for claim, c in own.derivation.candidates.items()}:
            raise UnconfirmedWitnessError(facts)
        return shown(own, facts, name)

    def label(self, line: str) -> Label:
        """Return a line's name, to stand in quotation marks."""
        return quoted(self.space.book.lines[line].label)

    def clause(self, line: str) -> tuple[str, ...]:
        """Return the clauses of a line, those of its own first."""
        sections = self.book.policies[self.policy].sections_of(line)
        own = [section.clause for section in sections if section.id == line]
        return tuple(dict.fromkeys(own or [section.clause for section in sections][-1:]))

    def clauses(self, *lines: str) -> tuple[str, ...]:
        """Return the clauses of several lines, each once."""
        return tuple(dict.fromkeys(clause for line in lines for clause in self.clause(line)))

    def finding(self, check: str, about: str, words: Label, **more: Any) -> Finding:  # noqa: ANN401 - fields of a finding
        """Return a finding about the policy."""
        return Finding(f"check.{check}", about, self.policy, words, **more)


def shown(planner: Planner, facts: Mapping[str, Any], name: Label) -> Shown:
    """Return an applicant with what its plan pays."""
    chosen = planner.chosen
    claims = {str(claim): paid.potential for claim, paid in chosen.paid.items()}
    totals = chosen.totals
    return Shown(name, facts, totals.firm, totals.potential, dict(sorted(claims.items())))


def study_of(book: Rulebook, policy: str, kind: str, cliff: int) -> Study:
    """Return the study of a policy's lines for one kind of subject.

    Args:
        book: The rulebook with all policies.
        policy: The policy.
        kind: The kind of subject; the policy has lines for it.
        cliff: From how many yuan on a jump of the total counts as a cliff.
    """
    own = book.only(policy)
    space = next(space for space in spaces_of(own, policy) if space.kind == kind)
    probes = [
        GENERAL,
        *cut_probes(space.cone),
        *border_probes(space.cone),
        *exclusion_probes(exclusions_of(own, policy)),
    ]
    return Study(book, policy, space, Search(space, "\n".join(probes)), cliff)
