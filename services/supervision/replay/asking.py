"""提问: the clock's one question, and when it must be asked again, without working anything out twice. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.supervision.amended import amended_on
from services.supervision.domain import State, next_moment
from services.supervision.domain.campaign import Campaign
from services.supervision.domain.campaigns import FollowCampaign, follow_campaign
from services.supervision.domain.judging import changes_on, conclude, verdicts, with_words
from services.supervision.domain.units import AssessBook, Conduct, assess_book
from services.supervision.dossier import Dossier
from services.supervision.rules import Verdict
from services.supervision.unitbook import Library, empty
from shared.directory import Directory
from shared.events import Fact
from shared.standard import Standard
from shared.workdays import business_date, start_of


@dataclass(frozen=True)
class Answer:
    """What the clock says when it asks, and the verdicts from which it follows."""

    facts: Sequence[Fact] = ()
    verdicts: Mapping[str, Verdict] | None = None
    """None where there is nothing to judge."""


def ask(
    standard: Standard,
    directory: Callable[[], Directory],
    state: State,
    as_of: datetime,
    library: Library = empty,
) -> Answer:
    """Ask as of a moment. Of what a rule could not decide nothing is said, as nothing was said then."""
    if isinstance(state, Conduct):
        if library(state.name, business_date(as_of)) is None:
            return Answer()
        return Answer(assess_book(standard, directory, library, state, AssessBook(as_of=as_of, book=state.name)))
    if isinstance(state, Campaign):
        return Answer(follow_campaign(state, FollowCampaign(as_of=as_of)))
    if not isinstance(state, Dossier) or state.registered is None:
        return Answer()
    answers = verdicts(standard, state, as_of, directory)
    return Answer(conclude(standard, state, answers, as_of, directory), answers)


def again(
    standard: Standard, directory: Callable[[], Directory], state: State, answer: Answer | None, as_of: datetime
) -> datetime | None:
    """When a history must be asked again, once it has been asked as of a moment and holds what was said. None for never.

    Without an answer, now, if anything is still to be said.
    """
    if answer is None or not answer.verdicts or not isinstance(state, Dossier):
        return next_moment(standard, state, as_of, directory=directory)
    today, answers = business_date(as_of), answer.verdicts
    if answer.facts:
        answers = with_words(standard, state, today, answers)
    days = (changes_on(state, answers, standard.policy_on(today), today), amended_on(standard, state, today))
    return min((start_of(day) for day in days if day is not None), default=None)
