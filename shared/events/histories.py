"""What a history is about. Most are cases; some are not, and their ids say so."""

OTHERS = {
    "unit-": "unit",
    "book-": "book",
    "fund-": "fund",
    "file-": "file",
    "text-": "text",
    "campaign-": "campaign",
    "year-": "year",
    "retaliation-": "retaliation",
    "policies": "policies",
    "sweeps": "sweeps",
}
"""The beginnings of ids that no case has, and what these histories are about."""
NAMES = {
    "case": ("案件", "case"),
    "unit": ("机构", "unit"),
    "book": ("单位台账", "book of a unit"),
    "fund": ("救助资金", "fund"),
    "file": ("文件", "file"),
    "text": ("文字", "text"),
    "campaign": ("专项", "campaign"),
    "year": ("年度", "year of a region"),
    "retaliation": ("打击报复反映", "report of retaliation"),
    "policies": ("口径", "shelf of policies"),
    "sweeps": ("巡查", "record of sweeps"),
}
"""What people call each kind, in Chinese and English."""
BEGINNINGS = tuple(OTHERS)
OWN = ("fund", "file", "text", "retaliation")
"""What is its speaker's alone: funds that pay, and in which cases the same file is filed or the same words are written, and
reports of retaliation. No other service takes it in."""


def kind_of(history: str) -> str:
    """What the history of this id is about: a `case`, unless the id belongs to something else."""
    if not history.startswith(BEGINNINGS):  # asked of every fact: most are about a case
        return "case"
    return next(kind for beginning, kind in OTHERS.items() if history.startswith(beginning))


def is_adopted(history: str) -> bool:
    """Whether other services take a history into theirs."""
    return kind_of(history) not in OWN
