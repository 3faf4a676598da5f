"""Caps inside caps, over the lines of two policies: a work's, a line's, a policy's, a programme's.

Both policies are invented; what they pay is reckoned here by hand, and by trying every set.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import pytest

import policy_logic
from policy_folder import shipped_rules_and_all
from policy_logic.cli.verify_page import planner_as_asked
from policy_logic.verify.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Collection

    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.selection import Engine

TEXTS: Final = {
    "alpha": """甲办法
一、对作品按年度分账收入的 10% 给予奖励，每部每年最高 20 万元，每家企业每年该项最高 50 万元。
二、对企业按年度营业收入的 1% 给予奖励，一、二两项每家企业每年合计最高 60 万元。
三、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
""",
    "beta": """乙办法
一、对作品按年度分账收入的 5% 给予奖励，连同甲办法每家企业每年合计最高 70 万元。
二、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
""",
}
LINES: Final = {
    "alpha.1.work": ("一", "work", "first_producer"),
    "alpha.2.enterprise": ("二", "enterprise", "itself"),
    "beta.1.work": ("一", "work", "first_producer"),
}
NUMBERS: Final = {
    "alpha": [
        ("work_rate", "0.1", "share", "按年度分账收入的 10%", "10%"),
        ("work_cap", 200_000, "money", "每部每年最高 20 万元", "20 万元"),
        ("line_cap", 500_000, "money", "每家企业每年该项最高 50 万元", "50 万元"),
        ("enterprise_rate", "0.01", "share", "按年度营业收入的 1%", "1%"),
        ("policy_cap", 600_000, "money", "每家企业每年合计最高 60 万元", "60 万元"),
    ],
    "beta": [
        ("work_rate", "0.05", "share", "按年度分账收入的 5%", "5%"),
        ("programme_cap", 700_000, "money", "每家企业每年合计最高 70 万元", "70 万元"),
    ],
}
RULES: Final = {
    "alpha": """
%# 甲办法
%## 一 alpha.1.work
%> 一、对作品按年度分账收入的 10% 给予奖励，每部每年最高 20 万元，每家企业每年该项最高 50 万元。
eligible("alpha.1.work", Work, year(Year)) :-
    split_revenue(Work, Year, _).
amount("alpha.1.work", Work, year(Year), Yuan) :-
    split_revenue(Work, Year, Revenue),
    number("alpha.work_rate", Rate),
    number("alpha.work_cap", Cap),
    Yuan = @at_most(@portion(Revenue, Rate), Cap).
annual_cap("alpha.1.work", "alpha.line_cap").
%## 二 alpha.2.enterprise
%> 二、对企业按年度营业收入的 1% 给予奖励，一、二两项每家企业每年合计最高 60 万元。
eligible("alpha.2.enterprise", Enterprise, year(Year)) :-
    operating_revenue(Enterprise, Year, _).
amount("alpha.2.enterprise", Enterprise, year(Year), Yuan) :-
    operating_revenue(Enterprise, Year, Revenue),
    number("alpha.enterprise_rate", Rate),
    Yuan = @portion(Revenue, Rate).
annual_cap("alpha.1.work", "alpha.policy_cap").
annual_cap("alpha.2.enterprise", "alpha.policy_cap").
%## 三 alpha.3 force
%> 三、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
% Validity stands in policy.toml.
""",
    "beta": """
%# 乙办法
%## 一 beta.1.work
%> 一、对作品按年度分账收入的 5% 给予奖励，连同甲办法每家企业每年合计最高 70 万元。
eligible("beta.1.work", Work, year(Year)) :-
    split_revenue(Work, Year, _).
amount("beta.1.work", Work, year(Year), Yuan) :-
    split_revenue(Work, Year, Revenue),
    number("beta.work_rate", Rate),
    Yuan = @portion(Revenue, Rate).
annual_cap("beta.1.work", "beta.programme_cap").
annual_cap("alpha.1.work", "beta.programme_cap").
annual_cap("alpha.2.enterprise", "beta.programme_cap").
%## 二 beta.2 force
%> 二、本办法自 2025 年 1 月 1 日起施行，有效期 3 年。
% Validity stands in policy.toml.
""",
}
CLAUSE: Final = "本办法自 2025 年 1 月 1 日起施行，有效期 3 年。"


def _about(policy: str) -> str:
    title = TEXTS[policy].splitlines()[0]
    parts = [
        f"""
title = {{zh = "{title}", en = "Measures {policy}"}}
number = ""
issuer = {{zh = "某省", en = "Invented Province"}}
place = "{policy}"
status = "in_force"
source = "invented for this test"
text_sha256 = "DIGEST"
[validity]
clause = "{CLAUSE}"
from = 2025-01-01
years = 3
[[uncovered]]
quote = "{title}"
reason = {{zh = "标题。", en = "Title."}}
"""
    ]
    parts += [
        f"""
[line."{line}"]
article = "{article}"
class = "monetary"
subject = ["{kind}"]
recipient = ["{recipient}"]
per = "year"
determinacy = "exact"
review = "none"
matter = "{line}"
zh = "{line}"
en = "{line}"
"""
        for line, (article, kind, recipient) in LINES.items()
        if line.startswith(policy)
    ]
    return "".join(parts)


def _numbers(policy: str) -> str:
    return "".join(
        f"""
[{name}]
value = {value if kind == "money" else f'"{value}"'}
type = "{kind}"
clause = "{clause}"
written = "{written}"
zh = "{name}"
en = "{name}"
"""
        for name, value, kind, clause, written in NUMBERS[policy]
    )


def _words(policy: str) -> str:
    own = {line: kind for line, (_, kind, _) in LINES.items() if line.startswith(policy)}
    of_kind = {kind: [line for line in own if own[line] == kind] for kind in set(own.values())}
    figure = {"work": "split_revenue", "enterprise": "operating_revenue"}
    parts = [f'[kind.policy]\nids = ["{policy}"]\n']
    parts += [f"[kind.{kind}]\nsubject_of = {lines}\n" for kind, lines in of_kind.items()]
    parts += [
        f"[attribute.{kind}.{figure[kind]}]\nlines = {lines}\n" for kind, lines in of_kind.items()
    ]
    parts += ["[line_event]\n", *(f'"{line}" = "year"\n' for line in own)]
    parts += ["[line_matter]\n", *(f'"{line}" = "{line}"\n' for line in own)]
    parts += [f'[value.policy]\n{policy} = {{zh = "{policy}", en = "{policy}"}}\n']
    parts += [f'[value.place]\n{policy} = {{zh = "{policy}", en = "{policy}"}}\n']
    parts += [
        "[value.matter]\n",
        *(f'"{line}" = {{zh = "{line}", en = "{line}"}}\n' for line in own),
    ]
    return "".join(parts)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped rules with both policies beside them."""
    policies = {
        policy: {
            "text.txt": TEXTS[policy],
            "policy.toml": _about(policy),
            "numbers.toml": _numbers(policy),
            "readings.toml": "",
            "rules.lp": RULES[policy],
            "sentences.toml": "",
            "vocabulary.toml": _words(policy),
        }
        for policy in TEXTS
    }
    return shipped_rules_and_all(policies, tmp_path_factory.mktemp("rules"))


def case(revenue: int, *works: int) -> dict[str, Any]:
    """Return an enterprise by its revenue, and its works by theirs, all of 2025."""
    return {
        "applicant": "a",
        "as_of": date(2026, 6, 30),
        "received": [],
        "enterprise": {"a": {"kind": "enterprise", "operating_revenue": {2025: revenue}}},
        "work": {
            f"w{number}": {"first_producer": "a", "split_revenue": {2025: own}}
            for number, own in enumerate(works)
        },
    }


def paid(revenue: int, works: tuple[int, ...], claims: Collection[tuple[str, str]]) -> int:
    """Return what a set of claims pays: cap inside cap, written out."""
    tenth = {f"w{number}": min(own // 10, 200_000) for number, own in enumerate(works)}
    line = sum(yuan for work, yuan in tenth.items() if ("alpha.1.work", work) in claims)
    enterprise = revenue // 100 if ("alpha.2.enterprise", "a") in claims else 0
    other = sum(
        own // 20 for number, own in enumerate(works) if ("beta.1.work", f"w{number}") in claims
    )
    return min(min(min(line, 500_000) + enterprise, 600_000) + other, 700_000)


CASES: Final = {
    # 200,000 + 150,000 + 150,000: no cap but the work's.
    "the work's": (15_000_000, (3_000_000,), 500_000),
    # 100,000 + 600,000 are cut to 600,000; with 50,000 they stay below the programme's cap.
    "the policy's": (60_000_000, (1_000_000,), 650_000),
    # 3 times 190,000 are cut to 500,000; with 30,000 and 3 times 95,000 that is cut to 700,000.
    "the line's, the programme's": (3_000_000, (1_900_000, 1_900_000, 1_900_000), 700_000),
    # 200,000 + 190,000 + 180,000 are cut to 500,000, with 150,000 to 600,000, with 335,000 to
    # 700,000.
    "every cap": (15_000_000, (3_000_000, 1_900_000, 1_800_000), 700_000),
    "nothing": (0, (9,), 0),
}


@pytest.mark.parametrize("engine", ["auto", "clingo", "cpsat"])
@pytest.mark.parametrize("name", CASES)
def test_caps_inside_caps_of_two_policies(name: str, engine: Engine, book: Rulebook) -> None:
    """The plan is the one that trying every set singles out, and pays what is reckoned by hand."""
    revenue, works, total = CASES[name]
    planner = policy_logic.planner(case(revenue, *works), engine=engine, book=book)
    decision = planner.decide(refusals=False)
    assert decision.totals.firm == decision.totals.potential == total
    keys = [("alpha.2.enterprise", "a")]
    keys += [(line, f"w{n}") for line in ("alpha.1.work", "beta.1.work") for n in range(len(works))]
    keys = sorted(key for key in keys if paid(revenue, works, {key}))
    sets = [chosen for count in range(len(keys) + 1) for chosen in combinations(keys, count)]
    best = min(sets, key=lambda chosen: (-paid(revenue, works, chosen), len(chosen), chosen))
    assert [(d.claim.line, d.claim.subject) for d in decision.chosen] == [*best]
    assert paid(revenue, works, best) == total
    assert decision.certificate.is_answer_set
    assert decision.certificate.totals_agree


def test_each_cap_is_worth_what_it_cuts(book: Rulebook) -> None:
    """Where the programme's cap binds, a yuan more of it is worth a yuan, and of no other."""
    revenue, works, _ = CASES["every cap"]
    contrast = policy_logic.planner(case(revenue, *works), book=book).contraster.everything()
    gains = {str(pool.args[0]): gain for pool, gain in contrast.caps.items() if gain}
    assert gains == {"beta.programme_cap": 1}


def test_a_decision_under_such_caps_is_confirmed(book: Rulebook) -> None:
    """Verifying finds the same under the same rules."""
    revenue, works, _ = CASES["every cap"]
    facts = next(policy_logic.load_cases(case(revenue, *works), book))
    document = policy_logic.decision_json(policy_logic.plan(facts, book=book))
    assert list(verify(document, planner_as_asked(document, facts, book=book))) == []
