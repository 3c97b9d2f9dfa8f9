"""救助资金: what casework says about the funds that aid is paid from. Each fund of a region has a history of its own.

A fund is no case: its history is named `fund-<region>-<fund>` (seed plans D6, D10, D12, D13). Amounts are in 分, hundredths of a
yuan.
"""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import FundSource


class FundEndowed(CaseworkFact):
    """资金入账: money was put into a fund, from a named source, approved by a named official."""

    occurred: ClassVar[str] = "endowed_on"

    region: str
    fund: FundSource
    endowment_id: str
    cents: int
    source: str
    approved_by: Official
    endowed_on: date


class EndowmentWithdrawn(CaseworkFact):
    """撤回入账: an endowment was entered by mistake, or was taken back. What was said of it stays on record."""

    occurred: ClassVar[str] = "withdrawn_on"

    region: str
    fund: FundSource
    endowment_id: str
    cents: int
    reason: str
    withdrawn_on: date


class FundDrawn(CaseworkFact):
    """资金支出: aid that was granted in a case was taken from the fund, in the same transaction as the grant."""

    occurred: ClassVar[str] = "drawn_on"

    region: str
    fund: FundSource
    case_id: str
    aid_id: str
    cents: int
    drawn_on: date


class FundRefilled(CaseworkFact):
    """退款入账: aid that came back in a case was put into the fund again, in the same transaction as its return."""

    occurred: ClassVar[str] = "refilled_on"

    region: str
    fund: FundSource
    case_id: str
    return_id: str
    cents: int
    refilled_on: date
