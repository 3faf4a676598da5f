"""Trying mutants on worked cases: which of them a case tells from the rules as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from policy_logic.decide.planning import Planner
from policy_logic.derive.atoms import to_atoms
from policy_logic.derive.variants import FIRES, Variants
from policy_logic.errors import Problem, RequestError
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.rule_text import rule_text, term_text
from policy_logic.lab.unifying import unified
from policy_logic.lab.worked import Mismatch, mismatches
from policy_logic.logic.terms import Atom, Constant, Fact, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from policy_logic.lab.mutant import Mutant
    from policy_logic.logic.terms import Rule
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

    broken: Mismatch | None
    differs: bool
    reaches: bool


class Trial:
    """Some worked cases, grounded once with all the mutants that are tried on them."""

    def __init__(
        self, worked: Sequence[WorkedCase], book: Rulebook, mutants: Sequence[Mutant]
    ) -> None:
        """Ground.

        Args:
            worked: The worked cases; those of one file differ little and are best tried together.
            book: The rulebook as it is.
            mutants: Changes of one policy.
        """
        self._worked, self._book = worked, book
        self._cases = [case_from_mapping(case.facts, book.vocabulary) for case in worked]
        self._policy = book.policies[mutants[0].policy]
        own = self._policy.folder / "rules.lp"
        self._changed = {mutant.key: mutant.applied(book) for mutant in mutants}
        asking = _with_all(book, mutants)
        atoms = [to_atoms(case, book) for case in self._cases]
        self._asked_besides = frozenset(
            fact
            for case, plain in zip(self._cases, atoms, strict=True)
            for fact in to_atoms(case, asking).origins.keys() - plain.origins.keys()
        )
        self._variants = Variants(
            atoms,
            book,
            [path for path, _ in book.programs if path != own],
            "\n".join(_rules(book, self._policy, mutants)),
            {**_choices(book, mutants), **dict.fromkeys(self._asked_besides, False)},
        )
        self._as_it_is: dict[int, Planner] = {}

    def found(self, case: int, mutant: Mutant, lines: Collection[str]) -> Found:
        """Return what becomes of a mutant.

        Args:
            case: The number of the case.
            mutant: One of those that were grounded.
            lines: The lines whose refusals could tell it, where nothing else does.

        Raises:
            RequestError: What the case states does not come out under the rules as they are.
        """
        worked = self._worked[case]
        book = self._changed[mutant.key]
        settings = _settings(mutant, self._book)
        if book.usage != self._book.usage:  # it asks of the case what no rule asked before
            given = to_atoms(self._cases[case], book).origins.keys()
            settings |= dict.fromkeys(self._asked_besides & given, True)
        variant = self._variants.under(case, settings)
        differs = variant.shown != self._variants.as_it_is(case).shown
        names = {rule.id for rule in mutant.touched(self._policy)} | {mutant.key}
        reaches = not names.isdisjoint(variant.fires)
        if not differs and not states_reasons(worked, lines):
            return Found(None, differs, reaches)
        for name in sorted(self._variants.claims_of_two_sums(variant)):
            if name in (worked.expected.get("claims") or {}):
                stated = worked.expected["claims"][name]
                return Found(Mismatch("claims", name, "", stated, "two sums"), differs, reaches)
        atoms = to_atoms(self._cases[case], book)
        as_it_is = self._planner(case)
        planner = as_it_is.of(self._variants.derivation(variant, atoms, book))
        first = next(mismatches(worked, planner, lines), None)
        if first is not None:
            _check(worked, next(mismatches(worked, as_it_is, lines), None))
        return Found(first, differs, reaches)

    def _planner(self, case: int) -> Planner:
        """Return a case as it is decided under the rules as they are."""
        if case not in self._as_it_is:
            derivation = self._variants.derivation(self._variants.as_it_is(case))
            planner = Planner(self._cases[case], self._book, derivation=derivation)
            self._as_it_is[case] = planner
        return self._as_it_is[case]


def states_reasons(worked: WorkedCase, lines: Collection[str]) -> bool:
    """Return whether a worked case says why one of some lines is refused."""
    refused = worked.expected.get("refused") or {}
    return any(stated and name.partition("/")[0] in lines for name, stated in refused.items())


def _check(worked: WorkedCase, fault: Mismatch | None) -> None:
    """Raise unless all that a worked case states comes out."""
    if fault is not None:
        details: dict[str, object] = {
            "case": worked.id,
            "section": fault.section,
            "name": fault.name,
            "stated": fault.expected,
            "found": fault.found,
        }
        raise RequestError([Problem("request.worked_case_fails", None, details)])


def _rules(book: Rulebook, policy: Policy, mutants: Sequence[Mutant]) -> Iterator[str]:
    """Yield a policy's rules and what mutants make of them, each behind the atom that sets it.

    Beside each rule whose meaning changes stands one that tells whether it applies.
    """
    changed = {rule.id for mutant in mutants for rule in mutant.before}
    asked = {rule.id for mutant in mutants for rule in mutant.touched(policy)}
    for rule in policy.rules:
        yield rule_text(rule, _guard(_KEPT, rule.id)) if rule.id in changed else rule_text(rule)
        if rule.id in asked:
            yield from _applications(rule, rule.id, book)
    for mutant in mutants:
        for rule in mutant.after:
            guard = _guard(_TRIED, mutant.key)
            yield rule_text(rule, guard)
            yield from _applications(rule, mutant.key, book, guard)


def _applications(rule: Rule, name: str, book: Rulebook, *guards: str) -> Iterator[str]:
    """Yield rules that tell whether a rule applies; a row of a table, whether a rule takes it."""
    fires = Atom(FIRES, (Constant(name),))
    if rule.body:
        yield rule_text(replace(rule, head=fires), *guards)
        return
    for user in book.rules:
        for place, condition in enumerate(user.body):
            if isinstance(condition, Literal) and condition.atom.signature == rule.head.signature:
                bound = unified(condition.atom.args, rule.head.args, {})
                if bound is not None and not condition.absent:
                    body = (*user.body[:place], *user.body[place + 1 :])
                    same = [f"{n} = {term_text(t)}" for n, t in bound.items() if n[0] != "_"]
                    yield rule_text(replace(user, head=fires, body=body), *same, *guards)


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


def _guard(name: str, argument: str) -> str:
    return f'{name}("{argument}")'


def _number(mutant: Mutant) -> Fact:
    assert mutant.number is not None  # noqa: S101 - asked of changed numbers only
    return Fact("number", (mutant.number.name, mutant.number.value))


def _settings(mutant: Mutant, book: Rulebook) -> dict[Fact, bool]:
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
