"""Two versions of a policy side by side: what they state, and what that comes to over cases."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from itertools import islice, permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import policy_logic
from policy_logic.cli.budget_plot import svg
from policy_logic.decide.decision import Sums
from policy_logic.errors import RequestError, RulebookError
from policy_logic.facts.reader import read_roots
from policy_logic.lab.budget import Budget, effects_of
from policy_logic.lab.normal_form import normal_form
from policy_logic.lab.shifts import Searched, Shift, shifts
from policy_logic.lab.stated import stated_differences
from policy_logic.lab.versions import read_version
from policy_logic.rulebook.load import load_rulebook, shipped_rules
from small_cases import EXAMPLES, works, written
from test_cli import run

if TYPE_CHECKING:
    from policy_logic.lab.versions import Version


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the folder of a policy, under another name."""
    return Path(shutil.copytree(shipped_rules() / "datong", tmp_path / "datong-draft"))


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _higher_threshold(folder: Path) -> None:
    """Ask for 3,000,000 yuan where the text asks for 2,000,000."""
    text = folder / "text.txt"
    old = "横屏网络微短剧年度分账收入达到200万元及以上"
    new = old.replace("200", "300")
    before = hashlib.sha256(text.read_bytes()).hexdigest()
    _edit(text, old, new)
    _edit(folder / "rules.lp", old, new)
    _edit(folder / "policy.toml", before, hashlib.sha256(text.read_bytes()).hexdigest())
    numbers = folder / "numbers.toml"
    _edit(numbers, "value = 2_000_000", "value = 3_000_000")
    _edit(numbers, old, new)
    _edit(numbers, 'written = "200万元"', 'written = "300万元"')


class TestNormalForm:
    """Rules without what does not matter."""

    def test_order_and_names_do_not_matter(self) -> None:
        """Every rule at hand keeps its form with its conditions in any other order."""
        for rule in load_rulebook().rules:
            for order in islice(permutations(rule.body), 5, 120, 37):
                assert normal_form(replace(rule, body=order)) == normal_form(rule)

    def test_rules_that_differ_have_different_forms(self) -> None:
        """No two rules of one policy have one form, except where they are the same."""
        for policy in load_rulebook().policies.values():
            forms: dict[str, str] = {}
            for rule in policy.rules:
                other = forms.setdefault(normal_form(rule), rule.text)
                assert "".join(other.split()) == "".join(rule.text.split())


class TestStated:
    """What is written differently."""

    def test_a_copy_states_the_same(self, copy: Path) -> None:
        """Whatever its folder is called."""
        assert stated_differences(read_version("datong"), read_version(str(copy))) == ()

    def test_other_names_state_the_same(self, copy: Path) -> None:
        """Names of variables and the way to write a comparison are no difference."""
        rules = copy / "rules.lp"
        text = rules.read_text(encoding="utf-8").replace("Enterprise", "Firm")
        rules.write_text(
            text.replace("Revenue >= Minimum.", "Minimum <= Revenue."), encoding="utf-8"
        )
        assert stated_differences(read_version("datong"), read_version(str(copy))) == ()

    def test_a_strict_threshold_is_a_difference(self, copy: Path) -> None:
        """It names the section and shows both rules."""
        _edit(copy / "rules.lp", "Revenue >= Minimum", "Revenue > Minimum")
        (found,) = stated_differences(read_version("datong"), read_version(str(copy)))
        assert (found.kind, found.name) == ("rules", "datong.2-1.horizontal")
        assert "Revenue >= Minimum" in found.before[0]
        assert "Revenue > Minimum" in found.after[0]

    def test_another_number_is_told_with_the_sentence(self, copy: Path) -> None:
        """The text, and the number, each before and after."""
        _higher_threshold(copy)
        found = stated_differences(read_version("datong"), read_version(str(copy)))
        assert [(stated.kind, stated.name) for stated in found] == [
            ("text", ""),
            ("number", "datong.horizontal_minimum"),
        ]
        assert found[1].before == ("2000000 money",)
        assert found[1].after == ("3000000 money",)

    def test_another_key_of_a_line_is_told(self, copy: Path) -> None:
        """A review that is no longer required, a line that is gone."""
        _edit(copy / "policy.toml", 'review = "required"', 'review = "none"')
        found = stated_differences(read_version("datong"), read_version(str(copy)))[0]
        assert (found.kind, found.key) == ("line", "review_required")
        assert (found.before, found.after) == (("True",), ("False",))

    def test_two_policies_have_nothing_in_common(self) -> None:
        """What they state is not compared."""
        assert stated_differences(read_version("datong"), read_version("pingyuan")) == ()


def _found(old: str, new: str | Path) -> list[Shift]:
    found = shifts(read_version(old), read_version(str(new)))
    return [part for part in found if isinstance(part, Shift)]


class TestDifferences:
    """What a change comes to for applicants, each kind of change with one."""

    @pytest.mark.parametrize(
        ("old", "new", "form", "about", "gain"),
        [
            ("Revenue >= Minimum.", "Revenue > Minimum.",
             "lost", ("datong.2-1.horizontal",), -200_000),
            ('    orientation(Work, "horizontal"),\n', "",
             "gained", ("datong.2-1.horizontal",), 200_000),
            ("Yuan = @at_most(@portion(Revenue, Rate), Cap)",
             "Yuan = @at_most(Revenue, @portion(Cap, Rate))",
             "less", ("datong.2-1.horizontal",), None),
            ("    level_of(Line', Honour),\n",
             "    level_of(Line', Honour),\n    Line != \"datong.2-3.five_one.national\",\n",
             "beside", ("datong.2-3.five_one.national", "datong.2-3.five_one.provincial"), 60_000),
            ('"datong.2-1.vertical", "datong.revenue_share_enterprise_cap"',
             '"datong.2-1.vertical", "datong.shooting_enterprise_cap"',
             "cap", ("datong.2-1.vertical",), -1_000_000),
            ('annual_quota("datong.2-6.event", "datong.events_per_year").',
             ('annual_quota("datong.2-6.event", "datong.events_per_year") :-\n'
              '    reading("datong.levels", "highest").'),
             "quota", ("datong.2-6.event",), None),
        ],
        ids=["strict", "dropped", "rate", "level", "cap", "quota"],
    )  # fmt: skip
    def test_each_kind_of_change_is_found_with_an_applicant(
        self, copy: Path, old: str, new: str, form: str, about: tuple[str, ...], gain: int | None
    ) -> None:
        """And nothing else is reported; the sums are those that planning gives."""
        _edit(copy / "rules.lp", old, new)
        found = _found("datong", copy)
        assert (form, about) in {(part.form, part.about) for part in found}
        assert {part.about for part in found} == {about}
        part = next(part for part in found if part.form == form)
        if gain is not None:
            assert part.after.potential - part.before.potential == gain
        for version, sums in ((read_version("datong"), part.before),
                              (read_version(str(copy)), part.after)):  # fmt: skip
            assert policy_logic.plan(part.facts, book=version.book).totals == sums

    def test_a_border_is_found_to_the_yuan(self, copy: Path) -> None:
        """The applicant has exactly what the text asks for."""
        _edit(copy / "rules.lp", "Revenue >= Minimum.", "Revenue > Minimum.")
        (part,) = _found("datong", copy)
        (work,) = part.facts["work"].values()
        assert work["split_revenue"] == {2025: 2_000_000}

    def test_a_rewording_makes_no_difference(self, copy: Path) -> None:
        """Other names and another order: nothing has to be searched."""
        rules = copy / "rules.lp"
        text = rules.read_text(encoding="utf-8")
        rules.write_text(text.replace("Enterprise", "Firm"), encoding="utf-8")
        assert list(shifts(read_version("datong"), read_version(str(copy)))) == []

    def test_the_same_in_other_rules_makes_no_difference(self, copy: Path) -> None:
        """A condition moved into a predicate of its own: searched for, and not found."""
        _edit(
            copy / "rules.lp",
            'eligible("datong.2-1.horizontal", Work, year(Year)) :-\n'
            "    first_producer(Work, Enterprise),\n"
            "    micro_drama_applicant(Enterprise),\n",
            "produced_in_the_field(Work) :-\n"
            "    first_producer(Work, Enterprise),\n"
            "    micro_drama_applicant(Enterprise).\n\n"
            'eligible("datong.2-1.horizontal", Work, year(Year)) :-\n'
            "    produced_in_the_field(Work),\n",
        )
        sentences = copy / "sentences.toml"
        sentences.write_text(
            sentences.read_text(encoding="utf-8") + '\n[predicate."produced_in_the_field(Work)"]\n'
            'zh = "{Work}已出品"\nen = "{Work} is made"\n',
            encoding="utf-8",
        )
        found = list(shifts(read_version("datong"), read_version(str(copy))))
        assert [part for part in found if isinstance(part, Shift)] == []
        assert sum(part.lines for part in found if isinstance(part, Searched)) > 20

    def test_two_cities_are_compared_by_matter(self) -> None:
        """What only one of them pays for is found on both sides."""
        found = _found("datong", "pingyuan")
        forms = {(part.form, *part.about) for part in found}
        assert {("lost", "five_one@shanxi"), ("gained", "culture_park@pingyuan")} <= forms
        assert ("less", "event") in forms


class TestVersions:
    """What can be compared."""

    def test_a_reading_is_named_with_or_without_its_policy(self) -> None:
        """Both forms choose the same."""
        short = read_version("datong@registration=required")
        assert short.readings == read_version("datong@datong.registration=required").readings
        assert short.reading("datong.registration") == "required"
        assert short.reading("datong.levels") == read_version("datong").reading("datong.levels")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("datnog", "There is no policy datnog"),
            ("facts", "no such folder with a policy.toml"),
            ("datong@registraton=required", "Did you mean datong.registration"),
            ("datong@registration=maybe", "cannot be maybe. It is one of: not_required, required"),
        ],
    )
    def test_what_does_not_exist_is_told(self, text: str, message: str) -> None:
        """With what there is instead."""
        with pytest.raises(RequestError, match=message):
            read_version(text)

    def test_a_folder_that_is_not_sound_is_refused(self, copy: Path) -> None:
        """As every rulebook is on loading."""
        _edit(copy / "rules.lp", "Revenue >= Minimum", "Revenue >= Minimums")
        with pytest.raises(RulebookError, match="Minimums"):
            read_version(str(copy))


def _budget(old: Version, new: Version, *cases: Path) -> Budget:
    roots = [root for case in cases for root in read_roots(case)]
    return Budget(tuple(effects_of(old, new, roots)))


class TestBudget:
    """What a change comes to over cases."""

    def test_a_higher_threshold_takes_the_grant_from_those_below(
        self, copy: Path, tmp_path: Path
    ) -> None:
        """250 万 of split revenue no longer suffice; 400 万 do."""
        _higher_threshold(copy)
        folders = tmp_path / "lower", tmp_path / "higher"
        for folder in folders:
            folder.mkdir()
        lower, higher = (
            written(works(w=revenue), folder)
            for folder, revenue in zip(folders, (2_500_000, 4_000_000), strict=True)
        )
        found = _budget(read_version("datong"), read_version(str(copy)), lower, higher)
        assert [effect.gain for effect in found.effects] == [Sums(0, -250_000), Sums(0, 0)]
        assert (found.before.potential, found.after.potential) == (650_000, 400_000)
        assert found.losers == found.effects[:1]
        assert found.winners == ()
        assert found.by_line == {"datong.2-1.horizontal": (Sums(0, 650_000), Sums(0, 400_000))}

    def test_gains_and_losses_add_up(self) -> None:
        """Over all examples, winners and losers make the difference of the budget."""
        found = _budget(
            read_version("datong"), read_version("datong@registration=required"),
            EXAMPLES[0].parent,
        )  # fmt: skip
        gains = [effect.gain.potential for effect in (*found.winners, *found.losers)]
        assert sum(gains) == found.after.potential - found.before.potential
        by_line = sum(
            after.potential - before.potential for before, after in found.by_line.values()
        )
        assert sum(gains) == by_line != 0

    def test_a_draft_pays_nothing_and_says_why(self) -> None:
        """Of a draft nobody knows from when it is in force."""
        found = _budget(read_version("datong"), read_version("ganzhou"), EXAMPLES[0])
        assert [effect.after.undated for effect in found.effects] == [True]
        assert found.after == Sums(0, 0)


class TestCommand:
    """``rules diff``."""

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh", ["增加 0 家，减少 1 家，不变 7 家", "大连青木影业有限公司", "-3,447,300"]),
            ("en", ["0 gain, 1 lose, 7 receive the same", "3,447,300 → 0", "Who loses most"]),
        ],
    )
    def test_the_page_names_the_losers(self, language: str, words: list[str]) -> None:
        """In both languages."""
        page = run(
            "rules", "diff", "datong", "datong@registration=required",
            "--cases", EXAMPLES[0].parent, "--lang", language,
        ).stdout  # fmt: skip
        for told in words:
            assert told in page

    def test_json_has_what_the_page_has(self) -> None:
        """Statements, and the budget case by case."""
        document: dict[str, Any] = json.loads(
            run(
                "rules", "diff", "datong", "datong@registration=required", "--format", "json",
                "--cases", EXAMPLES[0].parent,
            ).stdout
        )  # fmt: skip
        assert [found["name"] for found in document["stated"]] == ["datong.registration"]
        assert document["budget"]["losers"] == 1
        assert len(document["budget"]["effects"]) == 8
        assert document["new"]["readings"]["datong.registration"] == "required"

    def test_the_plot_shows_who_loses(self, tmp_path: Path) -> None:
        """Each applicant whose total changes has a bar."""
        file = tmp_path / "budget.svg"
        run(
            "rules", "diff", "datong", "datong@registration=required",
            "--cases", EXAMPLES[0].parent, "--plot", str(file),
        )  # fmt: skip
        picture = file.read_text(encoding="utf-8")
        assert picture.count("<rect x=") == 1
        assert "大连青木影业有限公司" in picture

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            (["--plot", "x.svg"], "say by --cases"),
            (["--plot", "x.gif", "--cases", EXAMPLES[0].parent], "x.gif"),
        ],
    )
    def test_a_plot_of_nothing_is_refused(self, more: list[str], message: str) -> None:
        """Before anything is computed."""
        result = run("rules", "diff", "datong", "datong", *more)
        assert result.exit_code == 2
        assert message in result.stderr


def test_a_plot_of_many_stays_readable() -> None:
    """Two thousand bars are thin and have no words, and the picture keeps its height."""
    (effect,) = effects_of(
        read_version("datong"), read_version("datong@registration=required"),
        list(read_roots(EXAMPLES[0].parent))[-1:],
    )  # fmt: skip
    picture = svg([effect] * 2000, "title", "axis", "nothing")
    assert picture.count("<rect x=") == 2000
    assert effect.label not in picture.replace("<title>", "").split("</desc>")[0]
    assert int(picture.split('height="')[1].split('"')[0]) < 1100
