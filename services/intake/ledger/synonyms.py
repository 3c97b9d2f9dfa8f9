"""表头同义词: what offices call the columns of their ledgers. In each tuple the likelier meaning stands first."""

from services.intake.ledger.entries import Field, SheetKind
from shared.terms import LeaderRank


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NUMBER = _words(
    "信访件编号 信访编号 案件编号 信访事项编号 事项编号 积案编号 信访件号 案件号 登记编号 登记号 受理编号 交办编号 编号 案号 件号"
)
UNIT = _words(
    "责任单位 化解责任单位 主责单位 主要责任单位 责任部门 承办单位 承办部门 承办机关 主办单位 办理单位 办理部门 牵头单位"
    " 包案单位 化解单位 责任主体 有权处理机关 处理单位 责任镇街 责任乡镇 单位"
)
LEADER = _words(
    "包案领导 包案领导姓名 县级包案领导 县包案领导 市级包案领导 镇包案领导 包案县级领导 包案县领导"
    " 包案人 包案责任人 包保领导 包联领导 包抓领导 化解领导 领导包案 责任领导"
)

CASES: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: NUMBER,
    Field.SERIAL: _words("序号 序 no no."),
    Field.RECEIVED_ON: _words(
        "信访日期 信访时间 受信日期 收信日期 来信日期 来信时间 来访日期 来访时间 上访日期 上访时间 来电日期 来电时间 收到日期"
        " 收件日期 登记日期 登记时间 首次信访日期 首次信访时间 初次信访日期 初次信访时间 首次反映时间"
        " 初访时间 反映日期 反映时间 受理日期 受理时间 日期 时间"
    ),
    Field.CHANNEL: _words(
        "信访形式 信访方式 信访渠道 反映方式 反映渠道 来访形式 案件来源 信访来源 问题来源 来源 渠道 形式"
    ),
    Field.REGION: _words(
        "问题属地 属地 问题属地代码 属地代码 所属地区 所属区域 问题发生地 事发地 事发地区 行政区划 行政区划代码 区划代码 地区代码"
        " 所在地区 地区 区域 区县 县区"
    ),
    Field.UNIT: UNIT,
    Field.DEMAND: _words(
        "反映问题 反映的问题 反映主要问题 反映的主要问题 主要反映问题 主要问题 反映内容 反映事项 反映情况 主要诉求 信访诉求 诉求"
        " 诉求内容 诉求事项 信访事项 信访内容 信访问题 问题概况 概况信息 概况 信访事项概况 事项概况 事项概述 投诉内容 问题描述"
        " 案情简介 基本案情 简要案情 案件简要情况 案由 信访事由 事由 主要内容 内容摘要 案件名称 积案名称 问题 内容"
    ),
    Field.HEADCOUNT: _words("信访人数 人数 来访人数 上访人数 反映人数 涉及人数 涉访人数"),
    Field.CATEGORIES: _words(
        "问题类别 问题类型 问题分类 信访类别 诉求类别 内容分类 所属领域 领域 矛盾类型 事项类别 案件类别 案件类型 类别 类型"
    ),
    Field.SPANS: _words(
        "三跨三分离 三跨三分离标志 三跨三分离标识 三跨三分离情况 三跨三分离类型 是否三跨三分离 三跨 是否三跨"
    ),
    Field.CRITERION: _words(
        "积案类型 积案类别 积案认定标准 积案标准 认定标准 积案认定 纳入条件 是否积案 积案标志 积案标识"
    ),
    Field.NAME: _words(
        "信访人姓名 信访人 姓名 反映人 反映人姓名 上访人 上访人姓名 来访人 来访人姓名 来信人 诉求人 投诉人 信访群众 主要信访人"
        " 当事人 群众姓名"
    ),
    Field.ID_NUMBER: _words("身份证号 身份证号码 信访人身份证号 信访人身份证号码 公民身份号码 身份证 证件号码 证件号"),
    Field.PHONE: _words("联系电话 信访人联系电话 信访人电话 手机号码 手机号 电话号码 手机 电话 联系方式"),
    Field.ADDRESS: _words(
        "住址 家庭住址 现住址 信访人住址 信访人地址 居住地 常住地 联系地址 通讯地址 详细地址 地址 户籍地址 户籍地"
    ),
    Field.LEADER: LEADER,
    Field.LEADER_POST: _words("包案领导职务 包案人职务 领导职务 职务"),
}

STEPS: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: NUMBER,
    Field.SERIAL: CASES[Field.SERIAL],
    Field.STEP_ON: _words(
        "办理日期 办理时间 工作日期 工作时间 发生日期 发生时间 开展时间 记录日期 记录时间 跟进日期 跟进时间 事项日期 日期 时间"
    ),
    Field.STEP_KIND: _words(
        "办理方式 办理环节 办理步骤 办理事项 办理类型 办理动作 工作方式 工作类型 记录类型 事项类型 环节 步骤 动作"
        " 方式 类型 事项 类别"
    ),
    Field.STEP_PERSON: _words(
        "经办人 经办人员 办理人 办理人员 承办人 承办人员 工作人员 接访领导 责任人 责任领导 领导 人员 参与人员 包案领导"
    ),
    Field.UNIT: _words("经办单位 去向单位 去向机构 接收单位") + UNIT,
    Field.STEP_NOTE: _words(
        "办理内容 办理情况 工作内容 工作情况 进展情况 工作进展 化解情况 办理记录 工作记录 记录内容 情况说明 简要情况 内容 情况 进展"
        " 记录 说明 备注 办理结果 结果"
    ),
    **{which: CASES[which] for which in (Field.NAME, Field.ID_NUMBER, Field.PHONE, Field.ADDRESS)},
}
"""The petitioner is known from the case; that a step names them again is recognised, so that it stays out of the note."""

OFFICE = _words("单位名称 机构名称 单位全称 任职单位 所在单位 工作单位 单位 机构 部门名称 部门")

UNITS: dict[Field, tuple[str, ...]] = {
    Field.SERIAL: CASES[Field.SERIAL],
    Field.UNIT: OFFICE,
    Field.REGION: CASES[Field.REGION],
    Field.ESTABLISHED_ON: _words("成立日期 成立时间 设立日期 设立时间 批准成立日期 组建日期 组建时间"),
    Field.SUPERIOR: _words("上级单位 上级机构 上级部门 主管单位 主管部门 隶属单位 隶属 上级"),
    Field.FORMER_NAME: _words("曾用名 曾用名称 原名称 原单位名称 原名 更名前名称"),
    Field.RENAMED_ON: _words("更名日期 更名时间 变更日期 改名日期"),
}

POSTS: dict[Field, tuple[str, ...]] = {
    Field.SERIAL: CASES[Field.SERIAL],
    Field.UNIT: OFFICE,
    Field.REGION: CASES[Field.REGION],
    Field.OFFICIAL: _words("姓名 人员姓名 干部姓名 领导姓名 任职人员 领导"),
    Field.OFFICIAL_NUMBER: _words("人员编号 干部编号 工号 职工编号 编号"),
    Field.POST: _words("职务 现任职务 任职职务 职务名称 岗位"),
    Field.SINCE: _words("任职日期 任职时间 任现职时间 到任日期 到任时间 起始日期 任职起"),
    Field.LEFT_ON: _words("离任日期 离任时间 免职日期 免职时间 卸任日期 终止日期 任职止"),
    Field.RANK: _words("领导层级 领导级别 层级 领导类别"),
    Field.HEADS: _words("是否主要负责人 主要负责人 是否负责人 是否一把手"),
    Field.REMIT: _words("分管工作 分管领域 分管范围 分工 分管"),
}

HEADS = {"": False, "否": False, "不是": False, "×": False, "0": False} | dict.fromkeys(
    ("是", "√", "✓", "1", "y", "yes", "主要负责人", "负责人", "一把手"), True
)
RANKS = {rank.label: rank for rank in LeaderRank} | {
    "主要负责人": LeaderRank.MAIN,
    "正职": LeaderRank.MAIN,
    "一把手": LeaderRank.MAIN,
    "党政主要领导": LeaderRank.MAIN,
    "班子": LeaderRank.TEAM,
    "领导班子成员": LeaderRank.TEAM,
    "副职": LeaderRank.TEAM,
    "分管领导": LeaderRank.TEAM,
    "其他": LeaderRank.OTHER,
    "中层": LeaderRank.OTHER,
}

LOWER = _words(
    "名称 单位名称 全称 领导 职级 级别 性别 年龄 牵头 配合 主责 次责 主办 协办 镇 村 组 县 市 省 标准 情况 时间 日期"
)
"""Words that stand in the lower row of a header and mean nothing without the upper one."""

TABLES = {SheetKind.CASES: CASES, SheetKind.STEPS: STEPS, SheetKind.UNITS: UNITS, SheetKind.POSTS: POSTS}

REQUIRED: dict[SheetKind, tuple[frozenset[Field], ...]] = {
    SheetKind.CASES: tuple(frozenset({f}) for f in (Field.RECEIVED_ON, Field.UNIT, Field.DEMAND)),
    SheetKind.STEPS: (
        frozenset({Field.NUMBER}),
        frozenset({Field.STEP_ON}),
        frozenset({Field.STEP_KIND, Field.STEP_NOTE}),
    ),
    SheetKind.UNITS: tuple(frozenset({f}) for f in (Field.UNIT, Field.ESTABLISHED_ON)),
    SheetKind.POSTS: tuple(frozenset({f}) for f in (Field.UNIT, Field.OFFICIAL, Field.POST, Field.SINCE)),
}
"""Of each set, a sheet of that kind needs at least one column."""
