"""The values of one fact in a row: what is swept, from where to where, in which steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policy_logic.errors import FactsError, Position
from policy_logic.facts import numbers, scalars
from policy_logic.facts.changes import Change
from policy_logic.facts.paths import keys_of
from policy_logic.facts.scalars import BadValueError
from policy_logic.facts.source import ScalarNode, fault, shown, shown_path

if TYPE_CHECKING:
    from policy_logic.facts.source import Node
    from policy_logic.facts.vocabulary import Attribute, Vocabulary

SWEPT_TYPES: Final = ("money", "usd", "integer", "share", "date")
_FORM: Final = re.compile(r"(?P<path>[^=]+)=(?P<low>.+?)\.\.(?P<high>[^:]+)(?::(?P<step>.+))?")
_SHARE_DIGITS: Final = 4  # a hundredth of a percent
_OF_ENTRIES: Final = {"amount": "money", "on": "date"}


@dataclass(frozen=True, slots=True)
class Scale:
    """The values of a type as whole numbers: yuan, days, hundredths of a percent.

    Attributes:
        type: ``money``, ``usd``, ``integer``, ``share`` or ``date``.
        digits: The decimals of a share that count.
    """

    type: str
    digits: int = 0

    def value(self, at: int) -> int | Decimal | date:
        """Return the value that a whole number stands for."""
        if self.type == "share":
            return Decimal(at).scaleb(-self.digits)
        return date.fromordinal(at) if self.type == "date" else at

    def place(self, value: int | Decimal | date) -> int:
        """Return the whole number that stands for a value; a share is cut to the decimals."""
        if isinstance(value, Decimal):
            return int(value.scaleb(self.digits))
        return value.toordinal() if isinstance(value, date) else value

    def written(self, at: int) -> str:
        """Return a value as it stands in a facts file."""
        value = self.value(at)
        return format(value, "f") if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One fact and the values it is to take.

    Attributes:
        path: Where the fact stands in the case.
        attribute: The attribute; ``None`` for a day or a sum that is none.
        scale: Its values as whole numbers.
        low: The first value, as a whole number.
        high: The last value.
        step: The longest distance between the first values looked at; ``None`` for a 32nd of
            the whole.
        origin: What messages give as the place.
    """

    path: str
    attribute: Attribute | None
    scale: Scale
    low: int
    high: int
    step: int | None
    origin: Position

    def change(self, at: int) -> Change:
        """Return the change that gives the fact one of the values."""
        value = ScalarNode(self.scale.written(at), quoted=False, position=self.origin)
        return Change(self.path, value, self.origin)


@dataclass(frozen=True, slots=True)
class SweepAsked:
    """A sweep as it was asked for; what its values mean is for the case to say.

    Attributes:
        path: Where the fact stands in the case.
        low: The first value.
        high: The last value.
        step: The step as written; empty for none.
        origin: What messages give as the place.
    """

    path: str
    low: Change
    high: Change
    step: str
    origin: Position


def read_sweep(text: str, option: str = "--sweep") -> SweepAsked:
    """Return the sweep that ``PATH=FROM..TO[:STEP]`` asks for.

    Raises:
        FactsError: It has no such form.
    """
    origin = Position(f"{option} {shown(text)}", 0)
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise fault("sweep_form", origin, text=shown(text))
    path, low, high = (found[name].strip() for name in ("path", "low", "high"))
    first, last = (
        Change(path, ScalarNode(end, quoted=False, position=origin), origin) for end in (low, high)
    )
    return SweepAsked(path, first, last, (found["step"] or "").strip(), origin)


def understood(asked: SweepAsked, root: Node, vocabulary: Vocabulary) -> Sweep:
    """Return a sweep whose ends fit the case.

    Args:
        asked: The sweep.
        root: The tree of the case.
        vocabulary: The vocabulary the case is written in.

    Raises:
        FactsError: The fact is no number and no day, the ends are in the wrong order, or the
            step is none.
    """
    kind, attribute = _type_at(root, asked.path, vocabulary)
    if kind not in SWEPT_TYPES:
        legal = ", ".join(SWEPT_TYPES)
        raise fault("sweep_type", asked.origin, path=shown_path(asked.path), type=kind, legal=legal)
    written = [str(getattr(end.value, "text", "")) for end in (asked.low, asked.high)]
    digits = max(map(_decimals, (*written, asked.step)))
    scale = Scale(kind, max(_SHARE_DIGITS, digits) if kind == "share" else 0)
    low, high = (_place(end, scale, asked) for end in written)
    if low > high:
        raise fault("sweep_order", asked.origin, low=written[0], high=written[1])
    step = None
    if asked.step:
        of_step = Scale("integer") if kind == "date" else scale
        step = _place(asked.step, of_step, asked)
        if step < 1:
            raise fault("sweep_step", asked.origin, step=shown(asked.step))
    return Sweep(asked.path, attribute, scale, low, high, step, asked.origin)


def _decimals(written: str) -> int:
    return len(written.partition(".")[2]) if "-" not in written else 0


def _place(written: str, scale: Scale, asked: SweepAsked) -> int:
    """Return a value as a whole number; it is read as in a facts file."""
    node = ScalarNode(written, quoted=False, position=asked.origin)
    try:
        if scale.type == "share":
            return scale.place(numbers.share(node, asked.path))
        if scale.type == "date":
            return scale.place(scalars.day(node, asked.path))
        return numbers.whole(node, asked.path)
    except BadValueError as error:
        raise FactsError([error.problem]) from None


def _type_at(root: Node, path: str, vocabulary: Vocabulary) -> tuple[str, Attribute | None]:
    """Return the type of what stands at a path, and its attribute if it is one's."""
    keys = keys_of(root, path) or ("",)
    if keys[0] in {"as_of", "assume_in_force"}:
        return "date", None
    if keys[0] in {"review", "received"}:
        return _OF_ENTRIES.get(keys[-1], "entry"), None
    attribute = vocabulary.attribute(keys[0], keys[2]) if len(keys) > 2 else None
    if attribute is None or len(keys) != 3 + len(attribute.index):
        return "mapping", attribute
    return attribute.type, attribute
