"""Which lines a rule of a policy serves, and which worked cases speak of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.logic.terms import Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.lab.mutant import Mutant
    from policy_logic.rulebook.cases import WorkedCase
    from policy_logic.rulebook.policy import Policy, Rulebook


def lines_served(book: Rulebook, policy: Policy) -> Mapping[str, frozenset[str]]:
    """Return, for each rule of a policy, the lines that are decided by it."""
    found: dict[str, set[str]] = {rule.id: set() for rule in policy.rules}
    for line in policy.lines:
        asked = [("eligible", 3), ("amount", 4), ("benefit", 2)]
        seen = set(asked)
        while asked:
            for rule in book.rules_for(asked.pop(), line):
                if rule.policy != policy.id:
                    continue
                found[rule.id].add(line)
                needed = {c.atom.signature for c in rule.body if isinstance(c, Literal)} - seen
                seen |= needed
                asked += needed
    return {rule: frozenset(lines) for rule, lines in found.items()}


def lines_of(
    mutant: Mutant, policy: Policy, served: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Return the lines that a change bears upon."""
    return frozenset().union(*(served[rule.id] for rule in mutant.touched(policy)))


def lines_spoken_of(case: WorkedCase) -> frozenset[str]:
    """Return the lines that a worked case states something of."""
    stated = (case.expected.get("claims") or {}, case.expected.get("refused") or {})
    named = {name.partition("/")[0] for section in stated for name in section}
    return frozenset(named.union(line for line, _ in case.expected.get("benefits") or ()))
