"""经办: who has had a hand in a case, and whom it is put into. Pure."""

from shared.events import Official
from shared.events.casework import (
    AidGranted,
    CaseworkFact,
    ClosureReviewed,
    EvidenceTaken,
    ExtensionApproved,
    InquiryReported,
    LeaderAssigned,
    LeaderReplaced,
    LookedBack,
    OpinionIssued,
    ResponsibilityFixed,
    ReviewDecided,
    TaskForceFormed,
    VisitLogged,
)
from shared.terms import VisitKind


def handled_by(fact: CaseworkFact) -> tuple[Official, ...]:
    """Whose work on the case a fact shows. A return visit is none: it asks how the work of others turned out."""
    match fact:
        case VisitLogged(kind=VisitKind.RETURN):
            return ()
        case VisitLogged(official=who) | EvidenceTaken(official=who):
            return (who,)
        case _:
            return _put_into_hands_of(fact)


def decided_by(fact: CaseworkFact) -> tuple[Official, ...]:
    """Whom a fact makes responsible for the case, or lets decide in it. What somebody is said to have done is neither."""
    match fact:
        case ReviewDecided(reviewer=who) | ClosureReviewed(reviewer=who) | LookedBack(official=who):
            return (who,)
        case ExtensionApproved(approved_by=who) | AidGranted(approved_by=who):
            return (who,)
        case _:
            return _put_into_hands_of(fact)


def _put_into_hands_of(fact: CaseworkFact) -> tuple[Official, ...]:
    match fact:
        case LeaderAssigned(leader=who) | LeaderReplaced(leader=who) | OpinionIssued(signed_by=who):
            return (who,)
        case ResponsibilityFixed(handlers=handlers):
            return handlers
        case TaskForceFormed(head=head, members=members):
            return (head, *members)
        case InquiryReported(votes=votes):
            return tuple(vote.official for vote in votes)
        case _:
            return ()
