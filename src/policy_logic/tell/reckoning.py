"""Comparisons and calculations in words: each value with what it is called."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from policy_logic.logic.terms import Call, Comparison, Constant, source_of
from policy_logic.prove.matching import evaluate
from policy_logic.rulebook.signatures import CALLS, summarised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.logic.terms import Rule, Term, Value
    from policy_logic.prove.proof import Compared
    from policy_logic.tell.wording import Wording


def comparison_lines(
    compared: Compared, bindings: Mapping[str, Value], words: Wording
) -> list[str]:
    """Return a comparison as one line, a calculation as a line for each step."""
    comparison, rule = compared.comparison, compared.rule
    lines: list[str] = []
    left = side(comparison.left, rule, bindings, lines, words)
    right = side(comparison.right, rule, bindings, lines, words)
    if comparison.operator == "=" and (
        isinstance(comparison.left, Call) or isinstance(comparison.right, Call)
    ):
        return lines
    operator = sign(comparison.operator)
    return [*lines, words.say("compared", left=left, operator=operator, right=right)]


def sign(operator: str) -> str:
    """Return a comparison sign as people write it."""
    return {">=": "≥", "<=": "≤", "!=": "≠"}.get(operator, operator)


def side(
    term: Term, rule: Rule, bindings: Mapping[str, Value], lines: list[str], words: Wording
) -> str:
    """Return a term with its name and value; note the calculations on the way."""
    value = evaluate(term, dict(bindings))
    if isinstance(term, Call):
        told = [side(argument, rule, bindings, lines, words) for argument in term.args]
        kind = type_of(term, rule, bindings, words)
        result = words.value(value, kind)
        name = f"call_{term.function}"
        if term.function == "portion" and not _is_exact(term, bindings, value):
            name = "call_portion_floored"
        lines.append(words.say(name, first=told[0], second=told[1], result=result))
        return result
    kind = type_of(term, rule, bindings, words)
    shown = words.value(value, kind)
    name = _source_name(rule, term, bindings, words)
    return words.say("called", name=name, value=shown) if name else shown


def _source_name(rule: Rule, term: Term, bindings: Mapping[str, Value], words: Wording) -> str:
    """Return what a variable's value is called: a number of the text, an attribute."""
    source = source_of(rule, term)
    if source is None:
        return ""
    args = [evaluate(argument, dict(bindings)) for argument in source.atom.args]
    if source.atom.name == "number":
        return words.value(args[0], "number")
    if source.atom.name in {"valid_from", "valid_until", "falls_on"}:
        return words.say(source.atom.name)
    kind = words.kind_of(str(args[0])) if args else ""
    summary = summarised(words.book.vocabulary, kind, source.atom.name)
    name = summary[0].name if summary else source.atom.name
    if words.book.vocabulary.has_attribute(kind, name):
        return words.attribute_name(kind, name)
    return words.say("amount") if source.atom.name == "amount" else ""


def type_of(term: Term, rule: Rule, bindings: Mapping[str, Value], words: Wording) -> str:
    """Return the type of a term in a rule; empty where nothing tells."""
    if isinstance(term, Call):
        kind = CALLS[term.function, len(term.args)][0]
        return type_of(term.args[0], rule, bindings, words) if kind == "quantity" else kind
    source = source_of(rule, term)
    if source is not None:
        if source.atom.name == "number":
            number = words.book.numbers.get(str(evaluate(source.atom.args[0], dict(bindings))))
            return number.type if number else ""
        places = words.book.types.get(source.atom.signature, ())
        index = source.atom.args.index(term)
        return places[index] if index < len(places) else ""
    for condition in rule.body:
        if isinstance(condition, Comparison) and condition.operator == "=":
            sides = (condition.left, condition.right)
            other = next((s for s in sides if term in sides and isinstance(s, Call)), None)
            if other is not None:
                return type_of(other, rule, bindings, words)
    return "money" if isinstance(term, Constant) else ""


def _is_exact(term: Call, bindings: Mapping[str, Value], result: Value) -> bool:
    """Return whether a share of an amount came out whole."""
    amount, rate = (evaluate(argument, dict(bindings)) for argument in term.args)
    return not isinstance(amount, int) or not isinstance(rate, Decimal) or amount * rate == result
