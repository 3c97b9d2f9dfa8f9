"""专项: what supervision remembers of a campaign. Pure.

A campaign is a history of its own, `campaign-…`. It aims at how matters are handled, never at where people petition.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from shared.decider import Command, Scope
from shared.directory import Directory
from shared.events import Named
from shared.events.supervision import (
    CampaignAccepted,
    CampaignOpened,
    DueReport,
    PhaseStarted,
    RegisterPublished,
    ReportFiled,
    ReportMissed,
    SupervisionFact,
)


class CampaignCommand(Command):
    """A command about a campaign."""

    history: ClassVar[str] = "campaign"


@dataclass(frozen=True)
class Campaign:
    """A campaign as it stands."""

    opened: CampaignOpened
    started: frozenset[str] = frozenset()
    """Phases that have begun."""
    filed: dict[tuple[str, str], ReportFiled] = field(default_factory=dict)
    """Reports, by report and unit; the first word of each unit."""
    missed: frozenset[tuple[str, str]] = frozenset()
    accepted: CampaignAccepted | None = None
    published: tuple[RegisterPublished, ...] = ()

    def after(self, fact: SupervisionFact) -> "Campaign":
        """The campaign after one more fact of it."""
        match fact:
            case PhaseStarted():
                return replace(self, started=self.started | {fact.phase})
            case ReportFiled():
                return replace(self, filed={(fact.report, fact.unit): fact, **self.filed})
            case ReportMissed():
                return replace(self, missed=self.missed | {(fact.report, fact.unit)})
            case CampaignAccepted():
                return replace(self, accepted=fact)
            case RegisterPublished():
                return replace(self, published=(*self.published, fact))
            case _:
                return self

    @property
    def asked(self) -> list[DueReport]:
        """The reports that its units were asked for: a plan may have had its first days before it was opened."""
        return [report for report in self.opened.reports if report.due_on >= self.opened.opened_on]

    def taking_part(self, named: Named, directory: Directory) -> str | None:
        """The unit that is meant by a name of a day, by its name at the opening; None where it takes no part."""
        units, on = self.opened.units, self.opened.opened_on
        its = (unit for unit in units if directory.same(named, (unit, on), self.opened.region))
        return named[0] if named[0] in units else next(its, None)

    @property
    def scope(self) -> Scope:
        """Where it belongs: its region, and the units that take part."""
        return Scope(self.opened.region, frozenset((unit, self.opened.opened_on) for unit in self.opened.units))
