"""Rules without what does not matter: names of variables, order of conditions, ways of writing.

Two rules of one normal form mean the same. Two rules that mean the same may still differ in form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy_logic.logic.terms import Call, Constant, Literal, Variable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policy_logic.logic.terms import Atom, Condition, Rule, Term

_TURNED: Final = {">": "<", ">=": "<=", "=": "=", "!=": "!="}


def normal_form(rule: Rule) -> str:
    """Return a text that is the same for rules that differ in ways of writing only."""
    names: dict[str, str] = {}
    head = _atom(rule.head, names)
    left, body = list(rule.body), []
    while left:
        first = min(
            left, key=lambda condition: (_shape(condition, names), rule.body.index(condition))
        )
        left.remove(first)
        body.append(_condition(first, names))
    return f"{head} :- {', '.join(sorted(body))}"


def normal_forms(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Return rules by their normal form."""
    return {normal_form(rule): rule for rule in rules}


def _shape(condition: Condition, names: dict[str, str]) -> str:
    """Return how a condition looks while variables without a name yet look alike."""
    known = dict(names)
    return _condition(condition, known, open_name="?")


def _condition(condition: Condition, names: dict[str, str], open_name: str = "") -> str:
    if isinstance(condition, Literal):
        return ("not " if condition.absent else "") + _atom(condition.atom, names, open_name)
    left, right = (_term(term, names, open_name) for term in (condition.left, condition.right))
    if condition.operator in {">", ">="}:
        return f"{right} {_TURNED[condition.operator]} {left}"
    if condition.operator in {"=", "!="}:
        left, right = sorted((left, right))
    return f"{left} {condition.operator} {right}"


def _atom(atom: Atom, names: dict[str, str], open_name: str = "") -> str:
    return f"{atom.name}({', '.join(_term(term, names, open_name) for term in atom.args)})"


def _term(term: Term, names: dict[str, str], open_name: str) -> str:
    if isinstance(term, Variable):
        if term.name.startswith("_"):
            return "_"
        if open_name and term.name not in names:
            return open_name
        return names.setdefault(term.name, f"V{len(names)}")
    if isinstance(term, Constant):
        return repr(term.value)
    arguments = ", ".join(_term(argument, names, open_name) for argument in term.args)
    return (
        f"@{term.function}({arguments})" if isinstance(term, Call) else f"{term.name}({arguments})"
    )
