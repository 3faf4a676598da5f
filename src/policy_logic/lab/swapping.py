"""Two levels taken for each other: numbers of one rule, and names in neighbouring rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from policy_logic.lab.mutant import Mutant, names_in
from policy_logic.logic.terms import Atom, Call, Comparison, Constant, Literal, Pattern, Variable
from policy_logic.prove.showing import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.logic.terms import Condition, Rule, Term, Value
    from policy_logic.rulebook.policy import Policy


def swaps(policy: Policy) -> Iterator[Mutant]:
    """Yield the policy with two names in each other's place.

    Two rules are neighbours if they derive the same predicate and none between them does. If
    they are alike but for names, each pair of names changes places; if they are not, their
    numbers of one type do. In one rule, two numbers of one type do.
    """
    last: dict[tuple[str, int], Rule] = {}
    for rule in policy.rules:
        yield from _of_one(rule, policy)
        before = last.get(rule.head.signature)
        last[rule.head.signature] = rule
        if before is None:
            continue
        if _shape(before) == _shape(rule):
            yield from _of_alike(before, rule, policy)
        else:
            yield from _of_two(before, rule, policy)


def _of_one(rule: Rule, policy: Policy) -> Iterator[Mutant]:
    numbers = _numbers(rule, policy)
    for place, first in enumerate(numbers):
        for second in numbers[place + 1 :]:
            if _exchangeable(first, second, policy):
                changed = _renamed(rule, {first: second, second: first})
                yield _mutant((rule,), (changed,), (first, second))


def _of_two(before: Rule, rule: Rule, policy: Policy) -> Iterator[Mutant]:
    for first in _numbers(before, policy):
        for second in _numbers(rule, policy):
            if _exchangeable(first, second, policy):
                changed = _renamed(before, {first: second}), _renamed(rule, {second: first})
                yield _mutant((before, rule), changed, (first, second))


def _of_alike(before: Rule, rule: Rule, policy: Policy) -> Iterator[Mutant]:
    pairs = list(zip(_constants(before), _constants(rule), strict=True))
    apart = [place for place, (first, second) in enumerate(pairs) if first != second]
    if len(apart) < 2:
        return  # in each other's place, the two would say the same
    for place in apart:
        first, second = pairs[place]
        if {first, second} <= policy.numbers.keys() and not _exchangeable(
            str(first), str(second), policy
        ):
            continue  # one value by two names
        changed = _placed(before, place, second), _placed(rule, place, first)
        again = pairs[:place].count(pairs[place])
        yield _mutant((before, rule), changed, (first, second), again)


def _mutant(
    before: tuple[Rule, ...], after: tuple[Rule, ...], names: tuple[Value, Value], again: int = 0
) -> Mutant:
    first, second = map(written, names)
    about = f"{' & '.join(rule.id for rule in before)}: {first} <-> {second}"
    if again:
        about += f" ({again + 1})"
    rule = before[0]
    return Mutant("swap", rule.policy, about, before, after, None, rule.position)


def _numbers(rule: Rule, policy: Policy) -> list[str]:
    """Return the numbers that a rule asks for by name, each once."""
    asked = [
        c.atom.args[0].value
        for c in rule.body
        if isinstance(c, Literal)
        and c.atom.signature == ("number", 2)
        and isinstance(c.atom.args[0], Constant)
    ]
    return [name for name in dict.fromkeys(map(str, asked)) if name in policy.numbers]


def _exchangeable(first: str, second: str, policy: Policy) -> bool:
    """Return whether two numbers are of one type and differ, in value or as a cap of its own."""
    one, other = policy.numbers[first], policy.numbers[second]
    shared = {
        name
        for rule in policy.rules
        if rule.head.name in {"annual_cap", "annual_quota"}
        for name in names_in(rule)
    }
    return one.type == other.type and (
        one.value != other.value or not shared.isdisjoint((first, second))
    )


def _renamed(rule: Rule, names: dict[str, str]) -> Rule:
    """Return a rule that asks for other numbers."""
    body = tuple(
        replace(c, atom=Atom("number", (Constant(names[name]), *c.atom.args[1:])))
        if isinstance(c, Literal)
        and c.atom.signature == ("number", 2)
        and isinstance(c.atom.args[0], Constant)
        and (name := str(c.atom.args[0].value)) in names
        else c
        for c in rule.body
    )
    return replace(rule, body=body)


def _terms(rule: Rule) -> list[tuple[Term, ...]]:
    own: list[tuple[Term, ...]] = [rule.head.args]
    for condition in rule.body:
        if isinstance(condition, Comparison):
            own.append((condition.left, condition.right))
        else:
            own.append(condition.atom.args)
    return own


def _constants(rule: Rule) -> list[Value]:
    """Return the names of a rule, in the order written."""
    found: list[Value] = []

    def collect(term: Term) -> None:
        if isinstance(term, Constant) and isinstance(term.value, str):
            found.append(term.value)
        elif isinstance(term, (Pattern, Call)):
            for argument in term.args:
                collect(argument)

    for terms in _terms(rule):
        for term in terms:
            collect(term)
    return found


def _shape(rule: Rule) -> tuple[object, ...]:
    """Return what a rule says but for its names."""

    def shape(term: Term) -> object:
        if isinstance(term, Constant):
            return "name" if isinstance(term.value, str) else term.value
        if isinstance(term, Variable):
            return "_" if term.name.startswith("_") else ("variable", term.name)
        head = term.name if isinstance(term, Pattern) else f"@{term.function}"
        return (head, *map(shape, term.args))

    parts: list[object] = [rule.head.signature]
    for condition in rule.body:
        if isinstance(condition, Comparison):
            parts.append(condition.operator)
        else:
            parts += [condition.atom.name, condition.absent]
    return (*parts, *(tuple(map(shape, terms)) for terms in _terms(rule)))


def _placed(rule: Rule, place: int, name: Value) -> Rule:
    """Return a rule with another name at a place."""
    left = place

    def put(term: Term) -> Term:
        nonlocal left
        if isinstance(term, Constant) and isinstance(term.value, str):
            left -= 1
            return Constant(name) if left == -1 else term
        if isinstance(term, (Pattern, Call)):
            return replace(term, args=tuple([put(argument) for argument in term.args]))
        return term

    def put_all(terms: tuple[Term, ...]) -> tuple[Term, ...]:
        return tuple([put(term) for term in terms])

    head = Atom(rule.head.name, put_all(rule.head.args))
    body: list[Condition] = []
    for condition in rule.body:
        if isinstance(condition, Comparison):
            sides = put_all((condition.left, condition.right))
            body.append(replace(condition, left=sides[0], right=sides[1]))
        else:
            atom = Atom(condition.atom.name, put_all(condition.atom.args))
            body.append(replace(condition, atom=atom))
    return replace(rule, head=head, body=tuple(body))
