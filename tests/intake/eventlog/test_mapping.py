"""A mapping: what it says, and every way to get it wrong, with the line and how to mend it."""

import re

import pytest

from services.intake.eventlog import load_mapping
from services.intake.eventlog.mapping import FACTS
from services.intake.ledger import LedgerUnreadable, StepKind
from shared.terms import Channel
from tests.intake.eventlog.logs import MAPPING


def line_with(words: str, text: str) -> int:
    """The line that is meant; of several the last, for what is ignored stands at the end."""
    return max(n for n, line in enumerate(text.split("\n"), start=1) if words in line)


def test_a_mapping_says_columns_facts_and_what_is_left_out() -> None:
    said = load_mapping(MAPPING, "m.toml")
    assert said.columns.all == ("case", "what", "at", "who", "unit", "said")
    assert said.activities["派单"].kind is StepKind.DISPATCH
    assert said.activities["登记"].kind is None
    assert (said.activities["空跑"].kind, said.activities["空跑"].note) == (StepKind.HOME_VISIT, "未见到本人")
    assert said.ignored == {"心跳": "系统消息"}
    assert (said.time.format, said.time.zone, said.cases.channel) == ("iso", "Asia/Shanghai", Channel.ASSIGNED)


def test_every_step_of_a_ledger_can_be_said() -> None:
    assert FACTS.keys() == {"registration", *StepKind}


@pytest.mark.parametrize(
    ("old", "new", "words", "at"),
    [
        ('case = "case"', 'kase = "case"', "kase 不是已知的项", "kase"),
        ('time = "when"', "", "columns.time 缺少", "[columns]"),
        ('"dispatch"', '"dispach"', "是否指 dispatch", "派单"),
        ('note = "未见到本人"', 'nota = "x"', "nota 不是已知的项", "空跑"),
        ('"系统消息"', '""', "ignored.心跳 不能为空", "心跳"),
        ('"心跳" =', '"派单" =', "派单 既在 activities 又在 ignored", "派单"),
        ('system = "另一系统"', "", "system 缺少", None),
        ('system = "另一系统"', "system = 3", "system", "system"),
        ("[columns]", '[time]\nzone = "Asia/Peking"\n[columns]', "不是时区名", "zone"),
        ("[columns]", '[time]\nformat = "%d日 %H:%M"\n[columns]', "读不出年月日", "format"),
        ("[columns]", '[cases]\nchannel = "smoke"\n[columns]', "只能是", "channel"),
        ("[columns]", "[columns", "不是合法的 TOML", "[columns"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, words: str, at: str | None) -> None:
    base = MAPPING.replace('time = "at"', 'time = "when"')
    text = base.replace(old, new, 1)
    assert text != base
    with pytest.raises(LedgerUnreadable) as caught:
        load_mapping(text, "m.toml")
    assert words in caught.value.zh
    line = 1 if at is None else line_with(at, text)
    assert caught.value.zh.startswith(f"m.toml 第 {line} 行：")
    assert caught.value.en.startswith(f"m.toml, line {line}: ")
    assert re.search("[a-z]{4}", caught.value.en.removeprefix("m.toml, line "))
