"""What ``nearest`` prints: the smallest changes that make a line hold, and what each is worth."""

from __future__ import annotations

import json
import shlex
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import typer

from policy_logic.language import Language, say
from policy_logic.prove.refusal import Unknown
from policy_logic.rulebook.signatures import attribute_signature
from policy_logic.tell.reasons import refusal_sentence
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.decide.decision import Sums
    from policy_logic.decide.nearest import Answer, Move, Nearest
    from policy_logic.decide.planning import Planner
    from policy_logic.decide.remedies import Obstacle
    from policy_logic.facts.vocabulary import Attribute

SCHEMA = "policy-logic/nearest/1"
MOST_SETS = 12
_UNSURE = frozenset({"open", "other"})  # obstacles that another search might overcome
_FIGURES = frozenset({"money", "usd", "integer", "share"})


def print_nearest(
    answers: Sequence[Answer], planner: Planner, language: Language, output: str, source: str
) -> None:
    """Print answers as text, or as JSON.

    Args:
        answers: What was found, one for each thing that could be claimed.
        planner: The case as it is.
        language: The language to print in.
        output: ``text`` or ``json``.
        source: The facts file and the options, as the next command repeats them.
    """
    if output == "json":
        document = nearest_json(answers, planner, language)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    page = _Page(planner, language, source)
    typer.echo(page.words.entity(planner.case.applicant))
    day = page.words.value(planner.case.as_of, "date")
    typer.echo(say("page.as_of", language, day=day))
    for answer in answers:
        typer.echo("")
        for line in page.lines(answer):
            typer.echo(line)


class _Page:
    """Tells answers in words."""

    def __init__(self, planner: Planner, language: Language, source: str) -> None:
        self.planner, self.language, self.source = planner, language, source
        self.words = Wording(planner.derivation, language)

    def say(self, name: str, /, **details: object) -> str:
        return say(f"nearest.{name}", self.language, **details)

    def lines(self, answer: Answer) -> Iterator[str]:
        yield self.title(answer)
        if answer.held is not None:
            yield from self.held(answer)
            return
        if answer.refusal is not None:
            name = "refused" if answer.refusal.fails else "undecided"
            yield self.say(name, reason=refusal_sentence(answer.refusal, self.words))
        if not answer.found:
            yield from self.nothing(answer)
            return
        yield self.say("now", **self.sums(answer.before))
        yield ""
        yield self.say("heading", count=len(answer.found))
        for number, near in enumerate(answer.found[:MOST_SETS], start=1):
            yield from self.set(near, number, answer.before)
        if len(answer.found) > MOST_SETS:
            yield say("page.more_rows", self.language, count=len(answer.found) - MOST_SETS)
        if not answer.complete:
            yield self.say("incomplete")

    def title(self, answer: Answer) -> str:
        target = answer.target
        parts = [self.words.line(target.line), self.words.entity(target.subject)]
        parts += [self.words.value(target.year, "year")] if target.year is not None else []
        parts += [self.words.value(target.trigger, "trigger")] if target.trigger else []
        return f"{' · '.join(parts)}  [{target.line}]"

    def held(self, answer: Answer) -> Iterator[str]:
        assert answer.held is not None  # noqa: S101 - asked for only where it holds
        decided = self.planner.decided(answer.held)
        yield self.say("held")
        paid = {f"paid_{name}": text for name, text in self.sums(decided.paid).items()}
        yield self.say("pays", **self.sums(decided.amount), **paid)
        claim = " ".join(str(part) for part in answer.held[:3] if part is not None)
        yield self.say("see_why", source=self.source, claim=claim)

    def nothing(self, answer: Answer) -> Iterator[str]:
        told = [o for o in answer.obstacles if not getattr(o.leaf, "is_gate", False)]
        is_sure = bool(told) and all(o.kind not in _UNSURE for o in told)
        yield self.say("nothing" if is_sure else "nothing_found")
        for obstacle in told:
            yield f"  ✗ {self.obstacle(obstacle)}"

    def obstacle(self, obstacle: Obstacle) -> str:
        leaf = obstacle.leaf
        words = (
            self.words.question(leaf)
            if isinstance(leaf, Unknown)
            else self.words.failed(leaf, dict(obstacle.attempt.bindings))
        )
        return self.say(f"obstacle_{obstacle.kind}", words=words)

    def sums(self, sums: Sums) -> dict[str, str]:
        money = self.words.money
        return {"firm": money(sums.firm), "potential": money(sums.potential)}

    def set(self, near: Nearest, number: int, before: Sums) -> Iterator[str]:
        shown = [move.is_shown for move in near.moves]
        name = "show" if all(shown) else "both" if any(shown) else "change"
        yield self.say(f"set_{name}", number=number)
        for move in sorted(near.moves, key=lambda move: move.is_shown):
            yield f"   {self.move(move)}"
            if move.rests_with_others:
                yield f"       {self.say('others')}"
        rise = near.after.potential - before.potential
        yield "   " + self.say(
            "worth", **self.sums(near.after), firm_change=f"{near.after.firm - before.firm:+,}",
            potential_change=f"{rise:+,}", amount=self.words.money(near.amount.potential),
        )  # fmt: skip
        if rise <= 0:
            yield "   " + self.say("no_gain", reason=self.reason(near))
        elif near.rejection is not None:
            yield "   " + self.say("not_filed", reason=self.reason(near))
        elif rise < near.amount.potential:
            yield "   " + self.say("less_gain", reason=self.reason(near))
        elif rise > near.amount.potential:
            yield "   " + self.say("more_gain")
        if not near.proved:
            yield "   " + self.say("not_proved")
        options = " ".join(
            f"--set {shlex.quote(f'{move.path}={move.after}')}" for move in near.moves
        )
        yield "   " + self.say("try", source=self.source, options=options)

    def reason(self, near: Nearest) -> str:
        """Return why the total rises by less than the claim comes to."""
        why = near.rejection
        if why is not None and why.kind == "excluded_by":
            by = self.say("between").join(self.words.claim(claim) for claim in why.by)
            return self.say("reason_excluded", by=by)
        if why is not None and why.kind == "already_received":
            return self.say("reason_received")
        if why is not None and why.kind == "quota" and why.limit:
            return self.say("reason_quota", limit=self.words.value(why.limit, "number"))
        limit = near.full or (why.limit if why is not None else "")
        if limit:
            return self.say("reason_cap", cap=self.words.value(limit, "number"))
        return self.say("reason_replaces" if near.amount.potential else "reason_open")

    def move(self, move: Move) -> str:
        fact = self.words.fact(move.path)
        after = self.value(move.after, move.attribute)
        if move.is_shown:
            is_figure = move.attribute is not None and move.attribute.type in _FIGURES
            name = "move_show_figure" if is_figure else "move_show"
            return self.say(name, fact=fact, after=after, path=move.path)
        before = self.value(move.before, move.attribute)
        return self.say("move_change", fact=fact, before=before, after=after, path=move.path)

    def value(self, text: str, attribute: Attribute | None) -> str:
        """Return a value of the case in words."""
        if attribute is None:
            return text
        kind = attribute_signature(attribute)[1][-1] if attribute.type != "bool" else "bool"
        plain: object = text
        if text in {"true", "false"}:
            plain = text == "true"
        elif attribute.type in {"money", "usd", "integer"}:
            plain = int(text)
        elif attribute.type == "share":
            plain = Decimal(text)
        elif attribute.type == "date":
            plain = date.fromisoformat(text)
        elif text.startswith("["):
            members = [name.strip() for name in text[1:-1].split(",") if name.strip()]
            return f"[{', '.join(self.words.value(name, kind) for name in members)}]"
        return self.words.value(plain, kind)


def nearest_json(
    answers: Sequence[Answer], planner: Planner, language: Language = "en"
) -> dict[str, Any]:
    """Return answers as the object that ``nearest --format json`` prints.

    Args:
        answers: What was found.
        planner: The case as it is.
        language: The language of its words; names and figures do not depend on it.
    """
    page = _Page(planner, language, "")
    return {
        "schema": SCHEMA,
        "applicant": planner.case.applicant,
        "as_of": planner.case.as_of.isoformat(),
        "objective": planner.objective,
        "answers": [_answer(answer, page) for answer in answers],
    }


def _answer(answer: Answer, page: _Page) -> dict[str, Any]:
    return {
        "line": answer.target.line,
        "subject": answer.target.subject,
        "year": answer.target.year,
        "trigger": answer.target.trigger,
        "held": None if answer.held is None else str(answer.held),
        "before": _sums(answer.before),
        "sets": [_set(near, answer.before) for near in answer.found],
        "obstacles": [
            {
                "kind": obstacle.kind,
                "fact": obstacle.leaf.fact or None,
                "condition": getattr(obstacle.leaf, "condition", None),
                "text": page.obstacle(obstacle),
            }
            for obstacle in answer.obstacles
        ],
        "complete": answer.complete,
    }


def _set(near: Nearest, before: Sums) -> dict[str, Any]:
    why = near.rejection
    return {
        "moves": [
            {
                "path": move.path,
                "before": move.before or None,
                "after": move.after,
                "to_be": "shown" if move.is_shown else "changed",
                "rests_with_others": move.rests_with_others,
            }
            for move in near.moves
        ],
        "only_to_show": near.only_to_show,
        "claim": str(near.claim),
        "amount": _sums(near.amount),
        "paid": _sums(near.paid),
        "after": _sums(near.after),
        "difference": {
            "firm": near.after.firm - before.firm,
            "potential": near.after.potential - before.potential,
        },
        "rejection": None if why is None else why.kind,
        "full_cap": near.full or None,
        "proved": near.proved,
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"firm": sums.firm, "potential": sums.potential}
