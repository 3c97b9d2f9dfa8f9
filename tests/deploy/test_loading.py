"""A command loads what it needs and no more: whoever only starts the services, or asks them, does not wait for them to load."""

import subprocess
import sys

from deploy.node import SERVICES
from deploy.serve import APPS

LIGHT = ("cli", "local", "importing", "log_importing", "organisation", "demo", "campaigning")
HEAVY = ("fastapi", "uvicorn", "faststream", "sqlalchemy", "services.reporting", "services.supervision.app")


def test_the_services_are_named_without_loading_them() -> None:
    assert tuple(APPS) == SERVICES


def test_who_starts_the_services_or_asks_them_does_not_load_them() -> None:
    loading = f"import sys, {', '.join(f'deploy.{module}' for module in LIGHT)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, check=True)
    assert set(HEAVY) & set(done.stdout.split()) == set()
