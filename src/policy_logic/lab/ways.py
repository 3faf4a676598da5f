"""The ways through a rule's conditions: with all of them, and with one left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.logic.terms import Atom, Call, Comparison, Constant, Literal, Variable, variables
from policy_logic.prove.matching import (
    Bindings,
    evaluate,
    has_hole,
    match_all,
    solve_comparison,
)
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Condition, Fact, Rule, Term, Value
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.rulebook.signatures import Signature

Arguments: TypeAlias = "tuple[Value, ...]"


class Extent:
    """The arguments for which one predicate holds, with an index for each way they are asked."""

    def __init__(self, rows: frozenset[Arguments]) -> None:
        self.rows = rows
        self._index: dict[tuple[int, ...], dict[Arguments, list[Arguments]]] = {}

    def find(self, atom: Atom, bindings: Bindings) -> Iterator[tuple[Arguments, Bindings]]:
        """Yield the rows that fit an atom, each with the bindings under which it does."""
        values = [evaluate(term, bindings) for term in atom.args]
        asked = tuple(place for place, value in enumerate(values) if not has_hole(value))
        if len(asked) == len(values):
            row = tuple(values)
            if row in self.rows:
                yield row, bindings
            return
        for row in self._rows(asked).get(tuple(values[place] for place in asked), ()):
            found = match_all(atom.args, row, bindings)
            if found is not None:
                yield row, found

    def _rows(self, asked: tuple[int, ...]) -> Mapping[Arguments, list[Arguments]]:
        known = self._index.get(asked)
        if known is None:
            known = self._index[asked] = {}
            for row in self.rows:
                known.setdefault(tuple(row[place] for place in asked), []).append(row)
        return known


NOTHING = Extent(frozenset())


class Extents:
    """The extents of models; predicates that hold alike in two models share theirs."""

    def __init__(self, asked: Iterable[Signature]) -> None:
        """Prepare.

        Args:
            asked: The predicates to look at; the sign is part of the name.
        """
        self._asked = frozenset(asked)
        self._known: dict[tuple[Signature, frozenset[Arguments]], Extent] = {}

    def of(self, model: Iterable[Fact]) -> dict[Signature, Extent]:
        """Return the extent of each predicate that is looked at in a model."""
        rows: dict[Signature, list[Arguments]] = {asked: [] for asked in self._asked}
        for name, args in model:
            signature = name, len(args)
            if signature in rows:
                rows[signature].append(args)
        found = {}
        for signature, own in rows.items():
            key = signature, frozenset(own)
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = Extent(key[1])
            found[signature] = known
        return found


@dataclass(frozen=True, slots=True)
class Somebody:
    """A condition that a variable is an entity of one of some kinds.

    It stands in for a condition left out, where nothing else says whom the rule is about.
    """

    variable: Variable
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Way:
    """The conditions of a rule in an order in which each can be decided when its turn comes.

    Attributes:
        left_out: The condition left out; ``None`` where none is. What needs a value that it
            alone gives is left out with it.
        steps: The other conditions.
    """

    left_out: Condition | None
    steps: tuple[Condition | Somebody, ...]

    def instances(self, model: Mapping[Signature, Extent]) -> Iterator[Bindings]:
        """Yield the bindings under which all steps hold, and what is left out does not."""
        for bindings in _follow(self.steps, 0, {}, model):
            if self.left_out is None or self._fails(self.left_out, bindings, model):
                yield bindings

    def _fails(
        self, left_out: Condition, bindings: Bindings, model: Mapping[Signature, Extent]
    ) -> bool:
        """Return whether what is left out is not met, whatever its open values may be.

        What meets another condition of the rule does not count for this one.
        """
        if isinstance(left_out, Comparison):
            return _compare(left_out, bindings) is False
        atom = left_out.atom
        found = (row for row, _ in extent_of(atom, model).find(atom, bindings))
        if left_out.absent:
            return next(found, None) is not None
        return all(row in self._used(atom, bindings) for row in found)

    def _used(self, atom: Atom, bindings: Bindings) -> Iterator[Arguments]:
        """Yield what the other conditions of the same predicate are met by."""
        for step in self.steps:
            if isinstance(step, Literal) and not step.absent and step.atom.name == atom.name:
                yield tuple(evaluate(term, bindings) for term in step.atom.args)


def _compare(comparison: Comparison, bindings: Bindings) -> Bindings | bool:
    """Decide a comparison; without the condition left out it may meet what has no order."""
    try:
        return solve_comparison(comparison, bindings, [])
    except TypeError:
        return False


def extent_of(atom: Atom, model: Mapping[Signature, Extent]) -> Extent:
    """Return for which arguments the predicate of an atom holds."""
    return model.get((atom.name, len(atom.args)), NOTHING)


def way_through(rule: Rule, left_out: int | None, book: Rulebook) -> Way:
    """Return the way through a rule, or the one that leaves a condition out.

    Args:
        rule: The rule.
        left_out: The place of the condition in the body; ``None`` to leave none out.
        book: The rulebook.
    """
    dropped = None if left_out is None else rule.body[left_out]
    rest: list[Condition | Somebody] = [c for i, c in enumerate(rule.body) if i != left_out]
    if dropped is not None:
        rest[:0] = _subjects(dropped, list(rest), rule, book)
    steps: list[Condition | Somebody] = []
    bound: set[str] = set()
    while rest:
        ready = [c for c in rest if _is_ready(c, bound)]
        checks = [c for c in ready if not _gives(c)]
        if checks:
            chosen = checks[0]
        elif ready:
            chosen = max(ready, key=lambda c: _fixed(c, bound))
        else:
            break
        steps.append(chosen)
        rest.remove(chosen)
        bound |= _names(chosen)
    return Way(dropped, tuple(steps))


def _subjects(
    dropped: Condition, rest: list[Condition | Somebody], rule: Rule, book: Rulebook
) -> Iterator[Condition | Somebody]:
    """Yield of whom and of what a rule speaks where only the condition left out said so.

    So an attribute is missed by an entity that could have it, or for a line of the policy.
    """
    if isinstance(dropped, Comparison) or dropped.absent:
        return
    given = {n for c in rest if _gives(c) for n in _names(c)}
    known = [a for a in book.vocabulary.attributes.values() if _asks_for(dropped.atom, a)]
    if not known:
        return
    subject, *others = dropped.atom.args
    if isinstance(subject, Variable) and subject.name not in given:
        yield Somebody(subject, frozenset(attribute.kind for attribute in known))
    for term in others:
        is_line = any(attribute.values == ("line",) for attribute in known)
        if is_line and isinstance(term, Variable) and term.name not in given:
            line = Atom("line", (term, Constant(rule.policy)))
            yield Literal(line, absent=False, position=dropped.position)


def _asks_for(atom: Atom, attribute: Attribute) -> bool:
    """Return whether an atom asks for an attribute, or for what its figures come to."""
    own = attribute_signature(attribute)[0]
    sums = summary_signatures(attribute).values()
    return attribute.type != "text" and atom.signature in {own, *(asked for asked, _ in sums)}


def _terms(step: Condition | Somebody) -> tuple[Term, ...]:
    if isinstance(step, Somebody):
        return (step.variable,)
    if isinstance(step, Comparison):
        return (step.left, step.right)
    return step.atom.args


def _names(step: Condition | Somebody) -> set[str]:
    """Return the variables of a condition, without those that nothing else looks at."""
    if isinstance(step, Literal) and step.absent:
        return {n for t in _terms(step) for n in variables(t) if not n.startswith("_")}
    return {name for term in _terms(step) for name in variables(term)}


def _gives(step: Condition | Somebody) -> bool:
    """Return whether a condition gives variables their values by looking them up."""
    return isinstance(step, Somebody) or (isinstance(step, Literal) and not step.absent)


def _is_ready(step: Condition | Somebody, bound: set[str]) -> bool:
    """Return whether a condition can be decided once some variables have values."""
    if isinstance(step, Comparison):
        open_sides = [not bound.issuperset(variables(side)) for side in _terms(step)]
        return not all(open_sides) if step.operator == "=" else not any(open_sides)
    if _gives(step):
        return all(
            bound.issuperset(variables(term)) for term in _terms(step) if isinstance(term, Call)
        )
    return bound.issuperset(_names(step))


def _fixed(step: Condition | Somebody, bound: set[str]) -> float:
    """Return which share of a condition's arguments earlier conditions fix, so that few rows fit.

    Of conditions that share no variable with earlier ones, the first as written comes first.
    """
    if isinstance(step, Somebody):
        return -1.0
    named = [set(variables(term)) for term in _terms(step)]
    if all(names <= bound for names in named):
        return 1.0
    return sum(bool(names) and names <= bound for names in named) / len(named)


def _follow(
    steps: tuple[Condition | Somebody, ...],
    at: int,
    bindings: Bindings,
    model: Mapping[Signature, Extent],
) -> Iterator[Bindings]:
    """Yield the bindings under which all conditions hold from one on."""
    if at == len(steps):
        yield bindings
        return
    step = steps[at]
    if isinstance(step, Comparison):
        outcome = _compare(step, bindings)
        if outcome is not False:
            yield from _follow(steps, at + 1, bindings if outcome is True else outcome, model)
    elif isinstance(step, Somebody):
        known = bindings.get(step.variable.name)
        for kind, entity in model.get(("entity", 2), NOTHING).rows:
            if kind in step.kinds and known in {None, entity}:
                yield from _follow(steps, at + 1, {**bindings, step.variable.name: entity}, model)
    elif step.absent:
        if next(extent_of(step.atom, model).find(step.atom, bindings), None) is None:
            yield from _follow(steps, at + 1, bindings, model)
    else:
        for _, found in extent_of(step.atom, model).find(step.atom, bindings):
            yield from _follow(steps, at + 1, found, model)
