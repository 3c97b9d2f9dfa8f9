"""Writes the letter templates as this house ships them, in the look of GB/T 9704-2012 (信函格式).

    python -m deploy.templates.make_templates

An office that wants another look changes a copy: a folder `templates` in the data folder takes the place of this one. The
places that may stand in a template are those of `letters.py` in intake and reporting, and of `services/supervision/wording.py`.
"""

import io
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from shared.letters import timeless

HERE = Path(__file__).resolve().parent
RED = RGBColor(0xE0, 0x00, 0x00)
SONG, FANG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
BODY, LINE = Pt(16), Pt(28)
"""三号, and 22 lines on a page."""

ASSIGNMENT: list[tuple[str, str]] = [
    ("organ", "{organ}"),
    ("number", "{letter_number}"),
    ("title", "关于{kind}{case_id}号信访事项的函"),
    ("unit", "{unit}："),
    ("text", "根据《信访工作条例》第二十二条，现将下列信访事项{kind}你单位，请依法按时办理。"),
    ("heading", "一、信访事项"),
    ("text", "案件编号：{case_id}。原编号：{original_number}。"),
    ("text", "信访人（见系统）于{received_on}以{channel}形式提出，涉及{headcount}人。诉求如下："),
    ("text", "{demands}"),
    ("heading", "二、积案认定"),
    ("text", "{criteria}"),
    ("heading", "三、办理期限"),
    ("text", "{due}"),
    ("text", "{arithmetic}"),
    ("heading", "四、办理要求"),
    ("text", "请确定包案领导，与信访人见面，查明事实，依法作出并送达书面答复，按期将办理结果报我单位。"),
    ("text", "属于你单位职权范围以外的，请自收到本函之日起五个工作日内提出异议并详细说明理由，经我单位同意后退回。"),
    ("text", "信访人的检举、控告材料及有关情况不得透露或者转给被检举、控告的人员或者单位。"),
    ("signature", "{organ}"),
    ("date", "{dispatched_on}"),
]
NOTICE: list[tuple[str, str]] = [
    ("organ", "{organ}"),
    ("number", "{letter_number}"),
    ("title", "关于{matter}的{title}"),
    ("unit", "{addressee}："),
    ("text", "根据{basis}，经督查，{matter}的办理存在下列问题，现予告知。"),
    ("heading", "一、督查事项"),
    ("text", "{about}"),
    ("text", "督办编号：{notice_id}。"),
    ("heading", "二、存在问题"),
    ("text", "{findings}"),
    ("heading", "三、此前督办"),
    ("text", "{before}"),
    ("heading", "四、办理要求"),
    ("text", "{asked}"),
    ("heading", "五、答复方式"),
    ("text", "请在系统中答复，或者书面答复我单位，注明督办编号。有异议的，可以陈述申辩并附证据，不因申辩加重处理。"),
    ("signature", "{organ}"),
    ("date", "{issued_on}"),
]
SUGGESTION: list[tuple[str, str]] = [
    ("organ", "{organ}"),
    ("number", "{letter_number}"),
    ("title", "关于{kind}的建议书"),
    ("unit", "{addressee}："),
    ("text", "根据{basis}，就{matter}反映的问题，向你单位提出{kind}的建议。"),
    ("heading", "一、督查事项"),
    ("text", "{about}"),
    ("text", "建议编号：{suggestion_id}。"),
    ("heading", "二、依据的问题"),
    ("text", "{findings}"),
    ("heading", "三、建议内容"),
    ("text", "{text}"),
    ("heading", "四、反馈要求"),
    ("text", "{due}"),
    ("text", "{arithmetic}"),
    ("text", "请在系统中反馈，或者书面反馈我单位，注明建议编号（《信访工作条例》第四十条第四款）。提出人：{by}。"),
    ("signature", "{organ}"),
    ("date", "{made_on}"),
]
REPORT: list[tuple[str, str]] = [
    ("organ", "{organ}"),
    ("title", "{place}{year}年度信访工作报告"),
    ("text", "根据《信访工作条例》第四十一条，现将{year}年度有关情况报告如下。"),
    ("text", "数据截至{as_of}，每个数字所计的事项可在系统中逐件查询。"),
    ("heading", "一、信访事项的数据统计、涉及领域以及被投诉较多的机关、单位"),
    ("text", "{matters}"),
    ("heading", "二、转送、交办、督办情况"),
    ("text", "{handed_on}"),
    ("heading", "三、提出改进工作、完善政策、追究责任建议以及被采纳情况"),
    ("text", "{suggestions}"),
    ("heading", "四、其他应当报告的事项"),
    ("text", "{rest}"),
    ("heading", "五、报送情况"),
    ("text", "{sent}"),
    ("signature", "{organ}"),
    ("date", "{made_on}"),
]
DECISION: list[tuple[str, str]] = [
    ("organ", "{organ}"),
    ("number", "{letter_number}"),
    ("title", "关于对{matter}予以{treatment}的通知"),
    ("unit", "{addressee}："),
    ("text", "根据{basis}，经研究，决定就{matter}的办理予以{treatment}。"),
    ("heading", "一、督查事项"),
    ("text", "{about}"),
    ("text", "提请编号：{proposal_id}。"),
    ("heading", "二、经认定的问题"),
    ("text", "{findings}"),
    ("heading", "三、理由"),
    ("text", "{reasons}"),
    ("heading", "四、陈述申辩"),
    ("text", "对上列问题和本决定有异议的，可以陈述申辩并附证据，不因申辩加重处理。决定人：{by}。"),
    ("signature", "{organ}"),
    ("date", "{decided_on}"),
]
LETTERS = {
    "assignment-letter": ASSIGNMENT,
    "notice-letter": NOTICE,
    "suggestion-letter": SUGGESTION,
    "decision-letter": DECISION,
    "annual-report": REPORT,
}


def main() -> None:
    """Write them."""
    for name, paragraphs in LETTERS.items():
        (HERE / f"{name}.docx").write_bytes(made(paragraphs))


def made(paragraphs: list[tuple[str, str]]) -> bytes:
    """A template of these paragraphs, each with its place in the letter."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    for style, text in paragraphs:
        paragraph = document.add_paragraph()
        _place(paragraph, style)
        _font(paragraph.add_run(text), style)
    _page_number(section.footer.paragraphs[0])
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = ""
    written = io.BytesIO()
    document.save(written)
    return timeless(written.getvalue())


def _place(paragraph: Paragraph, style: str) -> None:
    look = paragraph.paragraph_format
    look.space_before = look.space_after = Pt(0)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    match style:
        case "organ":
            look.alignment, look.line_spacing, look.space_after = ALIGN.CENTER, Pt(40), Pt(4)
            _red_line(paragraph)
        case "number":
            look.alignment, look.space_before, look.space_after = ALIGN.RIGHT, Pt(6), LINE
        case "title":
            look.alignment, look.line_spacing, look.space_after = ALIGN.CENTER, Pt(34), LINE
        case "text" | "heading":
            look.alignment, look.first_line_indent = ALIGN.JUSTIFY, 2 * BODY
            look.keep_with_next = style == "heading" or None
        case "signature":
            look.alignment, look.right_indent, look.space_before = ALIGN.RIGHT, 3 * BODY, 2 * LINE
            look.keep_with_next = True
        case "date":
            look.alignment, look.right_indent = ALIGN.RIGHT, 4 * BODY


def _font(run: Run, style: str) -> None:
    name, size = {"organ": (SONG, Pt(32)), "title": (SONG, Pt(22)), "heading": (HEI, BODY)}.get(style, (FANG, BODY))
    run.font.name, run.font.size = "Times New Roman", size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    if style == "organ":
        run.font.color.rgb = RED


def _red_line(paragraph: Paragraph) -> None:
    """The double line under the name of the organ."""
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "24"), ("space", "6"), ("color", str(RED))):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    paragraph._element.get_or_add_pPr().append(border)


def _page_number(paragraph: Paragraph) -> None:
    """— 1 —, 四号."""
    paragraph.paragraph_format.alignment = ALIGN.CENTER
    for text, field in (("— ", None), ("", "PAGE"), (" —", None)):
        run = paragraph.add_run(text)
        run.font.name, run.font.size = "Times New Roman", Pt(14)
        if field:
            for kind in ("begin", "text", "end"):
                mark = OxmlElement("w:instrText" if kind == "text" else "w:fldChar")
                if kind == "text":
                    mark.text = field
                else:
                    mark.set(qn("w:fldCharType"), kind)
                run._element.append(mark)


if __name__ == "__main__":
    main()
