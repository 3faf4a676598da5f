"""Trying a property on drawn cases, and making a case that fails it as small as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings

from policy_logic.testing.applicants import applicants
from policy_logic.testing.fault import PropertyFault
from policy_logic.testing.properties import PROPERTIES
from policy_logic.testing.smallest import smallest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.testing.written import Drawn


def try_property(
    name: str, book: Rulebook, policy: str, key: str
) -> tuple[Drawn, PropertyFault] | None:
    """Try a property on cases about one policy, as many as the hypothesis profile in use says.

    Args:
        name: One of the properties.
        book: The rulebook.
        policy: The policy that the cases are about.
        key: A name under which hypothesis remembers what failed.

    Returns:
        The smallest case that fails it, and how; ``None`` if none did.

    Raises:
        RequestError: There is no such property or policy.
    """
    check = PROPERTIES[name]

    def holds(facts: Mapping[str, Any]) -> None:
        try:
            check(book, facts)
        except PropertyFault as fault:
            raise _Found(facts, fault) from None

    holds.__qualname__ = key
    few = settings(
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # what fails is made smaller below
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    cases = applicants([policy], book=book, good=True) | applicants([policy], book=book)
    try:
        few(given(cases)(holds))()
    except _Found as found:
        return smallest(check, book, found.facts, found.fault)
    return None


class _Found(Exception):  # noqa: N818 - what was looked for
    """A case that fails a property."""

    def __init__(self, facts: Mapping[str, Any], fault: PropertyFault) -> None:
        self.facts, self.fault = facts, fault
        super().__init__(str(fault))
