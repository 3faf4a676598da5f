"""Cutting quotations out of a text, each long enough to stand there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from policy_logic.rulebook.text import PolicyText

_SEGMENT: Final = "，。；：,;"
_LONG: Final = 24


class Quotations:
    """Cuts passages out of a text, with the spaces that it has and without its line breaks."""

    def __init__(self, text: PolicyText) -> None:
        self.text = text
        self._offsets = [n for n, letter in enumerate(text.verbatim) if not letter.isspace()]

    def words(self, place: range) -> str:
        """Return a passage on one line."""
        verbatim = self.text.verbatim[self._offsets[place.start] : self._offsets[place[-1]] + 1]
        return " ".join("".join(line.strip() for line in verbatim.splitlines()).split())

    def once(self, place: range) -> str:
        """Return a passage, with as many words before it, or after it, as make it unique."""
        letters = self.text.letters
        start, stop = place.start, place.stop
        while start and not self._is_unique(range(start, stop)):
            start -= 1
            while start and letters[start - 1] not in _SEGMENT:
                start -= 1
        while stop < len(letters) and not self._is_unique(range(start, stop)):
            stop += 1
        return self.words(range(start, stop))

    def is_repeated(self, place: range) -> bool:
        """Return whether a passage of some length stands in the text more than once."""
        return len(place) > _LONG and not self._is_unique(place)

    def around(self, place: range, passage: range) -> str:
        """Return the words around a number of a passage, enough of them to be unique there."""
        letters = self.text.letters
        stop = place.stop
        while stop < passage.stop and letters[stop] not in _SEGMENT:
            stop += 1
        start = place.start
        while True:
            while start > passage.start and letters[start - 1] not in _SEGMENT:
                start -= 1
            if start <= passage.start or self._is_unique(range(start, stop)):
                return self.words(range(start, stop))
            start -= 1

    def _is_unique(self, place: range) -> bool:
        letters = self.text.letters
        words = letters[place.start : place.stop]
        return letters.find(words, letters.find(words) + 1) < 0
