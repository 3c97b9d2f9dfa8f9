"""打击报复的反映: which reports there are and how long they wait, for the few who may know of them."""

from collections.abc import Iterator
from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, TypeAdapter

from services.supervision.domain.retaliation import Retaliation, RetaliationCommand
from shared.decider import fold
from shared.events.supervision import RetaliationDismissed, RetaliationReferred
from shared.http import Caller, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Forbidden, Store
from shared.terms import Body, Channel, RetaliationGround
from shared.workdays import business_date

router = APIRouter(prefix="/supervision", tags=["supervision"], responses=documented(401, 403, 422, 503))

BEGINNING = "retaliation-"
PAGE = 1000
"""So many are looked up at a time."""


class Report(BaseModel):
    """反映: one report of retaliation, and what became of it."""

    retaliation_id: str
    received_on: date
    channel: Channel
    document: str = Field(description="密封材料编号 / the number of the sealed paper")
    referred_to: Body | None = Field(description="移送机关")
    ground: RetaliationGround | None = Field(description="不予移送的理由")
    decided_on: date | None = Field(description="空为待决定 / empty: nobody has decided")
    waiting_days: int | None = Field(
        description="已等待的自然日数；已决定的为空 / calendar days that it has waited so far"
    )
    too_long: bool = Field(
        description="等待超过口径所定天数 / whether it waits longer than the policy of its day names"
    )


class Waiting(BaseModel):
    """待决定: how many reports nobody has decided, and how many of them wait too long."""

    waiting: int
    too_long: int = Field(description="等待超过口径所定天数的 / longer than the policy of its day names")
    longest_days: int | None = Field(description="等待最久的自然日数；没有的为空 / of the one that waits longest")


REPORTS = TypeAdapter(list[Report])


@router.get(
    "/retaliations",
    operation_id="supervision-retaliations",
    summary="打击报复的反映 / reports of retaliation, those that wait for a decision first",
    response_model=list[Report],
)
async def read_reports(request: Request, actor: Caller) -> Response:
    """For supervisors and auditors of the region; whoever else asks is not told whether there are any. Those that nobody has
    decided come first, what has waited longest before all others.
    """
    return _answer(REPORTS.dump_json(await _read(request, actor)))


@router.get(
    "/retaliations/waiting",
    operation_id="supervision-retaliations-waiting",
    summary="待决定的打击报复反映件数 / how many reports of retaliation wait for a decision, and how many too long",
    response_model=Waiting,
)
async def read_waiting(request: Request, actor: Caller) -> Response:
    """For the same few. No rule goes by it: nobody is accused, and nothing of it becomes a fact."""
    waiting = [report for report in await _read(request, actor) if report.waiting_days is not None]
    longest = max((report.waiting_days or 0 for report in waiting), default=None)
    late = sum(report.too_long for report in waiting)
    return _answer(Waiting(waiting=len(waiting), too_long=late, longest_days=longest).model_dump_json())


def _answer(said: bytes | str) -> Response:
    return Response(said, media_type="application/json", headers={"Cache-Control": "no-store"})


async def _read(request: Request, actor: Actor) -> list[Report]:
    """The reports of the actor's region. Raises Forbidden before anything is looked up."""
    if actor.role not in RetaliationCommand.readers:
        raise Forbidden("您的岗位不能查阅。", f"A {actor.role} may not read this.")
    runtime = runtime_of(request)
    today, standard = business_date(runtime.clock()), runtime.parts["standard"]
    return await runtime.in_thread(_reports, runtime.store, actor, standard, today)


def _reports(store: Store[object], actor: Actor, standard: Standard, today: date) -> list[Report]:
    kept = ((history, fold(store.decider, store.history(history))) for history in _histories(store))
    found = [
        _report(history, state, standard, today)
        for history, state in kept
        if isinstance(state, Retaliation) and actor.covers(state.scope)
    ]
    return sorted(found, key=lambda report: (report.decided_on is not None, report.received_on, report.retaliation_id))


def _histories(store: Store[object]) -> Iterator[str]:
    """All of them: which are decided does not show in their ids."""
    after = BEGINNING
    while ids := [history for history in store.case_ids(after, PAGE) if history.startswith(BEGINNING)]:
        yield from ids
        after = ids[-1]


def _report(history: str, state: Retaliation, standard: Standard, today: date) -> Report:
    reported, decided = state.reported, state.decided
    waited = None if decided else (today - reported.received_on).days
    most = standard.policy_on(reported.received_on).retaliation.days
    return Report(
        retaliation_id=history,
        received_on=reported.received_on,
        channel=reported.channel,
        document=reported.document,
        referred_to=decided.to if isinstance(decided, RetaliationReferred) else None,
        ground=decided.ground if isinstance(decided, RetaliationDismissed) else None,
        decided_on=decided
        and (decided.referred_on if isinstance(decided, RetaliationReferred) else decided.dismissed_on),
        waiting_days=waited,
        too_long=waited is not None and most is not None and waited > most,
    )
