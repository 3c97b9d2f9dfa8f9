"""尚无所据: signs, or parts of signs, for which nobody speaks the facts, and what is missing: listed, not guessed. Pure."""

AWAITED: dict[str, tuple[str, str]] = {
    "B4": ("节假日集中走访", "节假日走访本属正当，不设规则；夜间的看 night-visits，记有时刻、地点的看 two-places"),
    "B6": (
        "改动日期、结论",
        "事实只增不改，更正另成一条，前后都在案；空转之后的补录看 filled-after-stall，撤回材料看 changed-afterwards",
    ),
    "B9": (
        "专项报数",
        "报表把专项的报数与台账重算并列，标明是否一致；统计口径由专项方案定，不自动认定，由督查核实",
    ),
    "B10": (
        "重复率高于同类单位",
        "单位的案情不同，不作单位间排名；反弹的占比由口径定（settled-and-back），重复信访率与件数在报表中并列",
    ),
    "B11": (
        "同一设备、号码评价",
        "评价的事实不含设备、号码，也不应含有；评价由登记、信访和回访人员录入，办理单位不能录入；只邀请满意的看 picked-evaluations",
    ),
    "C7": (
        "跨单位近似而非逐字相同",
        "跨单位只认逐字相同的（text-elsewhere，按摘要）；近似的在单位之内比对，跨单位的由督查人工比对",
    ),
    "C13": (
        "信访人签字缺失或代签",
        "签收人由经办人自填，不足为据；由回访和实地督查核实（reply-differs、report-differs）",
    ),
    "C14": (
        "评价雷同、瞬间作答",
        "评价的事实不记作答时长，也不应记；评价一律满意不是过错，看 too-good 和 picked-evaluations",
    ),
    "R1": (
        "被反映人查看案卷",
        "被反映人和应回避的人打开案件材料，系统即予拒绝，故无从查得；谁看过信访人信息、谁调阅过材料，另有记录供查",
    ),
    "R3": ("打击报复", "由人另行受理（report-retaliation），不经责任单位，不设规则"),
}
"""By sign: what of it is not looked for, and why."""
