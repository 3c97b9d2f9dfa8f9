"""From a cell to a value: text, dates in all their notations, numbers of people, document numbers. Pure."""

import re
import unicodedata
from datetime import date, datetime, time

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.datetime import from_excel

from services.intake.ledger.beside import Formula
from services.intake.ledger.sheets import Cell
from shared.masking import mask

EARLIEST = date(1949, 10, 1)
"""No petition office is older."""

MOST_PEOPLE = 100_000
LONGEST_NAME, LONGEST_TEXT = 200, 4000
"""What a registered case may hold: names of units and columns, and narrative text."""

EXACT = 10**15
"""Spreadsheets keep 15 digits of a number; from here on the last ones are lost."""

BLANKS = re.compile(r"\s+")
HALF_WIDTH = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF10, 0xFF5B)) if wide.isalnum()}
BLANK = frozenset({"", "无", "暂无", "-", "--", "—", "——", "/", "\\", "、", "none", "null", "nan"})
FORMULA_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")

DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?\s*\(?(?:(?:星期|周)[一二三四五六日天])?\)?"
    r"\s*T?\s*(?:上午|中午|下午|晚上?)?\s*(?:\d{1,2}[:时点].*)?"
)
PACKED_DAY = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\s?\d{4}|\s?\d{6})?(?:\.0)?")
SERIAL_DAY = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
"""Days since 1899-12-30, as spreadsheets store a date: five digits reach from 1927 to 2173."""

DIGITS = "〇一二三四五六七八九"
WRITTEN_DAY = re.compile(
    rf"([{DIGITS}○零]{{4}})年([{DIGITS[1:]}]|十[一二]?)月([{DIGITS[1:]}]|[二三]?十[{DIGITS[1:]}]?)[日号]?"
)
"""As an official document writes it: 二〇二四年三月一日."""
PEOPLE = re.compile(
    r"(?:\D{1,30}等)?(?P<about>大?约|近)?(?:共计|共|计)?(?:\d+户)?"
    rf"(?P<n>\d+|[{DIGITS}两]?十[{DIGITS}]?|[{DIGITS}两])(?P<odd>余|多|来|几|左右)?(?:人|名|位)?次?(?P<end>余|左右|以上)?"
)
SPREAD = re.compile(r"(\d+)[-~—至到]+(\d+)(?:人|名|位)?")

POST = re.compile(r".*(长|书记|主任|常委|委员|主席|专员|干部)")
CALLED = re.compile(
    r"[\u4e00-\u9fff](?<![副正原代现兼任党委办县市区镇乡局站所科处室部])"
    r"副?([省市县区镇乡局部处科所院]长|书记|主任|主席|专员|常委|检察长)"
)
"""Somebody by surname and post, as people are spoken of: 王副县长."""


class Unfit(ValueError):
    """A cell does not say what its column asks for. The two texts say why and how to mend it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


def text(cell: Cell) -> str:
    """The cell as people would type it. A number whose digits are lost keeps its exponent, so that it stays known as such."""
    match cell:
        case None | Formula():
            return ""
        case str() if cell.isprintable() and "_x000D_" not in cell:
            return cell.strip()
        case str():
            return ILLEGAL_CHARACTERS_RE.sub("", cell.replace("_x000D_", "")).strip("\ufeff\u200b \t\r\n\u3000\xa0")
        case bool():
            return "是" if cell else "否"
        case int() | float() if abs(cell) >= EXACT:
            return f"{cell:.14E}"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return str(cell.date()) if cell.time() == time() else cell.isoformat(" ", "seconds")
        case _:
            return str(cell)


def calculated(cell: Cell) -> Cell:
    """The cell. Raises Unfit for a formula of which the file holds no result: it says something, and nobody knows what."""
    if isinstance(cell, Formula):
        raise Unfit(
            "是公式，文件中没有存它的结果；请用 Excel 或 WPS 打开并保存一次，或直接填写内容",
            "a formula, and the file holds no result of it: open it in Excel or WPS and save it once, or write what it says",
        )
    return cell


def compact(cell: Cell) -> str:
    """A name on one line: half-width digits, no blanks between Chinese characters; "" when the cell says nothing."""
    said = text(cell)
    if not said.isascii():
        said = said.translate(HALF_WIDTH)
    if BLANKS.search(said):
        said = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", BLANKS.sub(" ", said))
    return "" if said.casefold() in BLANK or (said[:1] == "#" and FORMULA_ERROR.fullmatch(said)) else said


def name(cell: Cell) -> str:
    """A required name: of a unit. Raises Unfit when there is none or it is too long."""
    said = compact(cell)
    if not said:
        raise Unfit("必填，但单元格为空", "required, but the cell is empty")
    return short(said)


def short(said: str) -> str:
    """Raises Unfit for a name that is longer than a registered case may hold."""
    if len(said) > LONGEST_NAME:
        raise Unfit(f"超过 {LONGEST_NAME} 字，请缩短", f"longer than {LONGEST_NAME} characters: shorten it")
    return said


def narrative(cell: Cell) -> str:
    """Text with document and phone numbers masked; may be "". Raises Unfit when it is too long."""
    said = text(cell)
    if len(said) > LONGEST_TEXT:
        raise Unfit(
            f"有 {len(said)} 字，超过 {LONGEST_TEXT} 字，请缩短",
            f"{len(said)} characters, more than {LONGEST_TEXT}: shorten",
        )
    return mask(said)


def demand(cell: Cell) -> str:
    """A required text. Raises Unfit."""
    if not compact(cell):
        raise Unfit("必填，但单元格为空", "required, but the cell is empty")
    return narrative(cell)


def day(cell: Cell, today: date) -> date:
    """A date in whichever notation; a time of day is dropped. Raises Unfit for none, half a one or an impossible one."""
    found = cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else _day(compact(cell))
    if found > today:
        raise Unfit(f"{found} 晚于今天（{today}）", f"{found} lies after today ({today})")
    if found < EARLIEST:
        raise Unfit(f"{found} 早于 {EARLIEST}", f"{found} lies before {EARLIEST}")
    return found


def _day(said: str) -> date:
    if not said:
        raise Unfit("必填，但单元格为空", "required, but the cell is empty")
    narrow = unicodedata.normalize("NFKC", said)
    if written := WRITTEN_DAY.fullmatch(narrow):
        year = "".join(str(DIGITS.index(sign)) for sign in re.sub("[○零]", DIGITS[0], written[1]))
        narrow = f"{year}-{numeral(written[2])}-{numeral(written[3])}"
    parts = PACKED_DAY.fullmatch(narrow) or DAY.fullmatch(narrow)
    if parts is None and SERIAL_DAY.fullmatch(narrow):
        serial = from_excel(float(narrow))
        if isinstance(serial, datetime):
            return serial.date()
    if parts is None:
        raise _no_date(said, narrow)
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise Unfit(f"“{mask(said)}”没有这一天", f"there is no such day as {mask(said)!r}") from None


def _no_date(said: str, narrow: str) -> Unfit:
    shown = mask(said[:40])
    if re.fullmatch(
        r"\d{1,2}\s*[-/.月]\s*(\d{1,2}\s*[日号]?)?|\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?", narrow
    ):
        return Unfit(f"“{shown}”没有四位年份，请补全，如 2024-3-1", f"{shown!r} has no four-digit year: write 2024-3-1")
    if re.fullmatch(r"\d{4}\s*[-/.年]\s*(\d{1,2}\s*月?)?", narrow):
        return Unfit(f"“{shown}”没有写明到日，请补全，如 2024-3-1", f"{shown!r} names no day: write 2024-3-1")
    return Unfit(f"“{shown}”不是日期，请写成 2024-3-1", f"{shown!r} is no date: write it as 2024-3-1")


def headcount(cell: Cell) -> tuple[int, bool]:
    """人数: how many people, and whether that is only about so many (约20余人: 20, the least). An empty cell is one.

    Raises Unfit for what is no number, zero, or more than 100 000.
    """
    said = unicodedata.normalize("NFKC", compact(cell)).replace(" ", "").replace(",", "")
    if not said:
        return 1, False
    if spread := SPREAD.fullmatch(said):
        count, about = int(spread[1]), True
    elif people := PEOPLE.fullmatch(said):
        count = int(people["n"]) if people["n"].isdecimal() else numeral(people["n"])
        about = any(people[part] for part in ("about", "odd", "end"))
    else:
        raise Unfit(
            f"“{mask(said[:40])}”看不出人数，请写成数字", f"{mask(said[:40])!r} is no number of people: write a number"
        )
    if not 1 <= count <= MOST_PEOPLE:
        raise Unfit(f"人数 {count} 应在 1 至 {MOST_PEOPLE} 之间", f"{count} people: must be 1 to {MOST_PEOPLE}")
    return count, about


def numeral(said: str) -> int:
    """A Chinese numeral up to 99: 三, 十二, 二十, 九十九."""
    tens, ten, ones = said.replace("两", "二").partition("十")
    high, low = (DIGITS.index(sign) if sign else 0 for sign in (tens, ones))
    return (high or 1) * 10 + low if ten else high


def document_number(cell: Cell) -> str | None:
    """身份证号, or another document's. Raises Unfit when the file no longer holds all its digits."""
    said = (reference(cell) or "").upper()
    if said and not re.fullmatch(r"[0-9A-Z()-]{5,24}", said):
        raise Unfit("不是证件号码，该单元格未导入", "no document number; the cell was left out")
    return said or None


def reference(cell: Cell) -> str | None:
    """A number that people quote: of a case, a document, a telephone. Raises Unfit when its last digits are lost."""
    said = re.sub(r"\s|(?<=\d)\.0$", "", unicodedata.normalize("NFKC", compact(cell)))
    if re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d+", said):
        raise Unfit(
            "以数字格式保存，末几位已丢失，该单元格未导入；请把这一列设为文本格式后重新填写",
            "stored as a number, so its last digits are lost; the cell was left out: set the column to text and retype it",
        )
    return short(said) or None


def is_post(said: str) -> bool:
    """Whether a word is a post, and nobody who is called by it."""
    return bool(POST.fullmatch(said)) and not CALLED.fullmatch(said)


def name_and_post(cell: Cell) -> tuple[str | None, str | None]:
    """An official's name and post: 李某某（副县长）, 李某某 副县长, 副县长 李某某. Raises Unfit for one that is too long."""
    said = text(cell)
    if bracketed := re.fullmatch(r"([^(（]+)[(（]([^()（）]+)[)）]", said):
        return short(compact(bracketed[1])) or None, short(compact(bracketed[2]))
    if parts := re.fullmatch(r"(\S{2,})[\s,，/]+(\S{2,})", said):
        first, second = parts.groups()
        if is_post(second):
            return short(compact(first)), short(compact(second))
        if is_post(first):
            return short(compact(second)), short(compact(first))
    return short(compact(cell)) or None, None
