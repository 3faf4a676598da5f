"""The picture of a change over many cases: a bar for each applicant who gains or loses.

Bars to the right gain, bars to the left lose; hatching tells them apart in print without colours.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from policy_logic.cli.drawing import FONTS, text, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.lab.budget import Effect

WIDTH: Final = 960
_TOP, _BOTTOM, _EDGE = 70, 56, 24
_HIGHEST_BAR: Final = 22
_ALL_BARS: Final = 900
_LEAST_FOR_WORDS: Final = 13
_WIDEST_NAME: Final = 260
_ROOM_FOR_SUM: Final = 96


def svg(effects: Sequence[Effect], title: str, axis: str, nothing: str) -> str:
    """Return the picture as SVG.

    Args:
        effects: What the change comes to for each applicant, in the order to draw; those whose
            highest possible total stays are left out.
        title: The heading.
        axis: What the bars measure.
        nothing: What to say where nobody gains or loses.
    """
    drawn = [effect for effect in effects if effect.gain.potential]
    bar = min(_HIGHEST_BAR, _ALL_BARS / max(len(drawn), 1))
    height = round(_TOP + max(bar * len(drawn), _HIGHEST_BAR) + _BOTTOM)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" font-family="{FONTS}" font-size="12" '
            'fill="#1a1a1a">'
        ),
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(axis)}</desc>",
        (
            '<defs><pattern id="loss" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="5" height="5" fill="#e6d3c8"/>'
            '<path d="M0 0V5" stroke="#8a3b12" stroke-width="3"/></pattern></defs>'
        ),
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        text(_EDGE, 30, title, size=16, weight="bold"),
        *(_bars(drawn, bar, height, axis) if drawn else [text(_EDGE, _TOP + 16, nothing)]),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bars(drawn: Sequence[Effect], bar: float, height: int, axis: str) -> Iterator[str]:
    named = bar >= _LEAST_FOR_WORDS
    names = min(max(width(effect.label) for effect in drawn), _WIDEST_NAME) if named else 0
    left, right = _EDGE + names + _ROOM_FOR_SUM, WIDTH - _EDGE - _ROOM_FOR_SUM
    lowest = min(0, *(effect.gain.potential for effect in drawn))
    highest = max(0, *(effect.gain.potential for effect in drawn))
    scale = (right - left) / (highest - lowest)
    zero = left - lowest * scale
    for row, effect in enumerate(drawn):
        gain, y = effect.gain.potential, _TOP + row * bar
        end = zero + gain * scale
        fill = "#1f5a99" if gain > 0 else "url(#loss)"
        yield (
            f'<rect x="{min(zero, end):.1f}" y="{y + bar * 0.15:.1f}" '
            f'width="{abs(end - zero):.1f}" height="{bar * 0.7:.1f}" fill="{fill}">'
            f"<title>{escape(effect.label)}: {gain:+,}</title></rect>"
        )
        if named:
            line = round(y + bar * 0.68, 1)
            yield text(_EDGE, line, _short(effect.label))
            beside = 6 if gain > 0 else -6
            anchor = "start" if gain > 0 else "end"
            yield text(round(end + beside, 1), line, f"{gain:+,}", anchor=anchor)
    bottom = _TOP + len(drawn) * bar
    yield f'<path d="M{zero:.1f} {_TOP - 8}V{bottom + 4:.1f}" stroke="#1a1a1a"/>'
    yield text(round(zero, 1), round(bottom + 20, 1), "0", anchor="middle")
    if not named:
        yield text(left, round(bottom + 20, 1), f"{lowest:+,}" if lowest else "", anchor="middle")
        yield text(
            right, round(bottom + 20, 1), f"{highest:+,}" if highest else "", anchor="middle"
        )
    yield text(WIDTH / 2, height - 14, axis, anchor="middle", size=13)


def _short(name: str) -> str:
    """Return a name that fits beside its bar."""
    while width(name) > _WIDEST_NAME:
        name = name.removesuffix("…")[:-1] + "…"
    return name
