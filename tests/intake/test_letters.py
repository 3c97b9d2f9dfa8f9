"""The assignment letter: what it says, that it tells nothing of the person, and who gets it."""

import io
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from docx import Document

from deploy.node import TEMPLATES
from services.intake.domain.case import Case, evolve
from services.intake.letters import assignment
from shared.events import Fact
from shared.events.intake import DispatchObjected
from shared.http import Problem
from shared.standard import Standard
from shared.terms import DispatchKind, Role
from tests.house import House, house
from tests.sample import BUREAU, TOWN, accepted, day, dispatched, registered
from tests.spec import recorded

SENT = dispatched("2026-10-02").model_copy(
    update={"kind": DispatchKind.ASSIGN, "due_on": day("2026-12-01"), "letter_number": "清信交〔2026〕18号"}
)


def words(standard: Standard, *facts: Fact) -> dict[str, Any]:
    history = [recorded(fact, n) for n, fact in enumerate(facts, 1)]
    case = Case()
    for each in history:
        case = evolve(case, each)
    return assignment(history, case, standard, {"610499": "清河县"})


def test_the_letter_says_what_the_facts_say(standard: Standard) -> None:
    said = words(standard, registered("2026-09-01"), SENT)
    assert {name: said[name] for name in ("organ", "letter_number", "unit", "kind", "dispatched_on", "due")} == {
        "organ": "清河县信访部门",
        "letter_number": "清信交〔2026〕18号",
        "unit": TOWN,
        "kind": "交办",
        "dispatched_on": "2026年10月2日",
        "due": "请于2026年12月1日前报送办理结果（自2026年10月2日起60日）。",
    }
    notice, handling = said["arithmetic"]
    assert notice.endswith("第二十三条）→ 2026-10-17，到期日2026年10月17日。")
    assert handling.endswith("第三十四条）→ 2026-12-16，到期日2026年12月16日。")


def test_once_accepted_the_limit_runs_from_that_day(standard: Standard) -> None:
    said = words(standard, registered("2026-09-01"), SENT, accepted("2026-10-05"), accepted("2026-10-20", BUREAU))
    (handling,) = said["arithmetic"]
    assert handling.startswith("法定办结期限（自2026年10月5日受理起）：")
    assert handling.endswith("到期日2026年12月4日。")


def test_a_letter_is_of_the_newest_dispatch_that_stands(standard: Standard) -> None:
    forwarded = dispatched("2026-10-10", BUREAU).model_copy(update={"kind": DispatchKind.FORWARD})
    said = words(standard, registered("2026-09-01"), SENT, forwarded)
    assert (said["unit"], said["kind"], said["due"]) == (BUREAU, "转送", "按法定期限办理。")
    back = DispatchObjected(unit=BUREAU, objected_on=day("2026-10-12"), reason="不属职权")
    assert words(standard, registered("2026-09-01"), SENT, forwarded, back)["unit"] == TOWN
    with pytest.raises(Problem, match="尚未交办"):
        words(standard, registered("2026-09-01"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(TEMPLATES, folder / "templates")
    with house(folder, templates=folder / "templates") as it:
        yield it


def handed_down(running: House) -> str:
    demand = "张三多次反映，联系电话13912345678，补偿款没有发放"
    case_id = running.register(demands=[demand], person={"name": "欧阳某某"})
    sent = SENT.model_dump(mode="json", exclude={"with_case"}) | {"dispatched_on": "2026-01-06", "due_on": "2026-03-06"}
    running.give(f"/intake/cases/{case_id}/dispatch-case", sent, unit="清河县信访局")
    return case_id


def test_the_letter_is_a_document_without_a_word_of_who_the_person_is(running: House) -> None:
    case_id = handed_down(running)
    path = f"/intake/cases/{case_id}/assignment-letter"
    answer = running.ask("GET", path, Role.HANDLER, unit=TOWN)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{case_id}.docx"'
    text = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    for said in (f"关于交办{case_id}号信访事项的函", f"{TOWN}：", "信访人（见系统）", "清河县信访局", "2026年1月6日"):
        assert said in text
    for hidden in ("欧阳", "1390000", "13912345678", "p-"):
        assert hidden not in text
    running.clock.set(running.clock().replace(day=21))
    assert running.ask("GET", path).content == answer.content


def test_who_may_not_read_the_case_gets_no_letter(running: House) -> None:
    case_id = handed_down(running)
    path = f"/intake/cases/{case_id}/assignment-letter"
    assert running.ask("GET", path, Role.HANDLER, unit="别的单位").status_code == 403
    assert running.ask("GET", path, region="610498").status_code == 403
    assert running.ask("GET", "/intake/cases/nowhere/assignment-letter").status_code == 404
    undispatched = running.ask("GET", f"/intake/cases/{running.register()}/assignment-letter")
    assert (undispatched.status_code, undispatched.json()["type"]) == (409, "urn:huajie:problem:not-dispatched")


def test_a_template_that_an_office_broke_is_named(running: House) -> None:
    assert running.settings.templates is not None
    template = running.settings.templates / "assignment-letter.docx"
    whole, case_id = template.read_bytes(), handed_down(running)
    for broken in (b"not a document", None):
        template.unlink()
        if broken is not None:
            template.write_bytes(broken)
        answer = running.ask("GET", f"/intake/cases/{case_id}/assignment-letter")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:huajie:problem:template")
        assert "assignment-letter.docx" in answer.json()["detail"]
        template.write_bytes(whole)
