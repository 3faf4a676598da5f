"""The files of a policy folder that waits for its rules, as texts."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

from policy_logic.lab.sketches import KIND, Sketch, annual_caps, sketch
from policy_logic.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.lab.outline import Clause, Outline, Stated
    from policy_logic.language import Language

_WIDTH: Final = 70


class ScaffoldFiles:
    """Writes what is known of a text into the files of its folder.

    Attributes:
        policy: The policy's id.
        outline: The text, laid out.
        sketches: The lines proposed, by clause.
    """

    def __init__(
        self, policy: str, outline: Outline, vocabulary: Vocabulary, language: Language
    ) -> None:
        self.policy, self.outline = policy, outline
        self._vocabulary, self._language = vocabulary, language
        self.sketches = {c: sketch(policy, c) for c in outline.clauses if c.line}
        self.place, self._is_new_place = self._find_place()

    def files(self) -> dict[str, str]:
        """Return the texts of the files by name, but for ``text.txt``."""
        return {
            "policy.toml": _text(self._policy()),
            "numbers.toml": _text(self._numbers()),
            "readings.toml": self._say("readings", policy=self.policy) + "\n",
            "rules.lp": _text(self._rules()),
            "sentences.toml": self._say("sentences") + "\n",
            "vocabulary.toml": _text(self._words()),
            "cases/1.yaml": _text(self._case()),
        }

    def _say(self, name: str, /, **details: object) -> str:
        return say(f"scaffold.{name}", self._language, **details)

    def _note(self, name: str, sign: str = "#", /, **details: object) -> Iterator[str]:
        """Yield words of the locale as comment lines."""
        for line in self._say(name, **details).splitlines():
            yield f"{sign} {line}".rstrip()

    def _find_place(self) -> tuple[str, bool]:
        """Return the place of the policy: one that its title or issuer names, else a new one."""
        about = self.outline.preamble
        places = self._vocabulary.values["place"]
        named = [n for n, words in places.items() if words.zh in about.title + about.issuer]
        if self.policy in places or not named:
            return self.policy, self.policy not in places
        return max(named, key=lambda name: len(self._vocabulary.around("place", name))), False

    def _policy(self) -> Iterator[str]:
        about = self.outline.preamble
        digest = hashlib.sha256(self.outline.text.verbatim.encode()).hexdigest()
        yield from self._note("policy_head", "#", policy=self.policy)
        yield ""
        title = about.title or self.policy
        yield f"title = {_label(title, f'{self.policy} (title not translated yet)')}"
        yield f"number = {_quoted(about.number)}"
        issuer = about.issuer or "（发文机关待填）"
        yield f"issuer = {_label(issuer, f'{self.policy} (issuer not translated yet)')}"
        yield f"place = {_quoted(self.place)}"
        yield f"status = {_quoted(about.status)}  # in_force, trial, draft, consultation"
        yield f"source = {_quoted(title)}"
        yield f'text_sha256 = "{digest}"'
        yield ""
        yield "[validity]"
        yield from self._validity()
        yield ""
        yield from self._note("lines_head", "#", kinds=", ".join(self._vocabulary.kinds))
        for known in self.sketches.values():
            yield ""
            yield from _commented(self._line(known))
        yield ""
        yield from self._note("uncovered_head")
        for quotes, reason in (
            (self.outline.named, "named"),
            (self.outline.headings, "heading"),
            (self.outline.departments, "departments"),
        ):
            words = _label(*(say(f"scaffold.because_{reason}", spoken) for spoken in ("zh", "en")))
            for quote in dict.fromkeys(quotes):
                yield ""
                yield "[[uncovered]]"
                yield f"quote = {_quoted(quote)}"
                yield f"reason = {words}"

    def _validity(self) -> Iterator[str]:
        applies, dated = self.outline.preamble.applies, self.outline.preamble.dated
        yield f"clause = {_quoted(self.outline.validity)}"
        has_term = applies is not None and (applies.years or applies.end)
        if not has_term:
            yield from self._note("no_term")
        if applies and applies.start and has_term:
            yield f"from = {applies.start}"
        elif has_term:
            yield from self._note("no_start")
        start = applies.start if applies and applies.start else dated
        if start and (not has_term or not (applies and applies.start)):
            yield f"# from = {start}"
        if applies and applies.end and applies.start and applies.start <= applies.end:
            yield f"until = {applies.end}"
        else:
            years = applies.years if applies and applies.years else 1
            yield f"years = {min(max(years, 1), 100)}"

    def _line(self, known: Sketch) -> Iterator[str]:
        clause = known.clause
        yield f"[line.{_quoted(known.line)}]"
        yield f"article = {_quoted(clause.article)}"
        yield 'class = "monetary"'
        yield f'subject = ["{KIND}"]'
        yield 'recipient = ["itself"]'
        yield f'per = "{"year" if known.is_yearly else "once"}"'
        yield f'determinacy = "{known.determinacy}"'
        yield f'review = "{"required" if clause.asks_review else "none"}"'
        yield f"matter = {_quoted(self._matter(known))}"
        yield f"zh = {_quoted(_named(clause))}"
        yield f"en = {_quoted(f'{known.line} (not translated yet)')}"

    def _matter(self, known: Sketch) -> str:
        return f"{known.clause.line}@{self.policy}"

    def _numbers(self) -> Iterator[str]:
        yield from self._note("numbers_head")
        for clause in self.outline.clauses:
            for stated in clause.stated:
                figure = stated.figure
                value = f'"{figure.value}"' if figure.kind == "share" else f"{int(figure.value):_}"
                yield ""
                yield f"[{stated.key}]"
                yield f"value = {value}"
                yield f'type = "{figure.kind}"'
                yield f"clause = {_quoted(stated.clause)}"
                yield f"written = {_quoted(stated.written)}"
                yield f"zh = {_quoted(self._number_name(clause, stated, 'zh'))}"
                yield f"en = {_quoted(self._number_name(clause, stated, 'en'))}"

    def _number_name(self, clause: Clause, stated: Stated, language: Language) -> str:
        _, _, nth = stated.key.rpartition(stated.figure.role)
        role = say(f"scaffold.role_{stated.figure.role}", language)
        return say(
            "scaffold.number_name",
            language,
            role=role,
            nth=nth.replace("_", " "),
            article=clause.article if language == "zh" else clause.item or "0",
        )

    def _rules(self) -> Iterator[str]:
        about = self.outline.preamble
        yield f"%# {about.title or self.policy}"
        yield "%"
        yield f"% Source: {about.number or about.title or self.policy} (text.txt)"
        yield "% In:  number(Name, Value), as_of(Date)"
        yield "% Out: eligible(Line, Subject, Occasion), amount(Line, Subject, Occasion, Yuan)"
        yield "%"
        yield from self._note("rules_head", "%")
        for _, group in groupby(self.outline.clauses, key=lambda clause: clause.item):
            clauses = list(group)
            lines = [self.sketches[clause] for clause in clauses if clause.line]
            for clause in clauses:
                yield ""
                yield from self._section(clause, lines)

    def _section(self, clause: Clause, lines: Sequence[Sketch]) -> Iterator[str]:
        name = ".".join(filter(None, (self.policy, clause.line or clause.item)))
        article = "".join(clause.article.split())
        yield f"%## {article} {name}{f' {clause.name}' if clause.name else ''}"
        for quote in clause.quotes:
            yield f"%? {quote}"
        if clause.left:
            yield ""
            yield from self._note("digits_left", "%", digits=", ".join(clause.left))
        rules = list(annual_caps(self.policy, clause, lines)) if clause.is_cap else []
        known = self.sketches.get(clause)
        if known is not None:
            unused = ", ".join(f"{self.policy}.{s.key} ({s.written})" for s in known.unused)
            rules = list(known.rules)
            if unused:
                yield ""
                yield from self._note("unused", "%", numbers=unused)
        if rules:
            yield ""
            yield from (f"% {line}".rstrip() for line in rules)

    def _words(self) -> Iterator[str]:
        about, known = self.outline.preamble, self._vocabulary
        lines = list(self.sketches.values())
        yield from self._note("vocabulary_head")
        yield ""
        yield "version = 1"
        if self.policy not in known.kinds["policy"].ids:
            yield ""
            yield "[kind.policy]"
            yield f"ids = [{_quoted(self.policy)}]"
        yield ""
        yield f"[kind.{KIND}]"
        yield "subject_of = ["
        yield from (f"#   {_quoted(line.line)}," for line in lines)
        yield "]"
        if self._is_new_place:
            yield ""
            yield from self._note("place")
            yield "[value.place]"
            yield f"{self.policy} = {_label(about.region or self.policy, self.policy)}"
        if self.policy not in known.values["policy"]:
            yield ""
            yield "[value.policy]"
            yield f"{self.policy} = {_label(about.title or self.policy, self.policy)}"
        tables = {
            "value.matter": lambda line: (
                self._matter(line),
                _label(_named(line.clause), line.line),
            ),
            "line_event": lambda line: (line.line, '"year"' if line.is_yearly else '"as_of"'),
            "line_matter": lambda line: (line.line, _quoted(self._matter(line))),
        }
        for table, row in tables.items():
            yield ""
            yield f"[{table}]"
            yield from _commented(f"{_quoted(key)} = {value}" for key, value in map(row, lines))
        for line in lines:
            for attribute in self._attributes(line):
                yield ""
                yield from _commented(attribute)

    def _attributes(self, line: Sketch) -> Iterator[list[str]]:
        for attribute in line.attributes:
            about = attribute.about.clause if attribute.about else "".join(line.clause.quotes[-1:])
            about = about.rstrip("，。；")
            words = about if len(about) <= _WIDTH else f"{about[:_WIDTH]}…"
            yield [
                f"[attribute.{KIND}.{attribute.name}]",
                f'type = "{attribute.type}"',
                *(['index = ["year"]'] if attribute.is_yearly else []),
                f"zh = {_quoted(words)}",
                f"en = {_quoted(attribute.name.replace('_', ' '))}",
                f"ask = {_quoted(f'{words}？')}",
                f"lines = [{_quoted(line.line)}]",
            ]

    def _case(self) -> Iterator[str]:
        about = self.outline.preamble
        applies = about.applies
        day = (applies.start if applies else None) or about.dated or date.today()  # noqa: DTZ011 - a day of the calendar
        yield from self._note("case_head")
        yield "base:"
        yield "  applicant: some_firm"
        yield f"  as_of: {day}"
        yield "  received: []"
        yield f"  {KIND}:"
        yield f"    some_firm: {{name: {self._say('firm')}}}"
        yield "cases:"
        yield f"  - name: {self._say('empty_case')}"
        yield "    totals: {firm: 0, potential: 0}"
        first = next(iter(self.sketches.values()), None)
        if first is not None:
            claim = f"{first.line}/some_firm{f'/{day.year}' if first.is_yearly else ''}"
            yield from _commented(self._example(first, claim, day.year), "  # ")

    def _example(self, line: Sketch, claim: str, year: int) -> Iterator[str]:
        yield f"- name: {self._say('example_case', article=line.clause.article)}"
        yield "  set:"
        for attribute in line.attributes:
            value: object = 1_000_000
            if attribute.type == "bool":
                value = "true"
            elif attribute.about is not None and attribute.about.figure.role == "minimum":
                value = attribute.about.figure.value
            path = f"{KIND}.some_firm.{attribute.name}{f'.{year}' if attribute.is_yearly else ''}"
            yield f"    {path}: {value}"
        yield "  claims:"
        yield f"    {claim}: {{potential: 0, firm: 0}}"


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _commented(lines: Iterator[str] | Sequence[str], sign: str = "# ") -> Iterator[str]:
    for line in lines:
        yield f"{sign}{line}".rstrip()


def _named(clause: Clause) -> str:
    """Return a name for the line of a clause."""
    nth = clause.line.removeprefix(clause.item).lstrip(".")
    return f"{clause.name or clause.article}{f'（{nth}）' if nth else ''}"


def _quoted(words: str) -> str:
    """Return words as a text of TOML."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _label(zh: str, en: str) -> str:
    return f"{{zh = {_quoted(zh)}, en = {_quoted(en)}}}"
