"""An auditor's comparison: what was paid against what was due."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import policy_logic
from policy_logic.cli.app import app
from policy_logic.decide.granted import DIFFERING, compare_granted
from policy_logic.facts.granted import read_granted

EXAMPLES = Path(__file__).resolve().parents[1] / "facts" / "examples"
STUDIO = EXAMPLES / "datong-studio.yaml"
HEAD = "line,subject,year,trigger,amount,on,reference\n"
RIGHT = """\
datong.2-1.horizontal,gucheng,2025,,1500000,2026-05-01,文旅字〔2026〕8号
datong.2-3.annual_excellent.national,gucheng,,,80000,,
datong.2-3.quarterly_excellent.provincial,gucheng,,,30000,,
datong.2-6.event,salon,,,200000,,
"""
PLANNER = policy_logic.planner(STUDIO)


def run(*arguments: object) -> Any:
    """Run a command and return what it printed and its exit code."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


def compared(folder: Path, rows: str, *more: object) -> dict[str, Any]:
    """Return what ``plan --granted`` prints of the studio as JSON, for rows of a CSV file."""
    file = folder / "granted.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    printed = run("plan", STUDIO, "--granted", file, "--format", "json", *more).stdout
    found: dict[str, Any] = json.loads(printed)
    return found


def findings(document: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """Return what was found of each claim, and the difference."""
    return {row["claim"]: (row["finding"], row["difference"]) for row in document["findings"]}


def test_what_is_paid_as_decided_is_no_difference(tmp_path: Path) -> None:
    """All that is certain was paid; what is not certain need not be."""
    found = compared(tmp_path, RIGHT)
    assert found["differs"] is False
    assert found["sums"]["paid"] == 1_810_000
    assert found["sums"]["as_decided"]["count"] == 4
    open_ones = [claim for claim, (kind, _) in findings(found).items() if kind == "not_certain"]
    assert len(open_ones) == 5
    first = found["findings"][0]
    assert (first["on"], first["reference"]) == ("2026-05-01", "文旅字〔2026〕8号")
    assert first["place"].endswith("granted.csv:2")


def test_the_exit_status_says_whether_anything_differs(tmp_path: Path) -> None:
    """0 if everything was paid as decided, 1 if not."""
    file = tmp_path / "granted.csv"
    file.write_text(HEAD + RIGHT, encoding="utf-8")
    assert run("plan", STUDIO, "--granted", file).exit_code == 0
    file.write_text(HEAD + RIGHT.replace("80000", "79999"), encoding="utf-8")
    assert run("plan", STUDIO, "--granted", file).exit_code == 1


def test_each_kind_of_difference_has_its_reason(tmp_path: Path) -> None:
    """Too much names the calculation and the cap, not due what fails, not paid what is certain."""
    found = compared(
        tmp_path,
        "datong.2-1.horizontal,gucheng,2025,,1500000,,\n"
        "datong.2-1.horizontal,yungang,2025,,735000,,\n"  # the cap leaves 500,000
        "datong.2-2.shooting,yungang,2025,,90000,,\n"  # exactly 20% of footage
        "datong.2-6.event,salon,,,150000,,\n"  # fixed at 200,000
        "datong.2-3.annual_excellent.national,gucheng,,,80000,,\n",
    )
    told = findings(found)
    assert told["datong.2-1.horizontal/yungang/2025"] == ("too_much", 235_000)
    assert told["datong.2-2.shooting/yungang/2025"] == ("not_due", 90_000)
    assert told["datong.2-6.event/salon"] == ("too_little", -50_000)
    assert told["datong.2-3.quarterly_excellent.provincial/gucheng"] == ("not_paid", -30_000)
    rows = {row["claim"]: row["because"] for row in found["findings"]}
    text = rows["datong.2-1.horizontal/yungang/2025"]["text"]
    assert "7,350,005 yuan × rate of support, horizontal 10%, rounded down → 735,000" in text
    assert "the plan pays 500,000 yuan" in text
    assert (
        rows["datong.2-2.shooting/yungang/2025"]["failed"][0]["condition"] == "footage_share > 0.2"
    )
    assert "fixed at 200,000 yuan" in rows["datong.2-6.event/salon"]["text"]
    assert found["sums"]["not_due"] == {"count": 1, "paid": 90_000, "difference": 90_000}
    assert found["differs"] is True


def test_a_cap_may_be_divided_otherwise(tmp_path: Path) -> None:
    """2,000,000 in all, none more than it is worth: which work gets how much does not matter."""
    rows = RIGHT + (
        "datong.2-1.horizontal,yungang,2025,,375000,,\n"
        "datong.2-1.vertical,xuankong,2025,,125000,,\n"
    )
    found = compared(tmp_path, rows)
    assert found["differs"] is False
    told = {row["claim"]: row for row in found["findings"]}
    assert told["datong.2-1.vertical/xuankong/2025"]["finding"] == "as_decided"
    assert (
        told["datong.2-1.vertical/xuankong/2025"]["because"]["cap"]
        == "datong.revenue_share_enterprise_cap"
    )
    more = compared(tmp_path, rows.replace("375000", "375001"))
    assert more["differs"] is True


def test_a_ceiling_allows_any_sum_up_to_it(tmp_path: Path) -> None:
    """Minhang's carrier may get anything up to its ceiling of 2,370,000, and no more."""
    file = tmp_path / "granted.yaml"
    carrier = EXAMPLES / "minhang-carrier.yaml"
    for amount, kind in ((1, "as_decided"), (2_370_000, "as_decided"), (2_370_001, "too_much")):
        file.write_text(
            f"- {{line: minhang.1.carrier, subject: zhigu, year: 2026, amount: {amount}}}\n",
            encoding="utf-8",
        )
        printed = run("plan", carrier, "--applicant", "zhigu_yunying", "--granted", file,
                      "--format", "json").stdout  # fmt: skip
        assert findings(json.loads(printed))["minhang.1.carrier/zhigu/2026"][0] == kind


def test_what_excludes_or_was_received_is_the_reason(tmp_path: Path) -> None:
    """A claim that another one excludes, and one that support received rules out, were not due."""
    file = tmp_path / "granted.json"
    file.write_text(
        json.dumps(
            {"granted": [
                {"line": "datong.2-9.rd", "subject": "jingtou", "amount": 385_000},
                {"line": "liaoning.4.online", "subject": "bohai", "amount": 140_000},
            ]}
        ),
        encoding="utf-8",
    )  # fmt: skip
    printed = run("plan", EXAMPLES / "three-places.yaml", "--granted", file,
                  "--format", "json").stdout  # fmt: skip
    rows = {row["claim"]: row for row in json.loads(printed)["findings"]}
    excluded = rows["datong.2-9.rd/jingtou"]
    assert (excluded["finding"], excluded["because"]["kind"]) == ("not_due", "excluded_by")
    assert excluded["because"]["by"] == ["minhang.5.rd/jingtou"]
    received = rows["liaoning.4.online/bohai"]
    assert (received["finding"], received["because"]["kind"]) == ("not_due", "already_received")


def test_a_year_that_can_only_be_one_may_be_left_out(tmp_path: Path) -> None:
    """The growth award has figures for one year, the one-off award counts once."""
    rows = "datong.2-4.growth,yunzhong,,,230000,,\ndatong.2-4.revenue,yunzhong,2025,,300000,,\n"
    told = findings(compared(tmp_path, rows))
    assert told["datong.2-4.growth/yunzhong/2025"] == ("as_decided", 0)
    assert told["datong.2-4.revenue/yunzhong"] == ("as_decided", 0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_findings_reasons_and_sums(language: str, tmp_path: Path) -> None:
    """Both languages name each finding, its reason with the row, and the sums."""
    file = tmp_path / "granted.csv"
    file.write_text(
        HEAD + RIGHT.replace("200000", "200001") + "datong.2-2.shooting,yungang,2025,,1,,\n",
        encoding="utf-8",
    )
    page = run("plan", STUDIO, "--granted", file, "--lang", language).stdout
    words = {
        "en": ("2 things differ", "too much", "not due", "being equal is not enough", "Sums"),
        "zh": ("不一致的有 2 项", "多付", "不应支付", "相等不够", "合计"),
    }[language]
    for word in (*words, "granted.csv:6", "+1"):
        assert word in page


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", HEAD + "datong.2-1.horizontl,gucheng,2025,,1,,\n", "a.csv:2: granted[1].line"),
        ("a.csv", HEAD + "datong.2-1.horizontl,gucheng,2025,,1,,\n", "datong.2-1.horizontal?"),
        ("a.csv", HEAD + "datong.2-9.rd,engin,,,1,,\n", "Did you mean: engine"),
        ("a.csv", HEAD + "datong.2-9.rd,gucheng,,,1,,\n", '"gucheng" is a work'),
        ("a.csv", HEAD + "datong.2-7.overseas_talent,yunzhong,,,1,,\n", "a.csv:2"),
        ("a.csv", HEAD + "datong.2-9.rd,engine,,,1.5万,,\n", "15_000"),
        ("a.csv", HEAD + 'datong.2-9.rd,engine,,,"186,000",,\n', "186_000"),
        ("a.csv", HEAD + "datong.2-9.rd,engine,25,,1,,\n", "granted[1].year"),
        ("a.csv", HEAD + "datong.2-9.rd,engine,,,,,\n", "amount"),
        ("a.csv", HEAD + "datong.2-9.rd,engine,,,1,,\n" * 2, "a.csv:3: datong.2-9.rd/engine is"),
        ("a.csv", HEAD + "datong.2-9.rd,engine,,,1,,,,\n", "9 cells"),
        ("a.csv", "line,subject,amout\ndatong.2-9.rd,engine,1\n", "Did you mean: amount"),
        ("a.csv", "line,line,amount\n", '"line" is empty or used twice'),
        ("a.csv", "", "first row"),
        ("a.csv", HEAD + 'datong.2-9.rd,"engine,,,1,,\n', "not CSV"),
        ("a.yaml", "granted: {line: a}\n", "granted"),
        ("a.yaml", "paid: []\n", "under granted"),
        ("a.yaml", "--- []\n--- []\n", "it has 2"),
        ("a.yaml", "- {line: datong.2-9.rd, subject: engine, amount: 1, amount: 2}\n", "a.yaml:1"),
        ("a.json", '[{"line": "datong.2-9.rd", "subject": "engine", "amount": "1"}]', "a.json:1"),
        ("a.txt", "", "csv"),
        (
            "a.csv",
            HEAD + "datong.2-3.annual_excellent.national,yungang,,,5,2026-02-30,\n",
            "calendar",
        ),
    ],
)
def test_a_wrong_file_names_the_place_and_the_next_step(
    name: str, text: str, words: str, tmp_path: Path
) -> None:
    """Exit status 2, nothing on standard output, and a message with file and line."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    done = run("plan", STUDIO, "--granted", file, "--lang", "en")
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert words in done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_an_entry_that_fits_several_claims_asks_for_the_year(tmp_path: Path) -> None:
    """A work with revenue in two years has two claims of one line."""
    case = tmp_path / "case.yaml"
    text = STUDIO.read_text(encoding="utf-8")
    case.write_text(
        text.replace(
            "split_revenue: {2025: 7_350_005}", "split_revenue: {2025: 2_000_000, 2026: 3_000_000}"
        ),
        encoding="utf-8",
    )
    file = tmp_path / "granted.csv"
    file.write_text(HEAD + "datong.2-1.horizontal,yungang,,,200000,,\n", encoding="utf-8")
    done = run("plan", case, "--granted", file, "--lang", "en")
    assert done.exit_code == 2
    assert "fits several claims" in done.stderr


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """The message has the path."""
    done = run("plan", STUDIO, "--granted", tmp_path / "none.csv", "--lang", "en")
    assert done.exit_code == 2
    assert "none.csv" in done.stderr


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_signs_between_cells_are_read(sign: str, tmp_path: Path) -> None:
    """Semicolons and tabs part cells where the first row has no comma."""
    file = tmp_path / "granted.csv"
    file.write_text("\ufeff" + (HEAD + RIGHT).replace(",", sign), encoding="utf-8")
    assert run("plan", STUDIO, "--granted", file).exit_code == 0


def test_a_comparison_does_not_go_with_a_change(tmp_path: Path) -> None:
    """What was paid is compared with the case as it is."""
    file = tmp_path / "granted.csv"
    file.write_text(HEAD + RIGHT, encoding="utf-8")
    done = run("plan", STUDIO, "--granted", file, "--set", "as_of=2026-07-01", "--lang", "en")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--granted" in done.stderr


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(
            [str(claim) for claim in PLANNER.derivation.candidates]
            + ["datong.2-2.shooting/yungang/2025", "datong.2-1.vertical/gucheng/2025"]
        ),
        st.one_of(st.integers(0, 2_000_000), st.sampled_from([80_000, 230_000, 500_000])),
    )
)
def test_sums_add_up_and_right_payments_differ_in_nothing(
    tmp_path_factory: pytest.TempPathFactory, payments: dict[str, int]
) -> None:
    """Each payment gets one finding; its difference is what it would take to put it right."""
    file = tmp_path_factory.mktemp("granted") / "granted.json"
    rows: list[dict[str, Any]] = [
        dict(zip(("line", "subject", "year"), (*name.split("/"), None), strict=False))
        | {"amount": n}
        for name, n in payments.items()
    ]
    for row in rows:
        row["year"] = int(row["year"]) if row["year"] else None
    file.write_text(json.dumps(rows), encoding="utf-8")
    grants = read_granted(file, PLANNER.case, PLANNER.book.vocabulary)
    found = compare_granted(PLANNER, grants)
    assert found.paid == sum(payments.values())
    assert len([f for f in found.findings if f.grant]) == len(payments)
    assert found.differs == any(f.difference for f in found.findings)
    for finding in found.findings:
        assert (finding.kind in DIFFERING) == bool(finding.difference)
        if finding.kind == "as_decided" and finding.most is not None and not finding.cap:
            assert finding.least <= finding.paid <= finding.most
    right = [
        {**row, "amount": row["amount"] - f.difference}
        for row, f in zip(rows, found.findings, strict=False)
        if row["amount"] - f.difference or f.decided
    ]
    missing = [
        {"line": f.claim.line, "subject": f.claim.subject, "year": f.claim.year, "amount": f.least}
        for f in found.of("not_paid")
    ]
    file.write_text(json.dumps([*right, *missing]), encoding="utf-8")
    again = compare_granted(PLANNER, read_granted(file, PLANNER.case, PLANNER.book.vocabulary))
    assert not again.differs
