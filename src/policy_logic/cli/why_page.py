"""What ``why`` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from policy_logic.tell.account import account
from policy_logic.tell.wording import Wording

if TYPE_CHECKING:
    from policy_logic.decide.explaining import Why, WhyNot
    from policy_logic.decide.planning import Planner
    from policy_logic.language import Language


def print_answers(
    answers: tuple[Why | WhyNot, ...], planner: Planner, language: Language, output: str
) -> None:
    """Print answers as a tree, as JSON, or as a graph."""
    if output == "json":
        from policy_logic.tell.proof_json import answer_json  # noqa: PLC0415 - this format only

        documents = [answer_json(answer, planner) for answer in answers]
        typer.echo(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    words = Wording(planner.derivation, language)
    accounts = tuple(account(answer, words) for answer in answers)
    if output == "text":
        for number, told in enumerate(accounts):
            if number:
                typer.echo("")
            for line in told.lines():
                typer.echo(line)
        return
    from policy_logic.tell.graph import dot, mermaid, proof_graph  # noqa: PLC0415 - networkx is slow

    graph = proof_graph(accounts)
    typer.echo(mermaid(graph) if output == "mermaid" else dot(graph))
