"""A text becomes a policy folder that loads at once, with every clause and number in its place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import policy_logic
from policy_logic.cli.app import app
from policy_logic.errors import PolicyLogicError, RequestError, RulebookError
from policy_logic.lab.new_policy import new_policy
from policy_logic.language import LANGUAGES
from policy_logic.rulebook.cases import worked_cases
from policy_logic.rulebook.load import load_rulebook, shipped_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.rulebook.policy import Number, Policy

POLICIES = ("datong", "ganzhou", "liaoning", "minhang", "pingyuan")
TEXT = """望川市支持机器人产业发展若干措施

望政发〔2026〕7号

一、支持企业做大做强。对年营业收入达到 2000 万元的企业，按年度研发费用的 5% 给予奖励，最高 50 万元。

二、支持展会。对参加国际展会的企业，每家给予 3 万元补贴。

三、本措施自 2026 年 1 月 1 日起施行，有效期 2 年。
"""
_COMMENTED = {
    "policy.toml": r"^# (?=\[line|[a-z_]+ = )",
    "vocabulary.toml": r"^# *(?=\[attribute|\"|[a-z]+ = )",
    "rules.lp": r"^% ?(?=$|eligible\(|amount\(|annual_cap\(|    )",
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _made(folder: Path, text: str | bytes = TEXT, name: str = "wangchuan") -> Policy:
    """Make a policy from a text, alone in a folder, and load it."""
    file = folder / "text-as-given.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    new_policy(name, file, folder / "rules", "en")
    load_rulebook.cache_clear()
    return load_rulebook(folder / "rules").policies[name]


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--lang", "en"])
    assert done.exit_code == 0, done.output
    return str(done.output)


# ---- the five texts that have been encoded by hand


@pytest.fixture(scope="module", params=POLICIES)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Policy, Policy]:
    """A policy encoded by hand, and the folder made from its text."""
    name = request.param
    rules = tmp_path_factory.mktemp(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(rules / "cache"))
        new_policy(name, shipped_rules() / name / "text.txt", rules / "rules", "zh")
        return load_rulebook().policies[name], load_rulebook(rules / "rules").policies[name]


def test_a_real_text_loads_alone_and_is_copied_as_it_is(both: tuple[Policy, Policy]) -> None:
    """The folder holds the same bytes, says the same of the policy, and has no rule yet."""
    by_hand, made = both
    copied = (made.folder / "text.txt").read_bytes()
    assert copied == (by_hand.folder / "text.txt").read_bytes()
    assert made.number == by_hand.number
    assert made.status == by_hand.status
    assert made.place == by_hand.place
    assert (made.validity.start, made.validity.end, made.validity.years) == (
        by_hand.validity.start, by_hand.validity.end, by_hand.validity.years,
    )  # fmt: skip
    assert not made.rules
    assert made.pending


def test_every_article_of_a_real_text_has_its_section(both: tuple[Policy, Policy]) -> None:
    """Each article that the encoding by hand names is the heading of a section."""
    by_hand, made = both
    articles = {_plain(section.article) for section in made.sections}
    wanted = {_plain(line.article) for line in by_hand.lines.values()}
    wanted |= {_plain(section.article) for section in by_hand.sections}
    assert wanted <= articles


def test_the_numbers_of_a_real_text_are_found(both: tuple[Policy, Policy]) -> None:
    """At least 95 of 100 numbers encoded by hand are there: value, type, words and place."""
    by_hand, made = both
    found = [n for n in by_hand.numbers.values() if any(_same(n, m, by_hand) for m in _of(made))]
    assert len(found) >= 0.95 * len(by_hand.numbers)


def _plain(article: str) -> str:
    return re.sub("附则|[（）()、 ]", "", article)


def _of(policy: Policy) -> Sequence[Number]:
    return list(policy.numbers.values())


def _same(first: Number, second: Number, policy: Policy) -> bool:
    """Return whether two numbers are the same place of the text, read alike."""
    words = "".join(first.written.split()) == "".join(second.written.split())
    if not words or (first.value, first.type) != (second.value, second.type):
        return False
    places = [policy.text.places(number.clause) for number in (first, second)]
    return any(a.start < b.stop and b.start < a.stop for a in places[0] for b in places[1])


def test_the_sketches_of_a_real_text_lack_only_numbers_to_use(
    both: tuple[Policy, Policy], tmp_path: Path
) -> None:
    """With every comment sign taken off, the only faults left are numbers that nothing uses."""
    _, made = both
    lines = _brought_to_life(made.folder, tmp_path / "rules" / made.id)
    assert lines
    with pytest.raises(RulebookError) as caught:
        load_rulebook(tmp_path / "rules")
    assert {problem.code for problem in caught.value.problems} == {"rulebook.number_unused"}


def _brought_to_life(folder: Path, into: Path) -> list[str]:
    """Copy a folder with its sketches as rules; return the lines that they propose."""
    shutil.copytree(folder, into)
    for name, pattern in _COMMENTED.items():
        text = (into / name).read_text(encoding="utf-8").replace("\n# from = ", "\n#from = ")
        head, sign, rest = text.partition("\n%## ") if name == "rules.lp" else ("", "", text)
        rest = "\n".join(re.sub(pattern, "", line) for line in rest.split("\n"))
        sections = re.split("(?m)^(?=%## )", rest)
        for index, section in enumerate(sections):
            if re.search(r"(?m)^(eligible|annual_cap)\(", section):
                sections[index] = section.replace("\n%? ", "\n%> ")
        (into / name).write_text(head + sign + "".join(sections), encoding="utf-8")
    return re.findall(r'(?m)^\[line\."([^"]+)"', (into / "policy.toml").read_text(encoding="utf-8"))


# ---- an invented text


def test_every_sketch_of_a_simple_text_decides(tmp_path: Path) -> None:
    """With the comment signs taken off, a case of the new policy comes to the right sum."""
    made = _made(tmp_path)
    lines = _brought_to_life(made.folder, tmp_path / "live" / "wangchuan")
    assert lines == ["wangchuan.1", "wangchuan.2"]
    book = load_rulebook(tmp_path / "live")
    firm = {
        "wangchuan_1_figure": {2026: 20_000_000},
        "wangchuan_1_base": {2026: 3_000_000},
        "wangchuan_2_qualifies": True,
    }
    case = {
        "applicant": "f",
        "as_of": "2027-02-01",
        "received": [],
        "enterprise": {"f": {"name": "某企业", **firm}},
    }
    decision = policy_logic.plan(case, book=book)
    assert {str(d.claim): d.paid.firm for d in decision.chosen} == {
        "wangchuan.1/f/2026": 150_000,
        "wangchuan.2/f": 30_000,
    }


def test_the_example_case_comes_out(tmp_path: Path) -> None:
    """The worked case of a new folder states what the program decides."""
    made = _made(tmp_path)
    (case,) = worked_cases(made.folder.parent)
    decision = policy_logic.plan(dict(case.facts), book=load_rulebook(made.folder.parent))
    assert {"firm": decision.totals.firm, "potential": decision.totals.potential} == (
        case.expected["totals"]
    )


def test_a_plan_says_that_passages_wait(tmp_path: Path) -> None:
    """What is not encoded yet is a notice of every plan, with its passages, in both languages."""
    made = _made(tmp_path)
    case = {"applicant": "f", "as_of": "2026-06-30", "enterprise": {"f": {"name": "某企业"}}}
    decision = policy_logic.plan(case, book=load_rulebook(made.folder.parent))
    (notice,) = [notice for notice in decision.notices if notice.kind == "not_encoded"]
    assert notice.policy == "wangchuan"
    passages = notice.details["passages"]
    assert isinstance(passages, list)
    assert "二、支持展会。" in passages
    assert len(passages) == len(made.pending) == 4
    assert "尚有 4 处原文未编码" in notice.label.zh
    assert "not encoded yet: 4" in notice.label.en


def test_rules_list_says_what_waits(tmp_path: Path) -> None:
    """A policy without lines is listed, with how many passages are not encoded."""
    made = _made(tmp_path)
    printed = _run("rules", "list", "--rules", str(made.folder.parent))
    assert "0 lines · passages not encoded yet: 4" in printed


def test_a_number_waits_as_long_as_its_clause(tmp_path: Path) -> None:
    """An unused number is a fault from the moment that its clause is quoted for rules."""
    made = _made(tmp_path)
    rules = made.folder / "rules.lp"
    rules.write_text(rules.read_text(encoding="utf-8").replace("%? 对参加", "%> 对参加"))
    load_rulebook.cache_clear()
    with pytest.raises(RulebookError) as caught:
        load_rulebook(made.folder.parent)
    assert [p.details["name"] for p in caught.value.problems] == ["wangchuan.2_amount"]


def test_a_passage_that_waits_is_quoted_exactly(tmp_path: Path) -> None:
    """Also behind "%?" only words of the text may stand."""
    made = _made(tmp_path)
    rules = made.folder / "rules.lp"
    rules.write_text(rules.read_text(encoding="utf-8").replace("%? 对参加", "%? 凡参加"))
    load_rulebook.cache_clear()
    with pytest.raises(RulebookError) as caught:
        load_rulebook(made.folder.parent)
    assert "rulebook.quotation" in {p.code for p in caught.value.problems}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_commented_in_the_language_asked(tmp_path: Path, language: str) -> None:
    """What a drafter reads in the files is Chinese or English."""
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    new_policy("wangchuan", file, tmp_path / "rules", language)  # type: ignore[arg-type]
    rules = (tmp_path / "rules" / "wangchuan" / "rules.lp").read_text(encoding="utf-8")
    assert ("尚未编码" in rules) is (language == "zh")
    assert ("not encoded yet" in rules) is (language == "en")


# ---- any text

_ONES = "一二三四五六七八九十"
_PLAIN = st.sampled_from(
    [
        "对年度营业收入达到{n}万元的企业，给予{m}万元奖励。",
        "按实际投入的{m}%给予补贴，最高不超过{n}万元；",
        "每家企业每年最高不超过{n}万元。",
        "对认定为“专精特新”的企业（含{m}年内迁入的），经评审给予{n}元补助。",
        "申请人应当提交材料，\n并对其真实性负责。",
        "分别给予{n}万元、{m}万元的一次性奖励。",
        "鼓励创新",
        "本办法自2025年{m}月1日起施行，有效期{m}年。",
        "本办法由市政府负责解释。（责任单位：市工信局）",
        '开放满{m}年，且面积不少于{n}平方米的，奖励\\原则"从优"，%给予三分之一补贴。',
    ]
)
_MARKS = st.sampled_from(
    ["第{c}条 ", "{c}、", "（{c}）", "{d}.", "（{d}）", "{o}", "第{c}章 ", "", "{d}、"]
)
_LINE = st.tuples(
    _MARKS,
    st.lists(_PLAIN, min_size=1, max_size=3),
    st.integers(1, 10),
    st.integers(1, 9000),
    st.integers(1, 12),
    st.sampled_from(["\n", "\n\n", "\r\n", "\n  \n"]),
)


def _written(lines: Sequence[tuple[str, list[str], int, int, int, str]], title: str) -> str:
    text = title
    for mark, words, number, large, small, end in lines:
        before = mark.format(c=_ONES[number - 1], d=number, o=chr(0x2460 + number - 1))
        text += before + "".join(w.format(n=large, m=small) for w in words) + end
    return text


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # loading is too slow to shrink
)
@given(
    lines=st.lists(_LINE, min_size=1, max_size=14),
    title=st.sampled_from(
        ["", "某市支持产业发展办法\n", "\ufeff某县扶持措施（试行）\n某政发〔2025〕3号\n"]
    ),
)
def test_any_text_loads_and_stays_as_it_is(
    lines: list[tuple[str, list[str], int, int, int, str]],
    title: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """However a text is numbered, its folder loads, holds its bytes, and claims nothing encoded."""
    text = _written(lines, title) + "一、另有规定的，从其规定。"
    folder = tmp_path_factory.mktemp("any")
    made = _made(folder, text)
    assert (made.folder / "text.txt").read_bytes() == text.encode()
    assert not made.lines
    paid = re.findall(r"给予[0-9]+万元", text)
    waiting = "".join("".join(entry.quote.split()) for entry in made.pending)
    assert all(words in waiting for words in paid)


def test_a_sentence_many_times_in_a_row_is_quoted_where_it_stands(tmp_path: Path) -> None:
    """Quotations that overlap are told apart, so that every repetition is accounted for."""
    made = _made(
        tmp_path, f"某市扶持办法\n一、总则。{'申请人应当如实申报材料。' * 4}\n二、其他。\n"
    )
    assert all(len(made.text.places(entry.quote)) == 1 for entry in made.pending)
    places = made.text.places("申请人应当如实申报材料。申请人应当如实申报材料。")
    assert len(places) == 3


def test_words_right_under_a_chapter_are_kept_apart(tmp_path: Path) -> None:
    """Passages outside of every article have ids of their own."""
    made = _made(
        tmp_path,
        "某市扶持办法\n为了发展，给予每家企业3万元补贴。\n第一章 总则\n对企业给予5万元奖励。\n"
        "第一条 对企业给予6万元奖励。\n第二章 附则\n给予7万元补贴。\n",
    )
    assert sorted(number.value for number in made.numbers.values()) == [
        30_000, 50_000, 60_000, 70_000,
    ]  # fmt: skip
    assert len({section.id for section in made.sections}) == len(made.sections)


# ---- what is refused


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        (TEXT.encode("gb18030"), "encoding", "iconv -f GB18030 -t UTF-8"),
        (TEXT.encode("utf-16"), "encoding", "UTF-16"),
        (b"", "empty", "no words"),
        ("\ufeff \n　\n".encode(), "empty", "no words"),
        (b"%PDF-1.7 \xff", "document", "PDF"),
        (b"PK\x03\x04....", "document", "Word"),
        ("某办法\n一、给\x00予".encode(), "not_text", "line 2"),
        ("某市扶持办法\n".encode(), "no_clauses", "nothing but titles"),
    ],
)
def test_a_text_that_will_not_do_is_refused(
    tmp_path: Path, raw: bytes, code: str, words: str
) -> None:
    """The refusal says what it is and what to do, in both languages, and leaves no folder."""
    with pytest.raises(RequestError) as caught:
        _made(tmp_path, raw)
    (problem,) = caught.value.problems
    assert problem.code == f"scaffold.{code}"
    assert words in problem.tell("en")
    assert re.search("[\u4e00-\u9fff]", problem.tell("zh"))
    assert not (tmp_path / "rules").exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [("Wangchuan", "id"), ("望川", "id"), ("../x", "id"), ("a-b", "id"), ("cases", "id_reserved")],
)
def test_an_id_that_will_not_do_is_refused(tmp_path: Path, name: str, code: str) -> None:
    """An id is the name of a folder and the beginning of other names."""
    with pytest.raises(RequestError) as caught:
        _made(tmp_path, TEXT, name)
    assert [p.code for p in caught.value.problems] == [f"scaffold.{code}"]


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    """A second policy of the same id is refused, and nothing of the first one changes."""
    made = _made(tmp_path)
    before = {file: file.read_bytes() for file in made.folder.rglob("*") if file.is_file()}
    with pytest.raises(RequestError) as caught:
        _made(tmp_path, TEXT + "五、其他。\n")
    assert [p.code for p in caught.value.problems] == ["scaffold.exists"]
    assert before == {file: file.read_bytes() for file in made.folder.rglob("*") if file.is_file()}


def test_nothing_is_left_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last step fails, the folder of policies is as it was."""
    _made(tmp_path, name="first")

    def fails(_: Path, __: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(RequestError) as caught:
        _made(tmp_path)
    assert "No space left" in caught.value.tell("en")
    assert [folder.name for folder in (tmp_path / "rules").iterdir()] == ["first"]


def test_a_passage_pasted_twice_is_named(tmp_path: Path) -> None:
    """A long passage that stands twice is told, and its quotations are unique all the same."""
    file = tmp_path / "twice.txt"
    clause = "对年度营业收入达到 2000 万元的机器人企业，按年度研发费用的 5% 给予奖励。\n"
    file.write_text(f"某市办法\n一、{clause}二、{clause}", encoding="utf-8")
    printed = _run("rules", "new", "x", str(file), "--rules", str(tmp_path / "rules"))
    assert "stands in the text more than once" not in printed, "the numbers tell them apart"
    file.write_text(f"某市办法\n一、甲。{clause}二、乙。{clause}", encoding="utf-8")
    printed = _run("rules", "new", "y", str(file), "--rules", str(tmp_path / "rules"))
    assert "stands in the text more than once" in printed
    policy = load_rulebook(tmp_path / "rules").policies["y"]
    assert all(len(policy.text.places(entry.quote)) == 1 for entry in policy.pending)


# ---- a folder of one's own


def test_every_command_takes_a_folder_of_policies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--rules`` or the environment names the policies, and the hints of a page repeat it."""
    made = _made(tmp_path)
    live = tmp_path / "live"
    _brought_to_life(made.folder, live / "wangchuan")
    facts = tmp_path / "case.yaml"
    facts.write_text(
        "applicant: f\nas_of: 2026-06-30\nreceived: []\n"
        "enterprise: {f: {name: 某企业, wangchuan_2_qualifies: true}}\n",
        encoding="utf-8",
    )
    own = ("--rules", str(live))
    page = _run("plan", str(facts), *own)
    assert "30,000 yuan for certain" in page
    assert f"policy-logic why {facts} --rules {live} wangchuan.2 f" in page
    assert "wangchuan.2#1" in _run("why", str(facts), "wangchuan.2", *own)
    assert "wangchuan.2" in _run("rules", "show", "wangchuan.2", *own)
    assert "30,000" in _run("readings", str(facts), *own)
    assert _run("facts", "check", str(facts), *own)
    stored = tmp_path / "decision.json"
    stored.write_text(_run("plan", str(facts), "--format", "json", "--proofs", *own), "utf-8")
    for by in ("program", "checker", "pydatalog"):
        assert "Verified" in _run("verify", str(stored), str(facts), "--by", by, *own)
    monkeypatch.setenv("POLICY_LOGIC_RULES", str(live))
    assert _run("plan", str(facts), "--no-refusals").splitlines()[2] == page.splitlines()[2]
    schema = CliRunner().invoke(app, ["facts", "schema"]).output
    assert "wangchuan_2_qualifies" in schema


def test_a_policy_in_place_of_a_folder_of_policies_is_told(tmp_path: Path) -> None:
    """The mistake of naming the policy's own folder gets an answer of its own."""
    made = _made(tmp_path)
    with pytest.raises(PolicyLogicError) as caught:
        load_rulebook(made.folder)
    assert f"--rules {made.folder.parent}" in caught.value.tell("en")


def test_a_folder_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rulebook kept under one spelling of its folder is not used under another."""
    _made(tmp_path)
    for place, spelling in ((tmp_path, "rules"), (tmp_path / "rules", "."), (tmp_path, "rules")):
        monkeypatch.chdir(place)
        load_rulebook.cache_clear()
        assert load_rulebook(Path(spelling)).policies["wangchuan"].folder.is_dir()


# ---- the mistakes of a first hour

_MISTAKES = [
    ("rules.lp", "    wangchuan_2_", "    Wangchuan_2_", "name_in_upper", "Wangchuan_2_"),
    ("rules.lp", "Figure >= Minimum.", "Figure >= Minimum。", "foreign_sign", "Minimum。"),
    ("rules.lp", "Figure >= Minimum.", "Figure ≥ Minimum.", "foreign_sign", "≥"),
    ("rules.lp", "Figure >= Minimum.", "Figure => Minimum.", "foreign_sign", "=>"),
    ("rules.lp", "Figure >= Minimum.", "Figure >=\u3000Minimum.", "foreign_space", ">=\u3000"),
    ("rules.lp", "Figure >= Minimum.", "数值 >= Minimum.", "foreign_words", "数值"),
    ("rules.lp", "Figure >= Minimum.", "Figure >= 20_000_000.", "number_in_rule", "20_000"),
    ("rules.lp", "Figure >= Minimum.", "Figure >= Minimum", "stop_missing", ">= Minimum"),
    ("rules.lp", "Figure >= Minimum.", "Figure >= Minimum,", "comma_for_stop", ">= Minimum,"),
    ("rules.lp", ", Minimum),\n", ", Minimum)\n", "comma_missing", ", Minimum)"),
    ("rules.lp", "_figure(Enterprise,", "_figure(enterprise,", "name_in_lower", "(enterprise,"),
    ("rules.lp", "_figure(Enterprise,", "_figur(Enterprise,", "predicate_unknown", "_figur("),
    ("rules.lp", "%> 一、支持", "% > 一、支持", "marker", "% > 一、支持"),
    ("rules.lp", "%> ", "%? ", "section_without_quote", 'eligible("wangchuan.1"'),
    ("rules.lp", "%> 对年营业", "%> 对於年营业", "quotation", "对於"),
    ("policy.toml", 'article = "一"', "article = “一”", "toml", "article = “一”"),
    ("policy.toml", 'place = "wangchuan"', 'place = "wangchuang"', "place", None),
    ("vocabulary.toml", '[\n"wangchuan.1",', "[", "line_kind", None),
    ("numbers.toml", 'value = "0.05"', "value = 0.05", "shape", "value = 0.05"),
    ("numbers.toml", "[1_rate]", "[1_share]", "name_unknown", None),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "at"), _MISTAKES)
def test_a_mistake_is_told_at_its_place(
    tmp_path: Path, file: str, old: str, new: str, code: str, at: str | None
) -> None:
    """A message names the mistake at the line where it stands, in both languages."""
    made = _made(tmp_path)
    live = tmp_path / "live" / "wangchuan"
    _brought_to_life(made.folder, live)
    text = (live / file).read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new)
    (live / file).write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(tmp_path / "live")
    problem = next(p for p in caught.value.problems if p.code == f"rulebook.{code}")
    if at is not None:
        assert problem.where is not None
        assert problem.where.file == str(live / file)
        assert at in text.splitlines()[problem.where.line - 1]
    for language in LANGUAGES:
        assert problem.tell(language)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("    some_firm", "\tsome_firm", "case_tab", 8),
        ("  as_of", "     as_of", "case_file", 5),
        ("cases:", "case:", "case_shape", 1),
    ],
)
def test_a_worked_case_that_cannot_be_read_is_told(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    """Tabs, indentation and missing parts of a file of worked cases have messages of their own."""
    made = _made(tmp_path)
    file = made.folder / "cases" / "1.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        list(worked_cases(made.folder.parent))
    (problem,) = caught.value.problems
    assert problem.code == f"rulebook.{code}"
    assert problem.where is not None
    assert problem.where.line == line


def test_a_value_given_by_its_label_is_led_to_its_name(tmp_path: Path) -> None:
    """Who writes the name of a place as people do is told the word that a case uses."""
    made = _made(tmp_path)
    case = {
        "applicant": "f",
        "as_of": "2026-06-30",
        "enterprise": {"f": {"registered_in": "望川市"}},
    }
    with pytest.raises(PolicyLogicError) as caught:
        policy_logic.plan(case, book=load_rulebook(made.folder.parent))
    assert "Did you mean: wangchuan?" in caught.value.tell("en")


def test_chinese_words_may_stand_in_quotes_and_comments(tmp_path: Path) -> None:
    """Only signs outside of them are refused: the same folder loads with more Chinese comments."""
    made = _made(tmp_path)
    rules = made.folder / "rules.lp"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(f"{text}\n% 注释：“引号”、。\n%* 多行，\n注释。*%\n", encoding="utf-8")
    load_rulebook.cache_clear()
    assert load_rulebook(made.folder.parent)
