"""From a refusal to changes: for each condition that does not hold, what would make it hold.

Nothing here is certain: a change is a guess from the condition, and whoever asks has to derive
the case again to see whether it does what was hoped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Fact as GivenFact
from policy_logic.facts.paths import value_at
from policy_logic.facts.source import MappingNode, SequenceNode
from policy_logic.logic.terms import (
    Comparison,
    Compound,
    Constant,
    Fact,
    Literal,
    Value,
    Variable,
    variables,
)
from policy_logic.prove.matching import evaluate, has_hole
from policy_logic.prove.proof import Leaf, walk
from policy_logic.prove.refusal import Attempt, Failed, Reason, Refusal, Unknown
from policy_logic.rulebook.signatures import summarised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Rule, Term
    from policy_logic.prove.why import Explainer

    Reaches: TypeAlias = Callable[[str, Failed], Iterable[str]]

Changed: TypeAlias = tuple[tuple[str, str], ...]
"""Values by path, in the order in which they are taken otherwise, as ``--set`` writes them."""

MOST_COMBINATIONS: Final = 48
_FIGURES: Final = ("money", "usd", "integer", "share")
_LEAST_SHARE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A condition that no change of a fact can make hold.

    Attributes:
        leaf: The condition.
        attempt: The way on which it stands.
        attribute: The attribute whose value stays as it is; ``None`` where no fact decides.
    """

    leaf: Failed | Unknown
    attempt: Attempt
    attribute: Attribute | None

    @property
    def kind(self) -> str:
        """What stands in the way, as one of the words that the page and JSON use."""
        leaf = self.leaf
        if isinstance(leaf, Unknown):
            return "open"
        if leaf.condition.startswith("recipient"):
            return "recipient"
        if leaf.condition.startswith("review"):
            return "review"
        if leaf.rule.head.name == "in_force":
            return "in_force"
        if isinstance(leaf.value, date):
            return "later"
        return "stays" if self.attribute is not None else "other"


class Remedies:
    """What would make the conditions of one refusal hold.

    Attributes:
        obstacles: What nothing can be done about, as far as it was met.
    """

    def __init__(
        self, explainer: Explainer, root: Node, reaches: Reaches, stays: Callable[[str], bool]
    ) -> None:
        self._explainer, self._root = explainer, root
        self._reaches, self._stays = reaches, stays
        self._case = explainer.derivation.case
        self._vocabulary = explainer.derivation.book.vocabulary
        self.obstacles: list[Obstacle] = []

    def ways(self, refusal: Refusal) -> list[Changed]:
        """Return sets of changes, one for each way to meet all conditions of a way to the line."""
        found: dict[Changed, None] = {}
        for attempt in refusal.attempts:
            for changed in self._attempt(attempt):
                found[changed] = None
        return list(found)

    def _attempt(self, attempt: Attempt) -> Iterator[Changed]:
        own = [r for r in attempt.unmet if not (isinstance(r, Failed) and r.is_consequence)]
        parts: list[Sequence[Changed]] = []
        is_open = True
        for reason in own or attempt.unmet:
            options = self._reason(reason, attempt)
            is_open = is_open and bool(options)
            parts.append(options)
        if is_open:
            yield from islice(_joined(parts), MOST_COMBINATIONS)

    def _reason(self, reason: Reason, attempt: Attempt) -> Sequence[Changed]:
        if isinstance(reason, Refusal):
            return self.ways(reason)
        attribute = self._attribute(reason.fact)
        if isinstance(reason, Unknown):
            options = list(self._shown(reason, attempt)) if attribute else []
        elif attribute is None:
            options = list(self._computed(reason, attempt))
        elif self._stays(reason.fact):
            options = []
        else:
            options = list(self._changed(reason, attribute))
        if not options:
            self.obstacles.append(Obstacle(reason, attempt, attribute))
        return [(option,) for option in options]

    def _attribute(self, fact: str) -> Attribute | None:
        kind, _, rest = fact.partition(".")
        return self._vocabulary.attribute(kind, rest.partition(".")[2].partition(".")[0])

    def _changed(self, leaf: Failed, attribute: Attribute) -> Iterator[tuple[str, str]]:
        """Yield values of a known fact with which a failed condition may hold."""
        wanted = [value for value in leaf.wanted if not has_hole(value)]
        if leaf.operator in {"includes", "excludes"}:
            members = wanted or [*self._vocabulary.members(attribute)]
            yield from (self._member(leaf, str(value)) for value in members)
        elif isinstance(leaf.value, bool) and not leaf.wanted:
            yield leaf.fact, "false" if leaf.value else "true"
        elif leaf.operator == "=":
            yield from ((leaf.fact, _written(value)) for value in wanted)
        elif attribute.type in _FIGURES and leaf.operator == ">=" and "count(" in leaf.condition:
            yield from self._further(leaf.fact, attribute)
        elif attribute.type in _FIGURES and wanted:
            yield from self._threshold(leaf, wanted[0])
        elif attribute.type == "date" and wanted and isinstance(wanted[0], int):
            day = _day(wanted[0])
            step = timedelta({">": 1, "<": -1}.get(leaf.operator, 0))
            if day is not None and day + step <= self._case.as_of:
                yield leaf.fact, (day + step).isoformat()

    def _member(self, leaf: Failed, value: str) -> tuple[str, str]:
        """Return the change that puts a value into a set, or takes it out."""
        is_in = leaf.operator == "includes"
        node = value_at(self._root, leaf.fact)
        if isinstance(node, MappingNode) or node is None:
            return f"{leaf.fact}.{value}", "true" if is_in else "false"
        held = [item.text for item in node.items if hasattr(item, "text")] if isinstance(
            node, SequenceNode) else []  # fmt: skip
        kept = [name for name in held if name != value]
        return leaf.fact, f"[{', '.join([*kept, value] if is_in else kept)}]"

    def _threshold(self, leaf: Failed, wanted: Value) -> Iterator[tuple[str, str]]:
        """Yield the value of a figure at which a comparison holds, moved by what it is short of."""
        own = self._figure(leaf.fact)
        if isinstance(own, Decimal) and isinstance(wanted, Decimal):
            step = {">": _LEAST_SHARE, "<": -_LEAST_SHARE}.get(leaf.operator, Decimal(0))
            found = wanted + step
            if 0 <= found <= 1:
                yield leaf.fact, format(found.normalize(), "f")
        elif isinstance(own, int) and isinstance(wanted, int) and isinstance(leaf.value, int):
            target = own + wanted - leaf.value + {">": 1, "<": -1}.get(leaf.operator, 0)
            if target >= 0:
                yield leaf.fact, str(target)

    def _figure(self, path: str) -> object:
        return next((fact.value for fact in self._case.facts if _path(fact) == path), None)

    def _further(self, path: str, attribute: Attribute) -> Iterator[tuple[str, str]]:
        """Yield a figure under a key that has none yet."""
        node = value_at(self._root, path)
        held = {key.text for key, _ in node.pairs} if isinstance(node, MappingNode) else set()
        legal = list(self._vocabulary.legal_values(attribute.index[-1:])) or [
            f"new{number}" for number in range(1, len(held) + 2)
        ]
        free = next((key for key in legal if key not in held), None)
        if free is not None:
            yield f"{path}.{free}", "0"

    def _computed(self, leaf: Failed, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """Yield changes of the facts from which a compared value was computed."""
        yield from self._passed_to(leaf, attempt)
        yield from self._published(leaf, attempt)
        if not isinstance(leaf.literal, Comparison) or leaf.is_gate or _is_day(leaf):
            return
        for path in self._figures_behind(leaf.literal, attempt):
            if not self._stays(path):
                yield from ((path, value) for value in self._reaches(path, leaf))

    def _passed_to(self, leaf: Failed, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """Yield the changes by which the applicant takes the place of another recipient."""
        if not leaf.condition.startswith("recipient"):
            return
        subject = dict(attempt.bindings).get("Subject")
        applicant = self._case.applicant
        for fact in self._case.facts:
            attribute = self._vocabulary.attribute(fact.kind, fact.attribute)
            own = (fact.entity, fact.value) == (subject, leaf.value)
            if not own or attribute is None or attribute.type != "ref":
                continue
            fits = self._case.entities[applicant].kind in attribute.to
            if fits and not self._stays(_path(fact)):
                yield _path(fact), applicant

    def _published(self, leaf: Failed, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """Yield the day by which a policy must be published, where that is not known."""
        policy = dict(attempt.bindings).get("Policy")
        path = f"policy.{policy}.published_on"
        day = _day(leaf.value) if isinstance(leaf.value, int) else None
        if leaf.rule.head.name == "in_force" and leaf.operator == ">=" and day is not None:
            known = value_at(self._root, path) is not None
            if known and not self._stays(path) and day <= self._case.as_of:
                yield path, day.isoformat()

    def _figures_behind(self, comparison: Comparison, attempt: Attempt) -> list[str]:
        names = {*variables(comparison.left), *variables(comparison.right)}
        bindings = dict(attempt.bindings)
        for condition in reversed(attempt.rule.body):
            if isinstance(condition, Comparison) and condition.operator == "=":
                both = {*variables(condition.left), *variables(condition.right)}
                names |= both if names & both else set()
        found: dict[str, None] = {}
        for condition in attempt.rule.body:
            if not isinstance(condition, Literal) or condition.absent:
                continue
            last = condition.atom.args[-1:] or ()
            if not any(name in names for term in last for name in variables(term)):
                continue
            atom = Fact(
                condition.atom.name, tuple(evaluate(term, bindings) for term in condition.atom.args)
            )
            if any(has_hole(argument) for argument in atom.args):
                continue
            if atom not in self._explainer.model:
                continue
            for fact in _facts(self._explainer, atom):
                if isinstance(fact.value, (int, Decimal)) and not isinstance(fact.value, bool):
                    found[_path(fact)] = None
        return list(found)

    def _shown(self, leaf: Unknown, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """Yield values of an unknown fact with which a condition may hold."""
        kind, _, name, *rest = leaf.fact.split(".", 3)
        attribute = self._vocabulary.attribute(kind, name)
        if attribute is None:
            return
        parts = rest[0].split(".", len(attribute.index)) if rest else []
        literal = _literal(attempt.rule, leaf, self._vocabulary, kind)
        terms = list(literal.atom.args) if literal is not None else []
        has_member = len(parts) > len(attribute.index)
        paths = self._paths(leaf.fact, len(parts), attribute, terms, attempt)
        negated = literal is not None and literal.atom.name.startswith("-")
        holds = "false" if negated else "true"
        for own in paths:
            if attribute.type == "bool" or has_member:
                yield own, holds
            elif attribute.type in {"enum", "set"}:
                for value in self._values(attribute, terms[-1:], attempt):
                    yield (own, value) if attribute.type == "enum" else (f"{own}.{value}", holds)
            elif attribute.type == "ref":
                yield from ((own, entity) for entity in self._fitting(attribute))
            elif attribute.type == "date":
                yield from ((own, day.isoformat()) for day in self._days(attempt))
            elif attribute.type in _FIGURES:
                yield own, "0"

    def _paths(
        self,
        path: str,
        given: int,
        attribute: Attribute,
        terms: Sequence[Term],
        attempt: Attempt,
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
            return [str(self._case.as_of.year - 1)]
        legal = list(self._vocabulary.legal_values((index,)))
        return legal[:1] or ["new1"]

    def _values(self, attribute: Attribute, terms: Sequence[Term], attempt: Attempt) -> list[str]:
        legal = self._vocabulary.members(attribute)
        found = [value for term in terms for value in self._asked_for(term, attempt)]
        return [value for value in found if value in legal] or list(legal)

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
        """Return the entities a reference may name: the applicant where it fits."""
        entities = self._case.entities
        fitting = [name for name, entity in entities.items() if entity.kind in attribute.to]
        return [self._case.applicant] if self._case.applicant in fitting else fitting

    def _days(self, attempt: Attempt) -> list[date]:
        """Return days on which something unknown may have happened."""
        found = [self._case.as_of]
        for _, value in attempt.bindings:
            if isinstance(value, int) and 19_000_101 <= value <= 99_991_231:
                day = _day(value)
                found += [day] if day is not None and day < self._case.as_of else []
        return list(dict.fromkeys(reversed(found)))


def _literal(rule: Rule, leaf: Unknown, vocabulary: object, kind: str) -> Literal | None:
    """Return the condition of a rule that asks for an unknown fact."""
    for condition in rule.body:
        if not isinstance(condition, Literal):
            continue
        name = condition.atom.name.removeprefix("-")
        if name == leaf.attribute:
            return condition
        summary = summarised(vocabulary, kind, name)  # type: ignore[arg-type]
        if summary is not None and summary[0].name == leaf.attribute:
            return condition
    return None


def _joined(parts: Sequence[Sequence[Changed]]) -> Iterator[Changed]:
    """Yield every choice of one option for each part; of two values for a path, each in turn."""
    for chosen in product(*parts):
        values: dict[str, list[str]] = {}
        for path, value in (pair for changed in chosen for pair in changed):
            known = values.setdefault(path, [])
            if value not in known:
                known.append(value)
        for picked in product(*values.values()):
            yield tuple(zip(values, picked, strict=True))


def _facts(explainer: Explainer, atom: Fact) -> Iterator[GivenFact]:
    for leaf in walk(explainer.why(atom)):
        if not isinstance(leaf, Leaf):
            continue
        if isinstance(leaf.origin, GivenFact):
            yield leaf.origin
        elif isinstance(leaf.origin, Summary):
            yield from leaf.origin.facts


def _path(fact: GivenFact) -> str:
    return ".".join([fact.kind, fact.entity, fact.attribute, *map(str, fact.keys)])


def _is_day(leaf: Failed) -> bool:
    """Return whether two days are compared."""
    return leaf.rule.head.name == "in_force" or leaf.short_by.endswith(("day", "days"))


def _written(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Compound):
        return ", ".join(map(str, value.args))
    return str(value)


def _day(number: int) -> date | None:
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None
