"""What became of mutants, one by one and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from policy_logic.lab.accepted import read_accepted, still_open
from policy_logic.lab.mutant import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.lab.accepted import Accepted
    from policy_logic.lab.mutant import Mutant
    from policy_logic.rulebook.cases import WorkedCase
    from policy_logic.rulebook.policy import Policy

Fate: TypeAlias = Literal["refused", "equivalent", "killed", "survived"]
COMMAND: Final = "mutate"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant.

    Attributes:
        mutant: The mutant.
        fate: ``refused`` by the checks that every rulebook passes, ``equivalent`` for a reason
            that can be shown, ``killed`` by a case, or ``survived``.
        reason: Of a refused one the check; of an equivalent one why; of one that survived
            ``unreached`` (in no case does a changed rule take part), ``untold`` (it takes part,
            and the same follows) or ``unstated`` (something else follows, which no case states).
        case: The case that kills it, or, of one that survived, the nearest.
        broken: What the case states and the mutant breaks: section, name, stated, found.
    """

    mutant: Mutant
    fate: Fate
    reason: str = ""
    case: WorkedCase | None = None
    broken: tuple[str, ...] = ()

    @property
    def check(self) -> str:
        """The check under which ``accepted.toml`` names it, as ``mutate.bound``."""
        return f"{COMMAND}.{self.mutant.operator}"

    @property
    def about(self) -> str:
        """What is changed, in the same words at every run."""
        return self.mutant.about


@dataclass(frozen=True, slots=True)
class Counts:
    """How many mutants there are of each fate; the first is the sum of the others."""

    made: int
    refused: int
    equivalent: int
    recorded: int
    killed: int
    survived: int

    @property
    def share(self) -> float | None:
        """The share of those killed among all that change something; ``None`` if none does."""
        told = self.killed + self.survived
        return self.killed / told if told else None


@dataclass(frozen=True)
class Result:
    """What became of the mutants of one policy.

    Attributes:
        policy: The policy.
        survived: Those that no case tells.
        recorded: Those that no case tells and that the policy's folder accepts, with the row.
        equivalent: Those that can be shown to change nothing.
        refused: Those that would not load.
        killed: Those that a case tells.
    """

    policy: Policy
    survived: tuple[Outcome, ...]
    recorded: tuple[tuple[Outcome, Accepted], ...]
    equivalent: tuple[Outcome, ...]
    refused: tuple[Outcome, ...]
    killed: tuple[Outcome, ...]

    def counts(self, operator: str | None = None) -> Counts:
        """Return how many there are, of one operator or of all."""
        refused, equivalent, recorded, killed, survived = (
            sum(operator in {None, outcome.mutant.operator} for outcome in outcomes)
            for outcomes in (
                self.refused,
                self.equivalent,
                [outcome for outcome, _ in self.recorded],
                self.killed,
                self.survived,
            )
        )
        made = refused + equivalent + recorded + killed + survived
        return Counts(made, refused, equivalent, recorded, killed, survived)

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that made a mutant, in their order."""
        return tuple(name for name in OPERATORS if self.counts(name).made)


def result(policy: Policy, outcomes: Sequence[Outcome]) -> Result:
    """Sort what became of mutants, setting apart those that the policy's folder accepts.

    Raises:
        RulebookError: ``accepted.toml`` is malformed, or accepts what is no longer found.
    """
    by_fate: dict[Fate, list[Outcome]] = {}
    for outcome in outcomes:
        by_fate.setdefault(outcome.fate, []).append(outcome)
    survived = by_fate.get("survived", [])
    accepted = read_accepted(policy.folder)
    left = still_open(survived, accepted, COMMAND)
    rows = {(row.check, row.about): row for row in accepted}
    return Result(
        policy,
        left,
        tuple((o, row) for o in survived if (row := rows.get((o.check, o.about)))),
        tuple(by_fate.get("equivalent", ())),
        tuple(by_fate.get("refused", ())),
        tuple(by_fate.get("killed", ())),
    )
