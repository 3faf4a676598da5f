"""Each property finds a fault planted into a small policy, and none in the policy without it."""

# ruff: noqa: E501, ISC004 - the texts of a policy, quoted word for word

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

import policy_logic
from policy_logic.decide.planning import facts_digest
from policy_logic.facts.reader import case_from_mapping, read_cases
from policy_logic.language import LANGUAGES
from policy_logic.testing import PROPERTIES, applicants, as_yaml
from policy_logic.testing.sides import achievements
from policy_logic.testing.trying import try_property

if TYPE_CHECKING:
    from pathlib import Path

    from policy_logic.rulebook.policy import Rulebook

TEXT = """某县扶持办法
一、对年度分账收入达到 100 万元的作品，按年度分账收入的 10% 给予第一出品方奖励，每部最高不超过 50 万元。
二、对影视企业举办行业活动的，每场补助 5 万元；同一活动由园区举办的，每场补助 8 万元，两项不重复享受，同一活动只补助一次。
三、本办法自 2026 年 1 月 1 日起施行，有效期 2 年。
"""
LINE = """
[line."xian.{key}"]
article = "{article}"
class = "monetary"
subject = ["{subject}"]
recipient = ["{recipient}"]
per = "{per}"
determinacy = "exact"
review = "none"
matter = "{matter}"
zh = "{key}"
en = "{key}"
"""
ABOUT = """
title = {zh = "某县扶持办法", en = "County measures"}
number = ""
issuer = {zh = "某县", en = "A county"}
place = "liaoning"
status = "in_force"
source = "invented for this test"
text_sha256 = "DIGEST"
[validity]
clause = "本办法自 2026 年 1 月 1 日起施行，有效期 2 年。"
from = 2026-01-01
years = 2
[[uncovered]]
quote = "某县扶持办法"
reason = {zh = "标题。", en = "Title."}
"""
NUMBER = """
[{name}]
value = {value}
type = "{type}"
clause = "{clause}"
written = "{written}"
zh = "{name}"
en = "{name}"
"""
RULES = """
%# 某县扶持办法
%## 一 xian.revenue
%> 一、对年度分账收入达到 100 万元的作品，按年度分账收入的 10% 给予第一出品方奖励，每部最高不超过 50 万元。
eligible("xian.revenue", Work, year(Year)) :-
    number("xian.minimum", Minimum),
    split_revenue(Work, Year, Revenue),
    Revenue >= Minimum.
amount("xian.revenue", Work, year(Year), Yuan) :-
    eligible("xian.revenue", Work, year(Year)),
    split_revenue(Work, Year, Revenue),
    number("xian.rate", Rate),
    number("xian.cap", Cap),
    Yuan = @at_most(@portion(Revenue, Rate), Cap).
%## 二 xian.event
%> 二、对影视企业举办行业活动的，每场补助 5 万元；
eligible("xian.event", Event, day(Date)) :-
    held_on(Event, Date).
amount("xian.event", Event, Occasion, Yuan) :-
    eligible("xian.event", Event, Occasion),
    number("xian.event_grant", Yuan).
%## 二 xian.park_event
%> 同一活动由园区举办的，每场补助 8 万元，
eligible("xian.park_event", Event, day(Date)) :-
    held_on(Event, Date),
    kind(Event, "salon").
amount("xian.park_event", Event, Occasion, Yuan) :-
    eligible("xian.park_event", Event, Occasion),
    number("xian.park_event_grant", Yuan).
%## 二 xian.both one of them
%> 两项不重复享受，同一活动只补助一次。
excludes(claim("xian.event", Event, none, none), claim("xian.park_event", Event, none, none)) :-
    in_play(claim("xian.event", Event, none, none)),
    in_play(claim("xian.park_event", Event, none, none)).
%## 三 xian.validity
%> 三、本办法自 2026 年 1 月 1 日起施行，有效期 2 年。
"""
WORDS = """
version = 1
[kind.work]
subject_of = ["xian.revenue"]
[kind.event]
subject_of = ["xian.event", "xian.park_event"]
[attribute.work.first_producer]
lines = ["xian.revenue"]
[attribute.work.split_revenue]
lines = ["xian.revenue"]
[attribute.event.organiser]
lines = ["xian.event", "xian.park_event"]
[attribute.event.held_on]
lines = ["xian.event", "xian.park_event"]
[attribute.event.kind]
lines = ["xian.park_event"]
[value.policy]
xian = {zh = "某县扶持办法", en = "County measures"}
[value.matter]
"event@xian" = {zh = "活动（某县）", en = "events, county"}
[line_event]
"xian.revenue" = "year"
"xian.event" = "held_on"
"xian.park_event" = "held_on"
[line_matter]
"xian.revenue" = "revenue_share"
"xian.event" = "event@xian"
"xian.park_event" = "event@xian"
"""
LINES: Final = [
    {"key": "revenue", "article": "一", "subject": "work", "recipient": "first_producer",
     "per": "year", "matter": "revenue_share"},
    {"key": "event", "article": "二", "subject": "event", "recipient": "organiser",
     "per": "once", "matter": "event@xian"},
    {"key": "park_event", "article": "二", "subject": "event", "recipient": "organiser",
     "per": "once", "matter": "event@xian"},
]  # fmt: skip
NUMBERS: Final = [
    ("minimum", "1_000_000", "money", "年度分账收入达到 100 万元", "100 万元"),
    ("rate", '"0.1"', "share", "按年度分账收入的 10% 给予", "10%"),
    ("cap", "500_000", "money", "每部最高不超过 50 万元", "50 万元"),
    ("event_grant", "50_000", "money", "每场补助 5 万元", "5 万元"),
    ("park_event_grant", "80_000", "money", "每场补助 8 万元", "8 万元"),
]
FAULTS: Final[dict[str, tuple[str, str, str]]] = {
    "more pays less": (
        "monotone",
        "    Yuan = @at_most(@portion(Revenue, Rate), Cap).",
        '    number("xian.minimum", Minimum),\n    Most = @plus(Minimum, Cap),\n'
        "    Revenue <= Most,\n    Yuan = @at_most(@portion(Revenue, Rate), Cap).",
    ),
    "the cap is not applied": (
        "caps",
        "    Yuan = @at_most(@portion(Revenue, Rate), Cap).",
        "    Cap > 0,\n    Yuan = @portion(Revenue, Rate).",
    ),
    "the exclusion reaches grants of one line only": (
        "exclusions",
        '    in_play(claim("xian.event", Event, none, none)),\n',
        '    candidate(claim("xian.event", Event, none, none), _),\n'
        '    not granted_before(claim("xian.event", Event, none, none)),\n',
    ),
    "the exclusion is missing": (
        "no_double_payment",
        '    in_play(claim("xian.event", Event, none, none)),\n',
        '    in_play(claim("xian.event", Event, none, none)),\n    kind(Event, "forum"),\n',
    ),
}


def _book(folder: Path, rules: str = RULES) -> Rulebook:
    policy = folder / "rules" / "xian"
    policy.mkdir(parents=True)
    if "granted_before" in rules:
        rules += "granted_before(Claim) :- granted(Claim, _).\n"
    sentences = (
        '[predicate]\n"granted_before(Claim)" = {zh = "{Claim}已获得", en = "{Claim} was granted"}\n'
        if "granted_before" in rules
        else ""
    )
    keys = ("name", "value", "type", "clause", "written")
    files = {
        "text.txt": TEXT,
        "policy.toml": ABOUT.replace("DIGEST", hashlib.sha256(TEXT.encode()).hexdigest())
        + "".join(LINE.format(**line) for line in LINES),
        "numbers.toml": "".join(
            NUMBER.format(**dict(zip(keys, row, strict=True))) for row in NUMBERS
        ),
        "readings.toml": "",
        "rules.lp": rules,
        "sentences.toml": sentences,
        "vocabulary.toml": WORDS,
    }
    for name, text in files.items():
        (policy / name).write_text(text, encoding="utf-8")
    return policy_logic.load_rulebook(folder / "rules")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The policy without a fault."""
    return _book(tmp_path_factory.mktemp("sound"))


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_sound_policy_has_every_property(sound: Rulebook, name: str) -> None:
    """Nothing is found where nothing is wrong."""
    assert _tried(name, sound) is None


def _tried(name: str, book: Rulebook, examples: int = 40) -> Any:
    settings.register_profile("few", max_examples=examples, derandomize=True, database=None)
    before = settings.get_current_profile_name()
    settings.load_profile("few")
    try:
        return try_property(name, book, "xian", f"{name} of {book.folder}")
    finally:
        settings.load_profile(before)


@pytest.mark.parametrize("planted", FAULTS)
def test_a_planted_fault_is_found_in_a_small_case(planted: str, tmp_path: Path) -> None:
    """Three hundred cases are enough, mostly far fewer, and what is shown is small."""
    name, old, new = FAULTS[planted]
    assert old in RULES
    found = _tried(name, _book(tmp_path, RULES.replace(old, new)), 300)
    assert found is not None
    facts, fault = found
    assert fault.fault.check in {f"testing.{name}", f"testing.{name.removeprefix('no_')}"}
    assert len(as_yaml(facts).splitlines()) <= 12, as_yaml(facts)
    for language in LANGUAGES:
        told = fault.tell(language)
        assert fault.fault.about in told
        assert "{" not in told


def test_a_case_written_as_yaml_is_the_same_case(sound: Rulebook, tmp_path: Path) -> None:
    """Whatever is drawn, also a narrow share and a text with every mark, is read back as it was."""
    file = tmp_path / "case.yaml"

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(applicants() | applicants(["xian"], book=sound))
    def written(facts: dict[str, Any]) -> None:
        file.write_text(as_yaml(facts), encoding="utf-8")
        (read,) = read_cases(file, sound.vocabulary)
        assert facts_digest(read) == facts_digest(case_from_mapping(facts, sound.vocabulary))

    written()


def test_an_achievement_is_what_a_line_asks_for_or_pays_by() -> None:
    """Revenue of a year is one for an award, not for growth over that year."""
    book = policy_logic.load_rulebook()
    found = {(a.kind, a.name): lines for a, lines in achievements(book).items()}
    assert found["enterprise", "operating_revenue"] == ("datong.2-4.revenue",)
    assert "minhang.1.carrier" not in found.get(("park", "combined_revenue"), ())
    assert "minhang.1.carrier" not in found.get(("park", "total_enterprises"), ())


def test_an_unknown_policy_is_refused() -> None:
    """The words name those that there are."""
    with pytest.raises(policy_logic.RequestError, match='no policy "atlantis"'):
        applicants(["atlantis"])
