"""The choice: every engine finds what trying every set finds, and none promises too much."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policy_logic
from policy_logic.select import arithmetic, by_clingo, by_cpsat
from policy_logic.select.problem import Choice, Item, Problem
from policy_logic.select.selection import components, select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hypothesis.strategies import DrawFn

    from policy_logic.select.problem import Objective

SPECIFICATION: Final = policy_logic.load_rulebook().folder / "selection.lp"
STABLE: Final = settings(derandomize=True, deadline=None, database=None, max_examples=100)
# Each cap with the next wider one: "a1" and "a2" lie inside "a", and that inside "all".
WIDER: Final = {"a1": "a", "a2": "a", "a": "all", "b": "all", "all": None, "c": None}


def _chain(pool: str | None) -> tuple[str, ...]:
    found: list[str] = []
    while pool is not None:
        found.append(pool)
        pool = WIDER[pool]
    return tuple(found)


@st.composite
def problems(
    draw: DrawFn, *, least: int = 0, most: int = 7, unit: int = 1, tied: bool = True
) -> Problem:
    """Draw a small choice under nested caps; worth lies near the caps, in multiples of a unit.

    Args:
        draw: Hypothesis's hand.
        least: The lowest number of items.
        most: The highest number of items.
        unit: What worth and caps are multiples of, give or take 1.
        tied: Whether there are exclusions and quotas.
    """

    def yuan(highest: int) -> int:
        off = draw(st.integers(-1, 1)) if unit > 1 else 0
        return max(1, draw(st.integers(1, highest)) * unit + off)

    items = []
    for _ in range(draw(st.integers(least, most))):
        potential = yuan(8)
        firm = draw(st.sampled_from([0, potential, potential // 2] if tied else [0, potential]))
        pools = _chain(draw(st.sampled_from([*WIDER, None] if tied else ["a1", "c", "c", None])))
        quotas = draw(st.sampled_from([(), (), ("q",), ("r",), ("q", "r")])) if tied else ()
        items.append(Item(potential, firm, pools, quotas))
    pairs = list(combinations(range(len(items)), 2))
    excludes = draw(st.frozensets(st.sampled_from(pairs), max_size=4)) if pairs and tied else ()
    return Problem(
        items=items,
        excludes=frozenset(excludes),
        limits={pool: yuan(20 if wider is None else 12) for pool, wider in WIDER.items()},
        places={"q": draw(st.integers(0, 3)), "r": draw(st.integers(0, 2))},
        objective=draw(st.sampled_from(["potential", "firm"])),
    )


def _pays(problem: Problem, chosen: Collection[int], measure: str, pool: str | None = None) -> int:
    """Return what a set pays inside a cap, cut at it: a function of its own."""
    own = sum(
        getattr(problem.items[index], measure)
        for index in chosen
        if (problem.items[index].pools[:1] or (None,))[0] == pool
    )
    inner = [name for name, wider in WIDER.items() if wider == pool]
    total: int = own + sum(_pays(problem, chosen, measure, name) for name in inner)
    return total if pool is None else min(total, problem.limits[pool])


def _allowed(problem: Problem, chosen: Collection[int]) -> bool:
    return not any(a in chosen and b in chosen for a, b in problem.excludes) and all(
        sum(quota in problem.items[index].quotas for index in chosen) <= count
        for quota, count in problem.places.items()
    )


def _rank(problem: Problem, chosen: Collection[int]) -> tuple[int, int, int, list[int]]:
    first, second = ("firm", "potential") if problem.objective == "firm" else ("potential", "firm")
    return (
        -_pays(problem, chosen, first),
        -_pays(problem, chosen, second),
        len(chosen),
        sorted(chosen),
    )


def _sets(problem: Problem) -> Iterator[tuple[int, ...]]:
    for count in range(len(problem.items) + 1):
        yield from combinations(range(len(problem.items)), count)


def _best(problem: Problem) -> tuple[int, int, int, list[int]]:
    return min(_rank(problem, chosen) for chosen in _sets(problem) if _allowed(problem, chosen))


def _check(problem: Problem, choice: Choice) -> None:
    """Check that a choice is the one that trying every set singles out, and says so."""
    best = _best(problem)
    assert _rank(problem, choice.chosen) == best, choice.engine
    assert choice.total == choice.bound == -best[0]
    assert choice.proved
    assert choice.singled_out


@STABLE
@given(problems(least=1))
def test_clingo_finds_what_trying_every_set_finds(problem: Problem) -> None:
    """The specification in selection.lp means the public rule, ties included."""
    _check(problem, by_clingo.solve(problem, SPECIFICATION, None))


@STABLE
@given(problems())
def test_cp_sat_finds_what_trying_every_set_finds(problem: Problem) -> None:
    """The second engine agrees, stage by stage."""
    _check(problem, by_cpsat.solve(problem, None))


@settings(STABLE, max_examples=300)
@given(problems(most=9, tied=False))
def test_arithmetic_finds_what_trying_every_set_finds(problem: Problem) -> None:
    """Where nothing excludes anything the closed form is enough."""
    if arithmetic.solves(problem):
        _check(problem, arithmetic.solve(problem))


@STABLE
@given(problems(least=2, most=6))
def test_of_mutually_exclusive_items_arithmetic_finds_the_best(problem: Problem) -> None:
    """Under nested caps, too, which may cut even a single item; quotas aside."""
    pairs = frozenset(combinations(range(len(problem.items)), 2))
    exclusive = replace(problem, excludes=pairs, places=dict.fromkeys(problem.places, 9))
    assert arithmetic.solves(exclusive)
    _check(exclusive, arithmetic.solve(exclusive))


def test_a_pair_that_may_stand_together_is_not_mutually_exclusive() -> None:
    """One exclusion too few, and the closed form does not apply."""
    items = [Item(3, 0), Item(2, 0), Item(2, 0)]
    assert not arithmetic.solves(Problem(items, frozenset({(0, 1), (0, 2)}), {}, {}))


def test_the_closed_form_is_put_to_the_test() -> None:
    """The draws above do reach the closed form with caps that bind."""
    found: set[bool] = set()

    @settings(STABLE, max_examples=60)
    @given(problems(most=9, tied=False))
    def collect(problem: Problem) -> None:
        everything = range(len(problem.items))
        if arithmetic.solves(problem):
            asked = sum(item.potential for item in problem.items)
            found.add(_pays(problem, everything, "potential") < asked)

    collect()
    assert found == {True, False}


@STABLE
@given(problems(most=9))
def test_the_choice_finds_what_trying_every_set_finds(problem: Problem) -> None:
    """Components and engines together give the one plan that the rule singles out."""
    _check(problem, select(problem, SPECIFICATION))


@settings(STABLE, max_examples=60)
@given(problems(most=6, unit=10**8) | problems(most=6, unit=10**9) | problems(most=6, unit=10**13))
def test_sums_beyond_32_bits_are_exact(problem: Problem) -> None:
    """Not one yuan is lost where sums exceed 2^31 or amounts reach 10^13."""
    _check(problem, select(problem, SPECIFICATION))
    _check(problem, by_cpsat.solve(problem, None))


def test_clingo_is_not_asked_for_sums_beyond_32_bits() -> None:
    """Clingo's sums would wrap silently, so such a choice goes elsewhere."""
    fits = Problem([Item(2**30, 0), Item(2**30 - 1, 0)], frozenset({(0, 1)}), {}, {})
    assert by_clingo.solves(fits)
    assert not by_clingo.solves(replace(fits, items=[Item(2**30, 0), Item(2**30, 0)]))
    capped = replace(fits, items=[Item(2, 0, ("cap",))], limits={"cap": 2**31})
    assert not by_clingo.solves(capped)


def test_many_of_the_largest_amounts_are_exact() -> None:
    """Two dozen times about 10^13, each tied to the next, come out to the yuan."""
    count = 24
    items = [Item(10**13 - (index * 7919) % 1000, 0) for index in range(count)]
    problem = Problem(items, frozenset((i, i + 1) for i in range(count - 1)), {}, {})
    best = [0, items[0].potential]
    for item in items[1:]:
        best.append(max(best[-1], best[-2] + item.potential))
    choice = select(problem, SPECIFICATION)
    assert choice.total == choice.bound == best[-1]
    assert choice.proved


@STABLE
@given(problems())
def test_raising_a_cap_never_lowers_the_total(problem: Problem) -> None:
    """More room under any cap pays at least as much."""
    before = select(problem, SPECIFICATION).total
    for pool in problem.limits:
        limits = {**problem.limits, pool: problem.limits[pool] + 3}
        assert before <= select(replace(problem, limits=limits), SPECIFICATION).total <= before + 3


@STABLE
@given(problems())
def test_adding_an_exclusion_never_raises_the_total(problem: Problem) -> None:
    """One more pair that cannot be filed together never pays more."""
    before = select(problem, SPECIFICATION).total
    for pair in combinations(range(min(4, len(problem.items))), 2):
        narrower = replace(problem, excludes=problem.excludes | {pair})
        assert select(narrower, SPECIFICATION).total <= before


@STABLE
@given(problems())
def test_shares_add_up_to_what_a_set_pays(problem: Problem) -> None:
    """Handing out a total item by item loses nothing and overruns no cap."""
    for chosen in list(_sets(problem))[:40]:
        shares = problem.shares(chosen, "potential")
        assert sum(shares.values()) == _pays(problem, chosen, "potential")
        assert all(0 <= share <= problem.items[index].potential for index, share in shares.items())


@STABLE
@given(problems())
def test_components_are_a_partition(problem: Problem) -> None:
    """Each item lies in one component, and no exclusion leads out of one."""
    parts = components(problem)
    assert sorted(index for part in parts for index in part) == list(range(len(problem.items)))
    home = {index: number for number, part in enumerate(parts) for index in part}
    assert all(home[a] == home[b] for a, b in problem.excludes)


@pytest.mark.parametrize("objective", ["potential", "firm"])
@pytest.mark.parametrize("engine", ["select", "by_cpsat"])
def test_nothing_to_choose_is_a_choice(objective: Objective, engine: str) -> None:
    """No items: nothing is chosen, and that is optimal."""
    problem = Problem([], frozenset(), {}, {}, objective)
    choice = {
        "select": lambda: select(problem, SPECIFICATION),
        "by_cpsat": lambda: by_cpsat.solve(problem, None),
    }[engine]()
    assert (choice.chosen, choice.total, choice.bound) == (frozenset(), 0, 0)
    assert choice.proved
    assert choice.singled_out


def _hard(works: int) -> Problem:
    """Return works of which each may be claimed for one of three years, each year capped."""
    chance = random.Random(1)  # noqa: S311 - a fixed example
    items: list[Item] = []
    excludes: set[tuple[int, int]] = set()
    for work in range(works):
        worth = chance.randint(10**5, 10**6)
        items += [Item(worth, 0, (f"year{year}",)) for year in range(3)]
        excludes |= set(combinations(range(3 * work, 3 * work + 3), 2))
    limit = sum(item.potential for item in items) // 24
    return Problem(items, frozenset(excludes), {f"year{year}": limit for year in range(3)}, {})


def test_a_time_limit_is_kept_and_the_bound_is_honest() -> None:
    """A hard choice stops in time; what it returns may be filed, and it promises no more."""
    problem = _hard(300)
    start = time.monotonic()
    choice = select(problem, SPECIFICATION, 1.0)
    assert time.monotonic() - start < 8
    assert problem.feasible(choice.chosen)
    assert choice.total == problem.total(choice.chosen, "potential")
    assert choice.total <= choice.bound <= sum(problem.limits.values())
    assert not choice.proved or choice.total == choice.bound
    assert choice.proved or not choice.singled_out


@pytest.mark.parametrize("seconds", [0.0, 0.001])
def test_no_time_at_all_proves_nothing(seconds: float) -> None:
    """With hardly any time each engine returns what may be filed, under an honest bound."""
    large, small = _hard(60), _hard(5)
    for problem, choice in (
        (large, by_cpsat.solve(large, seconds)),
        (small, by_clingo.solve(small, SPECIFICATION, seconds)),
        (large, select(large, SPECIFICATION, seconds)),
    ):
        assert problem.feasible(choice.chosen)
        assert choice.total == problem.total(choice.chosen, "potential") <= choice.bound
        assert not choice.proved or choice.total == choice.bound
        assert choice.proved or not choice.singled_out


def test_the_bound_is_never_below_the_best() -> None:
    """Whatever the time, the bound stays above what a patient search reaches."""
    problem = _hard(20)
    best = select(problem, SPECIFICATION).total
    for seconds in (0.0, 0.005, 0.02, 0.1):
        assert by_cpsat.solve(problem, seconds).bound >= best
        assert select(problem, SPECIFICATION, seconds).bound >= best
