"""One file, or one text, in the cases of two units: casework finds it by digests, and says so in the second."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.case import Case
from services.casework.domain.citations import (
    CiteFile,
    CiteText,
    OpenFile,
    SayElsewhere,
    file_history,
    say_elsewhere,
    text_history,
)
from services.casework.domain.claims import ImportHistory
from services.casework.domain.contact import LogVisit
from services.casework.domain.documents import FileDocument
from shared.decider import Command
from shared.events import Asked, Called, Fact
from shared.events.casework import FileCited, FileFoundElsewhere, FileOpened, TextCited, TextFoundElsewhere
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Request, SQLiteLog, Store
from shared.terms import Role
from shared.verbatim import digest, plain_text
from tests.casework.handling import OPEN, PAPER
from tests.house import House, house
from tests.petitions import Speaker
from tests.sample import BUREAU, TOWN, day, registered, visit
from tests.spec import NOW, Spec

TODAY = day("2026-11-20")
NOTE = "到信访人家中走访，逐户核对二〇二四年补偿款发放清单，当场说明三亩地的核减依据，信访人表示理解但仍要求书面答复。"
FILE = FileCited(sha256="0" * 64, case_id="case-1", unit=BUREAU)
TEXT = TextCited(sha256="1" * 64, case_id="case-1", unit=BUREAU, characters=120, fact="casework:case-1:3")
OTHERS = ((TOWN, TODAY),)


@pytest.mark.parametrize(
    ("before", "command", "fact"),
    [
        ((), CiteFile(**FILE.model_dump()), FILE),
        ((), CiteText(**TEXT.model_dump()), TEXT),
        (
            (FILE,),
            OpenFile(sha256="0" * 64, case_id="case-1"),
            FileOpened(sha256="0" * 64, case_id="case-1", opened_on=TODAY),
        ),
        (OPEN, SayElsewhere(cited=FILE, others=OTHERS), FileFoundElsewhere(sha256="0" * 64, units=1, found_on=TODAY)),
        (
            OPEN,
            SayElsewhere(cited=TEXT, others=OTHERS),
            TextFoundElsewhere(sha256="1" * 64, characters=120, fact="casework:case-1:3", units=1, found_on=TODAY),
        ),
    ],
)
def test_each_command_leads_to_its_fact(
    here: Spec[Any], before: tuple[Fact, ...], command: Command, fact: Fact
) -> None:
    here.given(*before).when(command).then(fact)


def test_spaces_punctuation_and_figures_make_no_other_text() -> None:
    assert digest("经查，差额 300 元。") == digest("经查差额500元")
    assert digest("经查差额") != digest("经查差价")
    assert len(plain_text(NOTE)) >= 40


def clerk(unit: str) -> Actor:
    return Actor(id=f"clerk of {unit}", role=Role.HANDLER, unit=unit, region="610499")


class Book:
    """Casework's log with a case of the town, and one of the bureau."""

    def __init__(self, folder: Path, standard: Standard) -> None:
        log = SQLiteLog(folder / "casework.db")
        self.store: Store[Any] = Store("casework", "610499", log, casework(standard), lambda: NOW)

    async def arrive(self) -> None:
        speaker = Speaker("intake")
        cases = {"town-1": TOWN, "town-2": TOWN, "bureau-1": BUREAU}
        await self.store.adopt([speaker.say(case, registered("2026-08-01", unit)) for case, unit in cases.items()])

    async def give(self, case: str, command: Command, who: Actor) -> None:
        await self.store.handle(case, command, Request(who))

    def said(self, case: str) -> list[Fact | None]:
        return [recorded.fact for recorded in self.store.history(case)]

    def elsewhere(self, case: str) -> list[Fact | None]:
        return [fact for fact in self.said(case) if isinstance(fact, FileFoundElsewhere | TextFoundElsewhere)]


def paper(name: str = "d-1") -> FileDocument:
    return FileDocument(**PAPER.model_dump() | {"document_id": name})


def noted(note: str = NOTE, on: str = "2026-08-20") -> LogVisit:
    return LogVisit(**visit(on).model_dump() | {"note": note})


async def test_what_another_unit_had_first_is_said_in_the_second_case_and_names_nobody(
    tmp_path: Path, standard: Standard
) -> None:
    book = Book(tmp_path, standard)
    await book.arrive()
    for case in ("town-1", "town-2"):
        await book.give(case, paper(), clerk(TOWN))
        await book.give(case, noted(), clerk(TOWN))
    assert book.elsewhere("town-1") == book.elsewhere("town-2") == []  # one unit's own cases stand in its book
    await book.give("bureau-1", paper(), clerk(BUREAU))
    await book.give("bureau-1", noted(NOTE.replace("，", " ").replace("二〇二四年", "二〇二四年 ")), clerk(BUREAU))
    file, text = book.elsewhere("bureau-1")
    assert file == FileFoundElsewhere(sha256=PAPER.sha256, units=1, found_on=TODAY)
    assert isinstance(text, TextFoundElsewhere)
    assert (text.characters, text.fact) == (len(plain_text(NOTE)), "casework:bureau-1:4")
    assert all("town" not in str(fact) and TOWN not in str(fact) for fact in (file, text))
    await book.give("bureau-1", paper("d-2"), clerk(BUREAU))
    await book.give("bureau-1", noted(on="2026-08-21"), clerk(BUREAU))
    assert len(book.elsewhere("bureau-1")) == 2
    assert len(book.said(file_history(PAPER.sha256))) == 3
    assert len(book.said(text_history(digest(NOTE)))) == 3
    await asyncio.to_thread(book.store.close)


async def test_the_same_unit_a_short_note_and_a_ledger_are_no_sign(tmp_path: Path, standard: Standard) -> None:
    book = Book(tmp_path, standard)
    await book.arrive()
    await book.give("town-1", paper(), clerk(TOWN))
    await book.give("town-1", noted("入户走访，未见到本人，已电话联系。"), clerk(TOWN))
    await book.give("town-2", paper(), clerk(TOWN))
    await book.give("bureau-1", noted("入户走访，未见到本人，已电话联系。"), clerk(BUREAU))
    claims = ImportHistory(steps=(noted(),), imported_from="ledger")
    office = Actor(id="office", role=Role.PETITION_OFFICE, unit=None, region="610499")
    await book.give("bureau-1", claims, office)
    assert [book.elsewhere(case) for case in ("town-1", "town-2", "bureau-1")] == [[], [], []]
    assert book.said(text_history(digest(NOTE))) == []
    await asyncio.to_thread(book.store.close)


def test_under_another_name_it_is_the_same_unit() -> None:
    """Whoever asks is known by all the names that their unit has borne."""
    renamed = (Called(TOWN, until=day("2026-12-01")), Called("柳林街道", since=day("2026-12-01")))
    who = Asked(actor="x", role=Role.HANDLER, now=NOW, unit="柳林街道", called=renamed)
    command = SayElsewhere(cited=FILE.model_copy(update={"unit": "柳林街道"}), others=OTHERS)
    assert say_elsewhere(Case(), command, who) == []


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def test_supervision_finds_it_in_the_second_case(running: House) -> None:
    for unit in (TOWN, BUREAU):
        case = running.arrived(running.register(unit=unit))
        said = paper().model_dump(mode="json") | {"kind": "return-visit", "dated_on": "2026-11-10"}
        running.give(f"/casework/cases/{case}/file-document", said, Role.HANDLER, unit=unit)
    running.settle()
    shows = {rule["rule"]: rule for rule in running.get(f"/supervision/cases/{case}/explain")["rules"]}
    assert shows["proof-elsewhere"]["shows"], shows["proof-elsewhere"]
    assert shows["proof-elsewhere"]["since"] == "2026-11-20"
    assert not shows["text-elsewhere"]["shows"]
