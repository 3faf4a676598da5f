"""The report of a plan is whole, well formed, self-contained and says what the decision says."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from policy_logic.report.graph import Box, Graph, graph_of
from policy_logic.report.layout import drawing_of
from policy_logic.report.measure import width_of, wrapped
from policy_logic.rulebook.load import load_rulebook
from policy_logic.tell.tree import Branch
from test_cli import run

EXAMPLES: Final = Path(__file__).resolve().parents[1] / "facts" / "examples"
STUDIO: Final = EXAMPLES / "datong-studio.yaml"
VOID: Final = {"meta", "br", "col", "rect", "path"}
NASTY: Final = """<script>alert("1")</script> & 'q' ]]> --> `a` *b* _c_ [d](http://e.f) | # \\"""


@cache
def written(facts: Path, suffix: str, *options: str) -> str:
    """Return the report of a case."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"report{suffix}"
        done = run("plan", facts, "--report", file, *options)
        assert done.exit_code == 0, done.output
        assert [*Path(folder).iterdir()] == [file]
        return file.read_text(encoding="utf-8")


class Page(HTMLParser):
    """A page taken apart; it fails on what is not well formed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        assert tag in VOID
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note words with the element they stand in."""
        self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        """All words outside of styles."""
        return "".join(text for tag, text in self.texts if tag != "style")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-Hans"), ("en", "en")])
def test_the_page_is_well_formed_and_reads_aloud(language: str, tag: str) -> None:
    """Headings go down one level at a time, tables have captions and scopes, pictures words."""
    page = Page(written(STUDIO, ".html", "--lang", language))
    assert page.all("html") == [{"lang": tag}]
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table")) > 10
    assert all(cell.get("scope") in {"col", "row"} for cell in page.all("th"))
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert max(Counter(names).values()) == 1
    targets = {(link["href"] or "").removeprefix("#") for link in page.all("a")}
    assert targets <= set(names)
    assert len(page.all("svg")) >= 9
    for picture in page.all("svg"):
        assert picture["role"] == "img"
        assert set((picture["aria-labelledby"] or "").split()) <= set(names)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_needs_nothing_from_elsewhere(language: str) -> None:
    """No scripts, no links but to sections, no address, no resource, no style from elsewhere."""
    text = written(STUDIO, ".html", "--lang", language)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "image", "use"} & {
        tag for tag, _ in page.tags
    }
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))
    assert not re.search(r"https?:|//[a-z]|url\(|@import|src=|\bon\w+=", text)


@pytest.mark.parametrize("suffix", [".html", ".md"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_decided_is_in_the_report(language: str, suffix: str) -> None:
    """Each claim's key, each clause, piece of evidence, total, digest and notice is there."""
    text = written(STUDIO, suffix, "--lang", language)
    told = Page(text).text if suffix == ".html" else re.sub(r"\\(?=[^\w\s])", "", text)
    told = told.replace("&#64;", "@")
    found = json.loads(
        run("plan", STUDIO, "--lang", language, "--format", "json", "--proofs").stdout
    )
    for candidate in found["candidates"]:
        if candidate["chosen"]:
            key = [candidate["line"], candidate["subject"], candidate["year"]]
            assert "/".join(str(part) for part in key if part is not None) in told
    rulebook = load_rulebook()
    for candidate in found["candidates"]:
        if candidate["chosen"]:
            sections = rulebook.policy_of(candidate["line"]).sections_of(candidate["line"])
            assert any(section.clause in told for section in sections)
    evidence = {node.get("evidence") for node in found["proofs"]["nodes"].values()} - {None, ""}
    assert len(evidence) > 5
    for words in (*evidence, "每家企业每年该项资金扶持最高不超过 200 万元"):
        assert words in told
    for measure in ("firm", "potential"):
        assert f"{found['totals'][measure]:,}" in told
    digests = found["digests"]
    for digest in (digests["rules"], digests["facts"], *digests["texts"].values()):
        assert digest in told
    for notice in found["notices"]:
        if notice["kind"] != "reading":
            assert notice["text"] in told
    assert bool(re.search("证明图|How to read", told)) == (suffix == ".html")
    assert "3,104,000" in told  # what the other reading would pay
    assert "--by pydatalog" in told


def test_the_languages_differ_in_the_words_alone() -> None:
    """Both languages have the same tables, pictures and headings."""
    chinese, english = (Page(written(STUDIO, ".html", "--lang", lang)) for lang in ("zh", "en"))
    for tag in ("h2", "h3", "h4", "table", "blockquote"):
        assert len(chinese.all(tag)) == len(english.all(tag))
    assert "Claims to file (9)" in english.text
    assert "建议申报的项目（9 项）" in chinese.text


def nasty_case(folder: Path) -> Path:
    """Return a case whose names and evidence would be markup anywhere."""
    case = json.loads(json.dumps(NASTY_CASE))
    file = folder / "nasty.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    return file


NASTY_CASE: Final[dict[str, Any]] = {
    "applicant": "a",
    "as_of": "2026-06-30",
    "received": [],
    "enterprise": {
        "a": {
            "name": NASTY,
            "registered_in": "datong",
            "main_businesses": {"value": ["production"], "evidence": NASTY},
            "operating_revenue": {"2025": {"value": 12_000_000, "evidence": NASTY}},
        }
    },
}


def test_what_a_case_says_is_never_markup(tmp_path: Path) -> None:
    """Names and evidence come out letter by letter, in the page, its title, style and pictures."""
    facts = nasty_case(tmp_path)
    for language in ("zh", "en"):
        text = written(facts, ".html", "--lang", language)
        page = Page(text)
        assert not page.all("script")
        assert page.text.count(NASTY) > 4
        assert "<script" not in text.lower()
        assert any(tag == "title" and NASTY in words for tag, words in page.texts)
        style = next(words for tag, words in page.texts if tag == "style")
        assert "alert(" not in style
        assert "</" not in style


def test_what_a_case_says_is_no_markdown(tmp_path: Path) -> None:
    """In Markdown every special character of a name is escaped, so that nothing becomes markup."""
    text = written(nasty_case(tmp_path), ".md", "--lang", "en")
    assert "<script" not in text
    assert "http://" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    escaped = (
        "&lt;script&gt;alert(\"1\")&lt;/script&gt; &amp; 'q' \\]\\]&gt; --&gt; "
        "\\`a\\` \\*b\\* \\_c\\_ \\[d\\](http&#58;//e.f) \\| # \\\\"
    )
    assert text.count(escaped) > 4
    for line in text.splitlines():
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
            assert cells in {3, 4, 5, 6, 7}


def test_markdown_tables_are_as_wide_as_their_heads() -> None:
    """Each row of a table has the cells of its head."""
    width = 0
    for line in written(STUDIO, ".md", "--lang", "en").splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width


@pytest.mark.parametrize(
    ("name", "words"),
    [("report.doc", "end in .html, .md or .pdf"), ("report", "end in .html, .md or .pdf"),
     ("no/folder/report.html", "there is no folder"), ("taken.html", "is a folder")],
)  # fmt: skip
def test_a_file_that_cannot_be_is_refused(tmp_path: Path, name: str, words: str) -> None:
    """The exit status is 2, the reason is on standard error, and nothing is written."""
    (tmp_path / "taken.html").mkdir()
    done = run("plan", STUDIO, "--lang", "en", "--report", tmp_path / name)
    assert done.exit_code == 2
    assert words in done.stderr
    assert not done.stdout
    assert [file.name for file in tmp_path.rglob("*")] == ["taken.html"]


def test_a_failed_write_leaves_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the file cannot be put in its place, the old one stays and nothing else does."""
    target = tmp_path / "report.html"
    target.write_text("old", encoding="utf-8")

    def full(self: Path, other: Path) -> Path:
        raise OSError(28, "No space left on device", str(self), None, str(other))

    monkeypatch.setattr(Path, "replace", full)
    done = run("plan", STUDIO, "--lang", "en", "--report", target)
    assert done.exit_code == 2
    assert "No space left on device" in done.stderr
    assert target.read_text(encoding="utf-8") == "old"
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.parametrize(
    "option",
    [
        ("--format", "json"),
        ("--alternatives", "2"),
        ("--contrast",),
        ("--proofs",),
        ("--no-refusals",),
    ],
)
def test_what_a_report_does_not_hold_is_refused(tmp_path: Path, option: tuple[str, ...]) -> None:
    """An option whose answer would be lost is an error."""
    target = tmp_path / "report.md"
    done = run("plan", STUDIO, "--lang", "en", "--report", target, *option)
    assert done.exit_code == 2
    assert option[0] in done.stderr
    assert not target.exists()


def test_several_cases_are_refused(tmp_path: Path) -> None:
    """One report is about one case; --applicant chooses it, and the commands in it name it."""
    facts, target = EXAMPLES / "minhang-carrier.yaml", tmp_path / "report.md"
    done = run("plan", facts, "--lang", "en", "--report", target)
    assert done.exit_code == 2
    assert "--applicant" in done.stderr
    assert not target.exists()
    text = written(facts, ".md", "--lang", "en", "--applicant", "zhigu_yunying")
    assert "minhang-carrier.yaml --applicant zhigu_yunying" in text


def test_the_command_names_the_file_in_one_line(tmp_path: Path) -> None:
    """Standard output has one line, with the file."""
    target = tmp_path / "report.html"
    done = run("plan", STUDIO, "--lang", "en", "--report", target)
    assert done.stdout == f"The report is in {target}\n"


def test_a_wish_and_its_options_are_told() -> None:
    """The report names the wish and its cost, and how to decide the same again."""
    claim = "datong.2-3.quarterly_excellent.provincial/gucheng"
    text = written(STUDIO, ".md", "--lang", "en", "--without", claim, "--objective", "firm")
    assert "the wish lowers it by 30,000 yuan" in text
    assert f"--objective firm --without {claim} --format json --proofs" in text


def test_the_same_case_gives_the_same_report() -> None:
    """A report holds no clock and no chance."""
    first = written(STUDIO, ".html", "--lang", "zh")
    written.cache_clear()
    assert first == written(STUDIO, ".html", "--lang", "zh")


def test_boxes_do_not_overlap_and_hold_their_words() -> None:
    """In every drawing boxes stand apart and no line of words is wider than its box."""
    tree = Branch("✓", "alone 单独", children=(
        *(Branch("✓", f"a reason {number} " * 4) for number in range(5)),
        Branch("✓", "deep", children=(Branch("✓", "shared 共用"), Branch("✓", "deepest"))),
        Branch("✓", "shared 共用"),
    ))  # fmt: skip
    graph = graph_of(Box("claim", "root"), [("part", (tree,)), ("other", (tree.children[-1],))])
    assert [box.text for box in graph.boxes].count("shared 共用") == 1
    drawing = drawing_of(graph, "", "")
    for place, one in enumerate(drawing.boxes):
        assert 0 <= one.left <= one.left + one.width <= drawing.width
        assert 0 <= one.top <= one.top + one.height <= drawing.height
        assert all(width_of(line) * 13 <= one.width - 10 for line in one.lines)
        for other in drawing.boxes[place + 1 :]:
            assert (
                one.left + one.width <= other.left
                or other.left + other.width <= one.left
                or one.top + one.height <= other.top
                or other.top + other.height <= one.top
            )
    joined = sum(len(reasons) for reasons in graph.reasons)
    assert len(drawing.lines) == joined


def test_the_leaves_of_a_crowded_column_stand_in_two() -> None:
    """A conclusion with many reasons does not make a tower of them, and keeps a line to each."""
    tree = Branch("✓", "many", children=tuple(Branch("✓", f"reason {n}") for n in range(9)))
    drawing = drawing_of(graph_of(Box("claim", "root"), [("part", (tree,))]), "", "")
    standing = Counter(placed.left for placed in drawing.boxes)
    assert sorted(standing.values()) == [1, 1, 4, 5]
    assert len(drawing.lines) == 10


def test_a_circle_of_words_does_not_become_a_circle_of_boxes() -> None:
    """A sentence told again under itself is joined once, and the drawing is finite."""
    inner = Branch("✓", "one", children=(Branch("✓", "two"),))
    tree = Branch("✓", "one", children=(Branch("✓", "two", children=(inner,)),))
    graph: Graph = graph_of(Box("claim", "root"), [("part", (tree,))])
    assert [len(reasons) for reasons in graph.reasons] == [1, 1, 0]
    assert drawing_of(graph, "", "").columns == 3


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("按年度分账收入给予扶持。", ["按年度分账收", "入给予扶持。"]),
        ("共计一二三四五。六", ["共计一二三四", "五。六"]),
        ("一二三四五（六七）", ["一二三四五", "（六七）"]),
        ("from 2025-04-06 on", ["from", "2025-04-06", "on"]),
        ("", [""]),
    ],
)
def test_lines_break_where_they_may(text: str, lines: list[str]) -> None:
    """No line begins with a closing mark or ends with an opening one, and a date stays whole."""
    assert wrapped(text, 6.0) == lines
