"""任职核对: what the directory of units says against a command, where it knows the unit. Pure."""

from datetime import date

from services.casework.domain.desk import Desk
from shared.decider import Rejected
from shared.directory import Unit
from shared.events import Named, Official
from shared.events.intake import AccusedNamed
from shared.terms import LeaderRank


def check_head(desk: Desk, named: Named, who: Official, day: date, command: str | None = None) -> bool:
    """Whether the directory vouches that somebody heads a unit on a day, or, for a command that may be delegated, acts for
    its head. The unit is meant as it was named in the case. False where no head is known. Raises Rejected for anybody else.
    """
    unit = _known(desk, named, day)
    head = unit.head_on(day) if unit else None
    if unit is None or head is None:
        return False
    standing_in = unit.delegates_on(head.id, day, command) if command else []
    if who.id not in {head.id, *(delegate.id for delegate in standing_in)}:
        acting = "".join(f"，受托人 {delegate.name}（{delegate.id}）" for delegate in standing_in)
        acting_en = "".join(f", for whom {delegate.name} ({delegate.id}) acts" for delegate in standing_in)
        raise Rejected(
            "not-the-head",
            f"{day} {unit.name_on(day)}的主要负责人是{head.name}（{head.id}）{acting}，不是{who.name}（{who.id}）。"
            "请核对人员编号；任职有变动的，请先登记任职。",
            f"On {day} the head of {unit.name_on(day)} was {head.name} ({head.id}){acting_en}, not {who.name} ({who.id})."
            " Check the id; if posts have changed, record that first.",
        )
    return True


def check_rank(desk: Desk, unit_name: str, leader: Official, rank: LeaderRank | None, day: date) -> None:
    """Raise Rejected when the directory knows who held posts in the unit, and this leader held none anywhere, or none of
    the rank that is claimed. A leader may come from another unit, such as the county's leading team.
    """
    unit = _known(desk, (unit_name, day), day)
    if unit is None or not unit.held_on(day):
        return
    held = [holding.taken for _, holding in desk.directory().posts_of(leader.id, day)]
    if not held:
        raise Rejected(
            "not-in-post",
            f"{day} 没有编号为 {leader.id}（{leader.name}）的任职记录。请核对人员编号，或先登记任职。",
            f"On {day} no {leader.id} ({leader.name}) holds any post. Check the id, or record the post first.",
        )
    if rank is not None and rank not in {post.rank for post in held}:
        said = "、".join(f"{post.official.post or '任职'}（{post.rank.label}）" for post in held)
        said_en = ", ".join(post.rank for post in held)
        raise Rejected(
            "rank-not-held",
            f"{leader.name}在 {day} 的任职是{said}，不是{rank.label}。请更正 rank，或换人。",
            f"On {day} {leader.name} ranked as {said_en}, not as {rank}. Correct the rank, or name another.",
        )


def same_unit(desk: Desk, one: Named, other: Named) -> bool:
    """Whether two names mean one unit where the case belongs."""
    return one[0] == other[0] or desk.directory().same(one, other, desk.case.region or "")


def check_not_accused(desk: Desk, named: Named) -> None:
    """Raise Rejected for a unit whom the petition is about, under whatever name: it does not handle it (Arts 30, 46)."""
    for said in desk.case.told(AccusedNamed):
        if any(same_unit(desk, named, (unit, said.named_on)) for unit in said.units):
            raise Rejected(
                "handled-by-the-accused",
                f"{named[0]}是被反映单位，不得办理本案（第三十条、第四十六条）。请由其他单位办理。",
                f"The petition is about {named[0]}; it does not handle the case (Arts 30, 46). Another unit does.",
            )


def _known(desk: Desk, named: Named, day: date) -> Unit | None:
    """The unit as the directory knows it; None when it knows none of that name where the case belongs."""
    unit, named_on = named
    return desk.directory().unit(unit, desk.case.region or "", day, named_on=named_on)
