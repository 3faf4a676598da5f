"""The full account of one claim: eligibility, amount, caps, exclusions, and the choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_logic.derive.claims import Claim, Received
from policy_logic.errors import Problem, RequestError
from policy_logic.facts.scalars import nearest
from policy_logic.logic.terms import Compound, Fact
from policy_logic.prove.refusals import Target, targets

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decided
    from policy_logic.decide.planning import Planner
    from policy_logic.prove.proof import Node
    from policy_logic.prove.refusal import Refusal
    from policy_logic.rulebook.policy import Number


@dataclass(frozen=True, slots=True)
class CapUse:
    """What a cap shared by claims does in this plan.

    Attributes:
        pool: The cap, for whom and for which year.
        number: The cap.
        year: The year it is counted for.
        limit: The cap in yuan.
        drawn: What support already received has used up.
        claims: The chosen claims that draw on it, with what each is worth alone and is paid.
        proof: Why the claim draws on it.
    """

    pool: Compound
    number: Number
    year: int
    limit: int
    drawn: int
    claims: tuple[tuple[Claim, int, int], ...]
    proof: Node

    @property
    def binds(self) -> bool:
        """Whether it cuts anything."""
        return self.drawn + sum(alone for _, alone, _ in self.claims) > self.limit


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """What a quota does in this plan.

    Attributes:
        number: The quota.
        year: The year it is counted for.
        places: How many places it has.
        taken: How many of them support already received has taken.
        claims: The chosen claims that take a place.
        proof: Why the claim needs a place.
    """

    number: Number
    year: int
    places: int
    taken: int
    claims: tuple[Claim, ...]
    proof: Node


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Something that cannot stand beside a claim.

    Attributes:
        other: The other claim, or an entry of ``received``.
        clause: The clause that says so.
        chosen: Whether the plan files the other claim.
        settled: Whether it has been granted already.
        proof: Why they exclude each other.
    """

    other: Claim | Received
    clause: str
    chosen: bool
    settled: bool
    proof: Node


@dataclass(frozen=True, slots=True)
class Why:
    """Why a candidate is one, what it pays, and what became of it.

    Attributes:
        claim: The claim.
        decided: What became of it.
        clause: The clause that grants it.
        eligibility: Why it can be claimed.
        potential: Why it pays at most what it pays.
        firm: Why it pays for certain what it does.
        caps: The caps it shares.
        quotas: The quotas it needs a place of.
        exclusions: What cannot stand beside it.
        change: By how much the total falls were it chosen otherwise; ``None`` where it cannot be.
    """

    claim: Claim
    decided: Decided
    clause: str
    eligibility: Node
    potential: Node
    firm: Node
    caps: tuple[CapUse, ...]
    quotas: tuple[QuotaUse, ...]
    exclusions: tuple[Exclusion, ...]
    change: int | None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why something is no candidate.

    Attributes:
        target: What was asked for.
        article: The article as the text numbers it.
        clause: The clause that would grant it.
        refusal: What fails and what is not known.
    """

    target: Target
    article: str
    clause: str
    refusal: Refusal


def explain(
    planner: Planner,
    line: str,
    subject: str | None = None,
    year: int | None = None,
    trigger: str | None = None,
) -> tuple[Why | WhyNot, ...]:
    """Explain everything that a question names: each candidate, else each refusal.

    Args:
        planner: The case.
        line: A line's id.
        subject: An entity's id; ``None`` for all.
        year: A year; ``None`` for all.
        trigger: A listing; ``None`` for all.

    Raises:
        RequestError: There is no such line or entity, or the line does not concern it.
    """
    check_asked(planner, line, subject)
    found: list[Why | WhyNot] = [
        why(planner, claim)
        for claim in planner.derivation.candidates
        if claim.line == line
        and subject in {None, claim.subject}
        and year in {None, claim.year}
        and trigger in {None, claim.trigger}
    ]
    article, clause = planner.book.lines[line].article, planner.clause_of_line(line)
    for target, form in targets(planner.derivation):
        if (
            target.line == line
            and subject in {None, target.subject}
            and year in {None, target.year}
            and trigger in {None, target.trigger}
        ):
            refusal = planner.refuser.why_not(target.goal(form))
            found.append(WhyNot(target, article, clause, refusal))
    if not found and subject is not None:
        target = Target(line, subject, year, trigger)
        form = planner.book.occasion_forms[line]
        found.append(WhyNot(target, article, clause, planner.refuser.why_not(target.goal(form))))
    return tuple(found)


def check_asked(planner: Planner, line: str, subject: str | None) -> None:
    """Refuse a question about a line that pays no money, or an entity that it cannot concern.

    Raises:
        RequestError: There is no such line or entity, or the line does not concern it.
    """
    book, case = planner.book, planner.case
    known = book.lines.get(line)
    if known is None:
        details: dict[str, object] = {"line": line, "near": nearest(line, sorted(book.lines))}
        raise RequestError([Problem("request.line_unknown", None, details)])
    if known.kind != "monetary":
        details = {"line": line, "label": known.label.en}
        raise RequestError([Problem("request.line_not_money", None, details)])
    if subject is not None and subject not in case.entities:
        details = {"subject": subject, "near": nearest(subject, list(case.entities))}
        raise RequestError([Problem("request.subject_unknown", None, details)])
    if subject is not None and case.entities[subject].kind not in known.subjects:
        details = {
            "subject": subject, "line": line, "kind": case.entities[subject].kind,
            "kinds": ", ".join(known.subjects),
        }  # fmt: skip
        raise RequestError([Problem("request.subject_kind", None, details)])


def why(planner: Planner, claim: Claim, *, with_change: bool = True) -> Why:
    """Return the full account of a candidate.

    Args:
        planner: The case.
        claim: The candidate.
        with_change: Whether to find out by how much the total falls were it chosen otherwise.
    """
    candidate = planner.derivation.candidates[claim]
    explainer = planner.explainer
    return Why(
        claim=claim,
        decided=planner.decided(claim),
        clause=planner.clause_of_line(claim.line),
        eligibility=explainer.why(Fact("candidate", (claim.term, candidate.occasion))),
        potential=explainer.why(Fact("potential", (claim.term, candidate.potential))),
        firm=explainer.why(Fact("firm", (claim.term, candidate.firm))),
        caps=tuple(_cap_use(planner, claim, pool) for pool in candidate.pools),
        quotas=tuple(_quota_use(planner, claim, quota) for quota in candidate.quotas),
        exclusions=tuple(
            _exclusion(planner, claim, other)
            for other in sorted(planner.derivation.against[claim], key=str)
        ),
        change=planner.contraster.change(claim) if with_change else None,
    )


def _cap_use(planner: Planner, claim: Claim, pool: Compound) -> CapUse:
    derivation, chosen = planner.derivation, planner.chosen
    members = tuple(
        (other, derivation.candidates[other].potential, chosen.paid[other].potential)
        for other in sorted(chosen.claims, key=lambda c: c.order)
        if pool in derivation.candidates[other].pools
    )
    return CapUse(
        pool=pool,
        number=planner.book.numbers[str(pool.args[0])],
        year=_year(pool),
        limit=derivation.limits[pool],
        drawn=derivation.drawn.get(pool, 0),
        claims=members,
        proof=planner.explainer.why(Fact("draws_on", (claim.term, pool))),
    )


def _quota_use(planner: Planner, claim: Claim, quota: Compound) -> QuotaUse:
    derivation = planner.derivation
    members = tuple(
        other
        for other in sorted(planner.chosen.claims, key=lambda c: c.order)
        if quota in derivation.candidates[other].quotas
    )
    return QuotaUse(
        number=planner.book.numbers[str(quota.args[0])],
        year=_year(quota),
        places=derivation.places[quota],
        taken=derivation.taken.get(quota, 0),
        claims=members,
        proof=planner.explainer.why(Fact("takes_place", (claim.term, quota))),
    )


def _exclusion(planner: Planner, claim: Claim, other: Claim | Received) -> Exclusion:
    term = Compound("received", (other.entry,)) if isinstance(other, Received) else other.term
    return Exclusion(
        other=other,
        clause=planner.exclusion_clause(claim, other),
        chosen=other in planner.chosen.claims,
        settled=isinstance(other, Received) or other in planner.derivation.granted,
        proof=planner.explainer.why(Fact("stands_against", (claim.term, term))),
    )


def _year(pool: Compound) -> int:
    year = pool.args[2]
    return year if isinstance(year, int) else 0
