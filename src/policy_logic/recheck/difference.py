"""What does not hold in a stored decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in a stored decision that does not hold.

    Attributes:
        kind: ``shape``, ``facts``, ``rules``, ``text``, ``program``, ``case``, ``arithmetic``,
            ``candidate``, ``total``, ``refusal``, ``benefit``, ``optimality``, ``certificate`` or
            ``asked`` (what the decision was asked for besides the plan).
        where: The part of the decision.
        stored: What it says.
        found: What is found instead.
    """

    kind: str
    where: str
    stored: object
    found: object


def of_digests(stored: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the digests of a stored decision that are others now."""
    said = stored.get("digests") or {}
    for name in ("facts", "rules", "program"):
        if said.get(name) != found[name]:
            yield Difference(name, f"digests.{name}", said.get(name), found[name])
    texts = said.get("texts") or {}
    for policy, digest in found["texts"].items():
        if texts.get(policy) != digest:
            yield Difference("text", f"digests.texts.{policy}", texts.get(policy), digest)
