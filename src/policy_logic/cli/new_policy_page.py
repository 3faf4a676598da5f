"""What ``rules new`` prints: what was found in the text, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from policy_logic.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from policy_logic.lab.new_policy import NewPolicy
    from policy_logic.lab.preamble import Preamble
    from policy_logic.language import Language


def print_made(made: NewPolicy, file: Path, rules: Path, language: Language) -> None:
    """Print what was found in the text of a new policy, and what comes next."""
    for line in _lines(made, file, rules, language):
        typer.echo(line)


def _lines(made: NewPolicy, file: Path, rules: Path, language: Language) -> Iterator[str]:
    outline = made.outline
    about = outline.preamble
    missing = say("scaffold.not_found", language)
    counts = say(
        "scaffold.counts",
        language,
        articles=outline.articles,
        passages=sum(len(clause.quotes) for clause in outline.clauses),
        numbers=sum(len(clause.stated) for clause in outline.clauses),
    )
    yield say("scaffold.created", language, folder=made.folder, file=file)
    for name, value in (
        ("title", about.title),
        ("number", about.number),
        ("issuer", about.issuer),
        ("place", made.place),
        ("validity", _term(about, language)),
        ("text", counts),
    ):
        found = say(f"scaffold.found_{name}", language)
        yield say("scaffold.row", language, name=found, value=value or missing)
    yield ""
    if not made.sketches:
        yield say("scaffold.no_lines", language)
    else:
        yield say("scaffold.proposed", language, count=len(made.sketches))
        width = max(len(known.line) for known in made.sketches)
        for known in made.sketches:
            numbers = ", ".join(stated.written for stated in known.clause.stated)
            clause = known.clause
            head = " ".join(filter(None, (clause.article, clause.name)))
            yield f"  {known.line:<{width}}  {head} ({numbers})"
    for passage in outline.repeated:
        yield ""
        yield say("scaffold.repeated", language, passage=passage)
    yield ""
    yield say("scaffold.next", language, policy=made.folder.name, rules=rules, folder=made.folder)


def _term(about: Preamble, language: Language) -> str:
    """Say how long a text applies."""
    applies = about.applies
    if applies is None or not (applies.end or applies.years):
        return say("scaffold.unknown_term", language)
    start = applies.start or say("scaffold.unknown_start", language)
    if applies.end:
        return say("scaffold.term_until", language, start=start, end=applies.end)
    return say("scaffold.term_years", language, start=start, years=applies.years)
