"""超期: the time limit of Art 34, and which extensions of it count."""

import pytest

from services.casework.domain import casework
from services.casework.domain.acceptance import ApproveExtension
from shared.decider import Rejected, fold, obey
from shared.events import Fact, Official
from shared.standard import Standard
from shared.terms import ReviewVerdict, Route
from tests.sample import (
    BUREAU,
    TOWN,
    accepted,
    closed,
    day,
    dispatched,
    extension,
    leader,
    merged,
    plan,
    registered,
    relapsed,
    reply,
    report,
    resumed,
    routed,
    stopped,
    unmerged,
    visit,
)
from tests.spec import asked, recorded
from tests.supervision.deeds import contested, decided, told
from tests.supervision.lives import Late, Row, as_known, judged, rewritten, since, then_another

HERE = (registered("2026-01-05"), accepted("2026-01-10"))
"""Due on 2026-03-11; with a valid extension of 30 days on 2026-04-10."""
SHAM = (*HERE, extension("2026-01-20"), reply("2026-01-25"), closed("2026-02-01"), relapsed("2026-02-20"))
"""Due on 2026-04-21."""

TWO = HERE[0].model_copy(update={"demands": ("补偿", "道歉")})
HALF, OTHER_HALF = (reply(on).model_copy(update={"demands": (n,)}) for n, on in ((1, "2026-02-01"), (2, "2026-03-01")))

QUASHED = (*HERE, reply("2026-02-01"), contested("2026-02-10"), decided("2026-03-10", ReviewVerdict.QUASHED))
"""Due on 2026-05-09."""
TOLD = (HERE[0], dispatched("2026-01-06"), told("2026-01-08"))
"""Accepted by nobody who said so, and due on 2026-03-09."""

DAILY = [report(f"2026-03-{n:02}") for n in range(1, 12)]

OVERDUE: dict[str, Row] = {
    "fires on the day after the 60 days since acceptance": (HERE, "2026-03-12", "2026-03-12"),
    "not on the sixtieth day": (HERE, "2026-03-11", None),
    "what is not accepted has no limit": (HERE[:1], "2027-01-01", None),
    "what is only to be accepted has none yet": (HERE, "2026-01-09", None),
    "a reply ends it": ((*HERE, reply("2026-05-01")), "2026-05-01", None),
    "a reply to some of the demands does not": ((TWO, HERE[1], HALF), "2026-03-12", "2026-03-12"),
    "a demand that takes a road of its own is not waited for": (
        (TWO, HERE[1], routed("2026-01-20").model_copy(update={"demands": (2,)}), HALF),
        "2026-03-12",
        None,
    ),
    "a road of one demand takes nothing off the limit of the rest": (
        (TWO, HERE[1], routed("2026-01-20").model_copy(update={"demands": (2,)})),
        "2026-03-12",
        "2026-03-12",
    ),
    "a reply to the rest does": ((TWO, HERE[1], HALF, OTHER_HALF), "2026-03-12", None),
    "a reply that is only to come does not": ((*HERE, reply("2026-05-01")), "2026-04-30", "2026-03-12"),
    "daily reports, visits, plans and leaders do not": (
        (*HERE, *DAILY, visit("2026-02-01"), plan("2026-02-02"), leader("2026-02-03")),
        "2026-03-12",
        "2026-03-12",
    ),
    "a second acceptance does not start it anew": (
        (*HERE, dispatched("2026-02-01", BUREAU), accepted("2026-02-03", BUREAU)),
        "2026-03-12",
        "2026-03-12",
    ),
    "days on which the clock stood still do not count": (
        (*HERE, stopped("2026-02-01"), resumed("2026-02-11")),
        "2026-03-22",
        "2026-03-22",
    ),
    "not on the last day with those days": ((*HERE, stopped("2026-02-01"), resumed("2026-02-11")), "2026-03-21", None),
    "while the clock stands still there is no limit": ((*HERE, stopped("2026-02-01")), "2026-12-31", None),
    "a clock that is stopped after the limit saves nothing": (
        (*HERE, stopped("2026-03-12")),
        "2026-03-13",
        "2026-03-12",
    ),
    "an extension within the days that the stop added counts": (
        (*HERE, stopped("2026-02-01"), resumed("2026-02-11"), extension("2026-03-15")),
        "2026-04-20",
        None,
    ),
    "a matter on another road is not late by these days": ((*HERE, routed("2026-02-01")), "2026-12-31", None),
    "back on this road it is": (
        (*HERE, routed("2026-02-01"), routed("2026-03-01", Route.PETITION)),
        "2026-03-12",
        "2026-03-12",
    ),
    "a case that was merged goes on elsewhere": ((*HERE, merged("2026-02-01")), "2026-12-31", None),
    "a merge that was undone took nothing off its limit": (
        (*HERE, merged("2026-02-01"), unmerged("2026-03-15")),
        "2026-03-15",
        "2026-03-12",
    ),
    "a valid extension moves it": ((*HERE, extension("2026-03-01")), "2026-04-11", "2026-04-11"),
    "not on the last day of the extension": ((*HERE, extension("2026-03-01")), "2026-04-10", None),
    "a shorter one by as many days": ((*HERE, extension("2026-03-01", 10)), "2026-03-22", "2026-03-22"),
    "one approved on the last day counts": ((*HERE, extension("2026-03-11")), "2026-04-10", None),
    "one approved a day later does not": ((*HERE, extension("2026-03-12")), "2026-03-12", "2026-03-12"),
    "one that is too long does not": ((*HERE, extension("2026-03-01", 31)), "2026-03-12", "2026-03-12"),
    "one of which the person was not told does not": (
        (*HERE, extension("2026-03-01", told=False)),
        "2026-03-12",
        "2026-03-12",
    ),
    "a second one does not": (
        (*HERE, extension("2026-03-01", 10), extension("2026-03-02", 20)),
        "2026-03-22",
        "2026-03-22",
    ),
    "a second one does when the first was none": (
        (*HERE, extension("2026-03-01", 31), extension("2026-03-02", 20)),
        "2026-04-01",
        "2026-04-01",
    ),
    "a closed case is quiet": ((*HERE, closed("2026-03-01")), "2027-01-01", None),
    "a relapse starts the limit anew, without the extension of before": (SHAM, "2026-04-22", "2026-04-22"),
    "not on the sixtieth day after the relapse": (SHAM, "2026-04-21", None),
    "a reply of before the relapse does not end it": ((*SHAM, reply("2026-02-19")), "2026-04-22", "2026-04-22"),
    "the new round has an extension of its own": ((*SHAM, extension("2026-04-01")), "2026-05-22", "2026-05-22"),
    "a relapse starts it though nobody ever accepted the case": (
        (HERE[0], closed("2026-02-01"), relapsed("2026-02-20")),
        "2026-04-22",
        "2026-04-22",
    ),
}


@pytest.mark.parametrize(("facts", "today", "shows_since"), OVERDUE.values(), ids=OVERDUE.keys())
def test_the_table(standard: Standard, facts: tuple[Fact, ...], today: str, shows_since: str | None) -> None:
    assert since(standard, "overdue", facts, today) == shows_since


@pytest.mark.parametrize(
    ("invalid", "why"),
    [
        (extension("2026-03-12"), "期限 2026-03-11 届满后才批准"),
        (extension("2026-03-01", 31), "31 日，超过 30 日"),
        (extension("2026-03-01", told=False), "未向信访人告知理由"),
        (extension("2026-03-11", 20), "只能延期一次"),
    ],
)
def test_an_invalid_extension_is_ignored_with_the_reason(standard: Standard, invalid: Fact, why: str) -> None:
    first = extension("2026-02-01", 10)
    facts = (*HERE, first, invalid) if why == "只能延期一次" else (*HERE, invalid)
    verdict = judged(standard, "overdue", facts, "2026-04-12")
    assert [(e.type, e.why_zh) for e in verdict.ignored] == [("ExtensionApproved", why)]
    assert "（1 次延期无效，不计）" in verdict.zh


@pytest.mark.parametrize(
    ("approver", "reason", "imported", "says"),
    [
        (TOWN, "已告知", True, "有效延期；台账未载批准人，须由人核对"),
        (TOWN, "", True, "有效延期；台账未载批准人、理由，须由人核对"),
        ("王某", "", True, "有效延期；台账未载理由，须由人核对"),
        ("王某", "已告知", True, "有效延期"),
        (TOWN, "", False, "有效延期"),
    ],
)
def test_what_a_ledger_leaves_unsaid_of_an_extension_is_named_and_accuses_nobody(
    national: Standard, approver: str, reason: str, imported: bool, says: str
) -> None:
    official = Official(id=f"{TOWN}/{approver}", name=approver)
    granted = extension("2026-01-20").model_copy(update={"approved_by": official, "reason": reason})
    facts = (*HERE, Late(granted, "2026-01-25", imported=imported))
    valid = judged(national, "invalid-extension", facts, "2026-02-01")
    assert (valid.shows, [one.why_zh for one in valid.counted], valid.zh) == (False, [says], says)
    assert [one.why_zh for one in judged(national, "overdue", facts, "2026-04-10").counted][1:] == [says]
    assert since(national, "overdue", facts, "2026-04-11") == "2026-04-11"


def test_an_extension_recorded_late_counts_from_its_own_day(standard: Standard) -> None:
    """Approved in time, written down after: from then on the finding is gone, and the past shows what was known."""
    facts = (*HERE, Late(extension("2026-03-10"), "2026-03-20"))
    assert as_known(standard, "overdue", facts, "2026-03-19")
    assert not as_known(standard, "overdue", facts, "2026-03-20")
    assert as_known(standard, "overdue", facts, "2026-04-11")


def test_a_reply_recorded_late_ends_it(standard: Standard) -> None:
    facts = (*HERE, Late(reply("2026-03-05"), "2026-03-20"))
    assert as_known(standard, "overdue", facts, "2026-03-19")
    assert not as_known(standard, "overdue", facts, "2026-03-20")


def test_another_policy_gives_another_limit(standard: Standard) -> None:
    def change(policy):  # type: ignore[no-untyped-def]  # a policy in, a policy out
        handling = policy.limits.handling
        shorter = type(handling)(30, handling.unit, handling.start, handling.roll, handling.basis)
        return policy.model_copy(update={"limits": policy.limits.model_copy(update={"handling": shorter})})

    local = rewritten(standard, change)
    assert since(local, "overdue", HERE, "2026-02-09") is None
    assert since(local, "overdue", HERE, "2026-02-10") == "2026-02-10"


def test_a_case_is_held_to_the_limit_that_was_in_force_when_it_was_accepted(standard: Standard) -> None:
    """Found: casework granted extensions by the policy of acceptance, supervision judged them by today's."""
    newer = then_another(standard, day("2026-02-01"), "idle", days=31)
    limits = newer.policies[-1].limits
    strict = newer.policies[-1].model_copy(update={"limits": limits.model_copy(update={"extension_max": 10})})
    both = Standard((*standard.policies, strict), standard.calendar)
    old, new = (*HERE, extension("2026-03-01")), (HERE[0], accepted("2026-02-10"), extension("2026-03-01"))
    assert since(both, "overdue", old, "2026-04-10") is None
    assert since(both, "overdue", new, "2026-04-12") == "2026-04-12"
    assert judged(both, "overdue", new, "2026-04-12").counted[0].why_zh == "起算点，期限按 from-2026-02-01"


def test_a_pause_is_not_lost_when_another_policy_comes_into_force(standard: Standard) -> None:
    both = then_another(standard, day("2026-02-01"), "idle", days=31)
    paused = (*HERE, stopped("2026-01-20"), resumed("2026-01-30"))
    assert since(both, "overdue", paused, "2026-03-21") is None
    assert since(both, "overdue", paused, "2026-03-22") == "2026-03-22"
    assert since(both, "idle", paused, "2026-04-01") == since(both, "idle", paused, "2026-05-01") == "2026-02-16"


def test_what_casework_grants_supervision_counts_and_what_it_refuses_is_not_counted(standard: Standard) -> None:
    """The rule of Art 34 is written down twice, for the present and for claims: both have to say the same."""
    decider = casework(standard)
    for life in (HERE, SHAM, QUASHED, TOLD, (*HERE, extension("2026-02-15", told=False))):
        case = fold(decider, [recorded(fact, n) for n, fact in enumerate(life, 1)])
        for on in ("2026-03-01", "2026-03-11", "2026-03-12", "2026-04-21", "2026-04-22"):
            for days in (1, 30, 31):
                fact = extension(on, days)
                try:
                    obey(decider, case, ApproveExtension(**fact.model_dump()), asked())
                    granted = True
                except Rejected:
                    granted = False
                verdict = judged(standard, "overdue", (*life, fact), "2026-10-01")
                assert granted == any(e.type == "ExtensionApproved" and e.on == day(on) for e in verdict.counted)


def test_the_sentences_say_what_the_official_has_to_know(standard: Standard) -> None:
    assert judged(standard, "overdue", HERE, "2026-03-01").zh == "最迟应在 2026-03-11 办结"
    assert judged(standard, "overdue", HERE, "2026-03-21").zh == "办理期限 2026-03-11 已过 10 天，没有送达书面答复"
    assert judged(standard, "overdue", (*HERE, reply("2026-03-01")), "2026-03-21").zh == "已于 2026-03-01 送达答复"
    assert judged(standard, "overdue", HERE[:1], "2026-03-21").zh == "尚未受理，办理期限未起算"


def test_what_is_still_to_be_answered_is_named(standard: Standard) -> None:
    verdict = judged(standard, "overdue", (TWO, HERE[1], HALF), "2026-03-12")
    assert "第 2 项诉求没有送达书面答复" in verdict.zh
    assert "demand 2" in verdict.en
    assert [one.why_zh for one in verdict.counted][1:] == ["只答复了部分诉求"]


def test_the_sum_is_printed_line_by_line(standard: Standard) -> None:
    verdict = judged(standard, "overdue", (*HERE, extension("2026-03-01", 10)), "2026-03-22")
    assert verdict.arithmetic == (
        "起算 2026-01-10（当日不计） / from 2026-01-10 (that day not counted)",
        "+60 日（自然日；《信访工作条例》第三十四条）→ 2026-03-11 / "
        "+60 calendar days (《信访工作条例》第三十四条) → 2026-03-11",
        "+10 日（延期，王某于 2026-03-01 批准）→ 2026-03-21 / "
        "+10 calendar days (extension: 王某于 2026-03-01 批准) → 2026-03-21",
        "= 到期日 2026-03-21 / due 2026-03-21",
    )


def test_the_road_that_was_taken_too_late_is_named(national: Standard) -> None:
    facts = (registered("2026-01-05"), accepted("2026-01-10"), routed("2026-03-20"))
    assert [one.type for one in judged(national, "overdue", facts, "2026-04-01").counted] == [
        "CaseAccepted",
        "RouteDetermined",
    ]
