"""What ``ask`` says and does: the ends of the totals, the questions, and answers written down."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import policy_logic
from policy_logic.cli.app import app
from policy_logic.decide.asking import ask
from policy_logic.facts.inserting import inserted

ROOT = Path(__file__).resolve().parents[1]
CASE = """\
# A studio; the comments stay.
applicant: xinying
as_of: 2026-06-30   # the day

enterprise:
  xinying:
    name: 新影
    main_businesses: [production]   # from the licence
    operating_revenue: {2024: 1_000, 2025: 1_000}

work:
  fengqi:
    title: 平城风起     # a vertical one
    first_producer: xinying
    orientation: vertical
    distribution_licence: true
    online_on: [major_video_site]
    split_revenue: {2025: 1_000_000}

received: []
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return the file of a small case."""
    file = tmp_path / "case.yaml"
    file.write_text(CASE, encoding="utf-8")
    return file


def _run(*arguments: object, answers: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)], input=answers)
    return result.exit_code, result.output


def _asked(case: Path) -> dict[str, Any]:
    code, output = _run("ask", case, "--format", "json", "--lang", "en")
    assert code == 0
    document: dict[str, Any] = json.loads(output)
    return document


def test_a_fact_that_alone_is_missing_moves_its_whole_line(case: Path) -> None:
    """Filing is all that keeps the work from a tenth of its revenue, once reviewed."""
    document = _asked(case)
    (question,) = [q for q in document["questions"] if q["path"] == "work.fengqi.filed"]
    assert question["alone"] == 100_000
    assert {"answer": True, "totals": {"firm": 0, "potential": 100_000}} in question["answers"]
    opened = {opened["claim"]: opened["needs"] for opened in question["opens"]}
    assert opened["datong.2-1.vertical/fengqi/2025"] == ["work.fengqi.filed"]
    assert document["totals"] == {"firm": 0, "potential": 0}


def test_a_claim_is_shared_equally_among_the_facts_it_waits_for(case: Path) -> None:
    """Facts that only together open a line each move a part of it, and nothing by themselves."""
    document = _asked(case)
    for question in document["questions"]:
        shared = sum(opened["pays_more"] / len(opened["needs"]) for opened in question["opens"])
        assert question["share"] == int(shared + 1e-6)
    (story,) = [q for q in document["questions"] if q["attribute"] == "tells_story"][:1]
    assert story["alone"] in {0, None}
    assert story["share"] > 0


def test_questions_come_in_the_order_of_their_money(case: Path) -> None:
    """The question that can move most is the first."""
    money = [question["money"] for question in _asked(case)["questions"]]
    assert money == sorted(money, reverse=True)


def test_what_is_taken_as_none_is_told_apart(case: Path) -> None:
    """A prior grant nobody spoke of is no open fact: it is told with what would be paid else."""
    text = CASE.replace("received: []\n", "").replace("orientation", "filed: true\n    orientation")
    case.write_text(text, encoding="utf-8")
    document = _asked(case)
    assert document["interval"]["potential"]["certain"] == 100_000
    assert document["assumed"] == [
        {
            "path": "received",
            "claim": "datong.2-1.vertical/fengqi/2025",
            "totals": {"firm": 0, "potential": 0},
        }
    ]


def test_what_stands_in_for_a_fact_is_a_risk() -> None:
    """A declaration stands for the main businesses; what they really are may end the plan."""
    facts = {
        "applicant": "a",
        "as_of": date(2026, 6, 30),
        "received": [],
        "enterprise": {
            "a": {"micro_drama_enterprise": True, "operating_revenue": {2024: 0, 2025: 6_000_000}}
        },
        "review": [{"line": "datong.2-4.revenue", "subject": "a", "outcome": "passed"}],
    }
    asked = ask(policy_logic.planner(facts))
    assert (asked.totals.firm, asked.firm.certain, asked.firm.is_certain_exact) == (
        300_000,
        0,
        True,
    )
    risky = [question for question in asked.questions if question.risks]
    assert {q.missing.attribute.name for q in risky} == {"main_businesses"}


def test_the_page_speaks_both_languages(case: Path) -> None:
    """The page says in either language what the upper end is not."""
    code, chinese = _run("ask", case, "--lang", "zh")
    assert code == 0
    assert "不是应得金额" in chinese
    assert "是否已按规定完成备案" in chinese or "备案" in chinese
    code, english = _run("ask", case, "--lang", "en")
    assert code == 0
    assert "They are no entitlement" in english


def test_answers_are_written_and_nothing_else_is_touched(case: Path) -> None:
    """After an answer the file differs by that one line; comments and order stay."""
    case.chmod(0o640)
    code, output = _run("ask", case, "--interactive", "--lang", "en", answers="perhaps\nyes\nq\n")
    assert code == 0, output
    assert "“perhaps” is not understood" in output
    before, after = CASE.splitlines(), case.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line in before] == before
    assert len(after) == len(before) + 1
    assert stat.S_IMODE(case.stat().st_mode) == 0o640
    assert [file.name for file in case.parent.iterdir()] == ["case.yaml"]


def test_asking_stops_where_the_input_ends(case: Path) -> None:
    """An input that ends is taken as the wish to stop, with what was answered kept."""
    code, output = _run("ask", case, "--interactive", "--lang", "en", answers="")
    assert code == 0, output
    assert "Stopped; every answer so far has been written." in output


def test_asking_ends_when_nothing_can_change_the_plan(case: Path) -> None:
    """With everything skipped the dialogue comes to its end by itself, and the file stays."""
    code, output = _run("ask", case, "--interactive", "--lang", "en", answers="\n" * 400)
    assert code == 0, output
    assert "Nothing more can change the plan but what was skipped" in output
    assert case.read_text(encoding="utf-8") == CASE


def test_an_answer_against_the_vocabulary_is_asked_again(case: Path) -> None:
    """A figure above what may be stated is told with its reason, and nothing is written."""
    text = CASE.replace("split_revenue: {2025: 1_000_000}", "filed: true")
    case.write_text(text, encoding="utf-8")
    (place,) = [
        number
        for number, question in enumerate(_asked(case)["questions"])
        if question["path"] == "work.fengqi.split_revenue.2025"
    ]
    answers = "\n" * place + "99999999亿\nq\n"
    code, output = _run("ask", case, "--interactive", "--lang", "en", answers=answers)
    assert code == 0, output
    assert "10^13" in output or "10,000,000,000,000" in output
    assert case.read_text(encoding="utf-8") == text


def test_a_folder_is_refused_before_anything_is_asked(tmp_path: Path, case: Path) -> None:
    """Answers need one file to be written into."""
    code, output = _run("ask", tmp_path, "--interactive", "--lang", "en")
    assert code == 2
    assert "answers cannot be written there" in output
    lines = case.rename(tmp_path / "case.jsonl")
    assert _run("ask", lines, "--interactive", "--lang", "en")[0] == 2


@pytest.mark.parametrize(
    ("text", "file", "keys", "value", "wanted"),
    [
        ("a:\n  b: 1  # c\nz: 1\n", "x.yaml", ["a", "d"], 2, "a:\n  b: 1  # c\n  d: 2\nz: 1\n"),
        ("a: {b: 1}\n", "x.yaml", ["a", "d", "e"], 2, "a: {b: 1, d: {e: 2}}\n"),
        ("a:\n  b:   # c\nz: 1\n", "x.yaml", ["a", "b"], 2, "a:\n  b: 2   # c\nz: 1\n"),
        ("a: {b: null}", "x.yaml", ["a", "b"], date(2026, 1, 2), "a: {b: 2026-01-02}"),
        ("a:\n  b: 1", "x.yaml", ["a", "d"], "no", 'a:\n  b: 1\n  d: "no"\n'),
        ("a:\r\n  b: 1\r\n", "x.yaml", ["a", "d"], 2, "a:\r\n  b: 1\r\n  d: 2\r\n"),
        ("a:\n  b: |\n    x\n\n# end\n", "x.yaml", ["a", "d"], 2,
         "a:\n  b: |\n    x\n  d: 2\n\n# end\n"),
        ('{\n  "a": {\n    "b": 1\n  }\n}\n', "x.json", ["a", "d"], date(2026, 1, 2),
         '{\n  "a": {\n    "b": 1,\n    "d": "2026-01-02"\n  }\n}\n'),
        ("a: {b: {value: {x: 1}, evidence: y}}\n", "x.yaml", ["a", "b", "w"], 2,
         "a: {b: {value: {x: 1, w: 2}, evidence: y}}\n"),
    ],
)  # fmt: skip
def test_a_value_is_put_where_it_belongs(
    text: str, file: str, keys: list[str], value: Any, wanted: str
) -> None:
    """Block, flow, empty and JSON mappings are each continued in their own manner."""
    assert inserted(text, 0, keys, value, Path(file)) == wanted


def test_what_an_alias_shares_is_not_written_into() -> None:
    """A value written behind an anchor would appear in two places."""
    text = "a: &x {b: 1}\nc: *x\n"
    with pytest.raises(policy_logic.FactsError) as fault:
        inserted(text, 0, ["c", "d"], 2, Path("x.yaml"))
    assert fault.value.problems[0].code == "facts.insert_form"
