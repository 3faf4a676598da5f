"""The optimum defends itself: its certificate, what comes after it, what a wish costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_logic.select import by_clingo, by_cpsat
from policy_logic.select.alternatives import best_sets
from policy_logic.select.certificate import confirm
from policy_logic.select.problem import ImpossibleError, Item, Problem
from policy_logic.select.selection import component_of, components, highest, select, solve_component
from test_selection import SPECIFICATION, STABLE, _allowed, _hard, _pays, _rank, _sets, problems

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from policy_logic.select.selection import Engine


@settings(STABLE, max_examples=60)
@given(problems(most=5))
def test_alternatives_are_all_sets_in_order(problem: Problem) -> None:
    """Every set that may be chosen comes once, best first, and nothing else."""
    every = sorted(
        (c for c in _sets(problem) if _allowed(problem, c)), key=lambda c: _rank(problem, c)
    )
    found = best_sets(problem, SPECIFICATION, len(every) + 3)
    assert [tuple(sorted(chosen)) for chosen in found] == every


@settings(STABLE, max_examples=40)
@given(problems(least=6, most=9), st.integers(1, 6))
def test_a_few_alternatives_are_the_first_of_all(problem: Problem, count: int) -> None:
    """Asking for a few gives the few best."""
    every = sorted(
        (c for c in _sets(problem) if _allowed(problem, c)), key=lambda c: _rank(problem, c)
    )
    found = best_sets(problem, SPECIFICATION, count)
    assert [tuple(sorted(chosen)) for chosen in found] == every[:count]


@STABLE
@given(problems(least=1), st.data())
def test_a_wish_finds_the_best_that_respects_it(problem: Problem, data: DataObject) -> None:
    """Forced items are in, barred ones out, and no such set pays more."""
    numbers = st.integers(0, len(problem.items) - 1)
    forced = data.draw(st.frozensets(numbers, max_size=2))
    barred = data.draw(st.frozensets(numbers, max_size=2)) - forced
    wished = replace(problem, forced=forced, barred=barred)
    fitting = [
        chosen
        for chosen in _sets(problem)
        if _allowed(problem, chosen) and forced <= {*chosen} and barred.isdisjoint(chosen)
    ]
    for engine in ("auto", "clingo", "cpsat"):
        if not fitting:
            with pytest.raises(ImpossibleError):
                select(wished, SPECIFICATION, engine=engine)
            continue
        choice = select(wished, SPECIFICATION, engine=engine)
        best = min(fitting, key=lambda chosen: _rank(problem, chosen))
        assert tuple(sorted(choice.chosen)) == best, engine


@STABLE
@given(problems(least=1), st.data())
def test_clingo_confirms_what_may_be_chosen_and_nothing_else(
    problem: Problem, data: DataObject
) -> None:
    """A set is an answer set exactly if it may be chosen, and pays what it pays."""
    chosen = data.draw(st.frozensets(st.integers(0, len(problem.items) - 1)))
    confirmed = confirm(problem, chosen, SPECIFICATION)
    assert confirmed.is_answer_set is _allowed(problem, chosen)
    if confirmed.is_answer_set:
        assert confirmed.totals == {
            measure: _pays(problem, chosen, measure) for measure in ("firm", "potential")
        }


def test_clingo_confirms_that_nothing_may_be_chosen_where_there_is_nothing() -> None:
    """A case without a claim has a certificate too."""
    confirmed = confirm(Problem([], frozenset(), {}, {}), (), SPECIFICATION)
    assert confirmed.is_answer_set is True
    assert set(confirmed.totals.values()) == {0}


def test_clingo_is_not_asked_to_confirm_sums_beyond_its_integers() -> None:
    """Then the certificate says that it was not asked."""
    problem = Problem([Item(2**31, 0)], frozenset(), {}, {})
    assert confirm(problem, {0}, SPECIFICATION).is_answer_set is None


@STABLE
@given(problems(least=1), st.integers(1, 1000))
def test_scaling_all_money_scales_the_optimum(problem: Problem, factor: int) -> None:
    """Only proportions matter to the total."""
    scaled = replace(
        problem,
        items=[
            replace(i, potential=i.potential * factor, firm=i.firm * factor) for i in problem.items
        ],
        limits={pool: limit * factor for pool, limit in problem.limits.items()},
    )
    before, after = select(problem, SPECIFICATION), select(scaled, SPECIFICATION)
    assert after.total == before.total * factor


@STABLE
@given(problems(), st.integers(1, 10))
def test_a_claim_that_nothing_excludes_never_lowers_the_total(problem: Problem, yuan: int) -> None:
    """One more thing to choose cannot hurt."""
    more = replace(problem, items=[*problem.items, Item(yuan, 0)])
    before, after = select(problem, SPECIFICATION), select(more, SPECIFICATION)
    assert after.total >= before.total


@STABLE
@given(problems(least=1))
def test_a_component_is_enough_to_answer_for_an_item(problem: Problem) -> None:
    """Forcing an item changes the total of its own component only."""
    best = select(problem, SPECIFICATION)
    for index in range(len(problem.items)):
        members = component_of(problem, index)
        assert members in components(problem)
        part = problem.part(members)
        wished = replace(part, forced=frozenset({members.index(index)}))
        fitting = [c for c in _sets(problem) if _allowed(problem, c) and index in c]
        if not fitting:
            with pytest.raises(ImpossibleError):
                solve_component(wished, SPECIFICATION)
            continue
        alone, held = (solve_component(p, SPECIFICATION).total for p in (part, wished))
        most = max(_pays(problem, chosen, problem.objective) for chosen in fitting)
        assert most == best.total - alone + held


@settings(STABLE, max_examples=60)
@given(problems(least=1), st.data())
def test_the_bound_is_never_below_what_is_possible(problem: Problem, data: DataObject) -> None:
    """Whichever engine searches, under whatever wish, with time or without."""
    numbers = st.integers(0, len(problem.items) - 1)
    wished = replace(problem, barred=data.draw(st.frozensets(numbers, max_size=2)))
    best = max(
        _pays(problem, chosen, problem.objective)
        for chosen in _sets(problem)
        if _allowed(problem, chosen) and wished.barred.isdisjoint(chosen)
    )
    for seconds in (0.0, None):
        for choice in (
            by_clingo.solve(wished, SPECIFICATION, seconds),
            by_cpsat.solve(wished, seconds),
            select(wished, SPECIFICATION, seconds),
        ):
            assert choice.total <= best <= choice.bound, choice.engine
            assert problem.feasible(choice.chosen)
            assert choice.total == _pays(problem, choice.chosen, problem.objective)
            if choice.proved:
                assert choice.total == best == choice.bound


@settings(STABLE, max_examples=60)
@given(problems(least=1))
def test_the_highest_total_needs_no_rule_for_ties(problem: Problem) -> None:
    """Without singling a set out the same total is reached, and the parts add up to the whole."""
    best = select(problem, SPECIFICATION).total
    loose = by_cpsat.solve(problem, None, ties=False)
    assert (loose.total, loose.bound, loose.proved) == (best, best, True)
    assert not loose.singled_out
    parts = [problem.part(members) for members in components(problem)]
    assert sum(highest(part, SPECIFICATION, None) or 0 for part in parts) == best


def test_the_highest_total_of_a_large_part_is_that_of_the_plan() -> None:
    """Where CP-SAT takes over, too: thirty works, each for one of three capped years."""
    problem = _hard(30)
    assert not by_clingo.solves(problem)
    total = highest(problem, SPECIFICATION, None)
    choice = by_cpsat.solve(problem, None)
    assert total == choice.total == choice.bound
    assert problem.total(choice.chosen, "potential") == total


def test_the_highest_total_is_not_told_without_proof() -> None:
    """Where the time is over before anything is proved, there is no figure."""
    assert highest(_hard(1000), SPECIFICATION, 0.0) is None


@pytest.mark.parametrize("engine", ["clingo", "cpsat"])
def test_a_search_cut_off_at_once_keeps_what_is_wished(engine: Engine) -> None:
    """What has to be filed is filed, however little time there is."""
    problem = replace(_hard(60), forced=frozenset({5}), barred=frozenset({7}))
    choice = select(problem, SPECIFICATION, 1e-9, engine)
    assert 5 in choice.chosen
    assert 7 not in choice.chosen
    assert problem.feasible(choice.chosen)
    assert choice.total <= choice.bound
