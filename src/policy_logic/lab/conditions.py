"""Which conditions of a rule can fail by themselves; only these can be missed.

What cannot: what a policy itself states (its numbers, its lines), the day of the case, a
calculation, a name given to the parts of a claim, the entity a rule speaks of, and what another
condition of the rule has proved already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Constant,
    Literal,
    Pattern,
    Variable,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.logic.terms import Condition, Rule, Term
    from policy_logic.rulebook.policy import Rulebook

STATED: Final = frozenset(
    {
        *(("line", 2), ("article", 2), ("policy_in", 2), ("per", 2), ("determinacy", 2)),
        *(("review_required", 1), ("counts_by_year", 1), ("matter", 2), ("role", 3)),
        *(("pays_for_trigger", 1), ("number", 2)),
    }
)
_EVERYBODY: Final = frozenset({("entity", 2), ("applicant", 1), ("as_of", 1)})


def can_fail(rule: Rule, place: int, book: Rulebook) -> bool:
    """Return whether a condition of a rule can fail while the others hold."""
    condition = rule.body[place]
    others = [c for i, c in enumerate(rule.body) if i != place]
    if isinstance(condition, Comparison):
        return not _is_naming(condition, others)
    if condition.absent:
        return True
    atom = condition.atom
    if atom.signature in STATED:
        return False
    own = _names(atom).difference(name for other in others for name in _given(other))
    if own == _names(atom) and (atom.signature in _EVERYBODY or _has_rows(atom, book)):
        return False
    return not any(
        _proves(other.atom, atom, own, rule.policy, book)
        for other in others
        if isinstance(other, Literal) and not other.absent
    )


def _is_naming(comparison: Comparison, others: list[Condition]) -> bool:
    """Return whether ``=`` calculates, or only names the parts of a value."""
    if comparison.operator != "=":
        return False
    sides = comparison.left, comparison.right
    if any(isinstance(side, Call) for side in sides):
        return True
    elsewhere = {name for other in others for name in _given(other)}
    return any(
        isinstance(side, Pattern) and elsewhere.isdisjoint(variables(side)) for side in sides
    )


def _given(condition: Condition) -> Iterator[str]:
    """Yield the variables of a condition that gives them values, or that joins them."""
    terms: tuple[Term, ...]
    if isinstance(condition, Comparison):
        terms = (condition.left, condition.right) if condition.operator == "=" else ()
    else:
        terms = () if condition.absent else condition.atom.args
    for term in terms:
        if not isinstance(term, Call):
            yield from variables(term)


def _names(atom: Atom) -> set[str]:
    return {name for term in atom.args for name in variables(term)}


def _has_rows(atom: Atom, book: Rulebook) -> bool:
    """Return whether an atom asks for any row of a table."""
    is_any = all(isinstance(term, Variable) for term in atom.args)
    return is_any and any(
        rule.head.name == atom.name and rule.head.signature == atom.signature and not rule.body
        for rule in book.rules
    )


def _proves(known: Atom, asked: Atom, own: set[str], policy: str, book: Rulebook) -> bool:
    """Return whether one condition proves another: by its date, or by its own rules.

    By its rules it does where every rule that may derive it asks for the same; the variables in
    ``own`` may stand for anything, since only the condition proved gives them values.
    """
    if any(
        attribute.name == known.name
        and attribute.implies == asked.name
        and known.args[: len(asked.args)] == asked.args
        for attribute in book.vocabulary.attributes.values()
    ):
        return True
    rules = [
        (rule, taken)
        for rule in book.rules
        if rule.policy in {"", policy}
        and rule.head.name == known.name
        and (taken := _taken(rule.head, known)) is not None
        and _may_apply(rule, taken, book)
    ]
    return bool(rules) and all(_asks(rule, taken, asked, own) for rule, taken in rules)


def _taken(head: Atom, asked: Atom) -> Mapping[str, Term] | None:
    """Return what the variables of a head stand for; ``None`` if it derives no such atom."""
    if head.signature != asked.signature:
        return None
    found: dict[str, Term] = {}
    pairs = list(zip(head.args, asked.args, strict=True))
    while pairs:
        own, wanted = pairs.pop()
        if isinstance(own, Variable):
            found[own.name] = wanted
        elif isinstance(own, Pattern) and isinstance(wanted, Pattern):
            if own.name != wanted.name:
                return None
            pairs += zip(own.args, wanted.args, strict=True)
        elif own != wanted and not isinstance(wanted, Variable):
            return None
    return found


def _may_apply(rule: Rule, taken: Mapping[str, Term], book: Rulebook) -> bool:
    """Return whether the tables that a rule asks have rows for what its head stands for."""

    def may_be(term: Term, stated: Term) -> bool:
        wanted = taken.get(term.name, term) if isinstance(term, Variable) else term
        return not isinstance(wanted, Constant) or wanted == stated

    for condition in rule.body:
        if isinstance(condition, Literal) and not condition.absent:
            atom = condition.atom
            deriving = [r for r in book.rules if r.head.signature == atom.signature]
            is_table = bool(deriving) and not any(r.body for r in deriving)
            if is_table and not any(all(map(may_be, atom.args, r.head.args)) for r in deriving):
                return False
    return True


def _asks(rule: Rule, taken: Mapping[str, Term], asked: Atom, own: set[str]) -> bool:
    """Return whether a rule asks for an atom, its head's variables being taken for something.

    A variable of the rule's own stands for the same as one of that name in the atom: ``Year'`` is
    the year before in both.
    """

    def is_met(term: Term, wanted: Term) -> bool:
        if isinstance(term, Variable) and term.name in taken:
            return taken[term.name] == wanted
        return term == wanted or (isinstance(wanted, Variable) and wanted.name in own)

    return any(
        isinstance(condition, Literal)
        and not condition.absent
        and condition.atom.name == asked.name
        and condition.atom.signature == asked.signature
        and all(map(is_met, condition.atom.args, asked.args))
        for condition in rule.body
    )
