"""The ready-made properties by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from policy_logic.testing.decisions import check_order_free, check_proofs, check_verifiable
from policy_logic.testing.monotone import check_monotone
from policy_logic.testing.plans import check_caps, check_exclusions, check_no_double_payment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policy_logic.rulebook.policy import Rulebook

    Property: TypeAlias = Callable[[Rulebook, Mapping[str, Any]], None]

PROPERTIES: Final[Mapping[str, Property]] = {
    "monotone": check_monotone,
    "caps": check_caps,
    "exclusions": check_exclusions,
    "no_double_payment": check_no_double_payment,
    "order_free": check_order_free,
    "proofs": check_proofs,
    "verifiable": check_verifiable,
}
