"""Building a rulebook: reading every policy folder, inferring types, and checking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.errors import Problem, RulebookError
from policy_logic.facts.scalars import nearest
from policy_logic.facts.vocabulary import load_vocabulary
from policy_logic.logic.solver import Grounded
from policy_logic.rulebook import checks, line_checks, text_checks
from policy_logic.rulebook.folder import read_policy, read_readings, read_sentences
from policy_logic.rulebook.parse import parse_rules
from policy_logic.rulebook.policy import Policy, Rulebook
from policy_logic.rulebook.signatures import EXPECTED, GIVEN, attribute_signatures
from policy_logic.rulebook.types import TypeInference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from policy_logic.facts.vocabulary import Vocabulary
    from policy_logic.logic.terms import Rule
    from policy_logic.rulebook.policy import Number


def build_rulebook(
    folder: Path, shared: Path, vocabulary_file: Path, folders: Mapping[str, Path], digest: str
) -> Rulebook:
    """Read all policies and check everything that can be checked without facts.

    Args:
        folder: The ``rules`` folder.
        shared: The folder of what all policies share.
        vocabulary_file: The vocabulary.
        folders: The policies' folders, by the policies' ids.
        digest: A digest of everything that is read.

    Raises:
        RulebookError: Something is wrong; each problem names file, line and what to do.
    """
    words = load_vocabulary(
        vocabulary_file,
        *(file for own in folders.values() if (file := own / "vocabulary.toml").exists()),
    )
    if not (shared / "selection.lp").exists():
        details = {"file": str(shared / "selection.lp"), "reason": "it is missing"}
        raise RulebookError([Problem("rulebook.unreadable", None, details)])
    policies = {name: read_policy(own, name) for name, own in folders.items()}
    derivation = parse_rules(shared / "derivation.lp", "")
    sentences, notices = read_sentences(shared / "sentences.toml", "engine")
    readings = read_readings(shared / "readings.toml", "")
    every_rule = (*derivation.rules, *(r for p in policies.values() for r in p.rules))
    for policy in policies.values():
        sentences |= policy.sentences
        notices |= policy.notices
        readings |= policy.readings
    numbers = {n.name: n for p in policies.values() for n in p.numbers.values()}
    types = infer_types(words, numbers, every_rule)
    book = Rulebook(
        folder=folder,
        shared=shared,
        vocabulary=words,
        policies=policies,
        derivation=derivation.rules,
        programs=(
            (derivation.path, derivation.text),
            *((p.folder / "rules.lp", p.rules_text) for p in policies.values()),
        ),
        rules=every_rule,
        lines={line.id: line for p in policies.values() for line in p.lines.values()},
        numbers=numbers,
        readings=readings,
        sentences=sentences,
        notices=notices,
        types={
            signature: types.of(signature)
            for rule in every_rule
            for signature in (rule.head.signature,)
        }
        | attribute_signatures(words)
        | GIVEN,
        declarations=_declarations(words),
        digest=digest,
    )
    problems = list(find_problems(book, types))
    if problems:
        raise RulebookError(problems)
    Grounded([path for path, _ in book.programs], (), text=book.declarations)
    return book


def infer_types(
    vocabulary: Vocabulary, numbers: Mapping[str, Number], rules: Sequence[Rule]
) -> TypeInference:
    """Return what each argument of each predicate is, and what does not fit together."""
    given = {**attribute_signatures(vocabulary), **GIVEN, **EXPECTED}
    return TypeInference(given, numbers, rules)


def find_problems(book: Rulebook, types: TypeInference) -> Iterator[Problem]:
    """Find everything that is wrong with a rulebook, but for what clingo alone sees."""
    constants = types.constants()
    names = {
        "number": set(book.numbers),
        "reading": set(book.readings),
        "value": {f"{r.name}={value}" for r in book.readings.values() for value in r.values},
    }
    spoken = checks.spoken_lines(book.rules)
    used = {kind: set(constants.get(kind, ())) for kind in ("number", "reading")}
    for policy in book.policies.values():
        yield from text_checks.check_text(policy)
        yield from text_checks.check_numbers(policy)
        yield from line_checks.check_lines(policy, book.vocabulary, spoken)
        yield from _check_place(policy, book.vocabulary)
    yield from checks.check_rules(book.rules, book.vocabulary, names)
    for policy in book.policies.values():
        waiting = checks.waiting_names(policy)
        yield from checks.check_used((policy.numbers, policy.readings), used, waiting)
    shared = {name: r for name, r in book.readings.items() if not r.policy}
    yield from checks.check_used(({}, shared), used)
    given = {*attribute_signatures(book.vocabulary), *GIVEN}
    yield from checks.check_sentences(book.rules, book.sentences, given)
    yield from checks.check_caps(book.rules)
    yield from types.problems
    yield from checks.check_names(constants, book.vocabulary, book.lines, book.notices)


def _check_place(policy: Policy, vocabulary: Vocabulary) -> Iterator[Problem]:
    if policy.place not in vocabulary.values["place"]:
        file = policy.folder / "policy.toml"
        near = nearest(policy.place, sorted(vocabulary.values["place"]))
        details: dict[str, object] = {"place": policy.place, "file": str(file), "near": near}
        yield Problem("rulebook.place", None, details)


def _declarations(vocabulary: Vocabulary) -> str:
    """Declare every predicate that a case may leave without facts."""
    attributes = attribute_signatures(vocabulary)
    declared = [f"#defined {name}/{arity}." for name, arity in (*attributes, *GIVEN, *EXPECTED)]
    declared += [f"#defined -{name}/{arity}." for name, arity in attributes]
    return " ".join(declared)
