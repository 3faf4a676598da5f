"""The decision as plain values: the public result of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from policy_logic.derive.claims import Claim
    from policy_logic.language import Label
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.refusals import Target
    from policy_logic.select.problem import Objective


@dataclass(frozen=True, slots=True)
class Sums:
    """A firm and a potential sum, in yuan.

    Attributes:
        firm: What is certain.
        potential: What is possible.
    """

    firm: int
    potential: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a candidate was not chosen.

    Attributes:
        kind: ``already_received``, ``quota``, ``excluded_by`` or ``no_gain``.
        by: The chosen claims that exclude it.
        entries: The entries of ``received`` that stand against it, counted from 1.
        clause: The clause that says so.
        limit: The name of the quota or the cap.
    """

    kind: str
    by: tuple[Claim, ...] = ()
    entries: tuple[int, ...] = ()
    clause: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A candidate and what became of it.

    Attributes:
        claim: Its key.
        policy: The policy's id.
        article: The article as the text numbers it.
        recipient: The applicant.
        cap_year: The year whose yearly caps and quotas it draws on.
        determinacy: ``exact``, ``ceiling`` or ``open``.
        review: ``none``, ``pending`` or ``passed``.
        amount: What it pays on its own, before the caps it shares.
        chosen: Whether to file it.
        reserve: Whether it adds nothing only because a cap is full.
        reserve_order: Its place in the order in which to file reserve claims, from 1; ``None``
            for what is none.
        paid: What it pays in this plan.
        rejection: Why it was not chosen.
        hypothetical: Whether its policy is only assumed to be in force.
    """

    claim: Claim
    policy: str
    article: str
    recipient: str
    cap_year: int | None
    determinacy: str
    review: str
    amount: Sums
    chosen: bool
    reserve: bool
    reserve_order: int | None
    paid: Sums
    rejection: Rejection | None
    hypothetical: bool

    @property
    def is_unpriced(self) -> bool:
        """Whether nothing says what it pays: neither the text nor, so far, an authority."""
        return self.determinacy == "open" and self.amount.potential == 0


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit in kind that the case is entitled to.

    Attributes:
        line: The line.
        subject: The entity.
        clause: The clause.
    """

    line: str
    subject: str
    clause: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of a decision has to know.

    Attributes:
        kind: What it is about.
        label: The words.
        policy: The policy it concerns; empty for none.
        details: What else programs may want: names, values, totals.
    """

    kind: str
    label: Label
    policy: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Optimality:
    """How good the choice is known to be.

    Attributes:
        proved: Whether nothing pays more.
        bound: What nothing can exceed, in yuan of the objective.
        singled_out: Whether the rules for ties are proved to have singled out this plan.
        engine: Whose word the bound is.
    """

    proved: bool
    bound: int
    singled_out: bool
    engine: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is confirmed of a plan besides the search, and by whom.

    Attributes:
        is_answer_set: Whether clingo, given the specification and the claims, finds that they
            may be filed together; ``None`` where the sums are beyond its integers.
        totals_agree: Whether clingo reckons the stated totals; ``None`` as above.
        optimality: ``arithmetic`` where it follows by arithmetic alone that nothing pays more;
            else the engine whose word it is.
        gap: By how much the bound lies above the total, in yuan.
    """

    is_answer_set: bool | None
    totals_agree: bool | None
    optimality: str
    gap: int


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """The plan that is best by the other objective, where it is another.

    Attributes:
        objective: The other objective.
        totals: What it pays.
        added: The claims it files that this plan does not.
        dropped: The claims of this plan that it does not file.
    """

    objective: Objective
    totals: Sums
    added: tuple[Claim, ...]
    dropped: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Digests:
    """What a decision rests on, so that it can be checked again.

    Attributes:
        program: The program's version.
        rules: A digest of rules, texts and vocabulary.
        facts: A digest of the case as it was understood.
        texts: The digest of each policy's text.
    """

    program: str
    rules: str
    facts: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to file, and why.

    Attributes:
        applicant: The id of the entity that files.
        as_of: The day on which the case is judged.
        objective: What was made as high as possible.
        totals: What the plan pays together.
        hypothetical: The part of it that rests on policies only assumed to be in force.
        readings: The value of every reading.
        optimality: How good the choice is known to be.
        certificate: What is confirmed of it, and by whom.
        other: The plan that is best by the other objective; ``None`` where it is the same.
        candidates: Every candidate, in key order.
        refusals: Every money line that could concern an entity of the case but is no candidate;
            ``None`` where they were not asked for.
        benefits: Benefits in kind.
        notices: What the reader has to know.
        digests: What the decision rests on.
    """

    applicant: str
    as_of: date
    objective: Objective
    totals: Sums
    hypothetical: Sums
    readings: Mapping[str, str]
    optimality: Optimality
    certificate: Certificate
    other: OtherPlan | None
    candidates: tuple[Decided, ...]
    refusals: tuple[tuple[Target, Refusal], ...] | None
    benefits: tuple[Benefit, ...]
    notices: tuple[Notice, ...]
    digests: Digests

    @property
    def chosen(self) -> tuple[Decided, ...]:
        """The claims to file, in key order."""
        return tuple(decided for decided in self.candidates if decided.chosen)

    def of(self, claim: Claim) -> Decided:
        """Return what became of a candidate.

        Raises:
            KeyError: The claim is no candidate.
        """
        for decided in self.candidates:
            if decided.claim == claim:
                return decided
        raise KeyError(str(claim))
