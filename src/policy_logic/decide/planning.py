"""From a case to a decision."""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from policy_logic.decide.choosing import Chosen, choose, rejection, with_clause
from policy_logic.decide.contrast import Contraster
from policy_logic.decide.decision import (
    Benefit,
    Certificate,
    Decided,
    Decision,
    Digests,
    Optimality,
    OtherPlan,
    Rejection,
    Sums,
)
from policy_logic.decide.notices import notices
from policy_logic.decide.wishes import NO_WISH, Wish
from policy_logic.derive.claims import Claim, Received
from policy_logic.derive.derivation import Derivation, derive
from policy_logic.logic.terms import Compound, Fact
from policy_logic.prove.proof import Derived, walk
from policy_logic.prove.refusals import refusals as all_refusals
from policy_logic.prove.why import Explainer
from policy_logic.prove.whynot import Refuser
from policy_logic.select.alternatives import best_sets
from policy_logic.select.certificate import confirm

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Objective
    from policy_logic.select.selection import Engine, Known


class Planner:
    """One case, derived once: its decision, and whatever is asked about it afterwards.

    Attributes:
        case: The case.
        book: The rulebook.
        derivation: What can be claimed; derived here unless it is given.
        objective: What the plan makes as high as possible.
        seconds: The longest time to search for it; ``None`` for no limit.
        engine: Which engine chooses.
        wish: What the plan has to respect.
    """

    def __init__(
        self,
        case: Case,
        book: Rulebook,
        objective: Objective = "potential",
        seconds: float | None = None,
        engine: Engine = "auto",
        derivation: Derivation | None = None,
    ) -> None:
        self.case, self.book = case, book
        self.objective, self.seconds, self.engine = objective, seconds, engine
        self.wish = NO_WISH
        self.derivation: Derivation = derivation or derive(case, book)
        self._explainer: Explainer | None = None
        self._refuser: Refuser | None = None
        self._chosen: Chosen | None = None
        self._solved: Known = {}

    @property
    def explainer(self) -> Explainer:
        """Proofs of what holds; built when first asked for."""
        if self._explainer is None:
            self._explainer = Explainer(self.derivation)
        return self._explainer

    @property
    def refuser(self) -> Refuser:
        """Reasons for what does not hold; built when first asked for."""
        if self._refuser is None:
            self._refuser = Refuser(self.explainer)
        return self._refuser

    @property
    def chosen(self) -> Chosen:
        """The choice; made when first asked for."""
        if self._chosen is None:
            self._chosen = self.choose(self.derivation)
        return self._chosen

    @property
    def specification(self) -> Path:
        """The specification of the choice."""
        return self.book.shared / "selection.lp"

    @cached_property
    def contraster(self) -> Contraster:
        """What would be otherwise; built when first asked for."""
        return Contraster(self.chosen, self.specification, self.seconds)

    def under(self, wish: Wish) -> Planner:
        """Return the same case, to be planned under a wish."""
        other = copy(self)
        other.__dict__.pop("contraster", None)
        other.wish, other._chosen = wish, None  # noqa: SLF001 - its own kind
        return other

    def of(self, derivation: Derivation) -> Planner:
        """Return another version of the case or of the rules, to be planned in the same manner.

        Parts of the choice that have been solved before are not solved again.
        """
        other = self.under(self.wish)
        other.case, other.derivation = derivation.case, derivation
        other.book = derivation.book
        other._explainer, other._refuser = None, None  # noqa: SLF001 - its own kind
        return other

    def alternatives(self, count: int) -> list[Alternative]:
        """Return the best plans, best first, as sets of claims that pay something."""
        chosen = self.chosen
        sets = best_sets(chosen.problem, self.specification, count)
        return [self._alternative(chosen, found) for found in sets]

    def _alternative(self, chosen: Chosen, found: frozenset[int]) -> Alternative:
        claims = frozenset(chosen.items[index] for index in found)
        paying = chosen.claims & {*chosen.items}
        return Alternative(
            claims=tuple(sorted(claims, key=lambda claim: claim.order)),
            totals=Sums(
                chosen.problem.total(found, "firm"), chosen.problem.total(found, "potential")
            ),
            added=tuple(sorted(claims - paying, key=lambda claim: claim.order)),
            dropped=tuple(sorted(paying - claims, key=lambda claim: claim.order)),
        )

    def choose(self, derivation: Derivation) -> Chosen:
        """Choose over what follows from another version of the case, in the manner of this plan.

        Parts of the choice that have been solved before are not solved again.
        """
        return choose(
            derivation, self.specification, self.objective, self.seconds, self.engine, self.wish,
            self._solved,
        )  # fmt: skip

    def _other(self) -> OtherPlan | None:
        """Return the plan that is best by the other objective, where it is another."""
        objective: Objective = "potential" if self.objective == "firm" else "firm"
        other = choose(
            self.derivation, self.specification, objective, self.seconds, self.engine, self.wish
        )
        if other.totals == self.chosen.totals:
            return None
        added, dropped = other.claims - self.chosen.claims, self.chosen.claims - other.claims
        return OtherPlan(
            objective,
            other.totals,
            tuple(sorted(added, key=lambda claim: claim.order)),
            tuple(sorted(dropped, key=lambda claim: claim.order)),
        )

    def _certificate(self) -> Certificate:
        chosen = self.chosen
        found = confirm(chosen.problem, chosen.choice.chosen, self.specification)
        agree = None
        if found.is_answer_set is not None:
            stated = {"firm": chosen.totals.firm, "potential": chosen.totals.potential}
            agree = found.totals == stated
        gap = chosen.choice.bound - chosen.choice.total
        return Certificate(found.is_answer_set, agree, chosen.choice.engine, gap)

    def decide(self, *, refusals: bool = True) -> Decision:
        """Return the decision.

        Args:
            refusals: Whether to say, for every money line that could concern an entity of the
                case, why it is no candidate.
        """
        chosen, derivation = self.chosen, self.derivation
        decided = tuple(self.decided(claim) for claim in derivation.candidates)
        decided = in_reserve_order(decided)
        assumed = [d.paid for d in decided if d.hypothetical]
        return Decision(
            applicant=self.case.applicant,
            as_of=self.case.as_of,
            objective=self.objective,
            totals=chosen.totals,
            hypothetical=Sums(sum(s.firm for s in assumed), sum(s.potential for s in assumed)),
            readings=derivation.readings,
            optimality=Optimality(
                chosen.choice.proved,
                chosen.choice.bound,
                chosen.choice.singled_out,
                chosen.choice.engine,
            ),
            certificate=self._certificate(),
            other=self._other(),
            candidates=decided,
            refusals=tuple(all_refusals(derivation, self.refuser)) if refusals else None,
            benefits=tuple(
                Benefit(line, subject, self.clause_of_line(line))
                for line, subject in derivation.benefits
            ),
            notices=tuple(notices(derivation, chosen, self.choose)),
            digests=digests_of(self.case, self.book),
        )

    def decided(self, claim: Claim) -> Decided:
        """Return what became of a candidate."""
        chosen = self.chosen
        candidate = self.derivation.candidates[claim]
        line = self.book.lines[claim.line]
        is_chosen = claim in chosen.claims
        why_not: Rejection | None = None
        reserve = False
        if not is_chosen:
            why_not, reserve = rejection(self.derivation, chosen, claim, self.wish)
            why_not = with_clause(why_not, self._clause(claim, why_not))
        return Decided(
            claim=claim,
            policy=line.policy,
            article=line.article,
            recipient=self.case.applicant,
            cap_year=candidate.cap_year,
            determinacy=line.determinacy,
            review=candidate.review,
            amount=Sums(candidate.firm, candidate.potential),
            chosen=is_chosen,
            reserve=reserve,
            reserve_order=None,
            paid=chosen.paid.get(claim, Sums(0, 0)),
            rejection=why_not,
            hypothetical=candidate.hypothetical,
        )

    def clause_of_line(self, line: str) -> str:
        """Return the clause that grants a line: the narrowest section that is about it."""
        sections = self.book.policy_of(line).sections_of(line)
        longest = max((len(section.id) for section in sections), default=0)
        return next((s.clause for s in sections if len(s.id) == longest), "")

    def _clause(self, claim: Claim, found: Rejection) -> str:
        """Return the clause behind a rejection; none is behind a wish."""
        if found.kind == "wish":
            return ""
        if found.limit:
            return self.book.number_clause(found.limit)
        if found.kind == "excluded_by":
            return self.exclusion_clause(claim, found.by[0])
        if found.kind == "already_received":
            for other in sorted(self.derivation.against[claim], key=str):
                if isinstance(other, Received) or other in self.derivation.granted:
                    return self.exclusion_clause(claim, other)
        return self.clause_of_line(claim.line)

    def exclusion_clause(self, claim: Claim, other: Claim | Received) -> str:
        """Return the clause by which two claims exclude each other."""
        term = Compound("received", (other.entry,)) if isinstance(other, Received) else other.term
        proof = self.explainer.why(Fact("stands_against", (claim.term, term)))
        for node in walk(proof):
            if isinstance(node, Derived) and node.atom.name in {"excludes", "higher_only"}:
                return node.rule.section.clause or self.clause_of_line(claim.line)
        return self.clause_of_line(claim.line)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the best plans.

    Attributes:
        claims: Its claims that pay something.
        totals: What it pays.
        added: Its claims that the best plan does not file.
        dropped: The claims of the best plan that it does not file.
    """

    claims: tuple[Claim, ...]
    totals: Sums
    added: tuple[Claim, ...]
    dropped: tuple[Claim, ...]


def in_reserve_order(decided: tuple[Decided, ...]) -> tuple[Decided, ...]:
    """Number the reserve claims in the order in which to file them: the highest sum first."""
    reserve = sorted(
        (d for d in decided if d.reserve),
        key=lambda d: (-d.amount.potential, -d.amount.firm, d.claim.order),
    )
    place = {d.claim: number for number, d in enumerate(reserve, start=1)}
    return tuple(replace(d, reserve_order=place.get(d.claim)) for d in decided)


def digests_of(case: Case, book: Rulebook) -> Digests:
    """Return what a decision of a case under a rulebook rests on."""
    return Digests(
        program_version(),
        book.digest,
        facts_digest(case),
        {policy.id: policy.text_sha256 for policy in book.policies.values()},
    )


def program_version() -> str:
    """Return the program's version."""
    try:
        return version("policy-logic")
    except PackageNotFoundError:
        return "unknown"


def facts_digest(case: Case) -> str:
    """Return a digest of a case as it was understood; the order of a file does not change it.

    Readings are not part of it: a decision names the value of each.
    """
    parts = [f"{case.applicant}|{case.as_of}"]
    parts += [f"{e.kind}|{e.id}" for e in case.entities.values()]
    parts += [
        f"{f.entity}|{f.attribute}|{f.keys}|{f.value!r}|{f.holds}|{f.evidence}"
        for f in case.facts
        if f.implied_by is None
    ]
    parts += [f"{name}|{sorted(s.members)}" for name, s in case.complete_sets.items()]
    parts += [
        f"review|{r.line}|{r.subject}|{r.year}|{r.trigger}|{r.passed}|{r.amount}"
        for r in case.reviews
    ]
    parts += [
        f"grant|{g.line}|{g.policy}|{g.place}|{g.matter}|{g.subject}|{g.year}|{g.trigger}|{g.amount}|{g.on}"
        for g in case.grants
    ]
    parts += [f"{name}|{chosen.value}" for name, chosen in case.assumed_in_force.items()]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()
