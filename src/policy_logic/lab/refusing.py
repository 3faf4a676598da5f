"""Whether a changed rulebook would load at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.errors import Problem, RulebookError
from policy_logic.lab.rule_text import rule_text
from policy_logic.logic.solver import Grounded
from policy_logic.logic.terms import Literal
from policy_logic.rulebook.build import find_problems, infer_types

if TYPE_CHECKING:
    from policy_logic.lab.mutant import Mutant
    from policy_logic.logic.terms import Rule
    from policy_logic.rulebook.policy import Rulebook


def refusal(mutant: Mutant, book: Rulebook) -> Problem | None:
    """Return the first fault for which a changed rulebook is refused, ``None`` if it loads.

    A changed number is taken as if the text had been misread alike, so the check that compares
    the two is not asked.
    """
    if mutant.number is not None:
        return None
    for rule in mutant.after:
        unsafe = _unsafe(rule)
        if unsafe is not None:
            return unsafe
    changed = mutant.applied(book)
    types = infer_types(changed.vocabulary, changed.numbers, changed.rules)
    return next(find_problems(changed, types), None)


def _unsafe(rule: Rule) -> Problem | None:
    """Return what clingo says against a rule on its own."""
    signatures = {c.atom.signature for c in rule.body if isinstance(c, Literal)}
    declared = [f"#defined {name}/{arity}." for name, arity in sorted(signatures)]
    declared += [f"#defined -{name}/{arity}." for name, arity in sorted(signatures)]
    try:
        Grounded((), (), text=" ".join([*declared, rule_text(rule)]))
    except RulebookError as fault:
        return fault.problems[0]
    return None
