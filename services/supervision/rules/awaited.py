"""尚无所据: signs whose facts nobody speaks yet, and what is missing. They are listed, never guessed at. Pure."""

AWAITED: dict[str, tuple[str, str]] = {
    "B11": ("操纵评价", "评价的事实不含设备、号码，也不应含有；须另有不识别个人的来源标记"),
    "R3": ("打击报复", "由人另行受理（report-retaliation），不经责任单位，不设规则"),
}
"""By sign: its name, and what is missing."""
