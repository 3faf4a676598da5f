"""What ``plan --granted`` prints: each payment against what was due, with reasons and sums."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from policy_logic.decide.explaining import why
from policy_logic.decide.granted import DIFFERING, compare_granted
from policy_logic.decide.report import reasons_json, rejection_json
from policy_logic.language import Language, say
from policy_logic.tell.account import calculation
from policy_logic.tell.reasons import left_out_sentence, refusal_sentence
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.decide.granted import Compared, Finding, Kind
    from policy_logic.decide.planning import Planner
    from policy_logic.facts.model import Grant

SCHEMA = "policy-logic/granted/1"


def print_compared(
    planner: Planner, grants: Sequence[Grant], language: Language, output: str
) -> bool:
    """Print what was paid against what was due; return whether anything differs.

    Raises:
        FactsError: An entry names no money line of a policy at hand, fits several claims, or
            is there twice.
    """
    page = _Page(compare_granted(planner, grants), planner, language)
    if output == "json":
        typer.echo(json.dumps(page.document(), ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False, markup=False)
        for part in page.parts():
            console.print(part, soft_wrap=isinstance(part, Text))
    return page.found.differs


class _Page:
    """The parts of the page, in order; also as JSON."""

    def __init__(self, found: Compared, planner: Planner, language: Language) -> None:
        self.found, self.planner, self.language = found, planner, language
        self.words = Wording(planner.derivation, language)

    def say(self, name: str, /, **details: object) -> str:
        return say(f"granted.{name}", self.language, **details)

    def parts(self) -> Iterator[Text | Table]:
        case = self.planner.case
        yield Text(self.words.entity(case.applicant), style="bold")
        day = self.words.value(case.as_of, "date")
        yield Text(say("page.as_of", self.language, day=day), style="dim")
        differing = self.found.of(*DIFFERING)
        if differing:
            yield Text(self.say("some_differ", count=len(differing)), style="bold red")
        else:
            paid = sum(finding.grant is not None for finding in self.found.findings)
            yield Text(self.say("all_right", count=paid), style="bold green")
        yield self.table()
        told = [finding for finding in self.found.findings if self.reason(finding)]
        if told:
            yield Text(self.say("reasons"), style="bold")
        for finding in told:
            yield Text(f"{self.headline(finding)}\n    {self.reason(finding)}")
        yield Text("\n" + self.say("sums"), style="bold")
        for line in self.sums():
            yield Text(f"  {line}")

    def table(self) -> Table:
        table = Table(box=SIMPLE, pad_edge=False)
        table.add_column(self.say("column_claim"), overflow="fold")
        for name in ("paid", "due", "difference"):
            table.add_column(self.say(f"column_{name}"), justify="right")
        table.add_column(self.say("column_finding"))
        for found in self.found.findings:
            if found.kind == "not_certain":
                continue
            table.add_row(
                self.words.claim(found.claim),
                f"{found.paid:,}" if found.grant else "—",
                self.due(found),
                f"{found.difference:+,}" if found.difference else "",
                self.say(f"kind_{found.kind}"),
            )
        return table

    def due(self, found: Finding) -> str:
        if found.most is None:
            return self.say("no_sum")
        if found.least == found.most or found.kind == "not_paid":
            return f"{found.least:,}"
        name = "between" if found.least else "up_to"
        return self.say(name, least=f"{found.least:,}", most=f"{found.most:,}")

    def headline(self, found: Finding) -> str:
        kind, claim = self.say(f"kind_{found.kind}"), self.words.claim(found.claim)
        difference = self.words.money(abs(found.difference))
        if found.kind == "as_decided":
            return f"✓ {claim}"
        if found.grant is None:
            return self.say("reason_unplaced", claim=claim, kind=kind, difference=difference)
        return self.say("reason", claim=claim, kind=kind, difference=difference,
                        place=found.grant.position)  # fmt: skip

    def reason(self, found: Finding) -> str:
        """Say why a payment is not as decided; nothing where it is and nothing is to be said."""
        if found.cap and found.kind == "as_decided":
            return self.say("divided", cap=self.words.value(found.cap, "number"))
        if found.kind in {"as_decided", "not_certain"}:
            return ""
        if found.refusal is not None:
            return refusal_sentence(found.refusal, self.words)
        if found.decided is None or not found.decided.chosen:
            decided = found.decided
            return left_out_sentence(decided, self.planner, self.words) if decided else ""
        return self.words.say("between").join(self.computed(found))

    def computed(self, found: Finding) -> Iterator[str]:
        """Say how what was due is computed, and what a shared cap leaves of it."""
        decided = self.planner.decided(found.claim)
        answer = why(self.planner, found.claim)
        steps = self.words.say("between").join(calculation(answer, self.words))
        yield self.say("calculation", steps=steps)
        for cap in answer.caps:
            if cap.binds and decided.paid.potential < decided.amount.potential:
                yield self.say("cap", cap=cap.number.label.say(self.language),
                               paid=self.words.money(decided.paid.potential))  # fmt: skip
        if found.kind == "not_paid":
            yield self.say("certain", paid=self.words.money(decided.paid.firm),
                           review=self.words.value(decided.review, "outcome"))  # fmt: skip

    def sums(self) -> Iterator[str]:
        yield self.say("sum_paid", paid=self.words.money(self.found.paid))
        right = self.found.of("as_decided")
        paid = self.words.money(sum(finding.paid for finding in right))
        yield self.say("sum_as_decided", paid=paid, count=len(right))
        for kind in DIFFERING:
            found = self.found.of(kind)
            if found:
                amount = self.words.money(abs(self.found.difference(kind)))
                yield self.say(f"sum_{kind}", amount=amount, count=len(found))
        open_ones = self.found.of("not_certain")
        if open_ones:
            amount = self.words.money(sum(finding.most or 0 for finding in open_ones))
            yield self.say("sum_not_certain", amount=amount, count=len(open_ones))

    def document(self) -> dict[str, Any]:
        """Return what was found as the object that ``plan --granted … --format json`` prints."""
        case = self.planner.case
        kinds: tuple[Kind, ...] = ("as_decided", *DIFFERING, "not_certain")
        return {
            "schema": SCHEMA,
            "applicant": case.applicant,
            "as_of": case.as_of.isoformat(),
            "objective": self.planner.objective,
            "proved": self.planner.chosen.choice.proved,
            "differs": self.found.differs,
            "findings": [self._finding(finding) for finding in self.found.findings],
            "sums": {
                "paid": self.found.paid,
                **{
                    kind: {
                        "count": len(self.found.of(kind)),
                        "paid": sum(finding.paid for finding in self.found.of(kind)),
                        "difference": self.found.difference(kind),
                    }
                    for kind in kinds
                },
            },
        }

    def _finding(self, found: Finding) -> dict[str, Any]:
        grant, decided = found.grant, found.decided
        because: dict[str, Any] = {"text": self.reason(found) or None}
        if found.refusal is not None:
            because |= reasons_json(found.refusal)
        elif decided is not None and decided.rejection is not None:
            because |= rejection_json(decided.rejection) or {}
        elif found.cap:
            because["cap"] = found.cap
        return {
            "finding": found.kind,
            "claim": str(found.claim),
            "paid": grant.amount if grant else None,
            "due": {"least": found.least, "most": found.most},
            "difference": found.difference,
            "place": str(grant.position) if grant else None,
            "on": grant.on.isoformat() if grant and grant.on else None,
            "reference": grant.evidence if grant else None,
            "review": decided.review if decided else None,
            "because": because,
        }
