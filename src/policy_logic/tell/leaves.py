"""What is given, in words: one sentence for each leaf of a proof, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from policy_logic.derive.summaries import Summary
from policy_logic.facts.model import Case, Grant, Review
from policy_logic.facts.model import Fact as GivenFact
from policy_logic.rulebook.policy import Line, Number, Policy, Reading

if TYPE_CHECKING:
    from policy_logic.derive.atoms import Origin
    from policy_logic.errors import Position
    from policy_logic.prove.proof import Absence, Leaf
    from policy_logic.tell.wording import Wording


@dataclass(frozen=True, slots=True)
class Source:
    """Where one line of a tree comes from, in parts.

    Attributes:
        kind: ``rule``, ``fact``, ``text`` (a number or a day of the text), ``reading``,
            ``absence``, ``unknown`` or ``failed``; empty for a calculation or a remark.
        article: The article of the clause, as the text numbers it.
        clause: The clause.
        place: A rule with its file and line, or a file and line of the case; of a fact that is
            unknown or decides against, the fact, as ``work.gucheng.footage_share.datong``.
        evidence: The evidence of a fact.
    """

    kind: str = ""
    article: str = ""
    clause: str = ""
    place: str = ""
    evidence: str = ""


NO_SOURCE = Source()


def leaf_sentence(node: Leaf, words: Wording) -> str:
    """Return something given as a sentence."""
    origin, atom = node.origin, node.atom
    if isinstance(origin, GivenFact) and atom.name == "refers":
        name = words.attribute_name(origin.kind, origin.attribute)
        return words.say("attribute", entity=words.entity(origin.entity), attribute=name,
                         value=words.entity(str(origin.value)))  # fmt: skip
    if isinstance(origin, Number):
        value = words.value(atom.args[1], origin.type)
        return words.say("named", name=origin.label.say(words.language), value=value)
    if isinstance(origin, Reading):
        chosen = origin.values[str(atom.args[1])].say(words.language)
        return words.say("reading", about=origin.label.say(words.language), value=chosen)
    return _given(node, words)


def _given(node: Leaf, words: Wording) -> str:
    origin, atom = node.origin, node.atom
    if isinstance(origin, Policy) or atom.name in {"valid_from", "valid_until"}:
        day = words.value(atom.args[1], "date")
        told = words.say("named", name=words.say(atom.name), value=day)
        return words.say("only_assumed", told=told) if isinstance(origin, Case) else told
    if isinstance(origin, Review):
        line = words.line(origin.line)
        if origin.amount is not None and atom.name == "review_amount":
            return words.say("entry_fixed", line=line, amount=words.amount(origin.amount))
        outcome = words.value("passed" if origin.passed else "failed", "outcome")
        return words.say("entry_review", line=line, outcome=outcome)
    if isinstance(origin, Grant):
        by = words.line(origin.line) if origin.line else words.say("titled", title=origin.policy)
        return words.say("entry_grant", by=by, amount=words.amount(origin.amount))
    if atom.name == "as_of":
        return words.say("case_day", day=words.value(atom.args[0], "date"))
    if isinstance(origin, Summary):
        return words.summary(atom, origin)
    if isinstance(origin, Line) and atom.name == "review_required":
        return words.say("review_required", line=words.line(origin.id))
    if isinstance(origin, Case) and atom.name.startswith("-"):
        return words.say("taken_as_none", told=words.sentence(atom))
    return words.sentence(atom)


def leaf_note(origin: Origin, words: Wording) -> str:
    """Return where something given comes from: a file, evidence, a clause."""
    if isinstance(origin, GivenFact):
        return words.evidence(origin)
    if isinstance(origin, Summary):
        places = dict.fromkeys(words.evidence(fact) for fact in origin.facts)
        return words.say("between").join(places)
    if isinstance(origin, (Number, Reading)):
        return words.say("quoted", article="", clause=origin.clause)
    if isinstance(origin, Policy):
        return words.say("quoted", article="", clause=origin.validity.clause)
    if isinstance(origin, (Review, Grant)):
        evidence = words.say("evidence", evidence=origin.evidence) if origin.evidence else ""
        return words.say("between").join(p for p in (str(origin.position), evidence) if p)
    return str(origin.source) if isinstance(origin, Case) else ""


def leaf_source(origin: Origin) -> Source:
    """Return where something given comes from, in parts; a file is named without its folder."""
    if isinstance(origin, GivenFact):
        return Source("fact", place=_place(origin.position), evidence=origin.evidence or "")
    if isinstance(origin, Summary):
        places = dict.fromkeys(_place(fact.position) for fact in origin.facts)
        shown = dict.fromkeys(fact.evidence for fact in origin.facts if fact.evidence)
        return Source("fact", place=", ".join(places), evidence="; ".join(shown))
    if isinstance(origin, (Review, Grant)):
        return Source("fact", place=_place(origin.position), evidence=origin.evidence or "")
    if isinstance(origin, Case):
        return Source("fact", place=_place(origin.source))
    if isinstance(origin, Number):
        return Source("text", clause=origin.clause)
    if isinstance(origin, Reading):
        return Source("reading", clause=origin.clause, place=origin.name)
    if isinstance(origin, Policy):
        return Source("text", clause=origin.validity.clause)
    return Source("text")


def _place(position: Position) -> str:
    return f"{PurePath(position.file).name}:{position.line}"


_ABSENT = {
    "review_failed": "no_failed_review",
    "qualifies_earlier": "not_earlier",
    "amount_fixed": "not_fixed",
}


def absence_sentence(node: Absence, words: Wording) -> str:
    """Return a known absence as a sentence."""
    name = _ABSENT.get(node.atom.name)
    if name is not None:
        return words.say(name)
    if node.atom.name == "given":
        return words.say("not_given", attribute=str(node.atom.args[1]))
    return words.say("absent", told=words.sentence(node.atom))


def is_telling(node: Absence) -> bool:
    """Return whether an absence is worth telling in a tree."""
    return node.atom.name in _ABSENT or node.atom.name == "given"
