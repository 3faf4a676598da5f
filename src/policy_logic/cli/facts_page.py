"""What ``facts check`` prints about a case that is right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import typer

from policy_logic.derive.atoms import to_atoms
from policy_logic.language import Language, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_logic.facts.model import Case
    from policy_logic.rulebook.policy import Rulebook


def print_checked(cases: Sequence[Case], book: Rulebook, language: Language) -> None:
    """Print what each case holds; its readings are checked, too.

    Raises:
        FactsError: A case chooses a reading that does not exist.
    """
    for case in cases:
        to_atoms(case, book)
    for case in cases:
        kinds = Counter(entity.kind for entity in case.entities.values())
        labels = {k: v.label.say(language) for k, v in book.vocabulary.kinds.items()}
        counted = [
            say("page.counted", language, kind=labels[kind], count=count)
            for kind, count in kinds.items()
        ]
        given = sum(fact.implied_by is None for fact in case.facts)
        day = case.as_of
        as_of = say("tell.date", language, year=day.year, month=day.month, day=day.day,
                    iso=day.isoformat())  # fmt: skip
        typer.echo(
            say("page.checked", language, file=case.source.file, applicant=case.applicant,
                as_of=as_of, entities=say("tell.comma", language).join(counted), facts=given,
                implied=len(case.facts) - given)
        )  # fmt: skip
