"""Funds: what is put in and taken out, that no grant overdraws one, and that a grant and its drawing are one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.casework.domain import casework
from services.casework.domain.claims import ImportHistory
from services.casework.domain.funds import (
    DrawFund,
    EndowFund,
    Fund,
    FundCommand,
    RefillFund,
    WithdrawEndowment,
    fund_history,
)
from services.casework.domain.settlement import GrantAid, ReturnAid, yuan
from shared.decider import Command, Rejected, fold
from shared.events import Fact
from shared.events.casework import AidGranted, EndowmentWithdrawn, FundDrawn, FundEndowed, FundRefilled
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Answer, Conflict, Log, PostgresLog, Request, SQLiteLog, Store
from shared.terms import FundSource, Role
from tests.casework.handling import AID, BACK, HERE, OPEN
from tests.petitions import Speaker
from tests.postgres import cluster, dsn
from tests.sample import WANG, day
from tests.spec import NOW, Spec, recorded

__all__ = ["cluster", "dsn"]

REGION = "610499"
PLACE: dict[str, Any] = {"region": REGION, "fund": FundSource.JUDICIAL_RELIEF}
FUND = fund_history(**PLACE)
OFFICE = Actor(id="office", role=Role.PETITION_OFFICE, unit=None, region=REGION)
ENDOWED = FundEndowed(
    **PLACE, endowment_id="e-1", cents=600_000, source="省级财政", approved_by=WANG, endowed_on=day("2026-08-01")
)
DRAWN = FundDrawn(**PLACE, case_id="case-1", aid_id="aid-1", cents=500_000, drawn_on=day("2026-09-04"))
WITHDRAWN = EndowmentWithdrawn(
    **PLACE, endowment_id="e-1", cents=600_000, reason="金额录错", withdrawn_on=day("2026-08-02")
)
REFILLED = FundRefilled(**PLACE, case_id="case-1", return_id="r-1", cents=200_000, refilled_on=day("2026-10-08"))


def endow(cents: int = 600_000, number: str = "e-1", region: str = REGION) -> EndowFund:
    said = ENDOWED.model_dump() | {"cents": cents, "endowment_id": number, "region": region}
    return EndowFund(**said)


def grant(cents: int, number: str, fund: FundSource = FundSource.JUDICIAL_RELIEF) -> GrantAid:
    return GrantAid(**AID.model_dump() | {"cents": cents, "aid_id": number, "fund": fund})


WITHDRAW = WithdrawEndowment(**PLACE, endowment_id="e-1", reason="金额录错", withdrawn_on=day("2026-08-02"))
DRAW = DrawFund(**DRAWN.model_dump())
REFILL = RefillFund(**REFILLED.model_dump())
RETURN = ReturnAid(**BACK.model_dump())


@pytest.mark.parametrize(
    ("before", "command", "fact"),
    [
        ((), endow(), ENDOWED),
        ((ENDOWED,), WITHDRAW, WITHDRAWN),
        ((ENDOWED,), DRAW, DRAWN),
        ((ENDOWED, DRAWN), REFILL, REFILLED),
        ((), REFILL, REFILLED),
        ((*OPEN, AID), RETURN, BACK),
    ],
)
def test_each_command_leads_to_its_fact(
    here: Spec[Any], before: tuple[Fact, ...], command: Command, fact: Fact
) -> None:
    here.given(*before).when(command).then(fact)


RETURN_REFUSALS: list[tuple[str, tuple[Fact, ...], ReturnAid]] = [
    ("no-such-aid", OPEN, RETURN),
    (
        "more-than-granted",
        (*OPEN, AID, BACK),
        ReturnAid(**BACK.model_dump() | {"return_id": "r-2", "cents": 300_001}),
    ),
    ("returned-before-granted", (*OPEN, AID), ReturnAid(**BACK.model_dump() | {"returned_on": day("2026-09-03")})),
]


@pytest.mark.parametrize(
    ("rule", "before", "command"),
    [
        ("no-such-fund", (), EndowFund(**ENDOWED.model_dump() | {"fund": "unit"})),
        ("id-taken", (ENDOWED,), endow(1)),
        ("no-such-endowment", (), WITHDRAW),
        ("fund-too-low", (ENDOWED, DRAWN), WITHDRAW),
        ("fund-too-low", (), DRAW),
        ("fund-too-low", (ENDOWED, DRAWN), DRAW.model_copy(update={"aid_id": "aid-2", "cents": 100_001})),
        ("id-taken", (ENDOWED, DRAWN), DRAW.model_copy(update={"cents": 1})),
        *RETURN_REFUSALS,
        ("id-taken", (*OPEN, AID, BACK), ReturnAid(**BACK.model_dump() | {"cents": 1})),
        ("in-the-future", (), EndowFund(**ENDOWED.model_dump() | {"endowed_on": day("2026-11-21")})),
    ],
)
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], command: Command) -> None:
    here.given(*before).when(command).then_rejected(rule)


def test_of_two_endowments_or_grants_each_counts_by_its_own_number(here: Spec[Any]) -> None:
    """What is withdrawn is what was put in under that number; what comes back, no more than was granted under it."""
    more = ENDOWED.model_copy(update={"endowment_id": "e-2", "cents": 700_000})
    gone = WITHDRAWN.model_copy(update={"endowment_id": "e-2", "cents": 700_000})
    here.given(ENDOWED, more).when(WITHDRAW.model_copy(update={"endowment_id": "e-2"})).then(gone)
    second = AID.model_copy(update={"aid_id": "aid-2", "cents": 300_000})
    whole = BACK.model_copy(
        update={"return_id": "r-2", "aid_id": "aid-2", "cents": 300_000, "returned_on": AID.granted_on}
    )
    here.given(*OPEN, AID, second, BACK).when(ReturnAid(**whole.model_dump())).then(whole)
    too_much = ReturnAid(**whole.model_dump() | {"cents": 300_001})
    here.given(*OPEN, AID, second).when(too_much).then_rejected("more-than-granted")


def test_only_what_came_out_of_a_fund_goes_back_into_it(standard: Standard) -> None:
    """And it is the fund of the county, in whichever of its towns the case lies."""

    def follows(fund: FundSource) -> list[str]:
        decider = casework(standard)
        town = HERE.model_copy(update={"region": "610499101"})
        facts = (town, *OPEN[1:], AID.model_copy(update={"fund": fund}), BACK)
        state, told = decider.initial, [recorded(fact, n) for n, fact in enumerate(facts, 1)]
        for fact in told:
            state = decider.evolve(state, fact)
        return [history for fact in told[-2:] for history, _ in decider.entails(state, fact)]

    assert follows(FundSource.JUDICIAL_RELIEF) == [FUND, FUND]
    assert follows(FundSource.UNIT) == []


def test_a_refusal_names_the_balance_and_what_is_missing(here: Spec[Any]) -> None:
    short = DRAW.model_copy(update={"aid_id": "aid-2", "cents": 123_456})
    refusal = here.given(ENDOWED, DRAWN).when(short).then_rejected("fund-too-low")
    assert "余额为 1,000.00 元" in refusal.zh
    assert "尚差 234.56 元" in refusal.zh
    assert "holds 1,000.00 yuan, 234.56 less than the 1,234.56 asked for" in refusal.en


def test_what_is_granted_and_what_comes_back_are_told_in_yuan(here: Spec[Any]) -> None:
    more = ReturnAid(**BACK.model_dump() | {"return_id": "r-2", "cents": 300_001})
    refusal = here.given(*OPEN, AID, BACK).when(more).then_rejected("more-than-granted")
    assert "共 5,000.00 元，已退回 2,000.00 元，不能再退回 3,000.01 元" in refusal.zh
    assert "was 5,000.00 yuan, 2,000.00 have come back; 3,000.01 more cannot" in refusal.en
    large = here.given(*OPEN).when(grant(5_000_000, "aid-2")).then_rejected("aid-not-compared")
    assert "救助 50,000.00 元" in large.zh
    assert "Aid of 50,000.00 yuan" in large.en


@pytest.mark.parametrize("kind", [GrantAid, ReturnAid, EndowFund])
def test_whoever_gives_an_amount_is_told_that_it_is_in_hundredths(kind: type[Command]) -> None:
    assert "以分计" in kind.model_json_schema()["properties"]["cents"]["description"]


@given(st.integers(0, 10**15))
def test_an_amount_is_written_as_people_write_it(cents: int) -> None:
    whole, _, rest = yuan(cents).partition(".")
    assert int(whole.replace(",", "")) * 100 + int(rest) == cents
    assert len(rest) == 2


MONEY = st.integers(1, 1000)
FEW = st.integers(0, 3).map(str)
COMMANDS: st.SearchStrategy[FundCommand] = st.one_of(
    st.builds(lambda cents, n: endow(cents, f"e-{n}"), MONEY, FEW),
    st.builds(lambda n: WITHDRAW.model_copy(update={"endowment_id": f"e-{n}"}), FEW),
    st.builds(lambda cents, n: DRAW.model_copy(update={"cents": cents, "aid_id": n}), MONEY, FEW),
    st.builds(lambda cents, n: REFILL.model_copy(update={"cents": cents, "return_id": n}), MONEY, FEW),
)


@given(st.lists(COMMANDS, max_size=25))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_of_a_fund_it_is_never_overdrawn(standard: Standard, commands: list[FundCommand]) -> None:
    example = Spec(casework(standard)).given()
    for command in commands:
        try:
            example.when(command).then(*example._obeyed())
        except Rejected:
            continue
        fund = example.state
        assert isinstance(fund, Fund)
        entered = fund.total(FundEndowed) + fund.total(FundRefilled)
        assert fund.balance == entered - fund.total(FundDrawn) - fund.total(EndowmentWithdrawn)
        assert fund.balance >= 0


# A grant and its drawing are one


@asynccontextmanager
async def books(log: Log, standard: Standard) -> AsyncIterator[Store[Any]]:
    """Casework's log with a case that has arrived, and every command of one who may give them."""
    store = Store("casework", REGION, log, casework(standard), lambda: NOW)
    try:
        yield store
    finally:
        await asyncio.to_thread(store.close)


@pytest.fixture(params=["sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    if request.param == "sqlite":
        return SQLiteLog(tmp_path / "casework.db")
    return PostgresLog(request.getfixturevalue("dsn"), "casework")


async def arrived(store: Store[Any], *cases: str) -> None:
    speaker = Speaker("intake")
    await store.adopt([speaker.say(case_id, HERE) for case_id in cases])


def give(store: Store[Any], history: str, command: Command, key: str | None = None) -> "asyncio.Task[Answer]":
    return asyncio.create_task(store.handle(history, command, Request(OFFICE, key=key)))


def fund(store: Store[Any], history: str = FUND) -> Fund:
    state = fold(store.decider, store.history(history))
    return state if isinstance(state, Fund) else Fund()


def facts(store: Store[Any], history: str) -> list[str]:
    return [recorded.type for recorded in store.history(history)]


async def test_aid_is_drawn_from_the_fund_of_the_region_in_which_the_case_lies(log: Log, standard: Standard) -> None:
    async with books(log, standard) as store:
        await arrived(store, "case-1")
        await give(store, FUND, endow())
        await give(store, "case-1", grant(500_000, "aid-1"), "key-1")
        await give(store, "case-1", grant(500_000, "aid-1"), "key-1")
        await give(store, "case-1", grant(500_000, "aid-1"))
        assert fund(store).balance == 100_000
        assert store.history(FUND)[-1].fact == DRAWN
        await give(store, "case-1", RETURN)
        assert (fund(store).balance, facts(store, FUND)) == (300_000, ["FundEndowed", "FundDrawn", "FundRefilled"])
        assert facts(store, "case-1") == ["CaseRegistered", "AidGranted", "AidReturned"]


async def test_what_the_fund_does_not_hold_is_not_granted(log: Log, standard: Standard) -> None:
    async with books(log, standard) as store:
        await arrived(store, "case-1")
        with pytest.raises(Rejected, match=r"余额为 0\.00 元"):
            await give(store, "case-1", grant(1, "aid-1"))
        await give(store, FUND, endow(99))
        with pytest.raises(Rejected, match=r"余额为 0\.99 元"):
            await give(store, "case-1", grant(100, "aid-1"))
        assert (facts(store, "case-1"), facts(store, FUND)) == (["CaseRegistered"], ["FundEndowed"])


async def test_what_a_unit_pays_itself_is_drawn_from_no_fund(log: Log, standard: Standard) -> None:
    async with books(log, standard) as store:
        await arrived(store, "case-1")
        await give(store, "case-1", grant(500_000, "aid-1", FundSource.UNIT))
        assert store.history(fund_history(REGION, FundSource.UNIT)) == []


async def test_what_a_ledger_claims_goes_in_though_the_fund_was_never_endowed(log: Log, standard: Standard) -> None:
    async with books(log, standard) as store:
        await arrived(store, "case-1")
        await give(store, "case-1", ImportHistory(steps=(grant(500_000, "aid-1"),), imported_from="ledger"))
        assert facts(store, "case-1") == ["CaseRegistered", "AidGranted", "HistoryImported"]
        assert store.history(FUND) == []
        await give(store, "case-1", RETURN)  # money that comes back is there, whoever had booked it going out
        assert fund(store).balance == 200_000


async def test_many_who_grant_at_once_never_overdraw_a_fund(log: Log, standard: Standard) -> None:
    async with books(log, standard) as store:
        cases = [f"case-{n}" for n in range(60)]
        await arrived(store, *cases)
        await give(store, FUND, endow(1_000))
        asked = [give(store, case_id, grant(30 + n % 50, "aid-1")) for n, case_id in enumerate(cases)]
        asked += [give(store, FUND, endow(10, f"more-{n}")) for n in range(20)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        _agree(store, cases, answers)


async def test_processes_that_grant_at_once_never_overdraw_a_fund(dsn: str, standard: Standard) -> None:
    cases = [f"case-{n}" for n in range(40)]
    async with (
        books(PostgresLog(dsn, "casework"), standard) as left,
        books(PostgresLog(dsn, "casework"), standard) as right,
    ):
        await arrived(left, *cases)
        await give(left, FUND, endow(1_000))
        asked = [give((left, right)[n % 2], case_id, grant(50, "aid-1")) for n, case_id in enumerate(cases)]
        _agree(right, cases, await asyncio.gather(*asked, return_exceptions=True))


def _agree(store: Store[Any], cases: list[str], answers: list[Any]) -> None:
    """Whoever was told yes is paid, whoever was told no is not, and the fund knows of each."""
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert refused
    assert {type(error) for error in refused} <= {Rejected, Conflict}
    paid = {case_id for case_id in cases if "AidGranted" in facts(store, case_id)}
    assert len(paid) == sum(
        isinstance(a, Answer) and any(isinstance(r.fact, AidGranted) for r in a.facts) for a in answers
    )
    drawn = [r.fact for r in store.history(FUND) if isinstance(r.fact, FundDrawn)]
    assert {fact.case_id for fact in drawn} == paid
    assert len(drawn) == len(paid)
    running = 0
    for told in store.history(FUND):
        assert isinstance(told.fact, FundEndowed | FundDrawn)
        running += told.fact.cents if isinstance(told.fact, FundEndowed) else -told.fact.cents
        assert running >= 0
    assert fund(store).balance == running
