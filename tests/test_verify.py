"""Verifying: what was decided is confirmed, and what is no decision is told apart."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

import policy_logic
from decisions import BASE, case_of, decided, differences, seen, stored
from policy_logic.decide.extras import Extras
from policy_logic.verify.difference import ABSENT
from small_cases import (
    AWARD,
    BILLIONS,
    DATONG,
    EXAMPLE_CASES,
    LIAONING,
    MINHANG,
    RESEARCH,
    THREE_PLACES,
    works,
    written,
)
from test_cli import run

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_reading_that_decides_nothing_here_is_part_of_the_question() -> None:
    """With it the plan prints the very same but for its name, so that nothing is wrong."""
    case, silent = case_of(RESEARCH), {"liaoning.compute_base": "compute_spending"}
    document = decided(case)
    document["readings"] |= silent
    assert document == decided(case, readings=silent)
    assert differences(document, case) == []


def test_a_wish_that_another_reading_forbids_is_confirmed() -> None:
    """A notice tells that under the other reading no plan respects it."""
    case = case_of(THREE_PLACES, "qingmu")
    wish = ("datong.2-1.horizontal/changcheng/2026", "liaoning.2.production/changcheng")
    document = decided(case, Extras(wish, (), (), 0, has_contrast=False), refusals=False)
    assert None in [notice.get("other_totals", 0) for notice in document["notices"]]
    assert differences(document, case) == []


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
