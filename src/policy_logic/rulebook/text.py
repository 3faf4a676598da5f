"""A policy's text: where a quotation stands in it, and what no quotation covers.

Official texts are set in pages: a sentence may be broken by a page and carries stray spaces.
So texts are compared without white space, and otherwise character by character.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SENTENCE = re.compile(r"[^。；]+[。；]?")


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


@dataclass(frozen=True)
class PolicyText:
    """The verbatim text of a policy.

    Attributes:
        verbatim: The text as issued.
        letters: The same without white space; every place in it is counted in these letters.
    """

    verbatim: str
    letters: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "letters", squeezed(self.verbatim))

    def places(self, quotation: str) -> list[range]:
        """Return every place where a quotation stands, also where two of them overlap."""
        wanted = squeezed(quotation)
        if not wanted:
            return []
        found = [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", self.letters)]
        return [range(start, start + len(wanted)) for start in found]

    def sentences(self) -> Iterator[range]:
        """Yield the place of each sentence (to a full stop or a semicolon)."""
        for match in _SENTENCE.finditer(self.letters):
            yield range(match.start(), match.end())

    def uncovered(self, covered: Iterable[range]) -> list[str]:
        """Return the stretches of text, sentence by sentence, that no place covers.

        Args:
            covered: The places that a rule, a number, a reading or a stated reason accounts for.
        """
        open_letters = [_counts(letter) for letter in self.letters]
        for place in covered:
            for index in place:
                open_letters[index] = False
        missing = []
        for sentence in self.sentences():
            left = [index for index in sentence if open_letters[index]]
            if left:
                missing.append(self.letters[left[0] : left[-1] + 1])
        return missing


def _counts(letter: str) -> bool:
    """Whether a letter carries meaning: a punctuation mark alone need not be covered."""
    return not unicodedata.category(letter).startswith(("P", "Z"))
