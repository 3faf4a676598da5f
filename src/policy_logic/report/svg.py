"""A drawing as SVG: readable in black and white, without scripts or links."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from policy_logic.report.blocks import cleaned
from policy_logic.report.layout import FONT, LINE, PADDING, SMALL_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_logic.report.layout import Drawing, Placed

ARROW = 6.0
# A font with a range of weights is drawn at its thinnest where none is asked for.
_WEIGHTS = """\
svg text { font-variation-settings: "wght" 400; }
svg text.claim, svg text.part { font-variation-settings: "wght" 700; }
"""


def svg(drawing: Drawing, name: str) -> str:
    """Return a drawing as SVG for an HTML page.

    Args:
        drawing: The drawing.
        name: A name that no other drawing of the page has.
    """
    width = f'style="--width:{_n(drawing.width)}px"'
    return "\n".join(
        [
            f'<svg role="img" aria-labelledby="{name}-title {name}-desc" {_size(drawing)} {width}>',
            f'<title id="{name}-title">{_escaped(drawing.title)}</title>',
            f'<desc id="{name}-desc">{_escaped(drawing.description)}</desc>',
            *_shapes(drawing),
            "</svg>",
        ]
    )


def svg_alone(drawing: Drawing, font: str) -> str:
    """Return a drawing as an SVG file with its style.

    Args:
        drawing: The drawing.
        font: The name of the font of its words.
    """
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {_size(drawing)} font-family="{font}">',
            f"<style>{picture_style()}{_WEIGHTS}</style>",
            *_shapes(drawing),
            "</svg>",
        ]
    )


def picture_style() -> str:
    """Return the style of every drawing."""
    return (files("policy_logic") / "report" / "picture.css").read_text(encoding="utf-8")


def _size(drawing: Drawing) -> str:
    return f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'


def _shapes(drawing: Drawing) -> Iterator[str]:
    yield f'<path class="line" d="{" ".join(_curve(line) for line in drawing.lines)}"/>'
    heads = dict.fromkeys(line[0] for line in drawing.lines)
    yield f'<path class="arrow" d="{" ".join(_arrow(*point) for point in heads)}"/>'
    for placed in drawing.boxes:
        yield from _box(placed)


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """Return a line that leaves and enters every column level."""
    (x, y), *rest = points
    told = [f"M{_n(x)} {_n(y)}"]
    for index, (to_x, to_y) in enumerate(rest):
        if index % 2:  # across a column
            told.append(f"L{_n(to_x)} {_n(to_y)}")
        else:
            half = _n((x + to_x) / 2)
            told.append(f"C{half} {_n(y)} {half} {_n(to_y)} {_n(to_x)} {_n(to_y)}")
        x, y = to_x, to_y
    return "".join(told)


def _arrow(x: float, y: float) -> str:
    """Return a head that points from the reasons to the conclusion."""
    return f"M{_n(x)} {_n(y)}l{_n(ARROW)} {_n(-ARROW / 2)}v{_n(ARROW)}z"


def _box(placed: Placed) -> Iterator[str]:
    kind, left, top = placed.box.kind, placed.left, placed.top
    corner = 9 if kind == "fact" else 0 if kind in {"text", "reading"} else 3
    yield (
        f'<rect class="box {kind}" x="{_n(left)}" y="{_n(top)}" width="{_n(placed.width)}" '
        f'height="{_n(placed.height)}" rx="{corner}"/>'
    )
    x, y = left + PADDING, top + PADDING + FONT - 3
    lines = []
    for line in placed.lines:
        lines.append(f'<tspan x="{_n(x)}" y="{_n(y)}">{_escaped(line)}</tspan>')
        y += LINE
    y += SMALL_LINE - LINE
    for number, line in enumerate(placed.source):
        below = _n(y + SMALL_LINE * number)
        lines.append(f'<tspan class="source" x="{_n(x)}" y="{below}">{_escaped(line)}</tspan>')
    yield f'<text class="{kind}">{"".join(lines)}</text>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    return escape(cleaned(text))
