"""The page that ``ask`` prints: what the totals may come to, and what to ask first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from policy_logic.language import say
from policy_logic.tell.asking import AskingWords
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.asking import Asked, Question
    from policy_logic.language import Language

MOST_QUESTIONS = 20


def print_asked(asked: Asked, language: Language) -> None:
    """Print the open questions of a case as a page."""
    console = Console(highlight=False, markup=False)
    for part in _Page(asked, language).parts():
        console.print(part, soft_wrap=True)


class _Page:
    """The parts of the page, in order."""

    def __init__(self, asked: Asked, language: Language) -> None:
        self.asked, self.language = asked, language
        self.plain = Wording(asked.planner, language)
        self.words = AskingWords(asked, self.plain)

    def parts(self) -> Iterator[Text]:
        case = self.asked.planner.case
        yield Text(self.plain.entity(case.applicant), style="bold")
        day = self.plain.value(case.as_of, "date")
        yield Text(say("page.as_of", self.language, day=day), style="dim")
        yield from intervals(self.words)
        yield from self.questions()
        assumed = list(self.words.assumptions())
        if assumed:
            yield Text("\n" + self.words.say("assumed"), style="bold")
        for sentence in assumed:
            yield Text(f"· {sentence}")

    def questions(self) -> Iterator[Text]:
        """Yield the questions that move most, those about one entity together."""
        found = self.asked.questions
        if not found:
            yield Text("\n" + self.words.say("nothing_to_ask"))
            return
        yield Text("\n" + self.words.say("questions", count=len(found)), style="bold")
        shown = list(enumerate(found[:MOST_QUESTIONS], start=1))
        for entity in dict.fromkeys(question.missing.entity for _, question in shown):
            yield Text("\n" + self.plain.entity(entity), style="bold")
            for number, question in shown:
                if question.missing.entity == entity:
                    yield from question_lines(question, self.words, number)
        if len(found) > MOST_QUESTIONS:
            count = len(found) - MOST_QUESTIONS
            yield Text("\n" + say("page.more_rows", self.language, count=count), style="dim")
        if self.asked.further:
            yield Text(self.words.say("further", count=self.asked.further), style="dim")


def intervals(words: AskingWords) -> Iterator[Text]:
    """Yield what both totals may come to, and what the figures are not."""
    asked = words.asked
    yield Text(words.say("as_it_is", totals=words.totals(asked.totals)), style="bold green")
    yield Text(words.interval("firm"))
    yield Text(words.interval("potential"))
    if not asked.is_settled:
        yield Text(words.say("no_entitlement"), style="yellow")


def question_lines(question: Question, words: AskingWords, number: int) -> Iterator[Text]:
    """Yield a question with all that belongs to it."""
    yield Text(f"{number}. {words.question(question.missing)}")
    details = [words.money(question), *words.hangs(question), words.thresholds(question)]
    outcomes = list(words.outcomes(question))
    if outcomes:
        details.append(words.say("between").join(outcomes))
    details += words.evidence(question)
    details.append(words.say("clauses", lines=words.say("between").join(words.clauses(question))))
    details.append(words.say("path", path=question.missing.path))
    for detail in details:
        if detail:
            yield Text(f"     {detail}", style="dim" if detail is details[-1] else "")
