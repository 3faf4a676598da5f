"""Reading one policy folder: metadata, text, numbers, readings, sentences and rules."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, cast, get_args

from policy_logic.errors import Problem, RulebookError
from policy_logic.language import both
from policy_logic.rulebook.parse import parse_rules
from policy_logic.rulebook.policy import (
    Determinacy,
    Line,
    LineClass,
    Number,
    Policy,
    Reading,
    Sentence,
    Status,
    Uncovered,
    Validity,
)
from policy_logic.rulebook.tables import Table
from policy_logic.rulebook.text import PolicyText

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.language import Label

_PREDICATE = re.compile(r"(?P<name>-?[a-z][A-Za-z0-9_]*)\((?P<args>[A-Z]\w*(?:, [A-Z]\w*)*)\)")
_MOST_YEARS = 100
NUMBER_TYPES = ("money", "usd", "share", "integer")


def read_policy(folder: Path, name: str) -> Policy:
    """Read a policy folder.

    The single files are checked for shape; whether they agree with each other and with the text
    is for :mod:`policy_logic.rulebook.checks`.

    Args:
        folder: The folder.
        name: The policy's id.

    Raises:
        RulebookError: A file is missing or malformed; the problem names file and line.
    """
    about = Table.of_file(folder / "policy.toml")
    about.only(
        "title", "number", "issuer", "place", "status", "source", "text_sha256", "validity",
        "line", "uncovered",
    )  # fmt: skip
    raw = _text_bytes(folder)
    parsed = parse_rules(folder / "rules.lp", name)
    sentences, notices = read_sentences(folder / "sentences.toml", name)
    return Policy(
        id=name,
        folder=folder,
        title=about.label("title"),
        number=about.text("number", ""),
        issuer=about.label("issuer"),
        place=about.text("place"),
        status=cast("Status", about.choice("status", get_args(Status))),
        source=about.text("source"),
        text=PolicyText(raw.decode("utf-8")),
        text_sha256=_digest(about, raw),
        validity=_validity(about.table("validity")),
        lines={key: _line(key, name, table) for key, table in about.tables("line")},
        numbers={
            f"{name}.{key}": _number(f"{name}.{key}", table)
            for key, table in Table.of_file(folder / "numbers.toml").tables()
        },
        readings=read_readings(folder / "readings.toml", name),
        sections=parsed.sections,
        rules=parsed.rules,
        rules_text=parsed.text,
        sentences=sentences,
        notices=notices,
        uncovered=(
            *(_uncovered(row) for row in about.rows("uncovered")),
            *(
                Uncovered(quote, both("page.not_encoded"), where, is_pending=True)
                for quote, where in parsed.pending
            ),
        ),
    )


def read_sentences(
    file: Path, owner: str
) -> tuple[dict[tuple[str, int], Sentence], dict[str, Label]]:
    """Read how predicates and notices read.

    Args:
        file: A ``sentences.toml``.
        owner: What the notices' names begin with.

    Raises:
        RulebookError: The file is malformed.
    """
    table = Table.of_file(file)
    table.only("predicate", "notice")
    sentences = {}
    for pattern, words in table.tables("predicate"):
        found = _PREDICATE.fullmatch(pattern)
        if found is None:
            raise words.fault("rulebook.sentence_pattern", pattern=pattern)
        arguments = tuple(found["args"].split(", "))
        label = _template(words, arguments, pattern)
        sentences[found["name"], len(arguments)] = Sentence(arguments, label, words.position())
    notices = {
        f"{owner}.{key}": _template(words, ("Entity",), key)
        for key, words in table.tables("notice")
    }
    return sentences, notices


def _template(words: Table, arguments: tuple[str, ...], name: str) -> Label:
    """Read words with placeholders, and check that they can be filled."""
    label = words.as_label()
    for text in (label.zh, label.en):
        try:
            text.format(**dict.fromkeys(arguments, ""))
        except (KeyError, ValueError, IndexError) as fault:
            reason = str(fault).strip("'")
            raise words.fault(
                "rulebook.sentence_placeholder", "", placeholder=reason, pattern=name
            ) from None
    return label


def _text_bytes(folder: Path) -> bytes:
    file = folder / "text.txt"
    try:
        raw = file.read_bytes()
        raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        details = {"file": str(file), "reason": str(fault)}
        raise RulebookError([Problem("rulebook.unreadable", None, details)]) from None
    return raw


def _digest(about: Table, raw: bytes) -> str:
    stated, actual = about.text("text_sha256"), hashlib.sha256(raw).hexdigest()
    if stated != actual:
        raise about.fault("rulebook.digest", "text_sha256", stated=stated, actual=actual)
    return actual


def _validity(table: Table) -> Validity:
    table.only("clause", "from", "until", "years")
    years = table.whole("years") if "years" in table.values else None
    start, end = table.day("from"), table.day("until")
    if (years is None) == (end is None) or (years is not None and not 1 <= years <= _MOST_YEARS):
        raise table.fault("rulebook.validity")
    if end is not None and (start is None or end < start):
        raise table.fault("rulebook.validity")
    return Validity(table.text("clause"), start, end, years, table.position("clause"))


def _line(key: str, policy: str, table: Table) -> Line:
    if not key.startswith(f"{policy}."):
        raise table.fault("rulebook.line_prefix", line=key, policy=policy)
    kind = cast("LineClass", table.choice("class", get_args(LineClass)))
    common = ("article", "class", "subject", "zh", "en")
    money = ("recipient", "per", "determinacy", "review", "matter")
    label = table.as_label(*common, *(money if kind == "monetary" else ()))
    line = Line(
        key, policy, table.text("article"), kind, table.texts("subject"), label, table.position()
    )
    if kind != "monetary":
        return line
    if not line.subjects or not table.texts("recipient"):
        raise table.fault("rulebook.line_incomplete", line=key)
    return Line(
        line.id,
        policy,
        line.article,
        kind,
        line.subjects,
        label,
        line.position,
        recipients=table.texts("recipient"),
        per=table.choice("per", ("year", "once")),
        determinacy=table.choice("determinacy", get_args(Determinacy)),
        review_required=table.choice("review", ("required", "none")) == "required",
        matter=table.text("matter"),
    )


def _number(name: str, table: Table) -> Number:
    label = table.as_label("value", "type", "clause", "written")
    kind = table.choice("type", NUMBER_TYPES)
    value = _share(table) if kind == "share" else table.whole("value")
    return Number(
        name, value, kind, table.text("clause"), table.text("written"), label,
        table.position(),
    )  # fmt: skip


def _share(table: Table) -> Decimal:
    given = table.values.get("value")
    try:
        return Decimal(given if isinstance(given, str) else "none")
    except InvalidOperation:
        raise table.fault(
            "rulebook.shape", "value", wanted=both("page.wanted_share"), found=repr(given)
        ) from None


def read_readings(file: Path, policy: str) -> dict[str, Reading]:
    """Read what a text leaves open.

    Args:
        file: A ``readings.toml``.
        policy: The policy's id; empty for what all policies leave open alike.

    Raises:
        RulebookError: The file is malformed.
    """
    readings = {}
    for key, table in Table.of_file(file).tables():
        own = f"{policy}.{key}" if policy else key
        name = table.text("name", own)
        label = table.as_label("name", "clause", "values")
        values = {value: words.as_label() for value, words in table.tables("values")}
        if len(values) < 2:
            raise table.fault("rulebook.reading_values", "values", reading=name)
        readings[name] = Reading(
            name, policy, table.text("clause"), label, values,
            table.position(),
        )  # fmt: skip
    return readings


def _uncovered(row: Table) -> Uncovered:
    row.only("quote", "reason")
    return Uncovered(row.text("quote"), row.label("reason"), row.position("quote"))
