"""Pictures as SVG, in which text stays text: words, their width, and the file, also as PNG."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from policy_logic.errors import Problem, RequestError

if TYPE_CHECKING:
    from pathlib import Path

FONTS: Final = (
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', "
    "'Noto Sans SC', SimHei, 'DejaVu Sans', sans-serif"
)


def write_picture(picture: str, file: Path) -> None:
    """Write an SVG to a file, or a PNG made from it, by the file's ending.

    A PNG shows Chinese only if the system has a font for it; an SVG leaves that to whoever opens
    it.

    Raises:
        RequestError: The file cannot be written.
    """
    try:
        if file.suffix.lower() == ".png":
            from resvg_py import svg_to_bytes  # noqa: PLC0415 - this format only

            file.write_bytes(bytes(svg_to_bytes(svg_string=picture, zoom=2, background="white")))
        else:
            file.write_text(picture, encoding="utf-8")
    except OSError as error:
        details: dict[str, object] = {"file": file, "reason": error.strerror or str(error)}
        raise RequestError([Problem("request.plot_unwritable", None, details)]) from None


def width(words: str) -> float:
    """Return about how wide words are at the usual size."""
    return sum(11.5 if ord(letter) > 0x2E80 else 6.5 for letter in words)


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    size: int = 12,
    weight: str = "normal",
    turn: str = "",
) -> str:
    """Return words at a place; ``y`` is where they stand on."""
    more = f' transform="{turn}"' if turn else ""
    more += f' font-weight="{weight}"' if weight != "normal" else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"{more}>'
        f"{escape(words)}</text>"
    )
