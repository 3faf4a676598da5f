"""Trying mutants on a worked case: which of them the case tells from the rules as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from policy_logic.decide.planning import Planner
from policy_logic.derive.atoms import to_atoms
from policy_logic.derive.variants import FIRES, Variants
from policy_logic.errors import Problem, RequestError
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.rule_text import rule_text
from policy_logic.lab.stated import Broken, broken
from policy_logic.logic.terms import Atom, Constant, Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from policy_logic.derive.derivation import Derivation
    from policy_logic.lab.mutant import Mutant
    from policy_logic.rulebook.cases import WorkedCase
    from policy_logic.rulebook.policy import Policy, Rulebook

_KEPT: Final = "kept_rule"
_TRIED: Final = "tried_mutant"


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a mutant on one case.

    Attributes:
        broken: What the case states and the mutant breaks; ``None`` if nothing.
        differs: Whether anything that a plan rests on comes out differently.
        reaches: Whether a rule whose meaning changes takes part, before or after the change.
    """

    broken: Broken | None
    differs: bool
    reaches: bool


class Trial:
    """One worked case, grounded once with all the mutants that are tried on it."""

    def __init__(self, worked: WorkedCase, book: Rulebook, mutants: Sequence[Mutant]) -> None:
        """Ground.

        Args:
            worked: The worked case.
            book: The rulebook as it is.
            mutants: Changes of one policy.
        """
        self._worked, self._book = worked, book
        self._case = case_from_mapping(worked.facts, book.vocabulary)
        self._policy = book.policies[mutants[0].policy]
        own = self._policy.folder / "rules.lp"
        self._variants = Variants(
            to_atoms(self._case, _with_all(book, mutants)),
            book,
            [path for path, _ in book.programs if path != own],
            "\n".join(_rules(self._policy, mutants)),
            _choices(book, mutants),
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
        variant = self._variants.under(_settings(mutant, self._book))
        differs = variant.shown != self._variants.as_it_is.shown
        names = {rule.id for rule in mutant.touched(self._policy)} | {mutant.key}
        reaches = not names.isdisjoint(variant.fires)
        if not differs and not self._states_reasons(lines):
            return Found(None, differs, reaches)
        book = mutant.applied(self._book)
        atoms = to_atoms(self._case, book)
        planner = self._planner(self._variants.derivation(variant, atoms, book))
        first = next(broken(self._worked, planner, lines), None)
        if first is not None:
            self._check_as_it_is(lines)
        return Found(first, differs, reaches)

    def _states_reasons(self, lines: Collection[str]) -> bool:
        refused = self._worked.expected.get("refused") or {}
        return any(stated and name.partition("/")[0] in lines for name, stated in refused.items())

    def _planner(self, derivation: Derivation) -> Planner:
        if self._as_it_is is None:
            as_it_is = self._variants.derivation(self._variants.as_it_is)
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


def _rules(policy: Policy, mutants: Sequence[Mutant]) -> Iterator[str]:
    """Yield a policy's rules and what mutants make of them, each behind the atom that sets it.

    Beside each rule whose meaning changes stands one that tells whether it applies.
    """
    changed = {rule.id for mutant in mutants for rule in mutant.before}
    asked = {rule.id for mutant in mutants for rule in mutant.touched(policy)}
    for rule in policy.rules:
        yield rule_text(rule, _guard(_KEPT, rule.id)) if rule.id in changed else rule_text(rule)
        if rule.id in asked:
            yield rule_text(replace(rule, head=_fires(rule.id)))
    for mutant in mutants:
        for rule in mutant.after:
            guard = _guard(_TRIED, mutant.key)
            yield rule_text(rule, guard)
            yield rule_text(replace(rule, head=_fires(mutant.key)), guard)


def _choices(book: Rulebook, mutants: Sequence[Mutant]) -> dict[Fact, bool]:
    """Return what mutants set, as it stands without them."""
    choices = {Fact(_KEPT, (rule.id,)): True for mutant in mutants for rule in mutant.before}
    for mutant in mutants:
        if mutant.number is not None:
            name = mutant.number.name
            choices[Fact("number", (name, book.numbers[name].value))] = True
            choices[_number(mutant)] = False
        elif mutant.after:
            choices[Fact(_TRIED, (mutant.key,))] = False
    return choices


def _fires(name: str) -> Atom:
    return Atom(FIRES, (Constant(name),))


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
