"""What ``rules list`` and ``rules show`` print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from policy_logic.errors import Problem, RequestError
from policy_logic.facts.scalars import nearest
from policy_logic.language import Language, say
from policy_logic.logic.terms import Constant, Literal, Rule
from policy_logic.prove.showing import show
from policy_logic.rulebook.cases import WorkedCase, worked_cases
from policy_logic.rulebook.signatures import EXPECTED

if TYPE_CHECKING:
    from policy_logic.rulebook.policy import Line, Policy, Rulebook

_CASES_SHOWN = 5


def print_list(book: Rulebook, policy: str | None, language: Language, output: str) -> None:
    """Print every line of the policies, or of one."""
    chosen = [p for name, p in book.policies.items() if policy in {None, name}]
    if output == "json":
        lines = [_line(line, language) for p in chosen for line in p.lines.values()]
        typer.echo(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    for known in chosen:
        title = known.title.say(language)
        status = say(f"page.status_{known.status}", language)
        counts = "page.lines" if len(known.lines) != 1 else "page.lines_once"
        counted = say(counts, language, count=len(known.lines))
        pending = ""
        if known.pending:
            pending = say("page.pending_passages", language, count=len(known.pending))
        head = (title, known.number, status, counted, pending)
        typer.echo(" · ".join(part for part in head if part))
        width = max((len(line.id) for line in known.lines.values()), default=0)
        for line in known.lines.values():
            facts = [say(f"page.class_{line.kind}", language)]
            if line.kind == "monetary":
                facts += [
                    say(f"page.determinacy_{line.determinacy}", language),
                    say(f"page.per_{line.per}", language),
                ]
                if line.review_required:
                    facts.append(say("page.review_required", language))
            label = line.label.say(language)
            typer.echo(f"  {line.id:<{width}}  {line.article}  {label} ({', '.join(facts)})")


def print_line(book: Rulebook, name: str, language: Language, output: str) -> None:
    """Print one line: its clause, numbers, readings and rules.

    Raises:
        RequestError: There is no such line.
    """
    line = book.lines.get(name)
    if line is None:
        details: dict[str, object] = {"line": name, "near": nearest(name, sorted(book.lines))}
        raise RequestError([Problem("request.line_unknown", None, details)])
    policy = book.policies[line.policy]
    rules = rules_behind(policy, line.id)
    numbers = [n for n in policy.numbers.values() if any(f'"{n.name}"' in r.text for r in rules)]
    readings = [r for r in policy.readings.values() if any(f'"{r.name}"' in x.text for x in rules)]
    cases = [case for name in (line.policy, "across") for case in worked_cases(book.folder, name)]
    paid = [case for case in cases if case.pays(line.id)]
    refused = [case for case in cases if case.refuses(line.id)]
    if output == "json":
        document = {
            **_line(line, language),
            "clauses": [s.clause for s in policy.sections_of(line.id)],
            "numbers": {n.name: {"value": show(n.value), "clause": n.clause} for n in numbers},
            "readings": {r.name: list(r.values) for r in readings},
            "cases": {
                "pays": [case.id for case in paid],
                "refused": [case.id for case in refused],
            },
            "rules": {rule.id: rule.text for rule in rules},
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{line.id}  {line.article}  {line.label.say(language)}")
    for heading, rows in (
        ("clause", [f"“{s.clause}”" for s in policy.sections_of(line.id)]),
        ("numbers", [f"{n.label.say(language)}: {show(n.value)}  “{n.clause}”" for n in numbers]),
        ("readings", [_reading(policy, r.name, language) for r in readings]),
        ("cases", [*_cases("pays", paid, language), *_cases("refused", refused, language)]),
        ("rules", [f"{rule.id}\n{rule.text}" for rule in rules]),
    ):
        if rows:
            typer.echo("\n" + say(f"page.{heading}", language))
        for row in rows:
            typer.echo(row)


def _reading(policy: Policy, name: str, language: Language) -> str:
    reading = policy.readings[name]
    values = "; ".join(
        f"{value} = {label.say(language)}" for value, label in reading.values.items()
    )
    return f"{name}: {reading.label.say(language)}  “{reading.clause}”\n    {values}"


def _cases(kind: str, cases: list[WorkedCase], language: Language) -> list[str]:
    """Return how many worked cases there are of a kind, and the first of them."""
    if not cases:
        return []
    files = ", ".join(dict.fromkeys(f"{case.policy}/cases/{case.file.name}" for case in cases))
    heading = say(f"page.cases_{kind}", language, count=len(cases), files=files)
    return [heading, *(f"    {case.name}" for case in cases[:_CASES_SHOWN])]


def rules_behind(policy: Policy, line: str) -> list[Rule]:
    """Return the rules that a line rests on: those that name it, and what they need.

    A clause by which only the higher of two is paid speaks of every money line.
    """
    tables = {
        rule.head.signature
        for rule in policy.rules
        if not rule.body and Constant(line) in rule.head.args
    }
    found: dict[str, Rule] = {}
    is_money = policy.lines[line].kind == "monetary"
    asked: list[Rule] = [
        rule
        for rule in policy.rules
        if Constant(line) in rule.head.args
        or (is_money and rule.head.name == "higher_only")
        or (
            rule.head.name == "one_matter" and Constant(policy.lines[line].matter) in rule.head.args
        )
        or any(isinstance(c, Literal) and c.atom.signature in tables for c in rule.body)
    ]
    asked = [rule for rule in asked if rule.body or Constant(line) in rule.head.args]
    while asked:
        rule = asked.pop(0)
        if rule.id in found:
            continue
        found[rule.id] = rule
        needed = {c.atom.signature for c in rule.body if isinstance(c, Literal)}
        needed -= tables | set(EXPECTED)
        asked += [r for r in policy.rules if r.head.signature in needed and _fits(r, line)]
    order = {rule.id: number for number, rule in enumerate(policy.rules)}
    return sorted(found.values(), key=lambda rule: order[rule.id])


def _fits(rule: Rule, line: str) -> bool:
    """Return whether a rule is not about another line."""
    first = rule.head.args[0] if rule.head.args else None
    if not isinstance(first, Constant) or not isinstance(first.value, str):
        return True
    return first.value == line or not first.value.startswith(f"{rule.policy}.")


def _line(line: Line, language: Language) -> dict[str, Any]:
    return {
        "line": line.id,
        "policy": line.policy,
        "article": line.article,
        "class": line.kind,
        "label": line.label.say(language),
        "subject": list(line.subjects),
        "recipient": list(line.recipients),
        "per": line.per or None,
        "determinacy": line.determinacy or None,
        "review": ("required" if line.review_required else "none") if line.per else None,
        "matter": line.matter or None,
    }
