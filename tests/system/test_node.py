"""A node as its people use it: the clerk imports, the supervisor reads, the operator looks after it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from shared.events import ZONE
from tests.system.node import LEADERLESS, Up, command, ledger

TODAY = datetime.now(ZONE).date()


def ago(days: int) -> str:
    """A day before today, as a ledger writes it."""
    return (TODAY - timedelta(days=days)).isoformat()


DILIGENT = (
    "HY-001",
    "2026-08-20",
    "张某某",
    "19900000001",
    "柳林镇",
    "征地补偿款没有发放，要求核实",
    "3人",
    "李某（副县长）",
    "甲",
)
REPEAT = (
    "HY-003",
    "2026.9.1",
    "张某某",
    "19900000001",
    "柳林镇",
    "征地补偿款没有发放，要求核实",
    "3",
    "李某（副县长）",
    "",
)
BAD = ("HY-004", "三月", "赵某某", "19900000004", "青石镇", "道路施工损坏农田", 1, "", "")
STEPS = (
    ("HY-001", ago(55), "交办", "", "交柳林镇"),
    ("HY-001", ago(40), "受理", "", ""),
    ("HY-001", ago(9), "接访", "李某", "听取诉求，核对面积"),
    ("HY-002", "2025-04-05", "交办", "", ""),
    ("HY-002", ago(3), "备注", "", "继续跟进"),
)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One node for the reading tests, with a small ledger in it."""
    folder = tmp_path_factory.mktemp("node")
    node = Up(folder / "data")
    file = ledger(folder / "台账.xlsx", [DILIGENT, LEADERLESS, REPEAT, BAD], STEPS)
    done = command("import", file, "--data", node.data, "--json")
    assert done.returncode == 3, done.stderr
    node.settle()
    yield node
    node.stop()


def test_the_letter_of_a_case_is_printed_from_what_the_ledger_says(up: Up, tmp_path: Path) -> None:
    done = command("letter", "HY-001", "--out", tmp_path / "函.docx", "--data", up.data)
    assert done.returncode == 0, done.stderr
    text = "".join(paragraph.text for paragraph in Document(str(tmp_path / "函.docx")).paragraphs)
    assert "柳林镇：" in text
    assert "征地补偿款没有发放" in text
    assert "张某某" not in text
    nowhere = command("letter", "HY-001", "--out", tmp_path / "no" / "函.docx", "--data", up.data)
    assert (nowhere.returncode, "无法写入" in nowhere.stderr) == (1, True)
    assert command("letter", "HY-404", "--out", tmp_path / "x.docx", "--data", up.data).returncode == 1


def test_the_annual_report_is_printed(up: Up, tmp_path: Path) -> None:
    done = command("annual", "2026", "--out", tmp_path / "报告.docx", "--data", up.data)
    assert done.returncode == 0, done.stderr
    assert any("2026年度信访工作报告" in p.text for p in Document(str(tmp_path / "报告.docx")).paragraphs)


def test_the_letter_of_a_notice_is_printed(up: Up, tmp_path: Path) -> None:
    (notice,) = up.read("notices")["notices"]
    of_it = ("letter", "HY-002", "--notice", notice["notice_id"])
    done = command(*of_it, "--out", tmp_path / "函.docx", "--data", up.data)
    assert done.returncode == 0, done.stderr
    text = "".join(paragraph.text for paragraph in Document(str(tmp_path / "函.docx")).paragraphs)
    assert "青石镇主要负责人：" in text
    assert "原编号：HY-002" in text
    for wrong in (("letter", "HY-002", "--notice", "notice-9"), (*of_it, "--suggestion", "s-1")):
        assert command(*wrong, "--out", tmp_path / "x.docx", "--data", up.data).returncode == 1


def test_the_supervisor_sees_who_is_idle_and_why(up: Up) -> None:
    stalled = up.read("stalled")["cases"]
    assert [case["original_number"] for case in stalled] == ["HY-002"]
    assert "没有包案领导" in stalled[0]["stall_zh"]
    assert "从无实质进展" in stalled[0]["stall_zh"]
    told = up.read("notices")["notices"]
    assert [(n["original_number"], n["level"], n["addressee"]) for n in told] == [
        ("HY-002", "reminder", "青石镇主要负责人")
    ]


def test_what_was_promised_is_listed_over_all_cases(up: Up) -> None:
    asked = ("--unit", "柳林镇", "--state", "overdue", "--state", "broken", "--due", "2026-01-31")
    assert up.read("commitments", *asked) == {"commitments": [], "total": 0, "next": None}  # a ledger dates no measure
    assert command("commitments", "--data", up.data).returncode == 0


def test_a_verdict_is_explained_by_its_facts(up: Up) -> None:
    said = up.read("explain", "HY-002")
    idle = next(rule for rule in said["rules"] if rule["rule"] == "idle")
    assert idle["shows"]
    assert [fact["type"] for fact in idle["counted"]] == ["CaseRegistered"]
    assert {fact["type"] for fact in idle["ignored"]} == {"CaseDispatched", "ProgressReported"}
    assert any("2025-05-02" in line for line in idle["arithmetic"])
    calm = up.read("explain", "HY-001")
    assert not any(rule["shows"] for rule in calm["rules"])


def test_history_is_marked_as_imported_and_keeps_its_claimed_dates(up: Up) -> None:
    facts = up.read("history", "HY-001")["facts"]
    visit = next(fact for fact in facts if fact["type"].endswith("VisitLogged"))
    assert visit["importedfrom"]
    assert visit["occurredat"].startswith(ago(9))
    assert visit["time"] > visit["occurredat"]
    registered = next(fact for fact in facts if fact["type"].endswith("CaseRegistered"))
    assert registered["data"]["extras"] == {"备注栏目": "甲"}
    assert any(fact["type"].endswith("RepeatPetitionLinked") for fact in facts)
    assert up.read("history", "HY-001", "--as-of", "2020-01-01")["facts"] == []
    assert up.read("notices", "--all", "--as-of", "2020-01-01")["notices"] == []
    assert up.read("cases", "--as-of", "2020-01-01")["cases"] == []
    known_then = up.read("history", "HY-001", "--as-of", registered["time"])["facts"]
    assert registered in known_then
    assert visit not in known_then


def test_importing_again_adds_nothing(up: Up, tmp_path: Path) -> None:
    before = up.read("cases")["cases"], len(up.read("history", "HY-001")["facts"])
    file = ledger(tmp_path / "again.xlsx", [DILIGENT, LEADERLESS, REPEAT], STEPS)
    done = command("import", file, "--data", up.data, "--json")
    assert done.returncode == 0, done.stderr
    assert '"cases": 0' in done.stdout
    assert '"repeats": 0' in done.stdout
    assert '"skipped": 3' in done.stdout
    up.settle()
    assert (up.read("cases")["cases"], len(up.read("history", "HY-001")["facts"])) == before


def test_a_refused_row_is_mended_in_its_errors_file_and_imported_from_there(up: Up, tmp_path: Path) -> None:
    file = ledger(tmp_path / "mend.xlsx", [("HY-009", *BAD[1:])])
    done = command("import", file, "--data", up.data, "--json")
    assert done.returncode == 3
    errors = tmp_path / "mend.xlsx.errors.xlsx"
    book = load_workbook(errors)
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "信访日期")
    sheet.cell(2, column).value = ago(30)
    book.save(errors)
    done = command("import", errors, "--data", up.data, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"cases": 1' in done.stdout


def test_where_refused_rows_cannot_be_written_the_rest_is_in_and_all_is_said(up: Up, tmp_path: Path) -> None:
    file = ledger(tmp_path / "full.xlsx", [("HY-010", *LEADERLESS[1:5], "围墙倒塌要求重修", 1, "", ""), BAD])
    (tmp_path / "full.xlsx.errors.xlsx.new").mkdir()
    done = command("import", file, "--data", up.data, "--json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(file) in done.stderr
    said = json.loads(done.stdout)
    assert (said["cases"], [row["column"] for row in said["rejected"]]) == (1, ["信访日期"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full.xlsx", "full.xlsx.errors.xlsx.new"]


def test_a_dry_run_sends_nothing(up: Up, tmp_path: Path) -> None:
    file = ledger(tmp_path / "dry.xlsx", [("HY-500", *LEADERLESS[1:])])
    done = command("import", file, "--data", up.data, "--dry-run", "--json")
    assert (done.returncode, json.loads(done.stdout)["cases"]) == (0, 1)
    assert up.read("cases", "--number", "HY-500")["cases"] == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0", "xlsx"),
        ("empty.csv", b"", "empty.csv"),
        ("other.csv", "甲,乙\n1,2\n".encode(), "责任单位"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_with_the_cure(
    up: Up, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = command("import", tmp_path / name, "--data", up.data)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_status_counts_and_lags(up: Up) -> None:
    said = up.read("status")
    assert {service["service"] for service in said["services"]} == {"intake", "casework", "supervision", "reporting"}
    assert not any(service["troubles"] for service in said["services"])
    assert sum(row["cases"] for row in said["counts"]) >= 2


def test_a_campaign_takes_no_unit_that_nobody_knows(up: Up) -> None:
    words = ("campaign", "d1-county", "--id", "campaign-d1", "--year", "2026", "--by", "张某", "--data", up.data)
    refused = command(*words, "--unit", "柳林镇", "--unit", "青石")
    assert (refused.returncode, "没有这样的单位：青石，相近的有：青石镇" in refused.stderr) == (1, True)
    assert up.read("campaigns") == []
    assert command(*words, "--unit", "柳林镇", "--unit", "青石镇").returncode == 0


def test_a_mistyped_number_is_told_as_a_number_that_no_case_has(up: Up) -> None:
    for read in ("explain", "history", "letter"):
        refused = command(read, "信访〔2024〕5号", "--data", up.data)
        assert (refused.returncode, "没有编号为 信访〔2024〕5号 的案件" in refused.stderr) == (1, True)


def test_nobody_gets_a_token_that_would_show_them_nothing(up: Up) -> None:
    signs = ("token", "--data", up.data, "--role")
    refused = command(*signs, "handler")
    assert (refused.returncode, "--unit" in refused.stderr) == (1, True)
    refused = command(*signs, "supervisor", "--region", "999999")
    assert (refused.returncode, "不在本节点的区划表中" in refused.stderr) == (1, True)
    assert command(*signs, "handler", "--unit", "柳林镇").returncode == 0


def test_rebuilding_changes_nothing_that_readers_see(up: Up) -> None:
    up.settle()
    before = up.read("cases")
    done = command("rebuild", "reporting", "--data", up.data, "--json")
    assert done.returncode == 0, done.stderr
    assert up.read("cases") == before


def test_redriving_where_nothing_is_parked_is_quiet(up: Up) -> None:
    assert up.read("redrive") == {"intake": [], "casework": [], "supervision": [], "reporting": []}


def test_a_second_up_is_refused_and_names_the_first(up: Up) -> None:
    done = command("up", "--data", up.data)
    assert done.returncode == 1
    assert str(up.process.pid) in done.stderr
    assert "Traceback" not in done.stderr
