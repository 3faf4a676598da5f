"""What was paid against what was due: each payment, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from policy_logic.decide.whatif import why_no_candidate
from policy_logic.derive.claims import Claim
from policy_logic.errors import FactsError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy_logic.decide.decision import Decided
    from policy_logic.decide.planning import Planner
    from policy_logic.facts.model import Grant
    from policy_logic.logic.terms import Compound
    from policy_logic.prove.refusal import Refusal

Kind: TypeAlias = Literal[
    "as_decided", "too_much", "too_little", "not_due", "not_paid", "not_certain"
]
DIFFERING: Final[tuple[Kind, ...]] = ("too_much", "too_little", "not_due", "not_paid")


@dataclass(frozen=True, slots=True)
class Finding:
    """A payment compared with what was due, or something due that was not paid.

    Attributes:
        kind: ``as_decided``, ``too_much``, ``too_little``, ``not_due``, ``not_paid``, or
            ``not_certain``: filed and not paid, but nothing of it is certain.
        claim: The claim.
        grant: The payment; ``None`` where there is none.
        least: The least that was due, in yuan.
        most: The most that was due; ``None`` where the text fixes no sum.
        difference: What was paid too much, or too little if below 0.
        decided: What became of the claim in the plan; ``None`` for no candidate.
        refusal: Why it is no candidate, where it is none.
        cap: The name of the shared cap that was divided otherwise than the plan does, though its
            sum is right; empty for none.
    """

    kind: Kind
    claim: Claim
    grant: Grant | None
    least: int
    most: int | None
    difference: int
    decided: Decided | None
    refusal: Refusal | None = None
    cap: str = ""

    @property
    def paid(self) -> int:
        """What was paid, in yuan."""
        return self.grant.amount if self.grant else 0


@dataclass(frozen=True, slots=True)
class Compared:
    """All payments compared, in the order given, then what was not paid, in key order.

    Attributes:
        findings: What was found.
    """

    findings: tuple[Finding, ...]

    @property
    def differs(self) -> bool:
        """Whether anything was paid otherwise than decided."""
        return any(finding.kind in DIFFERING for finding in self.findings)

    @property
    def paid(self) -> int:
        """What was paid together, in yuan."""
        return sum(finding.paid for finding in self.findings)

    def of(self, *kinds: Kind) -> tuple[Finding, ...]:
        """Return the findings of some kinds."""
        return tuple(finding for finding in self.findings if finding.kind in kinds)

    def difference(self, kind: Kind) -> int:
        """Return what the differences of a kind come to, in yuan."""
        return sum(finding.difference for finding in self.of(kind))


def compare_granted(planner: Planner, grants: Sequence[Grant]) -> Compared:
    """Compare what was paid with a plan.

    A claim under a ceiling may be paid anything up to it, one without a figure anything. Where
    the payments under a shared cap come to what the plan pays under it, and none is more than its
    claim is worth alone, how the cap was divided does not matter.

    Args:
        planner: The case, with what the payments are not part of.
        grants: What was paid.

    Raises:
        FactsError: An entry names no money line of a policy at hand, fits several claims, or
            is there twice.
    """
    matched = _matched(planner, grants)
    shared = dict(_divided_otherwise(planner, matched))
    findings = [_finding(planner, claim, grant, shared) for claim, grant in matched.items()]
    missing = planner.chosen.claims - matched.keys() - shared.keys()
    findings += [_missing(planner, c) for c in sorted(missing, key=lambda claim: claim.order)]
    return Compared(tuple(findings))


def _matched(planner: Planner, grants: Sequence[Grant]) -> dict[Claim, Grant]:
    """Return the claim that each payment is for."""
    found: dict[Claim, Grant] = {}
    problems: list[Problem] = []
    for grant in grants:
        try:
            claim = _claim(planner, grant)
        except FactsError as error:
            problems.extend(error.problems)
            continue
        if claim in found:
            details = {"claim": str(claim), "first": found[claim].position.line}
            problems.append(Problem("granted.twice", grant.position, details))
        found.setdefault(claim, grant)
    if problems:
        raise FactsError(problems)
    return found


def _claim(planner: Planner, grant: Grant) -> Claim:
    """Return the claim that a payment is for, be it a candidate or not."""
    line = planner.book.lines.get(grant.line or "")
    if line is None or line.kind != "monetary":
        code = "granted.not_at_hand" if line is None else "granted.not_money"
        details: dict[str, object] = {
            "line": grant.line, "policies": ", ".join(planner.book.policies),
        }  # fmt: skip
        raise FactsError([Problem(code, grant.position, details)])
    fitting = [
        claim
        for claim in planner.derivation.candidates
        if (claim.line, claim.subject) == (grant.line, grant.subject)
        and (claim.year is None or grant.year in {None, claim.year})
        and (claim.trigger is None or grant.trigger in {None, claim.trigger})
    ]
    if len(fitting) > 1:
        fitting = [claim for claim in fitting if claim in planner.chosen.claims] or fitting
    if len(fitting) > 1:
        details = {"claims": ", ".join(map(str, fitting))}
        raise FactsError([Problem("granted.vague", grant.position, details)])
    if fitting:
        return fitting[0]
    year = grant.year if line.per == "year" else None
    return Claim(line.id, grant.subject, year, grant.trigger)


def _divided_otherwise(
    planner: Planner, matched: Mapping[Claim, Grant]
) -> Iterator[tuple[Claim, str]]:
    """Yield the claims under a full cap whose payments come to the same, with the cap's name."""
    chosen, candidates = planner.chosen, planner.derivation.candidates
    for pool in sorted(chosen.full, key=str):
        under = [claim for claim in candidates if pool in candidates[claim].pools]
        own = {claim: matched[claim].amount for claim in under if claim in matched}
        decided = {claim: chosen.paid[claim].potential for claim in under if claim in chosen.paid}
        fits = all(
            amount <= candidates[claim].potential and _may_stand(planner, claim, own)
            for claim, amount in own.items()
        )
        if fits and sum(own.values()) == sum(decided.values()) and own != decided:
            yield from ((claim, str(pool.args[0])) for claim in {*own, *decided})


def _may_stand(planner: Planner, claim: Claim, beside: Mapping[Claim, int]) -> bool:
    """Return whether a claim may be paid beside others, and beside the rest of the plan."""
    others = {*beside, *(c for c in planner.chosen.claims if not _shares(planner, claim, c))}
    return claim not in planner.chosen.settled and not (
        planner.derivation.against[claim] & (others - {claim})
    )


def _shares(planner: Planner, claim: Claim, other: Claim) -> bool:
    pools: dict[Claim, tuple[Compound, ...]] = {
        c: planner.derivation.candidates[c].pools for c in (claim, other)
    }
    return bool({*pools[claim]} & {*pools[other]})


def _finding(planner: Planner, claim: Claim, grant: Grant, shared: Mapping[Claim, str]) -> Finding:
    if claim not in planner.derivation.candidates:
        refusal = why_no_candidate(planner, claim)
        kind: Kind = "not_due" if grant.amount else "as_decided"
        return Finding(kind, claim, grant, 0, 0, grant.amount, None, refusal)
    decided = planner.decided(claim)
    if claim in shared:
        paid = grant.amount
        return Finding("as_decided", claim, grant, paid, paid, 0, decided, cap=shared[claim])
    least, most = _due(decided)
    if most is not None and grant.amount > most:
        kind = "too_much" if decided.chosen else "not_due"
        return Finding(kind, claim, grant, least, most, grant.amount - most, decided)
    if grant.amount < least:
        difference = grant.amount - least
        return Finding("too_little", claim, grant, least, most, difference, decided)
    return Finding("as_decided", claim, grant, least, most, 0, decided)


def _due(decided: Decided) -> tuple[int, int | None]:
    """Return the least and the most that was due for a claim that was paid."""
    if not decided.chosen:
        return 0, 0
    if decided.determinacy == "open" and not decided.amount.potential:
        return 0, None
    if decided.determinacy == "exact":  # a review that was pending has passed
        return decided.paid.potential, decided.paid.potential
    return decided.paid.firm, decided.paid.potential


def _missing(planner: Planner, claim: Claim) -> Finding:
    """Return what is found of a claim of the plan that was not paid."""
    decided = planner.decided(claim)
    _, most = _due(decided)
    kind: Kind = "not_paid" if decided.paid.firm else "not_certain"
    return Finding(kind, claim, None, decided.paid.firm, most, -decided.paid.firm, decided)
