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


class StandardAdopted(SupervisionFact):
    """督查依据启用: from now on verdicts go by these policies and this calendar, and by no others.

    Each version is the one that was published last. Whoever replays history judges each moment by what was adopted then.
    """

    versions: tuple[str, ...]
    """The versions of the policies, in the order of their files."""
    digests: tuple[str, ...]
    """The digest of the values of each."""
    holidays: str
    """The calendar's file as it was read; empty where the calendar is the package's own."""
    edition: str = ""
    """Which edition of huajie judges by them; empty where none was said."""
