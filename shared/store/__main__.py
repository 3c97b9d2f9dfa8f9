"""Make the logs of the speaking services in a PostgreSQL database: `python -m shared.store DSN`, as the database's owner."""

import sys

from shared.store.postgres import PostgresLog

SPEAKERS = ("intake", "casework", "supervision")


def main(dsn: str) -> None:
    """Make what is missing; what is there stays as it is."""
    for service in SPEAKERS:
        PostgresLog(dsn, service).close()


if __name__ == "__main__":
    main(sys.argv[1])
