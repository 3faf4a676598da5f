"""From a condition known not to hold to what would make it hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.derive.atoms import day_number
from policy_logic.logic.terms import Comparison, Constant, Literal
from policy_logic.prove.matching import has_hole
from policy_logic.remedies.computing import Computing, least_asked
from policy_logic.remedies.figures import place_on, scale_of
from policy_logic.remedies.needs import Way, figure_need, need_of
from policy_logic.remedies.settings import NO, YES, Place, Setting, place_of
from policy_logic.remedies.standing import AS_OF, REVIEW
from policy_logic.remedies.unknowns import free_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.logic.terms import Value
    from policy_logic.prove.refusal import Attempt, Failed
    from policy_logic.prove.why import Explainer
    from policy_logic.remedies.standing import Standing

Ways: TypeAlias = "Iterator[Way]"


class Conditions:
    """What would make failed conditions hold, in one version of a case."""

    def __init__(self, explainer: Explainer, standing: Standing, own: frozenset[str]) -> None:
        """Look at a version of a case.

        Args:
            explainer: What holds in it.
            standing: What can change of the case as it is.
            own: The paths that this version takes otherwise already; they are free.
        """
        self._standing, self._own = standing, own
        self._computing = Computing(explainer)
        self._case = explainer.derivation.case
        self._vocabulary = explainer.derivation.book.vocabulary
        self._rules = explainer.derivation.book.rules

    def ways(self, leaf: Failed, attempt: Attempt) -> Ways:
        """Yield what would make a condition hold, each for itself enough; nothing if nothing can.

        Args:
            leaf: The condition.
            attempt: The way on which it stands.
        """
        if isinstance(leaf.literal, Comparison):
            if not leaf.is_gate:
                yield from self._compared(leaf, leaf.literal, attempt)
            return
        if leaf.condition.startswith("recipient"):
            yield from self._passed_to(leaf, attempt)
        elif leaf.condition.startswith("review"):
            yield from self._heard_again(leaf)
        elif isinstance(leaf.value, date):
            yield self._way([Setting(AS_OF, leaf.value.isoformat())])
        elif leaf.operator == ">=":
            yield from self._further(leaf, attempt, place_of(leaf.fact, self._vocabulary))
        elif leaf.fact and not leaf.is_gate:
            yield from self._given(leaf, place_of(leaf.fact, self._vocabulary))
            if isinstance(leaf.literal, Literal) and leaf.literal.absent:
                yield from self._stated(leaf.fact, leaf.literal)

    def is_fixed(self, path: str) -> bool:
        """Return whether a fact stays as it is."""
        return path not in self._own and bool(self._standing.stays(path))

    def _way(self, settings: list[Setting]) -> Way:
        return frozenset([need_of(settings, self._vocabulary)])

    def _given(self, leaf: Failed, place: Place) -> Ways:
        """Yield the values that a condition on one fact leaves open."""
        if place.attribute is None:
            return
        wanted = [str(value) for value in leaf.wanted if not has_hole(value)]
        if leaf.operator in {"includes", "excludes"}:
            value = YES if leaf.operator == "includes" else NO
            members = wanted or [*self._vocabulary.members(place.attribute)]
            settings = [Setting(f"{leaf.fact}.{name}", value) for name in members]
        elif isinstance(leaf.value, bool) and not leaf.wanted:
            settings = [Setting(leaf.fact, NO if leaf.value else YES)]
        elif leaf.operator == "=":
            settings = [Setting(leaf.fact, value) for value in wanted]
        else:
            settings = []
        free = [s for s in settings if not self.is_fixed(s.path)]
        if free:
            yield self._way(free)

    def _stated(self, fact: str, literal: Literal) -> Ways:
        """Yield that anything is stated of a set, where its silence helps to bar the way."""
        kind, entity, *_ = fact.split(".")
        for rule in self._rules:
            if rule.head.signature != literal.atom.signature:
                continue
            for condition in rule.body:
                if not (isinstance(condition, Literal) and condition.absent):
                    continue
                name = condition.atom.args[-1]
                if condition.atom.signature != ("given", 2) or not isinstance(name, Constant):
                    continue
                attribute = self._vocabulary.attribute(kind, str(name.value))
                if attribute is not None and attribute.type == "set" and not attribute.index:
                    path = f"{kind}.{entity}.{attribute.name}"
                    members = self._vocabulary.members(attribute)
                    yield self._way([Setting(f"{path}.{member}", YES) for member in members])

    def _further(self, leaf: Failed, attempt: Attempt, place: Place) -> Ways:
        """Yield figures under keys that have none, where too few are given to count."""
        years = [int(key) for key in place.keys if key.isdigit()]
        if place.attribute is None or any(year < self._case.as_of.year for year in years):
            return
        held = {
            str(fact.keys[-1])
            for fact in self._case.facts
            if (fact.entity, fact.attribute) == (place.entity, place.attribute.name)
            and tuple(map(str, fact.keys[:-1])) == place.keys
        }
        keys = free_keys(self._vocabulary, place.attribute, held)
        scale = scale_of(place.attribute)
        missing = next((v for v in leaf.wanted if isinstance(v, int)), 0) - len(held)
        if scale is not None and isinstance(leaf.literal, Literal) and len(keys) >= missing:
            least = least_asked(attempt, leaf.literal.atom.args[-1], scale)
            paths = [f"{leaf.fact}.{key}" for key in keys[:missing]]
            yield frozenset(figure_need([path], scale, least, 1) for path in paths)

    def _compared(self, leaf: Failed, comparison: Comparison, attempt: Attempt) -> Ways:
        """Yield values of the facts behind a comparison with which it holds."""
        yield from self._waiting(leaf, attempt)
        for fact in self._computing.facts_behind(comparison, attempt):
            scale = scale_of(self._vocabulary.attribute(fact.kind, fact.attribute))
            if scale is None or self.is_fixed(fact.path):
                continue
            own = place_on(scale, str(fact.value)) or 0
            for place in self._computing.nearest_values(comparison, attempt, fact, scale):
                yield frozenset([figure_need([fact.path], scale, place, 1 if place > own else -1)])

    def _waiting(self, leaf: Failed, attempt: Attempt) -> Ways:
        """Yield the day to wait for, where the day of the case is what is too early."""
        bindings = dict(attempt.bindings)
        today = day_number(self._case.as_of)
        if leaf.rule.head.name == "in_force" and bindings.get("Date") == today == leaf.value:
            day = _iso(leaf.wanted[0]) if leaf.wanted else None
            if leaf.operator == ">=" and day is not None:
                yield self._way([Setting(AS_OF, day)])

    def _passed_to(self, leaf: Failed, attempt: Attempt) -> Ways:
        """Yield the changes by which the applicant takes the place of another recipient."""
        subject, applicant = dict(attempt.bindings).get("Subject"), self._case.applicant
        for fact in self._case.facts:
            attribute = self._vocabulary.attribute(fact.kind, fact.attribute)
            if (fact.entity, fact.value) != (subject, leaf.value) or attribute is None:
                continue
            fits = attribute.type == "ref" and self._case.entities[applicant].kind in attribute.to
            if fits and not self.is_fixed(fact.path):
                yield self._way([Setting(fact.path, applicant)])

    def _heard_again(self, leaf: Failed) -> Ways:
        """Yield that a review comes out otherwise."""
        for number, review in enumerate(self._case.reviews, start=1):
            if review.position == leaf.position and not review.passed:
                yield self._way([Setting(f"{REVIEW}{number}].outcome", "passed")])


def _iso(value: Value) -> str | None:
    if not isinstance(value, int):
        return None
    try:
        return date(value // 10_000, value // 100 % 100, value % 100).isoformat()
    except ValueError:
        return None
