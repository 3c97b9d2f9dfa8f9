"""A year of which nobody has said on which days people work silences the rules that need it, and no other."""

from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from deploy.replaying import ALWAYS
from services.supervision.domain.judging import next_moment
from services.supervision.domain.sweeps import SWEEPS
from services.supervision.queries import derivation, dossier_of
from services.supervision.replay import compared
from shared.bus import origin_of
from shared.events.supervision import FindingRaised, FindingResolved, SweepCompleted
from shared.standard import Standard
from shared.workdays import Calendar, UnknownYear
from tests.sample import accepted, dispatched, leader, registered, relapsed, visit
from tests.supervision.lives import concluded, diary, history, lived, moment, rewritten
from tests.supervision.planted import REGION
from tests.supervision.post import Post
from tests.supervision.watching import Days, county, log_of, once_more

UNKNOWN = 2150
"""A year that no package knows yet."""
LIFE = (
    registered(f"{UNKNOWN - 1}-11-20"),
    dispatched(f"{UNKNOWN - 1}-11-21"),
    accepted(f"{UNKNOWN - 1}-11-22"),
    leader(f"{UNKNOWN - 1}-11-22"),
    visit(f"{UNKNOWN - 1}-11-23"),
)
"""Its 60 days end in the year that nobody knows; it is idle from 24 December on."""
TOLD = Calendar({date(year, 1, 1): False for year in (UNKNOWN - 1, UNKNOWN)})


@pytest.fixture
def rolling(standard: Standard) -> Standard:
    """Limits that end on a rest day end after it: so each needs to know the days of its year."""

    def change(policy):  # type: ignore[no-untyped-def]  # a policy in, a policy out
        handling = policy.limits.handling
        rolls = type(handling)(handling.days, handling.unit, handling.start, "next-workday", handling.basis)
        return policy.model_copy(update={"limits": policy.limits.model_copy(update={"handling": rolls})})

    return rewritten(Standard(standard.policies, Calendar({date(UNKNOWN - 1, 1, 1): False})), change)


def knowing(rolling: Standard) -> Standard:
    """The same when somebody has said it."""
    return Standard(rolling.policies, TOLD)


def test_the_other_rules_go_on_and_the_pass_says_what_it_could_not_judge(rolling: Standard) -> None:
    """Found: a place that rolls its limits off rest days saw nothing of its new cases from November on."""
    days = Days([moment(f"{UNKNOWN - 1}-12-{n:02}", 0.2) for n in range(1, 32)], history(*LIFE))
    with county(days, rolling) as folder:
        assert "idle" in found(folder)
        assert "overdue" not in found(folder)
        sweeps = [p.recorded.fact for p in log_of(folder, SWEEPS) if isinstance(p.recorded.fact, SweepCompleted)]
        assert {tuple((skip.case_id, skip.reason) for skip in sweep.skipped) for sweep in sweeps} == {
            (("case-1", str(UnknownYear(UNKNOWN))),)
        }
        done = once_more(folder, rolling, ALWAYS)
        assert done.found
        assert list(compared("case-1", done, to_the_byte=True)) == []


async def test_the_pass_says_how_many_it_read_up_to_where_and_each_that_it_skipped(
    rolling: Standard, tmp_path: Path
) -> None:
    """Law 8, of several cases at once: none is left out of what was left out."""
    with closing(Post(tmp_path, rolling, date(UNKNOWN - 1, 12, 10))) as post:
        cannot = [f"case-{n}" for n in range(3)]
        await post.hear((name, fact) for name in cannot for fact in LIFE)
        await post.hear([("case-9", LIFE[0])])
        await post.watch.pass_over(post.evening)
        sweep = post.watch.last_sweep
    assert sweep is not None
    assert (sweep.cases, sweep.open_cases, sweep.units) == (4, 4, 2)
    assert (sweep.due, sweep.decided) == (4 + 2, 1 + 2)
    assert sorted((skip.case_id, skip.reason) for skip in sweep.skipped) == [
        (name, str(UnknownYear(UNKNOWN))) for name in cannot
    ]
    spoken = Counter(fact.speaker for fact in (*LIFE * 3, LIFE[0]))
    assert sweep.positions == {f"{origin_of(REGION, speaker)}.planted": many for speaker, many in spoken.items()}


def found(folder: Path) -> list[str]:
    return [p.recorded.fact.rule for p in log_of(folder) if isinstance(p.recorded.fact, FindingRaised)]


def test_it_is_explained_and_asked_again(rolling: Standard) -> None:
    asked = moment(f"{UNKNOWN - 1}-12-01")
    said = derivation(rolling, history(*LIFE), asked)
    overdue = next(entry for entry in said["rules"] if entry["rule"] == "overdue")
    assert not overdue["shows"]
    assert overdue["zh"] == UnknownYear(UNKNOWN).zh
    assert next_moment(rolling, dossier_of(history(*LIFE)), asked) == asked
    told = next_moment(knowing(rolling), dossier_of(history(*LIFE)), asked)
    assert told is not None
    assert told > asked


def test_what_was_found_is_not_taken_back_for_not_knowing(rolling: Standard) -> None:
    watched = lived(knowing(rolling), *LIFE, until=f"{UNKNOWN}-02-10")
    assert any(line.endswith("overdue") for line in diary(watched, FindingRaised))
    with pytest.raises(UnknownYear):
        concluded(rolling, watched.dossier, moment(f"{UNKNOWN}-02-10"))
    watched.standard = rolling
    for fact in history(relapsed(f"{UNKNOWN}-02-11")):
        watched.hear(fact)
    with pytest.raises(UnknownYear):
        watched.judge(moment(f"{UNKNOWN}-02-12"))
    assert not [line for line in diary(watched, FindingResolved) if line.endswith("overdue")]
