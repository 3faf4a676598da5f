"""What ``readings`` prints: what each way to read the texts would pay, and what is safe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from policy_logic.cli.readings_json import compared_json
from policy_logic.decide.readings_compared import MOST_COMBINATIONS, compare_readings
from policy_logic.language import Language, say
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy_logic.decide.decision import Sums
    from policy_logic.decide.planning import Planner
    from policy_logic.decide.readings_compared import (
        Ambiguity,
        Footing,
        Outcome,
        ReadingsCompared,
        Spread,
    )


def print_compared(planner: Planner, language: Language, output: str) -> None:
    """Print the plans of a case under every value of every reading, as text or JSON.

    Raises:
        RequestError: The planner's engine cannot reckon with the sums of a plan.
    """
    found = compare_readings(planner)
    if output == "json":
        document = compared_json(found, planner, language)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in _Page(found, planner, language).lines():
        typer.echo(line)


class _Page:
    """The text, part by part."""

    def __init__(self, found: ReadingsCompared, planner: Planner, language: Language) -> None:
        self.found, self.planner, self.language = found, planner, language
        self.words = Wording(planner.derivation, language)

    def say(self, name: str, /, **details: object) -> str:
        return say(f"readings.{name}", self.language, **details)

    def lines(self) -> Iterator[str]:
        case, totals = self.planner.case, self.found.plan.totals
        yield self.words.entity(case.applicant)
        yield say("page.as_of", self.language, day=self.words.value(case.as_of, "date"))
        yield self.say("totals", **self.sums(totals))
        yield ""
        matter = len(self.found.ambiguities)
        yield self.say("matter", count=matter) if matter else self.say("matter_none")
        for ambiguity in self.found.ambiguities:
            yield ""
            yield from self.ambiguity(ambiguity)
        yield ""
        for name in ("without_effect", "not_in_force"):
            names = getattr(self.found, name)
            if names:
                shown = self.words.list(names)
                yield self.say(name, count=len(names), names=shown)
        if matter:
            yield from self.footings()
            yield from self.spreads()

    def ambiguity(self, found: Ambiguity) -> Iterator[str]:
        reading, plan = found.reading, self.found.plan
        yield self.say("about", name=reading.name, about=reading.label.say(self.language))
        yield "  " + self.say("clause", clause=reading.clause)
        meaning = reading.values[found.value].say(self.language)
        yield "  · " + self.say("taken", value=found.value, meaning=meaning,
                                **self.sums(plan.totals))  # fmt: skip
        for other in found.others:
            value = other.values[reading.name]
            meaning = reading.values[value].say(self.language)
            if other.same_plan(plan):
                yield "  · " + self.say("same", value=value, meaning=meaning)
                continue
            told = self.say(
                "other", value=value, meaning=meaning, **self.sums(other.totals),
                firm_change=f"{other.totals.firm - plan.totals.firm:+,}",
                change=f"{other.totals.potential - plan.totals.potential:+,}",
            )  # fmt: skip
            yield "  · " + (told if other.proved else self.say("not_proved", told=told))
            yield from (f"      {line}" for line in self.changes(other))

    def changes(self, other: Outcome) -> Iterator[str]:
        """Say which claims enter and leave, and which are paid otherwise."""
        before, after = self.found.plan.paid, other.paid
        for claim, paid in after.items():
            if claim not in before:
                yield self.say("enters", claim=self.words.claim(claim),
                               paid=self.words.money(paid.potential))  # fmt: skip
        for claim, paid in before.items():
            if claim not in after:
                yield self.say("leaves", claim=self.words.claim(claim),
                               paid=self.words.money(paid.potential))  # fmt: skip
            elif after[claim] != paid:
                yield self.say(
                    "resized", claim=self.words.claim(claim), firm=f"{paid.firm:,}",
                    other_firm=self.words.money(after[claim].firm), paid=f"{paid.potential:,}",
                    other_paid=self.words.money(after[claim].potential),
                )  # fmt: skip

    def footings(self) -> Iterator[str]:
        """Say which claims of the plan are safe, and what the others hang on."""
        unsafe = [f for f in self.found.footings if f.unsafe_under]
        singly = [f for f in self.found.footings if not f.unsafe_under and f.unsafe_together]
        safe = [f for f in self.found.footings if not f.unsafe_under and not f.unsafe_together]
        together = self.found.together is not None
        for name, footings in (
            ("safe_together" if together else "safe", safe),
            ("safe_singly_only", singly),
            ("unsafe", unsafe),
        ):
            if footings:
                yield ""
                yield self.say(name, count=len(footings))
            yield from (f"  {self.footing(footing)}" for footing in footings)

    def footing(self, found: Footing) -> str:
        claim, paid = self.words.claim(found.claim), self.words.money(found.paid.potential)
        if found.unsafe_under:
            between = self.words.say("between")
            readings = between.join(f"{name}={value}" for name, value in found.unsafe_under)
            return self.say("unsafe_claim", claim=claim, paid=paid, readings=readings)
        if found.unsafe_together:
            readings = self.values(found.unsafe_together)
            return self.say("unsafe_claim", claim=claim, paid=paid, readings=readings)
        if found.least.potential < found.paid.potential:
            least = self.words.money(found.least.potential)
            return self.say("safe_claim_least", claim=claim, paid=paid, least=least)
        return self.say("safe_claim", claim=claim, paid=paid)

    def spreads(self) -> Iterator[str]:
        yield ""
        yield self.say("spread")
        yield from self.spread("spread_singly", self.found.singly)
        if self.found.together is None:
            yield "  " + self.say("too_many", combinations=f"{self.found.combinations:,}",
                                  most=MOST_COMBINATIONS)  # fmt: skip
            return
        yield from self.spread("spread_together", self.found.together)
        yield "  " + self.say("combined")

    def spread(self, name: str, found: Spread) -> Iterator[str]:
        told = self.say(
            name, plans=found.plans, firm_low=f"{found.firm[0]:,}",
            firm_high=self.words.money(found.firm[1]), low=f"{found.potential[0]:,}",
            high=self.words.money(found.potential[1]),
        )  # fmt: skip
        yield "  " + (told if found.proved else self.say("not_proved", told=told))
        yield "    " + self.say("spread_ends", lowest=self.values(found.lowest.values),
                                highest=self.values(found.highest.values))  # fmt: skip

    def values(self, values: Mapping[str, str]) -> str:
        taken = " + ".join(f"{name}={value}" for name, value in values.items())
        return taken or self.say("as_taken")

    def sums(self, sums: Sums) -> dict[str, str]:
        return {"firm": self.words.money(sums.firm), "potential": self.words.money(sums.potential)}
