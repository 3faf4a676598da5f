"""What a stored decision has to look like, and its own sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policy_logic.verify.difference import Difference, Form, misshapen, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SUMS: Final[Form] = {"firm": int, "potential": int}
_ROW: Final[dict[str, Form]] = {
    "line": str, "subject": str, "year": (int, type(None)), "trigger": (str, type(None)),
}  # fmt: skip
_FORM: Final[dict[str, Form]] = {
    "readings": dict,
    "totals": _SUMS,
    "optimality": {"proved": bool, "bound": int, "singled_out": bool, "engine": str},
    "candidates": [
        {
            **_ROW,
            "amount": _SUMS,
            "chosen": bool,
            "paid": _SUMS,
            "rejected_because": (dict, type(None)),
        }
    ],
    "notices": [{"text": str}],
    "digests": dict,
}
_FORM_IF_ASKED: Final[dict[str, Form]] = {
    "refusals": [_ROW],
    "wish": {"with": [str], "without": [str]},
    "alternatives": [dict],
}


def wrong_shape(stored: Mapping[str, Any]) -> list[Difference]:
    """Return in what a document is no decision at all; such a one is not looked at further."""
    form = _FORM | {name: form for name, form in _FORM_IF_ASKED.items() if name in stored}
    return list(misshapen("", stored, form))


def arithmetic(stored: Mapping[str, Any]) -> Iterator[Difference]:
    """Add up what the stored decision says."""
    for measure in ("firm", "potential"):
        paid = sum(row["paid"][measure] for row in stored["candidates"])
        total = stored["totals"][measure]
        if paid != total:
            yield Difference("arithmetic", f"totals.{measure}", total, paid)
        for row in stored["candidates"]:
            most = row["amount"][measure] if row["chosen"] else 0
            if row["paid"][measure] > most:
                where = f"{name_of(row)} paid.{measure}"
                yield Difference("arithmetic", where, row["paid"][measure], most)
