"""What each part of a plan is worth: forcing, missing, a yuan more of a cap, the highest first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from decisions import WAITING, example, printed
from policy_logic.decide.choosing import Chosen
from policy_logic.decide.contrast import Contraster
from policy_logic.decide.decision import Sums
from policy_logic.decide.extras import Extras
from policy_logic.derive.claims import Claim
from policy_logic.logic.terms import Compound
from policy_logic.select.selection import select
from small_cases import AWARD, DATONG, LIAONING, MINHANG, RESEARCH, work_claim, written
from test_selection import SPECIFICATION, STABLE, _allowed, _pays, _sets, problems

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from policy_logic.select.problem import Objective, Problem


def test_the_contrast_of_a_small_case_is_what_the_sums_say(tmp_path: Path) -> None:
    """Each figure by hand, from the eight sets."""
    contrast = printed(written(RESEARCH, tmp_path), "--contrast")["contrast"]
    assert contrast == {
        "forcing_costs": {DATONG: 400_000, LIAONING: 200_000},
        "missing_costs": {AWARD: 300_000, MINHANG: 200_000},
        "one_more_yuan_of_cap": {},
        "highest_first": {"claims": [AWARD, MINHANG], "total": 900_000, "less": 0},
    }


def test_a_cap_that_binds_brings_a_yuan_for_a_yuan(tmp_path: Path) -> None:
    """The works come to 3,300,000 under a cap of 2,000,000; none of them is missed much."""
    contrast = printed(written(WAITING, tmp_path), "--contrast")["contrast"]
    b, c, d, e, p, q = (work_claim(work) for work in "bcdepq")
    assert contrast["one_more_yuan_of_cap"] == {"datong.revenue_share_enterprise_cap/a/2025": 1}
    # Without p the others come to 1,800,000; without q they still fill the cap.
    assert contrast["missing_costs"] == {p: 200_000, q: 0}
    assert contrast["forcing_costs"] == dict.fromkeys((b, c, d, e), 0)


def test_the_highest_sum_first_can_pay_less() -> None:
    """A work's 260,000 in Datong, under a cap that is full, displace 170,000 in Liaoning."""
    obvious = example("qingmu").contraster.obvious()
    assert obvious.lost == 170_000
    assert obvious.total == example("qingmu").chosen.totals.potential - 170_000
    assert "datong.2-1.horizontal/yunshang/2026" in set(map(str, obvious.claims))


def test_a_research_project_of_three_places_is_worth_what_it_pays_more() -> None:
    """Of 3,850,000 Datong pays 10%, Liaoning 20% and Minhang 30%."""
    contrast = example("qingmu").contraster.everything()
    forced = {str(claim): loss for claim, loss in contrast.forced.items()}
    missed = {str(claim): loss for claim, loss in contrast.missed.items()}
    assert forced["datong.2-9.rd/jingtou"] == 1_155_000 - 385_000
    assert forced["liaoning.10.rd/jingtou"] == 1_155_000 - 770_000
    assert missed["minhang.5.rd/jingtou"] == 1_155_000 - 770_000


@pytest.mark.parametrize("objective", ["potential", "firm"])
@pytest.mark.parametrize("applicant", ["qingmu", "keyun", "heguang"])
def test_the_contrast_is_what_solving_again_gives(applicant: str, objective: Objective) -> None:
    """Each cost is that of the wish, and each cap's worth that of the limit raised by a yuan."""
    planner = example(applicant, objective)
    chosen, contrast = planner.chosen, planner.contraster.everything()
    assert {*contrast.forced} == {*chosen.items} - chosen.claims
    assert {*contrast.missed} == {*chosen.items} & chosen.claims
    for claim, loss in contrast.forced.items():
        extras = Extras((str(claim),), (), (), 0, has_contrast=False)
        assert loss == extras.wished(planner).cost
    for claim, loss in contrast.missed.items():
        extras = Extras((), (str(claim),), (), 0, has_contrast=False)
        assert loss == extras.wished(planner).cost
    for pool, gain in contrast.caps.items():
        limits = dict(chosen.problem.limits)
        limits[chosen.names[pool]] += 1
        raised = select(replace(chosen.problem, limits=limits), planner.specification)
        assert gain == raised.total - chosen.choice.total
    caps = {pool for pool, name in chosen.names.items() if name in chosen.problem.limits}
    assert {*contrast.caps} == caps & chosen.full


def test_the_contrast_of_a_wish_respects_it(tmp_path: Path) -> None:
    """Where Datong's grant is to be filed nothing else can be, and missing it is not asked."""
    contrast = printed(written(RESEARCH, tmp_path), "--with", DATONG, "--contrast")["contrast"]
    assert contrast == {
        "forcing_costs": {},
        "missing_costs": {AWARD: 300_000},
        "one_more_yuan_of_cap": {},
        "highest_first": {"claims": [AWARD, DATONG], "total": 500_000, "less": 0},
    }


def _contraster(problem: Problem) -> Contraster:
    """Return the contrast over a choice without a case behind it, all its caps told."""
    claims = tuple(Claim("line", str(index), None, None) for index in range(len(problem.items)))
    choice = select(problem, SPECIFICATION)
    drawn = {pool for item in problem.items for pool in item.pools}
    names = {Compound("cap", (pool,)): pool for pool in sorted(drawn)}
    totals = Sums(problem.total(choice.chosen, "firm"), problem.total(choice.chosen, "potential"))
    chosen = Chosen(
        claims=frozenset(claims[index] for index in choice.chosen),
        paid={},
        settled={},
        choice=choice,
        totals=totals,
        full=frozenset(names),
        problem=problem,
        items=claims,
        names=names,
    )
    return Contraster(chosen, SPECIFICATION, None)


def _highest(problem: Problem, chosen: Collection[tuple[int, ...]]) -> int | None:
    """Return what the best of some sets pays, ``None`` if there is none."""
    return max((_pays(problem, one, problem.objective) for one in chosen), default=None)


@settings(STABLE, max_examples=40)
@given(problems(least=1, most=6))
def test_the_contrast_is_what_trying_every_set_gives(problem: Problem) -> None:
    """Under whatever caps, exclusions and quotas; what cannot be otherwise has no figure."""
    contrast = _contraster(problem).everything()
    sets = [chosen for chosen in _sets(problem) if _allowed(problem, chosen)]
    best = _highest(problem, sets)
    assert best is not None
    told = {int(claim.subject): loss for claim, loss in contrast.forced.items()}
    for index in {*range(len(problem.items))} - {int(c.subject) for c in contrast.missed}:
        most = _highest(problem, [chosen for chosen in sets if index in chosen])
        assert told.get(index) == (None if most is None else best - most)
    for claim, loss in contrast.missed.items():
        most = _highest(problem, [chosen for chosen in sets if int(claim.subject) not in chosen])
        assert most is not None
        assert loss == best - most
    for pool, gain in contrast.caps.items():
        name = str(pool.args[0])
        raised = replace(problem, limits={**problem.limits, name: problem.limits[name] + 1})
        assert best + gain == _highest(raised, sets)


@settings(STABLE, max_examples=60)
@given(problems(most=8))
def test_the_highest_first_is_greedy(problem: Problem) -> None:
    """One by one, the highest sum first, whatever may still be filed; it never pays more."""
    taken: list[int] = []
    worth = [item.worth(problem.objective) for item in problem.items]
    for yuan in sorted(set(worth), reverse=True):
        for index, own in enumerate(worth):
            if own == yuan and _allowed(problem, [*taken, index]):
                taken.append(index)
    obvious = _contraster(problem).obvious()
    assert [int(claim.subject) for claim in obvious.claims] == sorted(taken)
    assert obvious.total == _pays(problem, taken, problem.objective)
    assert obvious.lost >= 0
