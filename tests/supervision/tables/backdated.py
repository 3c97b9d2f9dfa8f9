"""Worked cases of what is entered when a limit of the law had passed, as done within it (B6)."""

from shared.terms import Purpose, ReviewVerdict, Route
from tests.sample import (
    BUREAU,
    accepted,
    closed,
    dispatched,
    extension,
    registered,
    relapsed,
    resumed,
    routed,
    stopped,
)
from tests.supervision.deeds import (
    contested,
    decided,
    not_taken_up,
    served,
    told,
    why_late,
)
from tests.supervision.lives import Late
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

HERE = registered("2026-01-05")
STOPPED = (stopped("2026-01-10"), resumed("2026-01-20"))
ACCEPTED = (HERE, accepted("2026-01-10"))
"""Due on 2026-03-11."""
REDO = (*ACCEPTED, served("2026-02-01"), contested("2026-02-10"), decided("2026-03-10", ReviewVerdict.QUASHED))
"""Due anew on 2026-05-09."""
BACK = (*ACCEPTED, closed("2026-02-01"), relapsed("2026-03-01"))
"""Due anew on 2026-04-30."""
HALF = (
    HERE.model_copy(update={"demands": ("补偿", "道歉")}),
    accepted("2026-01-10"),
    served("2026-02-01", demands=(1,)),
)
REST = served("2026-03-10", number="b", demands=(2,))
SPLIT = routed("2026-03-01").model_copy(update={"demands": (2,)})
SENT = (HERE, dispatched("2026-01-06"))
SUGGESTS = HERE.model_copy(update={"purpose": Purpose.SUGGESTION})

BACKDATED: dict[str, tuple[Worked, ...]] = {
    "met-afterwards": (
        fires((HERE, Late(dispatched("2026-01-10"), "2026-02-01")), "2026-03-01", "2026-02-01"),
        not_yet((HERE, Late(dispatched("2026-01-10"), "2026-01-20")), "2026-03-01"),
        on_the_day((HERE, Late(told("2026-01-10"), "2026-02-01")), "2026-02-01"),
        paused((*ACCEPTED, *STOPPED, Late(extension("2026-03-10"), "2026-03-20")), "2026-03-25", None),
        late((HERE, Late(dispatched("2026-01-10"), "2026-02-01")), "2026-01-31", None),
        policy((HERE, Late(dispatched("2026-01-10"), "2026-02-01")), "2026-03-01", None, days=23),
        besides((*ACCEPTED, Late(extension("2026-03-10"), "2026-03-20")), "2026-03-25", "2026-03-20"),
        besides((*ACCEPTED, Late(served("2026-03-10"), "2026-03-20")), "2026-03-25", "2026-03-20"),
        besides((*ACCEPTED, extension("2026-03-01"), Late(served("2026-03-10"), "2026-03-20")), "2026-03-25", None),
        besides((*ACCEPTED, served("2026-03-01"), Late(served("2026-03-10"), "2026-03-20")), "2026-03-25", None),
        besides((*ACCEPTED, Late(stopped("2026-03-01"), "2026-03-20")), "2026-03-25", "2026-03-20"),
        besides((*ACCEPTED, Late(stopped("2026-02-01"), "2026-02-20")), "2026-03-25", None),
        besides(
            (*ACCEPTED, Late(stopped("2026-03-01"), "2026-03-19"), Late(served("2026-03-10"), "2026-03-20")),
            "2026-03-25",
            "2026-03-19",
        ),
        besides((*ACCEPTED, Late(routed("2026-03-01"), "2026-03-20")), "2026-03-25", "2026-03-20"),
        besides((*ACCEPTED, Late(routed("2026-03-01", Route.PETITION), "2026-03-20")), "2026-03-25", None),
        besides((*ACCEPTED, Late(routed("2026-02-01"), "2026-02-20")), "2026-03-25", None),
        besides((HERE, Late(dispatched("2026-01-21"), "2026-02-01")), "2026-03-01", None),  # late, and said to be
        besides(
            (HERE, dispatched("2026-01-10"), Late(dispatched("2026-01-12", BUREAU), "2026-02-01")), "2026-03-01", None
        ),
        besides((HERE, Late(dispatched("2026-01-10"), "2026-02-01", imported=True)), "2026-03-01", None),
        besides((HERE, Late(dispatched("2026-01-10"), "2026-02-01"), why_late("2026-02-01")), "2026-03-01", None),
        *(
            besides(
                (HERE, Late(dispatched("2026-01-10"), "2026-02-01"), why_late("2026-02-01", of, until)),
                "2026-03-01",
                since,
            )
            for of, until, since in (
                ("2026-01-10", "", None),
                ("2026-01-04", "2026-01-10", None),
                ("2026-01-11", "2026-01-31", "2026-02-01"),  # given for another deed
                ("2026-01-04", "2026-01-09", "2026-02-01"),
            )
        ),
        besides(
            (*ACCEPTED, contested("2026-03-01"), Late(decided("2026-03-20"), "2026-04-10")), "2026-04-11", "2026-04-10"
        ),
        besides((*REDO, Late(served("2026-05-01", number="b"), "2026-05-20")), "2026-05-25", "2026-05-20"),
        besides((*REDO, Late(served("2026-04-29", number="b"), "2026-05-09")), "2026-05-25", None),
        besides((*REDO, Late(extension("2026-05-01"), "2026-05-20")), "2026-05-25", "2026-05-20"),
        besides(
            (*REDO, extension("2026-05-01"), Late(served("2026-05-02", number="b"), "2026-05-20")), "2026-05-25", None
        ),
        besides(
            (*REDO, served("2026-04-01", number="b"), Late(served("2026-05-01", number="c"), "2026-05-20")),
            "2026-05-25",
            None,
        ),
        besides(  # nobody could know by then that it is to be given anew
            (
                *REDO[:-1],
                Late(decided("2026-03-20", ReviewVerdict.QUASHED), "2026-06-01"),
                Late(served("2026-05-01", number="b"), "2026-05-20"),
            ),
            "2026-06-02",
            None,
        ),
        besides(  # closed once more
            (*BACK, Late(served("2026-04-01"), "2026-05-20"), closed("2026-05-21")), "2026-05-25", "2026-05-20"
        ),
        besides((*BACK, Late(served("2026-01-20"), "2026-05-20")), "2026-05-25", "2026-05-20"),  # of the first round
        besides(
            (HERE, dispatched("2026-01-06"), told("2026-01-10"), Late(served("2026-03-01"), "2026-03-20")),
            "2026-03-25",
            "2026-03-20",
        ),
        besides((SUGGESTS, accepted("2026-01-10"), Late(served("2026-03-10"), "2026-03-20")), "2026-03-25", None),
        besides((SUGGESTS, accepted("2026-01-10"), Late(stopped("2026-03-10"), "2026-03-20")), "2026-03-25", None),
        besides((*ACCEPTED, served("2026-03-01"), Late(extension("2026-03-05"), "2026-03-20")), "2026-03-25", None),
        besides((*ACCEPTED, extension("2026-03-01"), Late(extension("2026-03-05"), "2026-05-20")), "2026-05-25", None),
        besides(  # to have stopped once in good faith excuses no other stop
            (*ACCEPTED, stopped("2026-02-01"), resumed("2026-02-05"), Late(stopped("2026-03-01"), "2026-03-20")),
            "2026-03-25",
            "2026-03-20",
        ),
        besides(
            (*ACCEPTED, routed("2026-02-01"), Late(routed("2026-03-01", Route.LITIGATION), "2026-03-20")),
            "2026-03-25",
            None,
        ),
        besides(
            (
                *ACCEPTED,
                routed("2026-02-01"),
                routed("2026-02-03", Route.PETITION),
                Late(routed("2026-03-01"), "2026-03-20"),
            ),
            "2026-03-25",
            "2026-03-20",
        ),
        besides((*ACCEPTED, routed("2026-02-01"), Late(stopped("2026-03-01"), "2026-03-20")), "2026-03-25", None),
        besides(  # what was stopped afterwards did not stand still for the review
            (
                *ACCEPTED,
                contested("2026-03-01"),
                Late(stopped("2026-03-10"), "2026-04-11"),
                Late(decided("2026-03-20"), "2026-04-10"),
            ),
            "2026-04-12",
            "2026-04-10",
        ),
        besides(  # nor is the second round's reply one to the first
            (*BACK, served("2026-03-10"), Late(served("2026-01-20", number="b"), "2026-05-20")),
            "2026-05-25",
            "2026-05-20",
        ),
        besides(
            (
                *BACK,
                served("2026-03-10"),
                closed("2026-03-20"),
                relapsed("2026-05-01"),
                Late(served("2026-01-20", number="b"), "2026-07-20"),
            ),
            "2026-07-25",
            "2026-07-20",
        ),
        besides(
            (*BACK, closed("2026-03-20"), relapsed("2026-05-01"), Late(served("2026-06-01"), "2026-07-20")),
            "2026-07-25",
            "2026-07-20",
        ),
        besides(  # a stop of the first round ended with it
            (
                *ACCEPTED,
                stopped("2026-01-15"),
                closed("2026-02-01"),
                relapsed("2026-03-01"),
                Late(served("2026-04-01"), "2026-05-20"),
            ),
            "2026-05-25",
            "2026-05-20",
        ),
        besides(  # quashed twice: from the last
            (
                *REDO,
                served("2026-03-20", number="b"),
                contested("2026-03-25"),
                decided("2026-04-10", ReviewVerdict.QUASHED),
                Late(served("2026-05-20", number="c"), "2026-07-01"),
            ),
            "2026-07-05",
            "2026-07-01",
        ),
        besides(  # upheld: nothing runs anew
            (*ACCEPTED, contested("2026-02-10"), decided("2026-03-08"), Late(served("2026-04-01"), "2026-05-20")),
            "2026-05-25",
            None,
        ),
        besides((*SENT, told("2026-01-10", "信访局"), Late(served("2026-03-01"), "2026-03-20")), "2026-03-25", None),
        besides((*SENT, told("2026-01-10", exempt=True), Late(served("2026-03-01"), "2026-03-20")), "2026-03-25", None),
        besides(
            (*SENT, Late(told("2026-01-10"), "2026-01-11", imported=True), Late(served("2026-03-01"), "2026-03-20")),
            "2026-03-25",
            None,
        ),
        besides(  # that it had been told, nobody could know by then
            (*SENT, Late(told("2026-01-10"), "2026-05-01"), Late(served("2026-03-01"), "2026-03-20")),
            "2026-05-02",
            "2026-05-01",
        ),
        besides(  # told that it was taken up, and accepted after the reply is said to have been served
            (*SENT, told("2026-01-10"), accepted("2026-03-05"), Late(served("2026-03-01"), "2026-03-20")),
            "2026-03-25",
            "2026-03-20",
        ),
        besides((HERE, not_taken_up("2026-01-10"), Late(dispatched("2026-01-12"), "2026-02-01")), "2026-03-01", None),
        besides((HERE, accepted("2026-01-10"), Late(dispatched("2026-01-12"), "2026-02-01")), "2026-03-01", None),
        besides((*HALF, Late(REST, "2026-03-20")), "2026-03-25", "2026-03-20"),  # the rest of an answer
        besides((*HALF, Late(served("2026-03-10", number="b", demands=(1,)), "2026-03-20")), "2026-03-25", None),
        besides((*HALF, REST, Late(extension("2026-03-05"), "2026-03-20")), "2026-03-25", None),
        besides((*HALF, Late(SPLIT, "2026-03-20")), "2026-03-25", "2026-03-20"),  # the rest takes another road
        besides((*HALF, SPLIT, Late(REST, "2026-03-20")), "2026-03-25", None),
        besides(  # to send it elsewhere afterwards takes nothing back
            (*ACCEPTED, Late(served("2026-03-10"), "2026-03-20"), routed("2026-03-22")), "2026-03-25", "2026-03-20"
        ),
    ),
}
