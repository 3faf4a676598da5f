"""The page that ``plan`` prints: what a finance director needs to know in one minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from policy_logic.language import Language, say
from policy_logic.prove.refusal import Unknown
from policy_logic.tell.certified import certified, other_plan
from policy_logic.tell.reasons import MOST_FACTS, left_out_sentence, refusal_sentence
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from policy_logic.decide.decision import Decided, Decision
    from policy_logic.decide.extras import Extras, Wished
    from policy_logic.decide.planning import Alternative, Planner
    from policy_logic.derive.claims import Claim
    from policy_logic.prove.refusal import Refusal
    from policy_logic.prove.refusals import Target

MOST_ROWS = 12


def print_plans(
    cases: Sequence[Wished], extras: Extras, language: Language, source: str, *, refusals: bool
) -> None:
    """Print the decision of each case as a page, one after another."""
    console = Console(highlight=False, markup=False)
    for number, wished in enumerate(cases):
        if number:
            console.print(Rule(style="dim"))
        planner = wished.planner
        hint = source if len(cases) == 1 else f"{source} --applicant {planner.case.applicant}"
        page = _Page(planner.decide(refusals=refusals), planner, language, hint)
        for part in (*page.parts(), *page.extras(wished, extras), *page.hint()):
            console.print(part, soft_wrap=isinstance(part, Text))


class _Page:
    """The parts of the page, in order."""

    def __init__(
        self, decision: Decision, planner: Planner, language: Language, source: str
    ) -> None:
        self.decision, self.planner, self.source = decision, planner, source
        self.language = language
        self.words = Wording(planner.derivation, language)
        self.places = {line: place for place, line in enumerate(planner.book.lines)}

    def say(self, name: str, /, **details: object) -> str:
        return say(f"page.{name}", self.language, **details)

    def parts(self) -> Iterator[Text | Table]:
        yield from self.head()
        yield from self.claims()
        yield from self.caps()
        yield from self.left_out()
        yield from self.undecided()
        yield from self.refused()
        yield from self.benefits()
        yield from self.notices()

    def hint(self) -> Iterator[Text]:
        """Say how to get a proof."""
        claim = next(iter(self.decision.chosen), None)
        if claim is not None:
            name = f"{claim.claim.line} {claim.claim.subject}"
            year = f" {claim.claim.year}" if claim.claim.year else ""
            trigger = f" --trigger {claim.claim.trigger}" if claim.claim.trigger else ""
            command = f"policy-logic why {self.source} {name}{year}{trigger}"
            hint = self.say("hint", command=command)
            yield Text("\n" + hint, style="dim")

    def head(self) -> Iterator[Text]:
        decision, words = self.decision, self.words
        yield Text(words.entity(decision.applicant), style="bold")
        yield Text(self.say("as_of", day=words.value(decision.as_of, "date")), style="dim")
        totals = self.say("totals", firm=words.money(decision.totals.firm),
                          potential=words.money(decision.totals.potential))  # fmt: skip
        yield Text(totals, style="bold green")
        if decision.hypothetical.potential:
            text = self.say("hypothetical", firm=words.money(decision.hypothetical.firm),
                            potential=words.money(decision.hypothetical.potential))  # fmt: skip
            yield Text(text, style="yellow")
        for sentence in certified(decision, words, under_wish=bool(self.planner.wish)):
            yield Text(sentence, style="dim")
        other = decision.other
        if other is not None:
            yield Text(other_plan(other, words), style="dim")

    def extras(self, wished: Wished, extras: Extras) -> Iterator[Text]:
        """Say what else was asked for."""
        if wished.best is not wished.planner:
            yield from self.wish(wished)
        if extras.alternatives:
            found = self.planner.alternatives(extras.alternatives)
            yield self.heading("alternatives", count=len(found))
            for number, alternative in enumerate(found, start=1):
                yield Text(self.alternative(number, alternative))
        if extras.has_contrast:
            yield from self.contrast()

    def wish(self, wished: Wished) -> Iterator[Text]:
        """Say what was wished, what it costs, and what it moves."""
        words, wish = self.words, wished.planner.wish
        yield self.heading("wish")
        for name, claims in (("wish_filed", wish.filed), ("wish_left", wish.left)):
            if claims:
                yield Text(f"· {self.say(name, claims=self.listed(claims))}")
        best = words.money(wished.best.chosen.choice.total)
        cost = words.money(wished.cost)
        told = self.say("wish_cost" if wished.cost else "wish_free", measure=self.measure(),
                        best=best, cost=cost)  # fmt: skip
        yield Text(f"· {told}")
        before, after = wished.best.chosen.claims, wished.planner.chosen.claims
        for mark, moved in (("+", after - before), ("−", before - after)):
            for claim in sorted(moved, key=lambda claim: claim.order):
                yield Text(f"    {mark} {words.claim(claim)}")

    def listed(self, claims: Collection[Claim]) -> str:
        named = (self.words.claim(claim) for claim in sorted(claims, key=lambda c: c.order))
        return self.words.say("between").join(named)

    def measure(self) -> str:
        return self.say(f"measure_{self.decision.objective}")

    def alternative(self, number: int, alternative: Alternative) -> str:
        totals = alternative.totals
        lines = [self.say("alternative", number=number, firm=self.words.money(totals.firm),
                          potential=self.words.money(totals.potential))]  # fmt: skip
        lines += [f"    + {self.words.claim(claim)}" for claim in alternative.added]
        lines += [f"    − {self.words.claim(claim)}" for claim in alternative.dropped]
        return "\n".join(lines)

    def contrast(self) -> Iterator[Text]:
        words, found = self.words, self.planner.contraster.everything()
        yield self.heading("contrast", measure=self.measure())
        for claim, loss in sorted(found.missed.items(), key=lambda pair: -pair[1]):
            yield self.worth("without_claim", loss, claim=words.claim(claim))
        for claim, loss in sorted(found.forced.items(), key=lambda pair: pair[1]):
            yield self.worth("forcing", loss, claim=words.claim(claim))
        for pool, gain in found.caps.items():
            yield self.worth("more_cap", gain, cap=words.value(pool, "pool"))
        total = words.money(found.obvious.total)
        yield self.worth("obvious", found.obvious.lost, total=total)

    def worth(self, name: str, change: int, **details: object) -> Text:
        """Return one line of the contrast."""
        told = self.say(name if change else f"{name}_same", change=self.words.money(change),
                        **details)  # fmt: skip
        return Text(f"· {told}")

    def heading(self, name: str, **details: object) -> Text:
        return Text("\n" + self.say(name, **details), style="bold")

    def claims(self) -> Iterator[Text | Table]:
        chosen = sorted(self.decision.chosen, key=lambda decided: self.order(decided.claim.line))
        if not chosen:
            yield self.heading("nothing")
            return
        yield self.heading("file", count=len(chosen))
        table = Table(box=SIMPLE, show_footer=True, pad_edge=False)
        table.add_column(self.say("column_line"), footer=self.say("sum"), overflow="fold")
        table.add_column(self.say("column_review"), no_wrap=True)
        for name, total in (
            ("firm", self.decision.totals.firm),
            ("potential", self.decision.totals.potential),
        ):
            table.add_column(
                self.say(f"column_{name}"), footer=f"{total:,}", justify="right", no_wrap=True
            )
        by_policy: dict[str, list[Decided]] = {}
        for decided in chosen:
            by_policy.setdefault(decided.policy, []).append(decided)
        for policy, own in by_policy.items():
            if len(by_policy) > 1:
                table.add_section()
                table.add_row(*self.policy_row(policy, own), style="bold")
            for decided in own:
                table.add_row(*self.row(decided))
        yield table

    def policy_row(self, policy: str, claims: Sequence[Decided]) -> list[str]:
        """Return what a policy pays together."""
        firm = sum(decided.paid.firm for decided in claims)
        potential = sum(decided.paid.potential for decided in claims)
        return [self.words.place_of(policy), "", f"{firm:,}", f"{potential:,}"]

    def row(self, decided: Decided) -> list[str]:
        claim, words = decided.claim, self.words
        year = f" {words.value(claim.year, 'year')}" if claim.year else ""
        trigger = f" {words.value(claim.trigger, 'trigger')}" if claim.trigger else ""
        mark = f" {self.say('assumed')}" if decided.hypothetical else ""
        mark += f" {self.say('unpriced')}" if decided.is_unpriced else ""
        subject = f"{words.entity(claim.subject)}{year}{trigger}"
        return [
            f"{decided.article} {words.line(claim.line)}{mark}\n  {subject}",
            words.value(decided.review, "outcome"),
            f"{decided.paid.firm:,}",
            f"{decided.paid.potential:,}",
        ]

    def caps(self) -> Iterator[Text]:
        """Say which caps cut the plan."""
        derivation, chosen = self.planner.derivation, self.planner.chosen
        for pool, limit in sorted(derivation.limits.items(), key=str):
            alone = sum(
                derivation.candidates[claim].potential
                for claim in derivation.candidates
                if pool in derivation.candidates[claim].pools and claim not in chosen.settled
            )
            drawn = derivation.drawn.get(pool, 0)
            if drawn + alone > limit:
                yield Text(
                    self.say("cap", cap=self.words.value(pool, "pool"),
                             limit=self.words.money(limit), alone=self.words.money(alone)),
                    style="yellow",
                )  # fmt: skip

    def left_out(self) -> Iterator[Text]:
        left = [decided for decided in self.decision.candidates if not decided.chosen]
        left.sort(key=lambda decided: self.order(decided.claim.line))
        if not left:
            return
        yield self.heading("left_out", count=len(left))
        for decided in left[:MOST_ROWS]:
            mark = self.say("reserve", order=decided.reserve_order) if decided.reserve else ""
            told = self.say(
                "left_out_claim", place=self.place(decided.claim.line),
                claim=self.words.claim(decided.claim),
                amount=self.words.money(decided.amount.potential), mark=mark,
            )  # fmt: skip
            reason = left_out_sentence(decided, self.planner, self.words)
            yield Text(f"{told}\n    {reason}")
        yield from self.more(len(left))

    def undecided(self) -> Iterator[Text]:
        """Say, line by line, what has to be known before it can be decided."""
        by_line: dict[str, list[tuple[Target, Refusal]]] = {}
        for target, refusal in self.looked_at():
            if not refusal.fails:
                by_line.setdefault(target.line, []).append((target, refusal))
        if not by_line:
            return
        yield self.heading("undecided", count=len(by_line))
        for line, found in list(by_line.items())[:MOST_ROWS]:
            leaves = [leaf for _, refusal in found for leaf in refusal.leaves()]
            names = dict.fromkeys(
                self.words.attribute_name(leaf.kind, leaf.attribute)
                for leaf in leaves
                if isinstance(leaf, Unknown)
            )
            subjects = list(dict.fromkeys(self.subject(target) for target, _ in found))
            yield Text(
                f"? {self.place(line)} {self.words.line(line)} · {self.some(subjects)}\n"
                f"    {self.say('missing', facts=self.some(list(names)))}"
            )
        yield from self.more(len(by_line))

    def some(self, words: Sequence[str]) -> str:
        """Return a few words, and how many more there are."""
        rest = len(words) - MOST_FACTS
        told = self.words.list(words[:MOST_FACTS])
        return self.words.say("and_more", told=told, count=rest) if rest > 0 else told

    def subject(self, target: Target) -> str:
        year = f" {self.words.value(target.year, 'year')}" if target.year else ""
        return f"{self.words.entity(target.subject)}{year}"

    def refused(self) -> Iterator[Text]:
        found = [(target, refusal) for target, refusal in self.looked_at() if refusal.fails]
        if not found:
            return
        yield self.heading("refused", count=len(found))
        for target, refusal in found[:MOST_ROWS]:
            reason = refusal_sentence(refusal, self.words)
            yield Text(f"✗ {self.target(target)}\n    {reason}")
        yield from self.more(len(found))

    def target(self, target: Target) -> str:
        place, line = self.place(target.line), self.words.line(target.line)
        return f"{place} {line} · {self.subject(target)}"

    def place(self, line: str) -> str:
        return self.words.place_of(self.planner.book.lines[line].policy)

    def looked_at(self) -> list[tuple[Target, Refusal]]:
        """Return the refusals under policies of which it is known from when they are in force.

        What misses least stands first, and before it what belongs to a policy that pays.
        """
        lines, undated = self.planner.book.lines, self.planner.derivation.atoms.undated
        paying = {decided.policy for decided in self.decision.chosen}
        found = [
            (target, refusal)
            for target, refusal in self.decision.refusals or ()
            if lines[target.line].policy not in undated
        ]
        return sorted(
            found,
            key=lambda pair: (
                lines[pair[0].line].policy not in paying,
                sum(1 for _ in pair[1].leaves()),
                self.order(pair[0].line),
            ),
        )

    def order(self, line: str) -> int:
        """Return the place of a line in the order of the texts."""
        return self.places[line]

    def more(self, count: int) -> Iterator[Text]:
        if count > MOST_ROWS:
            yield Text(self.say("more_rows", count=count - MOST_ROWS), style="dim")

    def benefits(self) -> Iterator[Text]:
        if self.decision.benefits:
            yield self.heading("benefits")
        for benefit in self.decision.benefits:
            name = f"{self.words.line(benefit.line)} · {self.words.entity(benefit.subject)}"
            yield Text(f"· {name}\n    “{benefit.clause}”")

    def notices(self) -> Iterator[Text]:
        """Tell the notices; readings without effect are only counted."""
        told = [n for n in self.decision.notices if n.details.get("changes_plan", True)]
        idle = self.readings_in_question() - {n.details.get("reading") for n in told}
        if told or idle:
            yield self.heading("notices")
        for notice in told:
            yield Text(f"! {notice.label.say(self.language)}")
        if idle:
            command = f"policy-logic readings {self.source}"
            told_count = self.say("readings_without_effect", count=len(idle), command=command)
            yield Text(f"! {told_count}")

    def readings_in_question(self) -> set[object]:
        """Return the readings of what is in force, and of what belongs to no policy of its own."""
        undated = self.planner.derivation.atoms.undated
        readings = self.planner.book.readings.values()
        return {reading.name for reading in readings if reading.policy not in undated}
