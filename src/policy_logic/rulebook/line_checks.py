"""Whether lines, vocabulary and rules agree: each line decided for a kind, by rules, on a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.rulebook.policy import Line, Policy


def check_lines(
    policy: Policy, vocabulary: Vocabulary, named: Mapping[str, set[str]]
) -> Iterator[Problem]:
    """Find lines that the vocabulary or the rules do not support.

    Args:
        policy: The policy.
        vocabulary: The vocabulary.
        named: The lines that the rules speak of, by the predicate that speaks of them.
    """
    for line in policy.lines.values():
        found = list(_check_line(policy, line, vocabulary, named))
        yield from found
        known = vocabulary.kinds_of(line.id)
        if not found and set(known) != set(line.subjects):
            details: dict[str, object] = {
                "line": line.id,
                "subject": ", ".join(line.subjects) or "–",
                "kinds": ", ".join(known) or "–",
            }
            yield Problem("rulebook.line_kind", line.position, details)


def _check_line(
    policy: Policy, line: Line, vocabulary: Vocabulary, named: Mapping[str, set[str]]
) -> Iterator[Problem]:
    details: dict[str, object] = {"line": line.id}
    for kind in line.subjects:
        if kind not in vocabulary.kinds:
            yield Problem("rulebook.line_subject", line.position, {**details, "kind": kind})
    if not policy.sections_of(line.id):
        yield Problem("rulebook.line_without_clause", line.position, details)
    if line.kind == "monetary":
        yield from _check_money_line(line, vocabulary)
        wanted = ["eligible"] if line.determinacy == "open" else ["eligible", "amount"]
    else:
        wanted = ["benefit"] if line.kind == "non_monetary" and line.subjects else []
    for predicate in wanted:
        if line.id not in named.get(predicate, set()):
            yield Problem(
                "rulebook.line_without_rule", line.position, {**details, "predicate": predicate}
            )


def _check_money_line(line: Line, vocabulary: Vocabulary) -> Iterator[Problem]:
    for role in line.recipients:
        if role == "itself":
            continue
        if not any(vocabulary.has_attribute(kind, role) for kind in line.subjects):
            details: dict[str, object] = {"line": line.id, "role": role}
            yield Problem("rulebook.line_recipient", line.position, details)
    if line.matter not in {*vocabulary.values["matter"], "its trigger"}:
        details = {"line": line.id, "matter": line.matter}
        yield Problem("rulebook.line_matter", line.position, details)
    if line.id not in vocabulary.line_event:
        yield Problem("rulebook.line_event", line.position, {"line": line.id})
