"""After logs came back from a backup: what was published since is no longer what they hold, so all is published anew."""

from deploy.beforehand import check_logs
from deploy.broker import Broker
from deploy.node import Node
from deploy.processes import DataLock, ProcessError
from shared.store import open_log

SPEAKERS = ("intake", "casework", "supervision")
"""The services that keep a log."""


def renew(node: Node) -> dict[str, str]:
    """Give each log a new name (epoch) and clear the broker's disk; the next `up` publishes everything under the new names.

    Whoever listens sees from the name that positions mean something else now, and skips what it knows.
    Run it before that `up`: else the restored logs hear from the broker what they had lost, and what is said anew under the same
    ids contradicts it. Answers the names. Raises ProcessError while the node runs, when nothing was ever kept in this folder, or
    when a log cannot be opened.
    """
    if (region := node.region) is None:
        raise ProcessError(f"{node.data} 中没有案卷", f"there are no logs in {node.data}")
    names = {}
    with DataLock(node.data):
        broker = Broker(node.data / "nats")
        settings = node.settings(region, nats_url="")
        check_logs(settings)
        for service in SPEAKERS:
            log = open_log(service, settings.data, settings.dsn)
            try:
                names[service] = log.renew_epoch()
            finally:
                log.close()
        broker.wipe()
    return names
