"""What a report is about, and the words it is written in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from policy_logic.language import Language, say
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from policy_logic.decide.decision import Decision
    from policy_logic.decide.extras import Wished
    from policy_logic.derive.claims import Claim
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.refusals import Target


class Speech:
    """A decided case and its words.

    Attributes:
        wished: The case, with and without its wish.
        planner: The case as planned.
        decision: What was decided.
        language: The language.
        words: The words of the case.
        facts: The facts as a command names them, with the options that pick the case.
        options: The options that the plan was asked with.
    """

    def __init__(self, wished: Wished, language: Language, facts: str, options: str) -> None:
        self.wished, self.planner = wished, wished.planner
        self.decision: Decision = self.planner.decide(refusals=True)
        self.language = language
        self.words = Wording(self.planner.derivation, language)
        self.facts, self.options = facts, options

    def say(self, name: str, /, **details: object) -> str:
        """Return one of the report's own messages."""
        return say(f"report.{name}", self.language, **details)

    @property
    def applicant(self) -> str:
        """The applicant's name."""
        return self.words.entity(self.decision.applicant)

    @property
    def day(self) -> str:
        """The day on which the case is judged."""
        return self.words.value(self.decision.as_of, "date")

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each line in the order of the texts."""
        return {line: place for place, line in enumerate(self.planner.book.lines)}

    def policy(self, policy: str) -> str:
        """Return a policy's title."""
        return self.planner.book.policies[policy].title.say(self.language)

    @cached_property
    def refusals(self) -> list[tuple[Target, Refusal]]:
        """The refusals in the order of the texts, under policies with a first day in force."""
        undated = self.planner.derivation.atoms.undated
        found = [
            pair
            for pair in self.decision.refusals or ()
            if self.planner.book.lines[pair[0].line].policy not in undated
        ]
        return sorted(found, key=lambda pair: self.order(pair[0].line))

    def subject(self, claim: Claim) -> str:
        """Return what a claim is for: an entity, with a year and a listing where they apply."""
        parts = [self.words.entity(claim.subject)]
        parts += [self.words.value(claim.year, "year")] if claim.year is not None else []
        parts += [self.words.value(claim.trigger, "trigger")] if claim.trigger is not None else []
        return self.words.say("apart").join(parts)

    def source(self, title: str, article: str) -> str:
        """Return where a clause stands: a policy or its place, and the article."""
        return self.words.say("cited", told=title, place=article).strip()

    def quoted(self, told: str, clause: str) -> str:
        """Return words with the clause that they are about."""
        quotation = self.words.say("quoted", article="", clause=clause)
        return self.words.say("cited", told=told, place=quotation)

    def order(self, line: str) -> int:
        """Return the place of a line in the order of the texts."""
        return self.places[line]
