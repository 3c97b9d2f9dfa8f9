"""超期: the time limit of Art 34, and which extensions of it count (T5, T6). Pure."""

from datetime import date

from services.supervision.dossier import Noted
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, Words, after, evidence, quiet
from shared.events import Fact
from shared.events.casework import ClockResumed, ClockSuspended, ExtensionApproved, OpinionServed
from shared.standard import suspensions
from shared.terms import Route


def late(matter: Matter) -> Verdict:
    """超期未办结: past the 60 days of Art 34 with no reply served and no valid extension.

    Only the petition procedure has them (Art 31): a matter on another road is not late by them. They run from acceptance;
    from the relapse when a closed case is open again. The limit is that of the policy in force when they began to run.
    """
    dossier, standard = matter.dossier, matter.standard
    if dossier.closed:
        return CLOSED
    if (routed := dossier.route) is not None and routed.fact.route is not Route.PETITION:
        return quiet(
            f"自 {routed.on} 起走{routed.fact.route.label}，不适用信访程序的 60 日期限",
            f"since {routed.on} it takes another road ({routed.fact.route}): the 60 days do not apply",
        )
    start: Noted[Fact] | None = dossier.relapse or dossier.accepted
    if start is None:
        return quiet("尚未受理，办理期限未起算", "not accepted yet: the time limit does not run")
    if replies := [noted for noted in dossier.round if isinstance(noted.fact, OpinionServed)]:
        return quiet(f"已于 {replies[-1].on} 送达答复", f"a reply was served on {replies[-1].on}")
    policy = standard.policy_on(start.on)
    stood_still = suspensions(noted.fact for noted in dossier.round)
    due = standard.handling(start.on, suspensions=stood_still).due
    counted = [evidence(start, f"起算点，期限按 {policy.version}", f"the start; limit of {policy.version}")]
    ignored = []
    stops = (noted for noted in dossier.round if isinstance(noted.fact, ClockSuspended | ClockResumed))
    counted += (evidence(noted, "期限中止、恢复", "the clock stood still, or ran again") for noted in stops)
    days, note = 0, ""
    for noted in dossier.round:
        if not isinstance(noted.fact, ExtensionApproved):
            continue
        why = _invalid(noted.fact, due, policy.limits.extension_max, taken=days > 0)
        if why is None:
            days, note = noted.fact.days, f"{noted.fact.approved_by.name}于 {noted.on} 批准"
            counted.append(evidence(noted, "有效延期", "a valid extension"))
        else:
            ignored.append(evidence(noted, *why))
    deadline = standard.handling(start.on, days, note, stood_still)
    n = (matter.today - deadline.due).days if deadline.due else 0
    invalid, invalid_en = "", ""
    if ignored:
        invalid, invalid_en = (
            f"（{len(ignored)} 次延期无效，不计）",
            f" (invalid extensions, not counted: {len(ignored)})",
        )
    return after(
        deadline,
        matter.today,
        (
            f"办理期限 {deadline.due} 已过 {n} 天，没有送达书面答复{invalid}",
            f"{n} days past the limit of {deadline.due} and no written reply served{invalid_en}",
        ),
        (f"最迟应在 {deadline.due} 办结{invalid}", f"due by {deadline.due}{invalid_en}"),
        counted,
        ignored,
    )


def _invalid(extension: ExtensionApproved, due: date | None, most: int, *, taken: bool) -> Words | None:
    """Why an extension does not count (sign T6, Art 34); None when it does."""
    if taken:
        return "只能延期一次", "there is one extension only"
    if extension.days > most:
        return f"{extension.days} 日，超过 {most} 日", f"{extension.days} days, more than {most}"
    if due is not None and extension.approved_on > due:
        return f"期限 {due} 届满后才批准", f"approved after the limit of {due}"
    if extension.told_on is None:
        return "未向信访人告知理由", "the person was not told why"
    return None
