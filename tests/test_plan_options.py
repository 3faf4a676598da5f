"""What a plan can be asked for besides: engines, alternatives, wishes, contrast, the other plan."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings

import policy_logic
from policy_logic.decide.choosing import Chosen
from policy_logic.decide.contrast import Contraster
from policy_logic.decide.decision import Sums
from policy_logic.decide.extras import Extras
from policy_logic.decide.planning import in_reserve_order
from policy_logic.derive.derivation import Claim
from policy_logic.logic.terms import Compound
from policy_logic.select.selection import select
from small_cases import (
    AWARD,
    BILLIONS,
    DATONG,
    EXAMPLE_CASES,
    LIAONING,
    MINHANG,
    RESEARCH,
    work_claim,
    works,
    written,
)
from test_cli import run
from test_selection import SPECIFICATION, STABLE, _allowed, _pays, _sets, problems

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from policy_logic.decide.decision import Decision
    from policy_logic.decide.planning import Planner
    from policy_logic.select.problem import Objective, Problem
    from policy_logic.select.selection import Engine

PLAIN: Final = Extras((), (), (), 0, has_contrast=False)
APPLICANTS: Final = [applicant for _, applicant in EXAMPLE_CASES]
# A cap of 2,000,000 that 1,500,000 and 600,000 fill; the others wait, the highest first.
WAITING: Final = works(
    b=2_000_000, c=4_000_000, d=3_000_000, e=3_000_000, p=15_000_000, q=6_000_000
)  # fmt: skip


@cache
def example(applicant: str, objective: Objective = "potential", engine: Engine = "auto") -> Planner:
    """Return one of the examples, derived once."""
    file = next(file for file, name in EXAMPLE_CASES if name == applicant)
    case = next(c for c in policy_logic.load_cases(file) if c.applicant == applicant)
    return policy_logic.planner(case, objective=objective, engine=engine)


@cache
def plan_of(
    applicant: str, objective: Objective = "potential", engine: Engine = "auto"
) -> Decision:
    """Return what is decided of one of the examples."""
    return example(applicant, objective, engine).decide(refusals=False)


def document(planner: Planner, extras: Extras = PLAIN) -> dict[str, Any]:
    """Return a decision as it is printed, without refusals."""
    wished = extras.wished(planner)
    return extras.document(wished, wished.planner.decide(refusals=False), "en")


def printed(facts: Path, *options: object) -> Any:
    """Return the decision that the command prints."""
    done = run("plan", facts, "--format", "json", *options)
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def filed(decision: dict[str, Any]) -> set[str]:
    """Return the names of the claims of a plan."""
    return {
        str(Claim(c["line"], c["subject"], c["year"], c["trigger"]))
        for c in decision["candidates"]
        if c["chosen"]
    }


# ---- Alternatives


def test_the_alternatives_of_a_small_case_are_all_sets(tmp_path: Path) -> None:
    """Three claims exclude each other and one is free: eight sets, best first, by hand."""
    decision = printed(written(RESEARCH, tmp_path), "--alternatives", 20)
    assert [
        (a["totals"]["potential"], a["totals"]["firm"], a["claims"])
        for a in decision["alternatives"]
    ] == [
        (900_000, 0, [AWARD, MINHANG]),
        (700_000, 400_000, [AWARD, LIAONING]),
        (600_000, 0, [MINHANG]),
        (500_000, 0, [AWARD, DATONG]),
        (400_000, 400_000, [LIAONING]),
        (300_000, 0, [AWARD]),
        (200_000, 0, [DATONG]),
        (0, 0, []),
    ]
    assert decision["alternatives"][4]["added"] == [LIAONING]
    assert decision["alternatives"][4]["dropped"] == [AWARD, MINHANG]


def test_the_alternatives_follow_the_objective(tmp_path: Path) -> None:
    """By the certain sum Liaoning's grant comes first, and then what else could be paid."""
    facts = written(RESEARCH, tmp_path)
    found = printed(facts, "--alternatives", 3, "--objective", "firm")["alternatives"]
    assert [a["claims"] for a in found] == [[AWARD, LIAONING], [LIAONING], [AWARD, MINHANG]]


def test_alternatives_under_a_cap_count_what_is_paid() -> None:
    """Three sets fill the cap of 2,000,000; of these the first by key has the fewest claims."""
    planner = policy_logic.planner(works(b=6_000_000, d=6_000_000, p=15_000_000))
    names = [[claim.subject for claim in a.claims] for a in planner.alternatives(9)]
    paid = [a.totals.potential for a in planner.alternatives(9)]
    assert names == [["b", "p"], ["d", "p"], ["b", "d", "p"], ["p"], ["b", "d"], ["b"], ["d"], []]
    assert paid == [2_000_000, 2_000_000, 2_000_000, 1_500_000, 1_200_000, 600_000, 600_000, 0]


@pytest.mark.parametrize("applicant", APPLICANTS)
def test_alternatives_begin_with_the_plan(applicant: str) -> None:
    """The first is the plan; all are different, may be filed, and none pays more than the last."""
    planner = example(applicant)
    chosen = planner.chosen
    found = planner.alternatives(5)
    first = found[0]
    assert {*first.claims} == chosen.claims & {*chosen.items}
    assert (first.totals, first.added, first.dropped) == (chosen.totals, (), ())
    assert len({a.claims for a in found}) == len(found)
    order = [(-a.totals.potential, -a.totals.firm, len(a.claims)) for a in found]
    assert order == sorted(order)
    for alternative in found:
        assert {*first.claims} - {*alternative.dropped} | {*alternative.added} == {
            *alternative.claims
        }
        for claim in alternative.claims:
            assert planner.derivation.against[claim].isdisjoint(alternative.claims)


def test_the_page_counts_the_alternatives_there_are(tmp_path: Path) -> None:
    """Of twenty asked for there are eight."""
    page = run("plan", written(RESEARCH, tmp_path), "--alternatives", 20, "--lang", "en").stdout
    assert "8. 0 yuan for certain, 0 yuan at most" in page
    assert "The best plans (8)" in page


def test_alternatives_respect_the_wish(tmp_path: Path) -> None:
    """What is wished holds in each of them."""
    facts = written(RESEARCH, tmp_path)
    found = printed(facts, "--alternatives", 9, "--with", DATONG)["alternatives"]
    assert [a["claims"] for a in found] == [[AWARD, DATONG], [DATONG]]


# ---- Wishes


@pytest.mark.parametrize(
    ("options", "total", "plan"),
    [
        (("--with", DATONG), 500_000, {AWARD, DATONG}),
        (("--with", LIAONING), 700_000, {AWARD, LIAONING}),
        (("--without", MINHANG), 700_000, {AWARD, LIAONING}),
        (("--without", MINHANG, "--without", LIAONING), 500_000, {AWARD, DATONG}),
        (("--without", AWARD), 600_000, {MINHANG}),
        (("--with", DATONG, "--without", AWARD), 200_000, {DATONG}),
        (("--with", AWARD, "--with", MINHANG), 900_000, {AWARD, MINHANG}),
        (("--keep", "minhang.5.rd"), 900_000, {AWARD, MINHANG}),
        (("--keep", "datong.2-4.revenue", "--without", MINHANG), 700_000, {AWARD, LIAONING}),
    ],
)
def test_a_wish_costs_what_the_best_plan_loses(
    options: tuple[str, ...], total: int, plan: set[str], tmp_path: Path
) -> None:
    """The best plan pays 900,000; the cost is what is missing, each figure by hand."""
    decision = printed(written(RESEARCH, tmp_path), *options)
    assert decision["totals"]["potential"] == total
    assert filed(decision) == plan
    assert decision["wish"]["best_total"] == 900_000
    assert decision["wish"]["cost"] == 900_000 - total
    assert decision["optimality"]["proved"]


def test_a_wish_is_counted_by_the_objective(tmp_path: Path) -> None:
    """By the certain sum, Minhang's support instead of Liaoning's costs 400,000."""
    facts = written(RESEARCH, tmp_path)
    wish = printed(facts, "--objective", "firm", "--with", MINHANG)["wish"]
    assert wish == {"with": [MINHANG], "without": [], "best_total": 400_000, "cost": 400_000}


def test_a_claim_that_pays_nothing_can_be_wished() -> None:
    """An open claim is filed at no cost, and left out at no cost."""
    case = {name: part for name, part in BILLIONS.items() if name != "review"}
    award = "liaoning.11.festival_award/w"
    planner = policy_logic.planner(case)
    for extras, is_filed in (
        (Extras((award,), (), (), 0, has_contrast=False), True),
        (Extras((), (award,), (), 0, has_contrast=False), False),
    ):
        decision = document(planner, extras)
        assert (award in filed(decision)) is is_filed
        assert decision["wish"]["cost"] == 0


def test_leaving_out_what_is_ruled_out_costs_nothing() -> None:
    """A claim that support already received bars can be left out by wish, too."""
    planner = example("qingmu")
    extras = Extras((), ("liaoning.4.online/bohai",), (), 0, has_contrast=False)
    assert document(planner, extras)["wish"]["cost"] == 0


def test_a_wish_is_granted_whatever_other_readings_say() -> None:
    """Two claims exclude each other under another reading only: they can be filed together."""
    wish = ("datong.2-1.horizontal/changcheng/2026", "liaoning.2.production/changcheng")
    decision = document(example("qingmu"), Extras(wish, (), (), 0, has_contrast=False))
    assert decision["wish"]["cost"] == 0
    impossible = [n for n in decision["notices"] if n.get("other_totals", 0) is None]
    assert [n["reading"] for n in impossible] == ["datong.overlap"]


def test_what_a_wish_leaves_out_is_not_said_to_add_nothing() -> None:
    """The award would add 300,000; it is missing because it was to be left out."""
    decision = document(
        policy_logic.planner(RESEARCH), Extras((), (AWARD,), (), 0, has_contrast=False)
    )
    award = next(c for c in decision["candidates"] if c["line"] == "datong.2-4.revenue")
    assert award["rejected_because"] == {"kind": "wish", "clause": ""}


GRANTED: Final = {
    **RESEARCH,
    "received": [{"line": "minhang.5.rd", "subject": "engine", "amount": 100_000}],
}
REFUSED: Final[list[tuple[dict[str, Any], tuple[object, ...], str, str]]] = [
    (RESEARCH, ("--with", DATONG, "--with", MINHANG), "exclude each other", "互相排斥"),
    (RESEARCH, ("--with", "datong.2-9.rd/engin"), f"Did you mean {DATONG}", f"是否指 {DATONG}"),
    (RESEARCH, ("--without", "datong.2-9.rd"), "is no candidate", "不是可申报项"),
    (RESEARCH, ("--without", "minhang.5.rd/engine/2026"), "is no candidate", "不是可申报项"),
    (GRANTED, ("--with", LIAONING), "support already received", "已获得的扶持"),
    (GRANTED, ("--with", MINHANG), "support already received", "已获得的扶持"),
    (RESEARCH, ("--keep", "datong.2-9.rd"), "files nothing under datong.2-9.rd", "没有申报"),
    (RESEARCH, ("--keep", "nonsense"), "datong.2-4.revenue, minhang.5.rd", "minhang.5.rd"),
    (RESEARCH, ("--with", AWARD, "--without", AWARD), "and not to be filed", "又要求不申报"),
    (RESEARCH, ("--keep", "minhang.5.rd", "--without", MINHANG), "and not to be", "又要求不申报"),
    (BILLIONS, ("--engine", "clingo"), "2,147,483,647", "2,147,483,647"),
]


@pytest.mark.parametrize(("facts", "options", "english", "chinese"), REFUSED)
def test_what_cannot_be_is_refused(
    facts: dict[str, Any], options: tuple[object, ...], english: str, chinese: str, tmp_path: Path
) -> None:
    """Exit status 2, nothing on standard output, and one message in the language asked for."""
    file = written(facts, tmp_path)
    for language, form, words in (("en", "page", english), ("zh", "json", chinese)):
        done = run("plan", file, *options, "--lang", language, "--format", form)
        assert (done.exit_code, done.stdout) == (2, "")
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("options", [("--alternatives", -1), ("--engine", "best"), ("--with",)])
def test_an_option_that_does_not_exist_is_refused(
    options: tuple[object, ...], tmp_path: Path
) -> None:
    """Exit status 2 and nothing on standard output, before the case is looked at."""
    done = run("plan", written(RESEARCH, tmp_path), *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert str(options[0]) in done.stderr


def test_a_wish_that_one_case_of_many_cannot_grant_prints_nothing(tmp_path: Path) -> None:
    """All wishes are looked at before the first decision is printed."""
    for number, facts in enumerate((RESEARCH, works(w=2_000_000))):
        folder = tmp_path / str(number)
        folder.mkdir()
        written(facts, folder).rename(tmp_path / f"{number}.json")
    done = run("plan", tmp_path, "--with", DATONG, "--format", "json")
    assert (done.exit_code, done.stdout) == (2, "")


# ---- Contrast


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


# ---- Engines


@pytest.mark.parametrize("applicant", APPLICANTS)
def test_the_engines_decide_alike(applicant: str) -> None:
    """Every engine gives the same document but for its name."""
    documents = []
    for engine in ("auto", "clingo", "cpsat"):
        found = policy_logic.decision_json(plan_of(applicant, engine=engine))
        names = {found["optimality"].pop("engine"),
                 found["certificate"]["nothing_pays_more"].pop("by")}  # fmt: skip
        assert len(names) == 1
        if found["candidates"] and engine != "auto":
            assert names == {{"clingo": "clingo", "cpsat": "cp-sat"}[engine]}
        documents.append(found)
    assert documents[0] == documents[1] == documents[2]


@pytest.mark.parametrize("objective", ["potential", "firm"])
def test_the_engines_decide_alike_whatever_is_asked(objective: str, tmp_path: Path) -> None:
    """Under a wish, with alternatives and contrast, and on the command line."""
    options = ("--objective", objective, "--without", MINHANG, "--alternatives", 9, "--contrast")
    documents = []
    for engine in ("auto", "clingo", "cpsat"):
        found = printed(written(RESEARCH, tmp_path), *options, "--engine", engine)
        found["optimality"]["engine"] = found["certificate"]["nothing_pays_more"]["by"] = ""
        documents.append(found)
    assert documents[0] == documents[1] == documents[2]


def test_sums_beyond_clingos_integers_go_elsewhere(tmp_path: Path) -> None:
    """The other engines count them to the yuan, and the certificate says who did not."""
    for engine in ("auto", "cpsat"):
        decision = printed(written(BILLIONS, tmp_path), "--engine", engine)
        assert decision["totals"]["firm"] == 3_000_000_000
        assert decision["totals"]["potential"] == 3_000_900_000
        assert decision["certificate"]["answer_set"] == {"confirmed": None, "by": "clingo"}
        assert decision["certificate"]["totals"] == {"confirmed": None, "by": "clingo"}


def test_a_very_long_time_limit_is_long(tmp_path: Path) -> None:
    """Three centuries, or for ever, are enough for a small case."""
    for seconds in ("1e10", "inf"):
        assert printed(written(RESEARCH, tmp_path), "--time-limit", seconds)["optimality"]["proved"]


# ---- The certificate, the other objective, the reserve


@pytest.mark.parametrize("applicant", APPLICANTS)
def test_every_plan_is_certified(applicant: str) -> None:
    """Clingo confirms the plan of every example, under either objective."""
    for objective in ("potential", "firm"):
        found = policy_logic.decision_json(plan_of(applicant, objective))
        assert found["certificate"]["answer_set"] == {"confirmed": True, "by": "clingo"}
        assert found["certificate"]["totals"] == {"confirmed": True, "by": "clingo"}
        assert found["certificate"]["nothing_pays_more"] == {
            "by": found["optimality"]["engine"], "gap": 0
        }  # fmt: skip


@pytest.mark.parametrize("applicant", APPLICANTS)
def test_the_other_plan_is_shown_where_it_pays_otherwise(applicant: str) -> None:
    """It is the plan of the other objective, and it is shown if and only if its totals differ."""
    plans = {objective: plan_of(applicant, objective) for objective in ("potential", "firm")}
    claims = {o: {d.claim for d in plan.chosen} for o, plan in plans.items()}
    for one, other in (("potential", "firm"), ("firm", "potential")):
        shown = plans[one].other
        if plans[one].totals == plans[other].totals:
            assert shown is None
            continue
        assert shown is not None
        assert (shown.objective, shown.totals) == (other, plans[other].totals)
        assert {*shown.added} == claims[other] - claims[one]
        assert {*shown.dropped} == claims[one] - claims[other]


def test_some_examples_have_another_plan_and_some_have_none() -> None:
    """So that both sides of the rule are put to the test."""
    found = {plan_of(applicant).other is None for applicant in APPLICANTS}
    assert found == {True, False}


def test_the_other_plan_respects_the_wish(tmp_path: Path) -> None:
    """Where Liaoning's certain grant is left out by wish, nothing else is certain."""
    facts = written(RESEARCH, tmp_path)
    assert printed(facts)["other_objective"] == {
        "objective": "firm",
        "totals": {"firm": 400_000, "potential": 700_000},
        "added": [LIAONING],
        "dropped": [MINHANG],
    }
    assert printed(facts, "--without", LIAONING)["other_objective"] is None


def test_reserve_claims_stand_in_the_order_to_file_them(tmp_path: Path) -> None:
    """The highest sum first, equal ones by key; what is no reserve has no place."""
    decision = printed(written(WAITING, tmp_path))
    places = {c["subject"]: c["reserve_order"] for c in decision["candidates"]}
    assert places == {"c": 1, "d": 2, "e": 3, "b": 4, "p": None, "q": None}
    assert all(c["reserve"] is (c["reserve_order"] is not None) for c in decision["candidates"])


def test_of_equal_reserve_claims_the_certain_one_comes_first() -> None:
    """What a review has confirmed is filed before what it may still refuse."""
    decided = policy_logic.plan(WAITING, refusals=False).candidates
    sure = tuple(
        replace(d, amount=Sums(300_000, 300_000)) if d.claim.subject == "e" else d for d in decided
    )
    places = {d.claim.subject: d.reserve_order for d in in_reserve_order(sure)}
    assert places == {"c": 1, "e": 2, "d": 3, "b": 4, "p": None, "q": None}


# ---- What is not asked for is not computed


def test_a_plain_plan_computes_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither alternatives nor contrast; with the options, both."""

    def fail(*_: object) -> None:
        raise AssertionError

    for name in ("planning.best_sets", "contrast.highest", "contrast.Contraster.obvious",
                 "contrast.Contraster.cap"):  # fmt: skip
        monkeypatch.setattr(f"policy_logic.decide.{name}", fail)
    facts = written(RESEARCH, tmp_path)
    assert "contrast" not in printed(facts)
    assert "alternatives" not in printed(facts, "--with", DATONG, "--engine", "cpsat")
    for options in (("--alternatives", 1), ("--contrast",)):
        done = run("plan", facts, "--format", "json", *options)
        assert isinstance(done.exception, AssertionError)


_IMPORTS = """
import sys
from policy_logic.cli import main
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print("ortools" in sys.modules, "rich" in sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("options", "imports"),
    [
        (("--format", "json"), "False False"),
        (("--contrast", "--alternatives", "9", "--with", DATONG), "False True"),
        (("--format", "json", "--engine", "cpsat"), "True False"),
    ],
)
def test_a_small_case_imports_no_large_solver(
    options: tuple[str, ...], imports: str, tmp_path: Path
) -> None:
    """OR-tools takes longer to import than a small plan to make."""
    facts = str(written(RESEARCH, tmp_path))
    command = [sys.executable, "-c", _IMPORTS, "plan", facts, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == imports


# ---- The page


@pytest.mark.parametrize(
    ("facts", "options", "chinese", "english"),
    [
        (
            RESEARCH,
            (),
            [
                "clingo 已依据选取规则（rules/selection.lp）核对：所选各项可以同时申报，合计无误",
                "一部分由算术得出，其余以 clingo 的判断为准",
                "如以确定金额最高为目标，另一方案可得确定 400,000 元、最高 700,000 元",
                "如坚持申报此项，合计最高将少 400,000 元",
                "如坚持申报此项，合计最高将少 200,000 元",
            ],
            [
                "that these claims may be filed together and pay this",
                "for some of the claims and is the word of clingo for the rest",
                "another plan gives 400,000 yuan for certain and 700,000 yuan at most",
                "Were it filed nevertheless, the best total would be 400,000 yuan lower.",
                "Were it filed nevertheless, the best total would be 200,000 yuan lower.",
            ],
        ),
        (
            RESEARCH,
            ("--objective", "firm", "--engine", "cpsat"),
            ["以 cp-sat 的判断为准", "如以最高金额为目标，另一方案可得确定 0 元、最高 900,000 元"],
            ["is the word of cp-sat", "another plan gives 0 yuan for certain and 900,000 yuan"],
        ),
        (
            RESEARCH,
            ("--with", DATONG),
            ["按指定要求", "不加要求时最高合计为 900,000 元；这一要求使其减少 400,000 元"],
            ["Under this wish", "total is 900,000 yuan; the wish lowers it by 400,000 yuan"],
        ),
        (
            RESEARCH,
            ("--alternatives", 2),
            ["最佳方案（2 个）", "1. 确定 0 元，最高 900,000", "2. 确定 400,000 元，最高 700,000"],
            [
                "The best plans (2)",
                "1. 0 yuan for certain, 900,000 yuan at most",
                "2. 400,000 yuan for certain, 700,000 yuan at most",
            ],
        ),
        (
            RESEARCH,
            ("--contrast",),
            [
                "每一项对最高合计的影响",
                "：少 300,000 元",
                "：少 400,000 元",
                "如果总是先报金额最高的，合计同样为 900,000 元",
            ],
            [
                "What each part adds to the highest possible total",
                ": 300,000 yuan less",
                ": 400,000 yuan less",
                "filing the highest sums first would give 900,000 yuan as well",
            ],
        ),
        (
            WAITING,
            ("--contrast",),
            ["由算术直接得出", "(400,000 元) 〔备选第 1 位〕", "(200,000 元) 〔备选第 4 位〕",
             "每提高 1 元：多 1 元"],
            ["follows by arithmetic", "(400,000 yuan) [reserve, number 1]",
             "(200,000 yuan) [reserve, number 4]", "one more yuan of the"],
        ),
        (BILLIONS, (), ["金额超出 clingo 的整数范围"], ["beyond clingo's integers"]),
    ],
    ids=["plain", "firm", "wish", "alternatives", "contrast", "reserve", "billions"],
)  # fmt: skip
def test_the_page_tells_it(
    facts: dict[str, Any],
    options: tuple[object, ...],
    chinese: list[str],
    english: list[str],
    tmp_path: Path,
) -> None:
    """In both languages, and nothing of it in the other."""
    file = written(facts, tmp_path)
    pages = {language: run("plan", file, "--lang", language, *options).stdout
             for language in ("zh", "en")}  # fmt: skip
    for language, words, others in (("zh", chinese, english), ("en", english, chinese)):
        for told in words:
            assert told in pages[language]
        for told in others:
            assert told not in pages[language]


def test_a_page_without_another_plan_says_nothing_of_it(tmp_path: Path) -> None:
    """Nor of wishes, alternatives and worth that nobody asked for."""
    file = written(WAITING, tmp_path)
    page = run("plan", file, "--lang", "zh").stdout
    for words in ("--objective firm", "按指定要求", "最佳方案", "每一项对"):
        assert words not in page


def test_why_says_what_otherwise_costs(tmp_path: Path) -> None:
    """For a claim left out, forcing it; for a claim of the plan, missing it."""
    file = written(RESEARCH, tmp_path)
    for claim, english, chinese in (
        (DATONG, "Were it filed nevertheless, the best total would be 400,000 yuan lower.",
         "如坚持申报此项，合计最高将少 400,000 元"),
        (MINHANG, "Without it, the best total would be 200,000 yuan lower.",
         "如不申报此项，合计最高将少 200,000 元"),
    ):  # fmt: skip
        question = ("why", file, *claim.split("/"))
        assert english in run(*question, "--lang", "en").stdout
        assert chinese in run(*question, "--lang", "zh").stdout


def test_why_says_that_a_reserve_claim_costs_nothing(tmp_path: Path) -> None:
    """Of equally good plans the first in order is taken."""
    file = written(works(b=6_000_000, d=6_000_000, p=15_000_000), tmp_path)
    told = run("why", file, "datong.2-1.horizontal", "d", "--lang", "en").stdout
    assert "the best total would be the same" in told
