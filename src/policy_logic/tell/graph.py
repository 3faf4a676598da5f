"""A proof as a graph: for networkx, for Mermaid and for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    from policy_logic.tell.account import Account
    from policy_logic.tell.tree import Branch


def proof_graph(accounts: tuple[Account, ...]) -> nx.DiGraph[str]:
    """Return accounts as one directed graph, edges from a reason to what follows from it.

    Each node has a ``label`` and a ``mark`` (``✓``, ``✗``, ``?``, ``=`` or ``·``); what is told
    in several places is one node.
    """
    import networkx as nx  # noqa: PLC0415 - slow to import

    graph: nx.DiGraph[str] = nx.DiGraph()
    names: dict[tuple[str, str], str] = {}

    def node(mark: str, label: str) -> str:
        name = names.setdefault((mark, label), f"n{len(names)}")
        graph.add_node(name, label=label, mark=mark)
        return name

    def add(branch: Branch, above: str) -> None:
        own = node(branch.mark, branch.text)
        if own != above:
            graph.add_edge(own, above)
        for child in branch.children:
            add(child, own)

    for account in accounts:
        root = node("·", account.title)
        for heading, branches in account.parts:
            part = node("·", f"{heading} [{account.title}]" if len(accounts) > 1 else heading)
            graph.add_edge(part, root)
            for branch in branches:
                add(branch, part)
    return graph


def mermaid(graph: nx.DiGraph[str]) -> str:
    """Return a graph as a Mermaid flow chart."""
    lines = ["flowchart BT"]
    for name, data in graph.nodes(data=True):
        label = f"{data['mark']} {data['label']}".replace('"', "#quot;").replace("\n", " ")
        lines.append(f'    {name}["{label}"]')
    lines += [f"    {first} --> {second}" for first, second in graph.edges]
    lines += [
        f"    style {name} stroke:#b3261e,stroke-width:2px"
        for name, data in graph.nodes(data=True)
        if data["mark"] == "✗"
    ]
    return "\n".join(lines)


def dot(graph: nx.DiGraph[str]) -> str:
    """Return a graph in Graphviz's language."""
    lines = ["digraph proof {", "    rankdir=BT;", '    node [shape=box, fontname="sans-serif"];']
    for name, data in graph.nodes(data=True):
        label = f"{data['mark']} {data['label']}".replace("\\", "\\\\").replace('"', '\\"')
        label = label.replace("\n", "\\n")
        color = ', color="#b3261e"' if data["mark"] == "✗" else ""
        lines.append(f'    {name} [label="{label}"{color}];')
    lines += [f"    {first} -> {second};" for first, second in graph.edges]
    return "\n".join([*lines, "}"])
