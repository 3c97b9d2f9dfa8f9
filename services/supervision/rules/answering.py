"""督办不理、建议不反馈、答复不实: what follows from supervision's own words (I12, I13, I14, C17). Pure."""

from services.supervision.cited import Cited
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, Words, evidence, quiet
from shared.events.casework import OpinionServed
from shared.events.supervision import InspectionHeld, SuggestionAnswered, SuggestionMade
from shared.policy.rules import PlainRule
from shared.terms import Missed
from shared.workdays import DAY

HEEDED = ("没有逾期未答复的督办通知", "no notice went unanswered")
RECTIFIED = ("没有逾期的整改", "no deed is past its day")
AS_SEEN = quiet("实地督查未发现与答复不符", "no inspection saw otherwise than the replies say")
ANSWERED = quiet("没有未反馈的建议", "no suggestion waits for an answer")


def unheeded(matter: Matter, table: PlainRule) -> Verdict:
    """督办不理: the day to answer a live notice, or one that it follows, went by. It ends with the notice."""
    return _lapsed(
        matter,
        (Missed.ANSWER,),
        "督办通知的答复期限 {by} 已过，没有按期答复",
        "the day to answer a notice, {by}, went by without an answer",
        ("在办通知最迟 {by} 应答复", "the live notice is to be answered by {by}"),
        HEEDED,
    )


def not_rectified(matter: Matter, table: PlainRule) -> Verdict:
    """整改逾期: the day by which the deed was to be done, or done once more (整改补课), went by. It ends with the notice.

    A report without proof is not taken in at all; whether the proof holds is a supervisor's word, and what they hold to be
    not done is to be made up for by a day.
    """
    return _lapsed(
        matter,
        (Missed.RECTIFICATION, Missed.REDO),
        "整改期限 {by} 已过，没有报告整改",
        "the day for the deed, {by}, went by and nothing was reported as done",
        ("最迟 {by} 应完成整改", "the deed is to be done by {by}"),
        RECTIFIED,
    )


def _lapsed(matter: Matter, owed: tuple[Missed, ...], zh: str, en: str, ahead: Words, none: Words) -> Verdict:
    """Whether a day on which something of this kind was owed went by, in a live notice or in those that it follows."""
    words = matter.dossier.words
    for course in words.live:
        lapsed = (*course.before, course) if words.lapsed(course, matter.today) else course.before
        for one in lapsed:
            if one.owed in owed and (by := one.keep_by) is not None:
                return Verdict(
                    True,
                    zh.format(by=by),
                    en.format(by=by),
                    since=by + DAY,
                    counted=(one.told,),
                    arithmetic=(f"{by} < {by + DAY}",),
                )
    running = [course.keep_by for course in words.live if course.owed in owed and course.keep_by is not None]
    if coming := [day for day in running if day >= matter.today]:
        by = min(coming)
        return Verdict(False, ahead[0].format(by=by), ahead[1].format(by=by), changes_on=by + DAY)
    return quiet(*none)


def unanswered(matter: Matter, table: PlainRule) -> Verdict:
    """建议不反馈: whoever was given a suggestion did not say in time whether it is adopted (信访工作条例 Art 40 ¶4)."""
    words = matter.dossier.words
    answered = {fact.suggestion_id for fact in words.all(SuggestionAnswered)}
    waiting = [fact for fact in words.all(SuggestionMade) if fact.suggestion_id not in answered]
    late = [fact for fact in waiting if fact.due_on < matter.today]
    coming = min((fact.due_on for fact in waiting if fact not in late), default=None)
    turns = coming and coming + DAY
    if late:
        first = min(late, key=lambda fact: (fact.due_on, fact.suggestion_id))
        return Verdict(
            True,
            f"{first.addressed_to}未在 {first.due_on} 前书面反馈建议采纳情况",
            f"{first.addressed_to} did not answer a suggestion by {first.due_on}",
            since=first.due_on + DAY,
            changes_on=turns,
            counted=tuple(
                Cited(id=words.id_of(fact), type="SuggestionMade", on=fact.made_on, why_zh="建议", why_en="suggested")
                for fact in late
            ),
            arithmetic=tuple(f"{fact.made_on} → {fact.due_on}" for fact in late),
        )
    if coming is not None:
        return Verdict(
            False, f"建议最迟 {coming} 反馈", f"a suggestion is to be answered by {coming}", changes_on=turns
        )
    return ANSWERED


def differs(matter: Matter, table: PlainRule) -> Verdict:
    """答复不实: an inspection saw otherwise than the reply says. It ends with another reply, served later than the inspection (to
    hand the same paper over once more is none), or when another inspection at the same place sees what the reply says.
    """
    words = matter.dossier.words
    held = [fact for fact in words.all(InspectionHeld) if fact.differences and fact.held_on <= matter.today]
    if not held:
        return AS_SEEN
    last = max(held, key=lambda fact: (fact.held_on, fact.inspection_id))
    since = [fact for fact in words.all(InspectionHeld) if last.held_on < fact.held_on <= matter.today]
    if mended := [fact for fact in since if fact.place == last.place]:
        on = max(fact.held_on for fact in mended)
        return quiet(f"{on} 再次实地督查，与答复相符", f"on {on} another inspection saw what the reply says")
    served = matter.dossier.all(OpinionServed)
    known = {noted.fact.number for noted in served if noted.on <= last.held_on}
    reply = next((noted for noted in reversed(served) if noted.fact.number not in known), None)
    if reply is not None:
        return quiet(
            f"实地督查之后，{reply.on} 已重新答复", f"a new reply was served on {reply.on}, after the inspection"
        )
    by_id = {noted.id: noted for noted in matter.dossier.facts}
    replies = [by_id[d.fact] for d in last.differences if d.fact in by_id]
    n = len(last.differences)
    return Verdict(
        True,
        f"{last.held_on} 实地督查发现 {n} 处与答复不符：{last.differences[0].seen}",
        f"an inspection on {last.held_on} saw otherwise than the reply says; differences: {n}",
        since=last.held_on,
        counted=(
            Cited(id=words.id_of(last), type="InspectionHeld", on=last.held_on, why_zh="所见", why_en="what was seen"),
            *(evidence(noted, "所称", "what was said") for noted in replies),
        ),
        arithmetic=(f"{n} 处不符 / differences",),
    )


RULES = (
    Rule("reply-differs", "C17", PlainRule, differs, absent=AS_SEEN, of_words=True),
    Rule("notice-unheeded", "I12", PlainRule, unheeded, absent=quiet(*HEEDED), aftermath=True, of_words=True),
    Rule("not-rectified", "I14", PlainRule, not_rectified, absent=quiet(*RECTIFIED), aftermath=True, of_words=True),
    Rule("suggestion-unanswered", "I13", PlainRule, unanswered, absent=ANSWERED, aftermath=True, of_words=True),
)
