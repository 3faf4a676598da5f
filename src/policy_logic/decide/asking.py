"""Which facts to ask for: what each of them can move, and what stands and falls with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from policy_logic.decide.assumed import Assumption, assumptions
from policy_logic.decide.completions import Said, completed, is_of_days
from policy_logic.decide.reach import Interval, Reach, there
from policy_logic.decide.rivals import filed
from policy_logic.derive.derivation import derive_together
from policy_logic.rulebook.turning import Threshold, thresholds
from policy_logic.select.problem import MEASURES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from policy_logic.decide.decision import Sums
    from policy_logic.decide.planning import Planner
    from policy_logic.derive.answers import Answer
    from policy_logic.derive.claims import Claim
    from policy_logic.derive.missing import Missing
    from policy_logic.facts.model import Value
    from policy_logic.select.problem import Measure

_MOST_PLANNED: Final = 80
_MOST_ANSWERS: Final = 6
_MOST_CLAIMS: Final = 200
_LEAST_CLAIMS: Final = 20
_FIRST_CLAIMS: Final = 5
_ENTITIES_TIMES_CLAIMS: Final = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the plan pays after one answer, everything else as the case has it.

    Attributes:
        value: The answer.
        totals: What the plan then pays.
    """

    value: Value
    totals: Sums


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim of the best completion that waits for a fact.

    Attributes:
        claim: The claim.
        more: By how much the best completion pays more for it than the plan, in yuan.
        needs: Everything that it waits for, by path.
        value: What has to be answered here; of a figure or a day, what the completion takes.
    """

    claim: Claim
    more: int
    needs: tuple[str, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that the case leaves unsaid and that can change the plan.

    Attributes:
        missing: The fact.
        waiting: The claims of the best completion that wait for it, the highest first.
        risks: The claims of the plan that an answer can end, with what they pay.
        thresholds: What rules of those lines compare the figure with.
        outcomes: What answers lead to, everything else as it is; empty where too many questions
            come before it.
        share: Its share of what the best completion pays more: each claim shared equally among
            the facts that it waits for; rounded down to whole yuan.
    """

    missing: Missing
    waiting: tuple[Waiting, ...]
    risks: tuple[tuple[Claim, int], ...]
    thresholds: tuple[Threshold, ...]
    outcomes: tuple[Outcome, ...]
    share: int

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines concerned, each once."""
        claims = [w.claim for w in self.waiting] + [claim for claim, _ in self.risks]
        return tuple(dict.fromkeys(claim.line for claim in claims))

    def moves(self, measure: Measure, before: Sums) -> int:
        """Return by how much the answers differ, everything else as it is, in yuan."""
        totals = [getattr(o.totals, measure) for o in self.outcomes] + [getattr(before, measure)]
        return int(max(totals) - min(totals))

    def money(self, measure: Measure, before: Sums) -> int:
        """Return what questions are ranked by: what it moves alone, its share, or what it risks."""
        risked = sum(paid for _, paid in self.risks)
        return max(self.moves(measure, before), self.share, risked)


@dataclass(frozen=True, slots=True)
class Asked:
    """The open questions of a case.

    Attributes:
        planner: The case.
        totals: What the plan pays for the case as it is.
        firm: What the certain total may come to.
        potential: What the possible total may come to.
        questions: The questions, those that can move most first.
        assumptions: What is taken as "none" because the case says nothing of it.
        further: How many more claims wait for facts that are not among the questions; they would
            pay less than those that are.
    """

    planner: Planner
    totals: Sums
    firm: Interval
    potential: Interval
    questions: tuple[Question, ...]
    assumptions: tuple[Assumption, ...]
    further: int

    @property
    def is_settled(self) -> bool:
        """Whether nothing more that is unsaid can change a total."""
        return self.firm.is_settled and self.potential.is_settled

    def interval(self, measure: Measure) -> Interval:
        """Return what a total may come to."""
        return self.firm if measure == "firm" else self.potential


def ask(planner: Planner, closed: Collection[str] = (), *, outcomes: bool = True) -> Asked:
    """Return the open questions of a case.

    Args:
        planner: The case.
        closed: What nobody can answer, by path: it stays unsaid.
        outcomes: Whether to plan what each answer alone leads to, and what is taken as none.

    Raises:
        RequestError: The engine cannot reckon with the sums of a plan.
    """
    reach = Reach(planner, closed)
    intervals = {measure: reach.interval(measure) for measure in MEASURES}
    found = _Collector(reach)
    for measure in MEASURES:
        if not intervals[measure].is_settled:
            found.add(measure)
    return Asked(
        planner,
        planner.chosen.totals,
        intervals["firm"],
        intervals["potential"],
        _ranked(found.questions(), planner, most=_MOST_PLANNED if outcomes else 0),
        assumptions(planner) if outcomes else (),
        len(found.further),
    )


class _Collector:
    """Collects what claims wait for, and what may end them."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.waiting: dict[str, dict[Claim, Waiting]] = {}
        self.risks: dict[str, dict[Claim, int]] = {}
        self.missing = {missing.path: missing for missing in reach.opened.missing}
        self.by_claim: dict[Claim, tuple[Said, ...]] = {}
        self.further: set[Claim] = set()
        size = _ENTITIES_TIMES_CLAIMS // len(reach.planner.case.entities)
        self.most = min(_MOST_CLAIMS, max(_LEAST_CLAIMS, size))

    def add(self, measure: Measure) -> None:
        """Add what the best completion of a measure waits for, and what may end the plan's."""
        plan = self.reach.plan((), measure)
        paid = {claim: getattr(sums, measure) for claim, sums in plan.paid.items()}
        best = self.reach.best(measure)
        gains = {claim: most - paid.get(claim, 0) for claim, most in best.paid.items()}
        for claim in sorted(gains, key=lambda claim: (-gains[claim], claim.order)):
            if gains[claim] <= 0:
                break
            if claim in self.by_claim or (len(self.by_claim) < self.most and not self._is_late):
                self.wait(claim, gains[claim])
            else:
                self.further.add(claim)
        if self.reach.interval(measure).certain < plan.choice.total:
            for claim, own in paid.items():
                if own > 0 and not self.reach.filed[claim]:
                    self.risk(claim, own)

    @property
    def _is_late(self) -> bool:
        """Whether the time is over, and the claims that would pay most have been looked into."""
        return self.reach.is_late and len(self.by_claim) >= _FIRST_CLAIMS

    def wait(self, claim: Claim, more: int) -> None:
        """Note what a claim waits for: as few facts as there can be."""
        if claim not in self.by_claim:
            self.by_claim[claim] = self.reach.together([(filed(claim), True)], fewest=True) or ()
        said = self.by_claim[claim]
        needs = tuple(one.missing.path for one in said)
        for one in said:
            own = self.waiting.setdefault(one.missing.path, {})
            if claim not in own or own[claim].more < more:
                own[claim] = Waiting(claim, more, needs, one.value)

    def risk(self, claim: Claim, own: int) -> None:
        """Note what may end a claim of the plan."""
        said = self.reach.together([(there(claim), False)], fewest=True)
        for one in said or ():
            known = self.risks.setdefault(one.missing.path, {})
            known[claim] = max(own, known.get(claim, 0))

    def questions(self) -> list[Question]:
        """Return the questions, without what each answer leads to."""
        return [self.question(path) for path in {**self.waiting, **self.risks}]

    def question(self, path: str) -> Question:
        waiting = sorted(
            self.waiting.get(path, {}).values(), key=lambda w: (-w.more, w.claim.order)
        )
        risks = sorted(self.risks.get(path, {}).items(), key=lambda r: (-r[1], r[0].order))
        missing = self.missing[path]
        lines = [w.claim.line for w in waiting] + [claim.line for claim, _ in risks]
        return Question(
            missing=missing,
            waiting=tuple(waiting),
            risks=tuple(risks),
            thresholds=tuple(thresholds(self.reach.planner.book, missing.attribute, lines)),
            outcomes=(),
            share=int(sum(Fraction(w.more, len(w.needs)) for w in waiting)),
        )


def _ranked(questions: Sequence[Question], planner: Planner, most: int) -> tuple[Question, ...]:
    """Return questions with what answers lead to, those that can move most first."""
    before = planner.chosen.totals
    ordered = sorted(questions, key=lambda q: _place(q, planner, before))
    versions: list[tuple[int, Said]] = []
    for number, question in enumerate(ordered):
        own = [(number, said) for said in answers_to_try(question)]
        if len(versions) + len(own) > most:
            break
        versions += own
    cases = {
        place: case
        for place, (_, said) in enumerate(versions)
        if (case := completed(planner.case, [said], planner.book.vocabulary)) is not None
    }
    outcomes: Mapping[int, list[Outcome]] = {number: [] for number in range(len(ordered))}
    if cases:
        derived = derive_together(list(cases.values()), planner.book)
        for place, derivation in zip(cases, derived, strict=True):
            number, said = versions[place]
            outcomes[number].append(Outcome(said.value, planner.choose(derivation).totals))
    found = [replace(q, outcomes=tuple(outcomes[n])) for n, q in enumerate(ordered)]
    return tuple(sorted(found, key=lambda q: _place(q, planner, before)))


def _place(question: Question, planner: Planner, before: Sums) -> tuple[int, int, str]:
    money = question.money(planner.objective, before)
    return (-money, -sum(w.more for w in question.waiting), question.missing.path)


def answers_to_try(question: Question) -> Iterator[Said]:
    """Yield the answers to a question that may lead to different plans, as far as rules tell."""
    missing = question.missing
    wanted = {waiting.value for waiting in question.waiting}
    tried = 0
    for answer in missing.answers:
        for figure in _figures(question, answer, wanted):
            if tried < _MOST_ANSWERS:
                yield Said(missing, answer, figure)
            tried += 1
    if missing.attribute.type in {"bool", "set"} and {True} == {a.said for a in missing.answers}:
        yield Said(missing, replace(missing.answers[0], said=False, atoms=()))


def _figures(
    question: Question, answer: Answer, wanted: Collection[Value]
) -> Iterator[Value | None]:
    """Yield figures for an answer: of days those wanted, of figures the thresholds and the ends."""
    said = answer.said
    if not isinstance(said, tuple):
        if isinstance(said, bool) or not wanted or said in wanted or question.risks:
            yield None
    elif is_of_days(answer):
        yield from (day for day in sorted(wanted, key=str) if said[0] <= day <= said[1])  # type: ignore[operator]
    else:
        numbers = [threshold.number.value for threshold in question.thresholds]
        yield from dict.fromkeys((said[0], *numbers, said[1]))
