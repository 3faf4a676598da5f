"""Why not: every condition that fails, with its distance, and every fact that is not known.

A rule's conditions are followed past the first one that does not hold, with whatever is known
by then; what rests on an open value is left undecided rather than called false.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from policy_logic.logic.terms import Comparison, Fact, Literal, Rule, Value, variables
from policy_logic.prove.given import GivenConditions
from policy_logic.prove.matching import (
    HOLE,
    Bindings,
    Step,
    evaluate,
    has_hole,
    match,
    match_all,
    solve_comparison,
)
from policy_logic.prove.refusal import Attempt, Failed, Reason, Refusal
from policy_logic.prove.ways import Branch, merge
from policy_logic.rulebook.signatures import GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.prove.why import Explainer


class Refuser:
    """Refusals over one derivation; what two refusals share is built once.

    Of a rule's ways to hold a reader is told the one that misses least; with ``every_way`` each
    of them is an attempt of its own, since a way that misses more may yet be the one to take.
    """

    def __init__(self, explainer: Explainer, *, every_way: bool = False) -> None:
        self._explainer, self._every_way = explainer, every_way
        self._given = GivenConditions(explainer.derivation)
        self._known: dict[Fact, tuple[Refusal, Fact]] = {}

    def why_not(self, atom: Fact) -> Refusal:
        """Return why an atom does not hold; its open values may be holes."""
        return self._refusal(atom)[0]

    def _refusal(self, atom: Fact) -> tuple[Refusal, Fact]:
        """Return the refusal, and the atom with its holes filled as far as the rules tell."""
        known = self._known.get(atom)
        if known is not None:
            return known
        attempts: list[Attempt] = []
        gates: list[Attempt] = []
        filled = atom
        first = atom.args[0] if atom.args else None
        line = first if isinstance(first, str) else None
        book = self._explainer.derivation.book
        for rule in book.rules_for((atom.name, len(atom.args)), line):
            bindings = match_all(rule.head.args, atom.args, {})
            if bindings is None:
                continue
            for attempt, after in self._attempts(rule, bindings):
                (gates if attempt.is_gate else attempts).append(attempt)
                if not attempt.is_gate and filled == atom:
                    args = tuple(evaluate(term, after) for term in rule.head.args)
                    filled = Fact(atom.name, args)
        found = Refusal(atom, tuple(attempts or gates)), filled
        self._known[atom] = found
        return found

    def _attempts(self, rule: Rule, bindings: Bindings) -> Iterator[tuple[Attempt, Bindings]]:
        """Follow a rule's conditions; yield the way that misses least, or every way."""
        branches: list[Branch] = [(bindings, (), 0)]
        for index, condition in enumerate(rule.body):
            branches = [
                after
                for branch in branches
                for after in self._follow(rule, index, condition, branch)
            ]
            if all(_closed(branch) for branch in branches):
                break
        if not self._every_way:
            branches = [min(merge(branches, self._given.nothing_given), key=_misses)]
        for found, unmet, met in branches:
            named = tuple(
                (n, v) for n, v in found.items() if not n.startswith("_") and not has_hole(v)
            )
            yield Attempt(rule, named, tuple(reason for _, reason in unmet), met), found

    def _follow(
        self, rule: Rule, index: int, condition: Literal | Comparison, branch: Branch
    ) -> list[Branch]:
        bindings, unmet, met = branch
        if isinstance(condition, Comparison):
            return [self._compare(rule, index, condition, branch)]
        args = tuple(evaluate(term, bindings) for term in condition.atom.args)
        derived = (condition.atom.name, len(args)) in self._explainer.rules
        found: list[Bindings] = []
        if not self._rests_on_unmet(rule, condition, branch, derived=derived):
            found = list(self._explainer.model.find(condition.atom, bindings))
        if condition.absent:
            if not found:
                failed = self._given.failed_review(rule, condition, args)
                if failed is not None:
                    return [(bindings, (*unmet, (index, failed)), met)]
                return [(bindings, unmet, met + 1)]
            if all(has_hole(argument) for argument in args):
                return [branch]
            holds = tuple(evaluate(term, found[0]) for term in condition.atom.args)
            proof = self._explainer.why(Fact(condition.atom.name, holds))
            reasons = self._given.present(rule, condition, proof)
            return [(bindings, (*unmet, *((index, r) for r in reasons)), met)]
        if found:
            return [(after, unmet, met + 1) for after in found]
        if derived:
            return [self._not_derived(rule, index, condition, branch)]
        given = self._given.why_not(rule, condition, args)
        return [(bindings, (*unmet, *((index, r) for r in given)), met)]

    def _not_derived(self, rule: Rule, index: int, condition: Literal, branch: Branch) -> Branch:
        """Follow a condition on what no rule derives, into why none does."""
        bindings, unmet, met = branch
        args = tuple(evaluate(term, bindings) for term in condition.atom.args)
        if self._is_about_nobody_known(rule, condition, unmet, args):
            return branch
        refusal, filled = self._refusal(Fact(condition.atom.name, args))
        after = match_all(condition.atom.args, filled.args, bindings) or bindings
        if not refusal.attempts:
            return after, (*unmet, (index, self._given.gate(rule, condition))), met
        return after, (*unmet, (index, refusal)), met

    def _rests_on_unmet(
        self, rule: Rule, condition: Literal, branch: Branch, *, derived: bool
    ) -> bool:
        """Return whether a condition's open values hang on a condition that does not hold.

        Then any atom that happens to fit would say nothing about the case in question.
        """
        bindings, unmet, _ = branch
        open_terms = [t for t in condition.atom.args if has_hole(evaluate(t, bindings))]
        if not derived and any(evaluate(t, bindings) != HOLE for t in open_terms):
            return True
        asked = {name for term in open_terms for name in variables(term)}
        if condition.atom.signature in GIVEN and condition.atom.name != "as_of":
            asked_for = {name for term in rule.head.args for name in variables(term)}
            if asked & asked_for:
                return True
        return bool(asked & _unmet_variables(rule, unmet))

    def _is_about_nobody_known(
        self,
        rule: Rule,
        condition: Literal,
        unmet: tuple[tuple[int, Reason], ...],
        args: tuple[Value, ...],
    ) -> bool:
        """Return whether a condition is about an entity that nothing tells, so says nothing."""
        types = self._explainer.derivation.book.types.get(condition.atom.signature, ())
        missing = _unmet_variables(rule, unmet)
        return any(
            kind == "entity" and has_hole(value) and not missing.isdisjoint(variables(term))
            for kind, value, term in zip(types, args, condition.atom.args, strict=False)
        )

    def _compare(self, rule: Rule, index: int, condition: Comparison, branch: Branch) -> Branch:
        bindings, unmet, met = branch
        steps: list[Step] = []
        outcome = solve_comparison(condition, bindings, steps)
        if outcome is True:
            return bindings, unmet, met + 1
        if outcome is not False:
            return outcome, unmet, met + 1
        left = evaluate(condition.left, bindings)
        right = evaluate(condition.right, bindings)
        if has_hole(left) or has_hole(right):
            return _fill(condition, left, right, bindings), unmet, met
        asked = {*variables(condition.left), *variables(condition.right)}
        reason = self._given.failed_comparison(rule, condition, bindings, tuple(steps))
        if asked & _unmet_variables(rule, unmet):
            reason = replace(reason, is_consequence=True)
        return bindings, (*unmet, (index, reason)), met


def _unmet_variables(rule: Rule, unmet: tuple[tuple[int, Reason], ...]) -> set[str]:
    """Return the variables of the conditions on atoms that do not hold."""
    return {
        name
        for place, _ in unmet
        if isinstance(earlier := rule.body[place], Literal)
        for term in earlier.atom.args
        for name in variables(term)
    }


def _fill(condition: Comparison, left: Value, right: Value, bindings: Bindings) -> Bindings:
    """Learn from ``=`` what it tells about open values, without deciding it."""
    if condition.operator != "=":
        return bindings
    return (
        match(condition.left, right, bindings) or match(condition.right, left, bindings) or bindings
    )


def _closed(branch: Branch) -> bool:
    return any(isinstance(reason, Failed) and reason.is_gate for _, reason in branch[1])


def _misses(branch: Branch) -> tuple[int, int, int]:
    _, unmet, met = branch
    reasons = [reason for _, reason in unmet]
    fails = sum(isinstance(r, Failed) or (isinstance(r, Refusal) and r.fails) for r in reasons)
    return (fails, len(reasons), -met)
