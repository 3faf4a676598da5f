"""What can be wrong with what a user gave us, as objects that can be told in either language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policy_logic.language import Label, Language, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file, as an editor counts it.

    Attributes:
        file: The path as the user gave it, or ``<text>`` for text without a file.
        line: The line, from 1; 0 where there are no lines, as in an option of a command.
        column: The column in characters, from 1; 0 where it is not known.
    """

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        """Return ``file:line:column``, the form editors turn into a link."""
        if not self.line:
            return self.file
        column = f":{self.column}" if self.column else ""
        return f"{self.file}:{self.line}{column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        code: The message, as ``room.name`` in ``locale/room.toml``.
        where: The place of the fault; ``None`` where no file is at fault.
        details: What the message's placeholders stand for; a label is said in the language asked.
    """

    code: str
    where: Position | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    def tell(self, language: Language = "en") -> str:
        """Say what is wrong, where, the likely cause and the next step."""
        spoken = {
            name: detail.say(language) if isinstance(detail, Label) else detail
            for name, detail in self.details.items()
        }
        text = say(self.code, language, **spoken)
        return f"{self.where}: {text}" if self.where else text


class PolicyLogicError(Exception):
    """A fault of what was given, never of the program.

    Attributes:
        problems: Everything found wrong, in the order of the file; at least one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.tell())

    def __reduce__(self) -> tuple[type[PolicyLogicError], tuple[Sequence[Problem]]]:
        """Let an error pass from one process to another."""
        return type(self), (self.problems,)

    def tell(self, language: Language = "en") -> str:
        """Say every problem, one a line."""
        return "\n".join(problem.tell(language) for problem in self.problems)


class FactsError(PolicyLogicError):
    """A facts file does not follow the format or the vocabulary."""


class RulebookError(PolicyLogicError):
    """A policy folder is not sound: its text, numbers, rules, readings or sentences."""


class RequestError(PolicyLogicError):
    """A command or a call asks for something that does not exist."""
