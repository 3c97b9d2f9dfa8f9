"""办案: what a policy says of who owns a case, of meeting the person, of inquiry, reply and evaluation. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from shared.policy.table import Count, Table, Text
from shared.terms import LeaderRank


class Leaders(Table):
    """包案: what a leader who owns a case has to be."""

    ranks_for_assigned: tuple[
        LeaderRank, ...
    ] = ()  # of a case assigned from above; empty asks for none (plans D6, D10)


class GoingDown(Table):
    """下访: on which day of the month, how long before it the place and the public are told, what follows it (D7)."""

    contact_days: Count = 10
    public_days: Count = 5
    nth: Annotated[int, Field(ge=1, le=4)] = 1  # the first Monday: 每月第一周周一
    weekday: Annotated[int, Field(ge=1, le=7)] = 1  # 1 is Monday
    material_after: Count = 3  # 周四上午前: the material is there so many days later
    report_after: Count = 4  # 周五前: the written report

    def day_of(self, month: date) -> date:
        """The day of the month on which leaders go down. A rest day is not moved: no plan says so."""
        first = month.replace(day=1)
        return first + timedelta(days=(self.weekday - first.isoweekday()) % 7 + 7 * (self.nth - 1))


class Cadence(Table):
    """月度节奏: what comes round every month for every case that is open. What is not given is not asked for."""

    progress_day: Annotated[int, Field(ge=1, le=28)] | None = None  # 每月20日前反馈 (D2)
    month_end_days: Annotated[int, Field(ge=1, le=15)] | None = None  # 月底汇报会, in the last so many days (D11)
    meet_once: Literal["accepted", "planned"] | None = (
        None  # 月底之前见面一次: of the month of acceptance, or of the plan (D1)
    )


class ReturnVisits(Table):
    """回访: after so many days from closing, each by somebody who did not handle the case."""

    days: tuple[Count, ...] = (30, 90, 180)

    def after(self, closed_on: date, made: Iterable[date]) -> Iterator[tuple[date, date | None]]:
        """By when each is due, and when it was made: by the first that was made after the day of the one before it. So many in
        the first days are the first; one that comes late is that one, and not the next as well.
        """
        left, before = sorted(day for day in made if day >= closed_on), date.min
        for days in self.days:
            due = closed_on + timedelta(days=days)
            left = [day for day in left if day > before]
            yield due, left[0] if left else None
            before = max([due, *left[:1]])


class Inquiry(Table):
    """核查: what an inquiry report needs (seed plan D6)."""

    verifiers: Count = 2  # how many must have verified, at least


class OpinionTable(Table):
    """处理意见书: what a place wants in it beside what Art 32 does, each under its own heading."""

    sections: tuple[Text, ...] = ()


class Aid(Table):
    """救助: from which sum on it says what others in like hardship got (不引发攀比, seed plan D6); None asks for that never."""

    compare_from_cents: Count | None = None


class Evaluation(Table):
    """满意度评价: how many calendar days there are to evaluate, before it counts as 超期未评价."""

    days: Count = 30
