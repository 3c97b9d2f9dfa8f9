"""Who is told of what was found, and answers for it."""

import pytest

from services.supervision.addressees import addressee
from services.supervision.queries import dossier_of
from shared.directory import Directory
from shared.events import Fact, Official, Recorded
from shared.events.intake import (
    PostLeft,
    PostTaken,
    UnitFact,
    UnitRenamed,
)
from shared.events.supervision import (
    NoticeIssued,
)
from shared.standard import Standard
from shared.terms import LeaderRank, NoticeLevel, Role
from tests.sample import (
    BUREAU,
    LI,
    TOWN,
    WANG,
    accepted,
    day,
    dispatched,
    leader,
    objected,
    registered,
    replaced,
)
from tests.supervision.lives import Late, concluded, history, lived, moment
from tests.supervision.town import AWAY, EARLIER, SUCCESSION, SUN, town

HERE = registered("2026-01-05")


@pytest.mark.parametrize(
    ("facts", "role", "name"),
    [
        ((HERE, leader("2026-01-06")), Role.LEADER, "李某 副镇长"),
        ((HERE, leader("2026-01-06"), replaced("2026-01-10", WANG)), Role.LEADER, "王某 镇长"),
        ((HERE, replaced("2026-01-10", WANG), Late(leader("2025-01-06", LI), "2026-01-15")), Role.LEADER, "王某 镇长"),
        ((HERE,), Role.UNIT_HEAD, f"{TOWN}主要负责人"),
        ((HERE, dispatched("2026-01-06", BUREAU)), Role.UNIT_HEAD, f"{BUREAU}主要负责人"),
        ((HERE, dispatched("2026-01-06", BUREAU), accepted("2026-01-06")), Role.UNIT_HEAD, f"{TOWN}主要负责人"),
        (
            (HERE, accepted("2026-01-06"), dispatched("2026-01-08", BUREAU)),
            Role.UNIT_HEAD,
            f"{BUREAU}主要负责人",
        ),
        ((HERE, dispatched("2026-01-06"), objected("2026-01-07")), Role.PETITION_OFFICE, "交办的信访部门"),
        ((HERE, dispatched("2026-01-06", BUREAU), objected("2026-01-07")), Role.UNIT_HEAD, f"{BUREAU}主要负责人"),
        ((), Role.PETITION_OFFICE, "交办的信访部门"),
    ],
)
def test_somebody_answers_for_the_case(
    standard: Standard, facts: tuple[Fact | Late, ...], role: Role, name: str
) -> None:
    who = addressee(dossier_of(history(*facts)), standard.policies[0], Directory(), moment("2026-11-20"))
    assert (who.role, who.name) == (role, name)


@pytest.mark.parametrize(
    ("unit", "on", "name", "acting"),
    [
        (town(*SUCCESSION), "2026-02-28", "王某 镇长", None),
        (town(*SUCCESSION), "2026-03-01", "孙某 镇长", None),
        (town(*SUCCESSION, at="2026-03-02"), "2026-03-01", "柳林镇主要负责人", None),  # not known on that day
        (town(*AWAY), "2026-02-10", "王某 镇长（请假，李某代）", LI),
        (town(*AWAY), "2026-02-21", "王某 镇长", None),
        (town(AWAY[0]), "2026-02-10", "王某 镇长", None),  # away, and nobody acts: never nobody
        (town(SUCCESSION[0]), "2026-03-01", "柳林镇主要负责人", None),  # vacant
        (town(region="610498"), "2026-02-28", "柳林镇主要负责人", None),  # a namesake of another county
    ],
)
def test_the_head_of_the_day_is_told_as_known_at_the_moment(
    standard: Standard, unit: list[Recorded], on: str, name: str, acting: Official | None
) -> None:
    who = addressee(dossier_of(history(HERE)), standard.policies[0], Directory().plus(unit), moment(on))
    assert (who.role, who.name, who.unit, who.acting) == (Role.UNIT_HEAD, name, TOWN, acting)
    assert (who.person is None) == name.endswith("主要负责人")


def test_whoever_acts_for_the_owner_leader_is_told_as_well(standard: Standard) -> None:
    dossier = dossier_of(history(HERE, leader("2026-01-06", WANG)))
    who = addressee(dossier, standard.policies[0], Directory().plus(town(*AWAY)), moment("2026-02-10"))
    assert (who.role, who.person, who.acting) == (Role.LEADER, WANG, LI)


@pytest.mark.parametrize(
    ("more", "role", "person"),
    [
        ((PostLeft(holding_id="h-2", left_on=day("2026-02-10")),), Role.UNIT_HEAD, WANG),
        ((PostLeft(holding_id="h-2", left_on=day("2026-02-11")),), Role.LEADER, LI),
        (
            (
                PostLeft(holding_id="h-2", left_on=day("2026-02-10")),
                PostTaken(holding_id="h-9", official=LI, since=day("2026-02-10"), rank=LeaderRank.MAIN),
            ),
            Role.LEADER,
            LI,
        ),
    ],
)
def test_an_owner_leader_who_left_the_post_is_told_no_more_and_the_head_is(
    standard: Standard, more: tuple[UnitFact, ...], role: Role, person: Official
) -> None:
    """One who took another post of the unit owns the case still; of one who never held any here, nothing is known."""
    dossier, on = dossier_of(history(HERE, leader("2026-01-06", LI))), moment("2026-02-10")
    who = addressee(dossier, standard.policies[0], Directory().plus(town(*more)), on)
    assert (who.role, who.person) == (role, person)
    later = addressee(dossier, standard.policies[0], Directory().plus(town(*more, at="2026-02-12")), on)
    assert later.person == LI  # not known on that day
    guest = dossier_of(history(HERE, leader("2026-01-06", SUN)))
    assert addressee(guest, standard.policies[0], Directory().plus(town(*more)), on).person == SUN


def test_a_renamed_unit_is_addressed_by_its_name_of_the_day(standard: Standard) -> None:
    renamed = town(UnitRenamed(name="柳林街道", renamed_on=day("2026-02-01")))
    who = addressee(dossier_of(history(HERE)), standard.policies[0], Directory().plus(renamed), moment("2026-02-10"))
    assert (who.name, who.unit) == ("王某 镇长", "柳林街道")


def test_a_notice_is_the_same_whenever_it_is_replayed(standard: Standard) -> None:
    """Law 5: what was learnt of the head since changes nothing of what follows as of then."""
    later = town(*EARLIER, at="2026-02-20")[3:]
    then, now = Directory().plus(town()), Directory().plus([*town(), *later])
    dossier, on = dossier_of(history(HERE)), moment("2026-02-10")
    said = [concluded(standard, dossier, on, known) for known in (then, now)]
    assert said[0] == said[1]
    (notice,) = (fact for fact in said[0] if isinstance(fact, NoticeIssued))
    assert notice.addressee.person == WANG
    assert now.units["unit-0000000000000001"].head_on(day("2026-02-10")) == SUN


def test_a_successor_gets_the_next_rung_and_the_first_notice_stays_as_it_was(standard: Standard) -> None:
    directory = Directory().plus(town(*EARLIER))
    watched = lived(standard, HERE, until="2026-04-30", directory=directory)
    told = [(r.fact.level, r.fact.addressee.name) for r in watched.said if isinstance(r.fact, NoticeIssued)]
    assert told[:3] == [
        (NoticeLevel.REMINDER, "王某 镇长"),
        (NoticeLevel.SUPERVISION, "王某 镇长"),
        (NoticeLevel.ACCOUNTABILITY, "孙某 镇长"),
    ]


def test_a_leader_who_is_only_to_come_is_not_told(standard: Standard) -> None:
    watched = lived(standard, HERE, Late(leader("2026-03-01"), "2026-01-10"), until="2026-01-22")
    (told,) = (r.fact for r in watched.said if isinstance(r.fact, NoticeIssued))
    assert told.addressee.role == Role.UNIT_HEAD
