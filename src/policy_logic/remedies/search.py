"""The search for all smallest sets of settings with which a refused line holds.

A refusal names every way in which the line could hold, and what each needs. Each way is tried on
the case itself, read and derived again; where that is not enough, the new refusal names what is
missing then. Of what is enough, each setting is left out in turn, and each figure moved back by one.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Final, TypeAlias

from policy_logic.prove.why import Explainer
from policy_logic.prove.whynot import Refuser
from policy_logic.remedies.conditions import Conditions
from policy_logic.remedies.figures import border, ends_of, nearest_places
from policy_logic.remedies.figures import place_on, scale_of, written_at
from policy_logic.remedies.needs import Need, Way
from policy_logic.remedies.settings import NO, YES, Setting, Settings, place_of, written_now
from policy_logic.remedies.standing import Standing
from policy_logic.remedies.unknowns import Unknowns
from policy_logic.remedies.ways import Obstacle, WaysToHold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from policy_logic.logic.terms import Fact
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
        waiting: list[Step] = [(), *self._other_references()]
        seen: set[frozenset[Setting]] = {frozenset(_settings(step)) for step in waiting}
        self.trials.derive(map(_settings, waiting))
        for _ in range(MOST_ROUNDS):
            following: list[Step] = []
            for step in waiting:
                own = frozenset(_settings(step))
                if any(known <= own for known in enough):
                    continue
                for more in self._more(step):
                    key = frozenset(_settings(more))
                    if key not in seen:
                        seen.add(key)
                        following.append(more)
            if self.trials.count + len(following) > MOST_TRIED:
                self.is_complete = False
                following = following[: max(0, MOST_TRIED - self.trials.count)]
            self.trials.derive(map(_settings, following))
            waiting = []
            for step in sorted(following, key=len):
                if self.trials.holds(_settings(step)):
                    for least in self._without_what_is_not_needed(step):
                        enough[frozenset(_settings(least))] = least
                elif self.trials.derivation(_settings(step)) is not None:
                    waiting.append(step)
            if not waiting:
                break
        self.is_complete = self.is_complete and not waiting
        least = [s for key, s in enough.items() if not any(other < key for other in enough)]
        tuned = dict.fromkeys(self._nearer(step) for step in least)
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
                    yield (Need((setting,), ".".join(setting)),)

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
            leaf = obstacle.leaf
            self.obstacles.setdefault(leaf.fact or getattr(leaf, "condition", ""), obstacle)
        for way in ways:
            for sought in self._sought(step, way):
                more = self._with(step, sought)
                if more is not None:
                    yield more

    def _sought(self, step: Step, way: Way) -> Iterator[Way]:
        """Yield a way with the figures sought on which a sum computed by further rules hangs."""
        if not any(need.figures for need in way):
            yield way
            return
        for path in dict.fromkeys(path for need in way for path in need.figures):
            scale = scale_of(place_of(path, self.vocabulary).attribute)
            tree = self.trials.tree(_settings(step))
            own = scale and place_on(scale, written_now(tree, path, self.vocabulary))
            if scale is None or own is None:
                continue

            def at(place: int, path: str = path, scale: object = scale) -> Settings:
                values = {**dict(_settings(step)), path: written_at(scale, place)}  # type: ignore[arg-type]
                return tuple(Setting(*pair) for pair in values.items())

            places = nearest_places(
                own,
                ends_of(scale, self.latest),
                lambda place: self.trials.holds(at(place)),
                lambda several: self.trials.derive(map(at, several)),
            )
            for place in places:
                yield frozenset([Need((Setting(path, written_at(scale, place)),), path)])

    def _with(self, step: Step, way: Way) -> Step | None:
        """Return a step with further needs; of two values for a fact the later counts."""
        needs = {need.first.path: need for need in step}
        for need in sorted(way, key=lambda need: need.first.path):
            known = needs.get(need.first.path)
            both = () if known is None else tuple(
                setting for setting in known.settings if setting in need.settings)  # fmt: skip
            needs[need.first.path] = Need(both, need.about) if both else need
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

    def _without_what_is_not_needed(self, step: Step) -> Iterator[Step]:
        """Yield the smallest parts of a step that are enough."""
        parts = [tuple(n for n in step if n is not need) for need in step]
        self.trials.derive(map(_settings, parts))
        enough = [part for part in parts if self.trials.holds(_settings(part))]
        if not enough:
            yield step
        for part in enough:
            yield from self._without_what_is_not_needed(part)

    def _nearer(self, step: Step) -> Step:
        """Return a step with each figure and day moved as little as is enough."""
        for index, need in enumerate(step):
            scale = scale_of(place_of(need.first.path, self.vocabulary).attribute)
            place = scale and place_on(scale, need.first.value)
            if scale is None or place is None or scale.type == "date":
                continue
            own = place_on(scale, written_now(self.trials.root, need.first.path, self.vocabulary))
            low = own if own is not None else -1

            def at(value: int, index: int = index, base: Step = step) -> Step:
                path = base[index].first.path
                moved = Need((Setting(path, written_at(scale, value)),), path)  # noqa: B023
                return (*base[:index], moved, *base[index + 1 :])

            back = place - 1 if place > low else place + 1
            if back >= 0 and back != low and self.trials.holds(_settings(at(back))):
                step = at(
                    border(
                        low, back, lambda value: self.trials.holds(_settings(at(value))),
                        lambda several: self.trials.derive(_settings(at(v)) for v in several),
                    )
                )  # fmt: skip
        return step

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


def _settings(step: Sequence[Need]) -> Settings:
    return tuple(need.first for need in step)
