"""备案公布: who answers for which case of a campaign is made public. Pure.

Seed plan D9 would also publish the person, the demand and how somebody petitions. That is never built: a line has no place for it.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.domain.campaign import Campaign, CampaignCommand
from services.supervision.domain.desk import WATCHING, not_before
from shared.decider import Day, Name, Rejected
from shared.directory import Directory
from shared.events import Value
from shared.events.supervision import PublicLine, RegisterPublished, SupervisionFact
from shared.given import Person
from shared.terms import CaseState, Role


class LineGiven(Value):
    """公布事项: a case by its number, the unit and leader who answer for it, how far it is, and by when it is due."""

    number: Name
    unit: Name
    leader: Name
    state: CaseState
    due_on: Day | None = None


class PublishRegister(CampaignCommand):
    """备案公布: record that a register of the campaign's cases was made public, where, and line by line what it says."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    document: Name
    where: Name
    lines: Annotated[tuple[LineGiven, ...], Field(min_length=1, max_length=2000)]
    published_on: Day
    by: Person


def publish_register(campaign: Campaign, command: PublishRegister, directory: Directory) -> list[SupervisionFact]:
    """The paper's number stands for one register. It names units that take part, by whatever name, and no others."""
    lines = tuple(PublicLine(**dict(line)) for line in command.lines)
    fact = RegisterPublished(**{**dict(command), "lines": lines})
    for known in campaign.published:
        if known.document == fact.document:
            if known == fact:
                return []
            raise Rejected(
                "id-taken",
                f"文号 {fact.document} 已用于 {known.published_on} 的另一份公布，请换一个文号。",
                f"The number {fact.document} stands for another register, of {known.published_on}; use another.",
            )
    if campaign.accepted is not None:
        raise Rejected("campaign-over", "本专项已经验收。", "This campaign has been accepted.")
    not_before(command.published_on, campaign.opened.opened_on, "专项启动之日", "the day on which it was opened")
    on = command.published_on
    if strange := [line for line in lines if campaign.taking_part((line.unit, on), directory) is None]:
        raise Rejected(
            "not-in-campaign",
            f"{strange[0].number} 的责任单位{strange[0].unit}不在本专项中；参加单位：{'、'.join(campaign.opened.units)}。",
            f"{strange[0].unit}, who answers for {strange[0].number}, takes no part in this campaign. Leave the line out.",
        )
    return [fact]
