"""打击报复: that a report came, and where it was passed on. Which case, who suffers and who is accused, no fact tells."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import Body, Channel, RetaliationGround


class RetaliationReported(SupervisionFact):
    """打击报复反映: a person, or a third party, says that somebody suffers for having petitioned (信访工作条例 Arts 18, 46).

    What they say stands on a sealed paper, which a supervisor keeps.
    """

    occurred: ClassVar[str] = "received_on"

    region: str
    channel: Channel
    received_on: date
    document: str
    """The number of the sealed paper."""
    by: Official
    """Who took it."""


class RetaliationReferred(SupervisionFact):
    """打击报复移送: a named supervisor passed it on to an organ that may look into it and decide."""

    occurred: ClassVar[str] = "referred_on"

    referred_on: date
    to: Body
    document: str
    """The number of the letter with which it was passed on."""
    by: Official


class RetaliationDismissed(SupervisionFact):
    """打击报复不予移送: a named supervisor did not pass it on, on this ground; the reasons are on paper."""

    occurred: ClassVar[str] = "dismissed_on"

    dismissed_on: date
    ground: RetaliationGround
    document: str
    by: Official
