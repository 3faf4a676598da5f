"""Deriving several cases under several versions of the rules, all from one grounding.

Each version of a rule hangs on an atom that is set from outside, as readings are, and so do the
facts in which the cases differ. Grounding is most of the work, so a hundred versions cost little
more than one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.derive.claims import claim_of
from policy_logic.derive.derivation import (
    SHOWN,
    Derivation,
    ground_together,
    read_model,
    reading_settings,
)
from policy_logic.logic.symbols import SymbolReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from clingo.symbol import Symbol

    from policy_logic.derive.atoms import Atoms
    from policy_logic.logic.terms import Fact
    from policy_logic.rulebook.policy import Rulebook

FIRES: Final = "fires"


@dataclass(frozen=True, slots=True)
class Variant:
    """What follows from one case under some settings.

    Attributes:
        case: The number of the case.
        settings: What is set otherwise than for the rulebook as it is.
        shown: All that a plan rests on.
        fires: The names that ``fires(Name)`` was derived for.
    """

    case: int
    settings: Mapping[Fact, bool]
    shown: frozenset[Symbol]
    fires: frozenset[str]


class Variants:
    """Some cases, grounded once, ready to be derived under any setting of some atoms."""

    def __init__(
        self,
        versions: Sequence[Atoms],
        book: Rulebook,
        files: Sequence[Path],
        text: str,
        choices: Mapping[Fact, bool],
    ) -> None:
        """Ground.

        Args:
            versions: The cases as atoms.
            book: The rulebook as it is.
            files: The rule files that are the same in all versions.
            text: All other rules, in all their versions; it may derive ``fires(Name)``.
            choices: The atoms that versions set, with their settings for the rulebook as it is;
                what a case gives is set in any event.

        Raises:
            RulebookError: clingo refuses a rule.
        """
        self._versions, self._book = versions, book
        shows = f"{SHOWN} #show {FIRES}/1. #defined {FIRES}/1."
        self._grounded, settings = ground_together(
            versions, book, f"{shows} {text}", files, choices
        )
        self._own = [
            {**own, **{fact: value or fact in atoms.origins for fact, value in choices.items()}}
            for own, atoms in zip(settings, versions, strict=True)
        ]
        self._as_it_is: dict[int, Variant] = {}

    def as_it_is(self, case: int) -> Variant:
        """Return what follows from a case under the rulebook as it is."""
        if case not in self._as_it_is:
            self._as_it_is[case] = self.under(case, {})
        return self._as_it_is[case]

    def under(self, case: int, settings: Mapping[Fact, bool]) -> Variant:
        """Return what follows from a case under other settings."""
        shown: list[Symbol] = []
        fires: set[str] = set()
        readings = reading_settings(self._book, self._versions[case].readings)
        for symbol in self._grounded.model({**readings, **self._own[case], **settings}):
            if symbol.name == FIRES:
                fires.add(symbol.arguments[0].string)
            else:
                shown.append(symbol)
        return Variant(case, settings, frozenset(shown), frozenset(fires))

    def claims_of_two_sums(self, variant: Variant) -> frozenset[str]:
        """Return the claims, by name, that are worth more than one sum at once.

        No rulebook that is right gives one; a version of its rules may.
        """
        reader = SymbolReader()
        sums = [symbol.arguments[0] for symbol in variant.shown if symbol.name == "potential"]
        twice = {claim for claim, count in Counter(sums).items() if count > 1}
        return frozenset(str(claim_of(reader.value(claim))) for claim in twice)

    def derivation(
        self, variant: Variant, atoms: Atoms | None = None, book: Rulebook | None = None
    ) -> Derivation:
        """Return what can be claimed under other settings.

        It is read in a settled order: a version of a rule may give one claim two sums.

        Args:
            variant: What follows.
            atoms: The case as atoms under that version of the rulebook.
            book: That version; by default the rulebook as it is.
        """
        atoms = atoms or self._versions[variant.case]
        own = {**self._own[variant.case], **variant.settings}
        return read_model(
            book or self._book, atoms, atoms.readings, self._grounded, sorted(variant.shown), own
        )
