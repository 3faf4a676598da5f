"""What can be checked about the rules of a policy without an applicant's facts."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import TYPE_CHECKING

from policy_logic.errors import Position, Problem
from policy_logic.facts.scalars import nearest
from policy_logic.logic.terms import (
    Atom,
    Call,
    Comparison,
    Compound,
    Constant,
    Literal,
    Pattern,
    Rule,
    Term,
    variables,
)
from policy_logic.rulebook.signatures import CALLS, EXPECTED, GIVEN, attribute_signatures

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.rulebook.policy import Line, Number, Policy, Reading, Sentence
    from policy_logic.rulebook.signatures import Signature


def check_rules(
    rules: Sequence[Rule],
    vocabulary: Vocabulary,
    names: Mapping[str, set[str]],
) -> Iterator[Problem]:
    """Find what a rule relies on, or does, that the policy language does not allow.

    Args:
        rules: All rules, the shared ones first.
        vocabulary: The vocabulary.
        names: The names that exist, by type: lines, numbers, readings.
    """
    attributes = attribute_signatures(vocabulary)
    owners: dict[Signature, str] = {}
    for rule in rules:
        signature = rule.head.signature
        shared = signature in EXPECTED
        if rule.head.name.startswith("-"):
            yield Problem("rulebook.negated_derived", rule.position, {"predicate": rule.head.name})
        elif signature in GIVEN or signature in attributes:
            yield Problem("rulebook.head_given", rule.position, {"predicate": _shown(signature)})
        elif not shared and owners.setdefault(signature, rule.policy) != rule.policy:
            details: dict[str, object] = {
                "predicate": _shown(signature),
                "owner": owners[signature] or "derivation.lp",
            }
            yield Problem("rulebook.head_taken", rule.position, details)
    for rule in rules:
        yield from _check_rule(rule, owners, set(attributes), names)
    yield from _check_acyclic(rules)


def _check_rule(
    rule: Rule,
    owners: Mapping[Signature, str],
    attributes: set[Signature],
    names: Mapping[str, set[str]],
) -> Iterator[Problem]:
    seen = _count_variables(rule)
    for name, times in seen.items():
        if times == 1 and not name.startswith("_"):
            yield Problem("rulebook.variable_once", rule.position, {"variable": name})
        if len(name.rstrip("'")) == 1:
            yield Problem("rulebook.variable_letter", rule.position, {"variable": name})
    if rule.policy and not rule.section.quotes:
        yield Problem("rulebook.section_without_quote", rule.position, {"section": rule.section.id})
    yield from _check_literals(rule, owners, attributes)
    for atom, where in _atoms(rule):
        yield from _check_constants(atom, where, names)
    for term, where in _terms(rule):
        yield from _check_term(term, where)


def _check_literals(
    rule: Rule, owners: Mapping[Signature, str], attributes: set[Signature]
) -> Iterator[Problem]:
    for condition in rule.body:
        if isinstance(condition, Literal):
            atom, signature = condition.atom, condition.atom.signature
            known = signature in attributes or signature in GIVEN or signature in EXPECTED
            own = owners.get(signature)
            if not known and own not in {"", rule.policy}:
                legal = {*attributes, *GIVEN, *EXPECTED}
                legal |= {name for name, owner in owners.items() if owner in {"", rule.policy}}
                details: dict[str, object] = {
                    "predicate": _shown(signature),
                    "near": _nearest_predicate(signature, legal),
                }
                yield Problem("rulebook.predicate_unknown", condition.position, details)
            if signature in attributes and condition.absent:
                details = {"predicate": atom.name}
                yield Problem("rulebook.unknown_is_not_false", condition.position, details)
            if signature not in attributes and atom.name.startswith("-"):
                details = {"predicate": atom.name}
                yield Problem("rulebook.negated_derived", condition.position, details)


def _nearest_predicate(signature: Signature, legal: Collection[Signature]) -> str:
    """Return the predicates whose name comes nearest, as they are written."""
    name = nearest(signature[0], sorted({name for name, _ in legal}))
    return ", ".join(_shown(known) for known in sorted(legal) if known[0] == name) or name


def _count_variables(rule: Rule) -> Counter[str]:
    from collections import Counter  # noqa: PLC0415 - keeps the module's head to what it is about

    seen: Counter[str] = Counter()
    for term, _ in _terms(rule):
        seen.update(variables(term))
    return seen


def _atoms(rule: Rule) -> Iterator[tuple[Atom, Position]]:
    yield rule.head, rule.position
    for condition in rule.body:
        if isinstance(condition, Literal):
            yield condition.atom, condition.position


def _terms(rule: Rule) -> Iterator[tuple[Term, Position]]:
    for atom, where in _atoms(rule):
        for term in atom.args:
            yield term, where
    for condition in rule.body:
        if isinstance(condition, Comparison):
            yield condition.left, condition.position
            yield condition.right, condition.position


def _check_term(term: Term, where: Position) -> Iterator[Problem]:
    if isinstance(term, Constant):
        if isinstance(term.value, int) and term.value != 0:
            yield Problem("rulebook.number_in_rule", where, {"number": term.value})
        elif isinstance(term.value, Compound) and not term.value.args and term.value.name != "any":
            yield Problem("rulebook.name_in_lower", where, {"name": term.value.name})
    elif isinstance(term, (Pattern, Call)):
        if isinstance(term, Call) and (term.function, len(term.args)) not in CALLS:
            details: dict[str, object] = {
                "function": term.function,
                "known": ", ".join(f"@{name}/{arity}" for name, arity in sorted(CALLS)),
            }
            yield Problem("rulebook.call_unknown", where, details)
        for argument in term.args:
            yield from _check_term(argument, where)


def _check_constants(
    atom: Atom, where: Position, names: Mapping[str, set[str]]
) -> Iterator[Problem]:
    """Find names of numbers and readings that nothing declares."""
    first = atom.args[0] if atom.args else None
    if not isinstance(first, Constant) or not isinstance(first.value, str):
        return
    if atom.name in {"number", "reading"} and first.value not in names[atom.name]:
        details: dict[str, object] = {
            "name": first.value,
            "kind": f"{atom.name}s.toml",
            "near": nearest(first.value, sorted(names[atom.name])),
        }
        yield Problem("rulebook.name_unknown", where, details)
    elif atom.name == "reading" and len(atom.args) == 2:
        second = atom.args[1]
        if isinstance(second, Constant) and f"{first.value}={second.value}" not in names["value"]:
            own = sorted(name for name in names["value"] if name.startswith(f"{first.value}="))
            details = {
                "name": f"{first.value} = {second.value}",
                "kind": "readings.toml",
                "near": ", ".join(own),
            }
            yield Problem("rulebook.name_unknown", where, details)


def _check_acyclic(rules: Sequence[Rule]) -> Iterator[Problem]:
    """A policy only derives: no predicate may rest on itself.

    A shared rule may: it counts along an order, from which no case can make a circle.
    """
    needs: dict[Signature, set[Signature]] = {}
    for rule in rules:
        body = {c.atom.signature for c in rule.body if isinstance(c, Literal)}
        if not rule.policy:
            body.discard(rule.head.signature)
        needs.setdefault(rule.head.signature, set()).update(body)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as fault:
        cycle = list(reversed(fault.args[1]))
        rule = next(r for r in reversed(rules) if r.head.signature in cycle)
        details: dict[str, object] = {"cycle": " → ".join(_shown(s) for s in cycle)}
        yield Problem("rulebook.recursive", rule.position, details)


def waiting_names(policy: Policy) -> set[str]:
    """Return the numbers and readings whose words belong to a passage that is not encoded yet."""
    found = [policy.text.places(entry.quote) for entry in policy.pending]
    if not all(found):  # what is misquoted is a fault already, and may hold any of them
        return {*policy.numbers, *policy.readings}
    passages = [place for places in found for place in places]
    clauses = {number.name: number.clause for number in policy.numbers.values()}
    clauses |= {reading.name: reading.clause for reading in policy.readings.values()}
    return {
        name
        for name, clause in clauses.items()
        for place in policy.text.places(clause)
        if any(p.start <= place.start and place.stop <= p.stop for p in passages)
    }


def check_used(
    declared: tuple[Mapping[str, Number], Mapping[str, Reading]],
    used: Mapping[str, set[str]],
    waiting: Collection[str] = (),
) -> Iterator[Problem]:
    """Find numbers and readings that no rule uses.

    Args:
        declared: The numbers and the readings.
        used: The names that rules use, by kind.
        waiting: The names that need no rule yet, as :func:`waiting_names` gives them.
    """
    numbers, readings = declared
    for number in numbers.values():
        if number.name not in {*used.get("number", ()), *waiting}:
            yield Problem("rulebook.number_unused", number.position, {"name": number.name})
    for reading in readings.values():
        if reading.name not in {*used.get("reading", ()), *waiting}:
            yield Problem("rulebook.reading_unused", reading.position, {"name": reading.name})


def check_names(
    constants: Mapping[str, Mapping[str, Position]],
    vocabulary: Vocabulary,
    lines: Mapping[str, Line],
    notices: Collection[str],
) -> Iterator[Problem]:
    """Find names in rules that do not exist, each where it stands."""
    for kind, names in constants.items():
        if kind == "line":
            legal = set(lines)
        elif kind == "notice":
            legal = set(notices)
        elif kind.startswith("value:"):
            legal = set(vocabulary.legal_values(tuple(kind[6:].split("+"))))
        else:
            continue
        for name in sorted(set(names) - legal):
            details: dict[str, object] = {
                "name": name,
                "kind": kind.removeprefix("value:"),
                "near": nearest(name, sorted(legal)),
            }
            yield Problem("rulebook.value_unknown", names[name], details)


def check_sentences(
    rules: Sequence[Rule], sentences: Mapping[Signature, Sentence], given: set[Signature]
) -> Iterator[Problem]:
    """Find predicates that cannot be told to people, and sentences about nothing.

    Args:
        rules: All rules.
        sentences: How predicates read.
        given: The predicates that a case gives; deriving one is a problem of its own.
    """
    told = set(given)
    derived = {rule.head.signature for rule in rules}
    for signature, sentence in sentences.items():
        if signature not in derived and signature not in EXPECTED and signature not in GIVEN:
            details: dict[str, object] = {"predicate": _shown(signature)}
            yield Problem("rulebook.sentence_unused", sentence.position, details)
    for rule in rules:
        signature = rule.head.signature
        if signature not in sentences and signature not in told:
            told.add(signature)
            details = {"predicate": _shown(signature)}
            yield Problem("rulebook.sentence_missing", rule.position, details)


def check_caps(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Find caps that cross: their lines must lie inside each other or apart."""
    lines: dict[str, set[str]] = {}
    where: dict[str, Position] = {}
    for rule in rules:
        if rule.head.signature == ("annual_cap", 2) and not rule.body:
            line, cap = (a.value for a in rule.head.args if isinstance(a, Constant))
            lines.setdefault(str(cap), set()).add(str(line))
            where[str(cap)] = rule.position
    for first, second in combinations(sorted(lines), 2):
        common = lines[first] & lines[second]
        if common and not (lines[first] <= lines[second] or lines[second] <= lines[first]):
            details: dict[str, object] = {"first": first, "second": second}
            yield Problem("rulebook.caps_cross", where[second], details)


def _shown(signature: Signature) -> str:
    return f"{signature[0]}/{signature[1]}"


def spoken_lines(rules: Sequence[Rule]) -> dict[str, set[str]]:
    """Return the lines that each shared predicate is derived for.

    A rule for one line names it in its head; a rule for several takes it from a table of facts.
    """
    tables: dict[tuple[Signature, int], set[str]] = {}
    for rule in rules:
        if not rule.body:
            for index, term in enumerate(rule.head.args):
                if isinstance(term, Constant) and isinstance(term.value, str):
                    tables.setdefault((rule.head.signature, index), set()).add(term.value)
    found: dict[str, set[str]] = {}
    for rule in rules:
        if rule.head.signature not in EXPECTED or not rule.head.args:
            continue
        first = rule.head.args[0]
        names = found.setdefault(rule.head.name, set())
        if isinstance(first, Constant) and not isinstance(first.value, Compound):
            names.add(str(first.value))
            continue
        options = [
            tables.get((c.atom.signature, index), set())
            for c in rule.body
            if isinstance(c, Literal) and not c.absent
            for index, term in enumerate(c.atom.args)
            if term == first and (c.atom.signature, index) in tables
        ]
        names.update(set.intersection(*options) if options else set())
    return found
