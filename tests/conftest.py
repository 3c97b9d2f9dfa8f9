"""What every test may use: a real nats-server of its own, a data folder, settings for a node."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from deploy.broker import Broker
from deploy.node import POLICIES
from services.supervision.rules import TABLES
from shared.settings import Settings
from shared.standard import Standard

hypothesis.settings.register_profile("huajie", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("huajie")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole nodes first: left to the end, some processes of the suite would have nothing to do while one still waits for them."""
    items.sort(key=lambda item: "system" not in item.path.parts)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A running nats-server, stopped afterwards."""
    server = Broker(tmp_path / "nats")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(tmp_path: Path, broker: Broker) -> Settings:
    """A node of the invented county, on a data folder of its own."""
    return Settings(region="610499", data=tmp_path / "data", nats_url=broker.url, policies=POLICIES, sweep_seconds=0.5)


@pytest.fixture(scope="session")
def national() -> Standard:
    """The policies and the calendar that huajie ships, with every rule."""
    return Standard.of({path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")}, TABLES)


@pytest.fixture(scope="session")
def standard(national: Standard) -> Standard:
    """What a test goes by; supervision's own tests look at fewer rules."""
    return national


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A test that counts something shows its table, also when it passed, and in whichever process it ran."""
    for report in terminalreporter.getreports("passed"):
        for name, table in report.user_properties:
            if name == "table":
                terminalreporter.write_line(f"\n{table}")
