"""What the totals may come to over all completions of a case: sound bounds, and how they are met.

Each claim that some completion may allow is priced at its best, each that every completion allows
at its worst. What cannot be filed together in any completion is found where it matters: as long as
the best set of claims has no model, a conflict in it is taken into account and the best set is
sought anew. An end is *exact* where a completion was found, and planned, that comes to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Final

from policy_logic.decide.bounding import Bounding
from policy_logic.decide.choosing import choose
from policy_logic.decide.completions import Said, completed
from policy_logic.decide.rivals import Rivals
from policy_logic.derive.claims import Claim, claim_of
from policy_logic.derive.derivation import Derivation, derive
from policy_logic.derive.opening import ANSWER, FILED, THERE, Opened, open_case
from policy_logic.logic.spans import ends
from policy_logic.logic.terms import Fact
from policy_logic.select.selection import select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from policy_logic.decide.choosing import Chosen
    from policy_logic.decide.planning import Planner
    from policy_logic.select.problem import Measure
    from policy_logic.select.selection import Known

_MOST_ROUNDS: Final = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """What a total may come to over all completions of a case, in yuan.

    Attributes:
        certain: What no completion falls short of.
        possible: What no completion exceeds.
        least: The least total of a completion that was planned.
        most: The greatest total of a completion that was planned.
    """

    certain: int
    possible: int
    least: int
    most: int

    @property
    def is_certain_exact(self) -> bool:
        """Whether a completion comes to the lower end."""
        return self.certain == self.least

    @property
    def is_possible_exact(self) -> bool:
        """Whether a completion comes to the upper end."""
        return self.possible == self.most

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is unsaid can move the total."""
        return self.certain == self.possible


@dataclass(frozen=True, slots=True)
class Best:
    """The claims that no completion can better.

    Attributes:
        paid: What each of them is paid, in yuan.
        bound: What no completion exceeds.
        said: A completion in which all of them may be filed; empty where none is known.
    """

    paid: Mapping[Claim, int]
    bound: int
    said: tuple[Said, ...]


class Reach:
    """What may be over all completions of one case.

    Attributes:
        planner: The case as it is.
        opened: The case with everything open that it leaves unsaid.
    """

    def __init__(self, planner: Planner, closed: Collection[str] = ()) -> None:
        """Prepare.

        Args:
            planner: The case as it is; its time limit holds for the search, too: what is found
                until then is a bound, if perhaps no exact one.
            closed: What stays unsaid, by path.

        Raises:
            RulebookError: clingo refuses a rule; a policy that was loaded does not do this.
        """
        self.planner = planner
        self._until = monotonic() + (inf if planner.seconds is None else planner.seconds)
        self.opened: Opened = open_case(planner.derivation.atoms, planner.book, closed)
        possible = self.opened.possible
        self._rivals = Rivals(possible, planner.derivation)
        self._bounding = Bounding(possible, planner.derivation)
        self._solved: Known = {}
        self._intervals: dict[Measure, Interval] = {}
        self._best: dict[Measure, Best] = {}

    @property
    def is_late(self) -> bool:
        """Whether the time for the search is over."""
        return monotonic() > self._until

    @cached_property
    def filed(self) -> Mapping[Claim, bool]:
        """The claims that may be candidates, each with whether it is one in every completion."""
        found = self.opened.possible.may_hold(FILED, 1)
        candidates = self.planner.derivation.candidates
        surely = {claim_of(args[0]): sure for args, sure in found.items()}
        for claim, sure in surely.items():
            if not sure and claim in candidates and not self.is_late:
                surely[claim] = self.together([(there(claim), False)]) is None
        return dict(sorted(surely.items(), key=lambda pair: pair[0].order))

    def amounts(self, measure: Measure) -> Mapping[Claim, tuple[int, int]]:
        """Return the least and the most that each claim may be worth on its own, in yuan."""
        found: dict[Claim, tuple[int, int]] = {}
        for claim, value in self.opened.possible.may_hold(measure, 2):
            low, high = (max(0, int(end)) for end in ends(value))
            least, most = found.get(claim_of(claim), (low, high))
            found[claim_of(claim)] = (min(least, low), max(most, high))
        return found

    def interval(self, measure: Measure) -> Interval:
        """Return what a total may come to; each completion is planned for that total alone."""
        if measure not in self._intervals:
            self._intervals[measure] = self._interval(measure)
        return self._intervals[measure]

    def _interval(self, measure: Measure) -> Interval:
        best = self.best(measure)
        own = self.plan((), measure).choice.total
        planned = [own]
        if best.bound > own and best.said:
            planned += self._climb(best, measure)
        certain = self._least(measure)
        if certain < own:
            planned += self._fall(measure)
        return Interval(certain, best.bound, min(planned), max(planned))

    def together(self, wanted: Sequence[tuple[Fact, bool]], *, fewest: bool = False) -> (
        tuple[Said, ...] | None
    ):  # fmt: skip
        """Return what may be said so that some atoms hold and others do not."""
        shown = self.opened.possible.together(wanted, fewest=fewest)
        if shown is None:
            return None
        return tuple(
            Said(missing, missing.answers[_whole(atom.args[1])])
            for atom in sorted(shown, key=lambda atom: _whole(atom.args[0]))
            if atom.name == ANSWER
            for missing in (self.opened.missing[_whole(atom.args[0])],)
        )

    def plan(self, said: Sequence[Said], measure: Measure) -> Chosen:
        """Return the plan of a completion."""
        derivation = self.derivation(said)
        assert derivation is not None  # noqa: S101 - asked of completions that exist
        return self.choose(derivation, measure)

    def choose(self, derivation: Derivation, measure: Measure) -> Chosen:
        """Choose over a version of the case, for one total alone."""
        planner = self.planner
        return choose(derivation, planner.specification, measure, planner.seconds, planner.engine,
                      known=self._solved)  # fmt: skip

    def derivation(self, said: Sequence[Said]) -> Derivation | None:
        """Return what follows from a completion; ``None`` where it contradicts itself."""
        if not said:
            return self.planner.derivation
        case = completed(self.planner.case, said, self.planner.book.vocabulary)
        return None if case is None else derive(case, self.planner.book)

    def best(self, measure: Measure) -> Best:
        """Return the best set of claims that may be filed in one completion, and its bound."""
        if measure not in self._best:
            self._best[measure] = self._find_best(measure)
        return self._best[measure]

    def _find_best(self, measure: Measure) -> Best:
        worth = {claim: most for claim, (_, most) in self.amounts(measure).items() if most > 0}
        known, bound = self._rivals, 0
        paid: dict[Claim, int] = {}
        for _ in range(_MOST_ROUNDS):
            items = [claim for claim in self.filed if claim in worth and claim not in known.barred]
            problem = self._bounding.problem(items, worth, known.pairs, surely=True)
            choice = select(problem, self.planner.specification, self.planner.seconds)
            shares = problem.shares(choice.chosen, "potential")
            bound, paid = choice.bound, {items[index]: share for index, share in shares.items()}
            said = self.together(self._rivals.wanted(paid))
            if said is not None:
                return Best(paid, bound, said)
            if self.is_late or not self._rivals.look_among(paid):
                break
        return Best(paid, bound, self._some_of(list(paid), worth))

    def _some_of(self, claims: Sequence[Claim], worth: Mapping[Claim, int]) -> tuple[Said, ...]:
        """Return a completion for as many of some claims as go together, the highest first."""
        kept: list[Claim] = []
        for claim in sorted(claims, key=lambda claim: (-worth[claim], claim.order)):
            if self.is_late:
                break
            if self.opened.possible.conflict(self._rivals.wanted([*kept, claim])) is None:
                kept.append(claim)
        return self.together(self._rivals.wanted(kept)) or ()

    def _climb(self, best: Best, measure: Measure) -> Iterator[int]:
        """Yield totals of completions near the best, each higher than the last."""
        from policy_logic.decide.figures import climb  # noqa: PLC0415 - seldom needed

        yield from climb(self, best, measure)

    def _least(self, measure: Measure) -> int:
        """Return what every completion pays at least."""
        amounts = self.amounts(measure)
        worth = {
            claim: amounts[claim][0]
            for claim, surely in self.filed.items()
            if surely and amounts[claim][0] > 0 and not self._rivals.may_be_out(claim)
        }
        claims = list(worth)
        pairs = {
            frozenset((claim, other))
            for claim in claims
            for other, _ in self._rivals.against.get(claim, ())
            if other in worth
        }
        problem = self._bounding.problem(claims, worth, pairs, surely=False)
        choice = select(problem, self.planner.specification, self.planner.seconds)
        return choice.total

    def _fall(self, measure: Measure) -> Iterator[int]:
        """Yield totals of completions that lose claims of the plan."""
        own = self.plan((), measure)
        losing = [claim for claim in own.paid if not self.filed[claim]]
        wanted = [(there(claim), False) for claim in losing]
        tried = [self.together(wanted)] if losing else []
        tried += [self.together([one]) for one in wanted]
        for said in tried:
            derivation = self.derivation(said) if said else None
            if derivation is not None:
                yield self.choose(derivation, measure).choice.total


def there(claim: Claim) -> Fact:
    """Return the atom that a claim is a candidate on whatever occasion comes first."""
    return Fact(THERE, (claim.term,))


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - the rules' promise, told to mypy
    return value
