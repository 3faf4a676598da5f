"""Open questions in words: what is asked, what hangs on it, what to bring."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from policy_logic.derive.answers import NONE_OF_THEM, SOMEBODY_ELSE
from policy_logic.language import say
from policy_logic.rulebook.signatures import attribute_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.decide.asking import Asked, Question, Waiting
    from policy_logic.decide.decision import Sums
    from policy_logic.decide.reach import Interval
    from policy_logic.derive.missing import Missing
    from policy_logic.select.problem import Measure
    from policy_logic.tell.wording import Wording

_MOST_NAMED = 3


class AskingWords:
    """The words of one case's open questions."""

    def __init__(self, asked: Asked, words: Wording) -> None:
        self.asked, self.words = asked, words
        self.language = words.language
        self.missing = {question.missing.path: question.missing for question in asked.questions}

    def say(self, name: str, /, **details: object) -> str:
        """Return one of the messages about questions."""
        return say(f"ask.{name}", self.language, **details)

    def interval(self, measure: Measure) -> str:
        """Say what a total may come to."""
        found = self.asked.interval(measure)
        low, high = self.low(found), self.high(found)
        if found.is_settled:
            return self.say(f"settled_{measure}", total=low)
        return self.say(f"interval_{measure}", low=low, high=high)

    def low(self, found: Interval) -> str:
        """Say the lower end."""
        certain = self.words.money(found.certain)
        if found.is_certain_exact:
            return certain
        return self.say("low_bound", bound=certain, found=self.words.money(found.least))

    def high(self, found: Interval) -> str:
        """Say the upper end."""
        possible = self.words.money(found.possible)
        if found.is_possible_exact:
            return possible
        return self.say("high_bound", bound=possible, found=self.words.money(found.most))

    def question(self, missing: Missing) -> str:
        """Return a question as one would ask an applicant."""
        attribute = missing.attribute
        lists = [*attribute.index, *attribute.values]
        keys = [str(key) for key in missing.keys] + ([missing.member] if missing.member else [])
        shown = self.say("keys", keys=self.say("and").join(self.words.key(k, lists) for k in keys))
        name = "question_zh" if self.language == "zh" else "question_en"
        return self.say(
            name, ask=attribute.ask, name=self.words.attribute_name(attribute.kind, attribute.name),
            keys=shown if keys else "",
        )  # fmt: skip

    def money(self, question: Question) -> str:
        """Say by how much a question can move the total."""
        asked = self.asked
        objective = asked.planner.objective
        money = self.words.money(question.money(objective, asked.totals))
        if not question.outcomes:
            return self.say("money", money=money)
        alone = question.moves(objective, asked.totals)
        if alone:
            return self.say("money_alone", money=money, alone=self.words.money(alone))
        return self.say("money_together", money=money)

    def hangs(self, question: Question) -> Iterator[str]:
        """Yield what a question can open, and what it can end."""
        if question.waiting:
            told = [self.waiting(waiting) for waiting in question.waiting[:_MOST_NAMED]]
            claims = self.joined(told, len(question.waiting))
            answers = {waiting.value for waiting in question.waiting}
            (answer, *others) = answers
            if others or not isinstance(answer, (bool, str)):
                yield self.say("opens", claims=claims)
            else:
                answered = self.answer(question.missing, answer)
                yield self.say("opens_if", answer=answered, claims=claims)
        if question.risks:
            risks = [
                self.say("risk", claim=self.words.claim(claim), paid=self.words.money(paid))
                for claim, paid in question.risks[:_MOST_NAMED]
            ]
            yield self.say("ends", claims=self.joined(risks, len(question.risks)))

    def waiting(self, waiting: Waiting) -> str:
        """Return a claim that waits, what it would pay more, and for how many facts it waits."""
        name = "claim_alone" if len(waiting.needs) == 1 else "claim_together"
        return self.say(
            name, claim=self.words.claim(waiting.claim),
            more=self.words.money(waiting.more), others=len(waiting.needs) - 1,
        )  # fmt: skip

    def joined(self, parts: list[str], count: int) -> str:
        """Return parts in a row, and how many are left out."""
        text = self.say("between").join(parts)
        return (
            text if count <= len(parts) else self.say("more", text=text, count=count - len(parts))
        )

    def outcomes(self, question: Question) -> Iterator[str]:
        """Yield what each answer alone leads to, where it leads anywhere."""
        before = self.asked.totals
        if any(outcome.totals != before for outcome in question.outcomes):
            for outcome in question.outcomes:
                yield self.say(
                    "outcome", answer=self.answer(question.missing, outcome.value),
                    totals=self.totals(outcome.totals),
                )  # fmt: skip

    def totals(self, totals: Sums) -> str:
        """Return both totals."""
        return self.say("totals", firm=self.words.money(totals.firm),
                        potential=self.words.money(totals.potential))  # fmt: skip

    def thresholds(self, question: Question) -> str:
        """Say with what rules compare a figure; nothing where they do not."""
        kind = question.missing.attribute.type
        told = [
            self.say(
                "threshold", operator=self.say(f"operator_{_OPERATORS[threshold.operator]}"),
                value=self.words.value(threshold.number.value, kind),
                number=threshold.number.label.say(self.language),
            )
            for threshold in question.thresholds
        ]  # fmt: skip
        return self.say("thresholds", values=self.say("between").join(told)) if told else ""

    def evidence(self, question: Question) -> Iterator[str]:
        """Yield what to bring: what proves the fact, what to know of it, and who judges it."""
        attribute = question.missing.attribute
        vocabulary = self.asked.planner.book.vocabulary
        if attribute.judgement:
            yield self.say("judgement")
        proofs = [
            self.words.attribute_name(other.kind, other.name)
            for other in vocabulary.attributes_of(attribute.kind)
            if other.implies == attribute.name
        ]
        if proofs and not (attribute.type == "set" and not question.missing.member):
            yield self.say("proved_by", names=self.say("between").join(proofs))
        if attribute.implies:
            implied = self.words.attribute_name(attribute.kind, attribute.implies)
            yield self.say("proves", name=implied)
        if attribute.note:
            yield self.say("note", note=attribute.note)

    def clauses(self, question: Question) -> list[str]:
        """Return the articles that the lines concerned stand in; the first few."""
        book = self.asked.planner.book
        told = [
            self.say("line", policy=book.policy_of(line).title.say(self.language),
                     article=book.lines[line].article)
            for line in question.lines
        ]  # fmt: skip
        return list(dict.fromkeys(told))[:_MOST_NAMED]

    def answer(self, missing: Missing, value: object) -> str:
        """Return an answer in words."""
        attribute = missing.attribute
        if value == SOMEBODY_ELSE:
            return self.say("somebody_else")
        if value == NONE_OF_THEM:
            return self.say("none_of_them")
        if isinstance(value, (bool, date, Decimal)):
            return self.words.value(value, attribute.type)
        types = attribute_signature(attribute)[1]
        kind = "entity" if attribute.type == "ref" else types[-1]
        return self.words.value(value, kind)

    def assumptions(self) -> Iterator[str]:
        """Yield what the plan rests on that nobody said."""
        for assumption in self.asked.assumptions:
            totals = self.totals(assumption.totals)
            if assumption.attribute is not None:
                attribute = assumption.attribute
                yield self.say(
                    "assumed_fact", entity=self.words.entity(assumption.entity),
                    name=self.words.attribute_name(attribute.kind, attribute.name), totals=totals,
                )  # fmt: skip
            elif assumption.claim is None:
                yield self.say("assumed_all_received", totals=totals)
            else:
                claim = self.words.claim(assumption.claim)
                yield self.say("assumed_received", claim=claim, totals=totals)


_OPERATORS = {
    "<": "below",
    "<=": "at_most",
    ">": "above",
    ">=": "at_least",
    "=": "equal",
    "!=": "other",
}
