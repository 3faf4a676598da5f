"""The cases that a command is about, and the readings that it is asked under."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from policy_logic import api
from policy_logic.errors import Problem, RequestError
from policy_logic.facts.scalars import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.rulebook.policy import Rulebook


def trees_of(facts: Path, book: Rulebook, applicant: str | None) -> list[tuple[Node, Case]]:
    """Load all cases, each with its tree, or of several only those of one applicant.

    Raises:
        FactsError: A case is wrong.
        RequestError: No case is the applicant's.
    """
    trees = list(api.load_trees(facts, book))
    if applicant is None:
        return trees
    own = [(root, case) for root, case in trees if case.applicant == applicant]
    if not own:
        known = [case.applicant for _, case in trees]
        refuse("applicant_unknown", applicant=applicant, near=nearest(applicant, known))
    return own


def one_tree(facts: Path, book: Rulebook, applicant: str | None, command: str) -> tuple[Node, Case]:
    """Load the one case that a command takes, with its tree.

    Raises:
        FactsError: A case is wrong.
        RequestError: There are several cases, or none of the applicant.
    """
    trees = trees_of(facts, book, applicant)
    if len(trees) > 1:
        known = ", ".join(case.applicant for _, case in trees)
        refuse("one_case", file=facts, applicants=known, command=command)
    return trees[0]


def readings_of(pairs: Sequence[str] | None) -> dict[str, str]:
    """Return readings from ``NAME=VALUE``.

    Raises:
        RequestError: A text is not of this form.
    """
    found = {}
    for pair in pairs or ():
        name, sign, value = pair.partition("=")
        if not (name and sign and value):
            refuse("reading_form", text=pair)
        found[name] = value
    return found


def refuse(code: str, **details: object) -> NoReturn:
    """Refuse what a command was asked.

    Raises:
        RequestError: Always.
    """
    raise RequestError([Problem(f"request.{code}", None, details)])
