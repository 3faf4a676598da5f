"""What has to hold of every decision: proofs, verification, and no regard to the order of facts."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from policy_logic import api
from policy_logic.decide.report import decision_json
from policy_logic.logic.terms import Fact
from policy_logic.prove.proof import Derived
from policy_logic.tell.proof_json import proofs_json
from policy_logic.testing.fault import fault, raise_first
from policy_logic.verify.by_checker import ProofChecker
from policy_logic.verify.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.testing.fault import Fault
    from policy_logic.verify.difference import Difference


def check_proofs(book: Rulebook, facts: Mapping[str, Any]) -> None:
    """Check that every claim has a proof, and that the small checker accepts all proofs.

    The checker reads the rules itself and shares nothing with what makes the proofs.

    Raises:
        PropertyFault: A claim has no proof, or a proof is not accepted; ``about`` is the claim's
            line, or the place in the decision.
        FactsError: The case is wrong.
    """
    raise_first(book, _unproved(book, facts))


def check_verifiable(book: Rulebook, facts: Mapping[str, Any]) -> None:
    """Check that the decision, stored and read again, is confirmed by the program and pyDatalog.

    Raises:
        PropertyFault: Something differs; ``about`` is the place in the decision.
        FactsError: The case is wrong.
    """
    raise_first(book, _not_confirmed(book, facts))


def check_order_free(book: Rulebook, facts: Mapping[str, Any]) -> None:
    """Check that the order of entities, keys, values and entries changes nothing.

    The case is decided as it is, and written backwards. Entries of ``review`` and ``received``,
    which a decision names by their place, are compared by what they say.

    Raises:
        PropertyFault: The decisions differ; ``about`` is the first part that does.
        FactsError: The case is wrong.
    """
    raise_first(book, _ordered(book, facts))


def _unproved(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[Fault]:
    planner = api.planner(facts, book=book)
    for claim, candidate in planner.derivation.candidates.items():
        root = planner.explainer.why(Fact("candidate", (claim.term, candidate.occasion)))
        if not isinstance(root, Derived):
            yield fault("proofs", claim.line, [claim.line], claim=claim)
    decision = planner.decide()
    stored = _stored({**decision_json(decision), "proofs": proofs_json(planner, decision)})
    lines = sorted({claim.line for claim in planner.derivation.candidates})
    yield from _told("proofs_by_checker", ProofChecker(planner.case, book).faults(stored), lines)


def _not_confirmed(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[Fault]:
    planner = api.planner(facts, book=book)
    stored = _stored(decision_json(planner.decide()))
    lines = sorted({claim.line for claim in planner.derivation.candidates})
    yield from _told("verifiable", verify(stored, planner), lines)
    if find_spec("pyDatalog"):
        from policy_logic.verify.by_pydatalog import recheck  # noqa: PLC0415 - only where installed

        yield from _told("verifiable_by_pydatalog", recheck(stored, planner.case, book), lines)


def _ordered(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[Fault]:
    first, second = (
        without_places(decision_json(api.planner(case, book=book).decide()), case)
        for case in (facts, backwards(facts))
    )
    for part in first:
        if json.dumps(first[part]) != json.dumps(second[part]):
            lines = sorted({row["line"] for row in first["candidates"]})
            shown = (json.dumps(side[part], ensure_ascii=False) for side in (first, second))
            stored, found = shown
            yield fault("order_free", part, lines, stored=stored, found=found)


def _told(check: str, differences: Iterator[Difference], lines: list[str]) -> Iterator[Fault]:
    for difference in differences:
        stored, found = difference.stored, difference.found
        yield fault(check, difference.where, lines, stored=stored, found=found)


def _stored(document: dict[str, Any]) -> dict[str, Any]:
    """Return a decision as it is read from a file."""
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def backwards(value: Any) -> Any:  # noqa: ANN401 - any part of a case
    """Return the same facts with keys, values and entries in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [backwards(item) for item in reversed(value)]
    return value


def without_places(document: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision in which entries are named by what they say, not by their place."""

    def said(entry: Mapping[str, Any]) -> str:
        return str(sorted(entry.items()))

    about: list[str] = []
    others: list[Any] = []
    for notice in document["notices"]:
        if "entry" in notice:
            entries = facts["review" if notice["kind"].startswith("review") else "received"]
            about.append(f"{notice['kind']} {said(entries[notice['entry'] - 1])}")
        else:
            others.append(notice)
    candidates = []
    for candidate in document["candidates"]:
        because = candidate["rejected_because"]
        if because and "entries" in because:
            named = (facts["received"][number - 1] for number in because["entries"])
            because = {**because, "entries": sorted(map(said, named))}
        candidates.append({**candidate, "rejected_because": because})
    told = {**document, "candidates": candidates, "notices": others}
    return {**told, "entries": sorted(about)}
