"""救助资金: what is in a fund, and what it pays. No fund is ever overdrawn. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.case import Case
from services.casework.domain.settlement import Cents, granted, yuan
from shared.decider import Command, Day, Name, Rejected, Scope, Text
from shared.events import Recorded
from shared.events.casework import (
    AidGranted,
    AidReturned,
    EndowmentWithdrawn,
    FundDrawn,
    FundEndowed,
    FundRefilled,
)
from shared.filing import filed
from shared.given import Person
from shared.terms import FundSource, Role

FUNDS = (FundSource.CIVIL_RELIEF, FundSource.JUDICIAL_RELIEF, FundSource.HARD_CASES)
"""三类筹资 (seed plan D13). What a unit pays itself (责任单位自筹) comes from no fund."""

FundFact = FundEndowed | EndowmentWithdrawn | FundDrawn | FundRefilled

SIGNS: Mapping[type, int] = {FundEndowed: 1, EndowmentWithdrawn: -1, FundDrawn: -1, FundRefilled: 1}
"""Whether a fact adds its amount to the balance or takes it away."""

Region = Annotated[str, Field(pattern=r"^[1-9][0-9]{5}$")]
"""GB/T 2260."""


@dataclass(frozen=True)
class Fund:
    """A fund as its history tells it."""

    region: str | None = None
    balance: int = 0
    """分: hundredths of a yuan. Never below zero."""
    facts: tuple[FundFact, ...] = ()

    def total(self, kind: type[FundFact]) -> int:
        """分: the sum of the facts of a type."""
        return sum(fact.cents for fact in self.facts if isinstance(fact, kind))


class FundCommand(Command):
    """A command about a fund of a region."""

    history: ClassVar[str] = "fund"

    region: Region
    fund: FundSource


class EndowFund(FundCommand):
    """资金入账: put money into one of the three funds of a region. In hundredths of a yuan."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    endowment_id: Name
    cents: Cents
    source: Name
    approved_by: Person
    endowed_on: Day


class WithdrawEndowment(FundCommand):
    """撤回入账: take an endowment back, whole. Refused when its money has been spent."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    endowment_id: Name
    reason: Text
    withdrawn_on: Day


class DrawFund(FundCommand):
    """资金支出: follows from aid that is granted; nobody gives it alone."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    case_id: Name
    aid_id: Name
    cents: Cents
    drawn_on: Day


class RefillFund(FundCommand):
    """退款入账: follows from aid that comes back; nobody gives it alone."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    case_id: Name
    return_id: Name
    cents: Cents
    refilled_on: Day


def fund_history(region: str, fund: FundSource) -> str:
    """The name of a fund's history: that of the county, city or province in which a longer code of GB/T 10114 lies."""
    return f"fund-{region[:6]}-{fund.value}"


def evolve(fund: Fund, recorded: Recorded) -> Fund:
    """What a fact means for what is in the fund."""
    fact = recorded.fact
    if not isinstance(fact, FundFact):
        return fund
    balance = fund.balance + SIGNS[type(fact)] * fact.cents
    return replace(fund, region=fact.region, balance=balance, facts=(*fund.facts, fact))


def decide(fund: Fund, command: FundCommand) -> Sequence[FundFact]:
    """What a command means for the fund. `[]` means: already so."""
    match command:
        case EndowFund():
            if command.fund not in FUNDS:
                raise Rejected(
                    "no-such-fund",
                    f"{command.fund.label}不设资金账，可入账的有：{'、'.join(known.label for known in FUNDS)}。",
                    f"What a unit pays itself comes from no fund; there are: {', '.join(FUNDS)}.",
                )
            return filed(FundEndowed(**dict(command)), fund.facts, "endowment_id")
        case WithdrawEndowment():
            return _withdrawn(fund, command)
        case DrawFund():
            return _paid(fund, filed(FundDrawn(**dict(command)), fund.facts, "case_id", "aid_id"))
        case RefillFund():
            return filed(FundRefilled(**dict(command)), fund.facts, "case_id", "return_id")
        case _:
            raise TypeError(command)


def _withdrawn(fund: Fund, command: WithdrawEndowment) -> list[FundFact]:
    number = command.endowment_id
    entered = [f for f in fund.facts if isinstance(f, FundEndowed) and f.endowment_id == number]
    if not entered:
        raise Rejected(
            "no-such-endowment", f"本资金没有编号为 {number} 的入账。", f"This fund has no endowment {number}."
        )
    fact = EndowmentWithdrawn(**dict(command), cents=entered[0].cents)
    return _paid(fund, filed(fact, fund.facts, "endowment_id"))


def _paid(fund: Fund, facts: list[FundFact]) -> list[FundFact]:
    """The facts. Raises Rejected when the fund does not hold what they take away."""
    for fact in facts:
        if fact.cents > fund.balance:
            label, short = fact.fund.label, yuan(fact.cents - fund.balance)
            raise Rejected(
                "fund-too-low",
                f"{fact.region} 的{label}余额为 {yuan(fund.balance)} 元，不足以支付 {yuan(fact.cents)} 元，尚差 {short} 元。"
                "请先入账（endow-fund），或减少金额，或改由其他资金支付。",
                f"The fund {fact.fund} of {fact.region} holds {yuan(fund.balance)} yuan, {short} less than the"
                f" {yuan(fact.cents)} asked for. Endow it first (endow-fund), ask for less, or take another fund.",
            )
    return facts


def payments(case: Case, recorded: Recorded) -> Iterator[tuple[str, FundCommand]]:
    """What a fund pays, or gets back, because of a fact of a case.

    What a ledger claims of the time before this system was paid before this system kept the fund's books.
    """
    if case.region is None or recorded.imported_from is not None:
        return
    case_id, region = recorded.case_id, case.region[:6]
    match recorded.fact:
        case AidGranted(fund=fund) as aid if fund in FUNDS:
            yield (
                fund_history(region, fund),
                DrawFund(
                    region=region,
                    fund=fund,
                    case_id=case_id,
                    aid_id=aid.aid_id,
                    cents=aid.cents,
                    drawn_on=aid.granted_on,
                ),
            )
        case AidReturned() as back if (paid := granted(case, back.aid_id)) is not None and paid.fund in FUNDS:
            yield (
                fund_history(region, paid.fund),
                RefillFund(
                    region=region,
                    fund=paid.fund,
                    case_id=case_id,
                    return_id=back.return_id,
                    cents=back.cents,
                    refilled_on=back.returned_on,
                ),
            )


def scope(fund: Fund) -> Scope | None:
    """Whose the fund is: everybody's whose region covers that of the fund. None while it was never endowed."""
    return None if fund.region is None else Scope(fund.region)


COMMANDS: tuple[type[FundCommand], ...] = (EndowFund, WithdrawEndowment)
"""The commands that people give about a fund."""
