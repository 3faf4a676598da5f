"""Support already received as atoms: claims that cannot be undone, and what others paid."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from policy_logic.derive.listings import listings_named
from policy_logic.errors import FactsError, Problem
from policy_logic.logic.terms import Compound, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policy_logic.facts.model import Case, Grant
    from policy_logic.rulebook.policy import Line, Rulebook

BY_TRIGGER: Final = "its trigger"


class GrantAtoms:
    """Adds the atoms of one case's grants.

    Attributes:
        vague: The entries that do not tell for which year, or for which listing, so that they
            count for all they may have been for.
    """

    def __init__(
        self,
        case: Case,
        book: Rulebook,
        put: Callable[[str, tuple[Value, ...], Grant], None],
        figures: Mapping[str, set[int]],
        years: set[int],
    ) -> None:
        """Prepare.

        Args:
            case: The case.
            book: The rulebook.
            put: Adds an atom.
            figures: The years of each entity's figures.
            years: The years that the case speaks of; a grant may add one.
        """
        self.case, self.book, self.put = case, book, put
        self.figures, self.years = figures, years
        self.vague: list[int] = []

    def everything(self) -> None:
        """Add the support received by the day of the case."""
        titles = {
            name
            for p in self.book.policies.values()
            for name in (p.id, p.title.zh, p.title.en, p.number)
            if name
        }
        for entry, grant in enumerate(self.case.grants, start=1):
            if grant.on is not None and grant.on > self.case.as_of:
                continue
            self.put("received_amount", (entry, grant.amount), grant)
            if grant.line is not None and grant.line in self.book.lines:
                self.granted_line(entry, grant, self.book.lines[grant.line])
                continue
            if grant.policy in titles:
                details: dict[str, object] = {"policy": grant.policy}
                raise FactsError([Problem("facts.grant_without_line", grant.position, details)])
            matter = grant.matter
            if grant.line is not None:
                matter = self.book.vocabulary.line_matter.get(grant.line)
                matter = grant.trigger if matter == BY_TRIGGER else matter
            if matter is None:
                self.vague.append(entry)
                continue
            self.put("received", (entry, grant.subject, matter, grant.year), grant)
            if grant.place is not None:
                for place in self.book.vocabulary.around("place", grant.place):
                    self.put("received_in", (entry, place), grant)

    def granted_line(self, entry: int, grant: Grant, line: Line) -> None:
        """A grant by a line at hand is a claim that cannot be undone."""
        trigger = grant.trigger if line.matter == BY_TRIGGER else None
        if line.matter == BY_TRIGGER and trigger is None:
            self.vague.append(entry)
            for listing in sorted(listings_named(self.case, self.book, line.id, grant.subject)):
                claim = Compound("claim", (line.id, grant.subject, None, listing))
                self.put("granted", (claim, entry), grant)
        for year in sorted(self.granted_years(entry, grant, line)):
            yearly = year if line.per == "year" else None
            claim = Compound("claim", (line.id, grant.subject, yearly, trigger))
            self.put("granted", (claim, entry), grant)
            self.put("grant_year", (claim, year), grant)
        if line.per != "year":
            claim = Compound("claim", (line.id, grant.subject, None, trigger))
            self.put("granted", (claim, entry), grant)

    def granted_years(self, entry: int, grant: Grant, line: Line) -> set[int]:
        """Return the years whose caps and quotas a grant draws on.

        Where the case does not tell, it counts for every year that it may have been for.
        """
        own = self.figures.get(grant.subject, set())
        attribute = self.book.vocabulary.line_year.get(line.id)
        if line.per != "year" and attribute is None:
            return set()
        if grant.year is not None:
            self.years.add(grant.year)
            return {grant.year}
        if attribute is None:
            found = own or set(self.years)
        else:
            found = self.years_of(line, attribute, grant)
            if not found:
                self.vague.append(entry)
                return self.years_of(line, attribute, None, grant.on)
        if len(found) != 1:
            self.vague.append(entry)
        return found

    def years_of(
        self, line: Line, attribute: str, grant: Grant | None, last: date | None = None
    ) -> set[int]:
        """Return the years of the dates that a line rests on.

        Args:
            line: The line.
            attribute: The dates.
            grant: The grant whose subject, and whose listing if it names one, is meant; ``None``
                for all of the case.
            last: The day after which no date is meant.
        """
        behind = self.book.names_behind(line.id)
        return {
            fact.value.year
            for fact in self.case.facts
            if fact.attribute == attribute
            and isinstance(fact.value, date)
            and (last is None or fact.value.year <= last.year)
            and (grant is None or fact.entity == grant.subject)
            and (not fact.keys or fact.keys[-1] in behind)
            and (grant is None or not grant.trigger or fact.keys[-1:] in {(), (grant.trigger,)})
        }
