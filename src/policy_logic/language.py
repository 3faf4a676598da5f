"""The two languages, and the one place that turns a message's name into words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Label:
    """The same words in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the words in a language."""
        return self.zh if language == "zh" else self.en


@cache
def _room(name: str) -> dict[str, dict[str, str]]:
    file = files("policy_logic") / "locale" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def say(code: str, language: Language, /, **details: object) -> str:
    """Return the message called ``code`` in a language, its placeholders filled.

    Args:
        code: ``room.name``; the texts stand in ``locale/room.toml``, a table per name with the
            keys ``zh`` and ``en``.
        language: The language to speak.
        details: The values of the placeholders, in the manner of ``str.format``.

    Raises:
        KeyError: The message does not exist: a fault of the program.
    """
    room, _, name = code.partition(".")
    return _room(room)[name][language].format(**details)


def both(code: str, /, **details: object) -> Label:
    """Return a message in both languages; a detail that is a label is said in each.

    Raises:
        KeyError: The message does not exist: a fault of the program.
    """

    def in_language(language: Language) -> str:
        spoken = {
            name: detail.say(language) if isinstance(detail, Label) else detail
            for name, detail in details.items()
        }
        return say(code, language, **spoken)

    return Label(in_language("zh"), in_language("en"))
