"""Notices and suggestions as letters: what they say, that they tell nothing of the person, and who gets them."""

import io
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from docx import Document

from deploy.node import TEMPLATES
from deploy.templates.make_templates import LETTERS, made
from services.supervision.wording import decision_words, notice_words, suggestion_words
from shared.events import Recorded
from shared.events.supervision import Addressee, BookOpened, NoticeIssued, NoticeSupplemented, NoticeWithdrawn
from shared.http import Problem
from shared.letters import PLACE, letter
from shared.standard import Standard
from shared.terms import NoticeLevel, Role, SuggestionKind, Treatment
from tests.house import House, house
from tests.sample import LI, OTHER, TOWN, WANG, day, leader, registered, reply, report, visit
from tests.supervision.account import (
    ANSWERED,
    FOUND,
    NOTICE,
    PROPOSED,
    REVOKED,
    SANCTIONED,
    SUGGESTED,
    TAKEN_BACK,
    UPHELD,
    WATCHED,
)
from tests.supervision.lives import Watched, history, lived, only
from tests.supervision.test_knock_on import MISSED, URGED

REGIONS = {"610499": "清河县"}
IDLE = (registered("2026-08-01"), leader("2026-08-02"), visit("2026-08-03"), reply("2026-08-03"), report("2026-08-20"))


def of_a_life(standard: Standard, *rules: str, until: str = "2026-09-30") -> tuple[Watched, list[Recorded]]:
    watched = lived(only(standard, *rules), *IDLE, until=until)
    return watched, [*history(*IDLE), *watched.said]


def lines(words: str | Sequence[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def test_a_reminder_says_what_is_found_why_and_until_when_to_answer(national: Standard) -> None:
    _, facts = of_a_life(national, "idle")
    said = notice_words(facts, "notice-1", national, REGIONS)
    assert {name: said[name] for name in ("organ", "title", "addressee", "issued_on", "before", "case_id")} == {
        "organ": "清河县信访部门",
        "title": "提醒函",
        "addressee": "柳林镇副镇长李某",
        "issued_on": "2026年9月3日",
        "before": "此前没有就上列问题督办。",
        "case_id": "case-1",
    }
    found = lines(said["findings"])
    assert found[0].startswith("1. 挂账空转（自2026年9月3日起）。")
    assert found[1].startswith("依据：")
    assert found[2].startswith("日期推算：起算 2026-08-03")
    assert "不计的事实：2026年8月20日" in found[-1]
    assert not any(" / " in line for line in found)
    asked = lines(said["asked"])
    assert asked[0].startswith("请于2026年9月13日前书面答复")
    assert asked[1].endswith("→ 2026-09-13，到期日2026年9月13日。")
    assert "15日完成整改" in asked[2]


def test_a_higher_rung_names_the_notices_before_it_and_the_days_that_were_missed(national: Standard) -> None:
    _, facts = of_a_life(national, "idle")
    said = notice_words(facts, "notice-3", national, REGIONS)
    assert said["title"] == "拟提出追责建议告知函"
    assert said["before"] == [
        "2026年9月3日发出提醒函（notice-1），2026年9月13日期满，未按期答复。",
        "2026年9月14日发出督办函（notice-2），2026年9月29日期满，未按期答复。",
    ]
    last = lines(said["asked"])[0]
    assert "由督查员认定属实的" in last  # no clock proposes that anybody be held to account
    assert "由有权处理的机关决定" in last
    assert notice_words(facts, "notice-2", national, REGIONS)["title"] == "督办函"


def test_a_letter_stays_what_it_was_whatever_is_said_later(national: Standard) -> None:
    watched, facts = of_a_life(national, "idle")
    issued = next(n for n, r in enumerate(facts) if isinstance(r.fact, NoticeIssued))
    assert notice_words(facts[: issued + 1], "notice-1", national, REGIONS) == notice_words(
        facts, "notice-1", national, REGIONS
    )
    assert watched.dossier.notice is not None


@pytest.mark.parametrize(
    ("addressee", "line"),
    [
        (Addressee(role="leader", name="李某 副镇长", unit=TOWN, person=LI), "柳林镇副镇长李某"),
        (
            Addressee(role="unit-head", name="…", unit=TOWN, person=WANG, acting=LI),
            "柳林镇镇长王某、副镇长李某（代）",
        ),
        (Addressee(role="unit-head", name="柳林镇主要负责人", unit=TOWN), "柳林镇主要负责人"),
        (Addressee(role="leader", name="副镇长李某", unit=TOWN), "柳林镇副镇长李某"),
        (Addressee(role="joint-meeting", name="信访工作联席会议", unit="信访工作联席会议"), "信访工作联席会议"),
    ],
)
def test_whom_it_is_written_to(national: Standard, addressee: Addressee, line: str) -> None:
    facts = history(*WATCHED[:3], NOTICE.model_copy(update={"addressee": addressee}))
    assert notice_words(facts, "notice-1", national, REGIONS)["addressee"] == line


def test_what_was_told_beside_a_notice_and_to_whom_the_one_before_it_went_stand_in_the_letter(
    national: Standard,
) -> None:
    """Found: the letter to whoever was given the case in the middle read as if they had been told before."""
    moved = URGED.model_copy(update={"addressee": Addressee(role="unit-head", name="主要负责人", unit=OTHER)})
    said = notice_words(history(*WATCHED, MISSED, moved), "notice-2", national, REGIONS)
    assert lines(said["before"]) == [f"2026年11月12日向{TOWN}发出提醒函（notice-1），2026年11月22日期满，未按期答复。"]
    other = FOUND.model_copy(update={"finding_id": "finding-2", "rule": "overdue", "name": "超期未结"})
    more = NoticeSupplemented(
        **NOTICE.model_dump(include={"notice_id", "sentence_zh", "sentence_en", "policy"}),
        addressee=NOTICE.addressee,
        findings=("finding-2",),
        told_on=day("2026-11-15"),
    )
    told = lines(notice_words(history(*WATCHED, other, more), "notice-1", national, REGIONS)["findings"])
    at = told.index("2026年11月15日补充告知下列问题，请一并答复。")
    assert told[0].startswith("1. 挂账空转")
    assert told[at + 1].startswith("1. 超期未结")


def test_there_is_no_letter_of_what_was_never_said_or_was_taken_back(national: Standard) -> None:
    with pytest.raises(Problem, match="notice-1") as refused:
        notice_words(history(*WATCHED), "notice-9", national, REGIONS)
    assert refused.value.status == 404
    assert isinstance(TAKEN_BACK, NoticeWithdrawn)
    with pytest.raises(Problem, match="撤回") as refused:
        notice_words(history(*WATCHED, TAKEN_BACK), "notice-1", national, REGIONS)
    assert refused.value.status == 409


@pytest.mark.parametrize(
    ("kind", "article"),
    [(SuggestionKind.WORK, "第一款"), (SuggestionKind.POLICY, "第二款"), (SuggestionKind.ACCOUNTABILITY, "第三款")],
)
def test_a_suggestion_names_its_paragraph_its_ground_and_its_day(
    national: Standard, kind: SuggestionKind, article: str
) -> None:
    made_so = SUGGESTED.model_copy(update={"kind": kind, "text": "建立台账，联系 13912345678"})
    said = suggestion_words(history(*WATCHED, made_so), "s-1", national, REGIONS)
    assert said["basis"] == f"《信访工作条例》第四十条{article}"
    assert (said["kind"], said["addressee"], said["by"]) == (kind.label, OTHER, "督查员赵某")
    assert said["text"] == "建立台账，联系 139******78"
    assert lines(said["findings"])[0] == "1. 挂账空转（自2026年10月20日起）。没有实质进展。"
    assert str(said["due"]).startswith("请于2026年12月14日前书面反馈采纳情况")
    assert lines(said["arithmetic"])[0].endswith("到期日2026年12月14日。")


def test_a_listing_that_was_decided_is_a_letter_of_the_body_that_decided_it(national: Standard) -> None:
    listed = PROPOSED.model_copy(update={"treatment": Treatment.LISTING})
    decided = SANCTIONED.model_copy(update={"treatment": Treatment.LISTING, "reasons": "情况属实，电话 13912345678"})
    facts = history(*WATCHED, ANSWERED, UPHELD, listed, decided)
    said = decision_words(facts, "p-1", national, REGIONS)
    assert (said["organ"], said["addressee"], said["letter_number"]) == (
        "清河县信访工作联席会议",
        TOWN,
        "县信联〔2026〕7 号",
    )
    assert (said["treatment"], said["by"]) == ("挂牌督办", "联席会议召集人钱某")
    assert said["basis"] == "《信访工作条例》第三十九条第三款"
    assert lines(said["findings"])[0].startswith("1. 挂账空转")
    assert said["reasons"] == "情况属实，电话 139******78"
    of_li = [fact.model_copy(update={"official": LI}) for fact in (PROPOSED, SANCTIONED)]
    said = decision_words(history(*WATCHED, ANSWERED, UPHELD, *of_li), "p-1", national, REGIONS)
    assert said["addressee"] == f"{TOWN}{LI.post}{LI.name}"
    with pytest.raises(Problem, match="未获采纳"):
        decision_words(
            history(*WATCHED, listed, decided.model_copy(update={"adopted": False})), "p-1", national, REGIONS
        )
    with pytest.raises(Problem, match="已经撤销"):
        decision_words([*facts, *history(REVOKED)], "p-1", national, REGIONS)
    with pytest.raises(Problem, match="p-1"):
        decision_words(history(*WATCHED, listed), "p-1", national, REGIONS)


def test_what_is_told_of_a_unit_as_a_whole_is_a_letter_too(national: Standard) -> None:
    facts = history(
        BookOpened(unit=TOWN, region="610499"), FOUND, NOTICE, ANSWERED, UPHELD, SUGGESTED, PROPOSED, SANCTIONED
    )
    for said in (
        notice_words(facts, "notice-1", national, REGIONS),
        suggestion_words(facts, "s-1", national, REGIONS),
        decision_words(facts, "p-1", national, REGIONS),
    ):
        assert said["matter"] == f"{TOWN}信访工作"
        assert lines(said["about"])[0].startswith(f"督查对象：{TOWN}。")
        assert lines(said["findings"])[0].startswith("1. 挂账空转")


@pytest.mark.parametrize("name", LETTERS)
def test_the_shipped_templates_are_those_that_are_made_and_ask_for_what_is_known(national: Standard, name: str) -> None:
    shipped = (TEMPLATES / f"{name}.docx").read_bytes()
    assert shipped == made(LETTERS[name])
    facts = history(*WATCHED, SUGGESTED, PROPOSED, SANCTIONED)
    known: dict[str, Any] = {
        "decision-letter": decision_words(facts, "p-1", national, REGIONS),
        "notice-letter": notice_words(facts, "notice-1", national, REGIONS),
        "suggestion-letter": suggestion_words(facts, "s-1", national, REGIONS),
    }
    if name in known:
        text = "".join(p.text for p in Document(io.BytesIO(letter(shipped, known[name]))).paragraphs)
        assert PLACE.search(text) is None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def text_of(content: bytes) -> str:
    return "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)


def test_both_letters_are_documents_without_a_word_of_who_the_person_is(running: House) -> None:
    demand = "张三多次反映，联系电话13912345678，补偿款没有发放"
    case_id = running.arrived(running.register(demands=[demand], person={"name": "欧阳某某"}))
    running.settle()
    path = f"/supervision/cases/{case_id}"
    answer = running.ask("GET", f"{path}/notices/notice-1/letter", Role.HANDLER, unit=TOWN)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{case_id}-notice-1.docx"'
    notice = next(n for n in running.get(f"/reporting/cases/{case_id}")["notices"] if n["notice_id"] == "notice-1")
    title = {NoticeLevel.REMINDER: "提醒函"}[notice["level"]]
    text = text_of(answer.content)
    for said in (f"关于{case_id}号信访事项的{title}", "柳林镇主要负责人：", "信访人及其诉求见系统", "2026年11月20日"):
        assert said in text
    suggestion = SUGGESTED.model_copy(update={"findings": ("finding-1",), "made_on": day("2026-11-20")})
    body = suggestion.model_dump(mode="json", exclude={"due_on"})
    running.give(f"{path}/make-suggestion", body, Role.SUPERVISOR, unit="清河县信访局")
    suggested = running.ask("GET", f"{path}/suggestions/s-1/letter", Role.UNIT_HEAD, unit=OTHER)
    assert suggested.status_code == 200, suggested.text
    written = text_of(suggested.content)
    for said in ("关于改进工作的建议书", f"{OTHER}：", "建立补偿款发放台账", "清河县信访局", "提出人：督查员赵某"):
        assert said in written
    for hidden in ("欧阳", "1390000", "13912345678", "张三", "补偿款没有发放", "p-"):
        assert hidden not in text
        assert hidden not in written
    running.clock.set(running.clock().replace(day=21))
    assert running.ask("GET", f"{path}/notices/notice-1/letter").content == answer.content


def test_whoever_is_given_a_suggestion_reads_the_case_that_it_is_about(running: House) -> None:
    case_id = running.arrived(running.register())
    running.settle()
    reads = [f"/supervision/cases/{case_id}/history", f"/reporting/cases/{case_id}"]
    assert {running.ask("GET", path, Role.UNIT_HEAD, unit=OTHER).status_code for path in reads} <= {403, 404}
    suggestion = SUGGESTED.model_copy(update={"findings": (), "made_on": day("2026-11-20")})
    body = suggestion.model_dump(mode="json", exclude={"due_on"})
    running.give(f"/supervision/cases/{case_id}/make-suggestion", body, Role.SUPERVISOR)
    running.settle()
    for path in reads:
        running.get(path, Role.UNIT_HEAD, unit=OTHER)
        assert running.ask("GET", path, Role.UNIT_HEAD, unit="别的单位").status_code in (403, 404)


def test_a_number_may_hold_a_slash_as_those_of_letters_do(running: House) -> None:
    case_id = running.arrived(running.register())
    running.settle()
    suggestion = SUGGESTED.model_copy(update={"suggestion_id": "建议/2026/1号", "findings": ()})
    body = suggestion.model_copy(update={"made_on": day("2026-11-20")}).model_dump(mode="json", exclude={"due_on"})
    path = f"/supervision/cases/{case_id}"
    running.give(f"{path}/make-suggestion", body, Role.SUPERVISOR)
    answer = running.ask("GET", f"{path}/suggestions/{quote('建议/2026/1号', safe='')}/letter")
    assert answer.status_code == 200, answer.text
    assert "建立补偿款发放台账" in text_of(answer.content)
    assert running.ask("GET", f"{path}/suggestions/{quote('建议/2026', safe='')}/letter").status_code == 404


def test_who_may_not_read_the_notice_gets_no_letter(running: House) -> None:
    case_id = running.arrived(running.register())
    running.settle()
    path = f"/supervision/cases/{case_id}/notices/notice-1/letter"
    assert running.ask("GET", path, Role.HANDLER, unit="别的单位").status_code == 403
    assert running.ask("GET", path, region="610498").status_code == 403
    assert running.ask("GET", path, None).status_code == 401
    assert running.ask("GET", path.replace("notice-1", "notice-9")).status_code == 404
    assert running.ask("GET", path.replace(case_id, "nowhere")).status_code == 404
