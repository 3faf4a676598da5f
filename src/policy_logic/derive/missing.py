"""What a case leaves unsaid of its entities, and all that could be said of it.

A *completion* of a case says what the case says, and possibly more of the same entities. What
could be said more is listed here, one thing at a time, each with the answers that rules can tell
apart. A figure is one answer, a span; a day is a span for each stretch of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.derive.answers import NONE_OF_THEM, Answer, AnswerMaker, first_day
from policy_logic.facts.model import Key, path_of
from policy_logic.logic.terms import Fact, Literal
from policy_logic.rulebook.signatures import attribute_signature, summary_signatures
from policy_logic.rulebook.turning import numbers_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.model import Case
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.rulebook.policy import Rulebook


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a case does not say.

    Attributes:
        attribute: The attribute.
        entity: The entity's id.
        keys: The keys of its index; of figures taken together, all but the last.
        member: The value of a set that it is about; empty for anything else, and for a set as a
            whole.
        answers: What could be said, as far as rules can tell one from another.
        further: Of figures taken together: the last keys that rules look at.
    """

    attribute: Attribute
    entity: str
    keys: tuple[Key, ...]
    member: str
    answers: tuple[Answer, ...]
    further: tuple[Key, ...] = ()

    @property
    def path(self) -> str:
        """The way to it in a case, as ``work.gucheng.listed_on.annual@nrta``."""
        more = (self.member,) if self.member else ()
        return path_of(self.attribute.kind, self.entity, self.attribute.name, (*self.keys, *more))


def missing_from(case: Case, book: Rulebook) -> tuple[Missing, ...]:
    """Return what a case leaves unsaid, as far as any rule at hand could ask for it.

    What is taken as "none" if absent is not among it, nor are reviews and support received.
    """
    return tuple(_Search(case, book).everything())


class _Search:
    """Goes through all attributes of all entities of one case."""

    def __init__(self, case: Case, book: Rulebook) -> None:
        self.case, self.book = case, book
        self.make = AnswerMaker(case, book)
        self.roles = {role for line in book.lines.values() for role in line.recipients}
        self.said: dict[tuple[str, str, tuple[Key, ...]], dict[object, bool]] = {}
        for fact in case.facts:
            own = self.said.setdefault((fact.entity, fact.attribute, fact.keys), {})
            own[fact.value] = fact.holds

    def everything(self) -> Iterator[Missing]:
        vocabulary = self.book.vocabulary
        for entity in self.case.entities.values():
            for attribute in vocabulary.attributes_of(entity.kind):
                if attribute.absent != "none" and attribute.type != "text":
                    yield from self.of_attribute(entity.id, attribute)
        yield from self.policies()

    def of_attribute(self, entity: str, attribute: Attribute) -> Iterator[Missing]:
        signature, _ = attribute_signature(attribute)
        forms = {
            form: own
            for form, (own, _) in summary_signatures(attribute).items()
            if own in self.make.used
        }
        is_used = signature in self.make.used or attribute.name in self.make.asked
        is_role = attribute.type == "ref" and attribute.name in self.roles
        if forms:
            yield from self.together(entity, attribute, forms)
        elif is_used or is_role or attribute.type == "ref":
            for keys in self.keys(attribute.index):
                yield from self.at(entity, attribute, keys)

    def keys(self, index: tuple[str, ...]) -> Iterator[tuple[Key, ...]]:
        """Yield the keys that rules may look at."""
        if not index:
            yield ()
            return
        for first in self.keys_of(index[0]):
            for rest in self.keys(index[1:]):
                yield (first, *rest)

    def keys_of(self, index: str) -> tuple[Key, ...]:
        if index == "year":
            return self.make.years
        if index == "scene":
            return ()
        return self.make.named((index,))

    def at(self, entity: str, attribute: Attribute, keys: tuple[Key, ...]) -> Iterator[Missing]:
        """Yield what is unsaid of an attribute at some keys."""
        stated = self.said.get((entity, attribute.name, keys), {})
        if attribute.type == "set":
            if (entity, attribute.name, keys) not in self.case.complete_sets:
                yield from self.members(entity, attribute, keys, stated)
            return
        if stated or self.denied(entity, attribute, keys):
            return
        answers = tuple(self.make.answers(entity, attribute, keys))
        if answers:
            yield Missing(attribute, entity, keys, "", answers)

    def denied(self, entity: str, attribute: Attribute, keys: tuple[Key, ...]) -> bool:
        """Return whether what a value would imply is known not to be."""
        implied = self.book.vocabulary.attribute(attribute.kind, attribute.implies)
        if implied is None:
            return False
        if implied.type != "set":
            own = self.said.get((entity, implied.name, keys[: len(implied.index)]), {})
            return False in own
        place = (entity, implied.name, keys[:-1])
        listed = self.case.complete_sets.get(place)
        if listed is not None:
            return keys[-1] not in listed.members
        return self.said.get(place, {}).get(keys[-1]) is False

    def members(
        self,
        entity: str,
        attribute: Attribute,
        keys: tuple[Key, ...],
        stated: Mapping[object, bool],
    ) -> Iterator[Missing]:
        """Yield each value of a set of which the case says nothing."""
        is_negated = attribute_signature(attribute)[0] in self.make.negated
        for member in self.make.named(attribute.values):
            if member in stated:
                continue
            answers = [Answer(said=True, atoms=self.make.said(entity, attribute, keys, member))]
            if is_negated:
                atom = Fact(f"-{attribute.name}", (entity, *keys, member))
                answers.append(Answer(said=False, atoms=(atom,)))
            yield Missing(attribute, entity, keys, member, tuple(answers))
        if attribute.name in self.make.asked and not stated:
            answer = Answer(NONE_OF_THEM, (Fact("given", (entity, attribute.name)),))
            yield Missing(attribute, entity, keys, "", (answer,))

    def together(
        self, entity: str, attribute: Attribute, forms: Mapping[str, tuple[str, int]]
    ) -> Iterator[Missing]:
        """Yield figures that rules take together, where the case gives none of them."""
        ranks = self.ranks(forms["ranked"]) if "ranked" in forms else 1
        summaries = [(form, predicate, ranks) for form, (predicate, _) in forms.items()]
        scenes = tuple(f"{attribute.name}_{number}" for number in range(1, ranks + 1))
        further = self.keys_of(attribute.index[-1]) or scenes
        for keys in self.keys(attribute.index[:-1]):
            if any(
                (name, own, found[:-1]) == (entity, attribute.name, keys)
                for name, own, found in self.said
            ):
                continue
            answer = self.make.figures(entity, attribute, keys, further, summaries)
            yield Missing(attribute, entity, keys, "", (answer,), further)

    def ranks(self, predicate: tuple[str, int]) -> int:
        """Return the highest rank that a rule may ask for."""
        asking = [
            rule
            for rule in self.book.rules
            for condition in rule.body
            if isinstance(condition, Literal) and condition.atom.signature == predicate
        ]
        numbers = [number for rule in asking for number in numbers_named(rule, self.book)]
        ranks = [number.value for number in numbers if number.type == "integer"]
        return max((rank for rank in ranks if isinstance(rank, int)), default=1)

    def policies(self) -> Iterator[Missing]:
        """Yield the day of publication of each policy that is issued and has no first day."""
        attribute = self.book.vocabulary.attribute("policy", "published_on")
        for policy in self.book.policies.values():
            known = first_day(policy, self.case) or (policy.id, "published_on", ()) in self.said
            if attribute is not None and not policy.is_draft and not known:
                answers = tuple(self.make.published(policy))
                yield Missing(attribute, policy.id, (), "", answers)
