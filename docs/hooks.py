"""Builds the pages that are made from the rules: one per policy, and the vocabulary in use.

A policy's page is its rule file, read as literature: clause by clause, the rules under each, the
numbers and readings they name; then every sentence of the text and what accounts for it. Nothing
of it is committed. The glossary, the changelog and the guide for contributors stand at the root
of the project and are taken from there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mkdocs.structure.files import File, Files

from policy_logic.logic.terms import Compound, Constant, Literal, Pattern
from policy_logic.rulebook.load import load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mkdocs.config.defaults import MkDocsConfig

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Rule, Section, Term
    from policy_logic.rulebook.policy import Line, Number, Policy, Rulebook

ROOT: Final = Path(__file__).resolve().parents[1]
FROM_ROOT: Final = {
    "glossary.md": "GLOSSARY.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
}
_LONGEST_NAME: Final = 40


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Enter the policies at hand where the navigation says ``policies``."""
    policies = [{p.title.en: f"policies/{p.id}.md"} for p in load_rulebook().policies.values()]
    config.nav = [
        {title: policies if target == "policies" else target}
        for entry in config.nav or []
        for title, target in entry.items()
    ]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    book = load_rulebook()
    texts = {f"policies/{p.id}.md": policy_page(p, book) for p in book.policies.values()}
    texts["reference/vocabulary.md"] = vocabulary_page(book)
    for name, source in FROM_ROOT.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        texts[name] = text.replace("](docs/", "](").replace("](GLOSSARY.md", "](glossary.md")
    for name, text in texts.items():
        files.append(File.generated(config, name, content=text))
    return files


def policy_page(policy: Policy, book: Rulebook) -> str:
    """Return a policy's page."""
    parts = [
        f"# {policy.title.en}",
        f"{policy.title.zh} · {policy.number} · {policy.issuer.zh}",
        f"> {policy.validity.clause}",
        _term(policy),
        _HOW_TO_READ,
        "## Lines",
        _table(("line", "article", "what it grants", "how"), map(_line_row, policy.lines.values())),
    ]
    for section, anchor in _anchored(policy):
        parts += _section(section, anchor, policy, book)
    parts += ["## Every sentence of the text", _PREFACE, _table(_COVER, _cover(policy))]
    return "\n\n".join(parts) + "\n"


_HOW_TO_READ: Final = (
    "This page is made from the policy's folder. Under each heading stand the clause, word for"
    " word, the rules that apply it, and the numbers and readings that these rules name."
)
_PREFACE: Final = (
    "Each sentence of the text, in order, and the sections whose quotation touches it; or, where no"
    " rule quotes it, the reason why. A sentence that neither accounts for stops the program from"
    " loading the policy."
)
_COVER: Final = ("sentence", "accounted for by")


def _term(policy: Policy) -> str:
    validity = policy.validity
    start = validity.start.isoformat() if validity.start else "a day that the text does not give"
    end = f"to {validity.end}" if validity.end else f"for {validity.years} years"
    status = policy.status.replace("_", " ")
    return f"Status: {status}. In force from {start} {end}. Text: {policy.source}."


def _line_row(line: Line) -> Sequence[str]:
    how = [line.kind.replace("_", " ")]
    if line.kind == "monetary":
        how += [line.determinacy, "per year" if line.per == "year" else "once"]
        how += ["review required"] if line.review_required else []
    return (f"`{line.id}`", line.article, f"{line.label.zh}<br>{line.label.en}", ", ".join(how))


def _anchored(policy: Policy) -> list[tuple[Section, str]]:
    """Return the sections, each with an anchor that no other has."""
    found: list[tuple[Section, str]] = []
    taken: set[str] = set()
    for section in policy.sections:
        words = re.sub(r"[^a-z0-9]+", "-", f"{section.id} {section.title}".lower()).strip("-")
        anchor = next(
            name for name in (words, *(f"{words}-{n}" for n in range(2, 99))) if name not in taken
        )
        taken.add(anchor)
        found.append((section, anchor))
    return found


def _section(section: Section, anchor: str, policy: Policy, book: Rulebook) -> Iterator[str]:
    line = book.lines.get(section.id)
    title = section.title or (line.label.en if line else "")
    yield f"## {section.article} · {title or section.id} {{ #{anchor} }}"
    yield f"`{section.id}`"
    yield "\n>\n".join(f"> {quote}" for quote in section.quotes)
    rules = [rule for rule in policy.rules if rule.section is section]
    yield f"```prolog\n{_source(section, policy)}\n```"
    named = {name for rule in rules for name in _names(rule)}
    numbers = [number for number in policy.numbers.values() if number.name in named]
    if numbers:
        yield _table(("number", "value", "the text says"), map(_number_row, numbers))
    for reading in policy.readings.values():
        if reading.name not in named:
            continue
        yield f"Reading `{reading.name}`: {reading.label.en} (“{reading.clause}”)."
        values = [f"- `{value}`: {words.en}" for value, words in reading.values.items()]
        yield "\n".join([f"{values[0]} (the default)", *values[1:]])


def _source(section: Section, policy: Policy) -> str:
    """Return what stands under a heading, without the quotations."""
    lines = policy.rules_text.splitlines()[section.position.line :]
    end = next((n for n, line in enumerate(lines) if line.startswith("%##")), len(lines))
    return "\n".join(line for line in lines[:end] if not line.startswith("%>")).strip()


def _names(rule: Rule) -> Iterator[str]:
    """Yield every name that a rule writes."""
    yield from (name for term in rule.head.args for name in _names_in(term))
    for condition in rule.body:
        if isinstance(condition, Literal):
            yield from (name for term in condition.atom.args for name in _names_in(term))


def _names_in(term: Term) -> Iterator[str]:
    if isinstance(term, Pattern):
        yield from (name for argument in term.args for name in _names_in(argument))
    elif isinstance(term, Constant) and not isinstance(term.value, Compound):
        yield str(term.value)


def _number_row(number: Number) -> Sequence[str]:
    shown = f"{number.value:,}" if isinstance(number.value, int) else str(number.value)
    unit = {"money": " yuan", "usd": " US dollars"}.get(number.type, "")
    return (f"`{number.name}`<br>{number.label.en}", f"{shown}{unit}", f"“{number.clause}”")


def _cover(policy: Policy) -> Iterator[Sequence[str]]:
    """Yield every sentence with what accounts for it."""
    text = policy.text
    told = [
        (place, f"[{_cell(section.article)} {section.title or section.id}](#{anchor})")
        for section, anchor in _anchored(policy)
        for quote in section.quotes
        for place in text.places(quote)
    ]
    told += [(place, "validity") for place in text.places(policy.validity.clause)]
    told += [
        (place, f"no rule: {entry.reason.en}")
        for entry in policy.uncovered
        for place in text.places(entry.quote)
    ]
    clauses = {entry.name: entry.clause for entry in policy.numbers.values()}
    clauses |= {entry.name: entry.clause for entry in policy.readings.values()}
    figures = [
        (place, f"`{name}`") for name, clause in clauses.items() for place in text.places(clause)
    ]
    for sentence in text.sentences():
        found = [words for place, words in told if _meet(place, sentence)] or [
            words for place, words in figures if _meet(place, sentence)
        ]
        words = text.letters[sentence.start : sentence.stop]
        yield _cell(words), "<br>".join(dict.fromkeys(found)) or "punctuation only"


def _meet(first: range, second: range) -> bool:
    return first.start < second.stop and second.start < first.stop


_VOCABULARY: Final = (
    "The entities of a facts file and what may be said of each, as far as a policy at hand asks for"
    " it. `facts/vocabulary.toml` has the complete list, with the question to ask an applicant; it"
    " already names attributes for policies that are not encoded yet."
)


def vocabulary_page(book: Rulebook) -> str:
    """Return the page of the attributes that the policies at hand use."""
    parts = ["# Vocabulary", _VOCABULARY]
    for kind in book.vocabulary.kinds.values():
        used = [a for a in book.vocabulary.attributes_of(kind.name) if _is_used(a, book)]
        if used:
            rows = (_attribute_row(attribute, book) for attribute in used)
            head = ("attribute", "type", "meaning", "values")
            parts += [f"## `{kind.name}` — {kind.label.en}", _table(head, rows)]
    return "\n\n".join(parts) + "\n"


def _is_used(attribute: Attribute, book: Rulebook) -> bool:
    return attribute.type == "text" or any(line in book.lines for line in attribute.lines)


def _attribute_row(attribute: Attribute, book: Rulebook) -> Sequence[str]:
    kind = attribute.type
    if attribute.to:
        kind += f" to {' or '.join(attribute.to)}"
    if attribute.index:
        kind += f", by {' and '.join(attribute.index)}"
    meaning = f"{attribute.en}<br>{attribute.zh}"
    if attribute.judgement:
        meaning += "<br>*an authority judges it*"
    if attribute.change:
        told = {"never": "once known, it stays", "by_others": "it rests with others"}
        meaning += f"<br>*{told[attribute.change]}*"
    if attribute.settled_by:
        meaning += f"<br>*settled by `{attribute.settled_by}`*"
    members = list(book.vocabulary.members(attribute)) if attribute.values else []
    shown = ", ".join(f"`{name}`" for name in members[:_LONGEST_NAME])
    return (f"`{attribute.name}`", kind, meaning, shown)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
