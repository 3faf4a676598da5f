"""Proofs and refusals of one case, looked at closely."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

import policy_logic
from policy_logic.decide.explaining import Why, WhyNot
from policy_logic.facts.model import Case, Grant, Review
from policy_logic.facts.model import Fact as Given
from policy_logic.logic.terms import Compound, Fact
from policy_logic.prove.proof import Absence, Compared, Derived, Leaf, walk
from policy_logic.prove.refusal import Failed, Unknown
from policy_logic.prove.why import NotDerivedError
from policy_logic.rulebook.policy import Line, Number, Policy, Reading
from policy_logic.tell.account import account
from policy_logic.tell.graph import dot, mermaid, proof_graph
from policy_logic.tell.proof_json import answer_json
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from policy_logic.decide.planning import Planner
    from policy_logic.prove.proof import Node

HORIZONTAL: Final = "datong.2-1.horizontal"
FACTS: Final[dict[str, Any]] = {
    "applicant": "yunzhong",
    "as_of": date(2026, 6, 30),
    "enterprise": {"yunzhong": {"name": "云中影视", "main_businesses": ["production"]}},
    "work": {
        "gucheng": {
            "title": '古城"奇缘"',
            "first_producer": "yunzhong",
            "filed": True,
            "distribution_licence": True,
            "online_on": ["major_video_site"],
            "orientation": "horizontal",
            "split_revenue": {2025: {"value": 2_000_009, "evidence": "平台结算单"}},
        }
    },
    "review": [{"line": HORIZONTAL, "subject": "gucheng", "outcome": "passed"}],
    "received": [
        {"line": HORIZONTAL, "subject": "gucheng", "year": 2026, "amount": 1_900_000},
    ],
}


def _with(**work: Any) -> dict[str, Any]:
    """Return the case with other values for its work; ``None`` takes one away."""
    facts = copy.deepcopy(FACTS)
    facts["work"]["gucheng"] |= work
    return facts


def _planner(facts: dict[str, Any]) -> Planner:
    return policy_logic.planner(facts)


def _why(facts: dict[str, Any], line: str = HORIZONTAL, year: int = 2025) -> Why:
    (answer,) = policy_logic.why(facts, line, "gucheng", year)
    assert isinstance(answer, Why)
    return answer


def _why_not(facts: dict[str, Any], line: str = HORIZONTAL, year: int | None = 2025) -> WhyNot:
    (answer,) = policy_logic.why(facts, line, "gucheng", year)
    assert isinstance(answer, WhyNot)
    return answer


def _leaves(root: Node) -> list[Leaf]:
    return [node for node in walk(root) if isinstance(node, Leaf)]


def test_a_sum_is_proved_by_its_calculation() -> None:
    """The proof of 200,000 yuan holds the revenue, the rate, the cap and the flooring."""
    answer = _why(FACTS)
    steps = [
        (step.function, step.result)
        for node in walk(answer.potential)
        if isinstance(node, Compared)
        for step in node.steps
    ]
    assert steps == [("portion", 200_000), ("at_most", 200_000)]
    assert {leaf.atom for leaf in _leaves(answer.potential)} >= {
        Fact("split_revenue", ("gucheng", 2025, 2_000_009)),
        Fact("number", ("datong.horizontal_work_cap", 1_500_000)),
    }


def test_the_leaves_are_facts_numbers_provisions_lines_and_the_case() -> None:
    """Each thing given carries its origin, down to the evidence and the clause."""
    answer = _why(FACTS)
    leaves = [*_leaves(answer.eligibility), *_leaves(answer.firm)]
    kinds = {type(leaf.origin) for leaf in leaves}
    assert kinds == {Given, Number, Policy, Line, Reading, Review, Case}
    revenue = next(leaf.origin for leaf in leaves if leaf.atom.name == "split_revenue")
    assert isinstance(revenue, Given)
    assert revenue.evidence == "平台结算单"
    minimum = next(leaf.origin for leaf in leaves if leaf.atom.name == "number")
    assert isinstance(minimum, Number)
    assert "200万元" in minimum.clause


def test_a_sum_fixed_by_a_review_rests_on_that_review() -> None:
    """The review stands in the proof of the sum, with its evidence."""
    facts = copy.deepcopy(FACTS)
    facts["review"][0] |= {"amount": 90_000, "evidence": "评审结果公示"}
    answer = _why(facts)
    assert answer.decided.amount.firm == 90_000
    reviews = {leaf.origin for leaf in _leaves(answer.firm) if isinstance(leaf.origin, Review)}
    assert [review.evidence for review in reviews] == ["评审结果公示"]


def test_what_is_absent_is_named_with_the_rule_that_asks() -> None:
    """That no review failed is part of the proof."""
    absences = [node for node in walk(_why(FACTS).eligibility) if isinstance(node, Absence)]
    assert any(node.atom.name == "review_failed" for node in absences)
    assert all(node.literal in node.rule.body for node in absences)


def test_support_received_is_a_leaf_of_an_exclusion() -> None:
    """What stands against a claim is proved down to the entry that was received."""
    facts = copy.deepcopy(FACTS)
    entry = {"policy": "某区扶持办法", "matter": "revenue_share", "subject": "gucheng"}
    facts["received"] = [{**entry, "amount": 1}]
    (exclusion,) = _why(facts).exclusions
    assert exclusion.settled
    assert "就高不重复" in exclusion.clause
    assert any(isinstance(leaf.origin, Grant) for leaf in _leaves(exclusion.proof))


def test_a_cap_tells_what_has_been_drawn_from_it() -> None:
    """A cap names its year, what support received has used up, and whether it binds."""
    revenue = {2026: 15_000_000}
    facts = _with(split_revenue=revenue)
    facts["work"]["second"] = {**facts["work"]["gucheng"], "split_revenue": {2026: 15_000_000}}
    answer, *_ = policy_logic.why(facts, HORIZONTAL, "second", 2026)
    assert isinstance(answer, Why)
    (cap,) = answer.caps
    assert (cap.year, cap.limit, cap.drawn, cap.binds) == (2026, 2_000_000, 1_900_000, True)
    assert answer.decided.paid.potential == 100_000


def test_a_shared_step_is_built_once() -> None:
    """Two proofs that rest on the same atom share the node."""
    planner = _planner(FACTS)
    atom = Fact("micro_drama_applicant", ("yunzhong",))
    assert planner.explainer.why(atom) is planner.explainer.why(atom)


def test_what_does_not_hold_has_no_proof() -> None:
    """Asking for a proof of something false is an error, not an empty proof."""
    with pytest.raises(NotDerivedError):
        _planner(FACTS).explainer.why(Fact("micro_drama_applicant", ("somebody",)))


@pytest.mark.parametrize(
    ("work", "condition", "actual", "short_by"),
    [
        ({"split_revenue": {2025: 1_999_999}}, "split_revenue >= 2000000", "1999999", "1"),
        ({"filed": False}, "filed", "false", ""),
        ({"orientation": "vertical"}, "orientation = horizontal", "vertical", ""),
        ({"online_on": []}, "online_on includes major_video_site", "[]", ""),
    ],
)
def test_a_failed_condition_tells_what_holds_and_how_much_is_missing(
    work: dict[str, Any], condition: str, actual: str, short_by: str
) -> None:
    """One condition fails and is the only one told."""
    (leaf,) = _why_not(_with(**work)).refusal.leaves()
    assert isinstance(leaf, Failed)
    assert (leaf.condition, leaf.actual, leaf.short_by) == (condition, actual, short_by)


@pytest.mark.parametrize("name", ["filed", "distribution_licence", "orientation", "online_on"])
def test_a_missing_fact_is_unknown_and_not_false(name: str) -> None:
    """What is not given is asked for; the refusal does not claim that it fails."""
    answer = _why_not(_with(**{name: None}))
    (leaf,) = answer.refusal.leaves()
    assert isinstance(leaf, Unknown)
    assert leaf.fact.startswith(f"work.gucheng.{name}")
    assert not answer.refusal.fails


def test_every_failed_condition_is_told_and_not_only_the_first() -> None:
    """Two conditions fail, one is unknown: all three are told."""
    facts = _with(filed=False, distribution_licence=None, split_revenue={2025: 5})
    told = [
        leaf.condition if isinstance(leaf, Failed) else leaf.fact
        for leaf in _why_not(facts).refusal.leaves()
    ]
    assert sorted(told) == [
        "filed",
        "split_revenue >= 2000000",
        "work.gucheng.distribution_licence",
    ]


def test_a_failed_review_refuses() -> None:
    """The refusal points to the review."""
    facts = copy.deepcopy(FACTS)
    facts["review"][0]["outcome"] = "failed"
    (leaf,) = _why_not(facts).refusal.leaves()
    assert isinstance(leaf, Failed)
    assert (leaf.condition, leaf.actual) == ("review = passed", "failed")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_account_quotes_the_clause_and_the_figures(
    language: policy_logic.language.Language,
) -> None:
    """The account of a claim holds the clause word for word, the revenue and the sum."""
    planner = _planner(FACTS)
    answer = _why(FACTS)
    text = "\n".join(account(answer, Wording(planner.derivation, language)).lines())
    for part in ("给予第一出品方年度分账收入10%的资金扶持", "2,000,009", "200,000", "平台结算单"):
        assert part in text


def test_answers_are_json() -> None:
    """Both kinds of answer are plain JSON, and a refusal asks its questions."""
    claim = json.loads(json.dumps(answer_json(_why(FACTS), _planner(FACTS))))
    assert claim["answer"] == "claim"
    root = claim["claims"][claim["claim"]]["potential"]
    assert claim["nodes"][root]["atom"].startswith("potential(")
    facts = _with(filed=None)
    refusal = json.loads(json.dumps(answer_json(_why_not(facts), _planner(facts))))
    assert refusal["answer"] == "refusal"
    assert '"type": "unknown"' in json.dumps(refusal)


def test_quotes_in_a_title_do_not_break_a_graph() -> None:
    """Mermaid and Graphviz get a title with quotation marks, each in its own spelling."""
    planner = _planner(FACTS)
    words = Wording(planner.derivation, "zh")
    graph = proof_graph((account(_why(FACTS), words),))
    assert "古城#quot;奇缘#quot;" in mermaid(graph)
    assert '古城\\"奇缘\\"' in dot(graph)
    assert all(line.count('"') in {0, 2} for line in mermaid(graph).splitlines())


def test_an_occasion_outside_validity_is_refused_with_its_date() -> None:
    """A year that ended before the measures took effect is told with the day missed."""
    facts = _with(split_revenue={2024: 3_000_000})
    leaves = list(_why_not(facts, year=2024).refusal.leaves())
    assert any(isinstance(leaf, Failed) and "2025-04-06" in leaf.condition for leaf in leaves)


def test_the_root_of_a_proof_is_what_was_asked() -> None:
    """The roots name the claim and its occasion."""
    answer = _why(FACTS)
    claim = Compound("claim", (HORIZONTAL, "gucheng", 2025, None))
    assert isinstance(answer.eligibility, Derived)
    assert answer.eligibility.atom == Fact("candidate", (claim, Compound("year", (2025,))))
