"""The command line does what its users see: pages, JSON, exit codes, languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from policy_logic.cli.app import app

EXAMPLE = Path(__file__).resolve().parents[1] / "facts" / "examples" / "datong-studio.yaml"
SMALL = """\
applicant: a
as_of: 2026-06-30
received: []
enterprise: {a: {main_businesses: [production], operating_revenue: {2025: %d}}}
"""


def run(*arguments: object, env: dict[str, str] | None = None) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments], env=env)


def test_a_plan_prints_a_page_with_claims_and_totals() -> None:
    """The page names the totals, each claim, the cap that binds and the claim left out."""
    page = run("plan", EXAMPLE, "--lang", "zh").stdout
    for words in ("确定 1,810,000 元", "最高 3,290,000 元", "云冈来信", "上限起作用", "备选"):
        assert words in page


def test_the_page_speaks_both_languages() -> None:
    """An English page has no Chinese sentence of the program's own."""
    page = run("plan", EXAMPLE, "--lang", "en").stdout
    assert "Claims to file (9)" in page
    assert "建议申报" not in page


def test_the_language_follows_the_locale() -> None:
    """Without --lang the locale decides, and LC_ALL counts before LANG."""
    chinese = run("rules", "list", env={"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"})
    english = run("rules", "list", env={"LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"})
    assert "26 个条目" in chinese.stdout
    assert "26 lines" in english.stdout


def test_a_plan_as_json_follows_the_contract() -> None:
    """The JSON has the fields of the contract, and the paid sums add up to the totals."""
    decision = json.loads(run("plan", EXAMPLE, "--format", "json").stdout)
    assert decision["schema"] == "policy-logic/decision/1"
    assert decision["optimality"]["proved"] is True
    for measure in ("firm", "potential"):
        paid = sum(candidate["paid"][measure] for candidate in decision["candidates"])
        assert paid == decision["totals"][measure]
    fields = {"line", "policy", "article", "recipient", "subject", "year", "cap_year", "trigger",
              "determinacy", "review", "amount", "chosen", "reserve", "paid", "rejected_because",
              "hypothetical"}  # fmt: skip
    assert all(fields <= set(candidate) for candidate in decision["candidates"])


def test_refusals_can_be_left_out() -> None:
    """--no-refusals leaves the key out of the JSON."""
    decision = json.loads(run("plan", EXAMPLE, "--format", "json", "--no-refusals").stdout)
    assert "refusals" not in decision


def test_a_reading_can_be_chosen_on_the_command_line() -> None:
    """--reading wins over the case and changes what follows."""
    plain = json.loads(run("plan", EXAMPLE, "--format", "json").stdout)
    chosen = json.loads(
        run(
            "plan", EXAMPLE, "--format", "json", "--reading", "datong.rd_scope=second_sentence"
        ).stdout
    )
    assert plain["totals"]["potential"] - chosen["totals"]["potential"] == 186_000


def test_the_firm_objective_makes_the_certain_sum_highest() -> None:
    """--objective firm is named in the decision and never lowers the certain sum."""
    plain = json.loads(run("plan", EXAMPLE, "--format", "json").stdout)
    firm = json.loads(run("plan", EXAMPLE, "--format", "json", "--objective", "firm").stdout)
    assert firm["objective"] == "firm"
    assert firm["totals"]["firm"] >= plain["totals"]["firm"]


@pytest.mark.parametrize("form", ["folder", "documents", "lines"])
def test_many_cases_come_out_as_json_lines_in_order(form: str, tmp_path: Path) -> None:
    """A folder, a YAML of several documents and JSON Lines give a decision a line, in order."""
    revenues = [4_999_999, 5_000_000, 7_000_000]
    if form == "folder":
        for number, revenue in enumerate(revenues):
            (tmp_path / f"{number}.yaml").write_text(SMALL % revenue, encoding="utf-8")
        source = tmp_path
    elif form == "documents":
        source = tmp_path / "many.yaml"
        source.write_text("---\n".join(SMALL % r for r in revenues), encoding="utf-8")
    else:
        source = tmp_path / "many.jsonl"
        case: dict[str, Any] = {"applicant": "a", "as_of": "2026-06-30", "received": []}
        rows = [
            {**case, "enterprise": {"a": {"main_businesses": ["production"],
                                          "operating_revenue": {"2025": revenue}}}}
            for revenue in revenues
        ]  # fmt: skip
        source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    printed = run("plan", source, "--format", "json").stdout.splitlines()
    totals = [json.loads(line)["totals"]["potential"] for line in printed]
    assert totals == [0, 300_000, 300_000]


def test_one_wrong_case_of_many_prints_nothing_else(tmp_path: Path) -> None:
    """Nothing is half-written: all cases are checked before the first decision is printed."""
    (tmp_path / "1.yaml").write_text(SMALL % 5_000_000, encoding="utf-8")
    (tmp_path / "2.yaml").write_text(SMALL.replace("as_of", "as_off") % 5_000_000, encoding="utf-8")
    done = run("plan", tmp_path)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "as_of" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "nothing.yaml"), "nothing.yaml"),
        (("why", EXAMPLE, "datong.2-1.horizontl"), "datong.2-1.horizontal"),
        (("why", EXAMPLE, "datong.2-1.horizontal", "guchen"), "gucheng"),
        (("why", EXAMPLE, "datong.2-7.overseas_talent"), "rules show"),
        (("why", EXAMPLE, "datong.2-5.park", "gucheng"), "park"),
        (("why", EXAMPLE, "datong.2-5.park"), "park"),
        (("plan", EXAMPLE, "--reading", "datong.level=highest"), "datong.levels"),
        (("plan", EXAMPLE, "--reading", "datong.levels=top"), "cumulative, highest"),
        (("plan", EXAMPLE, "--reading", "datong.levels"), "NAME=VALUE"),
        (("plan", EXAMPLE, "--time-limit", "0"), "seconds"),
        (("rules", "list", "ganzho"), "datong"),
        (("rules", "show", "datong.2-9"), "datong.2-9.rd"),
    ],
)
def test_a_wrong_question_gets_one_clear_answer(arguments: tuple[object, ...], words: str) -> None:
    """Exit status 2, nothing on standard output, and a message that names the next step."""
    done = run(*arguments, "--lang", "en") if arguments[0] != "facts" else run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_why_tells_the_calculation_of_a_capped_claim() -> None:
    """Base, rate, product, cap per work and shared cap stand in the account, with the clause."""
    told = run("why", EXAMPLE, "datong.2-1.horizontal", "yungang", "2025", "--lang", "zh").stdout
    for words in (
        "735.0005 万元（7,350,005 元） × 横屏作品扶持比例 10%，向下取整 → 73.5 万元（735,000 元）",
        "不超过横屏作品每部上限 150 万元（1,500,000 元）",
        "单独 73.5 万元（735,000 元），在上限内支付 50 万元（500,000 元）",
        "每家企业每年该项资金扶持最高不超过 200 万元",
    ):
        assert words in told


def test_why_names_every_missing_condition_of_a_refused_line() -> None:
    """A work that is vertical and earned too little hears both, with the distance."""
    told = run("why", EXAMPLE, "datong.2-1.horizontal", "xuankong", "2025", "--lang", "en").stdout
    assert "must be horizontal; it is vertical" in told
    assert "short by 750,000 yuan" in told


def test_a_share_of_exactly_one_fifth_is_not_more() -> None:
    """The refusal says that being equal is not enough."""
    told = run("why", EXAMPLE, "datong.2-2.shooting", "yungang", "2025", "--lang", "en").stdout
    assert "being equal is not enough" in told


@pytest.mark.parametrize(("form", "words"), [("mermaid", "flowchart"), ("dot", "digraph")])
def test_a_proof_can_be_drawn(form: str, words: str) -> None:
    """Mermaid and Graphviz get a graph with nodes and edges."""
    drawn = run("why", EXAMPLE, "datong.2-9.rd", "--format", form).stdout
    assert drawn.startswith(words)
    assert "->" in drawn or "-->" in drawn


def test_rules_list_and_show_catalogue_the_lines() -> None:
    """All 26 lines of the first policy are listed, and each can be shown."""
    lines = json.loads(run("rules", "list", "datong", "--format", "json").stdout)
    assert len(lines) == 26
    for line in lines:
        shown = json.loads(run("rules", "show", line["line"], "--format", "json").stdout)
        assert shown["clauses"]
        assert bool(shown["rules"]) == (line["class"] != "hortatory")


def test_facts_check_says_what_a_case_holds() -> None:
    """A right case gets a line that counts its entities and facts."""
    done = run("facts", "check", EXAMPLE, "--lang", "en")
    assert done.exit_code == 0
    assert "right. Applicant yunzhong" in done.stdout


def test_the_schema_is_printed_as_json() -> None:
    """The schema names every kind of entity."""
    schema = json.loads(run("facts", "schema").stdout)
    assert {"applicant", "enterprise", "work", "park"} <= set(schema["properties"])
