"""Values, atoms and calculations in words: labels from the vocabulary, templates from the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from policy_logic.facts.vocabulary import Attribute
from policy_logic.language import Language, say
from policy_logic.logic.terms import (
    Compound,
    Fact,
    Value,
)
from policy_logic.prove.matching import HOLE
from policy_logic.prove.showing import written_atom
from policy_logic.rulebook.signatures import attribute_signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.derive.claims import Claim
    from policy_logic.derive.summaries import Summary
    from policy_logic.facts.model import Case
    from policy_logic.facts.model import Fact as GivenFact
    from policy_logic.prove.refusal import Unknown
    from policy_logic.rulebook.policy import Rulebook

TEN_THOUSAND = 10_000
_NAMED = {"Yuan": "money", "Date": "date"}  # what a rule's variable is where no rule says it


class About(Protocol):
    """What words are about: a case, and the policies it is judged by."""

    @property
    def book(self) -> Rulebook:
        """The rulebook."""

    @property
    def case(self) -> Case:
        """The case."""


class Wording:
    """The words of one case in one language.

    Attributes:
        language: The language.
        about: What they are about.
        book: The rulebook that has the words.
    """

    def __init__(self, about: About, language: Language) -> None:
        self.language = language
        self.about = about
        self.book = about.book
        self._case = about.case

    def say(self, name: str, /, **details: object) -> str:
        """Return one of this room's own messages."""
        return say(f"tell.{name}", self.language, **details)

    def entity(self, name: str) -> str:
        """Return an entity's name for people."""
        known = self._case.entities.get(name)
        if name in self.book.policies and (known is None or known.kind == "policy"):
            return self.book.policies[name].title.say(self.language)
        return known.label if known else name

    def line(self, name: str) -> str:
        """Return a line's name for people."""
        line = self.book.lines.get(name)
        return line.label.say(self.language) if line else name

    def place_of(self, policy: str) -> str:
        """Return the name of the place where a policy applies."""
        place = self.book.policies[policy].place
        return self.book.vocabulary.label("place", place).say(self.language)

    def claim(self, claim: Claim) -> str:
        """Return a claim's name for people."""
        parts = [self.line(claim.line), self.entity(claim.subject)]
        if claim.year is not None:
            parts.append(self.value(claim.year, "year"))
        if claim.trigger is not None:
            parts.append(self.value(claim.trigger, "trigger"))
        return self.say("apart").join(parts)

    def money(self, yuan: int) -> str:
        """Return a sum in yuan."""
        return self.say("yuan", amount=f"{yuan:,}")

    def amount(self, yuan: int) -> str:
        """Return a sum as a sentence has it: in Chinese in ten thousands, with the exact yuan."""
        if abs(yuan) < TEN_THOUSAND:
            return self.money(yuan)
        whole, rest = divmod(abs(yuan), TEN_THOUSAND)
        sign = "-" if yuan < 0 else ""
        wan = f"{sign}{whole:,}" + (f".{rest:04}".rstrip("0") if rest else "")
        return self.say("amount_of", wan=wan, yuan=self.money(yuan))

    def value(self, value: object, kind: str) -> str:
        """Return a value of a type, as :mod:`policy_logic.rulebook.signatures` names types."""
        if value == HOLE:
            return "…"
        if value is None:
            return "—"
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, date):
            return self._date(value)
        if isinstance(value, Decimal):
            return format((value * 100).normalize(), "f") + "%"
        if isinstance(value, int):
            return self._number(value, kind)
        if isinstance(value, Compound):
            return self._compound(value)
        return self._name(str(value), kind)

    def _number(self, value: int, kind: str) -> str:
        if kind == "money":
            return self.amount(value)
        if kind == "usd":
            return self.say("dollars", amount=f"{value:,}")
        if kind == "date":
            return self._date(date(value // 10_000, value // 100 % 100, value % 100))
        if kind == "year":
            return self.say("year", year=value)
        return f"{value:,}"

    def _date(self, day: date) -> str:
        return self.say("date", year=day.year, month=day.month, day=day.day, iso=day.isoformat())

    def _name(self, name: str, kind: str) -> str:
        book = self.book
        if kind.startswith("value:"):
            lists = kind[6:].split("+")
            return self._listed(name, lists)
        if kind == "line" or (not kind and name in book.lines):
            return self.line(name)
        if kind == "entity":
            return self.entity(name)
        if kind == "number" and name in book.numbers:
            return book.numbers[name].label.say(self.language)
        if kind == "policy" and name in book.policies:
            return book.policies[name].title.say(self.language)
        if kind in {"trigger", "matter"}:
            return self._listed(name, ["list" if kind == "trigger" else "matter"])
        if kind in {"unit", "determinacy"}:
            return self.say(f"{kind}_{name}")
        if kind == "outcome" or name in {"none", "pending", "passed", "failed"}:
            return self.say(f"review_{name}")
        return name if kind else self._listed(name, ["list"])

    def _listed(self, name: str, lists: Sequence[str]) -> str:
        values = self.book.vocabulary.values
        for known in lists:
            if name in values.get(known, {}):
                return self.book.vocabulary.label(known, name).say(self.language)
        return name

    def _compound(self, value: Compound) -> str:
        if value.name == "year":
            return self.say("whole_year", year=self._bare(value.args[0]))
        if value.name == "day":
            return self.value(value.args[0], "date")
        if value.name == "listing":
            return self.list([self.value(value.args[0], "trigger"),
                              self.value(value.args[1], "date")])  # fmt: skip
        if value.name == "claim":
            line, subject, year, trigger = value.args
            parts = [self.value(line, "line"), self.value(subject, "entity")]
            parts += [self.value(year, "year")] if year is not None else []
            parts += [self.value(trigger, "trigger")] if trigger is not None else []
            return self.say("apart").join(parts)
        if value.name == "pool":
            return self.keyed(self.value(value.args[0], "number"), [self._bare(value.args[2])])
        if value.name == "received":
            return self.say("received", entry=self._bare(value.args[0]))
        if value.name == "any":
            return self.say("any")
        if value.name == "set":
            return self.list([str(argument) for argument in value.args])
        return value.name

    def list(self, told: Sequence[str]) -> str:
        """Return several words one after another."""
        return self.say("comma").join(told)

    def keyed(self, name: str, keys: Sequence[str]) -> str:
        """Return a name with what narrows it down: a year, a place."""
        return self.say("keyed", name=name, keys=self.list(keys)) if keys else name

    def _bare(self, value: Value) -> str:
        return "…" if value == HOLE else str(value)

    def sentence(self, atom: Fact) -> str:
        """Return an atom as a sentence."""
        template = self.book.sentences.get((atom.name.removeprefix("-"), len(atom.args)))
        types = list(self.types(atom))
        if template is not None:
            named_so = (_NAMED.get(argument, "") for argument in template.arguments)
            types = [kind or name for kind, name in zip(types, named_so, strict=True)]
        words = [self.value(v, kind) for v, kind in zip(atom.args, types, strict=True)]
        if template is not None:
            named = dict(zip(template.arguments, words, strict=True))
            return template.label.say(self.language).format(**named)
        return self._attribute(atom, words) or written_atom(atom)

    def types(self, atom: Fact) -> tuple[str, ...]:
        """Return what an atom's arguments are."""
        name = atom.name.removeprefix("-")
        attribute = self._attribute_of(atom)
        if attribute is not None:
            signature, types = attribute_signature(attribute)
            if signature == (name, len(atom.args)):
                return types
        types = self.book.types.get((name, len(atom.args)), ())
        if (name, len(atom.args)) == ("number", 2) and str(atom.args[0]) in self.book.numbers:
            types = ("number", self.book.numbers[str(atom.args[0])].type)
        return types or ("",) * len(atom.args)

    def kind_of(self, entity: str) -> str:
        """Return the kind of an entity, also of one that the case need not name, as a policy."""
        known = self._case.entities.get(entity)
        return known.kind if known else self.book.vocabulary.kind_of_id(entity) or ""

    def _attribute_of(self, atom: Fact) -> Attribute | None:
        """Return the attribute that an atom is about, if it is about one."""
        kind = self.kind_of(str(atom.args[0])) if atom.args else ""
        return self.book.vocabulary.attribute(kind, atom.name.removeprefix("-"))

    def _attribute(self, atom: Fact, words: Sequence[str]) -> str:
        attribute = self._attribute_of(atom)
        if attribute is None:
            return ""
        keys = list(words[1 : 1 + len(attribute.index)])
        value = self.say("no" if atom.name.startswith("-") else "yes")
        if attribute.type != "bool":
            value = words[-1]
        if attribute.type in {"set", "enum"} and atom.name.startswith("-"):
            value = self.say("other_than", value=value)
        return self._told(attribute, words[0], keys, value)

    def _told(
        self, about: GivenFact | Attribute, entity: str, keys: Sequence[str], value: str
    ) -> str:
        name = about.name if isinstance(about, Attribute) else about.attribute
        name = self.keyed(self.attribute_name(about.kind, name), keys)
        return self.say("attribute", entity=entity, attribute=name, value=value)

    def summary(self, atom: Fact, summary: Summary) -> str:
        """Return figures taken together as a sentence."""
        first = summary.facts[0]
        attribute = self.book.vocabulary.attribute(first.kind, first.attribute)
        kind = "" if attribute is None else attribute_signature(attribute)[1][-1]
        figures = self.say("plus").join(self.value(fact.value, kind) for fact in summary.facts)
        types = self.book.types.get((atom.name, len(atom.args)), ("",) * len(atom.args))
        words = [self.value(v, of) for v, of in zip(atom.args, types, strict=True)]
        value = self.say(
            f"summary_{summary.form}", value=words[-1], figures=figures, key=words[-2],
            count=len(summary.facts),
        )  # fmt: skip
        keys = words[1:-2] if summary.form in {"ranked", "within"} else words[1:-1]
        return self._told(first, words[0], keys, value)

    def attribute_name(self, kind: str, name: str) -> str:
        """Return an attribute's name for people."""
        attribute = self.book.vocabulary.attribute(kind, name)
        if attribute is None:
            return name
        return attribute.zh if self.language == "zh" else attribute.en

    def question(self, unknown: Unknown) -> str:
        """Return an unknown fact in words: whose, which, and for which key."""
        return self.fact(unknown.fact)

    def fact(self, path: str) -> str:
        """Return what stands at a path of the case: whose, which, and for which key."""
        kind, entity, own, *keys = [*path.split(".", 3), ""][:4]
        attribute = self.book.vocabulary.attribute(kind, own)
        shown: list[str] = []
        if attribute is not None and keys and keys[0]:
            parts = keys[0].split(".") if attribute.index else keys
            lists = [*attribute.index, *attribute.values]
            shown = [self.key(part, lists) for part in parts]
        name = self.keyed(self.attribute_name(kind, own), shown)
        return self.say("asked", entity=self.entity(entity), attribute=name)

    def key(self, key: str, lists: Sequence[str]) -> str:
        """Return a key of an index: a year, or a value of one of the lists that name it."""
        return self.value(int(key), "year") if key.isdigit() else self._listed(key, lists)

    def evidence(self, fact: GivenFact) -> str:
        """Return where a fact stands, its evidence, and what implies it."""
        parts = [str(fact.position)]
        if fact.evidence:
            parts.append(self.say("evidence", evidence=fact.evidence))
        attribute = self.book.vocabulary.attribute(fact.kind, fact.attribute)
        if attribute is not None and attribute.judgement:
            parts.append(self.say("judgement"))
        if fact.implied_by is not None:
            source = fact.implied_by
            name = self.attribute_name(source.kind, source.attribute)
            parts.append(self.say("implied", name=name))
        return self.say("between").join(parts)
