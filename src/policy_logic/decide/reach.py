"""What the totals may come to over all completions of a case: sound bounds, and how they are met.

Each claim that some completion may allow is priced at its best, each that every completion allows
at its worst. What cannot be filed together in any completion is found where it matters: as long as
the best set of claims has no model, a conflict in it is taken into account and the best set is
sought anew. An end is *exact* where a completion was found, and planned, that comes to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from policy_logic.decide.choosing import choose
from policy_logic.decide.completions import Said, completed
from policy_logic.derive.derivation import Claim, Derivation, derive
from policy_logic.derive.opening import ANSWER, FILED, THERE, Opened, open_case
from policy_logic.logic.spans import ends
from policy_logic.logic.terms import Compound, Fact, Value
from policy_logic.select.problem import Item, Measure, Problem
from policy_logic.select.selection import select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from policy_logic.decide.choosing import Chosen
    from policy_logic.decide.planning import Planner
    from policy_logic.select.selection import Known

_MOST_ROUNDS: Final = 60
_MOST_SHRUNK: Final = 8
_PAIR: Final = 2


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


@dataclass(frozen=True, slots=True)
class _Apart:
    """What is known not to go together in any completion.

    Attributes:
        pairs: Claims that cannot both be filed.
        barred: Claims that cannot be filed at all.
        tested: Pairs that have been looked at.
    """

    pairs: set[frozenset[Claim]]
    barred: set[Claim]
    tested: set[frozenset[Claim]]


class Reach:
    """What may be over all completions of one case.

    Attributes:
        planner: The case as it is.
        opened: The case with everything open that it leaves unsaid.
    """

    def __init__(self, planner: Planner, closed: Collection[str] = ()) -> None:
        """Prepare.

        Args:
            planner: The case as it is.
            closed: What stays unsaid, by path.

        Raises:
            RulebookError: clingo refuses a rule; a policy that was loaded does not do this.
        """
        self.planner = planner
        self.opened: Opened = open_case(planner.derivation.atoms, planner.book, closed)
        self._solved: Known = {}
        self._intervals: dict[Measure, Interval] = {}
        self._best: dict[Measure, Best] = {}

    @cached_property
    def filed(self) -> Mapping[Claim, bool]:
        """The claims that may be candidates, each with whether it is one in every completion."""
        found = self.opened.possible.may_hold(FILED, 1)
        candidates = self.planner.derivation.candidates
        surely = {claim_of(args[0]): sure for args, sure in found.items()}
        for claim, sure in surely.items():
            if not sure and claim in candidates:
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

    # --- the upper end ----------------------------------------------------------------------

    def best(self, measure: Measure) -> Best:
        """Return the best set of claims that may be filed in one completion, and its bound."""
        if measure not in self._best:
            self._best[measure] = self._find_best(measure)
        return self._best[measure]

    def _find_best(self, measure: Measure) -> Best:
        worth = {claim: most for claim, (_, most) in self.amounts(measure).items() if most > 0}
        known, bound = self._apart, 0
        paid: dict[Claim, int] = {}
        for _ in range(_MOST_ROUNDS):
            items = [claim for claim in self.filed if claim in worth and claim not in known.barred]
            problem = self._problem(items, worth, known.pairs, surely=True)
            choice = select(problem, self.planner.specification, self.planner.seconds)
            shares = problem.shares(choice.chosen, "potential")
            bound, paid = choice.bound, {items[index]: share for index, share in shares.items()}
            if self._rival_pairs(paid):
                continue
            said = self.together(self._wanted(paid))
            if said is not None:
                return Best(paid, bound, said)
            if not self._note([c for c in self._conflicts(paid) if len(c) <= _PAIR]):
                break
        return Best(paid, bound, self._some_of(list(paid), worth))

    def _note(self, conflicts: Collection[frozenset[Claim]]) -> bool:
        """Remember what cannot be filed, or not together; return whether there is any."""
        for conflict in conflicts:
            if len(conflict) == _PAIR:
                self._apart.pairs.add(conflict)
            else:
                self._apart.barred.update(conflict)
        return bool(conflicts)

    def _rival_pairs(self, claims: Collection[Claim]) -> bool:
        """Find, of claims that may stand against each other, those that always do."""
        found = []
        for claim in claims:
            for other, _ in self._against.get(claim, ()):
                pair = frozenset((claim, other or claim))
                if (other is None or other in claims) and pair not in self._apart.tested:
                    self._apart.tested.add(pair)
                    wanted = self._wanted({claim, other} if other else {claim})
                    if self.opened.possible.conflict(wanted) is not None:
                        found.append(frozenset(self._smaller(set(pair))))
        return self._note(found)

    @cached_property
    def _apart(self) -> _Apart:
        return _Apart(set(), set(), set())

    def _wanted(self, claims: Iterable[Claim]) -> list[tuple[Fact, bool]]:
        """Return what has to hold so that claims may be filed together."""
        wanted: list[tuple[Fact, bool]] = []
        chosen = set(claims)
        for claim in sorted(chosen, key=lambda claim: claim.order):
            wanted.append((filed(claim), True))
            for other, term in self._against.get(claim, ()):
                if other is None or other in chosen or other in self.planner.derivation.granted:
                    wanted.append((Fact("stands_against", (claim.term, term)), False))
        return wanted

    @cached_property
    def _against(self) -> Mapping[Claim, list[tuple[Claim | None, Value]]]:
        """What may stand against each claim; ``None`` for support from elsewhere."""
        found: dict[Claim, list[tuple[Claim | None, Value]]] = {}
        for first, second in self.opened.possible.may_hold("stands_against", 2):
            assert isinstance(second, Compound)  # noqa: S101 - the rules' promise, told to mypy
            other = claim_of(second) if second.name == "claim" else None
            found.setdefault(claim_of(first), []).append((other, second))
        return found

    def _conflicts(self, claims: Collection[Claim]) -> Iterator[frozenset[Claim]]:
        """Yield sets of claims, without one in common, that no completion lets be filed together."""
        left = set(claims)
        while left:
            wanted = self._wanted(left)
            core = self.opened.possible.conflict(wanted)
            if core is None:
                return
            found = {name for place in core for name in self._named(wanted[place])}
            found = self._smaller(found) if len(found) <= _MOST_SHRUNK else found
            yield frozenset(found)
            left -= found

    def _named(self, wanted: tuple[Fact, bool]) -> Iterator[Claim]:
        for term in wanted[0].args:
            if isinstance(term, Compound) and term.name == "claim":
                claim = claim_of(term)
                if claim in self.filed:
                    yield claim

    def _smaller(self, claims: set[Claim]) -> set[Claim]:
        """Leave out of a conflict what it does not need."""
        for claim in sorted(claims, key=lambda claim: claim.order):
            if len(claims) == 1:
                break
            rest = claims - {claim}
            if self.opened.possible.conflict(self._wanted(rest)) is not None:
                claims = rest
        return claims

    def _some_of(self, claims: Sequence[Claim], worth: Mapping[Claim, int]) -> tuple[Said, ...]:
        """Return a completion for as many of some claims as go together, the highest first."""
        kept: list[Claim] = []
        for claim in sorted(claims, key=lambda claim: (-worth[claim], claim.order)):
            if self.opened.possible.conflict(self._wanted([*kept, claim])) is None:
                kept.append(claim)
        return self.together(self._wanted(kept)) or ()

    def _climb(self, best: Best, measure: Measure) -> Iterator[int]:
        """Yield totals of completions near the best, each higher than the last."""
        from policy_logic.decide.figures import climb  # noqa: PLC0415 - seldom needed

        yield from climb(self, best, measure)

    # --- the lower end ----------------------------------------------------------------------

    def _least(self, measure: Measure) -> int:
        """Return what every completion pays at least."""
        amounts = self.amounts(measure)
        worth = {
            claim: amounts[claim][0]
            for claim, surely in self.filed.items()
            if surely and amounts[claim][0] > 0 and not self._may_be_out(claim)
        }
        claims = list(worth)
        pairs = {
            frozenset((claim, other))
            for claim in claims
            for other, _ in self._against.get(claim, ())
            if other in worth
        }
        problem = self._problem(claims, worth, pairs, surely=False)
        choice = select(problem, self.planner.specification, self.planner.seconds)
        return choice.total

    def _may_be_out(self, claim: Claim) -> bool:
        """Return whether support already received may rule a claim out."""
        granted = self.planner.derivation.granted
        return claim in granted or any(
            other is None or other in granted for other, _ in self._against.get(claim, ())
        )

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

    # --- both -------------------------------------------------------------------------------

    def _problem(
        self,
        claims: Sequence[Claim],
        worth: Mapping[Claim, int],
        pairs: Collection[frozenset[Claim]],
        *,
        surely: bool,
    ) -> Problem:
        """Return the choice among claims.

        Args:
            claims: The claims.
            worth: What each is worth, in yuan.
            pairs: The pairs that exclude each other.
            surely: Whether only caps and quotas count that hold in every completion, else all
                that may.
        """
        index = {claim: number for number, claim in enumerate(claims)}
        pools = {
            claim: self._tied("draws_on", "annual_cap", claim, surely=surely) for claim in claims
        }
        quotas = {
            claim: self._tied("takes_place", "annual_quota", claim, surely=surely)
            for claim in claims
        }
        size: dict[Compound, int] = {}
        for own in pools.values():
            for pool in own:
                size[pool] = size.get(pool, 0) + 1
        derivation = self.planner.derivation
        return Problem(
            items=[
                Item(
                    worth[claim],
                    worth[claim],
                    tuple(map(str, sorted(pools[claim], key=lambda p: (size[p], str(p))))),
                    tuple(map(str, quotas[claim])),
                )
                for claim in claims
            ],
            excludes=frozenset(
                (min(places), max(places))
                for pair in pairs
                if len(places := [index[claim] for claim in pair if claim in index]) == 2
            ),
            limits={
                str(pool): max(0, self._number(pool) - self._drawn(pool, surely=surely))
                for pool in sorted(size, key=str)
            },
            places={
                str(quota): max(0, self._number(quota) - derivation.taken.get(quota, 0))
                for quota in sorted({q for own in quotas.values() for q in own}, key=str)
            },
        )

    def _tied(
        self, predicate: str, declared: str, claim: Claim, *, surely: bool
    ) -> tuple[Compound, ...]:
        """Return the caps, or the quotas, of a claim: those it surely has, or all it may have."""
        own = self._ties(predicate).get(claim, ())
        if not surely:
            return tuple(own)
        lines = self.opened.possible.may_hold(declared, 2)
        names = [str(pool.args[0]) for pool in own]
        return tuple(
            pool
            for pool, name in zip(own, names, strict=True)
            if names.count(name) == 1 and lines.get((claim.line, name))
        )

    def _ties(self, predicate: str) -> Mapping[Claim, list[Compound]]:
        known = self._known_ties.get(predicate)
        if known is None:
            known = self._known_ties[predicate] = {}
            for claim, pool in self.opened.possible.may_hold(predicate, 2):
                assert isinstance(pool, Compound)  # noqa: S101 - the rules' promise, told to mypy
                known.setdefault(claim_of(claim), []).append(pool)
            for own in known.values():
                own.sort(key=str)
        return known

    @cached_property
    def _known_ties(self) -> dict[str, dict[Claim, list[Compound]]]:
        return {}

    def _drawn(self, pool: Compound, *, surely: bool) -> int:
        """Return what grants have drawn from a cap, for certain or at most."""
        derivation = self.planner.derivation
        drawing = self.opened.possible.may_hold("draws_on", 2)
        return sum(
            self.planner.case.grants[entry - 1].amount
            for claim, entries in derivation.granted.items()
            for entry in entries
            if (claim.term, pool) in drawing and (not surely or drawing[claim.term, pool])
        )

    def _number(self, pool: Compound) -> int:
        return _whole(self.planner.book.numbers[str(pool.args[0])].value)


def filed(claim: Claim) -> Fact:
    """Return the atom that a claim is a candidate."""
    return Fact(FILED, (claim.term,))


def there(claim: Claim) -> Fact:
    """Return the atom that a claim is a candidate on whatever occasion comes first."""
    return Fact(THERE, (claim.term,))


def claim_of(value: Value) -> Claim:
    """Return a claim as rules write it."""
    assert isinstance(value, Compound)  # noqa: S101 - the rules' promise, told to mypy
    line, subject, year, trigger = value.args
    return Claim(
        str(line),
        str(subject),
        year if isinstance(year, int) else None,
        None if trigger is None else str(trigger),
    )


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - the rules' promise, told to mypy
    return value
