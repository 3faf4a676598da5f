"""Faults planted in policies are found, each with an applicant who shows it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import policy_logic
from policy_logic.facts.reader import read_text
from policy_logic.lab.checking import check
from policy_logic.lab.facts_file import facts_text
from policy_logic.rulebook.load import shipped_rules
from small_policy import NAME, Grant, share, small_policy, tier

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.lab.finding import Finding, Shown
    from policy_logic.rulebook.policy import Rulebook


def _found(
    folder: Path, *grants: Grant, cliff: int = 100_000
) -> tuple[Rulebook, dict[str, Finding]]:
    """Check a small policy; return its findings by id."""
    book = _alone(folder, small_policy(*grants))
    (checked,) = check(book, [NAME], cliff, processes=1)
    return book, {finding.id: finding for finding in checked.findings}


def _alone(folder: Path, files: dict[str, str]) -> Rulebook:
    """Load what all policies share and one policy made of texts."""
    rules = _shared(folder)
    (rules / NAME).mkdir()
    digest = hashlib.sha256(files["text.txt"].encode()).hexdigest()
    for file, text in files.items():
        (rules / NAME / file).write_text(text.replace("DIGEST", digest), encoding="utf-8")
    return policy_logic.load_rulebook(rules)


def _shared(folder: Path) -> Path:
    """Return a folder of rules with what all policies share, and no policy."""
    rules = folder / "rules"
    rules.mkdir()
    for file in shipped_rules().iterdir():
        if file.is_file():
            shutil.copy(file, rules)
    return rules


def _planned(book: Rulebook, view: Shown) -> dict[str, int]:
    """Plan an applicant from its facts file; return what each line of the policy pays."""
    (case,) = read_text(facts_text(view.facts, book), book.vocabulary)
    decision = policy_logic.plan(case, book=book)
    return {d.claim.line: d.paid.potential for d in decision.candidates if d.chosen}


def _faults(findings: dict[str, Finding]) -> set[str]:
    return {name for name, finding in findings.items() if finding.grade == "fault"}


def test_a_sound_policy_has_no_faults(tmp_path: Path) -> None:
    """Two tiers that meet, and a share that its cap cuts for some, raise nothing."""
    _, findings = _found(
        tmp_path, tier("low", 100, 200, 5), tier("high", 200, None, 15),
        replace(share("share", 100, 10, 50), matter="online_heat"),
    )  # fmt: skip
    assert _faults(findings) == set()


def test_a_line_nobody_can_be_granted_is_found(tmp_path: Path) -> None:
    """A revenue of 300 or more that is less than 200: the applicant meets all but one of them."""
    book, findings = _found(tmp_path, tier("never", 300, 200, 5))
    finding = findings[f"check.unreachable:{NAME}.never"]
    (nearly,) = finding.shown
    assert _planned(book, nearly) == {}
    assert nearly.facts["work"]["work"]["split_revenue"]
    assert "300万元" in finding.clauses[0]


def test_a_line_never_worth_claiming_is_found(tmp_path: Path) -> None:
    """A line that excludes a better one with the same condition can always be left out."""
    barred = f"""
excludes(claim("{NAME}.poor", Work, Year, none), claim("{NAME}.rich", Work, Year, none)) :-
    in_play(claim("{NAME}.poor", Work, Year, none)),
    in_play(claim("{NAME}.rich", Work, Year, none)).
"""
    poor, rich = tier("poor", 100, None, 5), tier("rich", 100, None, 9)
    book, findings = _found(tmp_path, replace(poor, rules=poor.rules + barred), rich)
    finding = findings[f"check.worthless:{NAME}.poor"]
    assert _planned(book, finding.shown[0]) == {f"{NAME}.rich": 90_000}
    assert f"check.worthless:{NAME}.rich" not in findings


def test_a_cap_that_never_binds_is_found_with_the_highest_sum(tmp_path: Path) -> None:
    """Five per cent of less than 200 is at most 100,000 less a yuan: a cap of 20 is idle."""
    book, findings = _found(tmp_path, share("idle", 100, 5, 20, most=200))
    finding = findings[f"check.cap:{NAME}.idle_cap@{NAME}.idle/idle"]
    assert finding.details["before_the_cap"] == 99_999
    assert _planned(book, finding.shown[0]) == {f"{NAME}.idle": 99_999}


def test_a_cap_that_always_binds_is_found(tmp_path: Path) -> None:
    """A cap of 20 where 200 was meant: ten per cent of 300 or more is always over it."""
    book, findings = _found(tmp_path, share("always", 300, 10, 20))
    finding = findings[f"check.cap:{NAME}.always_cap@{NAME}.always/always"]
    assert finding.details["before_the_cap"] == 300_000
    assert _planned(book, finding.shown[0]) == {f"{NAME}.always": 200_000}


def test_two_lines_for_one_matter_with_nothing_between_are_found(tmp_path: Path) -> None:
    """Two lines of one matter and of overlapping conditions are both paid."""
    book, findings = _found(tmp_path, tier("one", 100, None, 5), share("two", 200, 10, 60))
    finding = findings[f"check.stacking:{NAME}.one+{NAME}.two"]
    assert set(_planned(book, finding.shown[0])) == {f"{NAME}.one", f"{NAME}.two"}


def test_an_exclusion_in_one_order_of_years_only_is_found(tmp_path: Path) -> None:
    """The exclusion holds if the first line's year is the earlier one, not if it is the later."""
    one, two = tier("one", 100, 200, 5), tier("two", 200, None, 15)
    rule = f"""
excludes(claim("{NAME}.one", Work, Year, none), claim("{NAME}.two", Work, Year', none)) :-
    in_play(claim("{NAME}.one", Work, Year, none)),
    in_play(claim("{NAME}.two", Work, Year', none)),
    Year < Year'.
"""
    book, findings = _found(tmp_path, replace(one, rules=one.rules + rule), two)
    finding = findings[f"check.exclusion:{NAME}.one+{NAME}.two/one way"]
    excluded, free = finding.shown
    assert _planned(book, excluded) == {f"{NAME}.two": 150_000}
    assert _planned(book, free) == {f"{NAME}.one": 50_000, f"{NAME}.two": 150_000}


def test_an_exclusion_that_never_applies_is_found(tmp_path: Path) -> None:
    """Two tiers that cannot be met in one year exclude each other in vain."""
    one, two = tier("one", 100, 200, 5), tier("two", 200, None, 15)
    rule = f"""
excludes(claim("{NAME}.one", Work, Year, none), claim("{NAME}.two", Work, Year, none)) :-
    in_play(claim("{NAME}.one", Work, Year, none)),
    in_play(claim("{NAME}.two", Work, Year, none)).
"""
    _, findings = _found(tmp_path, replace(one, rules=one.rules + rule), two)
    assert f"check.exclusion:one/{NAME}.one#1" in findings


def test_a_gap_between_tiers_is_found(tmp_path: Path) -> None:
    """Between 200 and 300 no tier applies: who earns more is paid nothing."""
    book, findings = _found(tmp_path, tier("low", 100, 200, 5), tier("high", 300, None, 15))
    (gap,) = (finding for finding in findings.values() if finding.form == "gap")
    assert (gap.details["first"], gap.details["last"]) == ("2000000", "2999999")
    served, missed = gap.shown
    assert _planned(book, served) == {f"{NAME}.low": 50_000}
    assert _planned(book, missed) == {}


def test_tiers_that_overlap_are_found(tmp_path: Path) -> None:
    """From 200 to 300 both tiers apply and both are paid."""
    book, findings = _found(tmp_path, tier("low", 100, 300, 5), tier("high", 200, None, 15))
    (overlap,) = (finding for finding in findings.values() if finding.form == "overlap")
    assert _planned(book, overlap.shown[0]) == {f"{NAME}.low": 50_000, f"{NAME}.high": 150_000}


def test_a_border_that_two_tiers_share_is_an_overlap(tmp_path: Path) -> None:
    """Not above 200, and 200 or more: at exactly 200 both tiers apply."""
    book, findings = _found(
        tmp_path, tier("low", 100, 200, 5, top="<="), tier("high", 200, None, 15)
    )
    (overlap,) = (finding for finding in findings.values() if finding.form == "overlap")
    assert overlap.shown[0].facts["work"]["work"]["split_revenue"] == {2025: 2_000_000}
    assert len(_planned(book, overlap.shown[0])) == 2


def test_two_sums_of_one_line_are_an_overlap(tmp_path: Path) -> None:
    """A line with two tiers of its own that meet in one value comes to two sums there."""
    grant = Grant(
        "two",
        "条目two：对年度分账收入达到100万元的作品奖励5万元，达到300万元的奖励15万元。",
        f"""
eligible("{NAME}.two", Work, year(Year)) :-
    number("{NAME}.two_least", Least),
    split_revenue(Work, Year, Revenue),
    Revenue >= Least.
amount("{NAME}.two", Work, year(Year), Yuan) :-
    eligible("{NAME}.two", Work, year(Year)),
    number("{NAME}.two_low", Yuan).
amount("{NAME}.two", Work, year(Year), Yuan) :-
    eligible("{NAME}.two", Work, year(Year)),
    split_revenue(Work, Year, Revenue),
    number("{NAME}.two_more", More),
    Revenue >= More,
    number("{NAME}.two_high", Yuan).
""",
        {
            "least": (1_000_000, "money", "100万元"),
            "low": (50_000, "money", "5万元"),
            "more": (3_000_000, "money", "300万元"),
            "high": (150_000, "money", "15万元"),
        },
    )
    _, findings = _found(tmp_path, grant)
    assert findings[f"check.overlap:{NAME}.two"].shown[0].facts["work"]["work"]


def test_more_that_pays_less_is_found_to_the_yuan(tmp_path: Path) -> None:
    """The higher tier pays less than the lower one: one yuan more of revenue costs 200,000."""
    book, findings = _found(tmp_path, tier("low", 100, 200, 30), tier("high", 200, None, 10))
    finding = next(f for f in findings.values() if f.form == "less")
    below, above = finding.shown
    assert (below.potential, above.potential) == (300_000, 100_000)
    assert below.facts["work"]["work"]["split_revenue"] == {2025: 1_999_999}
    assert above.facts["work"]["work"]["split_revenue"] == {2025: 2_000_000}
    assert _planned(book, above) == {f"{NAME}.high": 100_000}


def test_cliffs_are_ranked_and_small_ones_left_out(tmp_path: Path) -> None:
    """A jump below the stated sum is no cliff; the others come the highest first."""
    grants = tier("small", 100, None, 5), tier("big", 200, None, 90), tier("mid", 300, None, 40)
    _, findings = _found(tmp_path, *grants)
    cliffs = [finding for finding in findings.values() if finding.form == "cliff"]
    assert [finding.details["jump"] for finding in cliffs] == [900_000, 400_000]
    assert all(finding.grade == "remark" for finding in cliffs)


def test_a_number_of_the_text_without_a_rule_is_found(tmp_path: Path) -> None:
    """A condition of the text that the rules forgot shows in its number."""
    grant = tier("one", 100, None, 5)
    forgotten = "播放量达到500万次的"
    sentence = grant.sentence.replace("的作品", f"、{forgotten}作品")
    files = replace(grant, sentence=sentence)
    _, findings = _found(tmp_path, files)
    (finding,) = (f for f in findings.values() if f.form == "number")
    assert "500万" in finding.words.zh


def test_a_number_in_words_counts_and_the_one_of_once_does_not(tmp_path: Path) -> None:
    """Of 前三项 and 一次性 only the first is a number that a rule might have forgotten."""
    grant = tier("one", 100, None, 5)
    sentence = grant.sentence.replace("的作品", "、主营业务前三项含制作的作品").replace(
        "奖励", "一次性奖励"
    )
    _, findings = _found(tmp_path, replace(grant, sentence=sentence))
    (finding,) = (f for f in findings.values() if f.form == "number")
    assert finding.about.startswith("三项@")


def test_a_threshold_read_otherwise_than_worded_is_found(tmp_path: Path) -> None:
    """The text says 达到 and the rule asks for more."""
    grant = tier("one", 100, None, 5)
    strict = replace(grant, rules=grant.rules.replace("Revenue >= Least", "Revenue > Least"))
    _, findings = _found(tmp_path, strict)
    assert f"check.wording:{NAME}.one_least" in findings


def test_a_strict_threshold_beside_another_is_shown_by_who_stands_on_it(tmp_path: Path) -> None:
    """Exactly the number is refused, one yuan more is granted."""
    grant = tier("one", 100, None, 5)
    strict = replace(
        grant,
        sentence=grant.sentence.replace("达到", "超过"),
        rules=grant.rules.replace("Revenue >= Least", "Revenue > Least"),
    )
    other = replace(tier("two", 200, None, 5), matter="online_heat")
    book, findings = _found(tmp_path, strict, other)
    on, beyond = findings[f"check.border:{NAME}.one_least"].shown
    assert on.facts["work"]["work"]["split_revenue"] == {2025: 1_000_000}
    assert _planned(book, on) == {}
    assert _planned(book, beyond) == {f"{NAME}.one": 50_000}


def _spoilt(folder: Path, policy: str, *changes: tuple[str, str, str]) -> Rulebook:
    """Load one shipped policy with words of its files taken otherwise."""
    rules = _shared(folder)
    shutil.copytree(shipped_rules() / policy, rules / policy)
    for file, old, new in changes:
        path = rules / policy / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")
    about = rules / policy / "policy.toml"
    digest = hashlib.sha256((rules / policy / "text.txt").read_bytes()).hexdigest()
    before = policy_logic.load_rulebook().policies[policy].text_sha256
    about.write_text(about.read_text(encoding="utf-8").replace(before, digest), encoding="utf-8")
    return policy_logic.load_rulebook(rules)


def _ids(book: Rulebook, policy: str) -> dict[str, Finding]:
    (checked,) = check(book, [policy], processes=1)
    return {finding.id: finding for finding in checked.findings}


def test_a_yearly_cap_of_20_for_200_makes_the_cap_of_a_work_idle(tmp_path: Path) -> None:
    """A slip of the pen in the yearly cap of Datong cuts every single work."""
    clause = "每家企业每年该项资金扶持最高不超过 200 万元。"
    spoilt = clause.replace("200", "20")
    number = f'value = 2_000_000\ntype = "money"\nclause = "{clause[:-1]}"\nwritten = "200 万元"'
    less = number.replace("2_000_000", "200_000").replace("200 万元", "20 万元")
    book = _spoilt(
        tmp_path,
        "datong",
        ("text.txt", clause, spoilt),
        ("rules.lp", clause, spoilt),
        ("numbers.toml", number, less),
    )
    finding = _ids(book, "datong")[
        "check.cap:datong.horizontal_work_cap@datong.2-1.horizontal/above"
    ]
    assert finding.shown[0].potential == 200_000


def test_a_missing_level_lets_two_recognitions_be_paid(tmp_path: Path) -> None:
    """Without its row among the levels, a park is paid for both recognitions."""
    book = _spoilt(
        tmp_path,
        "ganzhou",
        ("rules.lp", 'level_of("ganzhou.8.demo_park.provincial", "ganzhou.demo_park").\n', ""),
    )
    finding = _ids(book, "ganzhou")[
        "check.stacking:ganzhou.8.demo_park.national+ganzhou.8.demo_park.provincial"
    ]
    assert len(_planned(book, finding.shown[0])) == 2


def test_an_impossible_condition_in_a_real_policy_is_found(tmp_path: Path) -> None:
    """A second comparison that cannot hold beside the first takes Pingyuan's line out of reach."""
    book = _spoilt(
        tmp_path,
        "pingyuan",
        ("rules.lp", "    Share >= Minimum,\n", "    Share >= Minimum,\n    Share < Minimum,\n"),
    )
    finding = _ids(book, "pingyuan")["check.unreachable:pingyuan.3-1.shooting"]
    (nearly,) = finding.shown
    assert "rules.lp" in nearly.name.en
    assert nearly.facts["work"]["work"]["shot_share"]


def test_a_lower_sum_for_the_higher_figure_in_a_real_policy_is_found(tmp_path: Path) -> None:
    """A limit from above, planted in Ganzhou's venue line, makes one more crew cost the subsidy."""
    old = "    crews(Venue, Year, Count),\n    Count >= Minimum,\n"
    new = old + '    number("ganzhou.shooting_days_minimum", Most),\n    Count < Most,\n'
    book = _spoilt(tmp_path, "ganzhou", ("rules.lp", old, new))
    below, above = _ids(book, "ganzhou")["check.less:ganzhou.7.venue/crews"].shown
    assert below.facts["venue"]["venue"]["crews"] == {2025: 29}
    assert (below.potential, above.potential) == (50_000, 0)
    assert _planned(book, below) == {"ganzhou.7.venue": 50_000}
