"""The nearest changes: the smallest sets of facts that would make a refused line hold.

A refusal suggests changes; each set of them is tried on the case itself, read and derived again.
Where it is not enough, the new refusal suggests what else is missing. Of a set that is enough every
part is tried alone, and every figure one step nearer to what it was: what is listed is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

from policy_logic.decide.choosing import rejection
from policy_logic.decide.decision import Rejection, Sums
from policy_logic.decide.remedies import Changed, Obstacle, Remedies
from policy_logic.derive.derivation import Claim, Derivation, derive_together
from policy_logic.errors import FactsError
from policy_logic.facts.changes import read_change
from policy_logic.facts.paths import shown_value, value_at
from policy_logic.prove.why import Explainer
from policy_logic.prove.whynot import Refuser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from policy_logic.decide.planning import Planner
    from policy_logic.facts.changes import Change
    from policy_logic.facts.model import Case
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.logic.terms import Fact
    from policy_logic.prove.refusal import Failed, Refusal
    from policy_logic.prove.refusals import Target

    Tree = tuple[Node, Case]

MOST_ROUNDS: Final = 10
MOST_TRIED: Final = 400
MOST_PARTS: Final = 5
_HIGHEST: Final = 10**13
_STEPS: Final = 9


@dataclass(frozen=True, slots=True)
class Move:
    """One fact taken otherwise.

    Attributes:
        path: Where it stands, as ``work.gucheng.split_revenue.2025``.
        before: Its value as the file writes it; empty where it is unknown.
        after: The value that is needed, as ``--set`` writes it.
        attribute: What it is.
        rests_with_others: Whether it can come, but cannot be made by the applicant.
        distance: How far it is, as a share of the present value; 0 where there is no figure.
    """

    path: str
    before: str
    after: str
    attribute: Attribute | None
    rests_with_others: bool
    distance: Fraction

    @property
    def is_shown(self) -> bool:
        """Whether the fact is unknown now: it has to be shown rather than changed."""
        return not self.before


@dataclass(frozen=True, slots=True)
class Nearest:
    """A smallest set of changes that makes the line hold, and what it is worth.

    Attributes:
        moves: The changes; no part of them is enough.
        claim: What can be claimed then.
        amount: What it pays on its own.
        paid: What the best plan then pays for it; nothing where it is not filed.
        after: What the best plan then pays in all.
        rejection: Why the best plan does not file it; ``None`` where it does.
        full: The number of a full cap that it draws on; empty where there is none.
        proved: Whether that plan is proved to be the best.
    """

    moves: tuple[Move, ...]
    claim: Claim
    amount: Sums
    paid: Sums
    after: Sums
    rejection: Rejection | None
    full: str
    proved: bool

    @property
    def only_to_show(self) -> bool:
        """Whether all of it is unknown now, so that nothing known has to change."""
        return all(move.is_shown for move in self.moves)

    @property
    def cost(self) -> tuple[int, Fraction, tuple[str, ...]]:
        """What orders sets: how many changes, how far, and then the order of the text."""
        distance = sum((move.distance for move in self.moves), Fraction(0))
        return len(self.moves), distance, tuple(move.path for move in self.moves)


@dataclass(frozen=True, slots=True)
class Answer:
    """The nearest changes for one thing that could be claimed.

    Attributes:
        target: What was asked for.
        held: The claim, where it can be claimed as it is; then nothing else is filled.
        before: What the best plan pays as it is.
        found: The smallest sets, cheapest first.
        obstacles: The conditions that no change of a fact meets, where nothing was found.
        refusal: Why it cannot be claimed; ``None`` where it can.
        complete: Whether the search came to an end; else there may be more sets.
    """

    target: Target
    held: Claim | None
    before: Sums
    found: tuple[Nearest, ...]
    obstacles: tuple[Obstacle, ...]
    refusal: Refusal | None
    complete: bool


def nearest_changes(
    planner: Planner, root: Node, case_at: Callable[[Sequence[Change]], Tree], target: Target
) -> Answer:
    """Return the smallest sets of changes that make a refused line hold.

    Args:
        planner: The case as it is.
        root: Its tree.
        case_at: The case with some changes, as a tree and read.
        target: What is to be claimed.

    Raises:
        RequestError: The engine cannot reckon with the sums of a plan.
    """
    before = planner.chosen.totals
    held = claim_of(planner.derivation, target)
    if held is not None:
        return Answer(target, held, before, (), (), None, complete=True)
    search = _Search(planner, root, case_at, target)
    sets = search.sets()
    found = sorted((search.priced(changed) for changed in sets), key=lambda near: near.cost)
    obstacles = () if found else tuple(search.obstacles.values())
    refusal = planner.refuser.why_not(search.goal)
    return Answer(target, None, before, tuple(found), obstacles, refusal, search.complete)


def claim_of(derivation: Derivation, target: Target) -> Claim | None:
    """Return the candidate that is what a target asks for, if there is one."""
    for claim in derivation.candidates:
        if (claim.line, claim.subject) != (target.line, target.subject):
            continue
        if target.year not in {None, claim.year} and claim.year is not None:
            continue
        if target.trigger is None or target.trigger == claim.trigger:
            return claim
    return None


class _Search:
    """Tries sets of changes of one case for one target."""

    def __init__(
        self,
        planner: Planner,
        root: Node,
        case_at: Callable[[Sequence[Change]], Tree],
        target: Target,
    ) -> None:
        self.planner, self.root, self.case_at, self.target = planner, root, case_at, target
        self.goal: Fact = target.goal(planner.book.occasion_forms[target.line])
        self.obstacles: dict[str, Obstacle] = {}
        self.complete = True
        self._found: dict[tuple[str, str, str], list[str]] = {}
        self._known = {
            ".".join([f.kind, f.entity, f.attribute, *map(str, f.keys)]) for f in planner.case.facts
        }
        self._tried: dict[frozenset[tuple[str, str]], Derivation | None] = {
            frozenset(): planner.derivation
        }
        self._trees: dict[frozenset[tuple[str, str]], Tree] = {frozenset(): (root, planner.case)}

    def sets(self) -> list[Changed]:
        """Return all smallest sets that the refusals lead to."""
        enough: dict[frozenset[tuple[str, str]], Changed] = {}
        waiting: list[Changed] = [()]
        seen: set[frozenset[tuple[str, str]]] = {frozenset()}
        for _ in range(MOST_ROUNDS):
            following = self._following(waiting, seen, enough)
            self.complete = self.complete and len(seen) < MOST_TRIED
            self.derive(following)
            waiting = []
            for changed in sorted(following, key=len):
                if self.holds(changed):
                    for smallest in self._smallest(changed):
                        enough[frozenset(smallest)] = smallest
                elif self._tried[frozenset(changed)] is not None:
                    waiting.append(changed)
            if not waiting:
                break
        self.complete = self.complete and not waiting
        return [
            changed for key, changed in enough.items() if not any(other < key for other in enough)
        ]

    def _following(
        self,
        waiting: Sequence[Changed],
        seen: set[frozenset[tuple[str, str]]],
        enough: Iterable[frozenset[tuple[str, str]]],
    ) -> list[Changed]:
        """Return the sets to try next: what waits, with what its refusals suggest."""
        following: list[Changed] = []
        for changed in waiting:
            if any(known < frozenset(changed) for known in enough):
                continue
            for more in self._more(changed):
                whole = self._with(changed, more)
                if frozenset(whole) not in seen and len(seen) < MOST_TRIED:
                    seen.add(frozenset(whole))
                    following.append(whole)
        return following

    def _with(self, changed: Changed, more: Changed) -> Changed:
        """Return changes with further ones; of two values for a path the later counts."""
        values = {**dict(changed), **dict(more)}
        return tuple(values.items())

    def _more(self, changed: Changed) -> list[Changed]:
        derivation = self._tried[frozenset(changed)]
        assert derivation is not None  # noqa: S101 - only what could be derived waits
        explainer, refuser = self._prover(changed, derivation)
        refusal = refuser.why_not(self.goal)
        root = self._trees[frozenset(changed)][0]
        own = {path for path, _ in changed}
        remedies = Remedies(
            explainer,
            root,
            lambda path, leaf: self._reached(changed, path, leaf),
            lambda path: path not in own and self._stays(path),
        )
        found = remedies.ways(refusal)
        for obstacle in remedies.obstacles:
            leaf = obstacle.leaf
            name = leaf.fact or getattr(leaf, "condition", "")
            self.obstacles.setdefault(name, obstacle)
        return found

    def _prover(self, changed: Changed, derivation: Derivation) -> tuple[Explainer, Refuser]:
        if not changed:
            return self.planner.explainer, self.planner.refuser
        explainer = Explainer(derivation)
        return explainer, Refuser(explainer)

    def _stays(self, path: str) -> bool:
        """Return whether a fact is known and lies in the past or in the nature of a thing."""
        attribute = self.attribute(path)
        if attribute is None or not attribute.change:
            return False
        if attribute.change == "by_others" and attribute.type != "date":
            return False
        return path in self._known or value_at(self.root, path) is not None

    def attribute(self, path: str) -> Attribute | None:
        """Return the attribute of a fact."""
        kind, _, rest = path.partition(".")
        name = rest.partition(".")[2].partition(".")[0]
        return self.planner.book.vocabulary.attribute(kind, name)

    def derive(self, sets: Iterable[Changed]) -> None:
        """Read and derive the case with each of some sets, all from one grounding."""
        ready: list[tuple[frozenset[tuple[str, str]], Case]] = []
        for changed in sets:
            key = frozenset(changed)
            if key in self._tried:
                continue
            self._tried[key] = None
            try:
                tree = self.case_at([read_change(f"{path}={value}") for path, value in changed])
            except FactsError:
                continue
            self._trees[key] = tree
            ready.append((key, tree[1]))
        if not ready:
            return
        derived = derive_together([case for _, case in ready], self.planner.book)
        for (key, _), derivation in zip(ready, derived, strict=True):
            self._tried[key] = derivation

    def holds(self, changed: Changed) -> bool:
        """Return whether a set that was derived makes the target a candidate."""
        derivation = self._tried[frozenset(changed)]
        return derivation is not None and claim_of(derivation, self.target) is not None

    def _smallest(self, changed: Changed) -> Iterator[Changed]:
        """Yield the smallest parts of a set that are enough, their figures as near as can be."""
        parts = [
            part
            for part in chain.from_iterable(
                combinations(changed, count) for count in range(1, len(changed))
            )
            if len(changed) <= MOST_PARTS or len(part) in {1, len(changed) - 1}
        ]
        self.derive(parts)
        enough = [part for part in parts if self.holds(part)]
        minimal = [p for p in enough if not any(set(o) < set(p) for o in enough)]
        for part in minimal or [changed]:
            yield self._nearer(part)

    def _nearer(self, changed: Changed) -> Changed:
        """Return a set with each figure moved as little as is enough."""
        for path, value in changed:
            scale = _scale(value, self.attribute(path))
            if scale is None:
                continue
            own = _scale(shown_value(value_at(self.root, path)), self.attribute(path))
            low, high = own or 0, scale

            def at(place: int, path: str = path, base: Changed = changed) -> Changed:
                written = _written(place, self.attribute(path))
                return tuple((p, written if p == path else v) for p, v in base)

            best = self._first(low, high, lambda place: self.holds(at(place)),
                               lambda places: self.derive(at(p) for p in places))  # fmt: skip
            changed = at(best)
        return changed

    def _first(
        self,
        low: int,
        high: int,
        is_enough: Callable[[int], bool],
        prepare: Callable[[Iterable[int]], None],
    ) -> int:
        """Return the place nearest to one end that is enough, by trying several at a time.

        Args:
            low: The end it is to lie near; it is not enough, or is the place.
            high: The other end; it is enough. It may lie below.
            is_enough: Whether a place is enough.
            prepare: Makes ready to ask for some places.
        """
        way = 1 if high >= low else -1
        step = high - way
        prepare([low, step])
        if is_enough(low):
            return low
        if not is_enough(step):
            return high
        while abs(high - low) > 1:
            width = max(1, abs(high - low) // _STEPS)
            places = list(range(low + way * width, high, way * width))
            prepare(places)
            for place in places:
                if is_enough(place):
                    high = place
                    break
                low = place
        return high

    def _reached(self, changed: Changed, path: str, leaf: Failed) -> list[str]:
        """Return the values that meet a condition; they are sought once for one distance."""
        name = (path, leaf.condition, leaf.actual)
        if name not in self._found:
            self._found[name] = list(self._reaching(changed, path, leaf))
        return self._found[name]

    def _reaching(self, changed: Changed, path: str, leaf: Failed) -> Iterator[str]:
        """Yield the nearest values of a figure, up and down, at which a condition holds."""
        attribute = self.attribute(path)
        root = self._trees[frozenset(changed)][0]
        own = _scale(shown_value(value_at(root, path)), attribute)
        if own is None:
            return
        most = 10_000 if attribute is not None and attribute.type == "share" else _HIGHEST
        jumps = [10**power for power in range(14)]
        up = sorted({min(most, own + jump) for jump in jumps} - {own})
        down = sorted({max(0, own - jump) for jump in jumps} - {own}, reverse=True)

        def at(place: int) -> Changed:
            return self._with(changed, ((path, _written(place, attribute)),))

        def prepare(places: Iterable[int]) -> None:
            self.derive(at(place) for place in places)

        def is_gone(place: int) -> bool:
            derivation = self._tried[frozenset(at(place))]
            if derivation is None:
                return False
            if claim_of(derivation, self.target) is not None:
                return True
            _, refuser = self._prover(at(place), derivation)
            leaves = refuser.why_not(self.goal).all_leaves()
            return all(getattr(other, "condition", "") != leaf.condition for other in leaves)

        for places in (up, down):
            prepare(places)
            last = own
            for place in places:
                if is_gone(place):
                    yield _written(self._first(last, place, is_gone, prepare), attribute)
                    break
                last = place

    def priced(self, changed: Changed) -> Nearest:
        """Return a set that is enough, with what it is worth to the whole plan."""
        self.derive([changed])
        derivation = self._tried[frozenset(changed)]
        assert derivation is not None  # noqa: S101 - it was found to be enough
        claim = claim_of(derivation, self.target)
        assert claim is not None  # noqa: S101 - it was found to be enough
        chosen = self.planner.choose(derivation)
        candidate = derivation.candidates[claim]
        is_filed = claim in chosen.claims
        why = None if is_filed else rejection(derivation, chosen, claim, self.planner.wish)[0]
        full = next((str(p.args[0]) for p in candidate.pools if p in chosen.full), "")
        return Nearest(
            moves=tuple(sorted(map(self._move, changed), key=lambda move: move.path)),
            claim=claim,
            amount=Sums(candidate.firm, candidate.potential),
            paid=chosen.paid.get(claim, Sums(0, 0)),
            after=chosen.totals,
            rejection=why,
            full=full,
            proved=chosen.choice.proved,
        )

    def _move(self, change: tuple[str, str]) -> Move:
        path, value = change
        attribute = self.attribute(path)
        before = shown_value(value_at(self.root, path))
        own, other = _scale(before, attribute), _scale(value, attribute)
        distance = Fraction(0)
        if own is not None and other is not None:
            distance = Fraction(abs(other - own), max(own, 1))
        others = attribute is not None and attribute.rests_with_others
        return Move(path, before, value, attribute, others, distance)


def _scale(text: str, attribute: Attribute | None) -> int | None:
    """Return a figure as a whole number; a share in hundredths of a percent."""
    if attribute is None or not text:
        return None
    if attribute.type in {"money", "usd", "integer"}:
        digits = text.replace("_", "")
        return int(digits) if digits.isdigit() else None
    if attribute.type == "share":
        return int(Decimal(text.replace("_", "")).scaleb(4))
    return None


def _written(place: int, attribute: Attribute | None) -> str:
    if attribute is not None and attribute.type == "share":
        return format(Decimal(place).scaleb(-4).normalize(), "f")
    return str(place)
