"""Verifying: whatever was changed since the decision is found, with its place."""

from __future__ import annotations

import hashlib
import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policy_logic
from decisions import BASE, CASE, PLANNER, case_of, change, decided, differences, row, seen
from policy_logic.rulebook.load import load_rulebook, shipped_rules
from policy_logic.verify.verifying import verify
from small_cases import AWARD, DATONG, EXAMPLE_CASES, LIAONING, MINHANG, RESEARCH, written
from test_cli import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DataObject


def change_row(claim: str, place: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return what sets a part of a candidate or of a refusal."""
    return lambda document: change(place, value)(row(document, claim))


def remove_row(name: str, index: int = 0) -> Callable[[dict[str, Any]], None]:
    """Return what removes a row."""
    return lambda document: document[name].pop(index)


def add_row(name: str, **changes: object) -> Callable[[dict[str, Any]], None]:
    """Return what adds a row like the first one."""
    return lambda document: document[name].append({**document[name][0], **changes})


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
        assert str(len(lines)) in first or (first.startswith("One ") and len(lines) == 1)
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
