"""The command organisation without a file: the units of a running node and who holds their posts, as a tree."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rich.text import Text
from rich.tree import Tree

from deploy import printing
from deploy.client import Client
from deploy.node import Node
from shared.terms import Role


def show(node: Node, on: date | None, as_of: str | None = None, *, as_json: bool) -> None:
    """Print the units there were on a day, and who held their posts, as known at a moment."""
    with Client(node, Role.AUDITOR) as client:
        said = client.get("/intake/organisation", on=on and on.isoformat(), as_of=as_of)
    printing.as_json(said) if as_json else tell_units(said)


def tell_units(said: Mapping[str, Any]) -> None:
    """The units of a day below one another, each with who holds its posts."""
    units = {unit["unit_id"]: unit for unit in said["units"]}
    tree = Tree(f"机构名册 / units and posts, {said['on']}")
    branches: dict[str | None, Tree] = {None: tree}

    def branch(unit_id: str | None, above: frozenset[str] = frozenset()) -> Tree:
        """Where a unit hangs; one whose superior is not known, or is below itself, hangs at the top."""
        if unit_id not in units or unit_id in above:
            return tree
        if unit_id not in branches:
            unit = units[unit_id]
            upper = branch(unit["superior"], above | {unit["unit_id"]})
            branches[unit_id] = upper.add(Text(f"{unit['name']}  {unit['region']}  {unit_id}"))
            for post in unit["posts"]:
                branches[unit_id].add(Text(_post(post), style="dim"))
        return branches[unit_id]

    for unit_id in units:
        branch(unit_id)
    printing.out.print(tree, soft_wrap=True)


def _post(post: Mapping[str, Any]) -> str:
    who, marks = post["official"], ["主要负责人"] if post["heads_unit"] else []
    marks += ["请假"] if post["away"] else []
    marks += [f"{delegate['name']}代" for delegate in post["delegates"]]
    said = f"{who['post']} {who['name']}（{who['id']}）自 since {post['since']}"
    return "  ".join((said, *marks, *filter(None, [post["remit"]])))
