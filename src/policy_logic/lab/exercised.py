"""What one case exercises: which rules fired, and which of their conditions decided something.

A condition is *met* where its rule fires. It is *missed* where it alone keeps its rule from a
conclusion: everything else that the rule asks holds, this does not, and no other rule comes to
the conclusion. So a rule without that condition would say something else of the case. Where the
condition gives the conclusion one of its values, that value stays open, and no conclusion of the
rule may fit.

The rules that all policies share are followed only for what they take from the policies' tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from policy_logic.lab.conditions import STATED, can_fail
from policy_logic.lab.edges import thresholds_of
from policy_logic.lab.ways import NOTHING, Extent, Extents, Way, extent_of, way_through
from policy_logic.logic.terms import (
    Call,
    Comparison,
    Compound,
    Fact,
    Literal,
)
from policy_logic.prove.matching import evaluate, has_hole, match_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policy_logic.lab.edges import Distance, Threshold
    from policy_logic.lab.ways import Arguments
    from policy_logic.logic.terms import Rule, Term, Value
    from policy_logic.prove.matching import Bindings
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.rulebook.signatures import Signature

_LIMITING: Final = frozenset(
    {
        *(("limit", 2), ("draws_on", 2), ("places", 2), ("takes_place", 2)),
        *(("potential", 2), ("granted", 2), ("received_amount", 2)),
    }
)
BARRING: Final = frozenset({("excludes", 2), ("higher_only", 2)})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one rule in one case.

    Attributes:
        conclusions: What it derived, by the arguments of its head.
        missed: The conditions that alone kept it from a conclusion, by their place in the body.
        reached: For each threshold that was met, by how little.
        short: For each threshold that alone was missed, by how little.
        cuts: Each ``@at_most`` of a conclusion, by its place in the rule, and whether it cut.
        readings: The values of readings on which something hung.
        taken: What it took from tables and from other rules that no fact decides.
        settles: Whether one of its conclusions bars a candidate from standing beside a claim.
    """

    conclusions: frozenset[Arguments]
    missed: frozenset[int]
    reached: Mapping[int, Distance]
    short: Mapping[int, Distance]
    cuts: frozenset[tuple[int, bool]]
    readings: frozenset[tuple[str, str]]
    taken: frozenset[Fact]
    settles: bool


@dataclass(frozen=True, slots=True)
class Exercised:
    """What one case exercises.

    Attributes:
        fired: The rules that fired, by id. A row of a table, or a rule that no fact decides,
            counts if a rule that facts decide takes its conclusion.
        outcomes: What became of each rule of which there is something to say, by id.
        limits: Each yearly cap and quota of a line that has a candidate: the line, the number,
            and whether the candidates together come to more than is left.
    """

    fired: frozenset[str]
    outcomes: Mapping[str, Outcome]
    limits: frozenset[tuple[str, str, bool]]


class Exerciser:
    """Says what cases exercise; what two cases have in common is worked out once.

    Attributes:
        thresholds: The thresholds of each rule, by its id and by their place in its body.
        standing: The rules that no fact of a case decides: rows of tables, rows under a reading,
            and what follows from them alone.
    """

    def __init__(self, book: Rulebook) -> None:
        self.standing = _standing(book)
        self.thresholds: Mapping[str, Mapping[int, Threshold]] = {
            rule.id: thresholds_of(rule, book) for rule in book.rules
        }
        tables = {rule.head.signature for rule in book.rules if rule.id in self.standing}
        studies = [
            _Study(rule, book, self.thresholds[rule.id], tables) for rule in book.rules if rule.body
        ]
        self._studies = [study for study in studies if study.rule.policy or study.takes]
        looked_at = {asked for study in self._studies for asked in study.asks}
        self._extents = Extents(looked_at | _LIMITING)
        self._standing_rules = [rule for rule in book.rules if rule.id in self.standing]
        asked = {
            condition.atom.signature
            for rule in book.rules
            if rule.id not in self.standing
            for condition in rule.body
            if isinstance(condition, Literal)
        }
        self._asked_by_facts = frozenset(asked)
        self._known: dict[tuple[int, ...], Outcome | None] = {}

    def exercise(self, model: Iterable[Fact]) -> Exercised:
        """Return what a case exercises.

        Args:
            model: All atoms that hold in it, as :attr:`Derivation.model` or
                :func:`policy_logic.derive.derivation.models_together` gives them.
        """
        extents = self._extents.of(model)
        outcomes: dict[str, Outcome] = {}
        by_facts: set[Fact] = set()
        by_others: set[Fact] = set()
        for number, study in enumerate(self._studies):
            key = (number, *[id(extents[asked]) for asked in study.asks])
            if key not in self._known:
                self._known[key] = study.outcome(extents)
            outcome = self._known[key]
            if outcome is not None:
                outcomes[study.rule.id] = outcome
                (by_others if study.rule.id in self.standing else by_facts).update(outcome.taken)
        fired = {
            name
            for name, outcome in outcomes.items()
            if outcome.conclusions and name not in self.standing
        }
        for rule in self._standing_rules:
            if rule.body:
                own = outcomes[rule.id].conclusions if rule.id in outcomes else frozenset()
            else:
                own = frozenset([tuple(evaluate(term, {}) for term in rule.head.args)])
            taken = by_facts if rule.head.signature in self._asked_by_facts else by_others
            if any(Fact(rule.head.name, args) in taken for args in own):
                fired.add(rule.id)
        return Exercised(frozenset(fired), outcomes, frozenset(_limits(extents)))


def cuts_of(rule: Rule) -> tuple[Call, ...]:
    """Return the calls of ``@at_most`` in a rule's conditions, in order."""
    found: list[Call] = []

    def look(term: Term) -> None:
        if isinstance(term, Call):
            if term.function == "at_most":
                found.append(term)
            for argument in term.args:
                look(argument)

    for condition in rule.body:
        if isinstance(condition, Comparison):
            look(condition.left)
            look(condition.right)
    return tuple(found)


class _Found(NamedTuple):
    """What has been found of an outcome so far; see :class:`Outcome`."""

    conclusions: set[Arguments]
    missed: set[int]
    reached: dict[int, Distance]
    short: dict[int, Distance]
    cuts: set[tuple[int, bool]]
    taken: set[Fact]


class _Study:
    """One rule with a body, ready to be followed through many models."""

    def __init__(
        self,
        rule: Rule,
        book: Rulebook,
        thresholds: Mapping[int, Threshold],
        tables: set[Signature],
    ) -> None:
        self.rule, self._thresholds = rule, thresholds
        self._whole = way_through(rule, None, book)
        self._without: list[tuple[int, Way]] = [
            (index, way_through(rule, index, book))
            for index in range(len(rule.body))
            if rule.policy and can_fail(rule, index, book)
        ]
        self._cuts = cuts_of(rule)
        atoms = [c.atom for c in rule.body if isinstance(c, Literal)]
        asks = {(atom.name, len(atom.args)) for atom in atoms}
        if self._without:
            asks |= {(rule.head.name, len(rule.head.args)), ("entity", 2)}
        self._is_barring = rule.head.signature in BARRING
        if self._is_barring:
            asks.add(("stands_against", 2))
        self.asks = tuple(sorted(asks))
        self._needed = [c.atom for c in rule.body if isinstance(c, Literal) and not c.absent]
        self.takes = [
            condition
            for condition in rule.body
            if isinstance(condition, Literal) and condition.atom.signature in tables
        ]
        self._readings = [
            (index, condition.atom)
            for index, condition in enumerate(rule.body)
            if isinstance(condition, Literal) and condition.atom.signature == ("reading", 2)
        ]

    def outcome(self, model: Mapping[Signature, Extent]) -> Outcome | None:
        """Return what becomes of the rule in a model; ``None`` if there is nothing to say."""
        if sum(not extent_of(atom, model).rows for atom in self._needed) > 1:
            return None
        found = _Found(set(), set(), {}, {}, set(), set())
        self._fire(model, found)
        for index, way in self._without:
            self._leave_out(index, way, model, found)
        if not found.conclusions and not found.missed:
            return None
        return Outcome(
            frozenset(found.conclusions),
            frozenset(found.missed),
            found.reached,
            found.short,
            frozenset(found.cuts),
            frozenset(self._readings_used(found, model)),
            frozenset(found.taken),
            self._is_barring and self._settles(found.conclusions, model),
        )

    def _fire(self, model: Mapping[Signature, Extent], found: _Found) -> None:
        """Note what the rule derives, and how."""
        for bindings in self._whole.instances(model):
            found.conclusions.add(tuple(evaluate(term, bindings) for term in self.rule.head.args))
            self._measure(self._thresholds, bindings, found.reached)
            for place, call in enumerate(self._cuts):
                amount, cap = (evaluate(argument, bindings) for argument in call.args)
                found.cuts.add((place, _whole(amount) > _whole(cap)))
            for condition in self.takes:
                if not condition.absent:
                    found.taken.update(_rows(condition, bindings, model))

    def _leave_out(
        self, index: int, way: Way, model: Mapping[Signature, Extent], found: _Found
    ) -> None:
        """Note whether the rule would derive more without one of its conditions."""
        condition = self.rule.body[index]
        for bindings in way.instances(model):
            if self._is_drawn(bindings, found.conclusions, model):
                continue
            found.missed.add(index)
            if isinstance(condition, Literal) and condition.absent:
                found.taken.update(_rows(condition, bindings, model))
            if index not in self._thresholds:
                return
            self._measure([index], bindings, found.short)

    def _is_drawn(
        self,
        bindings: Bindings,
        own: set[Arguments],
        model: Mapping[Signature, Extent],
    ) -> bool:
        """Return whether a conclusion holds all the same."""
        head = self.rule.head
        args = tuple(evaluate(term, bindings) for term in head.args)
        if any(map(has_hole, args)):
            return any(match_all(head.args, drawn, bindings) is not None for drawn in own)
        return args in extent_of(head, model).rows

    def _measure(
        self, places: Iterable[int], bindings: Bindings, nearest: dict[int, Distance]
    ) -> None:
        """Note how far the two sides of thresholds lie apart, where it is less than so far."""
        for index in places:
            found = self._thresholds[index].distance(bindings)
            if index not in nearest or found < nearest[index]:
                nearest[index] = found

    def _readings_used(
        self, found: _Found, model: Mapping[Signature, Extent]
    ) -> Iterator[tuple[str, str]]:
        for index, atom in self._readings:
            name, value = (evaluate(term, {}) for term in atom.args)
            if found.conclusions:
                yield str(name), str(value)
            if index in found.missed:
                for row in extent_of(atom, model).rows:
                    if row[0] == name:
                        yield str(name), str(row[1])

    def _settles(self, conclusions: set[Arguments], model: Mapping[Signature, Extent]) -> bool:
        barred = model.get(("stands_against", 2), NOTHING).rows
        return any((a, b) in barred or (b, a) in barred for a, b in conclusions)


def _rows(
    condition: Literal, bindings: Bindings, model: Mapping[Signature, Extent]
) -> Iterator[Fact]:
    for row, _ in extent_of(condition.atom, model).find(condition.atom, bindings):
        yield Fact(condition.atom.name, row)


def _standing(book: Rulebook) -> frozenset[str]:
    """Return the rules that no fact of a case decides."""
    still = {*STATED, ("reading", 2)}
    heads = {rule.head.signature for rule in book.rules}
    varying: set[Signature] = set()
    grown = True
    while grown:
        more = {
            rule.head.signature
            for rule in book.rules
            for condition in rule.body
            if isinstance(condition, Literal)
            and condition.atom.signature not in still
            and (condition.atom.signature in varying or condition.atom.signature not in heads)
        }
        grown = not more <= varying
        varying |= more
    return frozenset(rule.id for rule in book.rules if rule.head.signature not in varying)


def _limits(model: Mapping[Signature, Extent]) -> Iterator[tuple[str, str, bool]]:
    """Yield each yearly cap and quota of a line with a candidate, and whether it is exceeded."""

    def rows(name: str) -> frozenset[Arguments]:
        return model.get((name, 2), NOTHING).rows

    potential = {claim: _whole(yuan) for claim, yuan in rows("potential")}
    received = {entry: _whole(yuan) for entry, yuan in rows("received_amount")}
    granted: dict[Value, list[Value]] = {}
    for claim, entry in rows("granted"):
        granted.setdefault(claim, []).append(entry)
    for limits, members in (("limit", "draws_on"), ("places", "takes_place")):
        for pool, limit in rows(limits):
            drawing = [claim for claim, own in rows(members) if own == pool]
            candidates = [claim for claim in drawing if claim in potential]
            if members == "draws_on":
                wanted = sum(potential[claim] for claim in candidates)
                used = sum(received[e] for c in drawing for e in granted.get(c, ()))
            else:
                wanted, used = len(candidates), len([c for c in drawing if c in granted])
            assert isinstance(pool, Compound)  # noqa: S101 - the rules' promise, told to mypy
            for claim in candidates:
                assert isinstance(claim, Compound)  # noqa: S101 - as above
                yield str(claim.args[0]), str(pool.args[0]), wanted + used > _whole(limit)


def _whole(value: Value) -> int:
    assert isinstance(value, int)  # noqa: S101 - the rules' promise, told to mypy
    return value
