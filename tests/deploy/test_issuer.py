"""The commands on a node that trusts an OIDC issuer: they speak as whoever the issuer knows."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.client import TOKEN, Client, Refused
from deploy.node import SERVICES, Node
from deploy.processes import ProcessError
from shared.terms import Role
from tests.house import REGION, house
from tests.shared.issuing import ISSUER, issuing, of_issuer


def test_a_command_speaks_with_the_token_of_the_issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found: where an issuer is trusted, every command was answered that its token is not."""
    now = datetime.now(UTC)
    claims: dict[str, Any] = {
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 600,
        "region": REGION,
        "unit": None,
    }
    with issuing() as (_, keys), house(tmp_path, now, oidc_issuer=ISSUER, oidc_jwks_url=keys) as running:
        node = Node(running.settings.data)
        node.announce(REGION, dict.fromkeys(SERVICES, f"http://127.0.0.1:{running.port}"))
        with Client(node, Role.SUPERVISOR) as own, pytest.raises(ProcessError, match=TOKEN):
            own.get("/reporting/cases")
        monkeypatch.setenv(TOKEN, of_issuer(role="supervisor", **claims))
        with Client(node, Role.SYSTEM) as client:
            assert client.get("/reporting/cases")["cases"] == []
            with pytest.raises(Refused) as refused:
                client.post("/reporting/rebuild")
        assert refused.value.status == 403
        monkeypatch.setenv(TOKEN, of_issuer("b", role="supervisor", **claims))
        with Client(node, Role.SYSTEM) as client, pytest.raises(Refused) as refused:
            client.get("/reporting/cases")
        assert refused.value.status == 401
