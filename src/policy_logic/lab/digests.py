"""Digests of what the result of a trial rests on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy_logic.lab.rule_text import rule_text

if TYPE_CHECKING:
    from policy_logic.rulebook.cases import WorkedCase
    from policy_logic.rulebook.policy import Rulebook

_ROOMS: Final = ("facts", "logic", "rulebook", "derive", "select", "decide", "prove", "lab")


def case_digest(case: WorkedCase) -> str:
    """Return a digest of what a worked case gives and states, whatever it is called."""
    expected = {k: v for k, v in case.expected.items() if k not in {"name", "set"}}
    text = json.dumps([case.facts, expected], default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def rules_digest(book: Rulebook) -> str:
    """Return a digest of everything that decides a case, and of the program that does.

    Comments, quotations and the order of lines in a file do not matter.
    """
    digest = hashlib.sha256(_program().encode())
    for rule in book.rules:
        digest.update(f"{rule.id}|{rule_text(rule)}".encode())
    for number in book.numbers.values():
        digest.update(f"{number.name}|{number.value}|{number.type}".encode())
    for reading in book.readings.values():
        digest.update(f"{reading.name}|{list(reading.values)}".encode())
    for policy in book.policies.values():
        force = policy.validity
        digest.update(f"{policy.id}|{policy.place}|{force.start}|{force.end}".encode())
        digest.update(f"{force.years}".encode())
    for line in book.lines.values():
        told = (line.article, line.kind, line.subjects, line.recipients, line.per)
        digest.update(f"{line.id}|{told}|{line.determinacy}".encode())
        digest.update(f"{line.review_required}|{line.matter}".encode())
    words = book.vocabulary
    for attribute in words.attributes.values():
        digest.update(str(attribute).encode())
    for part in (words.values, words.within, words.line_year, words.line_event, words.line_matter):
        digest.update(str(dict(part)).encode())
    digest.update((book.shared / "selection.lp").read_bytes())
    return digest.hexdigest()


def _program() -> str:
    """Return a digest of the code that reads, derives, decides and explains a case."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for room in _ROOMS:
        for file in sorted((package / room).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
