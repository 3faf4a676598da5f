"""Which figures are achievements: what a line asks for at least, or pays by.

Read from the rules: a figure pushes a line up where it stands on the greater side of a comparison
or in the amount, and down on the lesser side, where it is subtracted or divided by, and behind
``not``. An achievement only pushes up. A number that bounds it from above counts for neither:
that is how steps are written, and whether a higher step pays less is what has to be found out.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.logic.terms import Call, Comparison, Constant, Literal, Variable, variables
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Atom, Rule, Term
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.rulebook.signatures import Signature

Side: TypeAlias = frozenset[int]
Node: TypeAlias = tuple["Signature", str | None]

_FIGURES: Final = frozenset({"money", "usd", "integer", "share"})
_NEITHER: Final[Side] = frozenset()
_BOTH: Final[Side] = frozenset({1, -1})
_SECOND_FALLS: Final = frozenset({"minus", "wholes"})
_GREATER: Final = frozenset({">", ">="})
_LESSER: Final = frozenset({"<", "<="})


def achievements(book: Rulebook) -> dict[Attribute, tuple[str, ...]]:
    """Return the figures that are achievements, each with the lines for which it is one."""
    found: dict[Attribute, tuple[str, ...]] = {}
    for attribute in book.vocabulary.attributes.values():
        used = any(line in book.lines for line in attribute.lines)
        lines = _lines_pushed(book, attribute) if used and attribute.type in _FIGURES else ()
        if lines:
            found[attribute] = lines
    return found


def _lines_pushed(book: Rulebook, attribute: Attribute) -> tuple[str, ...]:
    """Return the lines that a figure only pushes up."""
    sides: dict[Node, Side] = defaultdict(lambda: _NEITHER)
    own = {attribute_signature(attribute)[0]}
    own |= {signature for signature, _ in summary_signatures(attribute).values()}
    rules = [rule for rule in book.rules if rule.policy]
    grown = True
    while grown:
        grown = False
        for rule in rules:
            node = _node(rule.head, book)
            side = sides[node] | _side_of(rule, sides, own, book)
            grown |= side != sides[node]
            sides[node] = side
    outputs: tuple[Signature, ...] = (("eligible", 3), ("amount", 4))
    return tuple(
        line
        for line in book.lines
        if frozenset().union(*(sides[output, line] for output in outputs)) == {1}
    )


def _node(atom: Atom, book: Rulebook) -> Node:
    """Return what a rule speaks of: a predicate, and the line it names first, if it names one."""
    first = atom.args[0] if atom.args else None
    line = first.value if isinstance(first, Constant) and first.value in book.lines else None
    return atom.signature, str(line) if line is not None else None


def _side_of(rule: Rule, sides: Mapping[Node, Side], own: set[Signature], book: Rulebook) -> Side:
    """Return which way a figure pushes what a rule derives."""
    held, values = _NEITHER, dict[str, Side]()
    for condition in rule.body:
        if not isinstance(condition, Literal):
            continue
        atom = condition.atom
        side = frozenset({1}) if atom.signature in own else sides[_node(atom, book)]
        if atom.signature not in own:
            held |= _turned(side) if condition.absent else side
        last = atom.args[-1] if atom.args else None
        if side and isinstance(last, Variable) and not condition.absent:
            values[last.name] = values.get(last.name, _NEITHER) | side
    given, numbers = _given(rule)
    for condition in rule.body:
        if isinstance(condition, Comparison):
            held |= _compared(condition, values, given, numbers)
    for term in rule.head.args:
        held |= _pushed(term, values)
    return held


def _given(rule: Rule) -> tuple[set[str], set[str]]:
    """Return the variables that a condition gives, and those that come from numbers alone."""
    given: set[str] = set()
    numbers: set[str] = set()
    for condition in rule.body:
        if isinstance(condition, Literal) and not condition.absent:
            names = {name for term in condition.atom.args for name in variables(term)}
            given |= names
            numbers |= names if condition.atom.name == "number" else set()
    for condition in rule.body:
        if isinstance(condition, Comparison) and condition.operator == "=":
            target = condition.left
            if isinstance(target, Variable) and numbers.issuperset(variables(condition.right)):
                numbers.add(target.name)
    return given, numbers


def _compared(
    comparison: Comparison, values: dict[str, Side], given: set[str], numbers: set[str]
) -> Side:
    """Return which way a figure pushes a comparison; an assignment passes it on to its variable."""
    left, right = _pushed(comparison.left, values), _pushed(comparison.right, values)
    if comparison.operator == "=":
        target = comparison.left
        if isinstance(target, Variable) and target.name not in given:
            values[target.name] = right
            return _NEITHER
    if comparison.operator not in _GREATER | _LESSER:
        return _BOTH if left or right else _NEITHER
    greater, lesser = (left, right) if comparison.operator in _GREATER else (right, left)
    bound = comparison.left if comparison.operator in _GREATER else comparison.right
    return greater | (_NEITHER if numbers.issuperset(variables(bound)) else _turned(lesser))


def _pushed(term: Term, values: Mapping[str, Side]) -> Side:
    if isinstance(term, Variable):
        return values.get(term.name, _NEITHER)
    if not isinstance(term, Call):
        return _NEITHER
    first, *rest = (_pushed(argument, values) for argument in term.args)
    falls = term.function.removeprefix("@") in _SECOND_FALLS
    return first.union(*(_turned(side) if falls else side for side in rest))


def _turned(side: Side) -> Side:
    return frozenset(-way for way in side)
