"""任意一案: lives in which anything may happen to a case, in any order, late or from a ledger."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from shared.events import Fact
from shared.events.casework import HistoryImported
from shared.events.intake import CaseRegistered
from shared.terms import (
    DocumentKind,
    EndGround,
    Judgement,
    MeetingKind,
    Outcome,
    ReviewStage,
    ReviewVerdict,
    Satisfaction,
    ServedHow,
    VisitKind,
)
from shared.terms.term import Term
from shared.workdays import DAY
from tests.sample import (
    BUREAU,
    LI,
    OTHER,
    TOWN,
    WANG,
    accepted,
    closed,
    dispatched,
    extension,
    leader,
    merged,
    objected,
    relapsed,
    repeat,
    replaced,
    resumed,
    routed,
    stopped,
    unlinked,
    unmerged,
)
from tests.supervision.deeds import (
    ZHAO,
    accused,
    agreed,
    aid,
    asked_to_close,
    assigned,
    broken,
    came_in,
    carried_out,
    checked,
    contested,
    decided,
    ended,
    evaluated,
    evidence_by,
    file_elsewhere,
    fulfilled,
    handled_by,
    hearing,
    hearing_asked,
    hearing_declined,
    inquiry,
    interest,
    judged_as,
    left_out,
    looked,
    met_for,
    moved_here,
    named_by_a_ledger,
    not_taken_up,
    objection,
    objection_declined,
    one_answer,
    opinion,
    paper,
    planned,
    promise,
    queried,
    reported_urgent,
    review_declined,
    ruled,
    seen_by_others,
    served,
    supported,
    taken_in,
    taken_out,
    task_force,
    text_elsewhere,
    told,
    told_how_it_stands,
    visit_by,
    votes,
    why_late,
    withdrawn,
    wrote,
)
from tests.supervision.lives import Late
from tests.supervision.tables.backdated import BACKDATED
from tests.supervision.tables.clocks import CLOCKS
from tests.supervision.tables.closing import CLOSING
from tests.supervision.tables.contesting import CONTESTING
from tests.supervision.tables.data import DATA
from tests.supervision.tables.idling import IDLING
from tests.supervision.tables.inquiries import INQUIRIES

FIRST, LAST, END = date(2026, 1, 1), date(2026, 5, 31), date(2026, 9, 30)

days = st.dates(FIRST, LAST).map(str)
units = st.sampled_from([TOWN, BUREAU, OTHER])
who = st.sampled_from([LI, WANG, ZHAO])
texts = st.sampled_from(
    ["正在协调有关部门，继续跟进。", "正在协调有关部门，继续跟进！", "资金已经到位，下周发放到户。"]
)
names = st.sampled_from(["promise-1", "term-1", "decision-2026-02-01-1"])
numbers = st.sampled_from(["柳信复〔2026〕1号", "柳信复〔2026〕2号"])


def of(term: type[Term]) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(term))


DEEDS: tuple[st.SearchStrategy[Fact], ...] = (
    st.builds(accepted, days, units),
    st.builds(accused, days, units, officials=st.lists(who, max_size=1).map(tuple)),
    st.builds(agreed, days, days),
    st.builds(aid, days),
    st.builds(asked_to_close, days),
    st.builds(assigned, days, days, units),
    st.builds(broken, days, names),
    st.builds(carried_out, days, numbers),
    st.builds(closed, days),
    st.builds(contested, days, of(ReviewStage)),
    st.builds(decided, days, of(ReviewVerdict), of(ReviewStage), units, who),
    st.builds(dispatched, days, units),
    st.builds(ended, days, of(EndGround)),
    st.builds(evaluated, days, of(Satisfaction)),
    st.builds(evidence_by, days, who),
    st.builds(extension, days, st.sampled_from([10, 30, 31]), told=st.booleans()),
    st.builds(fulfilled, days, names),
    st.builds(handled_by, days, who),
    st.builds(hearing, days),
    st.builds(hearing_asked, days),
    st.builds(hearing_declined, days, st.sampled_from(["", "事实清楚"])),
    st.builds(inquiry, days, st.builds(votes, st.booleans(), st.booleans()), st.one_of(st.none(), who)),
    st.builds(interest, days, who),
    st.builds(judged_as, days, of(Judgement)),
    st.builds(leader, days, who),
    st.builds(looked, days, settled=st.booleans()),
    st.builds(lambda on, due, kind: met_for(on, due, kind=kind), days, days, of(MeetingKind)),
    st.builds(merged, days),
    st.builds(unmerged, days),
    st.builds(not_taken_up, days),
    st.builds(objected, days, units),
    st.builds(objection, days, st.sampled_from(["", "不属于本单位职责"]), units),
    st.builds(objection_declined, days, units),
    st.builds(opinion, days, text=texts, number=numbers, legal_basis=st.sampled_from(["", "土地管理法"])),
    st.builds(paper, days, of(DocumentKind), st.sampled_from(["a", "b", ""]), st.sampled_from(["x", ""]), who),
    st.builds(lambda on, due: planned(on, ("补发差额", "经管站", due)), days, st.one_of(st.none(), days)),
    st.builds(promise, days, days),
    st.builds(relapsed, days),
    st.builds(repeat, days),
    st.builds(unlinked, days, st.builds(repeat, days)),
    st.builds(unlinked, days, st.builds(repeat, st.sampled_from(["2026-02-20", "2026-03-05", "2026-07-31"]))),
    st.builds(moved_here, days, days, st.one_of(st.none(), days)),
    st.builds(replaced, days, who),
    st.builds(reported_urgent, days),
    st.builds(queried, days),
    st.builds(told_how_it_stands, days),
    st.builds(resumed, days),
    st.builds(routed, days),
    st.builds(seen_by_others, days),
    st.builds(served, days, number=numbers, outcome=of(Outcome), how=of(ServedHow), refused=st.booleans()),
    st.builds(supported, days),
    st.builds(stopped, days),
    st.builds(told, days, units, exempt=st.booleans()),
    st.builds(visit_by, days, who, of(VisitKind), st.sampled_from([None, True, False])),
    st.builds(withdrawn, days, st.sampled_from(["a", "b"])),
    st.builds(wrote, days, texts),
    st.builds(came_in, days, st.sampled_from(["a", "x"])),
    st.builds(checked, days, who),
    st.builds(file_elsewhere, days, st.sampled_from(["x", "y"])),
    st.builds(left_out, days),
    st.builds(named_by_a_ledger, days, who),
    st.builds(one_answer, days),
    st.builds(review_declined, days, st.sampled_from(["", "逾期申请"]), of(ReviewStage)),
    st.builds(ruled, days, units),
    st.builds(taken_in, days, days),
    st.builds(taken_out, days),
    st.builds(task_force, days, who),
    st.builds(text_elsewhere, days, st.integers(1, 9)),
    st.builds(why_late, days),
    st.builds(why_late, days, days, days),
)


def _recorded(fact: Fact, lag: int, *, imported: bool) -> Late:
    claimed = fact.claimed_time()
    assert isinstance(claimed, date)
    return Late(fact, str(max(claimed + lag * DAY, FIRST)), imported)


TABLES = (IDLING, CLOCKS, CONTESTING, CLOSING, INQUIRIES, DATA, BACKDATED)
WORKED = [case.facts for table in TABLES for cases in table.values() for case in cases]
"""Lives in which something is the matter: by chance alone hardly any sign would ever show."""


@st.composite
def lives(draw: Callable[..., Any], lags: tuple[int, ...] = (0, 0, 0, 1, 9, 40, -20), at_most: int = 6) -> list[Late]:
    """A worked case, and into it anything, in any order of days, some of it late or from a ledger."""
    late, from_ledger = st.sampled_from(lags), st.sampled_from([False, False, False, True])
    worked = [
        entry if isinstance(entry, Late) else _recorded(entry, draw(late) if draw(st.booleans()) else 0, imported=False)
        for entry in draw(st.sampled_from(WORKED))
    ]
    more = draw(st.lists(st.builds(_recorded, st.one_of(*DEEDS), late, imported=from_ledger), max_size=at_most))
    if draw(st.integers(0, 7)) == 7:
        worked = [_announced(entry) for entry in worked]
        more += draw(st.lists(st.builds(Late, st.just(HistoryImported(steps=0)), days), max_size=1))
    return sorted([*worked, *more], key=lambda entry: entry.on)


def _announced(entry: Late) -> Late:
    """The registration says that earlier history follows; it may never come."""
    if not isinstance(entry.fact, CaseRegistered):
        return entry
    return replace(entry, fact=entry.fact.model_copy(update={"history_follows": True}))
