"""Checking a stored decision again from scratch: what differs, if anything does.

The decision is made anew from the facts under the same readings and objective, asked for the same,
and every part of it is compared; and what the stored decision says is added up by itself. Where its
plan is not proved to be the one that the rules for ties single out, any plan as good is as right:
then its own set of claims is decided, and only its total compared with what the search finds. What
a search cut short leaves open besides is not compared (see :func:`_settled`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from policy_logic.decide.extras import Extras, Wished
from policy_logic.decide.report import decision_json
from policy_logic.decide.wishes import Wish
from policy_logic.errors import RequestError
from policy_logic.tell.proof_json import proofs_json
from policy_logic.verify.difference import (
    ABSENT,
    Difference,
    compare,
    name_of,
    rows,
)
from policy_logic.verify.shape import arithmetic, wrong_shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.decide.choosing import Chosen
    from policy_logic.decide.planning import Planner

_ENGINES: Final = {"arithmetic", "clingo", "cp-sat"}
_KINDS: Final = {
    "applicant": "case", "as_of": "case", "objective": "case", "readings": "case",
    "totals": "total", "optimality": "optimality", "certificate": "certificate",
    "other_objective": "asked", "benefits": "benefit", "notices": "notice", "wish": "asked",
    "alternatives": "asked", "contrast": "asked", "proofs": "proof",
}  # fmt: skip
_FIRST: Final = ("digests", "applicant", "as_of", "objective", "readings", "candidates")
_DIGESTS: Final = {"facts": "facts", "rules": "rules", "program": "program", "texts": "text"}


def verify(stored: Mapping[str, Any], planner: Planner) -> Iterator[Difference]:
    """Yield everything in which a stored decision differs from what follows from the facts.

    Args:
        stored: A decision as ``plan --format json`` prints it, in either language.
        planner: The case, to be decided under the readings and the objective of the decision.
    """
    wrong = wrong_shape(stored)
    if wrong:
        yield from wrong
        return
    yield from arithmetic(stored)
    try:
        own = _extras(stored).wished(planner)
        held = _holding(stored, own)
        fresh = _decided(stored, held)
    except RequestError as fault:
        yield Difference("asked", "wish, candidates", _chosen(stored), fault)
        return
    yield from _optimality(stored, own.planner.chosen, held.planner.chosen)
    said, found = _settled(stored, stored), _settled(stored, fresh)
    for name in dict.fromkeys((*_FIRST, *found, *said)):
        parts = said.get(name, ABSENT), found.get(name, ABSENT)
        if name in {"candidates", "refusals"} and ABSENT not in parts:
            yield from rows(name.removesuffix("s"), *parts)
        elif name == "digests":
            for part in dict.fromkeys((*parts[1], *parts[0])):
                digests = (side.get(part, ABSENT) for side in parts)
                yield from compare(_DIGESTS.get(part, "shape"), f"{name}.{part}", *digests)
        else:
            yield from compare(_KINDS.get(name, "shape"), name, *parts)


def _extras(stored: Mapping[str, Any]) -> Extras:
    """Return what a decision was asked for besides the plan."""
    wish = stored.get("wish", {"with": (), "without": ()})
    return Extras(
        filed=tuple(wish["with"]),
        left=tuple(wish["without"]),
        kept=(),
        alternatives=len(stored.get("alternatives", ())),
        has_contrast="contrast" in stored,
    )


def _chosen(stored: Mapping[str, Any]) -> list[str]:
    return [name_of(row) for row in stored["candidates"] if row["chosen"]]


def _holding(stored: Mapping[str, Any], own: Wished) -> Wished:
    """Return a case with the choice that a decision has to tell: where it is open, its own.

    Which of the engines found it does not count.

    Raises:
        RequestError: Its claims cannot be filed together, or not under its wish.
    """
    said, chosen, wish = stored["optimality"], own.planner.chosen, own.planner.wish
    choice = chosen.choice
    if not said["singled_out"]:
        names = set(_chosen(stored))
        filed = frozenset(claim for claim in chosen.items if str(claim) in names)
        left = frozenset(chosen.items) - filed
        held = own.planner.under(Wish(filed | wish.filed, left | wish.left)).chosen
        chosen = replace(held, problem=chosen.problem)
        choice = replace(held.choice, bound=said["bound"], proved=said["proved"], singled_out=False)
    if _is_engine(said["engine"]):
        choice = replace(choice, engine=said["engine"])
    planner = own.planner.under(wish)
    planner._chosen = replace(chosen, choice=choice)  # noqa: SLF001 - a choice made elsewhere
    return Wished(planner, planner if own.best is own.planner else own.best)


def _is_engine(name: str) -> bool:
    parts = name.split("+")
    return parts == sorted({*parts} & _ENGINES)


def _decided(stored: Mapping[str, Any], held: Wished) -> dict[str, Any]:
    """Return the decision made anew, asked for the same, in the language of the stored one."""
    has_refusals = "refusals" in stored
    decision = held.planner.decide(refusals=has_refusals)
    fresh = _extras(stored).document(held, decision, "en")
    if "proofs" in stored:
        fresh["proofs"] = proofs_json(held.planner, decision)
    told = [notice["text"] for notice in stored["notices"]]
    if told != [notice["text"] for notice in fresh["notices"]]:
        other = decision_json(held.planner.decide(refusals=False), "zh")["notices"]
        fresh["notices"] = max(
            fresh["notices"], other, key=lambda notices: sum(n["text"] in told for n in notices)
        )
    return fresh


def _settled(stored: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision without what a search that was cut short leaves open.

    That is the plan by the other objective and the totals under other readings; where the plan is
    not proved either, also what a wish costs and what each part is worth.
    """
    said, parts = stored["optimality"], dict(document)
    if said["singled_out"]:
        return parts
    parts.pop("other_objective", None)
    parts["notices"] = [
        {**notice, "text": "", "other_totals": ""} if notice.get("kind") == "reading" else notice
        for notice in parts["notices"]
    ]
    if not said["proved"]:
        parts.pop("contrast", None)
        if "wish" in parts:
            parts["wish"] = {**parts["wish"], "best_total": 0, "cost": 0}
    return parts


def _optimality(stored: Mapping[str, Any], own: Chosen, held: Chosen) -> Iterator[Difference]:
    """Check what a decision says of its plan where it does not say that it is singled out.

    Arithmetic leaves nothing open; any search may have been cut short before it broke the ties.
    """
    said, objective = stored["optimality"], held.problem.objective
    if said["singled_out"]:
        return
    if said["engine"] == "arithmetic":
        yield Difference("optimality", "optimality.singled_out", stored=False, found=True)
    total, most = held.choice.total, max(held.choice.total, own.choice.total)
    if said["proved"] and total < most:
        yield Difference("optimality", f"totals.{objective}", total, most)
    if said["bound"] != most if said["proved"] else said["bound"] < most:
        yield Difference("optimality", "optimality.bound", said["bound"], most)
