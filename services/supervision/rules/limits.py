"""超期与延期: the time limit of Art 34 (T5), which extensions of it count (T6), and one that only bought time (T7). Pure."""

from collections.abc import Iterable
from datetime import date

from services.supervision.cited import Cited
from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.idling import why_not
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, Words, after, evidence, quiet, shown
from shared.deadlines import overdue
from shared.events import Fact
from shared.events.casework import ClockResumed, ClockSuspended, ExtensionApproved, OpinionServed, ReviewDecided
from shared.events.intake import NoticeOfAcceptanceServed, RouteDetermined
from shared.handling import takes_up, why_void
from shared.policy.rules import DayRule, PlainRule
from shared.redone import quashes
from shared.replies import elsewhere, leaving, unanswered

Extension = Noted[ExtensionApproved]


def late(matter: Matter, rule: PlainRule) -> Verdict:
    """超期未办结: past the 60 days of Art 34 with no reply served and no valid extension.

    Only a claim in the petition procedure has them (Arts 29-31): anything else is not late by them. They run from acceptance, and
    whoever told the person that it was taken up has taken it up; from the relapse when a closed case is open again; anew from
    the day on which a review quashed the reply. The limit is that of the policy in force when they began to run. Another road that
    is taken when the limit has passed takes nothing back: the person is told of it in a reply.
    """
    dossier, standard = matter.dossier, matter.standard
    if dossier.closed:
        return CLOSED
    start, left = _running_from(dossier), _leaving(dossier)
    if dossier.other_procedure and (start is None or left is None):
        return quiet(*dossier.other_procedure)
    if start is None:
        return quiet("尚未受理，办理期限未起算", "not accepted yet: the time limit does not run")
    replies = _replies(dossier, start)
    if not dossier.elsewhere and _answered(dossier, start):
        return quiet(f"已于 {replies[-1].on} 送达答复", f"a reply was served on {replies[-1].on}")
    policy = standard.policy_on(start.on)
    stood_still = dossier.stood_still
    due = standard.handling(start.on, suspensions=stood_still).due
    counted = [evidence(start, f"起算点，期限按 {policy.version}", f"the start; limit of {policy.version}")]
    if stood_still:
        stops = (noted for noted in dossier.round if isinstance(noted.fact, ClockSuspended | ClockResumed))
        counted += (evidence(noted, "期限中止、恢复", "the clock stood still, or ran again") for noted in stops)
    valid, invalid = _extensions(dossier, start, due, policy.limits.extension_max)
    days, note = (valid.fact.days, f"{valid.fact.approved_by.name}于 {valid.on} 批准") if valid else (0, "")
    counted += [_counts(valid)] if valid else []
    ignored = [evidence(noted, *why) for noted, why in invalid]
    deadline = standard.handling(start.on, days, note, stood_still)
    if left is not None and dossier.other_procedure:
        if not overdue(deadline, left.on):
            return quiet(*dossier.other_procedure)
        counted.append(evidence(left, "期限届满后才改走其他途径", "another road, when the limit had passed"))
    which = unanswered((noted.fact for noted in replies), dossier.demands, _elsewhere_by(dossier, deadline.due))
    if replies and not which:
        return quiet(f"已于 {replies[-1].on} 送达答复", f"a reply was served on {replies[-1].on}")
    n = (matter.today - deadline.due).days if deadline.due else 0
    but, but_en = "", ""
    if ignored:
        but, but_en = f"（{len(ignored)} 次延期无效，不计）", f" (invalid extensions, not counted: {len(ignored)})"
    lacking, lacking_en = "没有送达书面答复", "no written reply served"
    if replies:
        counted += [evidence(noted, "只答复了部分诉求", "answers some of the demands") for noted in replies]
        lacking = f"第 {'、'.join(map(str, which))} 项诉求没有送达书面答复"
        lacking_en = f"no written reply served to demand {', '.join(map(str, which))}"
    return after(
        deadline,
        matter.today,
        lambda: (
            f"办理期限 {deadline.due} 已过 {n} 天，{lacking}{but}",
            f"{n} days past the limit of {deadline.due} and {lacking_en}{but_en}",
        ),
        lambda: (f"最迟应在 {deadline.due} 办结{but}", f"due by {deadline.due}{but_en}"),
        counted,
        ignored,
    )


def _running_from(dossier: Dossier) -> Noted[Fact] | None:
    """What the limit runs from; None while it does not."""
    opened = dossier.relapse or dossier.accepted
    return limit_start(dossier.here(ReviewDecided), opened, dossier.all(NoticeOfAcceptanceServed), dossier.unit)


def limit_start(
    said: Iterable[Noted[Fact]],
    opened: Noted[Fact] | None,
    told: Iterable[Noted[NoticeOfAcceptanceServed]],
    unit: str,
) -> Noted[Fact] | None:
    """期限起算: the last quashing among what was said in a round; else what opened that round, its relapse or the acceptance; else
    the first notice by which the unit took the matter up. None while there is none of these.
    """
    if quashed := [noted for noted in said if quashes(noted.fact)]:
        return quashed[-1]
    ours = (noted for noted in told if takes_up(noted.fact, unit) and not noted.imported)
    return opened or next(ours, None)


def _leaving(dossier: Dossier) -> Noted[Fact] | None:
    """By what the claim left the petition procedure for the road that it takes now; None while it has not."""
    if dossier.route is None or not dossier.is_claim:
        return None
    roads = dossier.all(RouteDetermined)
    left = leaving(noted.fact for noted in roads)
    return next((noted for noted in roads if noted.fact is left), None)


def _elsewhere_by(dossier: Dossier, due: date | None) -> frozenset[int]:
    """Which demands take a road of their own, and took it before the limit had passed."""
    if due is None or not dossier.elsewhere:
        return dossier.elsewhere
    return dossier.elsewhere & elsewhere(noted.fact for noted in dossier.all(RouteDetermined) if noted.on <= due)


def _replies(dossier: Dossier, start: Noted[Fact]) -> list[Noted[OpinionServed]]:
    """The replies that were served in this round; what was quashed answers nobody."""
    served = dossier.here(OpinionServed)
    return [n for n in served if n.place > start.place] if isinstance(start.fact, ReviewDecided) else served


def _answered(dossier: Dossier, start: Noted[Fact]) -> bool:
    """Whether every demand that takes this road has been answered."""
    replies = [noted.fact for noted in _replies(dossier, start)]
    return bool(replies) and not unanswered(replies, dossier.demands, dossier.elsewhere)


def _extensions(
    dossier: Dossier, start: Noted[Fact], due: date | None, most: int
) -> tuple[Extension | None, list[tuple[Extension, Words]]]:
    """The extension of this round that counts, and those that do not, each with the reason."""
    valid: Extension | None = None
    invalid: list[tuple[Extension, Words]] = []
    granted = [noted for noted in dossier.here(ExtensionApproved) if noted.on >= start.on]
    for noted in granted:
        why = why_void(noted.fact, due, most, taken=valid is not None)
        if why is None:
            valid = noted
        else:
            invalid.append((noted, why))
    return valid, invalid


def _counts(valid: Extension) -> Cited:
    """How a verdict names the extension that counts, and what the ledger that claims it leaves unsaid: who approved it, and why
    (Art 34). A ledger puts down the unit where it knows of no person; that accuses nobody.
    """
    zh, en = "有效延期", "a valid extension"
    if valid.imported:
        official = valid.fact.approved_by
        lacks = [("批准人", "who approved it")] if official.id == f"{official.name}/{official.name}" else []
        lacks += [("理由", "why")] if not valid.fact.reason else []
        if lacks:
            zh += f"；台账未载{'、'.join(word for word, _ in lacks)}，须由人核对"
            en += f"; the ledger does not say {' and '.join(word for _, word in lacks)}: for a human to look up"
    return evidence(valid, zh, en)


def invalid_extension(matter: Matter, rule: PlainRule) -> Verdict:
    """延期无效: an extension that Art 34 does not allow: too long, too late, a second one, or nobody told the person why.

    It shows while the limit runs: a reply that is served, and a closing, leave it to the file.
    """
    dossier, standard = matter.dossier, matter.standard
    if dossier.closed:
        return CLOSED
    if dossier.other_procedure:
        return quiet(*dossier.other_procedure)
    start = _running_from(dossier)
    if start is None or not dossier.here(ExtensionApproved) or _answered(dossier, start):
        return NONE_GRANTED
    due = standard.handling(start.on, suspensions=dossier.stood_still).due
    valid, invalid = _extensions(dossier, start, due, standard.policy_on(start.on).limits.extension_max)
    if valid is None and not invalid:
        return NONE_GRANTED
    if valid is not None and not invalid:
        says = _counts(valid)
        return quiet(says.why_zh, says.why_en)._replace(counted=(says,))
    why = "；".join(zh for _, (zh, _) in invalid), "; ".join(en for _, (_, en) in invalid)
    return shown(
        f"{len(invalid)} 次延期无效：{why[0]}",
        f"invalid extensions: {len(invalid)} ({why[1]})",
        invalid[0][0].on,
        [evidence(noted, *said) for noted, said in invalid],
        [f"原到期日 {due} / due on {due} before it"],
        [_counts(valid)] if valid else (),
    )


NONE_GRANTED = quiet("办理期限没有正在计算的延期", "no extension of a limit that runs")


def last_day_extension(matter: Matter, rule: DayRule) -> Verdict:
    """临期延期: the limit was extended within so many days of its end, and nothing of substance had been done until then."""
    dossier, standard = matter.dossier, matter.standard
    if dossier.closed:
        return CLOSED
    if dossier.other_procedure:
        return quiet(*dossier.other_procedure)
    start = _running_from(dossier)
    granted = [noted for noted in dossier.here(ExtensionApproved) if start is not None and noted.on >= start.on]
    if start is None or not granted or _answered(dossier, start):
        return NONE_GRANTED
    extension, due = granted[0], standard.handling(start.on, suspensions=dossier.stood_still).due
    if due is None or not 0 <= (left := (due - extension.on).days) < rule.days:
        return quiet("不是临期延期", "not extended in its last days")
    before = [noted for noted in dossier.round if start.place < noted.place < extension.place]
    progress = matter.policy.progress
    if done := [noted for noted in before if why_not(progress, noted.fact) is None]:
        return quiet(f"延期前于 {done[-1].on} 有{done[-1].label}", f"before it, on {done[-1].on}: {done[-1].label_en}")
    reasons = ((noted, why_not(progress, noted.fact)) for noted in before)
    return shown(
        f"受理后未见实质进展，距到期 {left} 天时批准延期",
        f"extended {left} days before the limit ended, with no progress until then",
        extension.on,
        [evidence(start, "起算点", "the start"), evidence(extension, "临期延期", "extended in its last days")],
        [f"{due} - {extension.on} = {left} 日 < {rule.days} 日 / {left} days < {rule.days}"],
        [evidence(noted, why.zh, why.en) for noted, why in reasons if why],
    )


RULES = (
    Rule("overdue", "T5", PlainRule, late, stalls=True),
    Rule("invalid-extension", "T6", PlainRule, invalid_extension, (ExtensionApproved,), NONE_GRANTED),
    Rule("last-day-extension", "T7", DayRule, last_day_extension, (ExtensionApproved,), NONE_GRANTED),
)
