"""Units and posts: what each command leads to, and what is refused."""

from typing import Any

import pytest

from services.intake.domain import Kept, intake
from services.intake.domain.organisation import DissolveUnit, EstablishUnit, RenameUnit, WithdrawEntry
from services.intake.domain.posts import EndLeave, GiveDelegation, GrantLeave, LeavePost, RevokeDelegation, TakePost
from services.intake.domain.registering import LinkRepeatPetition
from services.intake.domain.roster import UnitCommand
from shared.directory import Directory
from shared.events import Fact, Official
from shared.events.intake import (
    DelegationGiven,
    DelegationRevoked,
    EntryWithdrawn,
    LeaveEnded,
    LeaveGranted,
    PostLeft,
    PostTaken,
    UnitDissolved,
    UnitEstablished,
    UnitRenamed,
)
from shared.standard import Standard
from shared.terms import Channel, LeaderRank
from tests.sample import LI, TOWN, WANG, day, registered
from tests.spec import Spec, recorded

ZHAO = Official(id="zhao", name="赵某", post="镇长")
OTHER_UNIT = "unit-00000000000000ff"
HERE = UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01"))
HEAD = PostTaken(
    holding_id="h-1", official=WANG, since=day("2024-03-01"), rank=LeaderRank.MAIN, heads_unit=True, remit="全面工作"
)
DEPUTY = PostTaken(holding_id="h-2", official=LI, since=day("2024-05-01"), rank=LeaderRank.TEAM, remit="信访、农业")
LEFT = PostLeft(holding_id="h-1", left_on=day("2026-06-01"))
AWAY = LeaveGranted(
    leave_id="l-1",
    official_id="wang",
    granted_on=day("2026-04-01"),
    first_day=day("2026-04-06"),
    last_day=day("2026-04-20"),
)
GIVEN = DelegationGiven(
    delegation_id="d-1",
    official_id="wang",
    delegate=LI,
    given_on=day("2026-04-01"),
    first_day=day("2026-04-06"),
    last_day=day("2026-04-20"),
)
IN_POST = (HERE, HEAD, DEPUTY)

EXAMPLES: dict[type[UnitCommand], tuple[tuple[Fact, ...], Fact]] = {
    EstablishUnit: ((), HERE),
    RenameUnit: ((HERE,), UnitRenamed(name="柳林街道", renamed_on=day("2025-01-01"), reason="撤镇设街道")),
    DissolveUnit: (
        (HERE,),
        UnitDissolved(dissolved_on=day("2025-06-01"), reason="机构改革", successor=OTHER_UNIT),
    ),
    WithdrawEntry: (IN_POST, EntryWithdrawn(entry=3, withdrawn_on=day("2026-05-01"), reason="任职日期有误")),
    TakePost: ((HERE,), HEAD),
    LeavePost: (IN_POST, LEFT),
    GrantLeave: (IN_POST, AWAY),
    EndLeave: ((*IN_POST, AWAY), LeaveEnded(leave_id="l-1", returned_on=day("2026-04-15"))),
    GiveDelegation: (IN_POST, GIVEN),
    RevokeDelegation: ((*IN_POST, GIVEN), DelegationRevoked(delegation_id="d-1", revoked_on=day("2026-04-10"))),
}
"""For each command: what happened before, and the fact that it leads to. A command says what its fact says."""


def command(kind: type[UnitCommand], **other: Any) -> UnitCommand:
    """A command of this kind, as its example gives it."""
    return kind(**{**EXAMPLES[kind][1].model_dump(), **other})


@pytest.fixture
def intake_(standard: Standard) -> Spec[Kept]:
    return Spec(intake(standard))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_command_leads_to_its_fact(intake_: Spec[Kept], kind: type[UnitCommand]) -> None:
    before, fact = EXAMPLES[kind]
    intake_.given(*before).when(command(kind)).then(fact)


def test_every_command_about_units_has_its_example(standard: Standard) -> None:
    assert {kind for kind in intake(standard).commands if kind.history == "unit"} == EXAMPLES.keys()


def test_a_post_that_is_over_is_entered_with_its_end(intake_: Spec[Kept]) -> None:
    intake_.given(HERE).when(command(TakePost, left_on=day("2026-06-01"))).then(HEAD, LEFT)
    intake_.given(HERE, HEAD).when(command(TakePost, left_on=day("2026-06-01"))).then(LEFT)


def test_a_successor_takes_the_post_on_the_day_on_which_it_is_left(intake_: Spec[Kept]) -> None:
    after = PostTaken(
        holding_id="h-3", official=ZHAO, since=day("2026-06-01"), rank=LeaderRank.MAIN, heads_unit=True, remit=""
    )
    intake_.given(*IN_POST, LEFT).when(TakePost(**after.model_dump())).then(after)


def test_a_wrong_entry_is_withdrawn_and_said_anew(intake_: Spec[Kept]) -> None:
    withdrawn = EntryWithdrawn(entry=2, withdrawn_on=day("2026-05-01"), reason="日期有误")
    right = HEAD.model_copy(update={"holding_id": "h-1b", "since": day("2024-04-01")})
    intake_.given(*IN_POST, withdrawn).when(TakePost(**right.model_dump())).then(right)


def test_a_wrong_withdrawal_is_itself_withdrawn(intake_: Spec[Kept]) -> None:
    wrong = EntryWithdrawn(entry=2, withdrawn_on=day("2026-05-01"), reason="误操作")
    back = EntryWithdrawn(entry=4, withdrawn_on=day("2026-05-02"), reason="原记录无误")
    intake_.given(*IN_POST, wrong).when(WithdrawEntry(**back.model_dump())).then(back)
    state = intake_.given(*IN_POST, wrong, back).state
    assert getattr(state, "head_on")(day("2026-05-03")) == WANG  # noqa: B009 - a state of either kind


def test_a_wrong_establishment_is_withdrawn_and_the_posts_stay(intake_: Spec[Kept]) -> None:
    withdrawn = EntryWithdrawn(entry=1, withdrawn_on=day("2026-05-01"), reason="属地有误")
    right = HERE.model_copy(update={"region": "610499101"})
    intake_.given(*IN_POST, withdrawn).when(EstablishUnit(**right.model_dump())).then(right)
    intake_.given(*IN_POST, withdrawn).when(command(LeavePost)).then_rejected("no-such-unit")


REFUSALS: list[tuple[str, tuple[Fact, ...], UnitCommand]] = [
    ("no-such-unit", (), command(TakePost)),
    ("already-established", (HERE,), command(EstablishUnit, region="610499101")),
    (
        "already-dissolved",
        (HERE, EXAMPLES[DissolveUnit][1]),
        command(DissolveUnit, dissolved_on=day("2025-05-01")),
    ),
    ("no-such-entry", IN_POST, command(WithdrawEntry, entry=9)),
    ("before-established", (HERE,), command(TakePost, since=day("2009-12-31"))),
    ("unit-dissolved", (HERE, EXAMPLES[DissolveUnit][1]), command(TakePost, since=day("2025-06-02"))),
    ("id-taken", IN_POST, command(TakePost, since=day("2024-03-02"), heads_unit=False)),
    ("head-held", IN_POST, command(TakePost, holding_id="h-3", official=ZHAO, since=day("2026-06-01"))),
    (
        "head-held",
        IN_POST,
        command(TakePost, holding_id="h-3", official=ZHAO, since=day("2020-01-01"), left_on=day("2024-03-02")),
    ),
    ("left-before-taken", (HERE,), command(TakePost, left_on=day("2024-02-01"))),
    ("left-before-taken", IN_POST, command(LeavePost, left_on=day("2024-02-01"))),
    ("no-such-holding", IN_POST, command(LeavePost, holding_id="h-9")),
    ("not-in-post", IN_POST, command(GrantLeave, official_id="zhao")),
    ("not-in-post", (*IN_POST, PostLeft(holding_id="h-1", left_on=day("2026-04-06"))), command(GrantLeave)),
    ("ends-before-it-begins", IN_POST, command(GrantLeave, last_day=day("2026-04-05"))),
    ("no-such-leave", (*IN_POST, AWAY), command(EndLeave, returned_on=day("2026-04-21"))),
    ("not-in-post", IN_POST, command(GiveDelegation, official_id="zhao")),
    ("delegated-to-oneself", IN_POST, command(GiveDelegation, delegate=WANG)),
    ("no-such-delegation", IN_POST, command(RevokeDelegation)),
    ("in-the-future", (HERE,), command(TakePost, since=day("2026-11-21"))),
    (
        "entry-withdrawn",
        (*IN_POST, EntryWithdrawn(entry=2, withdrawn_on=day("2026-05-01"), reason="误录")),
        command(TakePost),
    ),
    (
        "entry-withdrawn",
        (*IN_POST, EntryWithdrawn(entry=1, withdrawn_on=day("2026-05-01"), reason="误录")),
        command(EstablishUnit),
    ),
]


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[f"{r[0]}-{n}" for n, r in enumerate(REFUSALS)])
def test_what_is_refused(intake_: Spec[Kept], rule: str, before: tuple[Fact, ...], asked: UnitCommand) -> None:
    intake_.given(*before).when(asked).then_rejected(rule)


def test_a_unit_does_not_follow_upon_itself(standard: Standard) -> None:
    own = "unit-0000000000000001"
    facts = [recorded(HERE, 1, own)]
    asked = command(DissolveUnit, successor=own)
    Spec(intake(standard)).given(*facts).when(asked).then_rejected("succeeds-itself")


@pytest.mark.parametrize("asked", [command(EstablishUnit), command(RenameUnit, name="青石镇")])
def test_no_two_units_of_a_place_bear_one_name(standard: Standard, asked: UnitCommand) -> None:
    others = [
        recorded(HERE, 1, "unit-0000000000000001"),
        recorded(HERE.model_copy(update={"name": "青石镇"}), 1, "unit-0000000000000002"),
    ]
    spec = Spec(intake(standard, lambda: Directory().plus(others)))
    before = [] if isinstance(asked, EstablishUnit) else [recorded(HERE, 1, "unit-0000000000000001")]
    spec.given(*before).when(asked).then_rejected("name-taken")


def test_a_case_is_no_unit_and_a_unit_no_case(intake_: Spec[Kept]) -> None:
    intake_.given(registered("2026-01-05")).when(command(EstablishUnit)).then_rejected("not-a-unit")
    repeat = LinkRepeatPetition(petition_id="p-1", channel=Channel.VISIT, received_on=day("2026-02-01"))
    intake_.given(HERE).when(repeat).then_rejected("no-such-case")


def test_a_unit_belongs_to_its_region_also_while_that_is_being_corrected(standard: Standard) -> None:
    decider = intake(standard)
    withdrawn = EntryWithdrawn(entry=1, withdrawn_on=day("2026-05-01"), reason="属地有误")
    for facts in ((HERE,), (HERE, withdrawn)):
        scope = decider.scope(Spec(decider).given(*facts).state)
        assert scope is not None
        assert scope.region == "610499"
