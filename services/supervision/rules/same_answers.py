"""答复雷同: the same answer once more, after it was quashed (C8), or when the matter came back (C7). Pure."""

from collections.abc import Sequence

from services.supervision.dossier import Dossier
from services.supervision.likeness import likeness
from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, Words, evidence, quiet, shown
from shared.events.casework import (
    CaseRelapsed,
    OpinionIssued,
    ReviewDecided,
)
from shared.policy.rules import LikenessRule
from shared.redone import quashes, redone, said_to

ANSWERED_ONCE = quiet("没有反弹之后重新作出的答复", "nothing was answered anew after it came back")
ANSWERED_ANEW = quiet("没有重作的答复", "no opinion was given anew after one was quashed")


def same_answer(matter: Matter, rule: LikenessRule) -> Verdict:
    """重作雷同: after an opinion was quashed, the new one says the same to a demand, or much the same (S3 Art 45). A human
    confirms it.
    """
    dossier = matter.dossier
    quashed = [noted for noted in dossier.all(ReviewDecided) if quashes(noted.fact)]
    opinions = dossier.all(OpinionIssued)
    if not quashed or len(opinions) < 2:
        return ANSWERED_ANEW
    decision = quashed[-1]
    before = [noted for noted in opinions if noted.place < decision.place]
    since = [noted for noted in opinions if noted.place > decision.place]
    most = _most_alike(before, since)
    if most is None:
        return ANSWERED_ANEW
    how, demand, old, new = most
    if how < rule.likeness:
        return quiet(f"重作的意见书与被撤销的不同（{how:.2f}）", f"given anew, and in other words ({how:.2f})")
    which, which_en = _which(dossier, demand)
    return shown(
        f"重作的意见书{which}与被撤销的基本相同（相似度 {how:.2f}）",
        f"the opinion given anew says the same{which_en} as the one that was quashed ({how:.2f})",
        new.on,
        [
            evidence(old, "被撤销的意见书", "the one that was quashed"),
            evidence(decision, "撤销", "quashed it"),
            evidence(new, "重作的意见书", "the one given anew"),
        ],
        [f"{how:.2f} ≥ {rule.likeness}"],
    )


def answered_as_before(matter: Matter, rule: LikenessRule) -> Verdict:
    """照搬旧答复: the matter came back after it was closed, and is answered in the words that had not settled it. Where these were
    quashed it is `same_answer` that shows.
    """
    dossier = matter.dossier
    reopening = dossier.reopening
    if reopening is None:
        return ANSWERED_ONCE
    opinions = [noted for noted in dossier.all(OpinionIssued) if not noted.imported]
    quashed = [noted.place for noted in dossier.all(ReviewDecided) if quashes(noted.fact)]
    before = [noted for noted in opinions if noted.place < reopening.place]
    before = [noted for noted in before if not any(noted.place < place for place in quashed)]
    most = _most_alike(before, [noted for noted in opinions if noted.place > reopening.place])
    if most is None:
        return ANSWERED_ONCE
    how, demand, old, new = most
    if how < rule.likeness:
        return quiet(
            f"反弹之后的答复与先前的不同（{how:.2f}）", f"answered in other words than before it came back ({how:.2f})"
        )
    which, which_en = _which(dossier, demand)
    return shown(
        f"反弹之后{which}的答复照搬先前的意见书（相似度 {how:.2f}）",
        f"it came back, and the answer{which_en} is in the words of the one before ({how:.2f})",
        new.on,
        [
            evidence(old, "先前的意见书", "the one before"),
            evidence(reopening, "反弹", "it came back"),
            evidence(new, "反弹之后的意见书", "the one since"),
        ],
        [f"{how:.2f} ≥ {rule.likeness}"],
    )


def _which(dossier: Dossier, demand: int) -> Words:
    """To which demand it was said, where there are several."""
    return (f"对第 {demand} 项诉求", f" to demand {demand}") if dossier.demands > 1 else ("", "")


Alike = tuple[float, int, Noted[OpinionIssued], Noted[OpinionIssued]]
"""How alike, to which demand, and which two opinions."""


def _most_alike(before: Sequence[Noted[OpinionIssued]], since: Sequence[Noted[OpinionIssued]]) -> Alike | None:
    """The two opinions that say most nearly the same to a demand, one of before and one given anew; None without such two."""
    opinion_of = {id(noted.fact): noted for noted in (*before, *since)}
    pairs = [
        (likeness(said_to(old, n), said_to(new, n)), n, opinion_of[id(old)], opinion_of[id(new)])
        for n, old, new in redone((noted.fact for noted in before), (noted.fact for noted in since))
    ]
    return max(pairs, key=lambda pair: (pair[0], -pair[1]), default=None)


RULES = (
    Rule("same-answer", "C8", LikenessRule, same_answer, (ReviewDecided,), ANSWERED_ANEW),
    Rule("answered-as-before", "C7", LikenessRule, answered_as_before, (CaseRelapsed,), ANSWERED_ONCE),
)
