"""The last sections: readings, notices, digests, and how to verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.report.blocks import Code, Heading, Item, Items, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.report.blocks import Block, Words
    from policy_logic.report.wording import Speech


def readings(speech: Speech, number: str) -> Iterator[Block]:
    """Yield how each open clause was understood, and what the others would pay."""
    say, planner, language = speech.say, speech.planner, speech.language
    yield Heading(2, f"{number} {say('readings')}")
    yield Paragraph(say("readings_explained"), "note")
    rows: list[tuple[Words, ...]] = []
    for name, reading in planner.book.readings.items():
        if reading.policy in planner.derivation.atoms.undated:
            continue
        value = speech.decision.readings[name]
        how = say("by_default" if value == reading.default else "by_choice")
        rows.append(
            (
                speech.quoted(reading.label.say(language), reading.clause),
                speech.words.keyed(reading.values[value].say(language), [how]),
                "\n".join(_others(speech, name)) or say("same_otherwise"),
                Code(f"{name}={value}"),
            )
        )
    columns = ("column_open", "column_taken", "column_otherwise", "column_name")
    if rows:
        yield Table(say("readings_caption"), tuple(say(column) for column in columns),
                    tuple(rows), widths=(28, 18, 26, 28))  # fmt: skip
    else:
        yield Paragraph(say("none"))


def _others(speech: Speech, name: str) -> Iterator[str]:
    """Yield what the plan would pay under each other value on which it depends."""
    own = speech.decision.totals
    reading = speech.planner.book.readings[name]
    for notice in speech.decision.notices:
        details = notice.details
        if notice.kind != "reading" or details.get("reading") != name:
            continue
        other = reading.values[str(details["other"])].say(speech.language)
        totals = details["other_totals"]
        if not isinstance(totals, dict):
            yield speech.say("otherwise_impossible", other=other)
            continue
        yield speech.say(
            "otherwise", other=other, firm=speech.words.money(totals["firm"]),
            potential=speech.words.money(totals["potential"]),
            change=f"{totals['potential'] - own.potential:+,}",
        )  # fmt: skip


def notices(speech: Speech, number: str) -> Iterator[Block]:
    """Yield what the reader has to know; readings have a section of their own."""
    told = [notice for notice in speech.decision.notices if notice.kind != "reading"]
    yield Heading(2, f"{number} {speech.say('notices', count=len(told))}")
    if told:
        yield Items(tuple(Item(notice.label.say(speech.language)) for notice in told))
    else:
        yield Paragraph(speech.say("none"))


def digests(speech: Speech, number: str) -> Iterator[Block]:
    """Yield what the decision rests on, and so that it can be compared."""
    say, found, book = speech.say, speech.decision.digests, speech.planner.book
    yield Heading(2, f"{number} {say('digests')}")
    yield Paragraph(say("digests_explained"), "note")
    rows: list[tuple[Words, ...]] = [
        (say("digest_program"), Code(found.program)),
        (say("digest_rules"), Code(found.rules)),
        (say("digest_facts"), Code(found.facts)),
    ]
    for policy, digest in found.texts.items():
        known = book.policies[policy]
        title = speech.source(speech.policy(policy), known.number)
        rows.append((say("digest_text", title=title), Code(digest)))
    columns = (say("column_what"), say("column_digest"))
    yield Table(say("digests_caption"), columns, tuple(rows), widths=(36, 64))


def verification(speech: Speech, number: str) -> Iterator[Block]:
    """Yield how to verify the decision."""
    say = speech.say
    yield Heading(2, f"{number} {say('verify')}")
    yield Paragraph(say("verify_explained"))
    plan = f"policy-logic plan {speech.facts}{speech.options} --format json --proofs"
    again = f"policy-logic verify decision.json {speech.facts}"
    steps = {
        "verify_store": f"{plan} > decision.json",
        "verify_again": again,
        "verify_checker": f"{again} --by checker",
        "verify_pydatalog": f"{again} --by pydatalog",
    }
    items = (Item(say(name), "", (Item(Code(typed)),)) for name, typed in steps.items())
    yield Items(tuple(items), ordered=True)
    yield Paragraph(say("verify_compare"))
