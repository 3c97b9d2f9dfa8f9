"""A command loads what it needs and no more: whoever only starts the services, or asks them, does not wait for them to load."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.node import SERVICES, Node

LIGHT = ("cli", "local", "importing", "log_importing", "organisation", "demo", "campaigning")
HEAVY = ("fastapi", "uvicorn", "faststream", "sqlalchemy", "services.reporting", "services.supervision.app")


def loaded(script: str) -> set[str]:
    """The modules that are there when this has run, in a process of its own."""
    env = os.environ | Node(Path("nowhere")).settings("610431", "nats://127.0.0.1:1").to_environment()
    argv = [sys.executable, "-c", f"import sys; {script}\nprint(*sys.modules)"]
    return set(subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stdout.split())


def test_who_starts_the_services_or_asks_them_does_not_load_them() -> None:
    assert set(HEAVY) & loaded(f"import {', '.join(f'deploy.{module}' for module in LIGHT)}") == set()


def test_a_process_of_its_own_loads_one_service() -> None:
    served = loaded("import deploy.serve as s; s.create_app('casework', s.Settings.from_environment())")
    assert {service for service in SERVICES if f"services.{service}" in served} == {"casework"}


def test_to_show_the_units_no_reader_of_ledgers_is_loaded() -> None:
    asked = "from contextlib import suppress; from deploy.cli import cli; from deploy.processes import ProcessError"
    shown = f"{asked}\nwith suppress(ProcessError): cli(['organisation', '--data', 'nowhere'], standalone_mode=False)\n"
    there = loaded(shown)
    assert "deploy.directory" in there
    assert {"services.intake.ledger", "openpyxl"} & there == set()
