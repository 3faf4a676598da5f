"""Failed conditions in words: what was asked, what is there, how far it is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from policy_logic.logic.terms import Comparison, Compound, Variable, source_of
from policy_logic.prove.matching import evaluate
from policy_logic.rulebook.signatures import attribute_signature
from policy_logic.tell.reckoning import side, sign, type_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policy_logic.logic.terms import Value
    from policy_logic.prove.refusal import Failed
    from policy_logic.tell.wording import Wording


def failed_sentence(leaf: Failed, bindings: Mapping[str, Value], words: Wording) -> str:
    """Return a failed condition in words: what was asked, what is there, how far it is."""
    if isinstance(leaf.literal, Comparison):
        return _failed_comparison(leaf, leaf.literal, bindings, words)
    if leaf.operator == "kind":
        return _failed_kind(leaf, words)
    name, kind = _failed_name(leaf, words)
    if leaf.literal.atom.name == "reading":
        return words.say("failed_reading", condition=leaf.condition, actual=leaf.actual)
    if leaf.condition.startswith("review"):
        return words.say("failed_review")
    if not name:
        return words.say("failed_other", condition=leaf.condition, actual=leaf.actual)
    return _failed_attribute(leaf, name, kind, words)


def _failed_attribute(leaf: Failed, name: str, kind: str, words: Wording) -> str:
    wanted = _or([words.value(value, kind) for value in leaf.wanted], words)
    if leaf.operator == ">=":
        return words.say(
            "failed_count", name=name, wanted=wanted, actual=words.value(leaf.value, "integer"),
            short_by=leaf.short_by,
        )  # fmt: skip
    if leaf.operator in {"includes", "excludes"}:
        held = [words.value(v, kind) for v in leaf.value.args] if isinstance(
            leaf.value, Compound) else []  # fmt: skip
        actual = words.list(held) or words.say("nothing")
        return words.say(f"failed_{leaf.operator}", name=name, wanted=wanted, actual=actual)
    actual = words.value(leaf.value, kind)
    if leaf.operator == "<=":
        return words.say("failed_later", name=name, actual=actual, today=wanted)
    if leaf.operator == "=":
        return words.say("failed_equals", name=name, wanted=wanted, actual=actual)
    return words.say("failed_bool", name=name, actual=actual)


def _failed_kind(leaf: Failed, words: Wording) -> str:
    """Return that a party is not of a kind that can have what is asked."""
    kinds = words.book.vocabulary.kinds
    entity = leaf.condition.removeprefix("kind of ").partition(" = ")[0]
    wanted = [kinds[str(name)].label.say(words.language) for name in leaf.wanted]
    actual = kinds[leaf.actual].label.say(words.language)
    return words.say(
        "failed_kind", entity=words.entity(entity), wanted=_or(wanted, words), actual=actual
    )


def _failed_name(leaf: Failed, words: Wording) -> tuple[str, str]:
    if leaf.condition.startswith("recipient"):
        return words.say("recipient"), "entity"
    if not leaf.fact:
        return "", ""
    kind, entity, attribute, *keys = leaf.fact.split(".", 3)
    known = words.book.vocabulary.attribute(kind, attribute)
    if known is None:
        return "", ""
    name = words.attribute_name(kind, attribute)
    if keys and known.index:
        shown = [words.key(key, list(known.index)) for key in keys[0].split(".")]
        name = words.keyed(name, shown)
    name = words.say("asked", entity=words.entity(entity), attribute=name)
    return name, attribute_signature(known)[1][-1]


def _failed_comparison(
    leaf: Failed, comparison: Comparison, bindings: Mapping[str, Value], words: Wording
) -> str:
    lines: list[str] = []
    for condition in leaf.rule.body:  # the calculation that led here
        if isinstance(condition, Comparison) and condition.operator == "=" and leaf.steps == ():
            side(condition.right, leaf.rule, bindings, lines, words)
    left, right = comparison.left, comparison.right
    if evaluate(left, dict(bindings)) != leaf.value:
        left, right = right, left
    steps: list[str] = []
    actual = side(left, leaf.rule, bindings, steps, words)
    wanted = side(right, leaf.rule, bindings, steps, words)
    kind = type_of(left, leaf.rule, bindings, words)
    told = words.say(
        "failed_equal" if leaf.short_by == "0" else "failed_comparison",
        actual=actual,
        operator=sign(leaf.operator),
        wanted=wanted,
        short_by=_short_by(leaf.short_by, kind, words),
    )
    uses = isinstance(left, Variable) and source_of(leaf.rule, left) is None
    return words.say("between").join([*lines, told]) if uses else told


def _short_by(text: str, kind: str, words: Wording) -> str:
    if text.endswith((" day", " days")):
        count = text.split(maxsplit=1)[0]
        return words.say("one_day") if count == "1" else words.say("days", count=count)
    if "." in text:
        return words.value(Decimal(text), "share")
    return words.value(int(text), kind) if text else "—"


def _or(told: Sequence[str], words: Wording) -> str:
    return words.say("or").join(told)
