"""The words of offices, and the closed vocabularies that they stand for."""

import pytest

from services.intake.ledger import StepKind
from services.intake.ledger.words import categories_of, channel_of, criterion_of, spans_of, step_kind_of, units_of
from shared.terms import BacklogCriterion, Category, Channel, Span


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        *((channel.label, channel) for channel in Channel),
        ("走访", Channel.VISIT),
        ("到县集体访", Channel.VISIT),
        ("网上信访", Channel.ONLINE),
        ("县长信箱", Channel.ONLINE),
        ("12345热线", Channel.PHONE),
        ("群众来信、来访", Channel.LETTER),
        ("国家信访局交办", Channel.ASSIGNED),
        ("市局转送", Channel.ASSIGNED),
        ("排查", None),
        ("", None),
    ],
)
def test_a_channel_is_the_one_named_first(said: str, channel: Channel | None) -> None:
    assert channel_of(said) == channel


@pytest.mark.parametrize(
    ("said", "categories"),
    [
        *((category.label, (category,)) for category in Category),
        ("征地、拆迁", (Category.LAND, Category.DEMOLITION)),
        ("农民工工资", (Category.LABOUR,)),
        ("退役军人", (Category.MILITARY,)),
        ("求决", ()),
        ("", ()),
    ],
)
def test_categories_are_all_that_are_named(said: str, categories: tuple[Category, ...]) -> None:
    assert categories_of(said) == categories


@pytest.mark.parametrize(
    ("said", "spans"),
    [
        *((span.label, (span,)) for span in Span),
        ("跨部门、人户分离", (Span.CROSS_DEPARTMENT, Span.PERSON_FROM_HOUSEHOLD)),
        ("否", ()),
        ("是", ()),
    ],
)
def test_spans_are_all_that_are_named(said: str, spans: tuple[Span, ...]) -> None:
    assert spans_of(said) == spans


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("县住建局、柳林镇", ["县住建局", "柳林镇"]),
        ("经贸局\n人社局", ["经贸局", "人社局"]),
        ("县信访局；县公安局、柳林镇政府", ["县信访局", "县公安局", "柳林镇政府"]),
        ("县住房\n和城乡建设局", []),
        ("县人力资源和社会\n保障局", []),
        ("柳林镇\n人民政府", []),
        ("柳林镇党委、政府", []),
        ("县住建局、待定", []),
        ("县 住建局", []),
        ("县住建局、", []),
        ("", []),
    ],
)
def test_units_are_several_only_where_each_is_surely_one(said: str, units: list[str]) -> None:
    assert units_of(said) == units


@pytest.mark.parametrize(
    ("said", "criterion"),
    [
        *((criterion.label, criterion) for criterion in BacklogCriterion),
        ("超期未结", BacklogCriterion.OVERDUE),
        ("重复信访件", BacklogCriterion.REPEATED),
        ("是", None),
        ("否", None),
    ],
)
def test_a_criterion_is_told_only_by_its_own_words(said: str, criterion: BacklogCriterion | None) -> None:
    assert criterion_of(said) == criterion


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        *((kind.label, kind) for kind in StepKind),
        ("交办", StepKind.DISPATCH),
        ("重新交办", StepKind.DISPATCH),
        ("转办", StepKind.FORWARD),
        ("退回转送单位", StepKind.OBJECTION),
        ("受理告知", StepKind.ACCEPT),
        ("明确包案领导", StepKind.LEADER),
        ("更换包案领导", StepKind.LEADER),
        ("制定化解方案", StepKind.PLAN),
        ("领导接访", StepKind.RECEPTION),
        ("包案领导接访", StepKind.RECEPTION),
        ("领导接待", StepKind.RECEPTION),
        ("下访约访", StepKind.GOING_DOWN),
        ("领导包案下访", StepKind.GOING_DOWN),
        ("入户走访", StepKind.HOME_VISIT),
        ("电话回访", StepKind.RETURN_VISIT),
        ("办结回访", StepKind.RETURN_VISIT),
        ("下访回访", StepKind.RETURN_VISIT),
        ("申请延期", StepKind.EXTENSION),
        ("出具答复意见书", StepKind.REPLY),
        ("结案", StepKind.CLOSE),
        ("销号", StepKind.CLOSE),
        ("办结后反弹", StepKind.RELAPSE),
        ("重复来访", StepKind.REPEAT),
    ],
)
def test_a_kind_of_step_is_known_by_its_synonyms(said: str, kind: StepKind) -> None:
    assert step_kind_of(said) == kind


@pytest.mark.parametrize(
    "said",
    [
        "继续跟进",
        "电话催办",
        "未办结",
        "不予受理",
        "拟下访",
        "计划走访",
        "待答复",
        "要求结案",
        "申请办结",
        "拒绝接访",
        "",
        "向信访人解释政策并商定下一步由镇里走访",
    ],
)
def test_what_was_not_done_is_a_note(said: str) -> None:
    assert step_kind_of(said) == StepKind.NOTE
