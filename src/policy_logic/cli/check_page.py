"""What ``rules check`` prints, and the facts files it writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import typer

from policy_logic.cli.folders import write_files
from policy_logic.cli.outcome import print_json
from policy_logic.facts.reader import case_from_mapping
from policy_logic.lab.accepted import read_accepted, still_open
from policy_logic.lab.checking import CLIFF, check
from policy_logic.lab.facts_file import facts_text
from policy_logic.lab.finding import CHECKS, sum_of_money
from policy_logic.language import Language, say
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from policy_logic.facts.model import Case
    from policy_logic.lab.accepted import Accepted
    from policy_logic.lab.checking import Checked
    from policy_logic.lab.finding import Finding, Shown
    from policy_logic.rulebook.policy import Rulebook

_LANGUAGES: Final[tuple[Language, Language]] = ("zh", "en")


@dataclass(frozen=True)
class Judged:
    """A policy checked, with what its author has accepted.

    Attributes:
        checked: What was found.
        open: The findings that nothing accepts.
        accepted: How many were left out because the author accepts them.
    """

    checked: Checked
    open: tuple[Finding, ...]
    accepted: int

    @property
    def faults(self) -> int:
        """How many open findings are faults."""
        return sum(finding.grade == "fault" for finding in self.open)


@dataclass(frozen=True)
class _About:
    """A witness, as words need it."""

    book: Rulebook
    case: Case


def judged(
    book: Rulebook, policies: Sequence[str], cliff: int, processes: int | None = None
) -> list[Judged]:
    """Check policies and leave out what their authors accept.

    Raises:
        RulebookError: A row of an ``accepted.toml`` accepts what is no longer found.
    """
    found = []
    for checked in check(book, policies, cliff, processes):
        accepted = _in_sight(read_accepted(book.policies[checked.policy].folder), checked, cliff)
        left = still_open(checked.findings, accepted, "check")
        found.append(Judged(checked, left, len(checked.findings) - len(left)))
    return found


def _in_sight(rows: Sequence[Accepted], checked: Checked, cliff: int) -> list[Accepted]:
    """Leave out accepted cliffs that a higher stated sum hides."""
    found = {finding.about for finding in checked.findings if finding.form == "cliff"}
    return [
        row for row in rows if cliff <= CLIFF or row.check != "check.cliff" or row.about in found
    ]


def print_checked(found: Sequence[Judged], book: Rulebook, language: Language, output: str) -> bool:
    """Print what was found; return whether no fault is left open."""
    if output == "json":
        print_json([_document(one, book) for one in found])
    elif output == "markdown":
        typer.echo("\n\n".join(markdown(one, book) for one in found))
    else:
        typer.echo("\n\n".join("\n".join(_page(one, book, language)) for one in found))
    return not any(one.faults for one in found)


def _page(one: Judged, book: Rulebook, language: Language) -> Iterator[str]:
    """Yield the page of a policy, line by line."""
    yield book.policies[one.checked.policy].title.say(language)
    yield _counts(one, language)
    yield _studied(one, book, language)
    number = 0
    for form in CHECKS:
        own = [finding for finding in one.open if finding.form == form]
        if own:
            yield ""
            yield say(f"check.title_{form}", language)
        for finding in own:
            number += 1
            yield from _entry(number, finding, book, language)
    yield ""
    yield say("check.see_cover", language, policy=one.checked.policy)


def _entry(number: int, finding: Finding, book: Rulebook, language: Language) -> Iterator[str]:
    indent = "    "
    yield f"{number:>3} {finding.words.say(language)}"
    yield indent + finding.id
    for clause in finding.clauses:
        yield f"{indent}“{clause}”"
    for view, facts in _told_apart(finding, book, language):
        yield f"{indent}{say('check.applicant', language)}: {facts}" if facts else ""
        yield indent + _result(view, book, language)


def _told_apart(
    finding: Finding, book: Rulebook, language: Language
) -> Iterator[tuple[Shown, str]]:
    """Yield the applicants of a finding, each with its facts; of a second only what differs."""
    before: list[str] = []
    for view in finding.shown:
        own = _facts(view.facts, book, language)
        told = [fact for fact in own if fact not in before] if before else own
        joined = say("check.between", language).join(told)
        yield view, say("check.likewise", language, facts=joined) if before else joined
        before = before or own


def _facts(facts: Mapping[str, Any], book: Rulebook, language: Language) -> list[str]:
    """Return the facts of a case in words, in the order of the case."""
    case = case_from_mapping(facts, book.vocabulary, "<witness>")
    words = Wording(_About(book, case), language)
    found = []
    for fact in case.facts:
        attribute = book.vocabulary.attribute(fact.kind, fact.attribute)
        if fact.implied_by is not None or attribute is None:
            continue
        keys = [words.key(str(key), [*attribute.index, *attribute.values]) for key in fact.keys]
        shown = f" ({', '.join(keys)})" if keys else ""
        kind = _kind_of_value(attribute.type, attribute.values)
        value = words.value(fact.value if fact.holds else None, kind)
        name = words.attribute_name(fact.kind, fact.attribute)
        found.append(f"{fact.entity} · {name}{shown} {value}")
    return [*found, *_besides(facts, book, language)]


def _besides(facts: Mapping[str, Any], book: Rulebook, language: Language) -> Iterator[str]:
    """Yield what a case takes for granted besides its facts: readings, a draft in force."""
    for policy, day in facts.get("assume_in_force", {}).items():
        title = book.policies[policy].title.say(language)
        yield say("check.assumed", language, policy=title, day=day.isoformat())
    for name, value in facts.get("readings", {}).items():
        yield f"{name} = {value}"


def _kind_of_value(kind: str, values: tuple[str, ...]) -> str:
    if kind in {"enum", "set"}:
        return "line" if values == ("line",) else "value:" + "+".join(values)
    return "entity" if kind == "ref" else kind


def _result(view: Shown, book: Rulebook, language: Language) -> str:
    """Return what an applicant's plan pays, in words."""
    paid = [
        f"{_line_label(claim, book, language)} {sum_of_money(yuan).say(language)}"
        for claim, yuan in view.claims.items()
    ]
    return say(
        "check.result_at" if view.name.en else "check.result",
        language,
        name=view.name.say(language),
        total=sum_of_money(view.potential).say(language),
        claims=say("check.between", language).join(paid) or say("check.nothing", language),
    )


def _line_label(claim: str, book: Rulebook, language: Language) -> str:
    return book.lines[claim.partition("/")[0]].label.say(language)


def _counts(one: Judged, language: Language) -> str:
    remarks = len(one.open) - one.faults
    return say("check.counts", language, faults=one.faults, remarks=remarks, accepted=one.accepted)


def _studied(one: Judged, book: Rulebook, language: Language) -> str:
    parts = [
        say(
            "check.studied_kind", language, facts=facts, values=values,
            kind=book.vocabulary.kinds[kind].label.say(language),
        )
        for kind, (facts, values) in one.checked.studied.items()
    ]  # fmt: skip
    return say("check.studied", language, kinds=say("check.between", language).join(parts))


def markdown(one: Judged, book: Rulebook) -> str:
    """Return the findings of a policy as Markdown, in both languages."""
    lines = [f"{_counts(one, language)}\n" for language in _LANGUAGES]
    for form in CHECKS:
        own = [finding for finding in one.open if finding.form == form]
        if own:
            titles = " · ".join(say(f"check.title_{form}", language) for language in _LANGUAGES)
            lines.append(f"## {titles}\n")
        lines += [_section(finding, book) for finding in own]
    return "\n".join(lines).rstrip()


def _section(finding: Finding, book: Rulebook) -> str:
    lines = [f"### `{finding.about}`\n"]
    lines += [f"{finding.words.say(language)}\n" for language in _LANGUAGES]
    lines += [f"> {clause}\n" for clause in finding.clauses]
    if finding.shown:
        last = finding.shown[-1]
        lines.append("```yaml")
        lines.append(facts_text(last.facts, book).rstrip())
        lines.append("```\n")
        lines += [
            "- " + " / ".join(_result(view, book, language) for language in _LANGUAGES)
            for view in finding.shown
        ]
        lines.append("")
    return "\n".join(lines)


def _document(one: Judged, book: Rulebook) -> dict[str, Any]:
    return {
        "policy": one.checked.policy,
        "faults": one.faults,
        "accepted": one.accepted,
        "studied": {
            kind: {"facts": facts, "values": values}
            for kind, (facts, values) in one.checked.studied.items()
        },
        "findings": [_finding(finding, book) for finding in one.open],
    }


def _finding(finding: Finding, book: Rulebook) -> dict[str, Any]:
    return {
        "id": finding.id,
        "check": finding.check,
        "about": finding.about,
        "grade": finding.grade,
        "words": {language: finding.words.say(language) for language in _LANGUAGES},
        "lines": list(finding.lines),
        "clauses": list(finding.clauses),
        "weight": finding.weight,
        "details": {key: _plain(value) for key, value in finding.details.items()},
        "applicants": [
            {
                "name": {language: view.name.say(language) for language in _LANGUAGES},
                "facts": facts_text(view.facts, book),
                "firm": view.firm,
                "potential": view.potential,
                "claims": dict(view.claims),
            }
            for view in finding.shown
        ],
    }


def _plain(value: object) -> object:
    return value if isinstance(value, (int, str)) else str(value)


def write_witnesses(found: Sequence[Judged], book: Rulebook, folder: Path) -> int:
    """Write the applicants of all open findings as facts files; return how many.

    Raises:
        RequestError: The folder holds something already, or cannot be written.
    """
    files = {}
    for one in found:
        for finding in one.open:
            for number, view in enumerate(finding.shown, start=1):
                stem = re.sub(r"[^\w.+-]+", "-", f"{finding.form}-{finding.about}")
                last = f"-{number}" if len(finding.shown) > 1 else ""
                text = facts_text(view.facts, book, finding.words.zh)
                files[f"{stem[:120]}{last}.yaml"] = text
    write_files(files, folder)
    return len(files)
