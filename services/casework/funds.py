"""What outsiders may ask of the funds that aid is paid from: endow one, take an endowment back, see what is in it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.casework.domain.funds import COMMANDS, FUNDS, Fund, FundCommand, Region, fund_history
from shared.decider import Scope, fold
from shared.events.casework import EndowmentWithdrawn, FundDrawn, FundEndowed, FundRefilled
from shared.http import Caller, runtime_of
from shared.http.commands import WITH_ETAG, add_named_routes
from shared.http.documents import Facts, facts_response
from shared.http.problems import documented
from shared.identity import UNIT_BOUND, Actor
from shared.store import Forbidden
from shared.terms import FundSource

router = APIRouter(prefix="/casework/funds", tags=["casework"])

Place = Annotated[Region, Path(description="行政区划代码，六位 / GB/T 2260")]


class Balance(BaseModel):
    """余额: what is in a fund, in 分, hundredths of a yuan: endowed − withdrawn − drawn + refilled."""

    model_config = ConfigDict(frozen=True)

    region: str
    fund: FundSource
    endowed: int
    withdrawn: int
    drawn: int
    refilled: int
    balance: int


BALANCES = TypeAdapter(list[Balance])


@router.get(
    "/{region}",
    operation_id="casework-funds",
    summary="救助资金余额 / what is in the three funds of a region",
    response_model=list[Balance],
    responses=documented(401, 403, 422, 503),
)
async def read_balances(request: Request, region: Place, actor: Caller) -> Response:
    """For everybody whose own region covers this one. A fund that was never endowed holds nothing."""
    _check_covers(actor, region)
    runtime = runtime_of(request)

    def read() -> list[Balance]:
        store = runtime.store
        return [
            _balance(region, fund, fold(store.decider, store.history(fund_history(region, fund)))) for fund in FUNDS
        ]

    return Response(BALANCES.dump_json(await runtime.in_thread(read)), media_type="application/json")


def _balance(region: str, source: FundSource, fund: object) -> Balance:
    kept = fund if isinstance(fund, Fund) else Fund()
    return Balance(
        region=region,
        fund=source,
        endowed=kept.total(FundEndowed),
        withdrawn=kept.total(EndowmentWithdrawn),
        drawn=kept.total(FundDrawn),
        refilled=kept.total(FundRefilled),
        balance=kept.balance,
    )


@router.get(
    "/{region}/{fund}/facts",
    operation_id="casework-fund-facts",
    summary="资金的每一笔 / every entry of a fund",
    response_model=Facts,
    responses={**WITH_ETAG, **documented(401, 403, 422, 503)},
)
async def read_entries(request: Request, region: Place, fund: FundSource, actor: Caller) -> Response:
    """The entries name cases of many units: whoever is bound to one unit sees the balance only."""
    _check_covers(actor, region)
    if actor.role in UNIT_BOUND:
        raise Forbidden(
            "资金明细涉及多个单位的案件，您的岗位只能查看余额。",
            "The entries name cases of many units; your role may see the balance only.",
        )
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, fund_history(region, fund))
    return facts_response(history, len(history))


def _check_covers(actor: Actor, region: str) -> None:
    if not actor.covers(Scope(region)):
        raise Forbidden("该资金不在您的地区范围内。", "That fund lies outside your region.")


def _history(command: FundCommand) -> str:
    return fund_history(command.region, command.fund)


add_named_routes(router, "casework", COMMANDS, _history)
