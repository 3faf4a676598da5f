"""The small checker: it accepts every proof that is one, and refuses every other with its place."""

from __future__ import annotations

import ast
import copy
import json
import random
import sys
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest

import policy_logic
from policy_logic.errors import RequestError
from policy_logic.recheck import checker
from policy_logic.rulebook.cases import worked_cases
from policy_logic.tell.proof_json import answer_json, proofs_json
from policy_logic.verify.by_checker import ProofChecker
from tampering import tamperings

if TYPE_CHECKING:
    from policy_logic.facts.model import Case

ROOT: Final = Path(__file__).resolve().parents[1]
BOOK: Final = policy_logic.load_rulebook()
EXAMPLES: Final = sorted((ROOT / "facts" / "examples").glob("*.yaml"))
SCHEMA: Final = json.loads(
    (ROOT / "docs" / "reference" / "proof-1.schema.json").read_text(encoding="utf-8")
)
EVERY: Final = 300  # of so many worked cases one is checked here
SMALL: Final = """
applicant: yunzhong
as_of: 2026-06-30
enterprise:
  yunzhong:
    name: 云中影视
    main_businesses: {value: [production, distribution], evidence: 审计报告}
    operating_revenue: {2024: 6_000_000, 2025: 9_800_000}
work:
  gucheng: &work
    title: 古城奇缘
    first_producer: yunzhong
    filed: true
    distribution_licence: true
    online_on: [major_video_site]
    orientation: horizontal
    split_revenue: {2025: {value: 16_000_000, evidence: 结算单}}
    listed_on: {annual@nrta: 2025-12-20, quarterly@shanxi: 2025-09-30}
  yungang:
    <<: *work
    title: 云冈
    split_revenue: {2025: 7_350_000}
    listed_on: {}
received:
  - {line: datong.2-4.growth, subject: yunzhong, year: 2025, amount: 300_000}
"""


def _case(text: str) -> Case:
    import yaml  # noqa: PLC0415 - for this alone

    return next(policy_logic.load_cases(yaml.safe_load(text), BOOK))


def _decided(case: Case, *, refusals: bool = True) -> dict[str, Any]:
    planner = policy_logic.planner(case, book=BOOK)
    decision = planner.decide(refusals=refusals)
    document = policy_logic.decision_json(decision)
    document["proofs"] = proofs_json(planner, decision)
    plain: dict[str, Any] = json.loads(json.dumps(document))
    return plain


@cache
def _small() -> tuple[Case, str]:
    case = _case(SMALL)
    return case, json.dumps(_decided(case, refusals=False))


def _faults(document: dict[str, Any], case: Case) -> list[str]:
    return [difference.where for difference in ProofChecker(case, BOOK).faults(document)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_shipped_example_checks_and_follows_the_schema(example: Path) -> None:
    """The proofs of all claims, caps and refusals hold."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for case in policy_logic.load_cases(example, BOOK):
        document = _decided(case)
        assert not _faults(document, case)
        validator.validate(document["proofs"])


def test_answers_follow_the_schema_too() -> None:
    """What why prints for a claim and for a refusal is of the same form."""
    case, _ = _small()
    validator = jsonschema.Draft202012Validator(SCHEMA)
    planner = policy_logic.planner(case, book=BOOK)
    for line in ("datong.2-1.horizontal", "datong.2-1.vertical"):
        for answer in policy_logic.why(case, line, book=BOOK):
            validator.validate(json.loads(json.dumps(answer_json(answer, planner))))


@pytest.mark.parametrize(
    "worked", list(islice(worked_cases(BOOK.folder), 0, None, EVERY)), ids=lambda worked: worked.id
)
def test_worked_cases_check(worked: Any) -> None:
    """A sample over all policies."""
    for case in policy_logic.load_cases(worked.facts, BOOK):
        assert not _faults(_decided(case), case)


def test_two_hundred_tamperings_are_refused() -> None:
    """Whatever is changed, the checker finds a fault."""
    case, text = _small()
    document = json.loads(text)
    proof_checker = ProofChecker(case, BOOK)
    assert not list(proof_checker.faults(document))
    for tampering in islice(tamperings(document, random.Random(1)), 200):  # noqa: S311 - a draw
        found = next(proof_checker.faults(tampering.document), None)
        assert found is not None, f"{tampering.kind}: {tampering.where}"


def test_a_fault_names_its_place() -> None:
    """A changed number in a node is reported at that node."""
    case, text = _small()
    document = json.loads(text)
    name, node = next(
        (name, node)
        for name, node in document["proofs"]["nodes"].items()
        if node["type"] == "comparison" and node["left"] == "16000000"
    )
    node["right"] = "20000000"
    assert any(where.startswith(f"proofs.nodes.{name}") for where in _faults(document, case))


def test_other_facts_refuse_the_proof() -> None:
    """A proof of one case is none of another."""
    _, text = _small()
    other = _case(SMALL.replace("16_000_000", "15_999_999"))
    where = _faults(json.loads(text), other)
    assert "digests.facts" in where
    assert any("nodes" in place for place in where)


def test_a_decision_without_proofs_cannot_be_checked() -> None:
    """The message says how to get them."""
    case, text = _small()
    document = json.loads(text)
    del document["proofs"]
    with pytest.raises(RequestError, match="--proofs"):
        _faults(document, case)


def test_nothing_may_rest_on_itself() -> None:
    """A step that is its own cause is refused, also by way of another."""
    case, text = _small()
    for way in (0, 1):
        document = copy.deepcopy(json.loads(text))
        nodes = document["proofs"]["nodes"]
        name = next(n for n, node in nodes.items() if node.get("atom", "").startswith("qualifies("))
        rests = nodes[name]["causes"]
        if way == 0:
            rests[0] = name
        else:
            inner = next(cause for cause in rests if nodes[cause]["type"] == "derived")
            nodes[inner]["causes"][0] = name
        assert _faults(document, case)


def test_the_checker_stands_alone() -> None:
    """It imports the standard library only, and is short enough to be read in one sitting."""
    source = Path(checker.__file__).read_text(encoding="utf-8")
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert len(source.splitlines()) < 300
