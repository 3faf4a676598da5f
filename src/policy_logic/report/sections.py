"""The report as a document: its sections, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_logic.report.blocks import Document, Heading, Paragraph
from policy_logic.report.claims import claims
from policy_logic.report.leftover import benefits, caps, left_out, refusals, unknown
from policy_logic.report.record import digests, notices, readings, verification
from policy_logic.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_logic.report.blocks import Block
    from policy_logic.report.wording import Speech


def report(speech: Speech) -> Document:
    """Return everything that is known of a plan as one document."""
    title = speech.say("title", applicant=speech.applicant, day=speech.day)
    return Document(
        title=title,
        language="zh-Hans" if speech.language == "zh" else "en",
        day=speech.decision.as_of.isoformat(),
        header=title,
        page=speech.say("page", page="{page}", pages="{pages}"),
        blocks=(
            Heading(1, speech.say("heading", applicant=speech.applicant)),
            Paragraph(speech.say("about", day=speech.day), "lead"),
            *_sections(speech),
        ),
    )


def _sections(speech: Speech) -> Iterator[Block]:
    yield from summary(speech, "1")
    yield from claims(speech, "2")
    yield from caps(speech, "3")
    yield from left_out(speech, "4")
    yield from benefits(speech, "5")
    yield from refusals(speech, "6", failed=False)
    yield from unknown(speech, "7")
    yield from refusals(speech, "8", failed=True)
    yield from readings(speech, "9")
    yield from notices(speech, "10")
    yield from digests(speech, "11")
    yield from verification(speech, "12")
