"""After logs came back from a backup: what was published since is no longer what they hold, so all is published anew."""

from contextlib import ExitStack, closing

from eventsourcing.persistence import PersistenceError

from deploy.beforehand import check_logs
from deploy.broker import Broker
from deploy.node import Node
from deploy.processes import DataLock, ProcessError
from shared.store import LogLocked, cure, open_log

SPEAKERS = ("intake", "casework", "supervision")
"""The services that keep a log."""
OWNER = (
    "在 PostgreSQL 中只有其所有者可以改名：请以所有者的连接串作 HUAJIE_DSN 再执行一次",
    "in PostgreSQL only its owner may: run it once more with the owner's DSN as HUAJIE_DSN",
)


def renew(node: Node) -> dict[str, str]:
    """Give each log a new name (epoch) and clear the broker's disk; the next `up` publishes everything under the new names.

    Whoever listens sees from the name that positions mean something else now, and skips what it knows.
    Run it before that `up`: else the restored logs hear from the broker what they had lost, and what is said anew under the same
    ids contradicts it. Answers the names. Raises ProcessError while the node runs, when nothing was ever kept in this folder, or
    when a log cannot be opened or renamed. Stopped on the way, it can be run again.
    """
    if (region := node.region) is None:
        raise ProcessError(f"{node.data} 中没有案卷", f"there are no logs in {node.data}")
    with DataLock(node.data), ExitStack() as stack:
        settings = node.settings(region, nats_url="")
        check_logs(settings)
        try:
            logs = {
                service: stack.enter_context(closing(open_log(service, settings.data, settings.dsn)))
                for service in SPEAKERS
            }
            names = {service: log.renew_epoch() for service, log in logs.items()}
        except LogLocked as error:
            raise ProcessError(error.zh, error.en) from error
        except PersistenceError as error:
            zh, en = OWNER if settings.dsn else cure(error)
            raise ProcessError(
                f"案卷无法改名（{error}）；{zh}", f"the logs cannot be renamed ({error}): {en}"
            ) from error
        Broker(node.data / "nats").wipe()
    return names
