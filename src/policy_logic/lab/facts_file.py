"""A witness as a facts file: the YAML that a person would have written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from policy_logic.logic.terms import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.rulebook.policy import Rulebook

_WIDTH: Final = 100
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-.@")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"})


def facts_text(facts: Mapping[str, Any], book: Rulebook, comment: str = "") -> str:
    """Return a case as the text of a facts file.

    Sets are written as lists where no rule asks what a set does not hold, entities of which
    nothing is said only where something refers to them.

    Args:
        facts: The case, as a mapping in the form of a facts file.
        book: The rulebook that it will be planned with.
        comment: A remark for the first line.
    """
    lines = [f"# {comment}"] if comment else []
    lines += [f"{key}: {_inline(facts[key])}" for key in ("applicant", "as_of")]
    for key, value in short(facts, book).items():
        if key in {"applicant", "as_of"}:
            continue
        lines.append("")
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {_inline(entry)}" for entry in value)]
        elif key in book.vocabulary.kinds:
            lines.append(f"{key}:")
            lines += [line for entity in value.items() for line in _entity(*entity)]
        else:
            lines.append(f"{key}: {_inline(value)}")
    return "\n".join(lines) + "\n"


def short(facts: Mapping[str, Any], book: Rulebook) -> dict[str, Any]:
    """Return a case with its sets as lists, and without entities that nothing speaks of."""
    denied = {
        c.atom.name[1:]
        for rule in book.rules
        for c in rule.body
        if isinstance(c, Literal) and c.atom.name.startswith("-")
    }
    found: dict[str, Any] = {}
    named = {str(facts["applicant"]), *_words(facts)}
    for key, value in facts.items():
        if key not in book.vocabulary.kinds:
            found[key] = value
            continue
        entities = {
            name: {
                attribute: _as_list(stated)
                if _is_set(book, key, attribute) and attribute not in denied
                else stated
                for attribute, stated in attributes.items()
            }
            for name, attributes in value.items()
            if attributes or name in named
        }
        if entities:
            found[key] = entities
    return found


def _words(value: object) -> Iterator[str]:
    """Yield every text that stands as a value."""
    if isinstance(value, dict):
        for below in value.values():
            yield from _words(below)
    elif isinstance(value, list):
        for below in value:
            yield from _words(below)
    elif isinstance(value, str):
        yield value


def _is_set(book: Rulebook, kind: str, name: str) -> bool:
    attribute = book.vocabulary.attribute(kind, name)
    return attribute is not None and attribute.type == "set" and not attribute.index


def _as_list(stated: object) -> object:
    if isinstance(stated, dict) and all(value is True for value in stated.values()):
        return list(stated)
    return stated


def _entity(name: str, attributes: Mapping[str, Any]) -> Iterator[str]:
    whole = f"  {name}: {_inline(attributes)}"
    if len(whole) <= _WIDTH:
        yield whole
        return
    yield f"  {name}:"
    yield from (f"    {attribute}: {_inline(value)}" for attribute, value in attributes.items())


def _inline(value: object) -> str:
    """Return a value in YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inline(key)}: {_inline(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if 1900 < value < 2100 else f"{value:_}"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    is_name = text[:1].isalpha() and text not in _WORDS
    return (
        text
        if is_name and set(text) <= _PLAIN
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
