"""英文: how what travels in Chinese, or as a word for machines, is told to whoever reads the console in English. Pure.

Names of units and people, what was demanded, and the texts of the law stay as they are.
"""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from shared.events import REGISTRY
from shared.terms import Term

Words = Callable[[str, str], str]
"""`t(zh, en)`: picks the words of the reader's language."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")
HAN = re.compile(r"[\u4e00-\u9fff]+")
OFFICES = {
    "信访部门": "the petition office",
    "交办的信访部门": "the petition office that handed it down",
    "信访工作联席会议": "the joint meeting",
}
"""What supervision calls those who have no name of their own."""
HEAD, ON_LEAVE = re.compile(r"(.+)主要负责人"), re.compile(r"（请假，(.+)代）")


def spoken(word: Term, t: Words) -> str:
    """A word of a closed vocabulary."""
    return t(word.label, word.value.replace("-", " "))


def fact_named(name: str, t: Words) -> str:
    """What a type of fact is called: `CaseRelapsed` is a case relapsed."""
    kind = REGISTRY.get(name)
    zh = (kind.__doc__ or name).partition(":")[0] if kind else name
    return t(zh, re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower())


def aside(said: object, t: Words) -> str:
    """What is said in brackets, after something."""
    return t(f"（{said}）", f" ({said})")


def half(line: str, t: Words) -> str:
    """Sums are written in both languages, Chinese first; where the numbers stand only there, English has them too."""
    zh, parted, en = line.partition(" / ")
    if not parted:
        en = line.replace("相似度", "likeness")
    if not any(map(str.isdigit, en)):
        en = " ".join(f"{HAN.sub('', zh)} {en}".split())
    return t(zh, en)


def told(addressee: str, t: Words) -> str:
    """Who is told of something: whoever has a name by that, others by what they are."""
    if head := HEAD.fullmatch(addressee):
        return t(addressee, f"the head of {head[1]}")
    return t(addressee, OFFICES.get(addressee) or ON_LEAVE.sub(r" (on leave, \1 acting)", addressee))


def whole_days(said: object) -> Markup:
    """A text in which no day is parted at the end of a line."""
    return Markup(DAY.sub(r'<span class="keep">\g<0></span>', str(escape(said))))
