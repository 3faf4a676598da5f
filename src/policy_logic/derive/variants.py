"""Deriving a case under several versions of the rules, all from one grounding.

Each version of a rule hangs on an atom that is set from outside, as readings are. Grounding is
most of the work, so a hundred versions cost little more than one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.derive.derivation import SHOWN, Derivation, read_model, reading_settings
from policy_logic.logic.solver import Grounded, SymbolReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from clingo.symbol import Symbol

    from policy_logic.derive.atoms import Atoms
    from policy_logic.logic.terms import Fact
    from policy_logic.rulebook.policy import Rulebook


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
            text: All other rules, in all their versions.
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
            text=f"{book.declarations} {SHOWN} {text}",
            choices={**reading_settings(book, atoms.readings), **choices},
        )
        self._shown = frozenset(self._grounded.model())

    def as_it_is(self) -> Derivation:
        """Return what follows under the rulebook as it is."""
        return self._read(self._atoms, self._book, self._shown, self._choices)

    def under(self, settings: Mapping[Fact, bool], atoms: Atoms, book: Rulebook) -> Derivation:
        """Return what follows under other settings.

        Args:
            settings: What is set otherwise.
            atoms: The case as atoms under that version of the rulebook.
            book: That version.
        """
        shown = frozenset(self._grounded.model(settings))
        return self._read(atoms, book, shown, {**self._choices, **settings})

    def tells(self, settings: Mapping[Fact, bool]) -> bool:
        """Return whether anything that a plan rests on differs under other settings."""
        return frozenset(self._grounded.model(settings)) != self._shown

    def atoms_apart(self, settings: Mapping[Fact, bool]) -> frozenset[Fact]:
        """Return the atoms that hold under one setting only, but for those that are set."""
        before, after = (
            frozenset(self._grounded.model(choice, shown=False)) for choice in ({}, settings)
        )
        reader = SymbolReader()
        return frozenset(map(reader.atom, before ^ after)) - {*self._choices}

    def _read(
        self, atoms: Atoms, book: Rulebook, shown: frozenset[Symbol], own: Mapping[Fact, bool]
    ) -> Derivation:
        """Read a model in a settled order: a version of a rule may give one claim two sums."""
        return read_model(book, atoms, atoms.readings, self._grounded, sorted(shown), own)
