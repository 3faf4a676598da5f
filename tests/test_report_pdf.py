"""The report as PDF says what the page says, can be read aloud, and needs nothing of the system."""

from __future__ import annotations

import importlib.util
import json
import re
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
import typst
from pypdf import PdfReader

from test_cli import run
from test_report import NASTY, STUDIO, nasty_case, written

SILENT: Final = {"style", "title", "desc"}


@cache
def written_pdf(facts: Path, *options: str) -> bytes:
    """Return the report of a case as PDF."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        done = run("plan", facts, "--report", file, *options)
        assert done.exit_code == 0, done.output
        assert [*Path(folder).iterdir()] == [file]
        return file.read_bytes()


def read(facts: Path, *options: str) -> PdfReader:
    """Return the report of a case as PDF, to be taken apart."""
    return PdfReader(BytesIO(written_pdf(facts, *options)))


def bare(text: str) -> str:
    """Return words without spaces and hyphens, which depend on where lines break."""
    return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)


class Said(HTMLParser):
    """Every piece of words that a page prints, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fall silent inside of what is not printed."""
        del attrs
        if tag in SILENT | {"details"}:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Speak again after what is not printed."""
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        """Note words that are printed."""
        if not self._silent and data.strip():
            self.pieces.append(data)


def printed(reader: PdfReader) -> str:
    """Return the words of all pages, without what stands above and below each."""
    title = bare(str(reader.metadata.title if reader.metadata else ""))
    told = []
    for number, page in enumerate(reader.pages, start=1):
        text = bare(page.extract_text())
        foot = bare(f"page {number} of {len(reader.pages)}")
        foot_zh = bare(f"第 {number} 页，共 {len(reader.pages)} 页")
        assert text.count(foot) + text.count(foot_zh) == 1
        told.append(text.replace(title, "", 1).replace(foot, "").replace(foot_zh, ""))
    return "".join(told)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_says_what_the_page_says(language: str) -> None:
    """Every word that the HTML prints, in tables, clauses, steps and pictures, is in the PDF."""
    told = printed(read(STUDIO, "--lang", language))
    pieces = Said(written(STUDIO, ".html", "--lang", language)).pieces
    assert len(pieces) > 500
    missing = [piece for piece in pieces if bare(piece) not in told]
    assert not missing


def test_the_sections_stand_in_the_order_of_the_page() -> None:
    """The bookmarks are the headings of the HTML, claims under their section."""
    reader = read(STUDIO, "--lang", "en")
    page = written(STUDIO, ".html", "--lang", "en")
    heads = re.findall(r"<h([23])[^>]*>(.*?)</h", page)
    outline: list[Any] = reader.outline
    told: list[tuple[str, str]] = []
    for entry in outline:
        if isinstance(entry, list):
            told += [("3", inner.title) for inner in entry]
        else:
            told.append(("2", entry.title))
    assert told == [(level, text.replace("&amp;", "&")) for level, text in heads]


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh"), ("en", "en")])
def test_the_pdf_can_be_read_aloud_and_kept(language: str, tag: str) -> None:
    """It has a title, a language and tags, every picture has words, and it claims its standards."""
    reader = read(STUDIO, "--lang", language)
    root: Any = reader.trailer["/Root"]
    assert str(root["/Lang"]).startswith(tag)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert "云中影视传媒有限公司" in str(reader.metadata.title)
    described = words_of_pictures(root["/StructTreeRoot"])
    assert len(described) >= 9
    page = Said(written(STUDIO, ".html", "--lang", language)).pieces
    named = [words.partition("\n")[0] for words in described]
    assert all(any(piece.startswith(name) for piece in page) for name in named)
    assert "市文旅局评选公告〔2026〕3号" in "".join(described)
    stored = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part[>=\"]+2", stored)
    assert re.search(r"pdfuaid:part[>=\"]+1", stored)


def words_of_pictures(element: Any) -> list[str]:
    """Return what is read aloud for each picture under an element of the structure."""
    element = element.get_object()
    if not isinstance(element, dict):
        return []
    found = [str(element["/Alt"])] if "/Alt" in element else []
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found += words_of_pictures(child)
    return found


def test_every_font_is_in_the_file() -> None:
    """The page shows its letters on a machine that has no font for them."""
    fonts: dict[str, Any] = {}
    for page in read(STUDIO, "--lang", "zh").pages:
        fonts |= page["/Resources"]["/Font"]  # type: ignore[index]
    assert fonts
    for font in fonts.values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.get_object())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_case_says_is_no_typesetting(tmp_path: Path, language: str) -> None:
    """Names and evidence come out letter by letter, in tables, pictures and the title."""
    reader = read(nasty_case(tmp_path), "--lang", language)
    assert printed(reader).count(bare(NASTY)) > 4
    assert reader.metadata is not None
    assert NASTY in str(reader.metadata.title)


TYPESETTING: Final = '#panic() $x$ = *a* _b_ @c <d> `e` \\u{41} // /* "" #[ #{ ~'


@pytest.mark.parametrize("words", [TYPESETTING, "长" * 900, "x" * 700 + "a_" * 300])
def test_any_words_stay_on_the_page(tmp_path: Path, words: str) -> None:
    """Markup of the typesetter is plain words, and long words break instead of leaving the page."""
    case = json.loads(nasty_case(tmp_path).read_text(encoding="utf-8"))
    case["enterprise"]["a"]["name"] = "甲"
    case["enterprise"]["a"]["main_businesses"]["evidence"] = words
    facts = tmp_path / "words.json"
    facts.write_text(json.dumps(case), encoding="utf-8")
    reader = read(facts, "--lang", "en")
    assert bare(words) in printed(reader)
    for page in reader.pages:
        right = page.mediabox.right
        places: list[float] = []
        page.extract_text(visitor_text=lambda text, _, matrix, *__, seen=places: seen.append(
            float(matrix[4]) if text.strip() else 0.0))  # fmt: skip
        assert max(places) < right - 40


def test_a_letter_that_no_font_has_is_told(tmp_path: Path) -> None:
    """Instead of an empty box there is an error that names the letter and another way."""
    case = json.loads(nasty_case(tmp_path).read_text(encoding="utf-8"))
    case["enterprise"]["a"]["name"] = "甲😀"
    facts, target = tmp_path / "words.json", tmp_path / "report.pdf"
    facts.write_text(json.dumps(case), encoding="utf-8")
    done = run("plan", facts, "--lang", "en", "--report", target)
    assert done.exit_code == 2
    assert "“😀”" in done.stderr
    assert ".html" in done.stderr
    assert not target.exists()


def test_a_fault_of_the_typesetter_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong there is an error with another way, and no file is left."""

    def fail(*_: object, **__: object) -> bytes:
        raise typst.TypstError("internal error", "")

    monkeypatch.setattr(typst, "compile", fail)
    done = run("plan", STUDIO, "--lang", "en", "--report", tmp_path / "report.pdf")
    assert done.exit_code == 2
    assert "internal error" in done.stderr
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("missing", ["typst", "manimgx_fonts_cjk"])
def test_without_the_extra_the_command_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The error comes before anything is decided, and names the command."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "policy_logic.report.pdf.find_spec", lambda name: None if name == missing else found(name)
    )
    for language in ("zh", "en"):
        target = tmp_path / "report.pdf"
        done = run("plan", STUDIO, "--lang", language, "--report", target)
        assert done.exit_code == 2
        assert "pip install 'policy-logic[pdf]'" in done.stderr
        assert not target.exists()


def test_the_same_case_gives_the_same_bytes() -> None:
    """A PDF holds no clock and no chance."""
    first = written_pdf(STUDIO, "--lang", "zh")
    written_pdf.cache_clear()
    assert first == written_pdf(STUDIO, "--lang", "zh")
