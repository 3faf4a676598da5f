"""What of a policy its cases exercise, and what they leave out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from policy_logic.lab.accepted import read_accepted, still_open
from policy_logic.lab.conditions import can_fail
from policy_logic.lab.edges import thresholds_of
from policy_logic.lab.exercised import BARRING, cuts_of
from policy_logic.lab.rule_text import condition_text, rule_text, term_text
from policy_logic.logic.terms import Call, Comparison, Constant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.errors import Position
    from policy_logic.lab.tally import Tally
    from policy_logic.language import Label
    from policy_logic.logic.terms import Condition, Rule
    from policy_logic.rulebook.policy import Policy, Rulebook

Kind: TypeAlias = Literal[
    "rule", "condition", "exception", "threshold", "cap", "reading", "exclusion"
]
KINDS: Final[tuple[Kind, ...]] = (
    *("rule", "condition", "exception", "threshold", "cap", "reading", "exclusion"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a policy that cases can exercise.

    Attributes:
        kind: What it is.
        side: What cases do to it: a rule has ``fired``; a condition or an exception is ``missed``,
            that is, alone keeps its rule from a conclusion; a threshold is ``met`` or ``missed``
            by as little as can be; a cap ``cuts`` or ``spares``; a value of a reading is
            ``used``; an exclusion has ``decided`` something.
        about: Its name, the same at every run.
        position: Where it stands.
        rule: The id of its rule; empty for a value of a reading.
        cases: How many cases do so.
        nearest: Of a side of a threshold, how near any case comes to it; empty if none does.
        accepted: Why no case need do so; ``None`` where one should.
    """

    kind: Kind
    side: str
    about: str
    position: Position
    rule: str
    cases: int
    nearest: str = ""
    accepted: Label | None = None

    @property
    def check(self) -> str:
        """The name under which ``accepted.toml`` accepts that no case does so."""
        return f"cover.{self.kind}_{self.side}"

    @property
    def is_missing(self) -> bool:
        """Whether no case does so, and nothing says why none need."""
        return not self.cases and self.accepted is None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a policy its cases exercise.

    Attributes:
        policy: The policy.
        cases: How many cases were counted.
        items: Everything that can be exercised, in the order of the rule file; readings last.
    """

    policy: Policy
    cases: int
    items: tuple[Item, ...]

    def of_rule(self, rule: str) -> tuple[Item, ...]:
        """Return what can be exercised of a rule."""
        return tuple(item for item in self.items if item.rule == rule)

    def share(self, kind: Kind) -> tuple[int, int]:
        """Return how many of a kind are exercised, of how many; what is accepted does not count."""
        own = [item for item in self.items if item.kind == kind and item.accepted is None]
        return sum(not item.is_missing for item in own), len(own)

    @property
    def missing(self) -> tuple[Item, ...]:
        """What no case exercises, and should."""
        return tuple(item for item in self.items if item.is_missing)

    @property
    def accepted(self) -> tuple[Item, ...]:
        """What no case exercises, for a reason."""
        return tuple(item for item in self.items if item.accepted is not None)


def per_cent(coverages: Sequence[Coverage]) -> Fraction:
    """Return how much of several policies is exercised, in per cent; 100 where there is nothing."""
    shares = [summed(coverages, kind) for kind in KINDS]
    whole = sum(count for _, count in shares)
    return Fraction(100 * sum(done for done, _ in shares), whole) if whole else Fraction(100)


def shown(share: Fraction) -> str:
    """Return a share in per cent with one decimal, cut off: 100 is only what is whole."""
    tenths = share * 10 // 1
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def coverage(policy: Policy, book: Rulebook, counted: Tally) -> Coverage:
    """Return what of a policy cases exercise.

    Args:
        policy: The policy.
        book: The rulebook it belongs to.
        counted: What the cases exercise.

    Raises:
        RulebookError: ``accepted.toml`` accepts what cases do exercise, or what there is not.
    """
    items = [item for rule in policy.rules for item in _of_rule(rule, book, counted)]
    items += [
        Item("reading", "used", f"{name}={value}", reading.position, "",
             counted.readings[name, value])
        for name, reading in policy.readings.items()
        for value in reading.values
    ]  # fmt: skip
    accepted = read_accepted(policy.folder)
    still_open([item for item in items if item.is_missing], accepted, "cover")
    reasons = {(row.check, row.about): row.reason for row in accepted}
    return Coverage(
        policy,
        counted.cases,
        tuple(
            item if item.cases else replace(item, accepted=reasons.get((item.check, item.about)))
            for item in items
        ),
    )


def _of_rule(rule: Rule, book: Rulebook, counted: Tally) -> Iterator[Item]:
    fired = counted.fired[rule.id]
    written = rule_text(rule).split(" :-")[0].removesuffix(".")
    yield Item("rule", "fired", f"{rule.id} {written}", rule.position, rule.id, fired)
    if rule.head.signature in BARRING:
        yield Item(
            *("exclusion", "decided", f"{rule.id} {written}", rule.position, rule.id),
            counted.settled[rule.id],
        )
    if rule.head.signature in {("annual_cap", 2), ("annual_quota", 2)} and not rule.body:
        line, number = (str(t.value) for t in rule.head.args if isinstance(t, Constant))
        for side, exceeds in (("cuts", True), ("spares", False)):
            cases = counted.limits[line, number, exceeds]
            yield Item("cap", side, f"{rule.id} {written}", rule.position, rule.id, cases)
    for place, condition in enumerate(rule.body):
        yield from _of_condition(rule, place, condition, book, counted)


def _of_condition(
    rule: Rule, place: int, condition: Condition, book: Rulebook, counted: Tally
) -> Iterator[Item]:
    about = f"{rule.id} {condition_text(condition)}"
    where = condition.position
    if can_fail(rule, place, book) and not _asks_reading(condition):
        is_exception = not isinstance(condition, Comparison) and condition.absent
        kind: Kind = "exception" if is_exception else "condition"
        yield Item(kind, "missed", about, where, rule.id, counted.missed[rule.id, place])
    if place in thresholds_of(rule, book):
        for side, is_met in (("met", True), ("missed", False)):
            key = rule.id, place, is_met
            near = str(counted.nearest.get(key, ""))
            yield Item("threshold", side, about, where, rule.id, counted.edges[key], near)
    if isinstance(condition, Comparison):
        for number, call in enumerate(cuts_of(rule)):
            if _holds(condition, call):
                for side, cuts in (("cuts", True), ("spares", False)):
                    cases = counted.cuts[rule.id, number, cuts]
                    text = f"{rule.id} {term_text(call)}"
                    yield Item("cap", side, text, where, rule.id, cases)


def _asks_reading(condition: Condition) -> bool:
    """Return whether a condition asks for a reading, whose values are counted for themselves."""
    return not isinstance(condition, Comparison) and condition.atom.signature == ("reading", 2)


def _holds(condition: Comparison, call: Call) -> bool:
    """Return whether a calculation stands in a condition."""
    terms = [condition.left, condition.right]
    while terms:
        term = terms.pop()
        if term is call:
            return True
        if isinstance(term, Call):
            terms += term.args
    return False


def summed(coverages: Sequence[Coverage], kind: Kind) -> tuple[int, int]:
    """Return how many of a kind are exercised in several policies, and how many there are."""
    shares = [coverage.share(kind) for coverage in coverages]
    return sum(done for done, _ in shares), sum(whole for _, whole in shares)
