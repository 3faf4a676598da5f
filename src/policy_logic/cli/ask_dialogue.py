"""What ``ask`` does: it prints the open questions, or asks them and writes down the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from policy_logic import api
from policy_logic.cli.answers import SKIPS, STOPS, NotUnderstoodError, how_to_answer, value_of
from policy_logic.cli.cases import one_tree, refuse, trees_of
from policy_logic.decide.asking import Asked, Question, ask
from policy_logic.decide.planning import facts_digest
from policy_logic.errors import FactsError
from policy_logic.facts.case import case_of
from policy_logic.facts.changes import read_change, read_changed
from policy_logic.facts.inserting import WRITABLE, as_text, inserted, replace_file
from policy_logic.facts.reader import read_roots_of_text
from policy_logic.facts.source import fault
from policy_logic.language import say
from policy_logic.tell.asking import AskingWords
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from policy_logic.decide.planning import Planner
    from policy_logic.derive.missing import Missing
    from policy_logic.facts.inserting import Written
    from policy_logic.facts.model import Case
    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.language import Language
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.select.problem import Objective


@dataclass(frozen=True, slots=True)
class Setting:
    """Of what case, and in what manner, it is asked.

    Attributes:
        facts: The file or folder.
        applicant: Whose case, of several; ``None`` for the only one.
        readings: The readings chosen on the command line.
        objective: What plans make as high as possible.
        seconds: The longest time to search for each plan.
        book: The rulebook.
        language: The language to speak.
    """

    facts: Path
    applicant: str | None
    readings: Mapping[str, str]
    objective: Objective
    seconds: float
    book: Rulebook
    language: Language

    def planner(self, case: Case) -> Planner:
        """Return a version of the case, ready to be planned."""
        return api.planner(
            case, objective=self.objective, readings=self.readings, time_limit=self.seconds,
            book=self.book,
        )  # fmt: skip


def answer(setting: Setting, output: str, *, interactive: bool) -> None:
    """Print the open questions of a case, or ask them one by one.

    Raises:
        FactsError: The case is wrong.
        RequestError: The question names what does not exist, or answers cannot be written down.
    """
    if interactive:
        if output == "json":
            refuse("options_apart", first="--interactive", second="--format json")
        if not setting.facts.is_file() or setting.facts.suffix not in WRITABLE:
            refuse("ask_unwritable", file=setting.facts, endings=", ".join(WRITABLE))
    _, case = one_tree(setting.facts, setting.book, setting.applicant, "ask")
    if interactive:
        _Dialogue(setting).run()
        return
    asked = ask(setting.planner(case))
    if output == "json":
        from policy_logic.cli.ask_json import asked_json  # noqa: PLC0415 - this format only
        from policy_logic.cli.outcome import print_json  # noqa: PLC0415 - this format only

        print_json(asked_json(asked, setting.language))
        return
    from policy_logic.cli.ask_page import print_asked  # noqa: PLC0415 - rich is slow

    print_asked(asked, setting.language)


class _Dialogue:
    """Asks one question at a time until nothing more can change the plan."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.language = setting, setting.language
        self.skipped: list[str] = []

    def say(self, name: str, /, **details: object) -> str:
        return say(f"ask.{name}", self.language, **details)

    def run(self) -> None:
        """Ask until nothing is left, or until told to stop."""
        before: Asked | None = None
        number = 0
        while True:
            case = self.case()
            asked = ask(self.setting.planner(case), self.skipped, outcomes=False)
            self.tell(before, asked)
            before = asked
            if not asked.questions:
                name = "done_skipped" if self.skipped else "done"
                typer.echo(self.say(name, count=len(self.skipped)))
                return
            number += 1
            if not self.ask_one(asked, asked.questions[0], number):
                typer.echo(self.say("stopped"))
                return

    def tell(self, before: Asked | None, asked: Asked) -> None:
        """Say what the totals may come to: at first in full, then what has changed."""
        words = AskingWords(asked, Wording(asked.planner, self.language))
        if before is None:
            from policy_logic.cli.ask_page import intervals  # noqa: PLC0415 - rich is slow

            for text in intervals(words):
                typer.echo(text.plain)
            return
        old = before.potential
        typer.echo(
            self.say(
                "changed_interval", low_before=words.low(old), high_before=words.high(old),
                low=words.low(asked.potential), high=words.high(asked.potential),
                before=words.words.money(before.totals.potential),
                after=words.words.money(asked.totals.potential),
            )
        )  # fmt: skip

    def ask_one(self, asked: Asked, question: Question, number: int) -> bool:
        """Ask a question until it is answered or skipped; return whether to go on."""
        plain = Wording(asked.planner, self.language)
        words = AskingWords(asked, plain)
        from policy_logic.cli.ask_page import question_lines  # noqa: PLC0415 - rich is slow

        missing = question.missing
        typer.echo("\n" + plain.entity(missing.entity))
        for text in question_lines(question, words, number):
            typer.echo(text.plain)
        how = how_to_answer(missing, plain, self.language)
        typer.echo(f"     {how}{self.say('between')}{self.say('how_skip')}")
        while True:
            try:
                text = typer.prompt(self.say("answer"), default="", show_default=False).strip()
            except typer.Abort:  # the input has ended, or somebody interrupted
                return False
            if text.lower() in STOPS:
                return False
            if text.lower() in SKIPS:
                self.skipped.append(missing.path)
                return True
            try:
                self.write(question, value_of(text, missing, plain))
            except NotUnderstoodError:
                typer.echo(self.say("not_understood", text=text, how=how))
            except FactsError as error:
                if any(p.code.startswith("facts.insert") for p in error.problems):
                    raise
                typer.echo(error.tell(self.language))
            else:
                return True

    def case(self) -> Case:
        """Return the case as the file has it now."""
        return one_tree(self.setting.facts, self.setting.book, self.setting.applicant, "ask")[1]

    def write(self, question: Question, value: Written) -> None:
        """Write an answer into the file, once it is known that the case stays right.

        Raises:
            FactsError: The case would be wrong with it, or it cannot be written.
        """
        setting, missing = self.setting, question.missing
        vocabulary = setting.book.vocabulary
        before = setting.facts.read_bytes()
        trees = trees_of(setting.facts, setting.book, None)
        applicants = [case.applicant for _, case in trees]
        place = applicants.index(setting.applicant) if setting.applicant else 0
        keys = keys_of_answer(missing, value, vocabulary)
        text = as_text(value)
        change = read_change(f"{'.'.join(keys)}={text}", self.say("answer"))
        _, changed = read_changed(trees[place][0], [change], vocabulary)
        new = inserted(before.decode("utf-8-sig"), place, keys, value, setting.facts)
        roots = list(read_roots_of_text(new, str(setting.facts)))
        if facts_digest(case_of(roots[place], vocabulary)) != facts_digest(changed):
            raise fault("insert_form", trees[place][1].source)
        replace_file(setting.facts, before, new)
        typer.echo(self.say("written", file=setting.facts, path=".".join(keys), value=text))


def keys_of_answer(missing: Missing, value: Written, vocabulary: Vocabulary) -> list[str]:
    """Return the way to an answer in a file; that a day never came denies what the day proves."""
    attribute, keys = missing.attribute, [*missing.keys]
    if missing.member:
        keys.append(missing.member)
    implied = vocabulary.attribute(attribute.kind, attribute.implies)
    if attribute.type == "date" and value is False and implied is not None:
        attribute = implied
        keys = keys if implied.type == "set" else keys[: len(implied.index)]
    return [attribute.kind, missing.entity, attribute.name, *map(str, keys)]
