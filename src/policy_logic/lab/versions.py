"""Two ways to have a policy, to be compared: two folders, two readings, two policies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policy_logic.errors import Problem, RequestError
from policy_logic.facts.scalars import nearest
from policy_logic.rulebook.load import load_alone, shipped_rules
from policy_logic.rulebook.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policy_logic.rulebook.policy import Policy, Rulebook


@dataclass(frozen=True, slots=True)
class Version:
    """One policy, alone, and how it is read.

    Attributes:
        name: What it was asked for by.
        policy: The policy.
        book: A rulebook that holds this policy only.
        readings: The readings chosen; all others have their default.
    """

    name: str
    policy: Policy
    book: Rulebook
    readings: Mapping[str, str]

    def reading(self, name: str) -> str:
        """Return how an open question is taken."""
        return self.readings.get(name) or self.book.readings[name].default


def read_version(text: str, rules: Path | None = None) -> Version:
    """Load the policy that a text names, and the readings it chooses.

    Args:
        text: The id of a policy at hand, or a policy's folder; then ``@key=value,…`` for readings.
        rules: The folder of the policies at hand; by default those that come with the program.

    Raises:
        RequestError: There is no such policy, folder, reading or value.
        RulebookError: The folder is not sound.
    """
    source, _, chosen = text.partition("@")
    at_hand = rules or shipped_rules()
    known = sorted(found.parent.name for found in at_hand.glob("*/policy.toml"))
    folder = at_hand / source if source in known else Path(source)
    if not (folder / "policy.toml").is_file():
        details = {"text": source, "known": ", ".join(known)}
        raise RequestError([Problem("request.version_unknown", None, details)])
    name = _name(folder)
    book = load_alone(folder, name, at_hand)
    readings = dict(_reading(pair, name, book) for pair in chosen.split(",") if pair)
    return Version(text, book.policies[name], book, readings)


def _name(folder: Path) -> str:
    """Return the id of a policy: what its lines begin with, whatever its folder is called."""
    lines = [key for key, _ in Table.of_file(folder / "policy.toml").tables("line")]
    return lines[0].partition(".")[0] if lines else folder.resolve().name


def _reading(pair: str, policy: str, book: Rulebook) -> tuple[str, str]:
    key, _, value = pair.partition("=")
    own = f"{policy}.{key}"
    name = own if own in book.readings else key
    if name not in book.readings:
        raise _unknown("version_reading", key, book.readings)
    if value not in book.readings[name].values:
        raise _unknown("version_value", value, book.readings[name].values, reading=name)
    return name, value


def _unknown(code: str, text: str, known: Iterable[str], **details: object) -> RequestError:
    every = list(known)
    details |= {"text": text, "near": nearest(text, every), "known": ", ".join(every)}
    return RequestError([Problem(f"request.{code}", None, details)])
