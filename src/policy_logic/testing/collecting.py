"""A folder of policies as tests: that it loads, its worked cases, and the properties."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import pytest

from policy_logic import api
from policy_logic.errors import PolicyLogicError
from policy_logic.lab.worked import mismatches
from policy_logic.language import say
from policy_logic.rulebook.cases import worked_cases
from policy_logic.rulebook.load import load_rulebook
from policy_logic.testing.properties import PROPERTIES
from policy_logic.testing.trying import try_property
from policy_logic.testing.worked import page
from policy_logic.testing.written import as_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from policy_logic.decide.planning import Planner
    from policy_logic.lab.worked import Mismatch
    from policy_logic.language import Language
    from policy_logic.rulebook.cases import WorkedCase
    from policy_logic.rulebook.policy import Rulebook
    from policy_logic.testing.fault import PropertyFault

_ACROSS: Final = "across"


def collect(file: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return a policy, or a file of worked cases; ``None`` for any other file."""
    rules = _rules(parent.config)
    if file.name == "policy.toml" and file.parent.parent == rules:
        return PolicyFile.from_parent(parent, path=file)
    is_case = file.suffix == ".yaml" and file.parent.name == "cases"
    if is_case and rules in file.parents[1:3]:
        return CasesFile.from_parent(parent, path=file)
    return None


def _rules(config: pytest.Config) -> Path:
    """Return the folder of policies."""
    start = config.inipath.parent if config.inipath else config.rootpath
    folder: Path = (start / str(config.getini("policy_logic_rules"))).resolve()
    if not folder.is_dir():
        raise pytest.UsageError(say("testing.no_folder", _language(config), folder=folder))
    return folder


def _book(config: pytest.Config) -> Rulebook:
    """Return the rulebook; loaded once.

    Raises:
        RulebookError: It is not sound.
    """
    words = config.getini("policy_logic_vocabulary")
    start = config.inipath.parent if config.inipath else config.rootpath
    return load_rulebook(_rules(config), (start / words).resolve() if words else None)


def _language(config: pytest.Config) -> Language:
    asked = str(config.getini("policy_logic_language"))
    if not asked:
        names = ("LC_ALL", "LC_MESSAGES", "LANG")
        asked = next((value for name in names if (value := os.environ.get(name))), "en")
    return "zh" if asked.lower().startswith("zh") else "en"


class PolicyFile(pytest.File):
    """A policy: that it loads, and the properties."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the tests of the policy."""
        yield LoadItem.from_parent(self, name="loads")
        for name in self.config.getini("policy_logic_properties") or PROPERTIES:
            if name not in PROPERTIES:
                language, known = _language(self.config), ", ".join(PROPERTIES)
                raise pytest.UsageError(
                    say("testing.no_property", language, name=name, known=known)
                )
            yield PropertyItem.from_parent(self, name=name)


class CasesFile(pytest.File):
    """A file of worked cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each case."""
        rules = _rules(self.config)
        folder = self.path.parent.parent
        policy = _ACROSS if folder == rules else folder.name
        for case in worked_cases(rules, policy):
            if case.file == self.path:
                yield CaseItem.from_parent(self, name=case.name, case=case)


class _PolicyItem(pytest.Item):
    """A test of a policy; what it reports is told in words, not as a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - as pytest has it
        """Return what the report says of a failure."""
        language = _language(self.config)
        if isinstance(excinfo.value, Failure):
            return excinfo.value.told(language)
        if isinstance(excinfo.value, PolicyLogicError):
            return excinfo.value.tell(language)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test stands, and its name."""
        return self.path, None, self.name

    def book(self) -> Rulebook:
        """Return the rulebook; skip the test where it does not load, which another test tells."""
        try:
            return _book(self.config)
        except PolicyLogicError:
            pytest.skip(
                say("testing.not_loaded", _language(self.config), test="policy.toml::loads")
            )


class LoadItem(_PolicyItem):
    """That the rules load, with all their checks."""

    def runtest(self) -> None:
        """Load the rules."""
        _book(self.config)


class CaseItem(_PolicyItem):
    """A worked case."""

    def __init__(self, case: WorkedCase, **details: Any) -> None:  # noqa: ANN401 - as pytest has it
        super().__init__(**details)
        self.case = case

    def runtest(self) -> None:
        """Decide the case, and compare."""
        planner = api.planner(self.case.facts, book=self.book())
        found = tuple(mismatches(self.case, planner))
        if found:
            raise CaseFailure(self.case, planner, found)


class PropertyItem(_PolicyItem):
    """A property, tried on cases drawn for the policy."""

    def runtest(self) -> None:
        """Draw cases by the hypothesis profile in use until one fails the property."""
        found = try_property(self.name, self.book(), self.path.parent.name, self.nodeid)
        if found is not None:
            raise PropertyFailure(*found)


class Failure(Exception):  # noqa: N818 - a test that failed, no error of the program
    """A test of a policy that failed."""

    def told(self, language: Language) -> str:
        """Return what the report says."""
        raise NotImplementedError


class CaseFailure(Failure):
    """A worked case that comes out otherwise."""

    def __init__(self, case: WorkedCase, planner: Planner, found: tuple[Mismatch, ...]) -> None:
        self._parts = case, planner, found
        super().__init__(case.name)

    def told(self, language: Language) -> str:
        """Return a table of what differs, and why."""
        return "\n".join(page(*self._parts, language))


class PropertyFailure(Failure):
    """A property that does not hold of a case."""

    def __init__(self, facts: Mapping[str, Any], fault: PropertyFault) -> None:
        self._facts, self._fault = facts, fault
        super().__init__(str(fault))

    def told(self, language: Language) -> str:
        """Return what is wrong, and the smallest case."""
        shown = say("testing.smallest_case", language)
        return f"{self._fault.tell(language)}\n\n{shown}\n\n{as_yaml(self._facts)}"
