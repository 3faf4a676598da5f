"""From a condition known not to hold to what would make it hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from policy_logic.derive.atoms import day_number
from policy_logic.logic.terms import Comparison
from policy_logic.prove.matching import has_hole
from policy_logic.remedies.computing import sources_of, values_wanted
from policy_logic.remedies.figures import place_on, scale_of, written_at
from policy_logic.remedies.needs import Need, need_of
from policy_logic.remedies.settings import NO, YES, Place, Setting, place_of
from policy_logic.remedies.standing import AS_OF, REVIEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.logic.terms import Value
    from policy_logic.prove.refusal import Attempt, Failed
    from policy_logic.prove.why import Explainer
    from policy_logic.remedies.computing import Source
    from policy_logic.remedies.standing import Standing

Needs: TypeAlias = "Iterator[Need]"


class Conditions:
    """What would make failed conditions hold, in one version of a case."""

    def __init__(self, explainer: Explainer, standing: Standing, own: frozenset[str]) -> None:
        """Look at a version of a case.

        Args:
            explainer: What holds in it.
            standing: What can change of the case as it is.
            own: The paths that this version takes otherwise already; they are free.
        """
        self._explainer, self._standing, self._own = explainer, standing, own
        self._case = explainer.derivation.case
        self._vocabulary = explainer.derivation.book.vocabulary

    def needs(self, leaf: Failed, attempt: Attempt) -> Needs:
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
            yield self._need([Setting(AS_OF, leaf.value.isoformat())])
        elif leaf.fact and not leaf.is_gate:
            yield from self._given(leaf, place_of(leaf.fact, self._vocabulary))

    def is_fixed(self, path: str) -> bool:
        """Return whether a fact stays as it is."""
        return path not in self._own and bool(self._standing.stays(path))

    def _need(self, settings: list[Setting]) -> Need:
        return need_of(settings, self._vocabulary)

    def _given(self, leaf: Failed, place: Place) -> Needs:
        """Yield the values that a condition on one fact leaves open."""
        if place.attribute is None:
            return
        wanted = [str(value) for value in leaf.wanted if not has_hole(value)]
        if leaf.operator in {"includes", "excludes"}:
            value = YES if leaf.operator == "includes" else NO
            members = wanted or [*self._vocabulary.members(place.attribute)]
            settings = [Setting(f"{leaf.fact}.{name}", value) for name in members]
        elif leaf.operator == ">=":
            settings = self._further(leaf, place)
        elif isinstance(leaf.value, bool) and not leaf.wanted:
            settings = [Setting(leaf.fact, NO if leaf.value else YES)]
        elif leaf.operator == "=":
            settings = [Setting(leaf.fact, value) for value in wanted]
        else:
            settings = []
        free = [s for s in settings if not self.is_fixed(s.path)]
        if free:
            yield self._need(free)

    def _further(self, leaf: Failed, place: Place) -> list[Setting]:
        """Return a figure under a key that has none, where too few are given to count."""
        if place.attribute is None or self._standing_of_year(place):
            return []
        held = {
            str(fact.keys[-1])
            for fact in self._case.facts
            if (fact.entity, fact.attribute) == (place.entity, place.attribute.name)
            and tuple(map(str, fact.keys[:-1])) == place.keys
        }
        legal = list(self._vocabulary.legal_values(place.attribute.index[-1:])) or [
            f"new_{number}" for number in range(1, len(held) + 2)
        ]
        free = next((key for key in legal if key not in held), None)
        return [] if free is None else [Setting(f"{leaf.fact}.{free}", "0")]

    def _standing_of_year(self, place: Place) -> bool:
        return any(key.isdigit() and int(key) < self._case.as_of.year for key in place.keys)

    def _compared(self, leaf: Failed, comparison: Comparison, attempt: Attempt) -> Needs:
        """Yield values of the facts behind a comparison with which it holds."""
        yield from self._waiting(leaf, attempt)
        later: dict[str, None] = {}
        for source in sources_of(comparison, attempt, self._explainer):
            path = source.fact.path
            scale = scale_of(self._vocabulary.attribute(source.fact.kind, source.fact.attribute))
            if scale is None or self.is_fixed(path):
                continue
            if source.form == "rules":
                later[path] = None
                continue
            asked = values_wanted(comparison, attempt, source, scale, self._case.as_of)
            for place in asked:
                target = self._target(source, place)
                if target is not None:
                    yield self._need([Setting(path, written_at(scale, target))])
        if later:
            yield Need((), "", tuple(later))

    def _target(self, source: Source, place: int) -> int | None:
        """Return what a fact has to be for its variable to be at a place of the scale."""
        scale = scale_of(self._vocabulary.attribute(source.fact.kind, source.fact.attribute))
        assert scale is not None  # noqa: S101 - it was asked for before
        own = place_on(scale, str(source.fact.value))
        assert own is not None  # noqa: S101 - a fact of the case stands on its scale
        if source.form in {"total", "within"}:
            if not isinstance(source.value, int):
                return None
            place += own - source.value
        elif source.form in {"most", "ranked"} and place <= own:
            return None
        return place if place >= 0 and place != own else None

    def _waiting(self, leaf: Failed, attempt: Attempt) -> Needs:
        """Yield the day to wait for, where the day of the case is what is too early."""
        bindings = dict(attempt.bindings)
        today = day_number(self._case.as_of)
        if leaf.rule.head.name == "in_force" and bindings.get("Date") == today == leaf.value:
            day = _iso(leaf.wanted[0]) if leaf.wanted else None
            if leaf.operator == ">=" and day is not None:
                yield self._need([Setting(AS_OF, day)])

    def _passed_to(self, leaf: Failed, attempt: Attempt) -> Needs:
        """Yield the changes by which the applicant takes the place of another recipient."""
        subject, applicant = dict(attempt.bindings).get("Subject"), self._case.applicant
        for fact in self._case.facts:
            attribute = self._vocabulary.attribute(fact.kind, fact.attribute)
            if (fact.entity, fact.value) != (subject, leaf.value) or attribute is None:
                continue
            fits = attribute.type == "ref" and self._case.entities[applicant].kind in attribute.to
            if fits and not self.is_fixed(fact.path):
                yield self._need([Setting(fact.path, applicant)])

    def _heard_again(self, leaf: Failed) -> Needs:
        """Yield that a review comes out otherwise."""
        for number, review in enumerate(self._case.reviews, start=1):
            if review.position == leaf.position and not review.passed:
                yield self._need([Setting(f"{REVIEW}{number}].outcome", "passed")])


def _iso(value: Value) -> str | None:
    if not isinstance(value, int):
        return None
    try:
        return date(value // 10_000, value // 100 % 100, value % 100).isoformat()
    except ValueError:
        return None
