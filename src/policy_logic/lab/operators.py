"""The changes that are tried on a policy: each is a mistake that a drafter could make."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.lab.mutant import EXCLUDING, Mutant
from policy_logic.lab.rule_text import condition_text, rule_text
from policy_logic.lab.swapping import swaps
from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Condition,
    Constant,
    Literal,
    Pattern,
    Rule,
    Term,
    Variable,
    variables,
)
from policy_logic.prove.showing import show
from policy_logic.rulebook.signatures import GIVEN, attribute_signature, attribute_signatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.rulebook.policy import Number, Policy, Rulebook
    from policy_logic.rulebook.signatures import Signature

_BOUND: Final = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
_OPPOSITE: Final = {">=": "<", "<": ">=", "<=": ">", ">": "<=", "=": "!=", "!=": "="}
_ROUNDING: Final = {"portion": "portion_up", "portion_up": "portion"}
_POINT: Final = Decimal("0.01")
_NOTHING: Final = "nothing"


def mutants(book: Rulebook, policy: Policy) -> Iterator[Mutant]:
    """Yield every change of a policy, in the order of its rules, then of its numbers.

    What two changes make of the rules is never the same, and never what stood there.
    """
    seen: set[tuple[str, ...]] = set()
    for found in (*_of_rules(book, policy), *_of_numbers(policy)):
        if found.number is None:
            result = tuple(sorted(map(rule_text, found.after)))
            same = result == tuple(sorted(map(rule_text, found.before)))
            mark = (*sorted(rule.id for rule in found.before), *result)
            if same or mark in seen:
                continue
            seen.add(mark)
        yield found


def _of_rules(book: Rulebook, policy: Policy) -> Iterator[Mutant]:
    asked = _Asked.of(book)
    excluding = _excluding(policy)
    for rule in policy.rules:
        excludes = rule.id in excluding
        for index, condition in enumerate(rule.body):
            was = condition_text(condition)
            yield _changed("reach" if excludes else "drop", rule, index, None, was)
            for operator, new in _instead(condition, rule, asked):
                yield _changed(operator, rule, index, new, was)
        about = f"{rule.id} -> {_NOTHING}"
        operator = "exclusion" if excludes else "rule"
        yield Mutant(operator, policy.id, about, (rule,), (), None, rule.position)
    yield from swaps(policy)


def _excluding(policy: Policy) -> set[str]:
    """Return the rules that only say what may not stand beside what."""
    users: dict[tuple[str, int], set[str]] = {}
    for rule in policy.rules:
        for condition in rule.body:
            if isinstance(condition, Literal):
                users.setdefault(condition.atom.signature, set()).add(rule.id)
    found = {rule.id for rule in policy.rules if rule.head.name in EXCLUDING}
    grown = True
    while grown:
        more = {
            rule.id
            for rule in policy.rules
            if (used_by := users.get(rule.head.signature)) and used_by <= found
        }
        grown = not more <= found
        found |= more
    return found


class _Asked(NamedTuple):
    """What conditions may ask for: attributes, those that can be denied, and values of readings."""

    attributes: frozenset[Signature]
    deniable: frozenset[Signature]
    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, book: Rulebook) -> _Asked:
        return cls(
            frozenset(attribute_signatures(book.vocabulary)),
            frozenset(
                attribute_signature(attribute)[0]
                for attribute in book.vocabulary.attributes.values()
                if attribute.type in {"bool", "set"}
            ),
            {name: tuple(reading.values) for name, reading in book.readings.items()},
        )


def _instead(condition: Condition, rule: Rule, asked: _Asked) -> Iterator[tuple[str, Condition]]:
    """Yield what could stand in the place of a condition, each with its operator."""
    if isinstance(condition, Comparison):
        yield from _instead_of_comparison(condition, rule)
        return
    negated = _negated(condition, asked)
    if negated is not None:
        yield "negate", negated
    atom = condition.atom
    if atom.signature == ("reading", 2):
        name, value = (str(term.value) for term in atom.args if isinstance(term, Constant))
        for other in asked.values[name]:
            if other != value:
                args = (atom.args[0], Constant(other))
                yield "reading", replace(condition, atom=Atom(atom.name, args))


def _instead_of_comparison(condition: Comparison, rule: Rule) -> Iterator[tuple[str, Condition]]:
    if condition.operator in _BOUND:
        yield "bound", replace(condition, operator=_BOUND[condition.operator])
    if condition.operator != "=" or not _gives_a_value(condition, rule):
        yield "opposite", replace(condition, operator=_OPPOSITE[condition.operator])
    for operator, left in _calculations(condition.left):
        yield operator, replace(condition, left=left)
    for operator, right in _calculations(condition.right):
        yield operator, replace(condition, right=right)


def _negated(condition: Literal, asked: _Asked) -> Literal | None:
    """Return the opposite of a condition: of what a case states, that it is known not to hold."""
    atom, signature = condition.atom, condition.atom.signature
    if condition.absent:
        return replace(condition, absent=False)
    if signature in asked.deniable:
        name = atom.name.removeprefix("-") if atom.name.startswith("-") else f"-{atom.name}"
        return replace(condition, atom=Atom(name, atom.args))
    if signature in asked.attributes or signature in GIVEN:
        return None
    return replace(condition, absent=True)


def _gives_a_value(condition: Comparison, rule: Rule) -> bool:
    """Return whether ``=`` gives a variable its value rather than comparing two."""
    known = {
        name
        for other in rule.body
        if isinstance(other, Literal) and not other.absent
        for term in other.atom.args
        for name in variables(term)
    }
    return not {*variables(condition.left), *variables(condition.right)} <= known


def _calculations(term: Term) -> Iterator[tuple[str, Term]]:
    """Yield a calculation without a cap, or rounded the other way, at any depth."""
    if not isinstance(term, Call):
        return
    if term.function == "at_most":
        for argument in term.args:
            yield "cap", argument
    if term.function in _ROUNDING:
        yield "rounding", replace(term, function=_ROUNDING[term.function])
    for index, argument in enumerate(term.args):
        for operator, new in _calculations(argument):
            yield operator, replace(term, args=(*term.args[:index], new, *term.args[index + 1 :]))


def _changed(operator: str, rule: Rule, index: int, new: Condition | None, was: str) -> Mutant:
    body = (*rule.body[:index], *(() if new is None else (new,)), *rule.body[index + 1 :])
    about = f"{rule.id}: {was} -> {_NOTHING if new is None else condition_text(new)}"
    changed = _in_order(tidied(replace(rule, body=body)))
    where = rule.body[index].position
    return Mutant(operator, rule.policy, about, (rule,), (changed,), None, where)


def tidied(rule: Rule) -> Rule:
    """Return a rule without variables that have become the only ones of their name.

    So a change is judged by what it does, not by what it leaves lying about: such a variable is
    no longer named, and a calculation whose result nothing uses is left out.
    """
    terms = [*rule.head.args, *(term for c in rule.body for term in _terms(c))]
    times = Counter(name for term in terms for name in variables(term))
    in_head = {name for term in rule.head.args for name in variables(term)}
    single = {name for name, count in times.items() if count == 1 and name not in in_head}
    if single.isdisjoint(name for name in times if not name.startswith("_")):
        return rule
    body = tuple(
        _without_names(condition, single)
        for condition in rule.body
        if not _only_computes(condition, single)
    )
    return tidied(replace(rule, body=body))


def _in_order(rule: Rule) -> Rule:
    """Return a rule in which every comparison and every ``not`` follows what gives it values.

    Proofs follow conditions in the order written.
    """
    known: set[str] = set()
    body: list[Condition] = []
    waiting = list(rule.body)
    while waiting:
        ready = next((c for c in waiting if _is_ready(c, known)), waiting[0])
        waiting.remove(ready)
        body.append(ready)
        known.update(name for term in _terms(ready) for name in variables(term))
    return replace(rule, body=tuple(body))


def _is_ready(condition: Condition, known: set[str]) -> bool:
    if isinstance(condition, Literal) and not condition.absent:
        return True
    asked = [{*variables(term)} - known for term in _terms(condition)]
    if isinstance(condition, Comparison) and condition.operator == "=":
        return not all(asked)
    return not any(name for names in asked for name in names if not name.startswith("_"))


def _terms(condition: Condition) -> tuple[Term, ...]:
    if isinstance(condition, Comparison):
        return condition.left, condition.right
    return condition.atom.args


def _only_computes(condition: Condition, single: set[str]) -> bool:
    return (
        isinstance(condition, Comparison)
        and condition.operator == "="
        and isinstance(condition.left, Variable)
        and condition.left.name in single
    )


def _without_names(condition: Condition, single: set[str]) -> Condition:
    if isinstance(condition, Comparison):
        left, right = (_unnamed(term, single) for term in _terms(condition))
        return replace(condition, left=left, right=right)
    args = tuple(_unnamed(term, single) for term in condition.atom.args)
    return replace(condition, atom=Atom(condition.atom.name, args))


def _unnamed(term: Term, single: set[str]) -> Term:
    if isinstance(term, Variable):
        return Variable(f"_{term.name}") if term.name in single else term
    if isinstance(term, (Pattern, Call)):
        return replace(term, args=tuple(_unnamed(argument, single) for argument in term.args))
    return term


def _of_numbers(policy: Policy) -> Iterator[Mutant]:
    for number in policy.numbers.values():
        for operator, value in _values(number):
            shown = f"{show(number.value)} -> {show(value)}"
            changed = replace(number, value=value)
            about = f"{number.name}: {shown}"
            yield Mutant(operator, policy.id, about, (), (), changed, number.position)


def _values(number: Number) -> Iterator[tuple[str, int | Decimal]]:
    value = number.value
    if isinstance(value, Decimal):
        yield from (("rate", v) for v in (value - _POINT, value + _POINT) if 0 <= v <= 1)
        return
    yield from (("step", v) for v in (value - 1, value + 1) if v >= 0)
    yield from (("tenfold", v) for v in (value // 10, value * 10) if v and v != value)
