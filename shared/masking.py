"""遮蔽: hides document and telephone numbers in narrative text before it is written where it cannot be erased. Pure."""

import re

_JOINT = r"[-－—\s]?"

NUMBER = re.compile(
    rf"""(?<!\d)(?:
      \d{{17}}[\dXxＸｘ] | \d{{15}} | \d{{6}}\s\d{{8}}\s\d{{3}}[\dXxＸｘ]                     # 身份证号
    | (?:[+＋]?[8８][6６]{_JOINT})?[1１][3-9３-９]\d{_JOINT}\d{{4}}{_JOINT}\d{{4}}               # 手机
    | [(（]?[0０][1-9１-９]\d{{1,2}}[)）]?{_JOINT}\d{{3,4}}{_JOINT}\d{{4}}                       # 固定电话
    )(?!\d)""",
    re.VERBOSE,
)


def mask(text: str) -> str:
    """The text with 15- and 18-digit document numbers, mobile and landline numbers starred out, except their first
    three and last two characters. The length stays; masking twice changes nothing.
    """
    return NUMBER.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 5) + found[0][-2:], text)
