"""A rule as text, written from what it says: one condition a line, as rule files have it."""

from __future__ import annotations

from policy_logic.logic.terms import Call, Comparison, Condition, Constant, Rule, Term, Variable
from policy_logic.prove.showing import written


def rule_text(rule: Rule, *guards: str) -> str:
    """Return a rule as clingo reads it.

    Args:
        rule: The rule.
        guards: Further conditions, as text.
    """
    head = _call(rule.head.name, rule.head.args)
    body = [*(condition_text(condition) for condition in rule.body), *guards]
    return f"{head} :-\n    " + ",\n    ".join(body) + "." if body else f"{head}."


def condition_text(condition: Condition) -> str:
    """Return a condition as a rule has it."""
    if isinstance(condition, Comparison):
        left, right = term_text(condition.left), term_text(condition.right)
        return f"{left} {condition.operator} {right}"
    absent = "not " if condition.absent else ""
    return absent + _call(condition.atom.name, condition.atom.args)


def term_text(term: Term) -> str:
    """Return a term as a rule has it."""
    if isinstance(term, Variable):
        return "_" if term.name.startswith("_") else term.name
    if isinstance(term, Constant):
        return written(term.value)
    if isinstance(term, Call):
        return "@" + _call(term.function, term.args)
    return _call(term.name, term.args)


def _call(name: str, args: tuple[Term, ...]) -> str:
    return f"{name}({', '.join(map(term_text, args))})" if args else name
