"""What the commands have in common: how the node, a case and a moment are named."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.node import Node
from deploy.processes import ProcessError
from shared.terms import Role

if TYPE_CHECKING:
    from deploy.client import Client


Data = Annotated[Path, typer.Option("--data", help="数据目录 / the node's data folder")]
Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON / print one JSON document")]
Case = Annotated[str, typer.Argument(help="案件 id，或原编号 / case id, or its original number")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", help="截至何时所知 / as known at, UTC unless a zone is given")
]
About = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="评查哪一天 / the day that is judged")]
VAR = Path("var")


def client_of(data: Path, role: Role = Role.SUPERVISOR) -> "Client":
    """The way into the node that runs on this folder. Raises ProcessError when none does."""
    from deploy.client import Client  # what it stands on takes longer to load than all else here

    return Client(Node(data), role)


def case_id_of(client: "Client", case: str) -> str:
    """The id of a case that is named by its id or by its original number. Raises ProcessError for a number of several cases."""
    found = sorted(str(row["case_id"]) for row in client.get("/reporting/cases", number=case, limit=20)["cases"])
    if len(found) > 1 and case not in found:
        raise ProcessError(
            f"原编号 {case} 有多个案件，请写明案件 id：{'、'.join(found)}",
            f"several cases bear the number {case}: give the id of one: {', '.join(found)}",
        )
    return found[0] if len(found) == 1 else case


def moment(said: datetime | None) -> str | None:
    """The moment as the services take it: UTC where no zone is given."""
    return None if said is None else (said if said.tzinfo else said.replace(tzinfo=UTC)).isoformat()
