"""办结反弹 and 推诿退转: closings that settled nothing, and cases that nobody takes."""

import pytest

from services.supervision.queries import dossier_of
from services.supervision.rules.closing import SIX_HAVES
from services.supervision.rules.coming_back import returns
from shared.events import Fact
from shared.standard import Standard
from shared.terms import EndGround, VisitKind
from tests.sample import (
    BUREAU,
    OTHER,
    TOWN,
    accepted,
    closed,
    dispatched,
    extension,
    leader,
    objected,
    plan,
    registered,
    relapsed,
    repeat,
    replaced,
    report,
    unlinked,
    visit,
)
from tests.supervision.deeds import came_in, ended, paper, taken_in, taken_out
from tests.supervision.lives import Late, Row, as_known, history, judged, overlay, since

HERE = registered("2026-01-05")
CLOSED = (HERE, closed("2026-02-01"))
BACK = (*CLOSED, relapsed("2026-02-20"))
DAILY = [report(f"2026-02-{n}") for n in range(21, 29)]

SENT_BACK = (HERE, dispatched("2026-01-10"), objected("2026-01-12"), dispatched("2026-01-14", BUREAU))
PASSED_ON = (HERE, dispatched("2026-01-10"), dispatched("2026-01-12", BUREAU), dispatched("2026-01-14", OTHER))

RELAPSE: dict[str, Row] = {
    "a relapse shows on its day": (BACK, "2026-02-20", "2026-02-20"),
    "not the day before": (BACK, "2026-02-19", None),
    "so does a repeat petition that nobody reports as one, though the case is closed": (
        (*CLOSED, repeat("2026-02-25")),
        "2026-02-25",
        "2026-02-25",
    ),
    "on the 180th day after closing": ((*CLOSED, repeat("2026-07-31")), "2026-07-31", "2026-07-31"),
    "not on the 181st": ((*CLOSED, repeat("2026-08-01")), "2026-08-01", None),
    "never closed, never back": ((HERE, repeat("2026-01-20")), "2026-02-20", None),
    "a repeat before the closing is answered by it": ((*CLOSED, repeat("2026-01-20")), "2026-02-20", None),
    "so is one on the day of the closing": ((*CLOSED, repeat("2026-02-01")), "2026-02-20", None),
    "a repeat while the case is open again is none": (
        (*BACK, visit("2026-02-21"), repeat("2026-02-25")),
        "2026-02-25",
        None,
    ),
    "it holds since the matter first came back": ((*BACK, repeat("2026-02-10")), "2026-03-01", "2026-02-10"),
    "the remedy ends it": ((*BACK, plan("2026-03-01")), "2026-03-01", None),
    "a return visit ends it, the case staying closed": (
        (*CLOSED, repeat("2026-02-25"), visit("2026-03-01", kind=VisitKind.RETURN)),
        "2026-03-01",
        None,
    ),
    "reports, other leaders and extensions do not": (
        (*BACK, *DAILY, leader("2026-02-21"), replaced("2026-02-22"), extension("2026-02-23")),
        "2026-03-01",
        "2026-02-20",
    ),
    "closing again, with nothing done, is no remedy": ((*BACK, closed("2026-03-01")), "2026-03-01", "2026-02-20"),
    "what was done before closing again is": ((*BACK, visit("2026-02-25"), closed("2026-03-01")), "2026-03-01", None),
    "and it may come back again": (
        (*BACK, visit("2026-02-25"), closed("2026-03-01"), relapsed("2026-03-05")),
        "2026-03-05",
        "2026-03-05",
    ),
    "what was remedied may come back again": (
        (*CLOSED, repeat("2026-02-10"), visit("2026-02-12", kind=VisitKind.RETURN), repeat("2026-02-20")),
        "2026-02-20",
        "2026-02-20",
    ),
    "a closed case is quiet": (CLOSED, "2026-03-01", None),
}

PING_PONG: dict[str, Row] = {
    "fires on the day of the second return": ((*SENT_BACK, objected("2026-01-16", BUREAU)), "2026-01-16", "2026-01-16"),
    "not on the day before": ((*SENT_BACK, objected("2026-01-16", BUREAU)), "2026-01-15", None),
    "one return and the dispatch that answers it are one move": (SENT_BACK, "2026-03-01", None),
    "the first dispatch is none": ((HERE, dispatched("2026-01-10", BUREAU)), "2026-03-01", None),
    "passing it on twice without a word is two": (PASSED_ON, "2026-01-14", "2026-01-14"),
    "sending it to the same unit again is none": (
        (HERE, dispatched("2026-01-10"), dispatched("2026-01-12"), dispatched("2026-01-14")),
        "2026-03-01",
        None,
    ),
    "an acceptance ends it, on the day of the last move": (
        (*PASSED_ON, accepted("2026-01-14", OTHER)),
        "2026-01-14",
        None,
    ),
    "an acceptance of before does not": ((*PASSED_ON, accepted("2026-01-11")), "2026-01-14", "2026-01-14"),
    "reports and leaders do not": (
        (*PASSED_ON, report("2026-01-15"), leader("2026-01-16"), extension("2026-01-17")),
        "2026-01-20",
        "2026-01-14",
    ),
    "a closed case is quiet": ((*PASSED_ON, closed("2026-01-20")), "2026-01-20", None),
    "a relapse begins the count anew": (
        (*PASSED_ON, closed("2026-01-20"), relapsed("2026-02-01"), dispatched("2026-02-02")),
        "2026-03-01",
        None,
    ),
    "and it may come to as much again": (
        (*PASSED_ON, closed("2026-01-20"), relapsed("2026-02-01"), dispatched("2026-02-02"), objected("2026-02-04")),
        "2026-03-01",
        "2026-02-04",
    ),
}

ROWS = [
    pytest.param(rule, *row, id=f"{rule}: {name}")
    for rule, table in (("relapse", RELAPSE), ("ping-pong", PING_PONG))
    for name, row in table.items()
]


@pytest.mark.parametrize(("rule", "facts", "today", "shows_since"), ROWS)
def test_the_table(standard: Standard, rule: str, facts: tuple[Fact, ...], today: str, shows_since: str | None) -> None:
    assert since(standard, rule, facts, today) == shows_since


def test_another_policy_gives_other_days_and_other_times(standard: Standard) -> None:
    strict = overlay(standard, "relapse", days=5)
    assert since(strict, "relapse", (*CLOSED, repeat("2026-02-06")), "2026-03-01") == "2026-02-06"
    assert since(strict, "relapse", (*CLOSED, repeat("2026-02-07")), "2026-03-01") is None
    once = overlay(standard, "ping-pong", times=1)
    assert since(once, "ping-pong", (HERE, dispatched("2026-01-10"), objected("2026-01-12")), "2026-01-12")


@pytest.mark.parametrize("rule", ["relapse", "ping-pong"])
def test_a_rule_that_the_policy_does_not_use_finds_nothing(standard: Standard, rule: str) -> None:
    off = overlay(standard, rule, enabled=False)
    facts = (*BACK, dispatched("2026-02-21"), objected("2026-02-22"), objected("2026-02-23"))
    assert since(standard, rule, facts, "2026-03-01")
    assert since(off, rule, facts, "2026-03-01") is None


def test_a_closing_recorded_late_makes_a_repeat_a_relapse(standard: Standard) -> None:
    facts = (HERE, repeat("2026-02-10"), Late(closed("2026-02-01"), "2026-02-20"))
    assert not as_known(standard, "relapse", facts, "2026-02-19")
    assert as_known(standard, "relapse", facts, "2026-02-20")


def test_a_remedy_recorded_late_ends_it(standard: Standard) -> None:
    facts = (*BACK, Late(visit("2026-02-21"), "2026-03-10"))
    assert as_known(standard, "relapse", facts, "2026-03-09")
    assert not as_known(standard, "relapse", facts, "2026-03-10")


def test_an_acceptance_recorded_late_ends_the_ping_pong(standard: Standard) -> None:
    facts = (*PASSED_ON, Late(accepted("2026-01-15", OTHER), "2026-01-30"))
    assert as_known(standard, "ping-pong", facts, "2026-01-29")
    assert not as_known(standard, "ping-pong", facts, "2026-01-30")


def test_the_sentences_say_what_the_official_has_to_know(standard: Standard) -> None:
    assert (
        judged(standard, "relapse", BACK, "2026-03-01").zh
        == "2026-02-01 办结，19 天后（2026-02-20）出现反弹，此后未见补救"
    )
    assert judged(standard, "relapse", (*CLOSED, repeat("2026-02-25")), "2026-03-01").zh == (
        "2026-02-01 办结，24 天后（2026-02-25）出现重复信访，此后未见补救"
    )
    assert judged(standard, "relapse", (HERE,), "2026-03-01").zh == "从未办结"
    assert judged(standard, "relapse", CLOSED, "2026-03-01").zh == "2026-02-01 办结后没有再次出现"
    assert judged(standard, "relapse", (*CLOSED, repeat("2026-08-20")), "2026-09-01").zh == (
        "办结 200 天后才再次出现，已过 180 日"
    )
    assert judged(standard, "relapse", (*BACK, plan("2026-03-01")), "2026-03-02").zh == (
        "再次出现后，2026-03-01 已有一案一策"
    )
    bounced = (*SENT_BACK, dispatched("2026-01-20", OTHER))
    verdict = judged(standard, "ping-pong", bounced, "2026-02-01")
    assert verdict.zh == "案件已被退回、转办 2 次，至今无单位受理"
    assert [e.why_zh for e in verdict.counted] == [f"{TOWN}退回", f"由{BUREAU}转到{OTHER}"]
    assert judged(standard, "ping-pong", SENT_BACK, "2026-02-01").zh == "被退回、转办 1 次"
    assert judged(standard, "ping-pong", (HERE,), "2026-02-01").zh == "没有被退回或转办"
    assert judged(standard, "ping-pong", (*bounced, accepted("2026-01-21", OTHER)), "2026-02-01").zh == (
        f"退转之后，{OTHER}已受理"
    )


CAME = repeat("2026-02-20")
OTHERS = taken_in("2026-03-01", "2026-02-20")
OVER = ended("2026-02-10", EndGround.FINAL_REVIEW)
RETURNS: dict[str, tuple[tuple[Fact | Late, ...], list[tuple[str, str]]]] = {
    "on the 180th day": ((*CLOSED, repeat("2026-07-31")), [("2026-02-01", "2026-07-31")]),
    "on the 181st": ((*CLOSED, repeat("2026-08-01")), []),
    "so late, and again": ((*CLOSED, repeat("2026-08-01"), repeat("2026-08-02")), []),
    "twice after one closing": ((*CLOSED, CAME, repeat("2026-02-21")), [("2026-02-01", "2026-02-20")]),
    "after each of two": (
        (*BACK, closed("2026-03-01"), repeat("2026-03-05")),
        [("2026-02-01", "2026-02-20"), ("2026-03-01", "2026-03-05")],
    ),
    "something was done about it": ((*BACK, visit("2026-02-20")), [("2026-02-01", "2026-02-20")]),
    "it had been ended before": ((*CLOSED, OVER, CAME), []),
    "it was ended afterwards": ((*BACK, ended("2026-03-10", EndGround.FINAL_REVIEW)), [("2026-02-01", "2026-02-20")]),
    "linked by mistake": ((*CLOSED, CAME, unlinked("2026-02-25", CAME)), []),
    "another one was": ((*CLOSED, CAME, unlinked("2026-02-25", repeat("2026-02-21"))), [("2026-02-01", "2026-02-20")]),
    "taken in with another case": ((*CLOSED, OTHERS), [("2026-02-01", "2026-03-01")]),
    "and taken out again": ((*CLOSED, OTHERS, taken_out("2026-03-05")), []),
    "and taken in once more": (
        (*CLOSED, OTHERS, taken_out("2026-03-05"), taken_in("2026-03-10", "2026-02-25")),
        [("2026-02-01", "2026-03-10")],
    ),
    "the closing was entered long after its day": (
        (HERE, Late(closed("2026-02-01"), "2026-05-01"), repeat("2026-08-10")),
        [("2026-02-01", "2026-08-10")],
    ),
    "never closed": ((HERE, CAME), []),
}


@pytest.mark.parametrize(("facts", "back"), RETURNS.values(), ids=RETURNS.keys())
def test_what_is_looked_into(facts: tuple[Fact | Late, ...], back: list[tuple[str, str]]) -> None:
    """Each closing and the first sign that the matter was back, of which an inquiry starts."""
    found = returns(dossier_of(history(*facts)), 180)
    assert [(str(closing.on), str(sign.on)) for closing, sign in found] == back


def test_what_was_taken_back_is_named_as_left_out(national: Standard) -> None:
    mistaken = (*CLOSED, CAME, unlinked("2026-02-25", CAME))
    for facts, shows in ((mistaken, False), ((*mistaken, repeat("2026-02-26")), True)):
        said = judged(national, "relapse", facts, "2026-03-01")
        assert (said.shows, [one.type for one in said.ignored]) == (shows, ["RepeatPetitionLinked"])


def test_what_came_back_before_the_closing_was_entered_came_back_at_once(national: Standard) -> None:
    facts = (HERE, Late(closed("2026-02-01"), "2026-05-01"), repeat("2026-03-01"))
    said = judged(national, "relapse", facts, "2026-05-02")
    assert said.arithmetic == ("2026-03-01 → 2026-03-01 = 0 日 ≤ 180 日 / 0 days ≤ 180",)


def test_papers_that_are_said_to_lie_elsewhere_are_named(national: Standard) -> None:
    """Nobody is accused of a paper archive; whoever goes there is told which papers nobody here has seen."""
    six = [paper("2026-01-20", kind) for kinds in SIX_HAVES.values() for kind in kinds]
    came = [came_in("2026-01-20", one.sha256) for one in six]
    for heard, named in ((came, []), (came[1:], [six[0]]), ([], six)):
        said = judged(national, "six-haves-missing", (*CLOSED, *six, *heard), "2026-03-01")
        assert (said.shows, len(said.counted)) == (False, len(named))
