"""Checking a stored decision again from scratch: what differs, if anything does.

The decision is made anew from the facts under the same readings and objective, and compared part
by part; and what the stored decision says is added up again by itself. Where its plan is not proved
to be the one that the rules for ties single out, any plan as good is as right: then its own set
of claims is looked at, and only its total compared with what the search finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policy_logic.decide.extras import Extras
from policy_logic.decide.report import decision_json
from policy_logic.decide.wishes import Wish
from policy_logic.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.decide.planning import Planner

_COMPARED = ("applicant", "as_of", "objective", "readings")
_ASKED = ("wish", "other_objective", "alternatives", "contrast")
_OF_CANDIDATE = (
    "recipient", "cap_year", "determinacy", "review", "amount", "chosen", "reserve", "paid",
    "rejected_because", "hypothetical",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in a stored decision that does not hold.

    Attributes:
        kind: ``shape``, ``facts``, ``rules``, ``text``, ``program``, ``case``, ``arithmetic``,
            ``candidate``, ``total``, ``refusal``, ``benefit``, ``optimality``, ``certificate``,
            ``exclusion``, ``cap`` or ``asked`` (what the decision was asked for besides the plan).
        where: The part of the decision.
        stored: What it says.
        found: What is found instead.
    """

    kind: str
    where: str
    stored: object
    found: object


def verify(stored: Mapping[str, Any], planner: Planner) -> Iterator[Difference]:
    """Yield everything in which a stored decision differs from what follows from the facts.

    Args:
        stored: A decision as ``plan --format json`` prints it.
        planner: The case, to be decided under the readings and the objective of the decision.
    """
    if not isinstance(stored.get("candidates"), list) or not isinstance(stored.get("totals"), dict):
        yield Difference("shape", "candidates, totals", sorted(stored), "policy-logic/decision/1")
        return
    try:
        fresh = _decided_again(stored, planner)
    except RequestError as fault:
        yield Difference("asked", "wish, candidates", _chosen(stored), fault.tell("en"))
        return
    yield from _digests(stored, fresh)
    for name in _COMPARED:
        if name in stored and stored[name] != fresh[name]:
            yield Difference("case", name, stored[name], fresh[name])
    yield from arithmetic(stored)
    yield from _candidates(stored, fresh)
    for measure in ("firm", "potential", "hypothetical"):
        if stored["totals"].get(measure) != fresh["totals"][measure]:
            yield Difference(
                "total",
                f"totals.{measure}",
                stored["totals"].get(measure),
                fresh["totals"][measure],
            )
    yield from _refusals(stored, fresh)
    own, other = (
        sorted((b.get("line"), b.get("subject")) for b in document.get("benefits") or [])
        for document in (stored, fresh)
    )
    if own != other:
        yield Difference("benefit", "benefits", own, other)
    yield from _optimality(stored, fresh, planner)
    for name in _ASKED:
        if name in stored and name in fresh and stored[name] != fresh[name]:
            yield Difference("asked", name, stored[name], fresh[name])


def _decided_again(stored: Mapping[str, Any], planner: Planner) -> dict[str, Any]:
    """Return the decision made anew, asked for the same.

    Raises:
        RequestError: What was wished, or what the plan files, cannot be filed.
    """
    extras = _extras(stored)
    wished = extras.wished(planner)
    refusals = stored.get("refusals") is not None
    if _is_singled_out(stored):
        return extras.document(wished, "en", refusals=refusals)
    names = set(_chosen(stored))
    filed = frozenset(claim for claim in planner.chosen.items if str(claim) in names)
    held = planner.under(Wish(filed, frozenset(planner.chosen.items) - filed))
    document = decision_json(held.decide(refusals=refusals), "en")
    return {name: part for name, part in document.items() if name not in _ASKED}


def _extras(stored: Mapping[str, Any]) -> Extras:
    wish = stored.get("wish") or {}
    return Extras(
        filed=tuple(wish.get("with") or ()),
        left=tuple(wish.get("without") or ()),
        kept=(),
        alternatives=len(stored.get("alternatives") or ()),
        has_contrast="contrast" in stored,
    )


def _chosen(stored: Mapping[str, Any]) -> list[str]:
    return [name_of(row) for row in stored["candidates"] if row.get("chosen")]


def _is_singled_out(stored: Mapping[str, Any]) -> bool:
    return bool((stored.get("optimality") or {}).get("singled_out", True))


def _optimality(
    stored: Mapping[str, Any], fresh: Mapping[str, Any], planner: Planner
) -> Iterator[Difference]:
    said, found = stored.get("optimality") or {}, fresh["optimality"]
    if _is_singled_out(stored):
        for name in ("proved", "bound"):
            if said.get(name) != found[name]:
                yield Difference("optimality", f"optimality.{name}", said.get(name), found[name])
    else:
        best = _extras(stored).wished(planner).planner.chosen.choice
        total = fresh["totals"][planner.objective]
        if best.total > total and said.get("proved"):
            yield Difference("optimality", "totals", total, best.total)
        if not best.total <= (said.get("bound") or 0):
            yield Difference("optimality", "optimality.bound", said.get("bound"), best.total)
    stated = stored.get("certificate")
    if stated is not None and _is_singled_out(stored) and stated != fresh["certificate"]:
        yield Difference("certificate", "certificate", stated, fresh["certificate"])


def _digests(stored: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[Difference]:
    said, found = stored.get("digests") or {}, fresh["digests"]
    for name in ("facts", "rules", "program"):
        if said.get(name) != found[name]:
            yield Difference(name, f"digests.{name}", said.get(name), found[name])
    texts = said.get("texts") or {}
    for policy, digest in found["texts"].items():
        if texts.get(policy) != digest:
            yield Difference("text", f"digests.texts.{policy}", texts.get(policy), digest)


def arithmetic(stored: Mapping[str, Any]) -> Iterator[Difference]:
    """Add up what the stored decision says: nothing but its own figures is looked at."""
    for measure in ("firm", "potential"):
        paid = sum(paid_by(row, measure) for row in stored["candidates"])
        if paid != stored["totals"].get(measure):
            yield Difference("arithmetic", f"totals.{measure}", stored["totals"].get(measure), paid)
    for row in stored["candidates"]:
        for measure in ("firm", "potential"):
            alone = (row.get("amount") or {}).get(measure) or 0
            most = alone if row.get("chosen") else 0
            if paid_by(row, measure) > most:
                where = f"{name_of(row)} paid.{measure}"
                yield Difference("arithmetic", where, paid_by(row, measure), most)


def paid_by(row: Mapping[str, Any], measure: str) -> int:
    """Return what a candidate of a stored decision is paid, in yuan; nothing said is nothing."""
    paid = (row.get("paid") or {}).get(measure)
    return paid if isinstance(paid, int) else 0


def _candidates(stored: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[Difference]:
    said = {name_of(row): row for row in stored["candidates"]}
    found = {name_of(row): row for row in fresh["candidates"]}
    for name in sorted(said.keys() | found.keys()):
        if name not in said or name not in found:
            yield Difference("candidate", name, name in said, name in found)
            continue
        for part in _OF_CANDIDATE:
            if part in said[name] and said[name][part] != found[name][part]:
                yield Difference("candidate", f"{name} {part}", said[name][part], found[name][part])


def _refusals(stored: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[Difference]:
    said = {name_of(row): row for row in stored.get("refusals") or []}
    found = {name_of(row): row for row in fresh.get("refusals") or []}
    for name in sorted(said.keys() | found.keys()):
        if name not in said or name not in found:
            yield Difference("refusal", name, name in said, name in found)
        elif _reasons(said[name]) != _reasons(found[name]):
            yield Difference("refusal", name, _reasons(said[name]), _reasons(found[name]))


def _reasons(row: Mapping[str, Any]) -> list[str]:
    failed = [f"{f.get('condition')} ({f.get('actual')})" for f in row.get("failed") or []]
    return sorted([*failed, *(f"{fact.get('fact')}?" for fact in row.get("unknown") or [])])


def name_of(row: Mapping[str, Any]) -> str:
    """Return what a candidate or a refusal of a stored decision is called."""
    parts = [row.get("line"), row.get("subject"), row.get("year"), row.get("trigger")]
    while parts and parts[-1] is None:
        parts.pop()
    return "/".join("-" if part is None else str(part) for part in parts)
