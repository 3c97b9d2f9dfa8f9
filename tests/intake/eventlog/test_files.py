"""Files as other systems write them: packed, in two encodings, with hostile or broken content."""

import gzip
from pathlib import Path

import pytest

from services.intake.ledger import LedgerUnreadable
from tests.intake.eventlog.logs import HEADER, MAPPING, XES_MAPPING, read, steps, table, told, written, xes

ROWS = ("A,登记,2026-11-01,,柳林镇,", "B,登记,2026-11-02,,柳林镇,", "A,走访,2026-11-05 10:00,李某,柳林镇,当面听取")
TRACES = (
    ("A", [("登记", "2026-11-01T00:00:00+08:00"), ("走访", "2026-11-05T02:00:00.000Z")]),
    ("B", [("登记", "2026-11-02T08:00:00")]),
)
BOMB = (
    "<!DOCTYPE log ["
    + '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


def refused(file: Path, mapping: str = MAPPING) -> LedgerUnreadable:
    with pytest.raises(LedgerUnreadable) as caught:
        read(file, mapping)
    assert file.name in caught.value.zh
    assert file.name in caught.value.en
    return caught.value


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("kind", ["csv", "xes"])
def test_both_kinds_packed_or_not_in_either_encoding(tmp_path: Path, kind: str, encoding: str, packed: bool) -> None:
    text = table(*ROWS) if kind == "csv" else xes(*TRACES)
    content = text.encode(encoding)
    file = tmp_path / (f"log.{kind}.gz" if packed else f"log.{kind}")
    file.write_bytes(gzip.compress(content) if packed else content)
    rows, tally, errors = read(file, MAPPING if kind == "csv" else XES_MAPPING)
    assert [(row.original_number, row.unit, steps(row)) for row in rows] == [
        ("A", "柳林镇", ["11-05 home-visit"]),
        ("B", "柳林镇", []),
    ]
    assert (tally.events, tally.refused, errors) == (3, 0, None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_may_be_parted_otherwise_and_hold_line_ends(tmp_path: Path, delimiter: str) -> None:
    text = table(*ROWS).replace(",", delimiter).replace("当面听取", '"当面\n听取"')
    rows, _, _ = read(written(tmp_path, text))
    assert rows[0].steps[0].note == "当面\n听取"


def test_xml_that_unfolds_without_end_is_refused_at_once(tmp_path: Path) -> None:
    bomb = xes(*TRACES, before=BOMB).replace('value="A"', 'value="&a11;"')
    assert "DOCTYPE" in refused(written(tmp_path, bomb, "log.xes"), XES_MAPPING).zh


def test_an_external_entity_is_never_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    before = f'<!DOCTYPE log [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    text = xes(*TRACES, before=before).replace('value="A"', 'value="&x;"')
    assert "DOCTYPE" in refused(written(tmp_path, text, "log.xes"), XES_MAPPING).zh


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("log.xlsx", b"PK", "不是事件日志"),
        ("log.csv", b"case,what\xff\xff\xff", "UTF-8"),
        ("log.csv", b"", "没有对照表"),
        ("log.csv", table().encode(), "没有一条记录"),
        ("log.csv", table('A,"走访,2026-11-05,李某,柳林镇,', "B,登记,2026-11-05,,柳林镇,").encode(), "不是完好的 CSV"),
        ("log.csv", b"case,what,at,who,unit\n", "said"),
        ("log.csv", f"{HEADER},case\n".encode(), "同名的列"),
        ("log.csv", f"{HEADER}\nA,{'x' * 200_000}\n".encode(), "第 2 行"),
        ("log.csv.gz", gzip.compress(table(*ROWS).encode())[:-20], "压缩已损坏"),
        ("log.xes", b"<log><trace></log>", "第 1 行"),
        ("log.xes", b"<html/>", "应为 log"),
        ("log.xes", xes(("A", [])).encode(), "没有一条记录"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert words in refused(file, XES_MAPPING if name.endswith("xes") else MAPPING).zh


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "打不开" in refused(tmp_path / "none.csv").zh


def test_an_event_outside_every_trace_belongs_to_no_case(tmp_path: Path) -> None:
    lone = (
        '<event><string key="concept:name" value="走访"/><date key="time:timestamp" value="2026-11-05"/></event></log>'
    )
    rows, tally, errors = read(written(tmp_path, xes(*TRACES).replace("</log>", lone), "log.xes"), XES_MAPPING)
    assert (len(rows), tally.refused) == (2, 1)
    assert told(errors)[0]["原因"] == "没有写是哪个案件"


def test_nothing_is_left_of_what_was_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    read(written(tmp_path, table(*ROWS)))
    refused(written(tmp_path, "case\n", "broken.csv"))
    assert list((tmp_path / "spool").iterdir()) == []
