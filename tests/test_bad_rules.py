"""A policy folder that is not sound is refused: one damage, one message, at the right line."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest

from policy_logic.errors import Problem, RulebookError
from policy_logic.language import LANGUAGES
from policy_logic.rulebook.load import load_rulebook, shipped_rules, shipped_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

RULES = "datong/rules.lp"
POLICY = "datong/policy.toml"
NUMBERS = "datong/numbers.toml"
READINGS = "datong/readings.toml"
SENTENCES = "datong/sentences.toml"
TEXT = "datong/text.txt"
PLACE_FOR_RULES = 'once_per_work("datong.2-2.shooting").\n'


class Damage(NamedTuple):
    """One damage to the shipped rules, and what is to be said about it.

    Attributes:
        name: What the damage is.
        code: The message's name in ``locale/rulebook.toml``.
        file: The file that is damaged, in the folder of rules.
        old: The text that is replaced, where it first occurs.
        new: What is put in its place.
        at: A text on the line that the message is to name; ``None`` where no line is at fault.
        words: Something that the English message has to contain.
    """

    name: str
    code: str
    file: str
    old: str
    new: str
    at: str | None
    words: str


def _added(name: str, code: str, rule: str, *, at: str | None, words: str) -> Damage:
    """Return the damage that adds a rule to the policy."""
    new = f"{PLACE_FOR_RULES}{rule}\n"
    return Damage(name, code, RULES, PLACE_FOR_RULES, new, at, words)


DAMAGES = [
    Damage(
        "a_misquoted_clause",
        "quotation",
        RULES,
        "%> 每家企业每年该项资金扶持最高不超过 200 万元。",
        "%> 每家企业每年该项资金扶持最高不超过 300 万元。",
        at="300 万元",
        words="[300 万元",
    ),
    Damage(
        "a_quotation_that_stands_twice",
        "quotation_twice",
        RULES,
        "%> 每家企业每年该项资金扶持最高不超过 200 万元。",
        ("%> 每家企业每年该项资金扶持最高不超过 200 万元。\n%> 经评选认定"),
        at="%> 经评选认定",
        words="经评选认定",
    ),
    Damage(
        "a_clause_nobody_quotes",
        "text_uncovered",
        RULES,
        "%> （五）支持园区建设。",
        "%> 支持园区建设。",
        at=None,
        words="五",
    ),
    Damage(
        "an_unquoted_reason",
        "text_uncovered",
        POLICY,
        ('[[uncovered]]\nquote = "四、奖励原则"\nreason = {zh = "标题。", en = "Heading."}\n'),
        "",
        at=None,
        words="四、奖励原则",
    ),
    Damage(
        "a_misquoted_number",
        "quotation",
        NUMBERS,
        'clause = "竖屏网络微短剧年度分账收入达到 100 万元及以上"',
        'clause = "竖屏网络微短剧年度分账收入达到 100 万元以上"',
        at="[vertical_minimum]",
        words="以上",
    ),
    Damage(
        "a_misquoted_reading",
        "quotation",
        READINGS,
        'clause = "若与其他奖励政策重叠，按“就高不重复”原则执行"',
        'clause = "若与其他奖励政策重叠，按就高不重复原则执行"',
        at="[overlap]",
        words="就高",
    ),
    Damage(
        "a_number_not_in_its_clause",
        "number_not_in_clause",
        NUMBERS,
        ('clause = "竖屏网络微短剧年度分账收入达到 100 万元及以上"\nwritten = "100 万元"'),
        ('clause = "竖屏网络微短剧年度分账收入达到 100 万元及以上"\nwritten = "100万\\u5143整"'),
        at="[vertical_minimum]",
        words="datong.vertical_minimum",
    ),
    Damage(
        "a_number_with_a_wrong_value",
        "number_value",
        NUMBERS,
        ("[vertical_minimum]\nvalue = 1_000_000"),
        ("[vertical_minimum]\nvalue = 100_000"),
        at="[vertical_minimum]",
        words="100000",
    ),
    Damage(
        "a_share_with_a_wrong_value",
        "number_value",
        NUMBERS,
        ('[vertical_rate]\nvalue = "0.1"'),
        ('[vertical_rate]\nvalue = "0.01"'),
        at="[vertical_rate]",
        words="0.01",
    ),
    Damage(
        "a_share_that_is_no_decimal",
        "shape",
        NUMBERS,
        ('[vertical_rate]\nvalue = "0.1"'),
        ('[vertical_rate]\nvalue = "a tenth"'),
        at='value = "a tenth"',
        words="a decimal",
    ),
    Damage(
        "a_share_as_a_float",
        "shape",
        NUMBERS,
        ('[vertical_rate]\nvalue = "0.1"'),
        ("[vertical_rate]\nvalue = 0.1"),
        at="value = 0.1",
        words="0.1",
    ),
    Damage(
        "an_amount_as_a_text",
        "shape",
        NUMBERS,
        ("[vertical_minimum]\nvalue = 1_000_000"),
        ('[vertical_minimum]\nvalue = "100万"'),
        at='value = "100万"',
        words="a whole number",
    ),
    Damage(
        "an_amount_as_a_bool",
        "shape",
        NUMBERS,
        ("[vertical_minimum]\nvalue = 1_000_000"),
        ("[vertical_minimum]\nvalue = true"),
        at="value = true",
        words="a whole number",
    ),
    Damage(
        "a_number_of_an_unknown_type",
        "choice",
        NUMBERS,
        ('[vertical_minimum]\nvalue = 1_000_000\ntype = "money"'),
        ('[vertical_minimum]\nvalue = 1_000_000\ntype = "yuan"'),
        at='type = "yuan"',
        words="money",
    ),
    Damage(
        "a_number_that_no_rule_uses",
        "number_unused",
        NUMBERS,
        "[vertical_minimum]",
        (
            "[spare]\n"
            "value = 1_000_000\n"
            'type = "money"\n'
            'clause = "竖屏网络微短剧年度分账收入达到 100 万元及以上"\n'
            'written = "100 万元"\n'
            'zh = "备用"\n'
            'en = "spare"\n'
            "\n"
            "[vertical_minimum]"
        ),
        at="[spare]",
        words="datong.spare",
    ),
    Damage(
        "a_number_with_an_unknown_key",
        "unknown_key",
        NUMBERS,
        ("[vertical_minimum]\nvalue = 1_000_000"),
        ('[vertical_minimum]\nunit = "yuan"\nvalue = 1_000_000'),
        at='unit = "yuan"',
        words="unit",
    ),
    Damage(
        "a_number_whose_key_is_misspelt",
        "unknown_key",
        NUMBERS,
        ("[vertical_minimum]\nvalue = 1_000_000"),
        ("[vertical_minimum]\nvlaue = 1_000_000"),
        at="vlaue",
        words="value",
    ),
    Damage(
        "a_reading_that_no_rule_uses",
        "reading_unused",
        READINGS,
        "[overlap]",
        (
            "[spare]\n"
            'clause = "若与其他奖励政策重叠，按“就高不重复”原则执行"\n'
            'zh = "备用"\n'
            'en = "spare"\n'
            'values.one = {zh = "一", en = "one"}\n'
            'values.two = {zh = "二", en = "two"}\n'
            "\n"
            "[overlap]"
        ),
        at="[spare]",
        words="datong.spare",
    ),
    Damage(
        "a_reading_with_one_value",
        "reading_values",
        READINGS,
        ('values.required = {zh = "须在大同注册", en = "registration in Datong is required"}\n'),
        "",
        at="values.not_required",
        words="at least two",
    ),
    Damage(
        "a_reading_value_that_is_misspelt",
        "name_unknown",
        RULES,
        'reading("datong.overlap", "same_matter")',
        'reading("datong.overlap", "same_mater")',
        at='"same_mater"',
        words="same_mater",
    ),
    _added(
        "raw_arithmetic",
        "arithmetic",
        (
            "once_per_work(Line) :-\n"
            "    list_grant(Line, List, Grant),\n"
            "    number(Grant, Yuan),\n"
            "    Yuan = Yuan + Yuan,\n"
            "    listed(Work, List)."
        ),
        at="Yuan + Yuan",
        words="(Yuan+Yuan)",
    ),
    _added(
        "a_negative_term",
        "arithmetic",
        ("once_per_work(Line) :-\n    list_grant(Line, _, Grant),\n    number(Grant, -Line)."),
        at="-Line",
        words="computes",
    ),
    _added(
        "a_choice",
        "head",
        '{ once_per_work("datong.2-1.vertical") }.',
        at="{ once_per_work",
        words="single atom",
    ),
    _added(
        "a_disjunction",
        "head",
        ('once_per_work("datong.2-1.vertical") ; once_per_work("datong.2-1.horizontal").'),
        at="; once_per_work",
        words="single atom",
    ),
    _added(
        "a_constraint",
        "head",
        ":- released(Work), filed(Work).",
        at=":- released(Work), filed(Work).",
        words="single atom",
    ),
    _added("a_show_statement", "statement", "#show once_per_work/1.", at="#show", words="#show"),
    _added(
        "an_optimisation",
        "statement",
        "#maximize { 1 : once_per_work(Line) }.",
        at="#maximize",
        words="selection.lp",
    ),
    _added("an_include", "statement", "#const limit = 5.", at="#const", words="#const"),
    _added(
        "an_external_atom",
        "statement",
        '#external once_per_work("datong.2-1.vertical").',
        at="#external",
        words="#external",
    ),
    _added(
        "an_aggregate",
        "condition",
        ('once_per_work("datong.2-1.vertical") :- 2 <= #count { Work : released(Work) }.'),
        at="#count",
        words="#count",
    ),
    _added(
        "a_conditional_literal",
        "condition",
        ('once_per_work("datong.2-1.vertical") :- released(Work) : filed(Work).'),
        at="released(Work) : filed",
        words="released(Work)",
    ),
    _added(
        "a_double_negation",
        "condition",
        ('once_per_work("datong.2-1.vertical") :- not not once_per_work("datong.2-2.shooting").'),
        at="not not",
        words="not not",
    ),
    _added(
        "a_chain_of_comparisons",
        "condition",
        ("once_per_work(Line) :- level_of(Line, Award), Line < Award < Line."),
        at="< Award <",
        words="Award",
    ),
    _added(
        "an_interval",
        "term",
        "once_per_work(Line) :- Line = 0..0, level_of(Line, Line).",
        at="0..0",
        words="0..0",
    ),
    _added(
        "a_pool_of_terms",
        "term",
        ('once_per_work(("datong.2-1.vertical"; "datong.2-1.horizontal")).'),
        at='(("datong',
        words="datong.2-1.vertical",
    ),
    _added(
        "a_tuple",
        "term",
        "once_per_work(Line) :- level_of(Line, (Line, Line)).",
        at="(Line, Line)",
        words="(Line,Line)",
    ),
    _added(
        "a_syntax_error",
        "syntax",
        'once_per_work("datong.2-1.vertical") :- filed(Work,).',
        at="filed(Work,)",
        words="full stops",
    ),
    _added(
        "a_number_in_a_rule",
        "number_in_rule",
        (
            "once_per_work(Line) :-\n"
            "    level_of(Line, _),\n"
            '    number("datong.event_ceiling", Yuan),\n'
            "    Yuan > 500000."
        ),
        at="500000",
        words="500000",
    ),
    _added(
        "not_with_an_attribute",
        "unknown_is_not_false",
        (
            "once_per_work(Line) :-\n"
            "    level_of(Line, _),\n"
            "    released(Work),\n"
            "    not aired(Work)."
        ),
        at="not aired",
        words="not aired",
    ),
    _added(
        "a_derived_predicate_denied",
        "negated_derived",
        ("once_per_work(Line) :-\n    level_of(Line, _),\n    filed(Work),\n    -released(Work)."),
        at="-released",
        words="-released",
    ),
    _added(
        "an_unknown_predicate",
        "predicate_unknown",
        ("once_per_work(Line) :-\n    level_of(Line, _),\n    relaesed(Work),\n    filed(Work)."),
        at="relaesed",
        words="relaesed/1",
    ),
    _added(
        "an_attribute_with_too_few_arguments",
        "predicate_unknown",
        (
            "once_per_work(Line) :-\n"
            "    level_of(Line, _),\n"
            "    split_revenue(Work, Revenue),\n"
            "    filed(Work),\n"
            "    investment(Work, Revenue)."
        ),
        at="split_revenue(Work, Revenue)",
        words="split_revenue/2",
    ),
    _added(
        "an_unknown_function",
        "call_unknown",
        (
            "once_per_work(Line) :-\n"
            "    list_grant(Line, _, Grant),\n"
            "    number(Grant, Yuan),\n"
            "    Yuan = @double(Yuan)."
        ),
        at="@double",
        words="@double",
    ),
    _added(
        "a_function_with_too_many_arguments",
        "call_unknown",
        (
            "once_per_work(Line) :-\n"
            "    list_grant(Line, _, Grant),\n"
            "    number(Grant, Yuan),\n"
            "    Yuan = @at_most(Yuan, Yuan, Yuan)."
        ),
        at="@at_most(Yuan, Yuan, Yuan)",
        words="@at_most/2",
    ),
    _added(
        "an_unknown_number",
        "name_unknown",
        (
            "once_per_work(Line) :-\n"
            "    level_of(Line, _),\n"
            '    number("datong.event_celing", Yuan),\n'
            "    combined_revenue(_, _, Yuan)."
        ),
        at="datong.event_celing",
        words="numbers.toml",
    ),
    _added(
        "a_variable_that_occurs_once",
        "variable_once",
        "once_per_work(Line) :- level_of(Line, Award).",
        at="level_of(Line, Award).",
        words="Award",
    ),
    _added(
        "a_variable_of_a_single_letter",
        "variable_letter",
        "once_per_work(L) :- level_of(L, _).",
        at="once_per_work(L)",
        words="L",
    ),
    _added(
        "a_strong_negation_that_is_derived",
        "negated_derived",
        "-released(Work) :- filed(Work).",
        at="-released(Work) :-",
        words="-released",
    ),
    _added(
        "a_shared_predicate_that_is_taken",
        "head_taken",
        ("qualifies(Line, Work, Occasion) :- eligible(Line, Work, Occasion)."),
        at="qualifies(Line, Work",
        words="derivation.lp",
    ),
    _added(
        "a_recursion",
        "recursive",
        (
            "level_of(Line, Award) :- once_per_work(Line), level_of(_, Awar"
            "d).\n"
            "once_per_work(Line) :- level_of(Line, _)."
        ),
        at=None,
        words="level_of/2",
    ),
    _added(
        "a_clash_of_types",
        "types",
        (
            "once_per_work(Line) :-\n"
            "    level_of(Line, _),\n"
            "    aired_on(Work, Date),\n"
            "    income(Work, Date)."
        ),
        at="income(Work, Date)",
        words="money",
    ),
    _added(
        "a_rule_with_an_unsafe_variable",
        "unsafe",
        'once_per_work(Line) :- not level_of(Line, "five_one").',
        at="not level_of(Line",
        words="the variable Line",
    ),
    _added(
        "a_predicate_without_a_sentence",
        "sentence_missing",
        "spare(Line) :- level_of(Line, _).",
        at="spare(Line)",
        words="spare/1",
    ),
    _added(
        "an_unknown_line",
        "value_unknown",
        'rests_on("datong.2-1.diagonal", "micro_drama").',
        at="datong.2-1.diagonal",
        words="datong.2-1.diagonal",
    ),
    _added(
        "caps_that_cross",
        "caps_cross",
        ('annual_cap("datong.2-1.vertical", "datong.shooting_enterprise_cap").'),
        at=('annual_cap("datong.2-2.shooting", "datong.shooting_enterprise_cap").'),
        words="cross",
    ),
    Damage(
        "a_value_that_is_misspelt",
        "value_unknown",
        RULES,
        'orientation(Work, "vertical")',
        'orientation(Work, "vertcal")',
        at='orientation(Work, "vertcal")',
        words="vertcal",
    ),
    Damage(
        "a_heading_without_a_space",
        "heading",
        RULES,
        "%## 二（六） datong.2-6.event",
        "%##二（六） datong.2-6.event",
        at="%##二（六）",
        words="%## article id title",
    ),
    Damage(
        "a_section_about_another_policy",
        "section_of_another",
        RULES,
        "%## 二（六） datong.2-6.event",
        "%## 二（六） daton.2-6.event",
        at="%## 二（六） daton.2-6.event",
        words="datong.",
    ),
    Damage(
        "a_notice_that_is_misspelt",
        "value_unknown",
        RULES,
        'notice("datong.work_in_several_years", Work)',
        'notice("datong.work_in_severl_years", Work)',
        at='notice("datong.work_in_severl_years", Work)',
        words="work_in_severl_years",
    ),
    Damage(
        "a_rule_outside_every_section",
        "rule_outside_section",
        RULES,
        "%## 三 datong.3 who may apply\n",
        ('spare("x").\n\n%## 三 datong.3 who may apply\n'),
        at='spare("x").',
        words="%##",
    ),
    Damage(
        "a_section_without_a_quotation",
        "section_without_quote",
        RULES,
        "%> 每家企业每年该项资金扶持最高不超过 100 万元。\n",
        "",
        at=('annual_cap("datong.2-2.shooting", "datong.shooting_enterprise_cap").'),
        words="datong.2-2",
    ),
    Damage(
        "a_line_with_a_rule_for_eligibility_only",
        "line_without_rule",
        RULES,
        'amount("datong.2-6.event", Activity',
        'amount("datong.2-5.park", Activity',
        at=None,
        words="datong.2-6.event has no rule that derives amount",
    ),
    Damage(
        "a_line_without_a_rule",
        "line_without_rule",
        POLICY,
        '[line."datong.2-2.freeticket"]',
        (
            '[line."datong.2-2.freebus"]\n'
            'article = "二（二）"\n'
            'class = "non_monetary"\n'
            'subject = ["work"]\n'
            'zh = "公交"\n'
            'en = "bus"\n'
            "\n"
            '[line."datong.2-2.freeticket"]'
        ),
        at="freebus",
        words="benefit",
    ),
    Damage(
        "a_line_of_another_policy",
        "line_prefix",
        POLICY,
        '[line."datong.2-2.freeticket"]',
        '[line."minhang.2-2.freeticket"]',
        at='[line."minhang.2-2.freeticket"]',
        words="minhang.2-2.freeticket",
    ),
    Damage(
        "a_line_for_an_unknown_kind",
        "line_subject",
        POLICY,
        (
            '[line."datong.2-2.freeticket"]\n'
            'article = "二（二）"\n'
            'class = "non_monetary"\n'
            'subject = ["work"]'
        ),
        (
            '[line."datong.2-2.freeticket"]\n'
            'article = "二（二）"\n'
            'class = "non_monetary"\n'
            'subject = ["drama"]'
        ),
        at='[line."datong.2-2.freeticket"]',
        words='"drama"',
    ),
    Damage(
        "a_line_for_an_unknown_recipient",
        "line_recipient",
        POLICY,
        'recipient = ["first_producer"]',
        'recipient = ["first_producr"]',
        at='[line."datong.2-1.horizontal"]',
        words="first_producr",
    ),
    Damage(
        "a_money_line_without_a_subject",
        "line_incomplete",
        POLICY,
        (
            '[line."datong.2-1.horizontal"]\n'
            'article = "二（一）"\n'
            'class = "monetary"\n'
            'subject = ["work"]\n'
        ),
        ('[line."datong.2-1.horizontal"]\narticle = "二（一）"\nclass = "monetary"\n'),
        at='[line."datong.2-1.horizontal"]',
        words="recipient",
    ),
    Damage(
        "a_line_of_an_unknown_class",
        "choice",
        POLICY,
        ('class = "non_monetary"\nsubject = ["work"]'),
        ('class = "free"\nsubject = ["work"]'),
        at='class = "free"',
        words="monetary",
    ),
    Damage(
        "a_line_with_a_misspelt_period",
        "choice",
        POLICY,
        'per = "year"',
        'per = "yearly"',
        at='per = "yearly"',
        words="once, year",
    ),
    Damage(
        "a_line_with_subjects_as_a_text",
        "shape",
        POLICY,
        'subject = ["work"]',
        'subject = "work"',
        at='subject = "work"',
        words="a list of texts",
    ),
    Damage(
        "a_title_as_a_text",
        "shape",
        POLICY,
        (
            'title = {zh = "大同市支持网络微短剧产业高质量发展若干措施", en'
            ' = "Datong: measures for the high-quality development of the o'
            'nline micro-drama industry"}'
        ),
        'title = "大同"',
        at='title = "大同"',
        words="a table",
    ),
    Damage(
        "an_unknown_key",
        "unknown_key",
        POLICY,
        'place = "datong"',
        'plaec = "datong"',
        at="plaec",
        words="place",
    ),
    Damage(
        "a_missing_source",
        "missing_key",
        POLICY,
        ('source = "大同市人民政府文件，同政规〔2025〕1号，2025年3月6日"\n'),
        "",
        at=None,
        words="source",
    ),
    Damage(
        "an_unknown_place",
        "place",
        POLICY,
        'place = "datong"',
        'place = "atlantis"',
        at=None,
        words="atlantis",
    ),
    Damage(
        "an_unknown_status",
        "choice",
        POLICY,
        'status = "in_force"',
        'status = "valid"',
        at='status = "valid"',
        words="in_force",
    ),
    Damage(
        "a_wrong_digest",
        "digest",
        POLICY,
        'text_sha256 = "158d',
        'text_sha256 = "058d',
        at="text_sha256",
        words="158d",
    ),
    Damage("a_changed_text", "digest", TEXT, "150 万元", "160 万元", at=None, words="text_sha256"),
    Damage(
        "a_validity_of_neither",
        "validity",
        POLICY,
        "years = 3\n",
        "",
        at="[validity]",
        words="until or years",
    ),
    Damage(
        "a_validity_of_both",
        "validity",
        POLICY,
        "years = 3\n",
        ("years = 3\nuntil = 2028-04-05\n"),
        at="[validity]",
        words="until or years",
    ),
    Damage(
        "a_validity_that_ends_before_it_begins",
        "validity",
        POLICY,
        "years = 3\n",
        "until = 2025-04-05\n",
        at="[validity]",
        words="not later",
    ),
    Damage(
        "a_validity_of_no_years",
        "validity",
        POLICY,
        "years = 3\n",
        "years = 0\n",
        at="[validity]",
        words="until or years",
    ),
    Damage(
        "a_day_as_a_text",
        "shape",
        POLICY,
        "from = 2025-04-06",
        'from = "2025-04-06"',
        at='from = "2025-04-06"',
        words="a date",
    ),
    Damage(
        "a_day_with_a_time",
        "shape",
        POLICY,
        "from = 2025-04-06",
        "from = 2025-04-06T00:00:00",
        at="from = 2025-04-06T00:00:00",
        words="a date",
    ),
    Damage(
        "a_validity_with_an_unknown_key",
        "unknown_key",
        POLICY,
        "years = 3\n",
        "yaers = 3\n",
        at="yaers",
        words="years",
    ),
    Damage(
        "bad_toml",
        "toml",
        POLICY,
        'place = "datong"',
        "place = datong",
        at="place = datong",
        words="TOML",
    ),
    Damage(
        "a_key_twice_in_toml",
        "toml",
        NUMBERS,
        ("[vertical_minimum]\nvalue = 1_000_000"),
        ("[vertical_minimum]\nvalue = 1_000_000\nvalue = 1_000_000"),
        at=None,
        words="TOML",
    ),
    Damage(
        "a_sentence_that_is_missing",
        "sentence_missing",
        SENTENCES,
        (
            '"once_per_work(Line)" = {zh = "{Line}对每部作品只给予一次", en'
            ' = "{Line} is paid once per work"}\n'
        ),
        "",
        at=None,
        words="once_per_work/1",
    ),
    Damage(
        "a_sentence_with_a_wrong_placeholder",
        "sentence_placeholder",
        SENTENCES,
        '"{Line} is paid once per work"',
        '"{Lien} is paid once per work"',
        at='"once_per_work(Line)"',
        words="Lien",
    ),
    Damage(
        "a_sentence_for_no_predicate",
        "sentence_pattern",
        SENTENCES,
        '"once_per_work(Line)" =',
        '"once_per_work" =',
        at='"once_per_work" =',
        words="once_per_work",
    ),
    Damage(
        "a_sentence_with_small_arguments",
        "sentence_pattern",
        SENTENCES,
        '"once_per_work(Line)" =',
        '"once_per_work(line)" =',
        at='"once_per_work(line)" =',
        words="once_per_work(line)",
    ),
]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the rulebooks of these tests away from those of the user."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Return a copy of what all policies share and of one policy, to be damaged."""
    folder = tmp_path / "rules"
    shutil.copytree(shipped_rules() / "datong", folder / "datong")
    for file in shipped_rules().iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    return folder


def _damaged(rules: Path, damage: Damage) -> Path:
    """Damage a file, return its path."""
    file = rules / damage.file
    text = file.read_text(encoding="utf-8")
    assert damage.old in text, f"nothing to damage: {damage.name}"
    file.write_text(text.replace(damage.old, damage.new, 1), encoding="utf-8")
    return file


def _line(file: Path, text: str) -> int:
    """Return the first line of a file that holds a text."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return next(number for number, line in lines if text in line)


def _only_problem(rules: Path) -> Problem:
    """Return the one problem of a folder of rules."""
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    assert len(caught.value.problems) == 1, caught.value.tell()
    return caught.value.problems[0]


def test_the_copy_without_damage_is_sound(rules: Path) -> None:
    """What the other tests damage is sound to begin with."""
    assert load_rulebook(rules).policies.keys() == {"datong"}


def test_the_damages_cover_every_check() -> None:
    """There is a damage for every message about rules that a folder can bring about."""
    assert len(DAMAGES) >= 80
    assert len({damage.name for damage in DAMAGES}) == len(DAMAGES)
    assert len({damage.code for damage in DAMAGES}) >= 40


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: str(damage.name))
def test_a_damage_gives_one_message(damage: Damage, rules: Path) -> None:
    """The message has the code of the damage and tells what is wrong in both languages."""
    file = _damaged(rules, damage)
    problem = _only_problem(rules)
    assert problem.code == f"rulebook.{damage.code}", problem.tell()
    assert damage.words in problem.tell("en")
    assert problem.tell("zh") != problem.tell("en")
    if damage.at is not None:
        assert problem.where is not None
        assert (problem.where.file, problem.where.line) == (str(file), _line(file, damage.at))
        for language in LANGUAGES:
            assert problem.tell(language).startswith(f"{file}:{_line(file, damage.at)}")


@pytest.mark.parametrize("name", [TEXT, NUMBERS, READINGS, SENTENCES, "sentences.toml"])
def test_a_missing_file_is_named(rules: Path, name: str) -> None:
    """A folder without one of its files is refused."""
    (rules / name).unlink()
    problem = _only_problem(rules)
    assert problem.code == "rulebook.unreadable"
    for language in LANGUAGES:
        assert str(rules / name) in problem.tell(language)


@pytest.mark.parametrize("name", [TEXT, NUMBERS, READINGS, SENTENCES, POLICY])
def test_a_file_that_is_not_utf_8_is_named(rules: Path, name: str) -> None:
    """A file in another encoding is refused."""
    (rules / name).write_bytes("# 大同\n".encode("gb18030"))
    problem = _only_problem(rules)
    assert problem.code == "rulebook.unreadable"
    for language in LANGUAGES:
        assert str(rules / name) in problem.tell(language)


def test_a_folder_without_a_policy_is_refused(tmp_path: Path) -> None:
    """An empty folder is named, with what a policy is."""
    problem = _only_problem(tmp_path)
    assert problem.code == "rulebook.no_policies"
    for language in LANGUAGES:
        assert str(tmp_path) in problem.tell(language)


def test_two_damages_give_two_messages(rules: Path) -> None:
    """Faults that do not hide each other are told together."""
    chosen = {"a_number_with_a_wrong_value", "a_variable_of_a_single_letter"}
    for damage in DAMAGES:
        if damage.name in chosen:
            _damaged(rules, damage)
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"rulebook.number_value", "rulebook.variable_letter"}


def test_a_rulebook_that_is_mended_is_sound_again(rules: Path) -> None:
    """A refusal leaves nothing behind: the same folder is accepted once it is put right."""
    damage = DAMAGES[0]
    file = rules / damage.file
    sound = file.read_text(encoding="utf-8")
    _damaged(rules, damage)
    with pytest.raises(RulebookError):
        load_rulebook(rules)
    file.write_text(sound, encoding="utf-8")
    assert load_rulebook(rules).policies.keys() == {"datong"}


def test_two_policies_cannot_share_a_predicate_of_their_own(rules: Path) -> None:
    """A second policy that derives a predicate of the first is refused at its own rule."""
    shutil.copytree(rules / "datong", rules / "datongtwo")
    for file in (rules / "datongtwo").glob("*.*"):
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".txt":
            text = text.replace("datong.", "datongtwo.")
        file.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    taken = [p for p in caught.value.problems if p.code == "rulebook.head_taken"]
    assert taken
    second = rules / "datongtwo" / "rules.lp"
    assert {problem.where.file for problem in taken if problem.where} == {str(second)}
    assert 'derived by "datong" already' in taken[0].tell()


def test_a_money_line_without_an_event_is_refused(rules: Path, tmp_path: Path) -> None:
    """The vocabulary has to say which date of a line must lie within validity."""
    text = shipped_vocabulary().read_text(encoding="utf-8")
    before, header, after = text.partition("[line_event]\n")
    entry = '"datong.2-6.event" = "held_on"\n'
    assert entry in after
    vocabulary = tmp_path / "vocabulary.toml"
    vocabulary.write_text(before + header + after.replace(entry, "", 1), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules, vocabulary)
    (problem,) = caught.value.problems
    assert problem.code == "rulebook.line_event"
    assert problem.where is not None
    line = _line(rules / POLICY, '[line."datong.2-6.event"]')
    assert (problem.where.file, problem.where.line) == (str(rules / POLICY), line)
    assert "datong.2-6.event" in problem.tell("zh")
