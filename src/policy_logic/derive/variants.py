"""Deriving a case under several versions of the rules, all from one grounding.

Each version of a rule hangs on an atom that is set from outside, as readings are. Grounding is
most of the work, so a hundred versions cost little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy_logic.derive.derivation import SHOWN, Derivation, read_model, reading_settings
from policy_logic.logic.solver import Grounded

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
    """What follows under some settings.

    Attributes:
        settings: What is set otherwise than for the rulebook as it is.
        shown: All that a plan rests on.
        fires: The names that ``fires(Name)`` was derived for.
    """

    settings: Mapping[Fact, bool]
    shown: frozenset[Symbol]
    fires: frozenset[str]


class Variants:
    """One case, grounded once, ready to be derived under any setting of some atoms."""

    def __init__(
        self,
        atoms: Atoms,
        book: Rulebook,
        files: Sequence[Path],
        text: str,
        choices: Mapping[Fact, bool],
    ) -> None:
        """Ground.

        Args:
            atoms: The case as atoms, with whatever any version of the rules asks of it.
            book: The rulebook as it is.
            files: The rule files that are the same in all versions.
            text: All other rules, in all their versions; it may derive ``fires(Name)``.
            choices: The atoms that versions set, with their settings for the rulebook as it is;
                what stands here and in the case alike is set, not given.

        Raises:
            RulebookError: clingo refuses a rule.
        """
        self._atoms, self._book, self._choices = atoms, book, dict(choices)
        facts = [f for f in atoms.origins if f.name != "reading" and f not in choices]
        self._grounded = Grounded(
            files,
            facts,
            text=f"{book.declarations} {SHOWN} #show {FIRES}/1. #defined {FIRES}/1. {text}",
            choices={**reading_settings(book, atoms.readings), **choices},
        )
        self.as_it_is = self.under({})

    def under(self, settings: Mapping[Fact, bool]) -> Variant:
        """Return what follows under other settings."""
        shown: list[Symbol] = []
        fires: set[str] = set()
        for symbol in self._grounded.model(settings):
            if symbol.name == FIRES:
                fires.add(symbol.arguments[0].string)
            else:
                shown.append(symbol)
        return Variant(settings, frozenset(shown), frozenset(fires))

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
        atoms = atoms or self._atoms
        own = {**self._choices, **variant.settings}
        return read_model(
            book or self._book, atoms, atoms.readings, self._grounded, sorted(variant.shown), own
        )
