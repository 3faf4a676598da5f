"""The search for all smallest sets of settings with which a refused line holds.

A refusal names every way in which the line could hold, and what each needs. Each way is tried on
the case itself, read and derived again; where that is not enough, the new refusal names what is
missing then. Of what is enough each setting is left out in turn, each figure moved back by one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from policy_logic.prove.refusal import Failed
from policy_logic.prove.why import Explainer
from policy_logic.prove.whynot import Refuser
from policy_logic.remedies.conditions import Conditions
from policy_logic.remedies.figures import border, place_on, scale_of
from policy_logic.remedies.needs import Need, Way, figure_need
from policy_logic.remedies.settings import NO, YES, Setting, Settings, place_of, written_now
from policy_logic.remedies.unknowns import Unknowns
from policy_logic.remedies.ways import Obstacle, WaysToHold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from policy_logic.facts.sweeps import Scale
    from policy_logic.logic.terms import Fact
    from policy_logic.remedies.standing import Standing
    from policy_logic.remedies.trials import Trials

MOST_ROUNDS: Final = 12
MOST_TRIED: Final = 1_000
MOST_VALUES: Final = 200

Step: TypeAlias = tuple[Need, ...]


class Search:
    """Looks for the smallest sets of one case and one target.

    Attributes:
        obstacles: The conditions that nothing can be done about, by what they are about.
        is_complete: Whether everything was looked at.
    """

    def __init__(self, trials: Trials, standing: Standing, goal: Fact, latest: date) -> None:
        self.trials, self.standing = trials, standing
        self.goal, self.latest = goal, latest
        self.vocabulary = trials.planner.book.vocabulary
        self.obstacles: dict[str, Obstacle] = {}
        self.is_complete = True

    def smallest_sets(self) -> list[Settings]:
        """Return every smallest set of settings with which the line holds, in no special order."""
        enough: dict[frozenset[Setting], Step] = {}
        waiting: list[Step] = [()]
        suggested = list(self._other_references())
        seen: set[frozenset[Setting]] = {frozenset()}
        for _ in range(MOST_ROUNDS):
            for step in waiting:
                own = frozenset(_settings(step))
                if not any(known <= own for known in enough):
                    suggested.extend(self._more(step))
            following: list[Step] = []
            for step in suggested:
                key = frozenset(_settings(step))
                if key not in seen and not any(known <= key for known in enough):
                    seen.add(key)
                    following.append(step)
            suggested = []
            if self.trials.count + len(following) > MOST_TRIED:
                self.is_complete = False
                following = following[: max(0, MOST_TRIED - self.trials.count)]
            self.trials.derive(map(_settings, following))
            whole = [step for step in following if self.trials.holds(_settings(step))]
            for least in self._without_what_is_not_needed(whole):
                enough[frozenset(_settings(least))] = least
            waiting = [
                step
                for step in following
                if step not in whole and self.trials.derivation(_settings(step)) is not None
            ]
            if not waiting:
                break
        self.is_complete = self.is_complete and not waiting
        smallest = [s for key, s in enough.items() if not any(other < key for other in enough)]
        tuned = list(dict.fromkeys(self._nearer(smallest)))
        found = dict.fromkeys(settings for step in tuned for settings in self._values(step))
        return list(found)

    def _other_references(self) -> Iterator[Step]:
        """Yield the ways to let a reference of the subject name another entity of the case."""
        case = self.trials.planner.case
        for fact in case.facts:
            attribute = self.vocabulary.attribute(fact.kind, fact.attribute)
            is_own = fact.entity == self.trials.target.subject
            if attribute is None or attribute.type != "ref" or not is_own:
                continue
            if self.standing.stays(fact.path):
                continue
            for name, entity in case.entities.items():
                if entity.kind in attribute.to and name != fact.value:
                    setting = Setting(fact.path, name)
                    yield (Need((setting,), "=".join(setting)),)

    def _more(self, step: Step) -> Iterator[Step]:
        """Yield what a version that is not enough needs besides, way by way."""
        derivation = self.trials.derivation(_settings(step))
        if derivation is None:
            return
        explainer = self.trials.planner.explainer if not step else Explainer(derivation)
        own = frozenset(setting.path for setting in _settings(step))
        to_hold = WaysToHold(
            Conditions(explainer, self.standing, own),
            Unknowns(explainer, self.latest),
            self.standing.stays,
            self.vocabulary,
        )
        refusal = Refuser(explainer, every_way=True).why_not(self.goal)
        ways = to_hold.ways(refusal)
        self.is_complete = self.is_complete and not to_hold.is_cut
        for obstacle in to_hold.obstacles:
            self._note(obstacle)
        for way in ways:
            more = self._with(step, way)
            if more is not None:
                yield more

    def _note(self, obstacle: Obstacle) -> None:
        """Keep an obstacle; of one fact only once, with all the values that would do."""
        leaf = obstacle.leaf
        name = leaf.fact or getattr(leaf, "condition", "")
        known = self.obstacles.setdefault(name, obstacle)
        if isinstance(leaf, Failed) and isinstance(known.leaf, Failed) and leaf.wanted:
            wanted = tuple(dict.fromkeys([*known.leaf.wanted, *leaf.wanted]))
            if known.leaf.operator == leaf.operator:
                self.obstacles[name] = replace(known, leaf=replace(known.leaf, wanted=wanted))

    def _with(self, step: Step, way: Way) -> Step | None:
        """Return a step with further needs; of two values for a fact the later counts."""
        needs = {need.first.path: need for need in step}
        for need in sorted(way, key=lambda need: need.first.path):
            needs[need.first.path] = need
        for need in list(needs.values()):
            implied = self._implied(need.first)
            if implied is not None and implied.path not in needs:
                if self.standing.stays(implied.path):
                    return None
                needs[implied.path] = Need((implied,), implied.path)
        return tuple(needs.values())

    def _implied(self, setting: Setting) -> Setting | None:
        """Return what a value proves besides itself, where the case says the contrary."""
        place = place_of(setting.path, self.vocabulary)
        if place.attribute is None or setting.value == NO:
            return None
        target = self.vocabulary.attribute(place.kind, place.attribute.implies)
        if target is None:
            return None
        path = f"{place.kind}.{place.entity}.{target.name}"
        if target.type == "set":
            path = ".".join([path, *place.keys])
        known = written_now(self.trials.root, path, self.vocabulary)
        return Setting(path, YES) if known == NO else None

    def _without_what_is_not_needed(self, steps: Sequence[Step]) -> Iterator[Step]:
        """Yield the smallest parts of steps that are enough."""
        waiting = list(steps)
        while waiting:
            parts = {step: [tuple(n for n in step if n is not need) for need in step]
                     for step in waiting}  # fmt: skip
            self.trials.derive(_settings(part) for own in parts.values() for part in own)
            waiting = []
            for step, own in parts.items():
                enough = [part for part in own if self.trials.holds(_settings(part))]
                waiting.extend(enough)
                if not enough:
                    yield step

    def _nearer(self, steps: Sequence[Step]) -> Iterator[Step]:
        """Yield steps with each figure moved as little as is enough."""
        figures = {step: list(self._figures(step)) for step in steps}
        self.trials.derive(
            _settings(_moved(step, figure, figure.place - figure.way))
            for step, own in figures.items()
            for figure in own
        )
        for step, own in figures.items():
            least = step
            for figure in own:
                least = self._moved_back(least, figure)
            yield least

    def _figures(self, step: Step) -> Iterator[_Figure]:
        """Yield the figures of a step that could be nearer to what they are."""
        for index, need in enumerate(step):
            scale = scale_of(place_of(need.first.path, self.vocabulary).attribute)
            place = place_on(scale, need.first.value)
            if scale is None or place is None or scale.type == "date":
                continue
            own = place_on(scale, written_now(self.trials.root, need.first.path, self.vocabulary))
            from_place = -1 if own is None else own
            way = 1 if place > from_place else -1
            if place - way not in {from_place, -1}:
                yield _Figure(index, scale, from_place, place, way)

    def _moved_back(self, step: Step, figure: _Figure) -> Step:
        def at(place: int) -> Settings:
            return _settings(_moved(step, figure, place))

        back = figure.place - figure.way
        if not self.trials.holds(at(back)):
            return step
        found = border(
            figure.start, back, lambda place: self.trials.holds(at(place)),
            lambda places: self.trials.derive(map(at, places)),
        )  # fmt: skip
        return _moved(step, figure, found)

    def _values(self, step: Step) -> Iterator[Settings]:
        """Yield a step with every combination of the values that would do, each tried."""
        count = 1
        for need in step:
            count *= len(need.settings)
        combinations: Iterable[Settings]
        if count <= MOST_VALUES:
            combinations = list(product(*(need.settings for need in step)))
        else:
            self.is_complete = False
            first = _settings(step)
            combinations = dict.fromkeys(
                (*first[:index], setting, *first[index + 1 :])
                for index, need in enumerate(step)
                for setting in need.settings[:MOST_VALUES]
            )
        self.trials.derive(combinations)
        yield from (settings for settings in combinations if self.trials.holds(settings))


class _Figure(NamedTuple):
    """A figure of a step: which need, its scale, where it started, where it is, which way."""

    number: int
    scale: Scale
    start: int
    place: int
    way: int


def _moved(step: Step, figure: _Figure, place: int) -> Step:
    """Return a step with one of its figures at another place."""
    paths = [setting.path for setting in step[figure.number].settings]
    moved = figure_need(paths, figure.scale, place, figure.way)
    return (*step[: figure.number], moved, *step[figure.number + 1 :])


def _settings(step: Sequence[Need]) -> Settings:
    return tuple(need.first for need in step)
