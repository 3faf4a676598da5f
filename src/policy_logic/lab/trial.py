"""Trying mutants on a worked case: which of them the case tells from the rules as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from policy_logic.decide.planning import Planner
from policy_logic.derive.atoms import to_atoms
from policy_logic.derive.variants import Variants
from policy_logic.errors import Problem, RequestError
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.rule_text import rule_text
from policy_logic.lab.stated import Broken, broken
from policy_logic.logic.terms import Fact
from policy_logic.rulebook.policy import Rulebook

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from policy_logic.derive.atoms import Atoms
    from policy_logic.derive.derivation import Derivation
    from policy_logic.lab.mutant import Mutant
    from policy_logic.rulebook.cases import WorkedCase

_KEPT: Final = "kept_rule"
_TRIED: Final = "tried_mutant"


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a mutant on one case.

    Attributes:
        broken: What the case states and the mutant breaks; ``None`` if nothing.
        differs: Whether anything that a plan rests on comes out differently.
    """

    broken: Broken | None
    differs: bool


class Trial:
    """One worked case, grounded once with all the mutants that are tried on it."""

    def __init__(
        self,
        worked: WorkedCase,
        book: Rulebook,
        mutants: Sequence[Mutant],
        watched: frozenset[str] = frozenset(),
    ) -> None:
        """Ground.

        Args:
            worked: The worked case.
            book: The rulebook as it is.
            mutants: Changes of one policy.
            watched: More rules of that policy that may be asked about.
        """
        self._worked, self._book = worked, book
        self._case = case_from_mapping(worked.facts, book.vocabulary)
        policy = book.policies[mutants[0].policy]
        changed = watched | {rule.id for mutant in mutants for rule in mutant.before}
        numbers = {mutant.number.name for mutant in mutants if mutant.number is not None}
        texts = [
            rule_text(rule, _guard(_KEPT, rule.id)) if rule.id in changed else rule_text(rule)
            for rule in policy.rules
        ]
        texts += [
            rule_text(rule, _guard(_TRIED, mutant.key)) for mutant in mutants for rule in mutant.after
        ]
        choices = {Fact(_KEPT, (name,)): True for name in sorted(changed)}
        choices |= {Fact(_TRIED, (mutant.key,)): False for mutant in mutants if mutant.after}
        choices |= {Fact("number", (name, book.numbers[name].value)): True for name in numbers}
        choices |= {_number(mutant): False for mutant in mutants if mutant.number is not None}
        own = policy.folder / "rules.lp"
        self._variants = Variants(
            to_atoms(self._case, _with_all(book, mutants)),
            book,
            [path for path, _ in book.programs if path != own],
            "\n".join(texts),
            choices,
        )
        self._as_it_is: Planner | None = None

    def found(self, mutant: Mutant, lines: Collection[str]) -> Found:
        """Return what becomes of a mutant.

        Args:
            mutant: One of those that were grounded.
            lines: The lines whose refusals could tell it, where nothing else does.

        Raises:
            RequestError: What the case states does not come out under the rules as they are.
        """
        settings = _settings(mutant, self._book)
        differs = self._variants.tells(settings)
        if not differs and not self._states_reasons(lines):
            return Found(None, differs=False)
        book = mutant.applied(self._book)
        atoms = to_atoms(self._case, book)
        planner = self._planner(self._variants.under(settings, atoms, book))
        first = next(broken(self._worked, planner, lines), None)
        if first is not None:
            self._check_as_it_is(lines)
        return Found(first, differs)

    def atoms_apart(self, mutant: Mutant) -> frozenset[Fact]:
        """Return the atoms that hold with the mutant or without it, but not both."""
        return self._variants.atoms_apart(_settings(mutant, self._book))

    def is_reached(self, names: Collection[str]) -> bool:
        """Return whether anything would differ without some rules that mutants change."""
        settings = {Fact(_KEPT, (name,)): False for name in names}
        return bool(self._variants.atoms_apart(settings))

    def _states_reasons(self, lines: Collection[str]) -> bool:
        refused = self._worked.expected.get("refused") or {}
        return any(stated and name.partition("/")[0] in lines for name, stated in refused.items())

    def _planner(self, derivation: Derivation) -> Planner:
        if self._as_it_is is None:
            as_it_is = self._variants.as_it_is()
            self._as_it_is = Planner(self._case, self._book, derivation=as_it_is)
        return self._as_it_is.over(derivation)

    def _check_as_it_is(self, lines: Collection[str]) -> None:
        assert self._as_it_is is not None  # noqa: S101 - it is there once a mutant was planned
        fault = next(broken(self._worked, self._as_it_is, lines), None)
        if fault is not None:
            details: dict[str, object] = {
                "case": self._worked.id,
                "section": fault.section,
                "name": fault.name,
                "stated": fault.stated,
                "found": fault.found,
            }
            raise RequestError([Problem("request.worked_case_fails", None, details)])


def _guard(name: str, argument: str) -> str:
    return f'{name}("{argument}")'


def _number(mutant: Mutant) -> Fact:
    assert mutant.number is not None  # noqa: S101 - asked of changed numbers only
    return Fact("number", (mutant.number.name, mutant.number.value))


def _settings(mutant: Mutant, book: Rulebook) -> Mapping[Fact, bool]:
    """Return what is set otherwise where a change is made."""
    if mutant.number is not None:
        name = mutant.number.name
        return {Fact("number", (name, book.numbers[name].value)): False, _number(mutant): True}
    settings = {Fact(_KEPT, (rule.id,)): False for rule in mutant.before}
    return settings | ({Fact(_TRIED, (mutant.key,)): True} if mutant.after else {})


def _with_all(book: Rulebook, mutants: Sequence[Mutant]) -> Rulebook:
    """Return a rulebook whose rules ask of a case whatever any of the mutants does."""
    more = tuple(rule for mutant in mutants for rule in mutant.after)
    return replace(book, rules=(*book.rules, *more))
