"""What holds of every proof and every refusal, whatever the case."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from reevaluation import Reevaluation

import policy_logic
from policy_logic.decide.explaining import Why, WhyNot, explain
from policy_logic.language import LANGUAGES
from policy_logic.logic.terms import Fact
from policy_logic.prove.proof import Absence, Compared, Derived, Leaf, walk
from policy_logic.tell.account import account
from policy_logic.tell.graph import dot, mermaid, proof_graph
from policy_logic.tell.proof_json import answer_json
from policy_logic.tell.wording import Wording
from policy_logic.testing import applicants, good_applicants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.planning import Planner
    from policy_logic.prove.proof import Node
    from policy_logic.testing.written import Drawn

BOOK = policy_logic.load_rulebook()
_PROGRAM_TALK = re.compile(
    r"[{}]|\b(?:Compound|Decimal|Fact|Constant|Variable|Claim|Received|Label|None|True|False)\b"
)


def _planner(facts: dict[str, Any]) -> Planner:
    return policy_logic.planner(facts, book=BOOK)


def _whys(planner: Planner) -> Iterator[Why]:
    for claim in planner.derivation.candidates:
        for answer in explain(planner, *claim):
            if isinstance(answer, Why):
                yield answer


def _answers(planner: Planner) -> list[Why | WhyNot]:
    """Return the account of every candidate and of every refusal."""
    decision = planner.decide()
    found: list[Why | WhyNot] = list(_whys(planner))
    for target, refusal in decision.refusals or ():
        line = BOOK.lines[target.line]
        found.append(WhyNot(target, line.article, planner.clause_of_line(line.id), refusal))
    return found


def _proofs(answer: Why) -> Iterator[Node]:
    yield from (answer.eligibility, answer.potential, answer.firm)
    yield from (cap.proof for cap in answer.caps)
    yield from (quota.proof for quota in answer.quotas)
    yield from (exclusion.proof for exclusion in answer.exclusions)


@given(good_applicants())
def test_every_candidate_has_a_proof_of_what_it_is_and_what_it_pays(facts: Drawn) -> None:
    """The roots of a candidate's proofs are its key, its sums and its caps."""
    planner = _planner(facts)
    answers = list(_whys(planner))
    assert [answer.claim for answer in answers] == list(planner.derivation.candidates)
    for answer in answers:
        claim, candidate = answer.claim.term, planner.derivation.candidates[answer.claim]
        roots = [root.atom for root in _proofs(answer) if isinstance(root, Derived)]
        assert len(roots) == len(list(_proofs(answer)))
        assert roots[:3] == [
            Fact("candidate", (claim, candidate.occasion)),
            Fact("potential", (claim, candidate.potential)),
            Fact("firm", (claim, candidate.firm)),
        ]
        assert len(answer.caps) == len(candidate.pools)
        assert len(answer.quotas) == len(candidate.quotas)
        against = planner.derivation.against[answer.claim]
        assert {exclusion.other for exclusion in answer.exclusions} == against


@settings(max_examples=max(15, settings().max_examples))
@given(good_applicants())
def test_every_proof_holds_when_it_is_evaluated_again(facts: Drawn) -> None:
    """Rule by rule, value by value, from leaves that are given or absences that are real."""
    planner = _planner(facts)
    again = Reevaluation(planner.derivation)
    for answer in _whys(planner):
        for root in _proofs(answer):
            again.check(root)


@given(good_applicants())
def test_every_atom_that_holds_has_a_proof(facts: Drawn) -> None:
    """Whatever is in the model can be explained, not only claims; and what is not cannot."""
    planner = _planner(facts)
    again = Reevaluation(planner.derivation)
    for atom in planner.derivation.model:
        again.check(planner.explainer.why(atom))


@given(good_applicants())
def test_a_proof_ends_in_what_is_given_or_absent(facts: Drawn) -> None:
    """Every path of a proof ends in a leaf, an absence, a comparison or a table of the text."""
    planner = _planner(facts)
    origins = planner.derivation.atoms.origins
    for answer in _whys(planner):
        for root in _proofs(answer):
            for node in walk(root):
                if isinstance(node, Derived):
                    assert node.atom not in origins
                    assert node.causes or not node.rule.body
                else:
                    assert isinstance(node, (Leaf, Absence, Compared))


@given(good_applicants() | applicants())
def test_the_accounts_read_well_in_both_languages(facts: Drawn) -> None:
    """Every candidate and every refusal is told without a placeholder or a Python name."""
    planner = _planner(facts)
    answers = _answers(planner)
    for language in LANGUAGES:
        words = Wording(planner.derivation, language)
        for answer in answers:
            lines = list(account(answer, words).lines())
            assert len(lines) > 4
            for line in lines:
                assert not _PROGRAM_TALK.search(line), line


@given(good_applicants() | applicants())
def test_answers_as_json_refer_only_to_nodes_that_exist(facts: Drawn) -> None:
    """Every id exists, every node is reached, and what is shared stands once."""
    planner = _planner(facts)
    for answer in _answers(planner):
        document = answer_json(answer, planner)
        if document["answer"] == "refusal":
            assert all(refusal["ways"] for refusal in document["refusals"])
            assert document["refusals"]
            continue
        nodes: dict[str, Any] = document["nodes"]
        roots = [cap["proof"] for cap in document["caps"]]
        for proofs in document["claims"].values():
            named = (proofs[name] for name in ("candidate", "potential", "firm", "review"))
            roots += [*named, *proofs["draws_on"], *proofs["takes_place"]]
            roots += [*proofs["against"].values(), *filter(None, [proofs["cap_year"]])]
        reached: set[str] = set()
        while roots:
            name = roots.pop()
            if name not in reached:
                reached.add(name)
                roots += nodes[name].get("causes", ())
        assert reached == nodes.keys()
        kinds = ("derived", "given")
        atoms = [node["atom"] for node in nodes.values() if node["type"] in kinds]
        assert len(atoms) == len(set(atoms))
        order = {name: place for place, name in enumerate(nodes)}
        for name, node in nodes.items():
            assert all(order[cause] < order[name] for cause in node.get("causes", ()))


_MERMAID_NODE = re.compile(r'    (n\d+)\["[^"]*"\]')
_MERMAID_EDGE = re.compile(r"    (n\d+) --> (n\d+)")
_MERMAID_STYLE = re.compile(r"    style (n\d+) stroke:#b3261e,stroke-width:2px")
_DOT_NODE = re.compile(r'    (n\d+) \[label="(?:[^"\\]|\\.)*"(?:, color="#b3261e")?\];')
_DOT_EDGE = re.compile(r"    (n\d+) -> (n\d+);")


@settings(max_examples=max(8, settings().max_examples // 2))
@given(good_applicants() | applicants())
def test_the_graphs_are_well_formed(facts: Drawn) -> None:
    """Mermaid and Graphviz get each node once, edges between nodes, and no stray quote."""
    planner = _planner(facts)
    for language in LANGUAGES:
        words = Wording(planner.derivation, language)
        accounts = tuple(account(answer, words) for answer in _answers(planner))
        graph = proof_graph(accounts)
        head, *lines = mermaid(graph).split("\n")
        assert head == "flowchart BT"
        nodes = _check_graph(lines, _MERMAID_NODE, _MERMAID_EDGE, _MERMAID_STYLE)
        first, rank, shape, *lines, last = dot(graph).split("\n")
        assert (first, last) == ("digraph proof {", "}")
        assert rank.strip() == "rankdir=BT;"
        assert shape.strip().startswith("node [")
        assert _check_graph(lines, _DOT_NODE, _DOT_EDGE, None) == nodes == set(graph.nodes)


def _check_graph(
    lines: list[str],
    node: re.Pattern[str],
    edge: re.Pattern[str],
    style: re.Pattern[str] | None,
) -> set[str]:
    """Check the lines of a graph and return its nodes."""
    known: set[str] = set()
    for line in lines:
        if found := node.fullmatch(line):
            assert found[1] not in known
            known.add(found[1])
        elif found := edge.fullmatch(line):
            assert {found[1], found[2]} <= known
        else:
            found = style.fullmatch(line) if style else None
            assert found, line
            assert found[1] in known
    return known


def test_a_forged_proof_is_found_out() -> None:
    """The second evaluation is not blind: each kind of forgery fails it."""
    planner = _planner(
        {
            "applicant": "yunzhong",
            "as_of": "2026-06-30",
            "enterprise": {
                "yunzhong": {
                    "main_businesses": ["production"],
                    "operating_revenue": {2024: 6_000_000, 2025: 9_000_001},
                }
            },
        }
    )
    (answer,) = (a for a in _whys(planner) if a.claim.line == "datong.2-4.growth")
    root = answer.potential
    assert isinstance(root, Derived)
    Reevaluation(planner.derivation).check(root)
    amount = next(n for n in walk(root) if isinstance(n, Derived) and n.atom.name == "amount")
    leaf = next(n for n in walk(root) if isinstance(n, Leaf) and n.atom.name == "operating_revenue")
    absence = next(n for n in walk(root) if isinstance(n, Absence))
    forged: list[Node] = [
        replace(root, atom=Fact("potential", (answer.claim.term, 150_001))),
        replace(amount, causes=amount.causes[:-1]),
        replace(amount, causes=(*amount.causes[1:], amount.causes[0])),
        replace(
            amount,
            bindings=tuple((n, 7 if n == "Yuan" else value) for n, value in amount.bindings),
        ),
        replace(leaf, atom=Fact("operating_revenue", ("yunzhong", 2025, 9_000_002))),
        replace(leaf, origin=planner.case),
        replace(absence, literal=replace(absence.literal, absent=False)),
    ]
    for node in forged:
        with pytest.raises((AssertionError, KeyError)):
            Reevaluation(planner.derivation).check(node)
