"""见于外单位: a file (B5), or what was written (C7), had been another unit's in another case. Pure.

Casework finds it, by digests, in the transaction in which it is filed or written, and says so in the case: no case is held
against another here. Whose the other case is, is not said; a supervisor sees it in the register of papers.
"""

from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, evidence, quiet, shown
from shared.events.casework import (
    AnswerAgreed,
    DocumentFiled,
    DocumentWithdrawn,
    FileFoundElsewhere,
    OpinionIssued,
    TextFoundElsewhere,
)
from shared.policy.rules import CharactersRule, ProofRule

OWN_PAPERS = quiet("没有外单位案件的材料", "no paper that is another unit's")
OWN_WORDS = quiet("没有与外单位逐字相同的文字", "nothing that another unit wrote word for word")


def proof_elsewhere(matter: Matter, rule: ProofRule) -> Verdict:
    """材料跨单位使用: a paper of a kind that belongs to one case alone is a file that another unit had filed in one of its own. It
    ends when the paper is withdrawn.
    """
    dossier = matter.dossier
    found = {noted.fact.sha256: noted for noted in dossier.all(FileFoundElsewhere)}
    gone = {noted.fact.document_id for noted in dossier.all(DocumentWithdrawn)}
    papers = [
        noted
        for noted in dossier.all(DocumentFiled)
        if noted.fact.sha256 in found
        and noted.fact.kind in rule.kinds
        and noted.fact.document_id not in gone
        and not noted.imported
    ]
    if not papers:
        return OWN_PAPERS
    since = min(max(noted.on, found[noted.fact.sha256].on) for noted in papers)
    units = max(found[noted.fact.sha256].fact.units for noted in papers)
    return shown(
        f"{len(papers)} 份材料，外单位（{units} 个）已在其他案件归档过同一文件",
        f"papers that other units ({units}) had filed in cases of their own: {len(papers)}",
        since,
        [evidence(noted, noted.fact.kind.label, noted.fact.kind) for noted in papers],
    )


def text_elsewhere(matter: Matter, rule: CharactersRule) -> Verdict:
    """跨单位套用文本: an opinion, or the note of a visit, says word for word what another unit had written in another case.

    Where the units agreed on one answer to the person (统一答复口径, seed plan D1), an opinion may well repeat it: it is named, and
    not counted.
    """
    dossier = matter.dossier
    found = [noted for noted in dossier.all(TextFoundElsewhere) if noted.fact.characters >= rule.characters]
    texts = {noted.id: noted for noted in dossier.facts}
    held = [(noted, texts[noted.fact.fact]) for noted in found if noted.fact.fact in texts]
    agreed = dossier.first(AnswerAgreed)
    lawful = [text for _, text in held if agreed and isinstance(text.fact, OpinionIssued)]
    copied = [(noted, text) for noted, text in held if text not in lawful]
    excused = tuple(evidence(text, "统一答复口径", "one answer was agreed upon") for text in lawful)
    if not copied:
        return OWN_WORDS._replace(ignored=excused)
    longest = max(noted.fact.characters for noted, _ in copied)
    return shown(
        f"{len(copied)} 份意见书或走访记录与外单位其他案件逐字相同",
        f"opinions or notes of visits, word for word those of another unit: {len(copied)}",
        min(max(noted.on, text.on) for noted, text in copied),
        [evidence(text, f"逐字相同 {noted.fact.characters} 字", "word for word the same") for noted, text in copied],
        [f"{longest} ≥ {rule.characters}"],
        excused,
    )


RULES = (
    Rule("proof-elsewhere", "B5", ProofRule, proof_elsewhere, (FileFoundElsewhere,), OWN_PAPERS),
    Rule("text-elsewhere", "C7", CharactersRule, text_elsewhere, (TextFoundElsewhere,), OWN_WORDS, past=True),
)
