"""What holds of every decision, whatever the case."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import MOST_TIED, Oracle

import policy_logic
from policy_logic.select.problem import Item, Problem
from policy_logic.select.selection import select
from policy_logic.testing import applicants, good_applicants
from policy_logic.testing.decisions import without_places
from policy_logic.testing.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.decision import Decision
    from policy_logic.decide.planning import Planner
    from policy_logic.select.problem import Objective
    from policy_logic.testing.written import Drawn

BOOK = policy_logic.load_rulebook()
TURNS = Turns(BOOK)
SPECIFICATION = BOOK.folder / "selection.lp"
SOURCES = Path(policy_logic.__file__).parents[1]


def _planner(facts: Drawn, objective: Objective = "potential") -> Planner:
    return policy_logic.planner(facts, objective=objective, book=BOOK)


def _plan(facts: Drawn, objective: Objective = "potential") -> Decision:
    return _planner(facts, objective).decide(refusals=False)


def _oracle(planner: Planner) -> Oracle:
    oracle = Oracle(planner.derivation)
    assume(len(oracle.tied) <= MOST_TIED)
    return oracle


@settings(max_examples=max(25, settings().max_examples))
@given(good_applicants(), st.sampled_from(["potential", "firm"]))
def test_the_plan_is_the_one_that_trying_every_set_of_claims_singles_out(
    facts: Drawn, objective: Objective
) -> None:
    """Totals, claims and what each is paid are those of the oracle, ties included."""
    planner = _planner(facts, objective)
    best = _oracle(planner).best(objective)
    decision = planner.decide(refusals=False)
    worth = {d.claim: d.paid for d in decision.chosen if d.amount.potential}
    assert (decision.totals.potential, decision.totals.firm) == (best.potential, best.firm)
    assert worth.keys() == best.filed
    assert {claim: (p.firm, p.potential) for claim, p in worth.items()} == best.paid
    optimality = decision.optimality
    total = best.firm if objective == "firm" else best.potential
    assert (optimality.proved, optimality.singled_out, optimality.bound) == (True, True, total)


@given(good_applicants())
def test_no_plan_has_a_higher_firm_total_than_the_firm_plan(facts: Drawn) -> None:
    """The firm plan's firm sum and the potential plan's potential sum are the higher ones."""
    sure, possible = _plan(facts, "firm").totals, _plan(facts).totals
    assert sure.firm >= possible.firm
    assert possible.potential >= sure.potential


@given(good_applicants())
def test_the_chosen_claims_keep_within_every_cap_and_quota(facts: Drawn) -> None:
    """What claims draw on a cap fits under it, and no quota is overrun."""
    planner = _planner(facts)
    derivation = planner.derivation
    chosen = planner.decide(refusals=False).chosen
    for pool, limit in derivation.limits.items():
        drawing = [d for d in chosen if pool in derivation.candidates[d.claim].pools]
        left = max(0, limit - derivation.drawn.get(pool, 0))
        assert sum(d.paid.firm for d in drawing) <= left
        assert sum(d.paid.potential for d in drawing) <= left
    for quota, count in derivation.places.items():
        taking = [d for d in chosen if quota in derivation.candidates[d.claim].quotas]
        assert len(taking) <= max(0, count - derivation.taken.get(quota, 0))


@given(good_applicants())
def test_no_two_chosen_claims_exclude_each_other(facts: Drawn) -> None:
    """Nothing chosen stands against anything chosen, nor against support already received."""
    planner = _planner(facts)
    derivation = planner.derivation
    chosen = {d.claim for d in planner.decide(refusals=False).chosen}
    for claim in chosen:
        assert claim not in derivation.granted
        assert not derivation.against[claim] & (chosen - {claim})
        assert derivation.against[claim] <= derivation.candidates.keys() - derivation.granted.keys()


@given(good_applicants() | applicants())
def test_what_is_paid_adds_up_and_never_exceeds_what_a_claim_is_worth(facts: Drawn) -> None:
    """Paid sums make the totals, firm is at most potential, and what is not chosen pays 0."""
    decision = _plan(facts)
    assert sum(d.paid.potential for d in decision.candidates) == decision.totals.potential
    assert sum(d.paid.firm for d in decision.candidates) == decision.totals.firm
    for d in decision.candidates:
        assert 0 <= d.paid.firm <= d.paid.potential <= d.amount.potential
        assert d.paid.firm <= d.amount.firm <= d.amount.potential
        assert d.chosen or not d.paid.potential
        assert d.chosen == (d.rejection is None)
    claims = [d.claim for d in decision.candidates]
    assert claims == sorted(set(claims), key=lambda claim: claim.order)


@given(good_applicants())
def test_every_claim_left_out_is_left_out_for_the_reason_given(facts: Drawn) -> None:
    """The plan cannot be bettered by a claim it leaves out, and the reason fits."""
    planner = _planner(facts)
    derivation = planner.derivation
    oracle = Oracle(derivation)
    decision = planner.decide(refusals=False)
    chosen = [d.claim for d in decision.chosen if d.amount.potential]
    before = oracle.paid(chosen)
    for d in decision.candidates:
        if d.rejection is None:
            continue
        rivals = derivation.against[d.claim] & {c.claim for c in decision.chosen}
        full = d.claim in oracle.free and not oracle.has_place(d.claim, chosen)
        expected = "already_received" if oracle.received(d.claim) else "quota" if full else (
            "excluded_by" if rivals else "no_gain")  # fmt: skip
        if not (d.rejection.kind == "quota" and not d.amount.potential):
            assert d.rejection.kind == expected
        assert d.rejection.clause
        if d.rejection.kind == "excluded_by":
            assert set(d.rejection.by) == rivals
        if d.rejection.kind == "no_gain" and d.amount.potential:
            assert d.reserve
            after = oracle.paid([*chosen, d.claim])
            assert sum(p for _, p in after.values()) == sum(p for _, p in before.values())
            assert sum(f for f, _ in after.values()) == sum(f for f, _ in before.values())
        else:
            assert not d.reserve


def _problem(planner: Planner, objective: Objective) -> Problem:
    """Return the choice that a case leaves, as numbers."""
    oracle = Oracle(planner.derivation)
    claims = list(oracle.free)
    against = planner.derivation.against
    return Problem(
        items=[
            Item(c.potential, c.firm, tuple(map(str, c.pools)), tuple(map(str, c.quotas)))
            for c in oracle.free.values()
        ],
        excludes=frozenset(
            (low, high)
            for high, claim in enumerate(claims)
            for low, other in enumerate(claims[:high])
            if other in against[claim]
        ),
        limits={str(pool): limit for pool, limit in oracle.limits.items()},
        places={str(quota): count for quota, count in oracle.places.items()},
        objective=objective,
    )


@given(good_applicants(), st.sampled_from(["potential", "firm"]), st.data())
def test_raising_a_cap_never_lowers_the_total(
    facts: Drawn, objective: Objective, data: st.DataObject
) -> None:
    """More room under a cap pays at least as much."""
    problem = _problem(_planner(facts), objective)
    assume(problem.limits)
    pool = data.draw(st.sampled_from(sorted(problem.limits)))
    more = data.draw(st.integers(1, 2_000_000))
    higher = replace(problem, limits={**problem.limits, pool: problem.limits[pool] + more})
    before, after = select(problem, SPECIFICATION), select(higher, SPECIFICATION)
    assert before.total <= after.total <= before.total + more


@given(good_applicants(), st.sampled_from(["potential", "firm"]), st.data())
def test_adding_an_exclusion_never_raises_the_total(
    facts: Drawn, objective: Objective, data: st.DataObject
) -> None:
    """What may be filed together shrinks, so the best of it pays no more."""
    problem = _problem(_planner(facts), objective)
    assume(len(problem.items) > 1)
    indices = st.integers(0, len(problem.items) - 1)
    pair = data.draw(st.lists(indices, min_size=2, max_size=2, unique=True).map(sorted))
    narrower = replace(problem, excludes=problem.excludes | {(pair[0], pair[1])})
    assert select(narrower, SPECIFICATION).total <= select(problem, SPECIFICATION).total


def _shuffled(value: Any, chance: random.Random) -> Any:
    """Return the same value with entities, keys and entries in another order."""
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: _shuffled(item, chance) for key, item in items}
    if isinstance(value, list):
        return chance.sample([_shuffled(item, chance) for item in value], len(value))
    return value


@given(good_applicants() | applicants(), st.integers(0, 10**6))
def test_the_order_of_the_facts_changes_nothing(facts: Drawn, seed: int) -> None:
    """Keys, values and entries in another order give the very same decision."""
    other = _shuffled(facts, random.Random(seed))  # noqa: S311 - the example's own randomness
    documents = []
    for case in (facts, other):
        document = policy_logic.decision_json(_planner(case).decide())
        documents.append(without_places(document, case))
    assert documents[0] == documents[1]
    assert json.dumps(documents[0], sort_keys=False) == json.dumps(documents[1], sort_keys=False)


def _irrelevant(kind: str) -> Iterator[tuple[str, Any]]:
    """Yield attributes of a kind that no line at hand uses, each with a value."""
    values = {"bool": True, "money": 7_000_000, "usd": 7, "integer": 3, "share": 1}
    for attribute in BOOK.vocabulary.attributes_of(kind):
        unused = not any(line in BOOK.lines for line in attribute.lines)
        if unused and not attribute.index and not attribute.implies and attribute.type in values:
            yield attribute.name, values[attribute.type]


@given(good_applicants(), st.data())
def test_an_irrelevant_fact_changes_no_candidate_and_no_total(
    facts: Drawn, data: st.DataObject
) -> None:
    """An attribute that no line uses, or an entity that nothing refers to, leaves the plan."""
    more = copy.deepcopy(facts)
    kind = data.draw(st.sampled_from(sorted(set(TURNS.kinds) & more.keys())))
    unused = list(_irrelevant(kind))
    chooses: bool = data.draw(st.booleans())
    if unused and chooses:
        entity = data.draw(st.sampled_from(sorted(more[kind])))
        name, value = data.draw(st.sampled_from(unused))
        more[kind][entity][name] = value
    else:
        more.setdefault(data.draw(st.sampled_from(TURNS.kinds)), {})["stranger"] = {}
    before, after = _plan(facts), _plan(more)
    assert after.candidates == before.candidates
    assert after.totals == before.totals


@given(good_applicants() | applicants())
def test_every_refusal_names_a_failed_condition_or_an_unknown_fact(facts: Drawn) -> None:
    """No refusal is without a reason."""
    for target, refusal in _planner(facts).decide().refusals or ():
        assert list(refusal.leaves()), target


@given(good_applicants() | applicants())
def test_nothing_is_both_a_candidate_and_refused(facts: Drawn) -> None:
    """Each line, subject, year and trigger is told once, and every money line is told."""
    decision = _planner(facts).decide()
    candidates = [tuple(d.claim) for d in decision.candidates]
    refused = [tuple(target) for target, _ in decision.refusals or ()]
    told = [*candidates, *refused]
    assert len(told) == len(set(told))
    spoken = {(line, subject) for line, subject, *_ in told}
    owed = {
        (line.id, name)
        for line in BOOK.lines.values()
        if line.kind == "monetary"
        for kind in line.subjects
        for name in facts.get(kind, {})
    }
    assert spoken == owed


@given(good_applicants())
def test_a_fixed_sum_is_firm_and_no_higher_than_the_rule_allows(facts: Drawn) -> None:
    """A review that fixes a sum makes it certain, cut at what the line would pay at most."""
    fixed = copy.deepcopy(facts)
    for entry in fixed.get("review", ()):
        entry.pop("amount", None)
    without = {d.claim: d for d in _plan(fixed).candidates}
    for d in _plan(facts).candidates:
        amounts = [
            entry["amount"]
            for entry in facts.get("review", ())
            if "amount" in entry and (entry["line"], entry["subject"]) == d.claim[:2]
        ]
        if d.determinacy == "open":  # the text names no sum at which a fixed one could be cut
            assert d.amount.potential in {0, *amounts}
            continue
        assert d.amount.potential <= without[d.claim].amount.potential
        if amounts and d.amount != without[d.claim].amount:
            assert d.amount.firm == d.amount.potential
            assert d.amount.potential in {
                min(amount, without[d.claim].amount.potential) for amount in amounts
            }


@pytest.mark.parametrize("seed", ["1", "2", "77"])
def test_a_fresh_process_decides_the_same(seed: str, tmp_path: Path) -> None:
    """Neither the process nor the order of its hash tables shows in the decision."""
    cases = [_CASE | {"readings": readings} for readings in _READINGS]
    file = tmp_path / "cases.jsonl"
    text = "\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    file.write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", "from policy_logic.cli import main; main()",
         "plan", "--format", "json", "--lang", "en", str(file)],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(SOURCES)},
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    found = [json.loads(line) for line in run.stdout.splitlines()]
    expected = [
        policy_logic.decision_json(policy_logic.plan(case, book=BOOK), "en")
        for case in policy_logic.load_cases(file, BOOK)
    ]
    assert found == expected
    assert json.dumps(found) == json.dumps(expected)


_READINGS: list[dict[str, str]] = [
    {},
    {"datong.levels": "highest", "datong.overlap": "same_subject"},
    {"datong.registration": "required"},
]
_CASE: dict[str, Any] = {
    "applicant": "yunzhong",
    "as_of": "2026-06-30",
    "enterprise": {
        "yunzhong": {
            "name": "云中影视",
            "registered_in": "datong",
            "main_businesses": ["production", "distribution"],
            "operating_revenue": {"2025": 6_000_000, "2026": 9_000_000},
        }
    },
    "work": {
        f"work{number}": {
            "first_producer": "yunzhong",
            "creator": "yunzhong",
            "filed": True,
            "distribution_licence": True,
            "online_on": ["major_video_site"],
            "orientation": orientation,
            "split_revenue": {"2025": 12_000_000, "2026": 9_000_000},
            "awarded_on": {"five_one@central": "2025-12-20", "five_one@shanxi": "2025-11-01"},
        }
        for number, orientation in enumerate(["horizontal", "vertical", "horizontal"])
    },
    "event": {
        f"event{number}": {
            "organiser": "yunzhong", "kind": "salon", "held_on": f"2025-0{number + 6}-11",
        }
        for number in range(3)
    },
    "review": [{"line": "datong.2-6.event", "subject": "event2", "outcome": "passed"}],
    "received": [
        {"policy": "某区扶持办法", "matter": "revenue_share", "subject": "work1", "amount": 9}
    ],
}  # fmt: skip
