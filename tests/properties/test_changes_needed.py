"""What holds of every smallest set of changes, whatever the case; and that none is missing."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import policy_logic
from policy_logic import api
from policy_logic.errors import Position
from policy_logic.facts.changes import read_changed
from policy_logic.facts.plain_source import node_of_plain
from policy_logic.prove.refusals import targets
from policy_logic.remedies.figures import place_on, scale_of, written_at
from policy_logic.remedies.settings import Setting, Settings, place_of, written_now
from policy_logic.remedies.standing import Standing
from policy_logic.remedies.trials import Trials
from policy_logic.rulebook.turning import turning_figures, turning_shares
from policy_logic.testing import applicants, good_applicants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.facts.vocabulary import Attribute
    from policy_logic.remedies.answer import Answer
    from policy_logic.testing.written import Drawn

BOOK = policy_logic.load_rulebook()
VOCABULARY = BOOK.vocabulary
MOST_LEAVES = 4
MOST_SETS = 3
MOST_PAIRS = 100


def _asked(facts: Drawn, data: Any) -> tuple[Answer, Trials]:
    """Ask for the nearest changes of a line that nearly holds, and make ready to try others."""
    root = node_of_plain(facts, Position("<mapping>", 1))
    planner = policy_logic.planner(facts, book=BOOK)
    near = [
        target
        for target, form in targets(planner.derivation)
        if len(list(planner.refuser.why_not(target.goal(form)).leaves())) <= MOST_LEAVES
    ]
    assume(near)
    target = data.draw(st.sampled_from(near))
    answers = api.nearest(planner, root, target.line, target.subject, target.year)
    answer = next((a for a in answers if a.target == target and a.held is None), None)
    assume(answer is not None)
    assert answer is not None
    trials = Trials(planner, root, lambda r, c: read_changed(r, c, VOCABULARY), target)
    return answer, trials


@settings(max_examples=(settings().max_examples + 1) // 2)
@given(good_applicants() | applicants(), st.data())
def test_every_set_is_enough_and_nothing_of_it_can_be_spared(facts: Drawn, data: Any) -> None:
    """Each choice of a set's moves makes the line hold; less of it, or one yuan less, does not."""
    answer, trials = _asked(facts, data)
    assert list(answer.found) == sorted(answer.found, key=lambda one: one.cost)
    for one in answer.found[:MOST_SETS]:
        choices = [tuple(Setting(m.path, m.after) for m in c) for c in product(*one.parts)]
        trials.derive(choices[:20])
        assert all(map(trials.holds, choices[:20]))
        first = choices[0]
        parts = [part for count in range(len(first)) for part in combinations(first, count)][-16:]
        trials.derive(parts)
        assert not any(map(trials.holds, parts))
        for index in range(len(first)):
            nearer = list(_one_step_back(first, index, trials))
            assert not any(map(trials.holds, nearer))
        derivation = trials.derivation(first)
        assert derivation is not None
        assert trials.planner.choose(derivation).totals == one.after


def _one_step_back(whole: Settings, index: int, trials: Trials) -> Iterator[Settings]:
    """Yield a set with one of its figures one step nearer to what the case says."""
    path, value = whole[index]
    scale = scale_of(place_of(path, VOCABULARY).attribute)
    place = place_on(scale, value)
    own = place_on(scale, written_now(trials.root, path, VOCABULARY))
    if scale is None or place is None or scale.type == "date" or place == 0:
        return
    back = place - 1 if own is None or own < place else place + 1
    if back != own:
        yield (*whole[:index], Setting(path, written_at(scale, back)), *whole[index + 1 :])


@settings(max_examples=(settings().max_examples + 1) // 2)
@given(good_applicants() | applicants(), st.data())
def test_no_smaller_set_is_missed(facts: Drawn, data: Any) -> None:
    """Of one or two facts that a line may use, none makes it hold that no listed set is part of."""
    answer, trials = _asked(facts, data)
    planner = trials.planner
    standing = Standing(planner.case, trials.root, VOCABULARY)
    domain: dict[str, list[str]] = {}
    for attribute in VOCABULARY.attributes.values():
        if answer.target.line in attribute.lines:
            for path in _paths(attribute, trials, answer.target.year):
                if not standing.stays(path):
                    now = written_now(trials.root, path, VOCABULARY)
                    domain[path] = [v for v in _values(attribute, trials) if v != now]
    ones: list[Settings] = [(Setting(p, v),) for p, values in domain.items() for v in values]
    twos = [one + two for one, two in combinations(ones, 2) if one[0].path != two[0].path]
    picked = data.draw(st.lists(st.sampled_from(twos), max_size=MOST_PAIRS)) if twos else []
    trials.derive([*ones, *picked])
    listed = [
        {move.path for move in moves} for one in answer.found for moves in product(*one.parts)
    ]
    for found in [*ones, *picked]:
        if trials.holds(found):
            paths = {setting.path for setting in found}
            assert any(own <= paths for own in listed), found


def _paths(attribute: Attribute, trials: Trials, year: int | None) -> Iterator[str]:
    """Yield where a fact that a line may use could stand."""
    case = trials.planner.case
    for entity in case.entities.values():
        if entity.kind != attribute.kind:
            continue
        keys: list[tuple[str, ...]] = [()]
        for index in attribute.index:
            names = (
                [str(year), str(year - 1)] if index == "year" and year is not None
                else [] if index == "year"
                else ["gate"] if index == "scene"
                else [n for n in VOCABULARY.legal_values((index,)) if _is_named(n)]
            )  # fmt: skip
            keys = [(*known, name) for known in keys for name in names]
        for own in keys:
            path = ".".join([attribute.kind, entity.id, attribute.name, *own])
            if attribute.type != "set":
                yield path
                continue
            for member in VOCABULARY.members(attribute):
                yield f"{path}.{member}"


def _is_named(name: str) -> bool:
    """Return whether a rule names a value."""
    return any(f'"{name}"' in text for _, text in BOOK.programs)


def _values(attribute: Attribute, trials: Trials) -> list[str]:
    """Return values of a fact that may matter."""
    if attribute.type in {"bool", "set"}:
        return ["true", "false"]
    if attribute.type == "enum":
        return list(VOCABULARY.members(attribute))
    if attribute.type == "ref":
        entities = trials.planner.case.entities.values()
        return [entity.id for entity in entities if entity.kind in attribute.to]
    if attribute.type == "share":
        return [str(share) for share in turning_shares(BOOK, attribute)]
    if attribute.type == "date":
        return [trials.planner.case.as_of.isoformat()]
    return [str(value) for value in turning_figures(BOOK, attribute)]
