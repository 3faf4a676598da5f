"""What a plan can be asked for besides: engines, alternatives, wishes; and the other plan."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

import policy_logic
from decisions import APPLICANTS, WAITING, document, example, filed, plan_of, printed
from policy_logic.decide.decision import Sums
from policy_logic.decide.extras import Extras
from policy_logic.decide.planning import in_reserve_order
from small_cases import AWARD, BILLIONS, DATONG, LIAONING, MINHANG, RESEARCH, works, written
from test_cli import run

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_proofs_are_refused_on_a_page(tmp_path: Path, language: str) -> None:
    """What the page cannot hold is refused, not passed over."""
    done = run("plan", written(RESEARCH, tmp_path), "--proofs", "--lang", language)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--format json" in done.stderr
    assert "policy-logic why" in done.stderr
