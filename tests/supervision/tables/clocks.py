"""Worked cases of the signs about registering and limits (T)."""

from shared.events.intake import RouteDetermined
from shared.terms import Purpose, ReviewVerdict, Route
from tests.sample import (
    BUREAU,
    accepted,
    closed,
    dispatched,
    extension,
    meeting,
    merged,
    objected,
    registered,
    relapsed,
    repeat,
    reply,
    report,
    resumed,
    routed,
    stopped,
    unlinked,
    visit,
)
from tests.supervision.deeds import (
    asked_to_close,
    assigned,
    came_back,
    contested,
    decided,
    moved_here,
    not_taken_up,
    objection,
    objection_declined,
    ruled,
    served,
    supported,
    taken_in,
    told,
)
from tests.supervision.lives import Late
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

HERE = registered("2026-01-05")
TWO = HERE.model_copy(update={"demands": ("补偿", "道歉")})


def split(on: str, road: Route = Route.LITIGATION) -> RouteDetermined:
    return routed(on, road).model_copy(update={"demands": (2,)})


STOPPED = (stopped("2026-01-10"), resumed("2026-01-20"))
SENT = (HERE, dispatched("2026-01-06"))
TAKEN = (HERE, accepted("2026-01-10"))
"""Due on 2026-03-11."""
ANSWERED = (*TAKEN, served("2026-02-01"))
RULED = (ruled("2026-01-20"), dispatched("2026-01-20"))
THREE = HERE.model_copy(update={"demands": ("补偿", "道歉", "复垦")})
THIRD_AWAY = routed("2026-02-20").model_copy(update={"demands": (3,)})
BOTH_AWAY = routed("2026-03-01").model_copy(update={"demands": (1, 2)})
HALF = (TWO, accepted("2026-01-10"), served("2026-02-01", demands=(1,)))
AGAIN = (*SENT, closed("2026-02-01"), repeat("2026-09-01"))
"""Closed, and more than half a year later brought once more: to be handed on by 2026-09-16."""
BY_THE_LEDGER = Late(AGAIN[-1], "2026-09-02", imported=True)
SUGGESTS, ACCUSES, CLAIMS = (
    (HERE.model_copy(update={"purpose": purpose}), accepted("2026-01-10"))
    for purpose in (Purpose.SUGGESTION, Purpose.ACCUSATION, Purpose.CLAIM)
)
"""Only a claim is under the 60 days (Arts 29-31)."""
REDO = (contested("2026-02-10"), decided("2026-03-10", ReviewVerdict.QUASHED))
"""The reply is quashed, and to be given anew by 2026-05-09."""

CLOCKS: dict[str, tuple[Worked, ...]] = {
    "late-registration": (
        fires((Late(HERE, "2026-02-01"),), "2026-02-01", "2026-01-13"),
        not_yet((Late(HERE, "2026-01-12"),), "2026-03-01"),
        on_the_day((Late(HERE, "2026-01-13"),), "2026-01-13"),
        paused((Late(HERE, "2026-02-01"), *STOPPED), "2026-02-01", "2026-01-13"),
        late((Late(HERE, "2026-02-01"), Late(visit("2026-01-06"), "2026-02-02")), "2026-02-03", "2026-01-13"),
        policy((Late(HERE, "2026-02-01"),), "2026-02-01", None, days=30),
        besides((Late(HERE, "2026-11-20", imported=True),), "2026-11-21", None),
        besides((HERE, Late(repeat("2026-02-01"), "2026-03-01")), "2026-03-01", "2026-02-09"),
        besides((HERE, Late(repeat("2026-02-01"), "2026-02-08")), "2026-03-01", None),
        besides((HERE, Late(repeat("2026-02-01"), "2026-03-01", imported=True)), "2026-03-01", None),
        besides(  # entered in time, in the wrong case
            (HERE, Late(repeat("2026-02-01"), "2026-03-01"), moved_here("2026-03-01", "2026-02-01", "2026-02-08")),
            "2026-03-01",
            None,
        ),
        besides(
            (HERE, Late(repeat("2026-02-01"), "2026-03-01"), moved_here("2026-03-01", "2026-02-01", "2026-02-09")),
            "2026-03-01",
            "2026-02-09",
        ),
        besides(
            (HERE, Late(repeat("2026-02-01"), "2026-03-01"), moved_here("2026-03-01", "2026-02-01", None)),
            "2026-03-01",
            None,
        ),
        besides(  # what was late here is no less so for belonging elsewhere
            (HERE, Late(repeat("2026-02-01"), "2026-03-01"), unlinked("2026-03-02", repeat("2026-02-01"))),
            "2026-03-05",
            "2026-02-09",
        ),
        besides(  # entered here in time, and in the wrong case late
            (HERE, repeat("2026-02-01"), moved_here("2026-03-01", "2026-02-01", "2026-03-01")), "2026-03-01", None
        ),
        besides(  # another one of the same day
            (
                HERE,
                Late(repeat("2026-02-01"), "2026-03-01"),
                Late(repeat("2026-02-01", "another"), "2026-03-02"),
                moved_here("2026-03-01", "2026-02-01", "2026-02-02"),
            ),
            "2026-03-05",
            "2026-02-09",
        ),
    ),
    "not-forwarded": (
        fires((HERE,), "2026-02-01", "2026-01-21"),
        not_yet((HERE,), "2026-01-20"),
        on_the_day((HERE,), "2026-01-21"),
        paused((HERE, *STOPPED), "2026-02-01", "2026-01-21"),
        late((HERE, Late(dispatched("2026-01-10"), "2026-02-01")), "2026-02-01", None),
        policy((HERE,), "2026-02-01", None, enabled=False),
        besides((HERE, Late(dispatched("2026-01-10"), "2026-02-01")), "2026-01-31", "2026-01-21"),
        besides((HERE, accepted("2026-01-10")), "2026-02-01", None),
        besides((HERE, not_taken_up("2026-01-10")), "2026-02-01", None),
        besides((HERE, routed("2026-01-10")), "2026-02-01", None),
        besides((HERE, routed("2026-01-10", Route.PETITION)), "2026-02-01", "2026-01-21"),
        besides((HERE, routed("2026-01-10"), routed("2026-01-30", Route.PETITION)), "2026-02-01", None),
        besides((HERE, routed("2026-01-10"), routed("2026-01-30", Route.PETITION)), "2026-03-01", "2026-02-15"),
        besides((*SENT, routed("2026-01-10"), routed("2026-01-30", Route.PETITION)), "2026-03-01", None),
        besides((*SENT, objected("2026-01-12")), "2026-03-01", "2026-01-28"),  # parked, when it was sent back
        besides((*SENT, objected("2026-01-12"), dispatched("2026-01-20", BUREAU)), "2026-03-01", None),
        besides((*SENT, objected("2026-01-12", BUREAU)), "2026-03-01", None),
        besides((Late(HERE, "2026-01-05", imported=True),), "2026-02-01", None),
        besides((*AGAIN,), "2026-09-16", None),
        besides((*AGAIN,), "2026-10-01", "2026-09-17"),  # come again, and left to lie with a closed case
        besides((*AGAIN, relapsed("2026-09-10")), "2026-10-01", None),
        besides((*AGAIN, dispatched("2026-09-10")), "2026-10-01", None),
        besides((*AGAIN, not_taken_up("2026-09-10")), "2026-10-01", None),
        besides((*AGAIN, came_back("2026-09-10")), "2026-10-01", None),
        besides((*AGAIN, supported("2026-09-10")), "2026-10-01", "2026-09-17"),
        besides((*AGAIN, repeat("2026-09-20")), "2026-10-01", "2026-09-17"),
        besides((*AGAIN[:-1], BY_THE_LEDGER), "2026-10-01", None),
        besides((*AGAIN[:-1], BY_THE_LEDGER, repeat("2026-09-05")), "2026-10-01", "2026-09-21"),
        besides((*AGAIN, merged("2026-09-10")), "2026-10-01", None),
        besides((*SENT, repeat("2026-01-20"), closed("2026-02-01")), "2026-10-01", None),
        besides((*AGAIN, unlinked("2026-09-05", repeat("2026-09-01"))), "2026-10-01", None),  # of another case
        besides((*AGAIN, unlinked("2026-09-20", repeat("2026-09-01"))), "2026-09-19", "2026-09-17"),
        besides(
            (*AGAIN, repeat("2026-09-05"), unlinked("2026-09-06", repeat("2026-09-01"))), "2026-10-01", "2026-09-21"
        ),
    ),
    "not-told": (
        fires((HERE,), "2026-02-01", "2026-01-21"),
        not_yet((HERE,), "2026-01-20"),
        on_the_day(SENT, "2026-01-22"),
        paused((HERE, *STOPPED), "2026-02-01", "2026-01-21"),
        late((HERE, Late(told("2026-01-08"), "2026-02-01")), "2026-02-01", None),
        policy((HERE,), "2026-02-01", None, enabled=False),
        besides((HERE, told("2026-01-08", exempt=True)), "2026-02-01", None),
        *(
            besides((*SENT, told("2026-01-08", exempt=True), visit("2026-01-20", met=met), *then), today, since)
            for met, then, today, since in (
                (True, (), "2026-02-04", None),  # whoever is met can be told from then on
                (True, (), "2026-02-05", "2026-02-05"),
                (False, (), "2026-03-01", None),
                (True, (told("2026-01-20"),), "2026-03-01", None),
                (True, (reply("2026-02-20"),), "2026-03-01", None),
                (True, (Late(told("2026-01-25"), "2026-02-10"),), "2026-03-01", None),
            )
        ),
        besides((*SENT, visit("2026-01-07"), told("2026-01-08", exempt=True)), "2026-03-01", None),
        besides((HERE, told("2026-01-05", "信访局"), dispatched("2026-01-06")), "2026-02-01", "2026-01-22"),
        besides((*SENT, told("2026-01-08")), "2026-02-01", None),
        besides((*SENT, objected("2026-01-07"), dispatched("2026-01-15", BUREAU)), "2026-01-30", None),
        besides((HERE, not_taken_up("2026-01-08")), "2026-02-01", None),
        besides((HERE, Late(dispatched("2026-01-06"), "2026-01-06", imported=True)), "2026-02-01", None),
    ),
    "objection-late": (
        fires((HERE, dispatched("2026-02-12"), objection("2026-02-27")), "2026-03-01", "2026-02-27"),
        not_yet((HERE, dispatched("2026-02-12"), objection("2026-02-26")), "2026-03-01"),
        on_the_day((*SENT, objection("2026-01-20")), "2026-01-20"),
        paused((*SENT, *STOPPED, objection("2026-01-20")), "2026-02-01", "2026-01-20"),
        late((*SENT, Late(objection("2026-01-12"), "2026-02-01")), "2026-02-01", None),
        policy((*SENT, objection("2026-01-20")), "2026-02-01", None, enabled=False),
        besides((*SENT, objection("2026-01-07", reason="")), "2026-01-08", "2026-01-07"),
        besides((*SENT, objection("2026-01-12"), objected("2026-01-20")), "2026-02-01", None),
        besides((*SENT, objection("2026-01-20"), objection_declined("2026-01-21")), "2026-01-21", None),
        besides((*SENT, objection("2026-01-20"), dispatched("2026-01-21", BUREAU)), "2026-01-21", None),
        besides((*SENT, Late(objected("2026-01-20"), "2026-01-20", imported=True)), "2026-02-01", None),
    ),
    "overdue": (
        fires(TAKEN, "2026-04-01", "2026-03-12"),
        not_yet(TAKEN, "2026-03-11"),
        on_the_day(TAKEN, "2026-03-12"),
        paused((*TAKEN, *STOPPED), "2026-04-01", "2026-03-21"),
        late((*TAKEN, Late(reply("2026-03-05"), "2026-03-20")), "2026-03-20", None),
        policy(TAKEN, "2026-04-01", None, enabled=False),
        besides(SUGGESTS, "2026-04-01", None),
        besides(ACCUSES, "2026-04-01", None),
        besides(CLAIMS, "2026-04-01", "2026-03-12"),
        besides((*ACCUSES, closed("2026-02-01"), relapsed("2026-02-20")), "2026-06-01", None),
        besides((*TAKEN, routed("2026-02-01")), "2026-04-01", None),
        besides((*TAKEN, routed("2026-03-11")), "2026-04-01", None),
        besides((*TAKEN, routed("2026-03-12")), "2026-04-01", "2026-03-12"),  # another road, when the limit had passed
        besides((*TAKEN, routed("2026-03-01"), routed("2026-03-20", Route.LITIGATION)), "2026-04-01", None),
        besides((*TAKEN, routed("2026-03-20"), served("2026-03-25")), "2026-04-01", None),
        besides((*HALF, split("2026-03-01")), "2026-04-01", None),
        besides((*HALF, split("2026-03-20")), "2026-04-01", "2026-03-12"),  # the other half, when the limit had passed
        besides((*HALF, split("2026-03-01"), split("2026-03-20", Route.PETITION)), "2026-04-01", "2026-03-12"),
        besides((*HALF, split("2026-03-20"), served("2026-03-25", number="b", demands=(2,))), "2026-04-01", None),
        besides(
            (*SENT, told("2026-01-10")), "2026-04-01", "2026-03-12"
        ),  # told that it was taken up, and never accepted
        besides((*SENT, told("2026-01-10", "信访局")), "2026-04-01", None),
        besides((*SENT, told("2026-01-10", exempt=True)), "2026-04-01", None),
        besides((*ANSWERED, *REDO), "2026-05-09", None),
        besides((*ANSWERED, *REDO), "2026-06-01", "2026-05-10"),
        besides((*ANSWERED, *REDO, served("2026-04-01", number="b")), "2026-06-01", None),
        besides((*ANSWERED, extension("2026-02-01"), *REDO), "2026-06-01", "2026-05-10"),
        besides((*ACCUSES, routed("2026-03-20")), "2026-04-01", None),
        besides((TWO, accepted("2026-01-10"), split("2026-03-01"), routed("2026-03-20")), "2026-04-01", "2026-03-12"),
        besides((*HALF, split("2026-03-11")), "2026-04-01", None),
        besides(
            (THREE, *HALF[1:], THIRD_AWAY, split("2026-03-01"), split("2026-03-20", Route.PETITION)),
            "2026-04-01",
            "2026-03-12",
        ),
        besides((TWO, accepted("2026-01-10"), BOTH_AWAY), "2026-04-01", "2026-03-12"),  # and nobody was told of it
    ),
    "invalid-extension": (
        besides((*SUGGESTS, extension("2026-03-01", 31)), "2026-03-02", None),
        besides((*CLAIMS, extension("2026-03-01", 31)), "2026-03-02", "2026-03-01"),
        fires((*TAKEN, extension("2026-03-01", 31)), "2026-03-02", "2026-03-01"),
        not_yet((*TAKEN, extension("2026-03-01", 30)), "2026-03-02"),
        on_the_day((*TAKEN, extension("2026-03-12")), "2026-03-12"),
        paused((*TAKEN, *STOPPED, extension("2026-03-20")), "2026-03-22", None),
        late((*TAKEN, Late(extension("2026-03-01", told=False), "2026-03-08")), "2026-03-08", "2026-03-01"),
        policy((*TAKEN, extension("2026-03-01", 31)), "2026-03-02", None, enabled=False),
        besides((*TAKEN, extension("2026-02-01", 10), extension("2026-03-01", 10)), "2026-03-02", "2026-03-01"),
        besides((*TAKEN, extension("2026-03-01", 31), reply("2026-03-05")), "2026-03-05", None),
        besides(
            (*TAKEN, extension("2026-01-20", 31), closed("2026-02-01"), relapsed("2026-02-02")), "2026-02-03", None
        ),
    ),
    "last-day-extension": (
        besides((*ACCUSES, report("2026-02-01"), extension("2026-03-10")), "2026-03-20", None),
        fires((*TAKEN, report("2026-02-01"), extension("2026-03-10")), "2026-03-20", "2026-03-10"),
        not_yet((*TAKEN, extension("2026-03-08")), "2026-03-20"),
        on_the_day((*TAKEN, extension("2026-03-11")), "2026-03-11"),
        paused((*TAKEN, *STOPPED, extension("2026-03-11")), "2026-03-20", None),
        late((*TAKEN, extension("2026-03-11"), Late(visit("2026-02-01"), "2026-03-20")), "2026-03-20", None),
        policy((*TAKEN, extension("2026-03-08")), "2026-03-20", "2026-03-08", days=4),
        besides((*TAKEN, extension("2026-03-11"), visit("2026-03-12")), "2026-03-20", "2026-03-11"),
        besides((*TAKEN, meeting("2026-02-01", decides=False), extension("2026-03-10")), "2026-03-20", "2026-03-10"),
        besides((*TAKEN, meeting("2026-02-01"), extension("2026-03-10")), "2026-03-20", None),
    ),
    "clock-reset": (
        fires(
            (HERE, assigned("2026-01-06", "2026-02-01"), assigned("2026-01-20", "2026-03-01")),
            "2026-02-05",
            "2026-01-20",
        ),
        not_yet((HERE, assigned("2026-01-06", "2026-02-01"), assigned("2026-01-20", "2026-02-01")), "2026-02-05"),
        on_the_day((*TAKEN, accepted("2026-02-01")), "2026-02-01"),
        paused((*TAKEN, *STOPPED, accepted("2026-02-01")), "2026-02-02", "2026-02-01"),
        late((*TAKEN, Late(accepted("2026-01-20"), "2026-02-01")), "2026-02-01", "2026-01-20"),
        policy((*TAKEN, accepted("2026-02-01")), "2026-02-02", None, enabled=False),
        besides((*TAKEN, dispatched("2026-01-12", BUREAU), accepted("2026-01-13", BUREAU)), "2026-02-01", None),
        besides((*TAKEN, taken_in("2026-02-01", "2025-09-01", "2026-01-20")), "2026-02-01", "2026-02-01"),
        besides((*TAKEN, taken_in("2026-02-01", "2026-01-05")), "2026-02-01", None),
        besides((HERE, Late(taken_in("2026-01-20", "2025-09-01"), "2026-02-01")), "2026-02-01", "2026-01-20"),
        besides(
            (
                HERE,
                assigned("2026-01-06", "2026-03-01"),
                assigned("2026-01-10", "2026-02-01", with_case="case-2"),
                assigned("2026-01-20", "2026-03-01", with_case="case-2"),
            ),
            "2026-01-21",
            None,
        ),
        besides((*TAKEN, taken_in("2026-02-01", "2025-09-01"), closed("2026-02-05")), "2026-02-06", None),
        besides(
            (*TAKEN, taken_in("2026-02-01", "2025-09-01"), closed("2026-02-05"), relapsed("2026-02-10")),
            "2026-02-11",
            None,
        ),
        besides((*TAKEN, closed("2026-02-01"), relapsed("2026-02-05"), accepted("2026-02-06")), "2026-02-07", None),
        besides(
            (HERE, assigned("2026-01-06", "2026-02-01"), assigned("2026-01-20", "2026-03-01", BUREAU)),
            "2026-02-05",
            None,
        ),
        besides((HERE, assigned("2026-01-06", "2026-02-01"), dispatched("2026-01-20")), "2026-02-05", "2026-01-20"),
        besides((*SENT, told("2026-01-10"), accepted("2026-01-25")), "2026-03-05", None),
        besides((*SENT, told("2026-01-10"), accepted("2026-01-26")), "2026-03-05", "2026-01-26"),  # told weeks before
        besides((*SENT, told("2026-01-10", "信访局"), accepted("2026-03-01")), "2026-03-05", None),
        besides(
            (HERE, assigned("2026-01-06", "2026-02-01"), ruled("2026-01-20"), dispatched("2026-01-20")),
            "2026-02-05",
            None,
        ),
        besides((*SENT, told("2026-01-10", exempt=True), accepted("2026-03-01")), "2026-03-05", None),
        besides(
            (*SENT, Late(told("2026-01-10"), "2026-01-11", imported=True), accepted("2026-03-01")), "2026-03-05", None
        ),
        besides(
            (*SENT, told("2026-01-10"), Late(accepted("2026-03-01"), "2026-03-02", imported=True)), "2026-03-05", None
        ),
    ),
    "assigned-overdue": (
        fires((HERE, assigned("2026-01-06", "2026-02-05")), "2026-03-01", "2026-02-06"),
        not_yet((HERE, assigned("2026-01-06", "2026-02-05")), "2026-02-05"),
        on_the_day((HERE, assigned("2026-01-06", "2026-02-05")), "2026-02-06"),
        paused((HERE, assigned("2026-01-06", "2026-02-05"), *STOPPED), "2026-03-01", "2026-02-16"),
        late(
            (HERE, assigned("2026-01-06", "2026-02-05"), Late(report("2026-02-01"), "2026-02-10")), "2026-02-10", None
        ),
        policy((HERE, assigned("2026-01-06", "2026-02-05")), "2026-03-01", None, enabled=False),
        besides((HERE, assigned("2026-01-06", "2026-02-05"), report("2026-01-07")), "2026-03-01", "2026-02-08"),
        besides((HERE, assigned("2026-01-06", "2026-02-05"), report("2026-01-20")), "2026-02-20", None),
        besides((HERE, assigned("2026-01-06", "2026-02-05"), report("2026-01-20")), "2026-02-21", "2026-02-21"),
        besides(
            (HERE, assigned("2026-01-06", "2026-02-05"), report("2026-01-20"), report("2026-02-20")), "2026-03-23", None
        ),
        besides(
            (HERE, assigned("2026-01-06", "2026-02-05"), closed("2026-02-01"), relapsed("2026-06-01")),
            "2026-06-02",
            None,
        ),
        besides((HERE, assigned("2026-01-06", "2026-02-05"), asked_to_close("2026-02-20")), "2026-02-20", None),
        besides((HERE, report("2026-01-05"), assigned("2026-01-06", "2026-02-05")), "2026-03-01", "2026-02-06"),
        besides(
            (HERE, assigned("2026-01-06", "2026-02-05"), ruled("2026-01-20"), dispatched("2026-01-20")),
            "2026-03-01",
            "2026-02-06",  # a ruling that leaves it where it was takes no day back
        ),
        besides(
            (HERE, assigned("2026-01-06", "2026-02-05"), objected("2026-01-12"), *RULED),
            "2026-03-01",
            None,
        ),
        besides(SENT, "2026-03-01", None),
        besides(
            (
                HERE,
                assigned("2026-01-06", "2026-02-05", with_case="case-2"),
                dispatched("2026-01-20").model_copy(update={"with_case": "case-2"}),
            ),
            "2026-03-01",
            None,
        ),
        besides(
            (HERE, assigned("2026-01-06", "2026-02-05"), ruled("2026-01-20", BUREAU), dispatched("2026-01-20", BUREAU)),
            "2026-03-01",
            None,
        ),
        besides(  # another unit had sent it back
            (HERE, assigned("2026-01-06", "2026-02-05"), objected("2026-01-12", BUREAU), *RULED),
            "2026-03-01",
            "2026-02-06",
        ),
        besides(  # before it was assigned
            (*SENT, objected("2026-01-07"), assigned("2026-01-08", "2026-02-05"), *RULED), "2026-03-01", "2026-02-06"
        ),
    ),
}
