"""Run what the documents show, and write the outputs anew.

``python docs/refresh.py`` rewrites, in place, the output under every ``$ policy-logic …`` line of
a ``console`` block and every generated table. Blocks with a ``...`` line (output left out) and
``python`` blocks are only checked. ``tests/test_docs.py`` uses the same functions.

A page is played from top to bottom in a folder of its own with copies of ``rules/`` and ``facts/``:
a block with ``title="FILE"`` becomes that file, and what follows sees it; with the word ``part``
it shows lines that the file has by then. Rules added to ``rules/`` count as shipped rules.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

from typer.testing import CliRunner

from policy_logic.cli.app import app
from policy_logic.facts.vocabulary_file import TYPES
from policy_logic.rulebook import load
from policy_logic.rulebook.signatures import CALLS, COMPOUNDS, EXPECTED, GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
LEFT_OUT: Final = "..."
PROMPT: Final = "$ policy-logic "
SURROUNDINGS: Final = {"LC_ALL": "en", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
_FENCE = re.compile(r"^(?P<mark>`{3,})(?P<language>\w+)(?P<rest>.*)$")
_TITLE = re.compile(r"title=\"(?P<title>[^\"]+)\"")
_TABLE = re.compile(
    r"(?P<open><!-- table: (?P<name>[\w-]+) -->\n).*?(?P<close><!-- end -->)", re.DOTALL
)
_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        language: The word after the fence.
        title: The file that the block stands for; empty for none.
        is_part: Whether it shows lines of that file, in place of becoming it.
        body: Its lines.
        start: The number of its first line in the page, from 0.
    """

    language: str
    title: str
    is_part: bool
    body: tuple[str, ...]
    start: int


@dataclass(frozen=True)
class Difference:
    """A place where a page does not show what is the case.

    Attributes:
        page: The page.
        line: The line of the page, from 1.
        shown: What the page shows.
        real: What is the case.
    """

    page: Path
    line: int
    shown: str
    real: str

    def __str__(self) -> str:
        """Return both versions, with the place."""
        where = f"{self.page.relative_to(ROOT)}:{self.line}"
        return f"{where} shows\n{self.shown}\nbut it is\n{self.real}\n"


def pages() -> list[Path]:
    """Return the pages that show outputs: the two READMEs and everything under ``docs``."""
    return [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    opened: tuple[re.Match[str], int] | None = None
    for number, line in enumerate(lines):
        if opened is None:
            found = _FENCE.match(line)
            opened = (found, number) if found else None
        elif line == opened[0]["mark"]:
            fence, start = opened
            title = _TITLE.search(fence["rest"])
            body = tuple(lines[start + 1 : number])
            is_part = " part" in fence["rest"]
            yield Block(
                fence["language"], title["title"] if title else "", is_part, body, start + 1
            )
            opened = None


@contextlib.contextmanager
def sandbox() -> Iterator[Path]:
    """Enter a folder with copies of ``rules`` and ``facts``, whose rules count as shipped."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        surroundings = {**SURROUNDINGS, "XDG_CACHE_HOME": str(folder / ".cache")}
        shutil.copytree(ROOT / "rules", folder / "rules", ignore=shutil.ignore_patterns("cases"))
        shutil.copytree(ROOT / "facts", folder / "facts")
        os.chdir(folder)
        try:
            with (
                mock.patch.object(load, "shipped_rules", return_value=Path("rules")),
                mock.patch.dict(os.environ, surroundings),
            ):
                load.load_rulebook.cache_clear()
                yield folder
        finally:
            os.chdir(before)
            load.load_rulebook.cache_clear()


def write_file(folder: Path, block: Block) -> None:
    """Write the file that a block stands for."""
    file = folder / block.title
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(block.body) + "\n", encoding="utf-8")
    load.load_rulebook.cache_clear()


def run(command: str) -> list[str]:
    """Return what a command prints, on either stream, line by line without trailing space."""
    arguments = shlex.split(command.removeprefix(PROMPT))
    done = CliRunner().invoke(app, arguments, prog_name="policy-logic")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return [line.rstrip() for line in done.output.rstrip().splitlines()]


def agrees(shown: Sequence[str], real: Sequence[str]) -> bool:
    """Return whether an output is the one shown, where ``...`` stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == LEFT_OUT else re.escape(line.rstrip()) + r"\n"
        for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in real)) is not None


def play(page: Path, differences: list[Difference]) -> str:
    """Run a page; note every difference, and return the page with the real outputs."""
    lines = page.read_text(encoding="utf-8").splitlines()
    fresh: dict[int, list[str]] = {}
    found = list(blocks(lines))
    if any(block.language in {"console", "python"} for block in found):
        with sandbox() as folder:
            namespace: dict[str, object] = {"__name__": "__page__"}
            for block in found:
                if block.is_part:
                    _part(page, folder, block, differences)
                elif block.title:
                    write_file(folder, block)
                elif block.language == "console":
                    fresh[block.start] = _console(page, block, differences)
                elif block.language == "python":
                    _python(page, block, namespace, differences)
    for block in reversed(found):
        if block.start in fresh:
            lines[block.start : block.start + len(block.body)] = fresh[block.start]
    return _tables(page, "\n".join(lines) + "\n", differences)


def _part(page: Path, folder: Path, block: Block, differences: list[Difference]) -> None:
    """Compare a block with the file of which it shows some lines."""
    file = folder / block.title
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    shown = "\n".join(block.body)
    if f"\n{shown}\n" not in f"\n{text}\n":
        differences.append(
            Difference(page, block.start + 1, shown, f"not in {block.title}\n{text}")
        )


def _console(page: Path, block: Block, differences: list[Difference]) -> list[str]:
    fresh: list[str] = []
    starts = [n for n, line in enumerate(block.body) if line.startswith(PROMPT)]
    if not starts or starts[0] != 0:
        raise ValueError(f"{page}:{block.start}: a console block begins with {PROMPT!r}")
    for start, end in zip(starts, [*starts[1:], len(block.body)], strict=True):
        shown, real = block.body[start + 1 : end], run(block.body[start])
        if not agrees(shown, real):
            where = block.start + start + 1
            differences.append(Difference(page, where, "\n".join(shown), "\n".join(real)))
        kept = any(line.strip() == LEFT_OUT for line in shown)
        fresh += [block.body[start], *(shown if kept else real)]
    return fresh


def _python(
    page: Path, block: Block, namespace: dict[str, object], differences: list[Difference]
) -> None:
    """Run a block; what it prints has to be what its ``# ->`` lines say."""
    printed = io.StringIO()
    source = "\n" * block.start + "\n".join(block.body)
    with contextlib.redirect_stdout(printed):
        exec(compile(source, str(page), "exec"), namespace)  # noqa: S102 - our own pages
    shown = [line[4:].strip() for line in block.body if line.startswith("# ->")]
    real = [line.strip() for line in printed.getvalue().splitlines()]
    if shown != real:
        differences.append(Difference(page, block.start + 1, "\n".join(shown), "\n".join(real)))


def _tables(page: Path, text: str, differences: list[Difference]) -> str:
    """Return a page with its generated tables as they should be."""

    def made(found: re.Match[str]) -> str:
        table = found["open"] + "\n" + TABLES[found["name"]]() + "\n\n" + found["close"]
        if table != found[0]:
            line = text[: found.start()].count("\n") + 1
            differences.append(Difference(page, line, found[0], table))
        return table

    return _TABLE.sub(made, text)


def _rows(*heading: str, rows: Iterator[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _predicates(table: Mapping[tuple[str, int], tuple[str, ...]]) -> str:
    rows = ((f"`{name}/{arity}`", ", ".join(t or "any" for t in types))
            for (name, arity), types in table.items())  # fmt: skip
    return _rows("predicate", "what its arguments are", rows=rows)


def _terms() -> str:
    rows = ((f"`{name}/{arity}`", kind, ", ".join(types))
            for (name, arity), (kind, types) in COMPOUNDS.items())  # fmt: skip
    return _rows("term", "is a", "of", rows=rows)


def _calls() -> str:
    rows = ((f"`@{name}({', '.join(types)})`", kind) for (name, _), (kind, types) in CALLS.items())
    return _rows("function", "gives", rows=rows)


def _messages(room: str) -> str:
    """Return the messages of a room, in the order of its file; a placeholder stands as a name."""
    file = ROOT / "src" / "policy_logic" / "locale" / f"{room}.toml"
    texts = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = (
        (f"`{name}`", _cell(_PLACEHOLDER.sub(r"‹\1›", words["en"])))
        for name, words in texts.items()
        if not name.startswith("vocabulary")
    )
    return _rows("code", "message", rows=rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _types() -> str:
    explained = {
        "bool": "`true` or `false`",
        "money": "whole yuan, `2_500_000`",
        "usd": "whole US dollars",
        "integer": "a whole number",
        "share": "a decimal from 0 to 1, `0.2001`",
        "date": "`2026-06-30`",
        "enum": "one value of a list",
        "set": "values of a list: `[a, b]`, or `{a: true, b: false}`",
        "ref": "the id of another entity of the case",
        "text": "words; rules never see them",
    }
    rows = ((f"`{name}`", explained[name]) for name in TYPES)
    return _rows("type", "how it is written", rows=rows)


TABLES: Final[dict[str, Callable[[], str]]] = {
    "given": lambda: _predicates(GIVEN),
    "outputs": lambda: _predicates(EXPECTED),
    "terms": _terms,
    "calls": _calls,
    "rulebook-messages": lambda: _messages("rulebook"),
    "types": _types,
}


def main() -> int:
    """Refresh every page; return 1 if something is left that only an author can mend."""
    left = 0
    for page in pages():
        differences: list[Difference] = []
        before = page.read_text(encoding="utf-8")
        fresh = play(page, differences)
        if fresh != before:
            page.write_text(fresh, encoding="utf-8")
            sys.stdout.write(f"refreshed {page.relative_to(ROOT)}\n")
            differences = []
            play(page, differences)
        for difference in differences:
            left = 1
            sys.stdout.write(f"{difference}\n")
    return left


if __name__ == "__main__":
    raise SystemExit(main())
