"""A PostgreSQL of the tests' own: a fresh cluster on 127.0.0.1, flushing to disk as it does in earnest, stopped afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from shared.store import Log, PostgresLog, SQLiteLog

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name), reverse=True)


@dataclass
class Cluster:
    """A database cluster, and the process that serves it. It can be killed and started again on the same port."""

    programs: Path
    folder: Path
    port: int
    user: str | None
    """Whom to run as: PostgreSQL refuses to be run by root."""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and return once it answers."""
        argv = [
            str(self.programs / "postgres"), "-D", str(self.folder), "-p", str(self.port), "-h", "127.0.0.1",
            "-k", "", "-c", "fsync=on", "-c", "max_connections=100", "-c", "shared_buffers=32MB",
        ]  # fmt: skip
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(argv, user=self.user, stdout=log, stderr=log, cwd=self.folder)
        ends = time.monotonic() + 30
        while True:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
                return
            if self.process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError((self.folder.parent / "postgres.log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT breaks off what clients do and shuts down in order; SIGQUIT is a crash, to recover from."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None

    def dsn(self, database: str, user: str = "postgres") -> str:
        """How to reach a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def empty(self, database: str) -> str:
        """The database without anything in it, and nobody connected to it: its DSN."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
                connection.execute(f"CREATE DATABASE {database}".encode())
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,))
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'")
            for (schema,) in found.fetchall():
                connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())
            connection.execute("CREATE SCHEMA public")
        return self.dsn(database)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running cluster for the whole session; skips where PostgreSQL is not installed."""
    if not PLACES:
        pytest.skip("PostgreSQL is not installed (no /usr/lib/postgresql/*/bin)")
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None and user not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("run by root, and there is no user postgres to run PostgreSQL as")
    above = Path(tempfile.mkdtemp(prefix="huajie-postgres-"))
    try:
        if user is not None:
            shutil.chown(above, user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        made = Cluster(PLACES[0], above / "data", port, user)
        argv = [str(made.programs / "initdb"), "-D", str(made.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        argv.append("--no-locale")
        done = subprocess.run(argv, user=user, capture_output=True, text=True, cwd=above, check=False)
        if done.returncode:
            pytest.fail(f"initdb: {done.stderr}")
        made.start()
        yield made
        made.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(above)


@pytest.fixture
def dsn(cluster: Cluster) -> str:
    """An empty database."""
    return cluster.empty("huajie")


@pytest.fixture(params=["sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    """A log of intake, once of each kind."""
    sqlite = request.param == "sqlite"
    made: Log = SQLiteLog(tmp_path / "intake.db") if sqlite else PostgresLog(request.getfixturevalue("dsn"), "intake")
    yield made
    made.close()


@contextmanager
def logs(dsn: str, number: int) -> Iterator[list[PostgresLog]]:
    """The same log, opened as by so many processes."""
    made = [PostgresLog(dsn, "intake") for _ in range(number)]
    try:
        yield made
    finally:
        for log in made:
            log.close()
