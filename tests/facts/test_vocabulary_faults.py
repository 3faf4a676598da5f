"""A vocabulary that does not fit together is refused, with file, line and name."""

from __future__ import annotations

import pickle
import re
import tomllib
from pathlib import Path

import pytest

from policy_logic.errors import RulebookError
from policy_logic.facts.vocabulary import load_vocabulary
from policy_logic.rulebook.load import shipped_vocabulary

SHIPPED = shipped_vocabulary()
ROOM = Path(__file__).resolve().parents[2] / "src" / "policy_logic" / "facts"
MESSAGES = ROOM.parent / "locale" / "facts.toml"
LABELS = 'zh = "甲"\nen = "a"\n'
ASKED = f'{LABELS}ask = "？"\n'


def _refused(tmp_path: Path, text: str) -> tuple[str, int, str]:
    """Return code, line and English text of the one problem of an extension."""
    file = tmp_path / "vocabulary.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_vocabulary(SHIPPED, file)
    (problem,) = caught.value.problems
    assert problem.where is not None
    assert problem.where.file == str(file)
    assert problem.tell("zh") != problem.tell("en")
    return problem.code.removeprefix("facts."), problem.where.line, problem.tell("en")


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("[kind.x", "vocabulary_file", 1, "TOML"),
        ("version = 2\n", "vocabulary_version", 1, "version 2"),
        ("[atribute.work.x]\n", "vocabulary_key", 1, "Perhaps: attribute"),
        ("kind = 5\n", "vocabulary_shape", 1, "{…}"),
        ("\n[attribute]\nwork = 5\n", "vocabulary_shape", 3, "attribute.work"),
        ('[value]\nplace = "x"\n', "vocabulary_shape", 2, "value.place"),
        ('[value.place]\nnewtown = "新城"\n', "vocabulary_shape", 2, "value.place.newtown"),
        ("further_lines = 5\n", "vocabulary_shape", 1, '["…"]'),
        ("[line_year]\nx = 5\n", "vocabulary_shape", 2, "line_year.x"),
        ('[kind.x]\nzh = "甲"\n', "vocabulary_lacks", 1, "kind.x lacks: en"),
        (f"[attribute.work.x]\n{LABELS}", "vocabulary_lacks", 1, "type, ask"),
        (f'[attribute.work.x]\n{ASKED}type = ""\n', "vocabulary_lacks", 1, "lacks: type"),
        (f'[attribute.work.x]\n{ASKED}type = "money"\nindx = []\n', "vocabulary_key", 1, "index"),
        (
            f'[attribute.work.x]\n{ASKED}type = "text"\nlines = "x"\n',
            "vocabulary_shape",
            6,
            "lines",
        ),
        (f'[attribute.work.x]\n{ASKED}type = "yuan"\n', "vocabulary_type", 1, "yuan"),
        (f'[attribute.wrok.x]\n{ASKED}type = "text"\n', "vocabulary_missing", 1, "kind.wrok"),
        (
            f'[attribute.work.x]\n{ASKED}type = "ref"\nto = ["enterprize"]\n',
            "vocabulary_missing",
            1,
            "kind.enterprize",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "enum"\nvalues = ["nothing"]\n',
            "vocabulary_missing",
            1,
            "value.nothing",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "money"\nindex = ["month"]\n',
            "vocabulary_missing",
            1,
            "value.month",
        ),
        (f'[attribute.work.x]\n{ASKED}type = "enum"\n', "vocabulary_unfit", 1, "values"),
        (
            f'[attribute.work.x]\n{ASKED}type = "bool"\nvalues = ["place"]\n',
            "vocabulary_unfit",
            1,
            "values",
        ),
        (f'[attribute.work.x]\n{ASKED}type = "ref"\n', "vocabulary_unfit", 1, "to"),
        (
            f'[attribute.work.x]\n{ASKED}type = "bool"\nabsent = "no"\n',
            "vocabulary_unfit",
            1,
            "none",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "money"\nabsent = "none"\n',
            "vocabulary_unfit",
            1,
            "none",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "date"\nimplies = "y"\n',
            "vocabulary_missing",
            1,
            "attribute.work.y",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "date"\nimplies = "income"\n',
            "vocabulary_unfit",
            1,
            "implies income",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "date"\nimplies = "award"\n',
            "vocabulary_unfit",
            1,
            "implies award",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "date"\nindex = ["place"]\nimplies = "award"\n',
            "vocabulary_unfit",
            1,
            "implies award",
        ),
        (
            f'[attribute.work.x]\n{ASKED}type = "bool"\nimplies = "x"\n',
            "vocabulary_unfit",
            1,
            "implies x",
        ),
        (f"[kind.review]\n{LABELS}", "vocabulary_reserved", 1, "review"),
        (
            '[value.place]\nvalue = {zh = "甲", en = "a"}\n',
            "vocabulary_reserved",
            2,
            "value.place.value",
        ),
        (
            '[value.place]\nnew = {zh = "新", en = "new", within = "old"}\n',
            "vocabulary_missing",
            2,
            "value.place.old",
        ),
        (
            '[line_year]\n"datong.2-5.park" = "aired_on"\n',
            "vocabulary_missing",
            2,
            "park.aired_on",
        ),
        ('[line_event]\n"x.1" = "never_on"\n', "vocabulary_missing", 2, "never_on"),
        ('[line_matter]\n"x.1" = "nothing"\n', "vocabulary_missing", 2, "value.matter.nothing"),
        (
            '[line_year]\n"datong.2-6.event" = "announced_on"\n',
            "vocabulary_twice",
            2,
            "line_year.datong.2-6.event",
        ),
        (
            '[value.place]\ndatong = {zh = "云州", en = "Yunzhou"}\n',
            "vocabulary_twice",
            2,
            "value.place.datong",
        ),
        ('[kind.work]\nzh = "长剧"\n', "vocabulary_twice", 1, "kind.work"),
        (
            '\n[attribute.work.filed]\ntype = "text"\n',
            "vocabulary_twice",
            2,
            "attribute.work.filed",
        ),
    ],
)
def test_a_fault_of_a_vocabulary_is_told_by_file_line_and_name(
    tmp_path: Path, text: str, code: str, line: int, words: str
) -> None:
    """Each fault of an extension is one problem that says where it is and what to do."""
    found = _refused(tmp_path, text)
    assert found[:2] == (code, line), found
    assert words in found[2]


def test_a_vocabulary_that_does_not_exist_is_told_by_its_path(tmp_path: Path) -> None:
    """A wrong path is an error of the rulebook, not of the program."""
    with pytest.raises(RulebookError) as caught:
        load_vocabulary(tmp_path / "nowhere.toml")
    assert caught.value.problems[0].code == "facts.vocabulary_file"
    assert "nowhere.toml" in caught.value.tell()


def test_what_is_redefined_names_the_place_of_the_first_definition(tmp_path: Path) -> None:
    """The message leads to both definitions."""
    _, _, told = _refused(tmp_path, '[kind.work]\nzh = "长剧"\n')
    assert re.search(r"vocabulary\.toml:\d+", told.split("elsewhere")[1])


def test_all_faults_of_an_extension_are_told_at_once(tmp_path: Path) -> None:
    """Two faults are two problems."""
    file = tmp_path / "vocabulary.toml"
    file.write_text('[kind.x]\nzh = "甲"\n[kind.y]\nen = "a"\n', encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_vocabulary(SHIPPED, file)
    assert [problem.code for problem in caught.value.problems] == ["facts.vocabulary_lacks"] * 2


def test_an_extension_that_is_given_twice_changes_nothing(tmp_path: Path) -> None:
    """To say the same again is not to redefine, nor to double the lines."""
    file = tmp_path / "vocabulary.toml"
    file.write_text('[attribute.work.filed]\nlines = ["new.1"]\n', encoding="utf-8")
    once, twice = load_vocabulary(SHIPPED, file), load_vocabulary(SHIPPED, file, file)
    assert once == twice


def test_a_vocabulary_can_be_kept_between_runs() -> None:
    """What the rulebook's cache writes is read back as the same vocabulary."""
    vocabulary = load_vocabulary(SHIPPED)
    assert vocabulary.every_value
    assert vocabulary.kinds_of("minhang.2.municipal_funded") == ("work", "project")
    assert pickle.loads(pickle.dumps(vocabulary)) == vocabulary  # noqa: S301 - written just now


def test_every_matter_of_a_line_is_a_value() -> None:
    """A grant by another policy can name every matter that a line pays for, each listing too."""
    vocabulary = load_vocabulary(SHIPPED)
    matters = set(vocabulary.values["matter"])
    assert set(vocabulary.line_matter.values()) - matters == {"its trigger"}
    assert {"annual@nrta", "plus@nrta", "premium_project@nrta", "original_showcase@nrta"} <= matters
    assert "other_accepted@national" in matters


def test_two_absences_are_taken_as_none() -> None:
    """Beside support received, these are what nobody states unless there is something to state."""
    vocabulary = load_vocabulary(SHIPPED)
    none = {key for key, a in vocabulary.attributes.items() if a.absent == "none"}
    assert none == {("enterprise", "false_material"), ("policy", "overridden_lines")}


def test_every_message_is_used_and_every_code_has_a_message() -> None:
    """The messages of this room are those that its modules and the derivation name."""
    text = "".join(
        file.read_text(encoding="utf-8")
        for file in [*ROOM.glob("*.py"), *ROOM.parent.glob("derive/*.py")]
    )
    messages = set(tomllib.loads(MESSAGES.read_text(encoding="utf-8")))
    assert {name for name in messages if not re.search(rf'"(facts\.)?{name}"', text)} == set()
    named = set(re.findall(r'"facts\.([a-z_]+)"|\b(?:bad|fault|_note|note)\(\s*"([a-z_]+)"', text))
    assert {first or second for first, second in named} <= messages
