"""What a petition ledger (信访积案台账) holds once it is read: cases with their earlier steps, and all that was not taken.

The words for the columns of a roster of units and posts (机构名册) are here too.
"""

from collections.abc import Iterable
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limit

from shared.decider import WHOLE, AnyDay
from shared.terms import BacklogCriterion, Category, Channel, Span, Term


class SheetKind(Term):
    """What one line of a sheet is."""

    CASES = "cases", "积案台账"
    STEPS = "steps", "办理记录"
    UNITS = "units", "机构"
    POSTS = "posts", "任职"


class Field(Term):
    """What a column says."""

    NUMBER = "number", "编号"
    SERIAL = "serial", "序号"
    RECEIVED_ON = "received-on", "信访日期"
    CHANNEL = "channel", "信访形式"
    REGION = "region", "属地"
    UNIT = "unit", "责任单位"
    DEMAND = "demand", "反映问题"
    HEADCOUNT = "headcount", "人数"
    CATEGORIES = "categories", "问题类别"
    SPANS = "spans", "三跨三分离"
    CRITERION = "criterion", "积案类型"
    NAME = "name", "信访人"
    ID_NUMBER = "id-number", "身份证号"
    PHONE = "phone", "联系电话"
    ADDRESS = "address", "住址"
    LEADER = "leader", "包案领导"
    LEADER_POST = "leader-post", "包案领导职务"
    STEP_ON = "step-on", "办理日期"
    STEP_KIND = "step-kind", "办理方式"
    STEP_PERSON = "step-person", "经办人"
    STEP_NOTE = "step-note", "办理内容"
    ESTABLISHED_ON = "established-on", "成立日期"
    SUPERIOR = "superior", "上级单位"
    FORMER_NAME = "former-name", "曾用名"
    RENAMED_ON = "renamed-on", "更名日期"
    OFFICIAL = "official", "姓名"
    OFFICIAL_NUMBER = "official-number", "人员编号"
    POST = "post", "职务"
    SINCE = "since", "任职日期"
    LEFT_ON = "left-on", "离任日期"
    RANK = "rank", "领导层级"
    HEADS = "heads", "主要负责人"
    REMIT = "remit", "分管工作"


class StepKind(Term):
    """What was done in a case before it came into this system."""

    DISPATCH = "dispatch", "交办"
    FORWARD = "forward", "转送"
    OBJECTION = "objection", "退回"
    ACCEPT = "accept", "受理"
    LEADER = "leader", "包案"
    PLAN = "plan", "方案"
    RECEPTION = "reception", "接访"
    GOING_DOWN = "going-down", "下访"
    HOME_VISIT = "home-visit", "走访"
    RETURN_VISIT = "return-visit", "回访"
    EXTENSION = "extension", "延期"
    REPLY = "reply", "答复"
    CLOSE = "close", "办结"
    RELAPSE = "relapse", "反弹"
    REPEAT = "repeat", "重复信访"
    NOTE = "note", "备注"


INTAKE_STEPS = frozenset({StepKind.DISPATCH, StepKind.FORWARD, StepKind.OBJECTION, StepKind.REPEAT})
"""Steps of earlier history that intake speaks of; the others are casework's."""


class SkipReason(Term):
    """Why a filled line is no case and no step."""

    REPEATED = "repeated", "重复行"
    NUMBERED = "numbered", "只有编号的行"
    TOTAL = "total", "合计行"
    REMARK = "remark", "说明行"
    HEADER = "header", "重复的表头"


Line = Annotated[int, Limit(ge=1, le=100_000_000), WHOLE]
"""A row, as the spreadsheet counts; no file is longer."""
Cell = Annotated[str, Limit(json_schema_extra={"pattern": "^[^\\x00]*$"})]
"""What a cell says. JSON can write the NUL character, which a request must not hold."""


class Entry(BaseModel):
    """A frozen part of the result."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Petitioner(Entry):
    """信访人, as the ledger names them; `repr` shows nothing of it."""

    name: Cell = Limit(repr=False)
    id_number: Cell | None = Limit(default=None, repr=False)
    phone: Cell | None = Limit(default=None, repr=False)
    address: Cell | None = Limit(default=None, repr=False)


class LedgerStep(Entry):
    """A line of the step ledger. `row` counts as the spreadsheet does, from 1. `person` did it, or is the leader (包案);
    `unit` did it, or is the unit that the case went to (交办, 转送) or came back from (退回).
    """

    sheet: Cell
    row: Line
    on: AnyDay
    kind: StepKind
    person: Cell | None = None
    unit: Cell | None = None
    note: Cell = ""


class LedgerRow(Entry):
    """A line of the case ledger. `extras` keeps what this system has no field or no word for, by column header."""

    sheet: Cell
    row: Line
    original_number: Cell | None = None
    system: Cell | None = None
    """The other system whose number that is; None for one of the office's own."""
    received_on: AnyDay
    channel: Channel
    region: Cell
    unit: Cell
    demand: Cell
    headcount: Annotated[int, Limit(ge=1), WHOLE] = 1
    categories: tuple[Category, ...] = ()
    spans: tuple[Span, ...] = ()
    criterion: BacklogCriterion | None = None
    petitioner: Petitioner | None = None
    leader: Cell | None = None
    leader_post: Cell | None = None
    extras: Annotated[dict[Cell, Cell], Limit(json_schema_extra={"additionalProperties": False})] = {}
    steps: tuple[LedgerStep, ...] = ()


class Placed(Protocol):
    """Whatever was read from a line."""

    @property
    def sheet(self) -> str: ...

    @property
    def row(self) -> int: ...


class Original(Entry):
    """A line as it stands in the file: its cells as text, by column header. It names persons: never log it."""

    sheet: str
    row: int
    values: dict[str, str] = Limit(repr=False)


class Refusal(Original):
    """A line that was not taken: which columns are at fault, why, and how to mend them."""

    column: str
    reason_zh: str
    reason_en: str


class Skipped(Entry):
    """A filled line that is no case and no step; `same_as` is the sheet and row of the line that it repeats."""

    sheet: str
    row: int
    why: SkipReason
    same_as: tuple[str, int] | None = None


class Caution(Entry):
    """Something to look at that kept nothing out, but for the cell it names. Without a row it is about the sheet."""

    sheet: str
    row: int | None
    column: str
    zh: str
    en: str


class Column(Entry):
    """A column of a sheet: its letter, its header (the rows of a header joined by `·`) and what it was taken for."""

    letter: str
    header: str
    field: Field | None


class SheetMapping(Entry):
    """How a sheet was understood. `header_rows` are the first and last row of its header."""

    sheet: str
    kind: SheetKind
    header_rows: tuple[int, int]
    columns: tuple[Column, ...]


class Ledger(Entry):
    """A whole file. Every filled line under a header is in exactly one of `rows` (with `steps`), `refusals`, `skipped`.

    `originals` are the lines that were taken, as they stand; `companions` (sheet and row) the cases among them that had
    a step refused. `ignored` names the sheets that are no ledger, or hidden; `digest` is the file's SHA-256.
    """

    rows: tuple[LedgerRow, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[Caution, ...]
    mapping: tuple[SheetMapping, ...]
    originals: tuple[Original, ...] = Limit(repr=False)
    companions: tuple[tuple[str, int], ...]
    ignored: tuple[str, ...]
    digest: str

    def refusing(self, refused: Iterable[tuple[Placed, str, str]]) -> "Ledger":
        """The ledger with rows refused after all, by a service say, each with its reason in Chinese and English.

        In the errors file they stand as they were in the ledger, and their steps with them.
        """
        lines = {(line.sheet, line.row): line for line in self.originals}
        more = (
            Refusal(**dict(lines[row.sheet, row.row]), column="", reason_zh=zh, reason_en=en) for row, zh, en in refused
        )
        return self.model_copy(update={"refusals": (*self.refusals, *more)})


class LedgerUnreadable(Exception):
    """The file as a whole cannot be taken. The two texts say what is wrong and how to mend it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en
