"""Findings about a policy that were looked into and stay, each with the reason.

A policy's folder may hold an ``accepted.toml``. A finding that it names is no longer reported; a
row that no finding matches is an error, so that the file never says more than is so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from policy_logic.errors import Problem, RulebookError
from policy_logic.rulebook.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import TypeVar

    from policy_logic.errors import Position
    from policy_logic.language import Label

    AnyFinding = TypeVar("AnyFinding", bound="Finding")

FILE: Final = "accepted.toml"


class Finding(Protocol):
    """What a check reports, as far as it may be accepted."""

    @property
    def check(self) -> str:
        """The check that reports it, as ``cover.missed``: the command, then what it looks for."""

    @property
    def about(self) -> str:
        """What it is about, in the same words at every run."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row of ``accepted.toml``.

    Attributes:
        check: The check whose finding is accepted.
        about: What the finding is about, word for word as the check says it.
        reason: Why it stays.
        position: Where the row stands.
    """

    check: str
    about: str
    reason: Label
    position: Position


def read_accepted(folder: Path) -> tuple[Accepted, ...]:
    """Return what is accepted of a policy, in the order of the file; nothing without a file.

    Args:
        folder: The policy's folder.

    Raises:
        RulebookError: The file is malformed, or names a finding twice; the problem names the line.
    """
    if not (folder / FILE).exists():
        return ()
    table = Table.of_file(folder / FILE)
    table.only("accepted")
    found: dict[tuple[str, str], Accepted] = {}
    for row in table.rows("accepted"):
        row.only("check", "about", "reason")
        accepted = Accepted(row.text("check"), row.text("about"), row.label("reason"),
                            row.position())  # fmt: skip
        key = accepted.check, accepted.about
        if key in found:
            raise row.fault("accepted.twice", "about", check=key[0], about=key[1])
        found[key] = accepted
    return tuple(found.values())


def still_open(
    findings: Iterable[AnyFinding], accepted: Sequence[Accepted], checks: str
) -> tuple[AnyFinding, ...]:
    """Return the findings that nothing accepts, in their order.

    Args:
        findings: Everything that was found.
        accepted: What is accepted.
        checks: The command that looked, as ``cover``: rows of the checks of other commands are
            passed over.

    Raises:
        RulebookError: A row accepts what is no longer found; one problem for each.
    """
    every = tuple(findings)
    found = {(finding.check, finding.about) for finding in every}
    gone = [
        Problem("accepted.gone", row.position, {"check": row.check, "about": row.about})
        for row in accepted
        if row.check.partition(".")[0] == checks and (row.check, row.about) not in found
    ]
    if gone:
        raise RulebookError(gone)
    known = {(row.check, row.about) for row in accepted}
    return tuple(finding for finding in every if (finding.check, finding.about) not in known)
