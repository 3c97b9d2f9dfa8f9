"""What people are shown says what the data say, whatever brackets stand in it."""

import errno
from typing import Any

import pytest

from deploy import printing
from deploy.cli import told
from deploy.explaining import tell_history, tell_verdict
from deploy.lists import tell_commitments, tell_more, tell_notices, tell_stalled

ODD = "[/bold] 见[附件] [red]"
RULE: dict[str, Any] = {
    **{
        "rule": "idle",
        "kind": "suspicion",
        "name": ODD,
        "shows": True,
        "zh": ODD,
        "en": ODD,
        "arithmetic": [ODD],
        "basis": ODD,
    },
    **{"counted": [{"on": "2026-01-05", "type": "VisitLogged", "why_zh": ODD, "why_en": ODD, "id": "i"}]},
    **{"ignored": [], "changes_on": "2026-02-01"},
}


THEN = {"as_of": "2026-01-06T00:00:00Z", "day": "2026-01-06"}


def test_a_table_keeps_every_bracket(capsys: pytest.CaptureFixture[str]) -> None:
    printing.table("t", ("a", "b"), [(ODD, None)])
    assert ODD in capsys.readouterr().out


def test_a_table_without_rows_says_that_there_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    tell_commitments({"total": 0, "commitments": []})
    assert capsys.readouterr().out.splitlines() == ["承诺事项 / commitments: 0", "没有。/ Nothing."]


def test_a_derivation_keeps_every_bracket_and_breaks_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell_verdict(
        {
            **{"case_id": ODD, **THEN, "policy": ODD, "rules": [RULE], "next_change": None},
            **{"notice": {"level": "reminder", "addressee": {"name": ODD}, "due_on": "2026-02-02"}},
        }
    )
    lines = capsys.readouterr().out.splitlines()
    assert [line.count(ODD) for line in lines] == [2, 2, 1, 1, 2, 0, 1, 1, 0]


def test_a_notice_is_told_with_the_ids_that_it_is_printed_by(capsys: pytest.CaptureFixture[str]) -> None:
    """`letter HY-1 --notice notice-2`; of a unit as a whole: `letter book-… --notice notice-1`."""
    told = {"level": "reminder", "addressee": "李某", "unit": "柳林镇", "issued_on": "2026-01-06", "state": "issued"}
    until = {"redo_by": None, "rectify_by": None, "due_on": None, "missed": None}
    of_case = {"case_id": "c", "original_number": "HY-1", "notice_id": "notice-2"}
    of_unit = {"case_id": "book-0123456789abcdef", "original_number": None, "notice_id": "notice-1"}
    tell_notices([told | until | of_case, told | until | of_unit], why=False)
    said = capsys.readouterr().out
    assert "HY-1 notice-2 " in said
    assert "book-0123456789abcdef notice-1 " in said


def test_a_unit_is_told_with_the_id_of_its_book(capsys: pytest.CaptureFixture[str]) -> None:
    said = {
        "unit": "柳林镇",
        "book_id": "book-0123456789abcdef",
        **THEN,
        "policy": "p",
        "rules": [RULE],
        "notice": None,
    }
    tell_verdict(said | {"next_change": None})
    assert capsys.readouterr().out.startswith("柳林镇 book-0123456789abcdef  ")


def test_what_shows_stands_first_and_says_how_sure_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = RULE | {"rule": "never-met", "kind": "breach", "shows": False}
    said = {"case_id": "c", **THEN, "policy": "p", "rules": [quiet, RULE], "notice": None}
    tell_verdict(said | {"next_change": None})
    heads = [line for line in capsys.readouterr().out.splitlines() if line[:1] in "●○"]
    assert ["(idle)  疑似" in heads[0], heads[1].startswith("○"), "认定" in heads[1]] == [True, True, False]


@pytest.mark.parametrize("ahead", [{"day": "9999-01-01"}, {"as_of": "9999-01-01T00:00:00Z"}])
def test_what_is_asked_of_a_day_to_come_is_said_to_be_reckoned(
    capsys: pytest.CaptureFixture[str], ahead: dict[str, str]
) -> None:
    said: dict[str, Any] = {"case_id": "c", **THEN, "policy": "p", "rules": [RULE], "notice": None, "next_change": None}
    tell_verdict(said)
    assert "尚未到来" not in capsys.readouterr().out
    tell_verdict(said | ahead)
    assert "尚未到来" in capsys.readouterr().out


def test_of_what_was_not_registered_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    notice = {"level": "reminder", "addressee": {"name": "李某"}, "due_on": "2026-02-02"}
    said: dict[str, Any] = {"case_id": "c", **THEN, "policy": "p", "rules": [], "notice": notice, "next_change": None}
    tell_verdict(said)
    shown = capsys.readouterr().out
    assert ("尚未登记" in shown, "李某" in shown) == (True, False)
    tell_verdict(said | {"waiting_for_history_until": "2026-01-07"})
    assert "尚未登记" not in capsys.readouterr().out


def test_a_page_is_not_counted_as_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"original_number": "HY-1", "unit": "", "leader": None, "stalled_since": "2026-01-05"}
    row |= {"stall_said_on": "2026-11-20", "stall_zh": ODD}
    for more, said in ((True, "stalled: 1+"), (False, "stalled: 1")):
        tell_stalled([row], more=more)
        head, first, *_ = capsys.readouterr().out.splitlines()
        assert head.endswith(said)
        assert (
            first
            == "HY-1  无单位在办 in no unit's hands  无包案领导 no leader  自 since 2026-01-05（截至 as of 2026-11-20）"
        )


def test_a_list_that_goes_on_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    tell_more({"next": None})
    assert capsys.readouterr().out == ""
    tell_more({"next": "abc"})
    assert "--limit" in capsys.readouterr().out


def test_a_commitment_says_how_it_stands(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing.out, "width", 200)
    row: dict[str, Any] = {
        "what": ODD,
        "source": "promise",
        "original_number": None,
        "case_id": "case-1",
        "who": "财政所",
        "unit": "柳林镇",
    }
    row |= {"leader": None, "due_on": "2026-09-20", "state": "overdue", "overdue_days": 3}
    tell_commitments({"total": 1, "commitments": [row]})
    said = capsys.readouterr().out
    assert all(word in said for word in ("限期承诺", "逾期未兑现", "3 天"))


def test_a_long_fact_is_cut_where_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    fact = {"time": "2026-01-05T00:00:00Z", "occurredat": "2026-01-05", "type": "huajie.x.Y", "actorid": ODD}
    tell_history([{**fact, "data": {"note": "长" * 400}}])
    assert "…" in capsys.readouterr().out


def test_a_full_disk_is_told_with_its_cure() -> None:
    zh, en = told(OSError(errno.ENOSPC, "No space left on device", "/data/up.lock"))
    assert "/data/up.lock" in zh
    assert "腾出空间" in zh
    assert "make room" in en
    assert "check the path" in told(OSError(errno.EACCES, "Permission denied", "/data"))[1]
