"""Claims, and support received: what rules call them, and what people do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from policy_logic.logic.terms import Compound

if TYPE_CHECKING:
    from policy_logic.logic.terms import Value


class Claim(NamedTuple):
    """What a claim is called: ``line/subject/year/trigger``."""

    line: str
    subject: str
    year: int | None
    trigger: str | None

    def __str__(self) -> str:
        """Return the name, with ``-`` for what does not apply and without trailing ones."""
        parts = [self.line, self.subject, self.year, self.trigger]
        while parts[-1] is None:
            parts.pop()
        return "/".join("-" if part is None else str(part) for part in parts)

    @property
    def order(self) -> tuple[str, str, str, str]:
        """The place in the order of keys: compared as text, what does not apply first."""
        return (self.line, self.subject, "" if self.year is None else str(self.year),
                self.trigger or "")  # fmt: skip

    @property
    def term(self) -> Compound:
        """The claim as rules write it."""
        return Compound("claim", tuple(self))


class Received(NamedTuple):
    """Support received from a policy that is not at hand, by its place in the case."""

    entry: int

    def __str__(self) -> str:
        """Return the name as rules write it."""
        return f"received({self.entry})"


def claim_of(value: Value) -> Claim:
    """Return a claim as rules write it."""
    assert isinstance(value, Compound)  # noqa: S101 - the rules' promise, told to mypy
    line, subject, year, trigger = value.args
    return Claim(
        str(line),
        str(subject),
        year if isinstance(year, int) else None,
        None if trigger is None else str(trigger),
    )


def claim_or_received(value: Value) -> Claim | Received:
    """Return a claim, or support received, as rules write them."""
    if isinstance(value, Compound) and value.name == "received":
        (entry,) = value.args
        assert isinstance(entry, int)  # noqa: S101 - the rules' promise, told to mypy
        return Received(entry)
    return claim_of(value)
