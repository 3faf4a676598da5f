"""What ``nearest`` prints: the smallest changes that make a line hold, and what each is worth."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import typer

from policy_logic.cli.nearest_moves import MoveWords
from policy_logic.language import Language, say
from policy_logic.prove.refusal import Failed, Unknown
from policy_logic.remedies.settings import as_written, new_entities
from policy_logic.tell.account import rejection_sentence
from policy_logic.tell.failing import failed_sentence
from policy_logic.tell.reasons import refusal_sentence
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.decide.decision import Decided, Sums
    from policy_logic.remedies.answer import Answer, Nearest
    from policy_logic.remedies.ways import Obstacle

MOST_SETS = 12
MOST_FAULTS = 3


def print_nearest(answers: Sequence[Answer], language: Language, source: str) -> None:
    """Print answers for people.

    Args:
        answers: What was found, one for each thing that could be claimed.
        language: The language to print in.
        source: The facts file and the options, as the next command repeats them.
    """
    first = NearestPage(answers[0], language, source)
    typer.echo(first.words.entity(answers[0].planner.case.applicant))
    day = first.words.value(answers[0].planner.case.as_of, "date")
    typer.echo(say("page.as_of", language, day=day))
    for answer in answers:
        typer.echo("")
        for line in NearestPage(answer, language, source).lines():
            typer.echo(line)


class NearestPage:
    """Tells one answer in words."""

    def __init__(self, answer: Answer, language: Language, source: str) -> None:
        self.answer, self.language, self.source = answer, language, source
        self.words = Wording(answer.planner.derivation, language)
        self.moves = MoveWords(self.words)

    def say(self, name: str, /, **details: object) -> str:
        """Return a message of ``nearest``."""
        return say(f"nearest.{name}", self.language, **details)

    def lines(self) -> Iterator[str]:
        """Yield the answer, line by line."""
        answer = self.answer
        yield self.title()
        if answer.held is not None:
            yield from self.held(answer.held)
            return
        if answer.added:
            kind = self.words.book.vocabulary.kinds[answer.added].label.say(self.language)
            yield self.say("added", kind=kind, entity=answer.target.subject)
        elif answer.refusal is not None:
            name = "refused" if answer.refusal.fails else "undecided"
            yield self.say(name, reason=refusal_sentence(answer.refusal, self.words))
        if not answer.found:
            yield from self.nothing()
            return
        yield self.say("now", **self.sums(answer.before))
        yield self.say("heading", count=len(answer.found))
        for number, near in enumerate(answer.found[:MOST_SETS], start=1):
            yield ""
            yield from self.set(near, number)
        if len(answer.found) > MOST_SETS:
            yield say("page.more_rows", self.language, count=len(answer.found) - MOST_SETS)
        if not answer.is_complete:
            yield self.say("incomplete")

    def title(self) -> str:
        """Return what was asked for."""
        target = self.answer.target
        subject = "" if self.answer.added else self.words.entity(target.subject)
        parts = [self.words.line(target.line), *([subject] if subject else [])]
        parts += [self.words.value(target.year, "year")] if target.year is not None else []
        parts += [self.words.value(target.trigger, "trigger")] if target.trigger else []
        return f"{' · '.join(parts)}  [{target.line}]"

    def held(self, decided: Decided) -> Iterator[str]:
        """Yield what a line that holds comes to, and why it is not filed if it is not."""
        if decided.chosen:
            yield self.say("held")
        else:
            yield self.say("held_not_filed", reason=rejection_sentence(decided, self.words))
        paid = {f"paid_{name}": text for name, text in self.sums(decided.paid).items()}
        yield self.say("pays", **self.sums(decided.amount), **paid)
        yield from self.review(decided)
        claim = " ".join(str(part) for part in decided.claim[:3] if part is not None)
        yield self.say("see_why", source=self.source, claim=claim)

    def review(self, decided: Decided) -> Iterator[str]:
        """Yield that a claim still depends on a review."""
        if decided.review == "pending":
            yield self.say("pending")

    def nothing(self) -> Iterator[str]:
        """Yield what stands in the way."""
        told = [o for o in self.answer.obstacles if not getattr(o.leaf, "is_gate", False)]
        is_known = bool(told or self.answer.faults) and self.answer.is_complete
        is_sure = is_known and all(obstacle.kind != "open" for obstacle in told)
        yield self.say("nothing" if is_sure else "nothing_found")
        for obstacle in told:
            yield f"  ✗ {self.obstacle(obstacle)}"
        for fault in self.answer.faults[:MOST_FAULTS]:
            yield f"  ✗ {self.say('fault', words=fault.tell(self.language))}"

    def obstacle(self, obstacle: Obstacle) -> str:
        """Return what stands in the way, with why it cannot be otherwise."""
        leaf = obstacle.leaf
        if isinstance(leaf, Unknown):
            words = self.words.question(leaf)
        else:
            assert isinstance(leaf, Failed)  # noqa: S101 - the two kinds of leaves
            words = failed_sentence(leaf, dict(obstacle.attempt.bindings), self.words)
        return self.say(f"obstacle_{obstacle.kind}", words=words)

    def sums(self, sums: Sums) -> dict[str, str]:
        """Return both sums in words."""
        return {
            "firm": self.words.money(sums.firm), "potential": self.words.money(sums.potential)
        }  # fmt: skip

    def set(self, near: Nearest, number: int) -> Iterator[str]:
        """Yield one set: what has to be otherwise, and what it is worth."""
        own, others, shown = near.cost[:3]
        counts = [
            self.say(f"count_{name}", count=count)
            for name, count in (("own", own), ("others", others), ("shown", shown))
            if count
        ]
        yield f"{number}. {self.say('comma').join(counts)}"
        yield from (f"   {line}" for line in self.moves.lines(near.parts))
        before = self.answer.before
        rise = near.after.potential - before.potential
        yield "   " + self.say(
            "worth", **self.sums(near.after), firm_change=f"{near.after.firm - before.firm:+,}",
            potential_change=f"{rise:+,}",
            amount=self.words.money(near.decided.amount.potential),
        )  # fmt: skip
        yield from (f"   {line}" for line in self.remarks(near, rise))
        yield "   " + self.next_step(near)

    def remarks(self, near: Nearest, rise: int) -> Iterator[str]:
        """Yield what a reader has to know of what a set is worth."""
        yield from self.review(near.decided)
        policy = self.words.book.policies[near.decided.policy]
        if near.decided.hypothetical:
            yield self.say("hypothetical")
        elif policy.is_draft and f"policy.{policy.id}.published_on" in dict(near.settings):
            yield self.say("draft")
        if not near.decided.chosen:
            reason = rejection_sentence(near.decided, self.words)
            yield self.say("not_filed" if rise > 0 else "no_gain", reason=reason)
        elif rise < near.decided.amount.potential:
            yield self.say("less_gain" if rise > 0 else "no_gain", reason=self.reason(near))
        elif rise > near.decided.amount.potential:
            yield self.say("more_gain")
        if not near.proved:
            yield self.say("not_proved")

    def reason(self, near: Nearest) -> str:
        """Return why the total rises by less than a claim that is filed comes to."""
        if near.full:
            return self.say("reason_cap", cap=self.words.value(near.full, "number"))
        return self.say("reason_replaces" if near.decided.amount.potential else "reason_open")

    def next_step(self, near: Nearest) -> str:
        """Return how to see the whole plan."""
        root, vocabulary = self.answer.root, self.words.book.vocabulary
        if self.answer.added or list(new_entities(root, dict(near.settings), vocabulary)):
            return self.say("enter")
        options = " ".join(
            f"--set {shlex.quote('='.join(setting))}"
            for setting in as_written(root, dict(near.settings), vocabulary)
        )
        return self.say("try", source=self.source, options=options)
