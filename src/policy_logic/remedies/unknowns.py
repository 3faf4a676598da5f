"""From an unknown fact to what would have to be shown of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from policy_logic.logic.terms import Constant, Literal, Variable
from policy_logic.prove.matching import evaluate, has_hole
from policy_logic.remedies.computing import least_asked
from policy_logic.remedies.figures import scale_of
from policy_logic.remedies.needs import Need, Way, figure_need, need_of
from policy_logic.remedies.settings import NO, YES, Setting
from policy_logic.rulebook.signatures import summarised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from policy_logic.facts.sweeps import Scale
    from policy_logic.facts.vocabulary import Attribute, Vocabulary
    from policy_logic.logic.terms import Term
    from policy_logic.prove.refusal import Attempt, Unknown
    from policy_logic.prove.why import Explainer

_MOST_NEW: Final = 50
NEW: Final = "new_"
"""What the id of an entity begins with that the case does not have and that would be needed."""


class Unknowns:
    """What would have to be shown of unknown facts, in one version of a case."""

    def __init__(self, explainer: Explainer, latest: date) -> None:
        """Look at a version of a case.

        Args:
            explainer: What holds in it.
            latest: The last day on which the policy asked about applies, not after today.
        """
        self._explainer, self._latest = explainer, latest
        self._case = explainer.derivation.case
        self._vocabulary = explainer.derivation.book.vocabulary

    def ways(self, leaf: Unknown, attempt: Attempt) -> Iterator[Way]:
        """Yield what would make a condition on an unknown fact hold, each for itself enough."""
        kind, _, name, *rest = leaf.fact.split(".", 3)
        attribute = self._vocabulary.attribute(kind, name)
        if attribute is None:
            return
        literal = self._literal(leaf, attempt)
        summary = summarised(self._vocabulary, kind, literal.atom.name) if literal else None
        if literal is not None and summary is not None and summary[1] != "within":
            yield from self._summarised(leaf, attempt, literal, summary)
            return
        count = len(attribute.index)
        parts = rest[0].split(".", count) if rest and count else rest
        terms = list(literal.atom.args) if literal is not None else []
        holds = NO if literal is not None and literal.atom.name.startswith("-") else YES
        has_member = attribute.type == "set" and len(parts) > count
        scale = scale_of(attribute)
        for path in self._paths(leaf.fact, min(len(parts), count), attribute, terms, attempt):
            settings = [Setting(path, value) for value in self._values(attribute, terms, attempt)]
            if attribute.type == "bool" or has_member:
                settings = [Setting(path, holds)]
            elif attribute.type == "set":
                settings = [Setting(f"{path}.{setting.value}", holds) for setting in settings]
            if scale is not None:
                place = self._place(scale, attribute, terms, attempt)
                yield frozenset([figure_need([path], scale, place, 1)])
            elif attribute.type == "ref":
                yield from (frozenset([Need((s,), "=".join(s))]) for s in settings)
            elif settings:
                yield frozenset([need_of(settings, self._vocabulary)])

    def _summarised(
        self, leaf: Unknown, attempt: Attempt, literal: Literal, summary: tuple[Attribute, str]
    ) -> Iterator[Way]:
        """Yield as many figures as a summary asks for, where none is given."""
        attribute, form = summary
        scale = scale_of(attribute)
        bindings = dict(attempt.bindings)
        keys = [evaluate(term, bindings) for term in literal.atom.args[1 : len(attribute.index)]]
        rank = evaluate(literal.atom.args[-2], bindings) if form == "ranked" else 1
        free = free_keys(self._vocabulary, attribute, ())
        if scale is None or not isinstance(rank, int) or any(map(has_hole, keys)):
            return
        whole = ".".join([*leaf.fact.split(".")[:3], *map(str, keys)])
        least = least_asked(attempt, literal.atom.args[-1], scale)
        paths = [f"{whole}.{key}" for key in free]
        if rank == 1:
            yield frozenset([figure_need(paths, scale, least, 1)])
        elif len(free) >= rank:
            yield frozenset(figure_need([path], scale, least, 1) for path in paths[:rank])

    def _values(self, attribute: Attribute, terms: Sequence[Term], attempt: Attempt) -> list[str]:
        """Return values of an attribute, all that would do or the first to try."""
        if attribute.type in {"enum", "set"}:
            legal = self._vocabulary.members(attribute)
            found = [v for term in terms[-1:] for v in self._asked_for(term, attempt)]
            return [value for value in found if value in legal] or list(legal)
        if attribute.type == "ref":
            return self._fitting(attribute)
        return []

    def _place(
        self, scale: Scale, attribute: Attribute, terms: Sequence[Term], attempt: Attempt
    ) -> int:
        """Return where to begin with an unknown figure or day."""
        if scale.type == "date":
            return self._day(attribute, attempt).toordinal()
        return least_asked(attempt, terms[-1], scale) if terms else 0

    def _literal(self, leaf: Unknown, attempt: Attempt) -> Literal | None:
        """Return the condition of a rule that asks for an unknown fact."""
        keys = [part for part in leaf.fact.split(".", 3)[3:] if part]
        fitting: list[Literal] = []
        for condition in attempt.rule.body:
            if not isinstance(condition, Literal):
                continue
            name = condition.atom.name.removeprefix("-")
            summary = summarised(self._vocabulary, leaf.kind, name)
            if name == leaf.attribute or (summary and summary[0].name == leaf.attribute):
                fitting.append(condition)
        bindings = dict(attempt.bindings)
        for condition in fitting:
            told = [evaluate(term, bindings) for term in condition.atom.args[1:]]
            known = [str(value) for value in told if not has_hole(value)]
            if keys and known and keys[0].startswith(known[0]):
                return condition
        return fitting[0] if fitting else None

    def _paths(
        self, path: str, given: int, attribute: Attribute, terms: Sequence[Term], attempt: Attempt
    ) -> list[str]:
        """Return a path with the keys that it lacks, in every way that a rule may ask for."""
        paths = [path]
        for place in range(given, len(attribute.index)):
            term = terms[place + 1] if place + 1 < len(terms) else None
            keys = self._keys(attribute.index[place], term, attempt)
            paths = [f"{path}.{key}" for path in paths for key in keys]
        return paths

    def _keys(self, index: str, term: Term | None, attempt: Attempt) -> list[str]:
        """Return keys under which a rule may ask for a fact."""
        found = self._asked_for(term, attempt)
        if found:
            return found
        if index == "year":
            return [str(self._case.as_of.year)]
        return list(self._vocabulary.legal_values((index,))) or [f"{NEW}1"]

    def _asked_for(self, term: Term | None, attempt: Attempt) -> list[str]:
        """Return the values that the other conditions of a rule leave for one of its terms."""
        if isinstance(term, Constant):
            return [str(term.value)]
        if not isinstance(term, Variable):
            return []
        bindings = dict(attempt.bindings)
        known = bindings.get(term.name)
        if known is not None and not has_hole(known):
            return [str(known)]
        for condition in attempt.rule.body:
            if not isinstance(condition, Literal) or condition.absent:
                continue
            if term not in condition.atom.args:
                continue
            values = {
                str(evaluate(term, found))
                for found in self._explainer.model.find(condition.atom, bindings)
            }
            if values:
                return sorted(values)
        return []

    def _fitting(self, attribute: Attribute) -> list[str]:
        """Return the entities a reference may name: the applicant first, or a new one if none."""
        entities = self._case.entities
        fitting = [name for name, entity in entities.items() if entity.kind in attribute.to]
        if self._case.applicant in fitting:
            return [self._case.applicant, *(n for n in fitting if n != self._case.applicant)]
        return fitting or [f"{NEW}{attribute.to[0]}"]

    def _day(self, attribute: Attribute, attempt: Attempt) -> date:
        """Return a day on which something unknown may have happened.

        A policy has to be published by the day that a rule looks at; any other event may be of
        the last day that counts.
        """
        if attribute.kind != "policy":
            return self._latest
        days = [day for _, value in attempt.bindings if (day := _day(value)) is not None]
        return min([self._case.as_of, *days])


def free_keys(vocabulary: Vocabulary, attribute: Attribute, held: Collection[str]) -> list[str]:
    """Return the last keys of an attribute under which a case gives no figure."""
    legal = list(vocabulary.legal_values(attribute.index[-1:]))
    if not legal:
        return [f"{NEW}{number}" for number in range(1, _MOST_NEW + 1)]
    return [key for key in legal if key not in held]


def _day(value: object) -> date | None:
    if not isinstance(value, int) or not 19_000_101 <= value <= 99_991_231:
        return None
    try:
        return date(value // 10_000, value // 100 % 100, value % 100)
    except ValueError:
        return None
