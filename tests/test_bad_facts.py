"""A broken case is refused with one clear message: what is wrong, where, and what to write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from policy_logic.api import planner
from policy_logic.errors import FactsError
from policy_logic.facts.reader import read_cases
from policy_logic.facts.vocabulary import Vocabulary, load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

BROKEN = Path(__file__).parent / "broken_facts"
ROOT = Path(__file__).resolve().parents[1]
SOUND = "applicant: yunzhong\nas_of: 2026-06-30\nenterprise: {yunzhong: {}}\n"
SOUND_LINE = '{"applicant": "yunzhong", "enterprise": {"yunzhong": {}}}\n'


class Expected(NamedTuple):
    """What a broken file is to say: the code, the line and some of the words."""

    file: Path
    code: str
    line: int
    words: str


def _expected() -> list[Expected]:
    manifest = yaml.safe_load((BROKEN / "expect.yaml").read_text(encoding="utf-8"))
    found = []
    for file in sorted(BROKEN.iterdir()):
        if file.name == "expect.yaml":
            continue
        if file.suffix == ".yaml":
            first = file.read_text(encoding="utf-8").splitlines()[0]
            code, line, words = first.removeprefix("# expect: ").split(" ", 2)
        else:
            code, line, words = manifest.pop(file.name)
        found.append(Expected(file, code, int(line), words))
    assert not manifest, f"no such file: {sorted(manifest)}"
    return found


EXPECTED = _expected()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """Return the vocabulary that comes with the program."""
    return load_vocabulary(shipped_vocabulary())


def _refused(path: Path, vocabulary: Vocabulary) -> FactsError:
    with pytest.raises(FactsError) as caught:
        list(read_cases(path, vocabulary))
    return caught.value


def _says_one_thing(error: FactsError, file: Path, code: str, words: str) -> None:
    """Check that an error has one problem, told in both languages."""
    assert [problem.code for problem in error.problems] == [f"facts.{code}"], error.tell()
    english, chinese = error.tell("en"), error.tell("zh")
    assert str(file) in english
    assert words in english
    assert str(file) in chinese
    assert chinese != english


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    program = "from policy_logic.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )


def test_there_are_many_broken_files() -> None:
    """The broken files cover every message that a file alone can bring about."""
    assert len(EXPECTED) >= 150
    assert len({expected.code for expected in EXPECTED}) >= 45


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: str(expected.file.name))
def test_a_broken_file_is_refused_with_one_message_at_the_right_line(
    expected: Expected, vocabulary: Vocabulary
) -> None:
    """One fault gives one problem, with its code, its line, and the name that is at fault."""
    error = _refused(expected.file, vocabulary)
    _says_one_thing(error, expected.file, expected.code, expected.words)
    where = error.problems[0].where
    assert where is not None
    assert (where.file, where.line) == (str(expected.file), expected.line)
    assert error.tell("en").startswith(f"{expected.file}:{expected.line}:")
    assert error.tell("zh").startswith(f"{expected.file}:{expected.line}:")


@pytest.mark.parametrize(
    ("entry", "code", "words"),
    [
        ("readings: {datong.levls: highest}", "reading_unknown", "datong.levels"),
        ("readings: {datong.levels: lowest}", "reading_value", "cumulative, highest"),
        (
            "received: [{policy: datong, matter: event, subject: yunzhong, amount: 5}]",
            "grant_without_line",
            "datong",
        ),
    ],
)
def test_what_only_the_rulebook_can_refuse_is_refused_with_file_and_line(
    tmp_path: Path, entry: str, code: str, words: str
) -> None:
    """Names of readings, and policies that are at hand, are checked against the rulebook."""
    file = tmp_path / "case.yaml"
    file.write_text(f"{SOUND}{entry}\n", encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        planner(file)
    _says_one_thing(caught.value, file, code, words)
    assert caught.value.tell().startswith(f"{file}:4:")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A file saved in the Chinese encoding of old is named, with the encoding to use."""
    file = tmp_path / "case.yaml"
    file.write_bytes("applicant: 云中\n".encode("gb18030"))
    _says_one_thing(_refused(file, vocabulary), file, "encoding", "UTF-8")


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".yml"])
def test_bytes_that_are_no_text_are_refused(
    tmp_path: Path, ending: str, vocabulary: Vocabulary
) -> None:
    """Arbitrary bytes are refused whatever the ending."""
    file = tmp_path / f"case{ending}"
    file.write_bytes(bytes(range(128, 256)))
    _says_one_thing(_refused(file, vocabulary), file, "encoding", "UTF-8")


@pytest.mark.parametrize(
    ("name", "code"),
    [("case.yaml", "empty"), ("case.yml", "empty"), ("case.jsonl", "empty"), ("case.json", "json")],
)
def test_an_empty_file_is_refused(
    tmp_path: Path, name: str, code: str, vocabulary: Vocabulary
) -> None:
    """A file without a byte holds no case."""
    file = tmp_path / name
    file.touch()
    _says_one_thing(_refused(file, vocabulary), file, code, str(file))


@pytest.mark.parametrize("name", ["case.txt", "case.YAML", "case.toml", "case", "case.yaml.bak"])
def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, name: str, vocabulary: Vocabulary
) -> None:
    """The ending says what a file is; a message names those that can be read."""
    file = tmp_path / name
    file.write_text(SOUND, encoding="utf-8")
    _says_one_thing(_refused(file, vocabulary), file, "ending", ".yaml, .yml, .json, .jsonl")


@pytest.mark.parametrize("name", ["case.yaml", "case.json", "no_such_folder/case.jsonl"])
def test_a_file_that_does_not_exist_is_refused(
    tmp_path: Path, name: str, vocabulary: Vocabulary
) -> None:
    """A file that is not there is named, with the reason."""
    file = tmp_path / name
    _says_one_thing(_refused(file, vocabulary), file, "unreadable", "No such file")


def test_a_folder_without_a_case_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A folder that holds only other files is named."""
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / ".hidden.yaml").write_text(SOUND, encoding="utf-8")
    _says_one_thing(_refused(tmp_path, vocabulary), tmp_path, "folder_empty", "holds no case")


def test_aliases_inside_aliases_are_refused_before_they_fill_the_memory(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """A few lines that stand for a milliard of values are refused."""
    layers = ["bomb0: &b0 [x, x, x, x, x, x, x, x, x, x]"]
    for number in range(1, 9):
        below = ", ".join([f"*b{number - 1}"] * 10)
        layers.append(f"bomb{number}: &b{number} [{below}]")
    file = tmp_path / "case.yaml"
    file.write_text("\n".join(layers), encoding="utf-8")
    _says_one_thing(_refused(file, vocabulary), file, "too_large", "aliases inside aliases")


def test_json_nested_without_end_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A hundred thousand brackets are refused, not followed."""
    file = tmp_path / "case.json"
    file.write_text("[" * 100_000, encoding="utf-8")
    _says_one_thing(_refused(file, vocabulary), file, "too_large", "too large")


def test_a_fault_in_a_file_of_a_folder_names_that_file(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Cases before the fault are read; the fault names its own file and line."""
    for name in ("a.yaml", "b.yaml", "d.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    (tmp_path / "c.yaml").write_text(SOUND + "worrk: {}\n", encoding="utf-8")
    cases = read_cases(tmp_path, vocabulary)
    assert [Path(next(cases).source.file).name for _ in range(2)] == ["a.yaml", "b.yaml"]
    with pytest.raises(FactsError) as caught:
        next(cases)
    _says_one_thing(caught.value, tmp_path / "c.yaml", "key_unknown", "work")
    assert caught.value.problems[0].where is not None
    assert caught.value.problems[0].where.line == 4


def test_every_fault_of_a_case_is_told_in_the_order_of_the_file(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Three faults in three places are three problems, from the top to the bottom."""
    file = tmp_path / "case.yaml"
    file.write_text(
        SOUND + "work:\n  one: {filed: yes}\n  two: {income: -5}\n  three: {titel: x}\n",
        encoding="utf-8",
    )
    problems = _refused(file, vocabulary).problems
    assert [problem.code for problem in problems] == [
        "facts.bool",
        "facts.number_negative",
        "facts.attribute_unknown",
    ]
    assert [problem.where.line for problem in problems if problem.where] == [5, 6, 7]


def test_a_column_points_at_the_fault(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """The place counts columns as an editor does, Chinese characters as one each."""
    text = SOUND + "work: {gucheng: {title: 古城奇缘, filed: yes}}\n"
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8")
    where = _refused(file, vocabulary).problems[0].where
    assert where is not None
    assert where.column == text.splitlines()[3].index("yes") + 1


COMMANDS = [
    "kind_misspelt.yaml",
    "attribute_misspelt.yaml",
    "tab_as_indentation.yaml",
    "recursive_alias.yaml",
    "python_tag.yaml",
    "number_in_wan.yaml",
    "share_above_one.yaml",
    "date_impossible.yaml",
    "third_document_is_wrong.yaml",
    "comma_missing.json",
    "third_line_is_not_json.jsonl",
]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_command_line_refuses_a_broken_file_on_standard_error(name: str, language: str) -> None:
    """Status 2, nothing on standard output, and the message with its line on standard error."""
    expected = next(expected for expected in EXPECTED if expected.file.name == name)
    done = _command("plan", str(expected.file), "--lang", language)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert f"{expected.file}:{expected.line}" in done.stderr
    if language == "en":
        assert expected.words in done.stderr


def test_the_command_line_refuses_a_file_that_does_not_exist(tmp_path: Path) -> None:
    """A wrong path is the user's fault, not a failure of the program."""
    done = _command("plan", str(tmp_path / "nowhere.yaml"), "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_whose_third_case_is_broken_prints_nothing_on_standard_output(
    tmp_path: Path,
) -> None:
    """Either every case of a folder is decided or none."""
    for name in ("1.yaml", "2.yaml", "4.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    (tmp_path / "3.yaml").write_text(SOUND + "worrk: {}\n", encoding="utf-8")
    done = _command("plan", str(tmp_path), "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path / '3.yaml'}:4" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_lines_whose_third_case_is_broken_print_nothing_on_standard_output(
    tmp_path: Path,
) -> None:
    """Either every line of a file is decided or none."""
    file = tmp_path / "cases.jsonl"
    file.write_text(SOUND_LINE * 2 + '{"applicant": 5}\n' + SOUND_LINE, encoding="utf-8")
    done = _command("plan", str(file), "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{file}:3" in done.stderr
    assert "Traceback" not in done.stderr
