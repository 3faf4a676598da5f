"""Verifying: what was decided is confirmed, and whatever was changed since is found."""

from __future__ import annotations

import hashlib
import json
import shutil
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policy_logic
from policy_logic.cli.verify_page import planner_as_asked
from policy_logic.decide.extras import Extras
from policy_logic.decide.wishes import Wish
from policy_logic.rulebook.load import load_rulebook, shipped_rules
from policy_logic.select import by_cpsat
from policy_logic.select.selection import select
from policy_logic.verify.difference import ABSENT, Difference
from policy_logic.verify.verifying import verify
from small_cases import (
    AWARD,
    BILLIONS,
    DATONG,
    EXAMPLE_CASES,
    LIAONING,
    MINHANG,
    RESEARCH,
    THREE_PLACES,
    work_claim,
    works,
    written,
)
from test_cli import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import DataObject

    from policy_logic.facts.model import Case
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Choice, Objective

PLAIN: Final = Extras((), (), (), 0, has_contrast=False)
EVERYTHING: Final = Extras((), (MINHANG,), (), 3, has_contrast=True)


def case_of(facts: Path | Mapping[str, object], applicant: str = "a") -> Case:
    """Return a case as it was read."""
    return next(c for c in policy_logic.load_cases(facts) if c.applicant == applicant)


def decided(
    case: Case,
    extras: Extras = PLAIN,
    *,
    objective: Objective = "potential",
    readings: Mapping[str, str] | None = None,
    language: Language = "en",
    refusals: bool = True,
) -> dict[str, Any]:
    """Return a decision as it is stored."""
    planner = policy_logic.planner(case, objective=objective, readings=readings)
    wished = extras.wished(planner)
    decision = wished.planner.decide(refusals=refusals)
    return stored(extras.document(wished, decision, language))


def stored(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as it is read from a file."""
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def differences(
    document: Mapping[str, Any], case: Case, book: Rulebook | None = None
) -> list[Difference]:
    """Return what differs from a decision."""
    return list(verify(document, planner_as_asked(document, case, book=book)))


# ---- What was decided is confirmed


@pytest.mark.parametrize(
    ("file", "applicant"),
    EXAMPLE_CASES,
    ids=[applicant for _, applicant in EXAMPLE_CASES],
)
def test_every_example_is_confirmed(file: Path, applicant: str) -> None:
    """Nothing differs, whatever was asked for and in whatever language."""
    case = case_of(file, applicant)
    everything = Extras((), (), (), 2, has_contrast=True)
    assert differences(decided(case, everything), case) == []
    other = decided(case, objective="firm", language="zh", refusals=False)
    assert differences(other, case) == []


@pytest.mark.parametrize(
    "extras",
    [
        Extras((DATONG,), (), (), 0, has_contrast=False),
        Extras((), (MINHANG, AWARD), (), 0, has_contrast=False),
        Extras((LIAONING,), (AWARD,), (), 8, has_contrast=True),
        Extras((), (), ("datong.2-4.revenue",), 20, has_contrast=True),
    ],
    ids=["with", "without", "everything", "keep"],
)
def test_a_decision_under_a_wish_is_confirmed(extras: Extras) -> None:
    """The wish, its cost, the alternatives and the contrast are found again."""
    case = case_of(RESEARCH)
    assert differences(decided(case, extras), case) == []
    assert differences(decided(case, extras, objective="firm", language="zh"), case) == []


def test_readings_that_were_chosen_are_chosen_again() -> None:
    """A reading of the command line is known from the decision, in its facts digest, too."""
    case = case_of(THREE_PLACES, "qingmu")
    chosen = {"datong.overlap": "same_subject", "liaoning.production_costs": "anywhere"}
    assert differences(decided(case, readings=chosen), case) == []


def test_a_reading_chosen_though_it_applies_anyway_is_confirmed() -> None:
    """Choosing a reading that holds by default decides nothing else."""
    case = case_of(RESEARCH)
    assert differences(decided(case, readings={"datong.overlap": "same_matter"}), case) == []


@pytest.mark.parametrize("engine", ["clingo", "cpsat"])
@pytest.mark.parametrize("facts", [RESEARCH, works(p=15_000_000, q=6_000_000)])
def test_another_engine_is_confirmed(engine: Any, facts: dict[str, Any]) -> None:
    """Whose word the optimum is does not count, as long as the decision says it in one way."""
    case = case_of(facts)
    document = stored(
        policy_logic.decision_json(policy_logic.planner(case, engine=engine).decide())
    )
    assert differences(document, case) == []
    document["optimality"]["engine"] = "arithmetic"
    assert {d.where for d in differences(document, case)} >= {"certificate.nothing_pays_more.by"}


def test_sums_that_clingo_was_not_asked_to_confirm_are_confirmed() -> None:
    """A certificate without clingo's word is found again."""
    case = case_of(BILLIONS)
    assert differences(decided(case), case) == []


def test_the_command_says_that_nothing_differs(tmp_path: Path) -> None:
    """Exit status 0 and one line, in either language, with or without refusals."""
    facts, file = written(RESEARCH, tmp_path), tmp_path / "decision.json"
    for options in ((), ("--no-refusals",), ("--lang", "zh"), ("--alternatives", 2, "--contrast")):
        made = run("plan", facts, "--format", "json", *options).stdout
        file.write_text(made, encoding="utf-8")
        english = run("verify", file, facts, "--lang", "en")
        chinese = run("verify", file, facts, "--lang", "zh")
        assert (english.exit_code, chinese.exit_code) == (0, 0)
        assert "nothing differs" in english.stdout
        assert "完全一致" in chinese.stdout
        assert english.stderr == chinese.stderr == ""


def test_one_case_of_many_is_named(tmp_path: Path) -> None:
    """A file of several cases needs --applicant, and another applicant's case differs."""
    (file, first), (_, second) = EXAMPLE_CASES[3:5]
    decision = tmp_path / "decision.json"
    made = run("plan", file, "--applicant", first, "--format", "json").stdout
    decision.write_text(made, encoding="utf-8")
    assert run("verify", decision, file, "--applicant", first).exit_code == 0
    other = run("verify", decision, file, "--applicant", second, "--lang", "en")
    assert other.exit_code == 1
    assert f'case  applicant: stored "{first}", found "{second}"' in other.stdout
    unnamed = run("verify", decision, file)
    assert (unnamed.exit_code, unnamed.stdout) == (2, "")
    assert "--applicant" in unnamed.stderr


# ---- What was changed since is found, with its place

CASE: Final = case_of(RESEARCH)
BASE: Final = decided(CASE, EVERYTHING)
PLANNER: Final = planner_as_asked(BASE, CASE)


def seen(document: Mapping[str, Any]) -> list[Difference]:
    """Return what differs from a decision on the research project."""
    same = all(document.get(name) == BASE[name] for name in ("objective", "readings"))
    return list(verify(document, PLANNER if same else planner_as_asked(document, CASE)))


def row(document: dict[str, Any], claim: str) -> dict[str, Any]:
    """Return the candidate or the refusal of a claim."""
    line, subject = claim.split("/")[:2]
    rows = [*document["candidates"], *document["refusals"]]
    found: dict[str, Any] = next(r for r in rows if (r["line"], r["subject"]) == (line, subject))
    return found


def change(place: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return what sets a part of a decision, named as ``totals.firm``, to a value."""

    def do(document: dict[str, Any]) -> None:
        *outer, last = place.split(".")
        part: Any = document
        for name in outer:
            part = part[int(name)] if isinstance(part, list) else part[name]
        assert part[last] != value, "nothing would be changed"
        part[last] = value

    return do


def change_row(claim: str, place: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return what sets a part of a candidate or of a refusal."""
    return lambda document: change(place, value)(row(document, claim))


def remove_row(name: str, index: int = 0) -> Callable[[dict[str, Any]], None]:
    """Return what removes a row."""
    return lambda document: document[name].pop(index)


def add_row(name: str, **changes: object) -> Callable[[dict[str, Any]], None]:
    """Return what adds a row like the first one."""
    return lambda document: document[name].append({**document[name][0], **changes})


REFUSED: Final = "minhang.4.platform.municipal/a"
TAMPERINGS: Final[dict[str, tuple[Callable[[dict[str, Any]], object], str, str]]] = {
    "schema": (change("schema", "policy-logic/decision/2"), "shape", "schema"),
    "applicant": (change("applicant", "b"), "case", "applicant"),
    "day": (change("as_of", "2027-03-01"), "case", "as_of"),
    "objective": (change("objective", "firm"), "optimality", "optimality.bound"),
    "no objective": (change("objective", "highest"), "case", "objective"),
    "reading": (
        lambda document: document["readings"].update({"datong.registration": "required"}),
        "candidate",
        DATONG,
    ),
    "no reading": (
        lambda document: document["readings"].update({"datong.overlap": "everything"}),
        "case",
        "readings.datong.overlap",
    ),
    "reading of no policy": (
        lambda document: document["readings"].update({"nowhere.overlap": "same_subject"}),
        "shape",
        "readings.nowhere.overlap",
    ),
    "total": (change("totals.firm", 1), "total", "totals.firm"),
    "sum": (change("totals.potential", 1), "arithmetic", "totals.potential"),
    "hypothetical": (change("totals.hypothetical.firm", 1), "total", "totals.hypothetical.firm"),
    "paid": (change_row(AWARD, "paid.potential", 300_001), "candidate", f"{AWARD} paid.potential"),
    "paid too much": (
        change_row(AWARD, "paid.potential", 300_001),
        "arithmetic",
        f"{AWARD} paid.potential",
    ),
    "amount": (change_row(DATONG, "amount.firm", 7), "candidate", f"{DATONG} amount.firm"),
    "article": (change_row(DATONG, "article", "二（八）"), "candidate", f"{DATONG} article"),
    "review": (change_row(DATONG, "review", "passed"), "candidate", f"{DATONG} review"),
    "chosen": (change_row(LIAONING, "chosen", False), "candidate", f"{LIAONING} chosen"),
    "chosen too": (change_row(DATONG, "chosen", True), "candidate", f"{DATONG} chosen"),
    "paid unchosen": (
        change_row(DATONG, "paid.firm", 1),
        "arithmetic",
        f"{DATONG} paid.firm",
    ),
    "reserve": (change_row(DATONG, "reserve", True), "candidate", f"{DATONG} reserve"),
    "reserve order": (
        change_row(DATONG, "reserve_order", 1),
        "candidate",
        f"{DATONG} reserve_order",
    ),
    "rejected": (
        change_row(DATONG, "rejected_because.kind", "quota"),
        "candidate",
        f"{DATONG} rejected_because.kind",
    ),
    "rejected by": (
        change_row(DATONG, "rejected_because.by", [AWARD]),
        "candidate",
        f"{DATONG} rejected_because.by[0]",
    ),
    "not rejected": (
        change_row(DATONG, "rejected_because", None),
        "candidate",
        f"{DATONG} rejected_because",
    ),
    "candidate removed": (remove_row("candidates", 1), "candidate", DATONG),
    "candidate added": (
        add_row("candidates", subject="b", chosen=False, paid={"firm": 0, "potential": 0}),
        "candidate",
        "datong.2-4.revenue/b",
    ),
    "candidate twice": (add_row("candidates"), "candidate", AWARD),
    "refusal removed": (remove_row("refusals"), "refusal", "datong.2-4.growth/a/2026"),
    "refusal added": (add_row("refusals", subject="b"), "refusal", "datong.2-4.growth/b/2026"),
    "condition": (
        lambda document: change("condition", "true")(
            next(r["failed"][0] for r in document["refusals"] if r["failed"])
        ),
        "refusal",
        "condition",
    ),
    "unknown fact": (
        lambda document: next(r["unknown"] for r in document["refusals"] if r["unknown"]).clear(),
        "refusal",
        "unknown",
    ),
    "benefit": (change("benefits", [{"line": "x", "subject": "a"}]), "benefit", "benefits"),
    "notice": (remove_row("notices"), "notice", "notices"),
    "notice's words": (change("notices.0.text", "All is well."), "notice", "notices[0].text"),
    "notice's totals": (
        lambda document: change("firm", 1)(
            next(n["other_totals"] for n in document["notices"] if n["kind"] == "reading")
        ),
        "notice",
        "other_totals.firm",
    ),
    "bound": (change("optimality.bound", 700_001), "optimality", "optimality.bound"),
    "proved": (change("optimality.proved", False), "optimality", "optimality.proved"),
    "engine": (change("optimality.engine", "oracle"), "optimality", "optimality.engine"),
    "certificate": (
        change("certificate.answer_set.confirmed", None),
        "certificate",
        "certificate.answer_set.confirmed",
    ),
    "gap": (
        change("certificate.nothing_pays_more.gap", 1),
        "certificate",
        "certificate.nothing_pays_more.gap",
    ),
    "facts": (change("digests.facts", "0" * 64), "facts", "digests.facts"),
    "rules": (change("digests.rules", "0" * 64), "rules", "digests.rules"),
    "program": (change("digests.program", "0.0.1"), "program", "digests.program"),
    "text": (change("digests.texts.datong", "0" * 64), "text", "digests.texts.datong"),
    "other objective": (
        change("other_objective", {"objective": "firm"}),
        "asked",
        "other_objective",
    ),
    "wish": (change("wish.without", [LIAONING]), "asked", "wish.cost"),
    "wish for nothing known": (change("wish.with", ["x"]), "asked", "wish, candidates"),
    "wish granted twice": (change("wish.with", [MINHANG]), "asked", "wish, candidates"),
    "cost": (change("wish.cost", 0), "asked", "wish.cost"),
    "alternative": (
        change("alternatives.1.totals.potential", 1),
        "asked",
        "alternatives[1].totals.potential",
    ),
    "best alternative": (remove_row("alternatives"), "asked", "alternatives[0].totals.potential"),
    "forcing cost": (
        change("contrast.forcing_costs", {DATONG: 0}),
        "asked",
        f"contrast.forcing_costs.{DATONG}",
    ),
    "highest first": (
        change("contrast.highest_first.less", 5),
        "asked",
        "contrast.highest_first.less",
    ),
    "strange key": (lambda document: document.update(approved=True), "shape", "approved"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_change_is_reported_with_its_place(name: str) -> None:
    """The kind and the place of each change are named."""
    tamper, kind, place = TAMPERINGS[name]
    document = deepcopy(BASE)
    tamper(document)
    found = seen(document)
    assert any(d.kind == kind and d.where.endswith(place) for d in found), found


def test_the_command_names_every_difference(tmp_path: Path) -> None:
    """Exit status 1, and a line for each difference, of whatever kind, in either language."""
    file, facts = tmp_path / "decision.json", written(RESEARCH, tmp_path)
    one_of_each = {kind: (tamper, place) for tamper, kind, place in TAMPERINGS.values()}
    for number, (kind, (tamper, place)) in enumerate(one_of_each.items()):
        document = deepcopy(BASE)
        tamper(document)
        file.write_text(json.dumps(document), encoding="utf-8")
        done = run("verify", file, facts, "--lang", ("en", "zh")[number % 2])
        assert (done.exit_code, done.stderr) == (1, ""), kind
        first, *lines = done.stdout.splitlines()
        assert str(len(lines)) in first
        assert any(line.startswith("✗ ") and place in line for line in lines), kind


def test_benefits_and_received_support_are_compared() -> None:
    """A benefit's clause, a benefit left out, and an entry that stands against a claim."""
    file = next(file for file, applicant in EXAMPLE_CASES if applicant == "keyun")
    case = case_of(file, "keyun")
    document = decided(case, refusals=False)
    against = next(
        r for r in document["candidates"]
        if (r["rejected_because"] or {}).get("kind") == "already_received"
    )  # fmt: skip
    against["rejected_because"]["entries"] = [2]
    document["benefits"][0]["text"] += "。"
    places = {difference.where for difference in differences(document, case)}
    assert places == {
        "ganzhou.13.training/sheying rejected_because.entries[0]",
        "benefits[0].text",
    }
    document = decided(case, refusals=False)
    del document["benefits"][0]
    assert [d.kind for d in differences(document, case)] == ["benefit"]


def test_facts_that_changed_after_the_decision_are_found() -> None:
    """The digest differs, and so does what follows from the fact."""
    later = deepcopy(RESEARCH)
    later["rd_project"]["engine"]["investment"] = 2_000_010
    found = {d.where: d for d in differences(decided(CASE), case_of(later))}
    assert "digests.facts" in found
    assert found[f"{MINHANG} amount.potential"].stored == 600_000
    assert found[f"{MINHANG} amount.potential"].found == 600_003
    assert found["totals.potential"].found == 900_003


def test_a_fact_that_changes_nothing_else_is_found() -> None:
    """Evidence counts, though no figure depends on it; the order of facts does not."""
    later = deepcopy(RESEARCH)
    revenue = {"value": 5_000_000, "evidence": "audit report"}
    later["enterprise"]["a"]["operating_revenue"] = {2026: revenue}
    assert [d.where for d in differences(decided(CASE), case_of(later))] == ["digests.facts"]
    turned = dict(reversed(RESEARCH.items()))
    turned["rd_project"] = {"engine": dict(reversed(RESEARCH["rd_project"]["engine"].items()))}
    assert differences(decided(CASE), case_of(turned)) == []


def test_a_rule_that_changed_is_found(tmp_path: Path) -> None:
    """The digest of the rules differs, and so do the figures that follow from the rule."""
    rules = Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))
    file = rules / "minhang" / "rules.lp"
    old = "Yuan = @at_most(@portion(Investment, Rate), Ceiling).\n\n%## 二、6"
    text = file.read_text(encoding="utf-8")
    assert old in text
    new = old.replace(
        "@portion(Investment, Rate)",
        "@plus(@portion(Investment, Rate), @portion(Investment, Rate))",
    )
    file.write_text(text.replace(old, new), encoding="utf-8")
    book = policy_logic.load_rulebook(rules)
    found = {d.where: d for d in differences(decided(CASE), CASE, book)}
    assert found["digests.rules"].kind == "rules"
    assert found["totals.potential"].found == 1_500_000
    assert "digests.texts.minhang" not in found


def test_a_text_that_changed_is_found(tmp_path: Path) -> None:
    """The digest of that text differs, and of no other."""
    rules = Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))
    text, about = rules / "minhang" / "text.txt", rules / "minhang" / "policy.toml"
    old = load_rulebook().policies["minhang"].text_sha256
    text.write_bytes(text.read_bytes() + b"\n")
    new = hashlib.sha256(text.read_bytes()).hexdigest()
    about.write_text(about.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    book = policy_logic.load_rulebook(rules)
    found = differences(decided(CASE), CASE, book)
    assert {(d.kind, d.where) for d in found} == {
        ("rules", "digests.rules"),
        ("text", "digests.texts.minhang"),
    }


# ---- Where the rules for ties have not singled a plan out

TIED: Final = works(p=15_000_000, b=6_000_000, d=6_000_000)
B, D, P = (work_claim(work) for work in "bdp")


@cache
def open_decision(filed: frozenset[str], bound: int | None = None) -> dict[str, Any]:
    """Return a decision for a set of claims that is not said to be singled out.

    Args:
        filed: The claims.
        bound: What nothing is said to exceed; then the total is not said to be proved.
    """
    planner = policy_logic.planner(case_of(TIED), engine="cpsat")
    own = planner.chosen
    claims = frozenset(claim for claim in own.items if str(claim) in filed)
    held = planner.under(Wish(claims, frozenset(own.items) - claims)).chosen
    choice = replace(
        held.choice, singled_out=False, proved=bound is None, bound=bound or held.choice.bound
    )
    # As a search that was cut short would leave it.
    planner._chosen = replace(held, choice=choice, problem=own.problem)  # noqa: SLF001
    return stored(policy_logic.decision_json(planner.decide()))


@pytest.mark.parametrize("filed", [{B, P}, {D, P}, {B, D, P}], ids=["first", "other", "more"])
def test_any_of_the_equal_plans_is_accepted(filed: set[str]) -> None:
    """Each of these sets pays the whole cap, 2,000,000 yuan."""
    document = open_decision(frozenset(filed))
    assert document["totals"]["potential"] == 2_000_000
    assert differences(document, case_of(TIED)) == []


def test_a_real_search_without_time_for_ties_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CP-SAT has no time to break ties, its plan is confirmed nevertheless."""
    with monkeypatch.context() as patch:
        patch.setattr(by_cpsat, "_TIES", 0.0)
        document = stored(
            policy_logic.decision_json(policy_logic.planner(case_of(TIED), engine="cpsat").decide())
        )
    assert document["optimality"]["proved"]
    assert not document["optimality"]["singled_out"]
    assert differences(document, case_of(TIED)) == []


def test_a_real_search_without_any_time_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound above the total is no difference, and neither is the notice of it."""

    def cut_short(*arguments: Any) -> Choice:
        choice = select(*arguments)
        return replace(choice, bound=choice.bound + 1, proved=False, singled_out=False,
                       engine="clingo")  # fmt: skip

    with monkeypatch.context() as patch:
        patch.setattr("policy_logic.decide.choosing.select", cut_short)
        document = decided(CASE, Extras((), (MINHANG,), (), 2, has_contrast=True))
    assert "not_proved" in {notice["kind"] for notice in document["notices"]}
    assert seen(document) == []


def test_arithmetic_leaves_no_ties_open() -> None:
    """Where no engine searched, the plan is singled out, and nothing else can be said."""
    document = decided(case_of(TIED))
    assert document["optimality"]["engine"] == "arithmetic"
    document["optimality"]["singled_out"] = False
    assert [d.where for d in differences(document, case_of(TIED))] == ["optimality.singled_out"]


def test_a_worse_plan_is_reported() -> None:
    """A set that pays less is not the best, whatever the decision says."""
    found = differences(open_decision(frozenset({B, D})), case_of(TIED))
    assert [(d.where, d.stored, d.found) for d in found] == [
        ("totals.potential", 1_200_000, 2_000_000),
        ("optimality.bound", 1_200_000, 2_000_000),
    ]


def test_a_worse_plan_that_claims_no_more_is_accepted() -> None:
    """Not proved, and under an honest bound: nothing it says is wrong."""
    assert differences(open_decision(frozenset({B, D}), bound=2_000_000), case_of(TIED)) == []


def test_a_bound_below_the_best_is_reported() -> None:
    """What is said that nothing exceeds is exceeded."""
    found = differences(open_decision(frozenset({B, D}), bound=1_999_999), case_of(TIED))
    assert [(d.where, d.found) for d in found] == [("optimality.bound", 2_000_000)]


def test_an_impossible_set_is_reported() -> None:
    """Claims that exclude each other cannot be what was decided."""
    document = decided(CASE)
    document["optimality"] |= {"singled_out": False, "engine": "cp-sat"}
    document["certificate"]["nothing_pays_more"]["by"] = "cp-sat"
    assert seen(document) == []
    row({**document, "refusals": []}, LIAONING)["chosen"] = True
    [found] = seen(document)
    assert (found.kind, found.stored) == ("asked", [AWARD, LIAONING, MINHANG])
    assert "exclude each other" in str(found.found)


@pytest.mark.parametrize(
    "place",
    ["candidates.0.paid.potential", "candidates.1.rejected_because.cap", "totals.firm",
     "certificate.answer_set.confirmed", "certificate.nothing_pays_more.gap", "notices.0.text",
     "digests.facts"],
)  # fmt: skip
def test_the_rest_of_an_open_decision_is_compared(place: str) -> None:
    """Only what the search left open is not."""
    document = deepcopy(open_decision(frozenset({B, P})))
    change(place, "x" if place.endswith(("cap", "text", "facts")) else 7)(document)
    assert differences(document, case_of(TIED)) != []


def test_a_plan_against_its_own_wish_is_reported() -> None:
    """A claim that the wish files is missing from the plan."""
    document = decided(CASE, Extras((LIAONING,), (), (), 0, has_contrast=False))
    document["optimality"] |= {"singled_out": False, "engine": "cp-sat"}
    document["certificate"]["nothing_pays_more"]["by"] = "cp-sat"
    assert seen(document) == []
    row(document, LIAONING)["chosen"] = False
    assert [d.kind for d in seen(document)][-1] == "asked"


# ---- What is no decision at all


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b"\xff\xfe{\x00}\x00", "utf-8"),
        (b"[]", "no JSON object"),
        (b"null", "no JSON object"),
        (b'"decision"', "no JSON object"),
        (b"{}\n{}\n", "Extra data"),
        (b"[" * 100_000, "recursion"),
        (b'{"benefits": ' + b"[" * 900 + b"]" * 900 + b"}", "no JSON object"),
        (b'{"totals": {}, "totals": {"firm": 1}}', "'totals' is given twice"),
    ],
)
def test_what_is_no_json_object_is_refused(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    """Exit status 2, nothing on standard output, one message in either language."""
    file = tmp_path / "decision.json"
    if content is not None:
        file.write_bytes(content)
    for language, own in (("en", "cannot be read"), ("zh", "无法读取")):
        done = run("verify", file, written(RESEARCH, tmp_path), "--lang", language)
        assert (done.exit_code, done.stdout) == (2, "")
        assert own in done.stderr
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_mark_of_byte_order_does_no_harm(tmp_path: Path) -> None:
    """Some editors write one when they store a file."""
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(BASE), encoding="utf-8-sig")
    assert run("verify", file, written(RESEARCH, tmp_path)).exit_code == 0


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("candidates", None),
        ("candidates", {}),
        ("candidates.0", None),
        ("candidates.0", "row"),
        ("candidates.0.line", 7),
        ("candidates.0.year", "2026"),
        ("candidates.0.chosen", "yes"),
        ("candidates.0.paid", None),
        ("candidates.0.paid.firm", "0"),
        ("candidates.0.amount.potential", 3e5),
        ("candidates.0.amount.potential", True),
        ("refusals", None),
        ("refusals.0", None),
        ("refusals.0.subject", ["a"]),
        ("refusals.0.failed", "none"),
        ("totals", []),
        ("totals.firm", "0"),
        ("totals.hypothetical", 0),
        ("optimality", True),
        ("optimality.bound", None),
        ("optimality.singled_out", 1),
        ("optimality.engine", ["clingo"]),
        ("certificate", "sound"),
        ("readings", []),
        ("readings.datong.overlap", ["all"]),
        ("benefits", {}),
        ("notices", "none"),
        ("notices.0", 0),
        ("notices.0.text", None),
        ("digests", None),
        ("digests.texts", []),
        ("wish", []),
        ("wish.with", AWARD),
        ("wish.with", [{}]),
        ("wish.without", [None]),
        ("alternatives", 3),
        ("alternatives", [None]),
        ("contrast", []),
        ("schema", None),
        ("objective", []),
        ("as_of", 20270228),
    ],
)
def test_what_has_the_wrong_type_is_a_difference(place: str, value: object) -> None:
    """It is named, mostly as a fault of shape, and nothing is raised."""
    document = deepcopy(BASE)
    if place.startswith("readings."):
        document["readings"][place.removeprefix("readings.")] = value
    else:
        *outer, last = place.split(".")
        part: Any = document
        for name in outer:
            part = part[int(name)] if isinstance(part, list) else part[name]
        part[int(last) if isinstance(part, list) else last] = value
    found = seen(document)
    assert found
    if value is not None:
        assert "shape" in {difference.kind for difference in found}


@pytest.mark.parametrize("name", sorted(set(BASE) - {"alternatives", "contrast", "refusals"}))
def test_a_missing_part_is_a_difference(name: str) -> None:
    """Whatever a decision always says has to be there."""
    document = deepcopy(BASE)
    del document[name]
    found = seen(document)
    if name == "wish":  # then it is a decision without a wish, and another plan is the best
        assert ("total", "totals.potential") in {(d.kind, d.where) for d in found}
    else:
        assert ("shape", name) in {(d.kind, d.where) for d in found}
        assert ABSENT in {d.stored for d in found if isinstance(d.stored, str)}


def test_what_a_terminal_obeys_is_written_out(tmp_path: Path) -> None:
    """A name that would move the cursor, and half a character, are shown as what they are."""
    document = deepcopy(BASE)
    document["candidates"].append({**document["candidates"][0], "subject": "b\x1b[2J\n"})
    document["applicant"] = "\ud83d"
    document["as_of"] = "long " * 200
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    done = run("verify", file, written(RESEARCH, tmp_path), "--lang", "en")
    assert done.exit_code == 1
    assert "\x1b" not in done.stdout
    assert "datong.2-4.revenue/b\\x1b[2J\\n" in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 800


def test_wrong_facts_are_refused(tmp_path: Path) -> None:
    """A facts file that does not follow the format is named before anything is compared."""
    file, facts = tmp_path / "decision.json", tmp_path / "facts.json"
    file.write_text(json.dumps(BASE), encoding="utf-8")
    facts.write_text("{}", encoding="utf-8")
    done = run("verify", file, facts, "--lang", "en")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "facts.json" in done.stderr


# ---- Any single change at all

# What may be missing: then it is a decision that was not asked for as much, as right as before.
UNASKED: Final = {
    ("alternatives",), ("alternatives", len(BASE["alternatives"]) - 1), ("contrast",), ("refusals",)
}  # fmt: skip
PLAIN_BASE: Final = decided(CASE)
JUNK: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


# Of a plan that was searched for it is no falsehood to say that its ties were left open.
MODEST: Final = ("optimality", "singled_out")


def _like(value: Any) -> st.SearchStrategy[Any]:
    """Draw what could stand in the place of a value without being seen at once."""
    if isinstance(value, bool):
        return st.integers(0, 1) | st.just(not value)
    if isinstance(value, int):
        return st.integers(-3, 3).map(lambda yuan: value + yuan)
    if isinstance(value, str):
        return st.sampled_from([f"{value} ", value[:-1], value.upper(), MINHANG, "clingo", "firm"])
    return JUNK


def _changed(value: Any, data: DataObject, place: tuple[str | int, ...] = ()) -> Any:
    """Return a part of a decision with one change somewhere inside it."""
    keys: list[Any] = [*value] if isinstance(value, dict) else []
    keys = [*range(len(value))] if isinstance(value, list) else keys
    if keys and data.draw(st.integers(0, 5)) > 0:
        key: Any = data.draw(st.sampled_from(keys))
        changed = value.copy()
        changed[key] = _changed(value[key], data, (*place, key))
        return changed
    removable = [key for key in keys if (*place, key) not in UNASKED]
    ways = ["replace"] if place else []
    ways += ["add"] if isinstance(value, (dict, list)) else []
    ways += ["remove"] if removable else []
    way = data.draw(st.sampled_from(ways))
    if way == "replace":
        same = {json.dumps(value), *(["false"] if place == MODEST else [])}
        return data.draw((_like(value) | JUNK).filter(lambda new: json.dumps(new) not in same))
    changed = value.copy()
    if way == "remove":
        del changed[data.draw(st.sampled_from(removable), label="removed")]
    elif isinstance(changed, dict):
        changed[data.draw(st.text().filter(lambda key: key not in value))] = data.draw(JUNK)
    else:
        changed.append(data.draw(st.sampled_from(changed) | JUNK if changed else JUNK))
    return changed


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(st.data())
def test_any_single_change_is_reported(data: DataObject) -> None:
    """Whatever is replaced, added or removed, anywhere: something is said to differ.

    Excluded is only what may be missing, and modesty (see above). The order of keys and of rows
    that are told apart by their claim does not count; neither is changed here.
    """
    base = data.draw(st.sampled_from([BASE, PLAIN_BASE]))
    assert list(verify(_changed(base, data), PLANNER)) != []


def test_what_was_not_asked_for_may_be_missing() -> None:
    """Without these parts it is what the plan prints without these options."""
    document = deepcopy(BASE)
    for name in ("refusals", "contrast"):
        del document[name]
    document["alternatives"].pop()
    assert seen(document) == []
    del document["alternatives"]
    assert seen(document) == []


def test_the_order_of_keys_and_rows_does_not_count() -> None:
    """A program that reads and writes a decision may turn it round."""
    document = dict(reversed(BASE.items()))
    for name in ("candidates", "refusals"):
        document[name] = [dict(reversed(row.items())) for row in reversed(document[name])]
    assert seen(document) == []
