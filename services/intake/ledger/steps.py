"""One line of the step ledger to one step of a case."""

from datetime import date

from services.intake.ledger.entries import Field, LedgerStep, Refusal
from services.intake.ledger.lines import View
from services.intake.ledger.values import compact, day, name, name_and_post, narrative, reference, short
from services.intake.ledger.words import step_kind_of


def step_of(view: View, today: date) -> LedgerStep | Refusal:
    """The step, whose case the column 编号 tells; or why the line is none.

    The note begins with the word that the ledger uses for the kind, unless that is the house's own, and ends with the
    person's post and the columns that a step has no field for: `电话回访：群众满意【职务】副镇长【地点】柳林村`.
    """
    view.take(Field.NUMBER, lambda cell: name(cell) and reference(cell))
    on = view.take(Field.STEP_ON, lambda cell: day(cell, today))
    word = view.take(Field.STEP_KIND, compact) or ""
    kind = step_kind_of(word)
    person, post = view.take(Field.STEP_PERSON, name_and_post) or (None, None)
    unit = view.take(Field.UNIT, lambda cell: short(compact(cell)))
    note = view.take(Field.STEP_NOTE, lambda cell: narrative(_told(kind.label, word, narrative(cell))))
    left_over = [("职务", post), *view.left_over()]
    more = [(header, view.take_from(header, cell, narrative)) for header, cell in left_over]
    whole = f"{note}" + "".join(f"【{header}】{said}" for header, said in more if said)
    view.take_from(view.column(Field.STEP_NOTE), whole, narrative)
    if view.faults or on is None:
        return view.refusal()
    return LedgerStep(sheet=view.sheet, row=view.row, on=on, kind=kind, person=person, unit=unit or None, note=whole)


def _told(label: str, word: str, note: str) -> str:
    if word in ("", label) or note.startswith(word):
        return note
    return f"{word}：{note}" if note else word
