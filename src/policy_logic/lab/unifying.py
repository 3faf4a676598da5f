"""Making terms with variables equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Compound,
    Constant,
    Pattern,
    Rule,
    Term,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Bound: TypeAlias = "Mapping[str, Term]"


def unified(first: Sequence[Term], second: Sequence[Term], bound: Bound) -> Bound | None:
    """Return what makes two rows of terms equal, ``None`` if nothing can.

    Calculations are equal where they are written alike; else whether they are is not known, and
    they are left as they stand.
    """
    now: dict[str, Term] = dict(bound)
    open_pairs = list(zip(first, second, strict=True))
    while open_pairs:
        one, other = (substituted(term, now) for term in open_pairs.pop())
        if one == other or isinstance(one, Call) or isinstance(other, Call):
            continue
        if isinstance(one, Variable) or isinstance(other, Variable):
            name, term = (
                (one.name, other) if isinstance(one, Variable) else (other.name, one)  # type: ignore[union-attr]
            )
            now = {known: substituted(value, {name: term}) for known, value in now.items()}
            now[name] = term
            continue
        one, other = _opened(one), _opened(other)
        if not (isinstance(one, Pattern) and isinstance(other, Pattern)):
            return None
        if (one.name, len(one.args)) != (other.name, len(other.args)):
            return None
        open_pairs += zip(one.args, other.args, strict=True)
    return now


def _opened(term: Term) -> Term:
    """Return a value with arguments as a term with arguments."""
    if isinstance(term, Constant) and isinstance(term.value, Compound) and term.value.args:
        return Pattern(term.value.name, tuple(Constant(value) for value in term.value.args))
    return term


def substituted(term: Term, bound: Bound) -> Term:
    """Return a term with its variables replaced."""
    if isinstance(term, Variable):
        return bound.get(term.name, term)
    if isinstance(term, (Pattern, Call)):
        return replace(term, args=tuple(substituted(argument, bound) for argument in term.args))
    return term


def renamed(rule: Rule, number: int) -> Rule:
    """Return a rule whose variables no other rule shares."""

    def new(term: Term) -> Term:
        if isinstance(term, Variable):
            return Variable(f"{term.name}~{number}")
        if isinstance(term, (Pattern, Call)):
            return replace(term, args=tuple(new(argument) for argument in term.args))
        return term

    def new_atom(atom: Atom) -> Atom:
        return Atom(atom.name, tuple(new(term) for term in atom.args))

    body = tuple(
        replace(c, left=new(c.left), right=new(c.right))
        if isinstance(c, Comparison)
        else replace(c, atom=new_atom(c.atom))
        for c in rule.body
    )
    return replace(rule, head=new_atom(rule.head), body=body)
