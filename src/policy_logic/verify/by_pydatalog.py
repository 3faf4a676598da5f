"""Checking a stored decision with the second engine: what differs from what pyDatalog derives.

clingo is not asked, and nothing is chosen anew. What the decision says of each candidate is
derived again, and the plan it stores is held against the exclusions, caps and quotas derived.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from policy_logic.derive.atoms import to_atoms
from policy_logic.recheck.by_datalog import derive_again
from policy_logic.recheck.comparing import claim_name
from policy_logic.verify.difference import Difference, name_of
from policy_logic.verify.shape import arithmetic, wrong_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policy_logic.facts.model import Case
    from policy_logic.logic.terms import Fact, Value
    from policy_logic.rulebook.policy import Rulebook

_MEASURES = ("firm", "potential")


def recheck(stored: Mapping[str, Any], case: Case, book: Rulebook) -> Iterator[Difference]:
    """Yield where a stored decision differs from what the second engine derives of the case.

    It compares whose case it is, the candidates with their sums, review and cap year, the benefits
    in kind, the exclusions among the candidates and with support received, and whether what is
    paid fits under the caps and quotas. It says nothing of refusals and digests, nor whether
    another plan would pay more.

    Args:
        stored: A decision as ``plan --format json`` prints it.
        case: The case, under the readings of the decision.
        book: The rulebook.

    Raises:
        FactsError: The case names a reading or a value of one that does not exist.
        RequestError: The second engine cannot ask the conditions of a rule in any order.
    """
    wrong = wrong_shape(stored)
    if wrong:
        yield from wrong
        return
    rows, told = stored["candidates"], stored["benefits"]
    own = {"applicant": case.applicant, "as_of": case.as_of.isoformat()}
    for name, value in own.items():
        if stored.get(name) != value:
            yield Difference("case", name, stored.get(name), value)
    yield from arithmetic(stored)
    given = to_atoms(case, book).origins
    found = _Found((*given, *derive_again(book.rules, given)))
    said = {name_of(row): row for row in rows}
    for name, times in Counter(map(name_of, rows)).items():
        if times > 1:
            yield Difference("candidate", name, times, 1)
    yield from _candidates(said, found)
    yield from _exclusions(said, found)
    yield from _limits(said, found)
    benefits = sorted([str(row.get("line")), str(row.get("subject"))] for row in told)
    derived = sorted([line, subject] for line, subject in found.of["entitled"])
    if benefits != derived:
        yield Difference("benefit", "benefits", benefits, derived)


class _Found:
    """What is given and derived.

    Attributes:
        of: The arguments of each atom, by predicate.
        candidates: The candidates by name.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.of: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._second: dict[tuple[str, Value], list[Any]] = defaultdict(list)
        for fact in facts:
            self.of[fact.name].append(fact.args)
            if len(fact.args) == 2:
                self._second[fact.name, fact.args[0]].append(fact.args[1])
        self.candidates: dict[str, Value] = {claim_name(c): c for c, _ in self.of["candidate"]}

    def values(self, predicate: str, first: Value) -> list[Any]:
        """Return the second arguments of the atoms that begin with a value."""
        return self._second.get((predicate, first), [])

    def value(self, predicate: str, first: Value) -> object:
        """Return the one value, ``None`` without one; all in a list where there are several."""
        values = self.values(predicate, first)
        return sorted(values) if len(values) > 1 else next(iter(values), None)

    def entries(self, claim: Value) -> list[int]:
        """Return the entries of support received that stand against a claim."""
        found = {*self.values("granted", claim)}
        for other in self.values("stands_against", claim):
            found |= {*other.args} if other.name == "received" else {*self.values("granted", other)}
        return sorted(found)


def _candidates(said: Mapping[str, Any], found: _Found) -> Iterator[Difference]:
    for name in sorted(said.keys() | found.candidates.keys()):
        if name not in said or name not in found.candidates:
            yield Difference("candidate", name, name in said, name in found.candidates)
            continue
        claim = found.candidates[name]
        parts = {
            "amount": {measure: found.value(measure, claim) for measure in _MEASURES},
            "review": found.value("review_state", claim),
            "cap_year": found.value("cap_year", claim),
        }
        for part, value in parts.items():
            if said[name].get(part) != value:
                yield Difference("candidate", f"{name} {part}", said[name].get(part), value)


def _exclusions(said: Mapping[str, Any], found: _Found) -> Iterator[Difference]:
    chosen = {name for name, row in said.items() if row.get("chosen")}
    for name in sorted(said.keys() & found.candidates.keys()):
        claim, why = found.candidates[name], said[name].get("rejected_because") or {}
        entries = found.entries(claim)
        if (why.get("entries") or []) != entries:
            yield Difference("exclusion", f"{name} entries", why.get("entries") or [], entries)
        others = sorted({*map(claim_name, found.values("stands_against", claim))} & chosen)
        for other in others:
            if name in chosen and name < other:
                yield Difference("exclusion", f"{name} + {other}", "chosen", "excluded")
        by = sorted(map(str, why["by"])) if isinstance(why.get("by"), list) else []
        if why.get("kind") == "excluded_by" and by != others:
            yield Difference("exclusion", f"{name} excluded_by", by, others)


def _limits(said: Mapping[str, Any], found: _Found) -> Iterator[Difference]:
    """Hold what is paid against the caps, and what is chosen against the quotas."""
    chosen = {
        found.candidates[name]: row
        for name, row in said.items()
        if row.get("chosen") and name in found.candidates
    }
    granted = {claim for claim, _ in found.of["granted"]}
    for pool, most in sorted(found.of["limit"], key=str):
        drawn = sum(
            sum(found.values("received_amount", entry))
            for claim in granted
            if pool in found.values("draws_on", claim)
            for entry in found.values("granted", claim)
        )
        left = max(0, most - drawn)
        own = [row for claim, row in chosen.items() if pool in found.values("draws_on", claim)]
        for measure in _MEASURES:
            paid = sum(row["paid"][measure] for row in own)
            if paid > left:
                yield Difference("cap", f"{_name(pool)} paid.{measure}", paid, left)
    for quota, most in sorted(found.of["places"], key=str):
        taken = sum(quota in found.values("takes_place", claim) for claim in granted)
        taking = sum(quota in found.values("takes_place", claim) for claim in chosen)
        left = max(0, most - taken)
        if taking > left:
            yield Difference("cap", f"{_name(quota)} chosen", taking, left)


def _name(pool: Any) -> str:  # noqa: ANN401 - a term of the rules
    return "/".join(map(str, pool.args))
