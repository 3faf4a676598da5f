"""A rulebook of one small policy, in which every completion of a case can be tried."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from policy_logic.rulebook.load import load_rulebook, shipped_rules

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.rulebook.policy import Rulebook

TEXT = """某县扶持办法
一、对横屏作品年度分账收入达到 100 万元的，按年度分账收入的 10% 给予第一出品方奖励；
二、对竖屏作品年度分账收入达到 50 万元的，给予 6 万元奖励；
三、每家企业每年最高不超过 15 万元。
四、对获得国际节展奖项且已备案的作品给予 8 万元奖励，与第一条不同时享受。
五、营业收入比上年增长 20 万元以上的，按增长额的 50% 给予奖励，最高 30 万元。
六、有信用负面记录或者提供虚假材料的，不予扶持。
七、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
"""
_LINE = """
[line."tiny.{name}"]
article = "{article}"
class = "monetary"
subject = ["{subject}"]
recipient = ["{recipient}"]
per = "{per}"
determinacy = "exact"
review = "none"
matter = "{matter}"
zh = "{name}"
en = "{name}"
"""
ABOUT = (
    """
title = {zh = "某县扶持办法", en = "Tiny measures"}
number = ""
issuer = {zh = "某县", en = "Tiny County"}
place = "liaoning"
status = "in_force"
source = "invented for this test"
text_sha256 = "DIGEST"
[validity]
clause = "本办法自 2025 年 1 月 1 日起施行，有效期 3 年。"
from = 2025-01-01
years = 3
"""
    + _LINE.format(
        name="1.wide",
        article="一",
        subject="work",
        recipient="first_producer",
        per="year",
        matter="revenue_share",
    )
    + _LINE.format(
        name="2.tall",
        article="二",
        subject="work",
        recipient="first_producer",
        per="year",
        matter="revenue_share",
    )
    + _LINE.format(
        name="4.prize",
        article="四",
        subject="work",
        recipient="first_producer",
        per="once",
        matter="festival",
    )
    + _LINE.format(
        name="5.growth",
        article="五",
        subject="enterprise",
        recipient="itself",
        per="year",
        matter="enterprise_revenue_growth",
    )
    + """
[[uncovered]]
quote = "某县扶持办法"
reason = {zh = "标题。", en = "Title."}
"""
)
_NUMBER = """
[{name}]
value = {value}
type = "{type}"
clause = "{clause}"
written = "{written}"
zh = "{name}"
en = "{name}"
"""
NUMBERS = "".join(
    _NUMBER.format(name=name, value=value, type=kind, clause=clause, written=written)
    for name, value, kind, clause, written in (
        ("wide_minimum", 1_000_000, "money", "年度分账收入达到 100 万元", "100 万元"),
        ("wide_rate", '"0.1"', "share", "按年度分账收入的 10%", "10%"),
        ("tall_minimum", 500_000, "money", "年度分账收入达到 50 万元", "50 万元"),
        ("tall_grant", 60_000, "money", "给予 6 万元奖励", "6 万元"),
        ("yearly_cap", 150_000, "money", "每家企业每年最高不超过 15 万元", "15 万元"),
        ("prize", 80_000, "money", "给予 8 万元奖励", "8 万元"),
        ("growth_minimum", 200_000, "money", "营业收入比上年增长 20 万元以上", "20 万元"),
        ("growth_rate", '"0.5"', "share", "按增长额的 50%", "50%"),
        ("growth_cap", 300_000, "money", "最高 30 万元", "30 万元"),
    )
)
RULES = """
%# 某县扶持办法
%## 一 tiny.1.wide
%> 一、对横屏作品年度分账收入达到 100 万元的，按年度分账收入的 10% 给予第一出品方奖励；
eligible("tiny.1.wide", Work, year(Year)) :-
    fit(Work),
    orientation(Work, "horizontal"),
    number("tiny.wide_minimum", Minimum),
    split_revenue(Work, Year, Revenue),
    Revenue >= Minimum.
amount("tiny.1.wide", Work, year(Year), Yuan) :-
    eligible("tiny.1.wide", Work, year(Year)),
    split_revenue(Work, Year, Revenue),
    number("tiny.wide_rate", Rate),
    Yuan = @portion(Revenue, Rate).
annual_cap("tiny.1.wide", "tiny.yearly_cap").
%## 二 tiny.2.tall
%> 二、对竖屏作品年度分账收入达到 50 万元的，给予 6 万元奖励；
eligible("tiny.2.tall", Work, year(Year)) :-
    fit(Work),
    orientation(Work, "vertical"),
    number("tiny.tall_minimum", Minimum),
    split_revenue(Work, Year, Revenue),
    Revenue >= Minimum.
amount("tiny.2.tall", Work, year(Year), Yuan) :-
    eligible("tiny.2.tall", Work, year(Year)),
    number("tiny.tall_grant", Yuan).
annual_cap("tiny.2.tall", "tiny.yearly_cap").
%## 三 tiny.3 cap
%> 三、每家企业每年最高不超过 15 万元。
% The rules of 一 and 二 draw on it.
%## 四 tiny.4.prize
%> 四、对获得国际节展奖项且已备案的作品给予 8 万元奖励，与第一条不同时享受。
eligible("tiny.4.prize", Work, day(Date)) :-
    fit(Work),
    filed(Work),
    awarded_on(Work, "international_festival", Date).
amount("tiny.4.prize", Work, Occasion, Yuan) :-
    eligible("tiny.4.prize", Work, Occasion),
    number("tiny.prize", Yuan).
excludes(claim("tiny.4.prize", Work, none, none), claim("tiny.1.wide", Work, Year, none)) :-
    in_play(claim("tiny.4.prize", Work, none, none)),
    in_play(claim("tiny.1.wide", Work, Year, none)).
%## 五 tiny.5.growth
%> 五、营业收入比上年增长 20 万元以上的，按增长额的 50% 给予奖励，最高 30 万元。
eligible("tiny.5.growth", Enterprise, year(Year)) :-
    sound(Enterprise),
    year_before(Year, Year'),
    operating_revenue(Enterprise, Year, Revenue),
    operating_revenue(Enterprise, Year', Revenue'),
    number("tiny.growth_minimum", Minimum),
    @minus(Revenue, Revenue') >= Minimum.
amount("tiny.5.growth", Enterprise, year(Year), Yuan) :-
    eligible("tiny.5.growth", Enterprise, year(Year)),
    year_before(Year, Year'),
    operating_revenue(Enterprise, Year, Revenue),
    operating_revenue(Enterprise, Year', Revenue'),
    number("tiny.growth_rate", Rate),
    number("tiny.growth_cap", Cap),
    Yuan = @at_most(@portion(@minus(Revenue, Revenue'), Rate), Cap).
%## 六 tiny.6 barred
%> 六、有信用负面记录或者提供虚假材料的，不予扶持。
fit(Work) :-
    first_producer(Work, Enterprise),
    sound(Enterprise).
sound(Enterprise) :-
    entity("enterprise", Enterprise),
    -false_material(Enterprise),
    not barred(Enterprise).
barred(Enterprise) :-
    bad_credit_record(Enterprise).
%## 七 tiny.7 force
%> 七、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
% Validity stands in policy.toml.
"""
SENTENCES = """
[predicate]
"fit(Work)" = {zh = "{Work}可获扶持", en = "{Work} may be supported"}
"sound(Enterprise)" = {zh = "{Enterprise}无不良情形", en = "{Enterprise} is in good standing"}
"barred(Enterprise)" = {zh = "{Enterprise}不予扶持", en = "{Enterprise} is barred"}
"""
WORDS = """
[kind.work]
subject_of = ["tiny.1.wide", "tiny.2.tall", "tiny.4.prize"]
[kind.enterprise]
subject_of = ["tiny.5.growth"]
[kind.policy]
ids = ["tiny"]
[line_event]
"tiny.1.wide" = "year"
"tiny.2.tall" = "year"
"tiny.4.prize" = "awarded_on"
"tiny.5.growth" = "year"
[value.policy]
tiny = {zh = "某县扶持办法", en = "Tiny measures"}
"""


def tiny_rulebook(into: Path) -> Rulebook:
    """Load the rules that all policies share, and one small policy alone.

    Args:
        into: A folder to work in.
    """
    files = {
        "policy.toml": ABOUT,
        "text.txt": TEXT,
        "numbers.toml": NUMBERS,
        "rules.lp": RULES,
        "sentences.toml": SENTENCES,
        "readings.toml": "",
        "vocabulary.toml": WORDS,
    }
    rules = into / "rules"
    folder = rules / "tiny"
    folder.mkdir(parents=True)
    for shared in shipped_rules().iterdir():
        if shared.is_file():
            shutil.copy(shared, rules)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    for file, text in files.items():
        (folder / file).write_text(text.replace("DIGEST", digest), encoding="utf-8")
    return load_rulebook(rules)
