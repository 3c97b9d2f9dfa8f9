"""督查口径: what supervision says about the policies that verdicts go by. They lie in the history `policies`."""

from datetime import date

from shared.events.supervision.spoken import SupervisionFact


class PolicyPublished(SupervisionFact):
    """口径发布: from now on this version is known here. It is in force from its own day on, whenever it became known."""

    version: str
    title: str
    author: str
    reason: str
    effective_from: date
    digest: str
    """SHA-256 of its values, whatever the comments and the order of the file."""
    replaces: str | None = None
    """The digest of other values that were known under the same version before."""
    text: str
    """The file as it was read."""
