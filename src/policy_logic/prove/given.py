"""Why a condition on what is given does not hold: known otherwise, or not known at all."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from policy_logic.derive.atoms import day_number
from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Fact as GivenFact
from policy_logic.facts.model import Review
from policy_logic.logic.terms import (
    Comparison,
    Constant,
    Fact,
    Literal,
    Rule,
    Term,
    Value,
    Variable,
    source_of,
)
from policy_logic.prove.matching import Bindings, Step, evaluate, has_hole
from policy_logic.prove.members import AskedSet, member_reason
from policy_logic.prove.proof import Leaf, Node, walk
from policy_logic.prove.refusal import Failed, Reason, Unknown
from policy_logic.prove.showing import days, distance, show, show_given
from policy_logic.rulebook.signatures import attribute_signature, summarised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.derive.derivation import Derivation
    from policy_logic.facts.model import Key
    from policy_logic.facts.vocabulary import Attribute

_THRESHOLDS: Final = frozenset({"number", "valid_from", "valid_until"})
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class GivenConditions:
    """Conditions on the facts of one case."""

    def __init__(self, derivation: Derivation) -> None:
        self._atoms = derivation.atoms
        self._case = derivation.case
        self._book = derivation.book
        self._facts: dict[tuple[str, str, tuple[Value, ...]], list[GivenFact]] = {}
        self._keys: dict[tuple[str, str], set[tuple[Value, ...]]] = {}
        self._named: dict[object, set[str]] = {}  # the kinds of facts that have something as value
        for fact in self._case.facts:
            self._facts.setdefault((fact.entity, fact.attribute, fact.keys), []).append(fact)
            self._keys.setdefault((fact.entity, fact.attribute), set()).add(fact.keys)
            self._named.setdefault(fact.value, set()).add(fact.kind)

    def why_not(self, rule: Rule, literal: Literal, args: Sequence[Value]) -> tuple[Reason, ...]:
        """Return why a condition on a given predicate does not hold.

        Args:
            rule: The rule that asks for it.
            literal: The condition.
            args: Its arguments, open ones as holes.
        """
        name = literal.atom.name.removeprefix("-")
        if name == "refers":
            return self._reference(rule, literal, args)
        if name == "applicant":
            return self._applicant(rule, literal, args)
        if name in {"valid_from", "valid_until"} and args[0] in self._atoms.undated:
            return self._undated(rule, literal, args[0]) if name == "valid_from" else ()
        kind = self._kind(args[0]) if args else ""
        summary = summarised(self._book.vocabulary, kind, name)
        if summary is not None:
            return (self._summary_reason(rule, literal, args, *summary),)
        attribute = self._attribute(kind, name, len(args))
        if attribute is None:
            is_open = any(has_hole(argument) for argument in args)
            other_kind = self._of_another_kind(rule, literal, kind, args)
            return (other_kind or self.gate(rule, literal),) if other_kind or not is_open else ()
        return self._attribute_reason(rule, literal, args, attribute)

    def gate(self, rule: Rule, literal: Literal) -> Failed:
        """Return the reason that a rule is not about the case at all."""
        text = f"{literal.atom.name}({', '.join(_term(term) for term in literal.atom.args)})"
        actual = "false"
        if literal.atom.name == "reading" and isinstance(literal.atom.args[0], Constant):
            name = str(literal.atom.args[0].value)
            text = f"{name} = {_term(literal.atom.args[1])}"
            actual = self._atoms.readings.get(name, "")
        return Failed(text, actual, rule, literal, is_gate=True)

    def failed_review(self, rule: Rule, literal: Literal, args: Sequence[Value]) -> Failed | None:
        """Return a failed review that speaks of every occasion, where none is known yet."""
        if literal.atom.name != "review_failed" or not has_hole(args[-1]):
            return None
        for review in self._case.reviews:
            whole = review.year is None and review.trigger is None
            if (review.line, review.subject, review.passed, whole) == (*args[:2], False, True):
                return _failed_review(rule, literal, review)
        return None

    def present(self, rule: Rule, literal: Literal, proof: Node) -> tuple[Failed, ...]:
        """Return the reasons that something holds which must be absent: the facts behind it."""
        name = literal.atom.name
        origins = [leaf.origin for leaf in walk(proof) if isinstance(leaf, Leaf)]
        if name == "review_failed":
            reviews = [o for o in origins if isinstance(o, Review) and not o.passed]
            return (_failed_review(rule, literal, reviews[0]),)
        if name in {"given", "known_before", "qualifies_earlier"}:
            return (self.gate(rule, literal),)
        return tuple(
            Failed(
                leaf.atom.name[1:] if leaf.atom.name[0] == "-" else f"not {leaf.atom.name}",
                show_given(leaf.origin.value),
                rule,
                literal,
                value=leaf.origin.value,
                fact=leaf.origin.path,
                position=leaf.origin.position,
                evidence=leaf.origin.evidence,
            )
            for leaf in walk(proof)
            if isinstance(leaf, Leaf) and isinstance(leaf.origin, GivenFact)
        ) or (self.gate(rule, literal),)

    def failed_comparison(
        self, rule: Rule, condition: Comparison, bindings: Bindings, steps: tuple[Step, ...]
    ) -> Failed:
        """Return a comparison that fails, the threshold on its right, and the distance to it."""
        left, operator, right = condition.left, condition.operator, condition.right
        if _is_threshold(rule, left) and not _is_threshold(rule, right):
            left, operator, right = right, _MIRRORED[operator], left
        actual, wanted = evaluate(left, bindings), evaluate(right, bindings)
        source = source_of(rule, left)
        name = source.atom.name if source is not None else _snake(_term(left))
        name = "event_date" if name == "falls_on" else name
        is_day = self._is_day(source)
        origin = None
        if source is not None:
            args = tuple(evaluate(term, bindings) for term in source.atom.args)
            origin = next(iter(self._facts.get(_key(source.atom.name, args), [])), None)
            summary = self._atoms.origins.get(Fact(source.atom.name, args))
            if isinstance(summary, Summary):
                origin = summary.facts[-1]
                name = origin.attribute
        return Failed(
            f"{name} {operator} {show(wanted, is_day=is_day)}",
            show(actual, is_day=is_day),
            rule,
            condition,
            operator=operator,
            value=actual,
            wanted=(wanted,),
            short_by=distance(actual, operator, wanted, is_day=is_day),
            fact=origin.path if origin else "",
            position=origin.position if origin else None,
            evidence=origin.evidence if origin else None,
            steps=steps,
            is_gate=operator == "!=" or isinstance(wanted, str),
        )

    def nothing_given(self, kind: str, entity: str, name: str) -> bool:
        """Return whether an attribute, not indexed, has no value at all."""
        is_attribute = self._book.vocabulary.has_attribute(kind, name)
        return is_attribute and not self._facts.get((entity, name, ()))

    def _undated(self, rule: Rule, literal: Literal, policy: Value) -> tuple[Reason, ...]:
        """Return that a policy's first day is not given, or lies ahead."""
        later = self._atoms.not_yet.get(("published_on", (policy,)))
        if later is not None:
            return (self._not_yet(rule, literal, later),)
        return (Unknown(f"policy.{policy}.published_on", "policy", "published_on", rule),)

    def _of_another_kind(
        self, rule: Rule, literal: Literal, kind: str, args: Sequence[Value]
    ) -> Failed | None:
        """Return that a party of the case cannot have what is asked, as a person a registration."""
        has_role = bool(self._named.get(args[0], set()) - {kind})
        kinds = [
            own
            for own in self._book.vocabulary.kinds
            if self._attribute(own, literal.atom.name.removeprefix("-"), len(args)) is not None
        ]
        if not kind or not kinds or not has_role:
            return None
        return Failed(
            f"kind of {args[0]} = {' or '.join(kinds)}",
            kind,
            rule,
            literal,
            operator="kind",
            value=kind,
            wanted=tuple(kinds),
        )

    def _kind(self, entity: Value) -> str:
        """Return the kind of an entity, also of one that the case need not name, as a policy."""
        known = self._case.entities.get(str(entity))
        return known.kind if known else self._book.vocabulary.kind_of_id(str(entity)) or ""

    def _attribute(self, kind: str, name: str, arity: int) -> Attribute | None:
        """Return the attribute that a predicate stands for."""
        attribute = self._book.vocabulary.attribute(kind, name)
        if attribute is None or attribute_signature(attribute)[0] != (name, arity):
            return None
        return attribute

    def _summary_reason(
        self, rule: Rule, literal: Literal, args: Sequence[Value], attribute: Attribute, form: str
    ) -> Reason:
        """Return why figures taken together do not come to anything, or to too few."""
        entity, *keys = args[:-1]
        rank = keys.pop() if form == "ranked" else None
        path = ".".join([attribute.kind, str(entity), attribute.name])
        if any(has_hole(key) for key in keys):
            return Unknown(path, attribute.kind, attribute.name, rule)
        path = ".".join([path, *(str(key) for key in keys)])
        given = self._keys.get((str(entity), attribute.name), set())
        count = sum(known[: len(keys)] == tuple(keys) for known in given)
        if not isinstance(rank, int) or not count:
            return Unknown(path, attribute.kind, attribute.name, rule)
        return Failed(
            f"count({_dotted(attribute.name, keys)}) >= {rank}",
            show(count),
            rule,
            literal,
            operator=">=",
            value=count,
            wanted=(rank,),
            short_by=distance(count, ">=", rank, is_day=False),
            fact=path,
        )

    def _attribute_reason(
        self, rule: Rule, literal: Literal, args: Sequence[Value], attribute: Attribute
    ) -> tuple[Reason, ...]:
        entity, indexed = str(args[0]), args[1 : 1 + len(attribute.index)]
        keys = tuple(key for key in indexed if isinstance(key, (int, str)))
        wanted = args[-1] if attribute.type != "bool" else not literal.atom.name.startswith("-")
        path = f"{attribute.kind}.{entity}.{attribute.name}"
        if any(has_hole(key) for key in indexed):
            return (Unknown(path, attribute.kind, attribute.name, rule),)
        path = ".".join([path, *(str(key) for key in keys)])
        later = self._atoms.not_yet.get((attribute.name, (entity, *keys)))
        if later is not None:
            return (self._not_yet(rule, literal, later),)
        known = self._facts.get((entity, attribute.name, keys), [])
        if attribute.type == "set":
            listed = self._case.complete_sets.get((entity, attribute.name, keys))
            return (member_reason(rule, literal, AskedSet(attribute, path, known, listed), wanted),)
        if not known:
            denied = self._denied(rule, literal, attribute, entity, keys)
            return denied or (Unknown(path, attribute.kind, attribute.name, rule),)
        name = _dotted(attribute.name, keys)
        text = name if attribute.type == "bool" else f"{name} = {show(wanted)}"
        if attribute.type == "bool" and wanted is False:
            text = f"not {name}"
        return (
            Failed(
                text,
                show_given(known[0].value),
                rule,
                literal,
                operator="" if attribute.type == "bool" else "=",
                value=known[0].value,
                wanted=() if attribute.type == "bool" else (wanted,),
                fact=path,
                position=known[0].position,
                evidence=known[0].evidence,
            ),
        )

    def _not_yet(self, rule: Rule, literal: Literal, later: GivenFact) -> Failed:
        """Return that an event lies after the day of the case."""
        assert isinstance(later.value, date)  # noqa: S101 - only dates lie ahead
        today = self._case.as_of
        return Failed(
            f"{_dotted(later.attribute, later.keys)} <= {today.isoformat()}",
            later.value.isoformat(),
            rule,
            literal,
            operator="<=",
            value=later.value,
            wanted=(day_number(today),),
            short_by=days((later.value - today).days),
            fact=later.path,
            position=later.position,
            evidence=later.evidence,
        )

    def _denied(
        self, rule: Rule, literal: Literal, attribute: Attribute, entity: str, keys: tuple[Key, ...]
    ) -> tuple[Reason, ...]:
        """Return that what a value would imply is known not to be, so that there is no value."""
        implied = self._book.vocabulary.attribute(attribute.kind, attribute.implies)
        if implied is None:
            return ()
        path = f"{attribute.kind}.{entity}.{implied.name}"
        known = self._facts.get((entity, implied.name, ()), [])
        if implied.type == "bool" and known and known[0].value is False:
            return (_not_so(rule, literal, implied.name, path, known[0]),)
        if implied.type != "set" or not keys:
            return ()
        listed = self._case.complete_sets.get((entity, implied.name, ()))
        left_out = listed is not None and keys[-1] not in listed.members
        if left_out or any(fact.value == keys[-1] and not fact.holds for fact in known):
            return (member_reason(rule, literal, AskedSet(implied, path, known, listed), keys[-1]),)
        return ()

    def _reference(self, rule: Rule, literal: Literal, args: Sequence[Value]) -> tuple[Reason, ...]:
        subject, role = str(args[0]), str(args[1])
        kind = self._case.entities[subject].kind if subject in self._case.entities else ""
        if self._book.vocabulary.attribute(kind, role) is None:
            return (self.gate(rule, literal),)
        return (Unknown(f"{kind}.{subject}.{role}", kind, role, rule),)

    def _applicant(self, rule: Rule, literal: Literal, args: Sequence[Value]) -> tuple[Reason, ...]:
        if has_hole(args[0]):
            return ()
        return (
            Failed(
                f"recipient = {self._case.applicant}",
                show(args[0]),
                rule,
                literal,
                operator="=",
                value=args[0],
                wanted=(self._case.applicant,),
            ),
        )

    def _is_day(self, source: Literal | None) -> bool:
        if source is None:
            return False
        types = self._book.types.get(source.atom.signature, ())
        return bool(types) and types[-1] == "date"


def _not_so(rule: Rule, literal: Literal, name: str, path: str, fact: GivenFact) -> Failed:
    """Return that something is known not to be the case."""
    return Failed(
        name,
        show_given(fact.value),
        rule,
        literal,
        value=fact.value,
        fact=path,
        position=fact.position,
        evidence=fact.evidence,
    )


def _failed_review(rule: Rule, literal: Literal, review: Review) -> Failed:
    return Failed(
        "review = passed",
        "failed",
        rule,
        literal,
        position=review.position,
        evidence=review.evidence,
    )


def _is_threshold(rule: Rule, term: Term) -> bool:
    if isinstance(term, Constant):
        return True
    source = source_of(rule, term)
    return source is not None and source.atom.name in _THRESHOLDS


def _key(name: str, args: Sequence[Value]) -> tuple[str, str, tuple[Value, ...]]:
    return (str(args[0]), name, tuple(args[1:-1])) if args else ("", name, ())


def _dotted(name: str, keys: Sequence[Value]) -> str:
    return ".".join([name, *(show(key) for key in keys)])


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().rstrip("'")


def _term(term: Term) -> str:
    if isinstance(term, Variable):
        return "_" if term.name.startswith("_") else term.name
    if isinstance(term, Constant):
        return show(term.value)
    name = term.name if not hasattr(term, "function") else f"@{term.function}"
    return f"{name}({', '.join(_term(argument) for argument in term.args)})"
