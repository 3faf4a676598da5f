"""Rules without what does not matter: names of variables, order of conditions, ways of writing.

Two rules of one normal form mean the same. Two rules that mean the same may still differ in form.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from policy_logic.logic.terms import Call, Constant, Literal, Variable, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policy_logic.logic.terms import Atom, Condition, Rule, Term

_ANYTHING: Final = "_"


def normal_forms(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Return rules by their normal form."""
    return {normal_form(rule): rule for rule in rules}


def normal_form(rule: Rule) -> str:
    """Return a text that is the same for rules that differ in ways of writing only.

    Variables are named by where they stand: what the rule says of each tells them apart, round by
    round. Where it does not, they can be exchanged, and either may come first.
    """
    names = dict.fromkeys(_variables(rule), "")
    while True:
        names = _told_apart(rule, names)
        shared = [name for name, times in Counter(names.values()).items() if times > 1]
        if not shared:
            break
        first = next(variable for variable, name in names.items() if name == min(shared))
        names[first] += "'"
    places = {name: f"V{place}" for place, name in enumerate(sorted(names.values()))}
    final = {variable: places[name] for variable, name in names.items()}
    body = sorted(_condition(condition, final) for condition in rule.body)
    return f"{_atom(rule.head, final)} :- {', '.join(body)}"


def _variables(rule: Rule) -> Iterator[str]:
    for terms in ([*rule.head.args], *map(_terms, rule.body)):
        for term in terms:
            yield from (name for name in variables(term) if not name.startswith(_ANYTHING))


def _terms(condition: Condition) -> list[Term]:
    if isinstance(condition, Literal):
        return list(condition.atom.args)
    return [condition.left, condition.right]


def _told_apart(rule: Rule, names: Mapping[str, str]) -> dict[str, str]:
    """Name variables by everything that is said of them, until that tells no more apart."""
    found = dict(names)
    count = len(set(found.values()))
    while True:
        said = {
            variable: (
                own,
                _atom(rule.head, {**found, variable: "!"}),
                sorted(
                    _condition(condition, {**found, variable: "!"})
                    for condition in rule.body
                    if any(variable in variables(term) for term in _terms(condition))
                ),
            )
            for variable, own in found.items()
        }
        order = {text: place for place, text in enumerate(sorted(set(map(repr, said.values()))))}
        found = {variable: f"{order[repr(text)]:04}" for variable, text in said.items()}
        if len(order) == count:
            return found
        count = len(order)


def _condition(condition: Condition, names: Mapping[str, str]) -> str:
    if isinstance(condition, Literal):
        return ("not " if condition.absent else "") + _atom(condition.atom, names)
    left, right = _term(condition.left, names), _term(condition.right, names)
    if condition.operator in {">", ">="}:
        return f"{right} {condition.operator.replace('>', '<')} {left}"
    if condition.operator in {"=", "!="}:
        left, right = sorted((left, right))
    return f"{left} {condition.operator} {right}"


def _atom(atom: Atom, names: Mapping[str, str]) -> str:
    return f"{atom.name}({', '.join(_term(term, names) for term in atom.args)})"


def _term(term: Term, names: Mapping[str, str]) -> str:
    if isinstance(term, Variable):
        return names.get(term.name, _ANYTHING)
    if isinstance(term, Constant):
        return repr(term.value)
    arguments = ", ".join(_term(argument, names) for argument in term.args)
    name = f"@{term.function}" if isinstance(term, Call) else term.name
    return f"{name}({arguments})"
