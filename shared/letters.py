"""Letters 公函 from a template that an office may change: a .docx whose paragraphs hold places such as `{unit}`. Pure.

A paragraph whose place is filled with several lines becomes as many paragraphs of its look. Same template and same words:
same bytes.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date

from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from shared.deadlines import Deadline

UNNUMBERED = "〔　　　　〕　　号"
"""发文字号, to be written by hand while nobody has given one."""
PLACE = re.compile(r"\{([a-z_]+)\}")
UNWRITABLE = re.compile(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot say."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name: when a letter was made is no part of it."""


class TemplateUnusable(Exception):
    """The template is no .docx, or has a place that nothing is known for. The text says which."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


def letter(template: bytes, words: Mapping[str, str | Sequence[str]]) -> bytes:
    """The letter: the template with the words in their places, as a .docx. Raises TemplateUnusable.

    A word may be several lines; what is on a line is written as it is, whatever it contains.
    """
    try:
        made = Document(io.BytesIO(template))
        paragraphs = _paragraphs(made)
    except Exception as error:  # whatever a broken file makes the library stumble over
        raise TemplateUnusable("模板不是有效的 .docx 文件。", "The template is not a sound .docx file.") from error
    for paragraph in paragraphs:
        _fill(paragraph, words)
    written = io.BytesIO()
    made.save(written)
    return timeless(written.getvalue())


def timeless(made: bytes) -> bytes:
    """The same package without the moment at which it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            after.writestr(info, before.read(name))
    return packed.getvalue()


def written_day(day: date) -> str:
    """成文日期 as GB/T 9704 writes it: 2026年1月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def written_sum(deadline: Deadline) -> str:
    """A deadline with its arithmetic, as one sentence of a letter."""
    result = "到期日未定" if deadline.due is None else f"到期日{written_day(deadline.due)}"
    return "，".join([*(line.zh for line in deadline.lines), result]) + "。"


def _paragraphs(made: Docx) -> list[Paragraph]:
    """All, also those in tables, and those above and below the pages."""
    edges = [edge for section in made.sections for edge in (section.header, section.footer)]
    parts = [made.element.body, *(edge._element for edge in edges if not edge.is_linked_to_previous)]
    return [Paragraph(element, made._body) for part in parts for element in part.iter(qn("w:p"))]


def _fill(paragraph: Paragraph, words: Mapping[str, str | Sequence[str]]) -> None:
    """Word cuts a paragraph into runs as it likes, also within a place: the first run gets all of the text."""
    text = "".join(run.text for run in paragraph.runs)
    places = PLACE.findall(text)
    if not places:
        return
    if unknown := [place for place in places if place not in words]:
        raise TemplateUnusable(
            f"模板中的 {{{unknown[0]}}} 没有对应内容；可用的有：{'、'.join(sorted(words))}。",
            f"Nothing is known for {{{unknown[0]}}} in the template; there are: {', '.join(sorted(words))}.",
        )
    lines = [""]
    for n, part in enumerate(PLACE.split(text)):
        first, *more = _lines(words[part]) if n % 2 else [part]
        lines[-1] += first
        lines += more
    for line in lines[1:][::-1]:
        copy = deepcopy(paragraph._element)
        paragraph._element.addnext(copy)
        _write(Paragraph(copy, paragraph._parent), line)
    _write(paragraph, lines[0])


def _lines(word: str | Sequence[str]) -> list[str]:
    said = [word] if isinstance(word, str) else list(word)
    lines = [UNWRITABLE.sub("", line) for text in said for line in text.splitlines()]
    return lines or [""]


def _write(paragraph: Paragraph, text: str) -> None:
    first, *others = paragraph.runs
    first.text = text
    for run in others:
        run._element.getparent().remove(run._element)
