"""办理期限: by what the time limit of Art 34 runs, its last day, and which extensions of it count (sign T6). Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from shared.deadlines import Deadline
from shared.events import Fact
from shared.events.casework import ExtensionApproved
from shared.events.intake import NoticeOfAcceptanceServed
from shared.standard import Standard, suspensions


def takes_up(notice: NoticeOfAcceptanceServed, unit: str) -> bool:
    """Whether the unit took the matter up by this notice: whoever told the person so has, accepted or not. A note of why nobody
    could be told takes nothing up.
    """
    return notice.unit == unit and notice.how is not None


def limit(standard: Standard, start: date, said: Sequence[Fact]) -> Deadline:
    """The deadline of what began to run on `start`, with the extension that counts. `said` is what was said since the case was
    last opened, in the order of its days: the clock may have been stopped before the limit began anew.
    """
    granted, stood_still = extension(standard, start, said), suspensions(said)
    days, note = (granted.days, f"{granted.approved_by.name}批准") if granted else (0, "")
    return standard.handling(start, days, note, stood_still)


def extension(standard: Standard, start: date, said: Sequence[Fact]) -> ExtensionApproved | None:
    """The extension of it that counts; None while there is none."""
    due = standard.handling(start, suspensions=suspensions(said)).due
    most = standard.policy_on(start).limits.extension_max
    return next((fact for fact in granted(said, start) if why_void(fact, due, most) is None), None)


def granted(said: Iterable[Fact], start: date) -> Iterable[ExtensionApproved]:
    """What was granted since the limit began to run: what was granted of an earlier one ended with it."""
    return (fact for fact in said if isinstance(fact, ExtensionApproved) and fact.approved_on >= start)


def why_void(
    extension: ExtensionApproved, due: date | None, most: int, *, taken: bool = False
) -> tuple[str, str] | None:
    """Why an extension does not count (Art 34), in both languages; None when it does. `due` is the last day without it, `most`
    the days that it may have, `taken` whether another one counts already.
    """
    if taken:
        return "只能延期一次", "there is one extension only"
    if extension.days > most:
        return f"{extension.days} 日，超过 {most} 日", f"{extension.days} days, more than {most}"
    if due is not None and extension.approved_on > due:
        return f"期限 {due} 届满后才批准", f"approved after the limit of {due}"
    if extension.told_on is None:
        return "未向信访人告知理由", "the person was not told why"
    return None
