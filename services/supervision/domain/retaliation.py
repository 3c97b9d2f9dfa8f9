"""打击报复: a report that somebody suffers for having petitioned goes its own way, and never to the unit. Pure.

Each is a history of its own, `retaliation-…`, that supervisors and auditors read and nobody else. Facts leave the house, so
these do not say which case it is about, who suffers or who is accused: that stands on a sealed paper. No rule finds
retaliation, and none judges it: a named supervisor passes it on (信访工作条例 Arts 18, 46; 政务处分法 Art 32).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from services.supervision.domain.desk import WATCHING, Region, not_before
from shared.decider import Command, Day, Name, NoSuchCase, Rejected, Scope
from shared.events.supervision import (
    RetaliationDismissed,
    RetaliationReferred,
    RetaliationReported,
    SupervisionFact,
)
from shared.given import Person
from shared.terms import Body, Channel, RetaliationGround, Role

DECIDING = frozenset({Body.SUPERIOR, Body.MANAGING_ORGAN, Body.SUPERVISORY_ORGAN})
"""Who may look into it. The petition office and the joint meeting have no power over persons."""


class RetaliationCommand(Command):
    """A command about a report of retaliation."""

    history: ClassVar[str] = "retaliation"
    readers: ClassVar[frozenset[Role]] = frozenset({Role.SUPERVISOR, Role.AUDITOR})


class ReportRetaliation(RetaliationCommand):
    """打击报复反映: record that a report came, and the number of the sealed paper on which it stands."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    region: Region
    channel: Channel
    received_on: Day
    document: Name
    by: Person


class ReferRetaliation(RetaliationCommand):
    """打击报复移送: pass it on to the superior, the managing or the supervisory organ."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SUPERVISOR})

    referred_on: Day
    to: Body
    document: Name
    by: Person


class DismissRetaliation(RetaliationCommand):
    """打击报复不予移送: do not pass it on, on one of these grounds; the reasons are on paper."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SUPERVISOR})

    dismissed_on: Day
    ground: RetaliationGround
    document: Name
    by: Person


@dataclass(frozen=True)
class Retaliation:
    """A report as it stands."""

    reported: RetaliationReported
    decided: RetaliationReferred | RetaliationDismissed | None = None

    def after(self, fact: SupervisionFact) -> "Retaliation":
        """The report after one more fact about it."""
        return replace(self, decided=fact) if isinstance(fact, RetaliationReferred | RetaliationDismissed) else self

    @property
    def scope(self) -> Scope:
        """Where it belongs: to its region. No unit has a part in it."""
        return Scope(self.reported.region)


def decide(report: Retaliation | None, command: RetaliationCommand) -> list[SupervisionFact]:
    """What a command about a report means. Raises NoSuchCase for one that never came."""
    if isinstance(command, ReportRetaliation):
        return _report(report, RetaliationReported(**dict(command)))
    if report is None:
        raise NoSuchCase
    match command:
        case ReferRetaliation():
            if command.to not in DECIDING:
                raise Rejected(
                    "not-that-body",
                    f"{command.to.label}无权处理，应移送上级机关、任免机关或者监察机关。",
                    f"The {command.to} may not decide: pass it on to the superior, the managing or the supervisory organ.",
                )
            return _decide(report, RetaliationReferred(**dict(command)), command.referred_on)
        case DismissRetaliation():
            return _decide(report, RetaliationDismissed(**dict(command)), command.dismissed_on)
        case _:
            raise TypeError(command)


def _report(report: Retaliation | None, fact: RetaliationReported) -> list[SupervisionFact]:
    if report is not None and report.reported != fact:
        raise Rejected(
            "id-taken",
            "该编号已用于另一件反映，请换一个编号。",
            "This id stands for another report; use another.",
        )
    return [] if report is not None else [fact]


def _decide(report: Retaliation, fact: RetaliationReferred | RetaliationDismissed, on: date) -> list[SupervisionFact]:
    """Once. What comes to light later is another report."""
    if report.decided == fact:
        return []
    if report.decided is not None:
        raise Rejected(
            "already-decided",
            "本件已经作出决定。有新情况的，请作为新的反映登记。",
            "This has been decided. What has come to light since is another report.",
        )
    not_before(on, report.reported.received_on, "收到之日", "it was received")
    return [fact]


COMMANDS: tuple[type[RetaliationCommand], ...] = (ReportRetaliation, ReferRetaliation, DismissRetaliation)
