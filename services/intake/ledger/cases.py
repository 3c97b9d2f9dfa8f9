"""One line of the case ledger to one case."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.intake.ledger.entries import Field, LedgerRow, Petitioner, Refusal
from services.intake.ledger.lines import View
from services.intake.ledger.places import Places
from services.intake.ledger.values import (
    CALLED,
    Unfit,
    compact,
    day,
    demand,
    document_number,
    headcount,
    is_post,
    name,
    name_and_post,
    narrative,
    reference,
    short,
    text,
)
from services.intake.ledger.words import categories_of, channel_of, criterion_of, spans_of, units_of
from shared.masking import mask
from shared.terms import Channel, Term

W = TypeVar("W", bound=Term)

UNNAMED = "不详"
MOST_EXTRAS = 200
"""What a registered case may hold."""

NO_LEADER_YET = frozenset({"待定", "未定", "未明确", "未确定", "未落实", "待明确", "待落实", "空缺", "暂缺"})


@dataclass(frozen=True)
class Known:
    """What is known before a ledger is read: the node's regions, the day, and what a blank cell stands for."""

    places: Places
    channel: Channel
    today: date


def case_of(view: View, known: Known) -> LedgerRow | Refusal:
    """The case of a line, without its steps; or why it is none. What was not fully understood is kept in the extras."""
    view.take(Field.NUMBER, lambda _: None)  # no formula leaves open which case it is
    values = {
        "original_number": view.take_if_sound(Field.NUMBER, reference),
        "received_on": view.take(Field.RECEIVED_ON, lambda cell: day(cell, known.today)),
        "channel": _channel(view, known.channel),
        "region": _region(view, known.places),
        "unit": _unit(view),
        "demand": view.take(Field.DEMAND, demand),
        "headcount": _headcount(view),
        "categories": _words(view, Field.CATEGORIES, categories_of(view.words(Field.CATEGORIES))),
        "spans": _words(view, Field.SPANS, spans_of(view.words(Field.SPANS))),
        "petitioner": _petitioner(view),
    }
    criterion = criterion_of(view.words(Field.CRITERION))
    _words(view, Field.CRITERION, (criterion,) if criterion else ())
    leader, post = _leader(view)
    said = ((header, view.take_from(header, cell, narrative)) for header, cell in view.left_over())
    extras = {header: words for header, words in said if words}
    if len(extras) > MOST_EXTRAS:
        zh, en = (
            f"有 {len(extras)} 个未识别的列，最多 {MOST_EXTRAS} 个",
            f"{len(extras)} unknown columns, at most {MOST_EXTRAS}",
        )
        view.faults.append((next(reversed(extras)), Unfit(zh, en)))
    if view.faults:
        return view.refusal()
    return LedgerRow.model_validate(
        {
            **values,
            "sheet": view.sheet,
            "row": view.row,
            "criterion": criterion,
            "leader": leader,
            "leader_post": post,
            "extras": extras,
        }
    )


def _region(view: View, places: Places) -> str | None:
    code = view.take(Field.REGION, lambda cell: places.code(compact(cell)))
    if code and places.says_more(compact(view.cell(Field.REGION)), code):
        view.keep(Field.REGION)
    return code


def _unit(view: View) -> str | None:
    """The unit that answers for the case. Offices name it first, before those that are to help."""
    named = view.take(Field.UNIT, lambda cell: [short(unit) for unit in units_of(text(cell))] or [name(cell)])
    if named is None:
        return None
    if len(named) > 1:
        view.keep(Field.UNIT)
        view.caution(
            view.column(Field.UNIT),
            f"写了 {len(named)} 个单位，按第一个“{named[0]}”登记；由谁协办，请在案件中明确主责次责",
            f"names {len(named)} units, the first, {named[0]!r}, is taken: who is to help, say in the case",
        )
    return named[0]


def _channel(view: View, otherwise: Channel) -> Channel:
    said = view.words(Field.CHANNEL)
    found = channel_of(said)
    _words(view, Field.CHANNEL, (found,) if found else ())
    if found is None and Field.CHANNEL in view.header.at:
        shown = mask(said[:40])
        zh, en = (
            (f"“{shown}”看不出信访形式", f"{shown!r} names no channel") if said else ("单元格为空", "the cell is empty")
        )
        view.caution(
            view.column(Field.CHANNEL), f"{zh}，按“{otherwise.label}”登记", f"{en}: taken as {otherwise.value}"
        )
    return found or otherwise


def _words(view: View, field: Field, found: tuple[W, ...]) -> tuple[W, ...]:
    """The words found; the cell's own are kept beside them when they say anything else."""
    said = re.split(r"[、,，;；/\s]+", compact(view.cell(field)))
    if said != [""] and said != [word.label for word in found]:
        view.keep(field)
    return found


def _headcount(view: View) -> int | None:
    counted = view.take(Field.HEADCOUNT, headcount)
    if counted is None:
        return None
    count, about = counted
    if about:
        view.keep(Field.HEADCOUNT)
        view.caution(
            view.column(Field.HEADCOUNT), f"人数是约数，按 {count} 人登记", f"an approximate number, taken as {count}"
        )
    return count


def _petitioner(view: View) -> Petitioner | None:
    said = view.take(Field.NAME, lambda cell: short(compact(cell)))
    id_number = view.take_if_sound(Field.ID_NUMBER, document_number)
    phone = view.take_if_sound(Field.PHONE, reference)
    address = view.words(Field.ADDRESS) or None
    if not said and (id_number or phone or address):
        view.caution(view.column(Field.NAME), f"没有姓名，按“{UNNAMED}”登记", "no name: taken as unknown")
        said = UNNAMED
    return Petitioner(name=said, id_number=id_number, phone=phone, address=address) if said else None


NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")


def _names(said: str) -> list[str]:
    """The people whom a cell names one after another; none where one of the words may be no name."""
    names = [compact(word) for word in re.split(r"[、,，;；/\n]", said)]
    people = all(CALLED.fullmatch(name) or (NAME.fullmatch(name) and not is_post(name)) for name in names)
    return names if people else []


def _leader(view: View) -> tuple[str | None, str | None]:
    leader, post = view.take(Field.LEADER, name_and_post) or (None, None)
    if leader in NO_LEADER_YET:
        view.keep(Field.LEADER)
        leader = None
    elif leader and post is None and len(names := _names(text(view.cell(Field.LEADER)))) > 1:
        view.keep(Field.LEADER)
        view.caution(
            view.column(Field.LEADER),
            f"写了 {len(names)} 人，一案不得两人包，按第一人“{names[0]}”登记",
            f"names {len(names)} people, but one leader owns a case: the first, {names[0]!r}, is taken",
        )
        leader = names[0]
    return leader, view.take(Field.LEADER_POST, lambda cell: short(compact(cell))) or post
