"""Signs across the cases of a unit: what its clerks wrote down, the day that is asked about, and since when the sign shows."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from services.supervision.rules import UNIT_RULES, Verdict
from services.supervision.unitbook import Entry, UnitBook, entry
from services.supervision.words import Words
from shared.events import Asked, Fact, document, read
from shared.events.casework import VisitLogged
from shared.events.intake import BacklogExcluded
from shared.events.supervision import Difference, UnitInspected
from shared.standard import Standard
from shared.terms import DocumentKind, ExclusionGround, Route, Satisfaction
from shared.workdays import start_of
from tests.sample import (
    BUREAU,
    LI,
    TOWN,
    WANG,
    accepted,
    closed,
    day,
    extension,
    leader,
    merged,
    relapsed,
    repeat,
    report,
    resumed,
    routed,
    stopped,
    unlinked,
    unmerged,
    visit,
    visit_in,
)
from tests.supervision.deeds import evaluated, not_taken_up, opinion, paper, withdrawn
from tests.supervision.lives import overlay
from tests.supervision.worked import Kind

RULES = {rule.id: rule for rule in UNIT_RULES}
Said = Entry | UnitInspected
"""What a unit is judged by: what stands in its book, and the inspections of it."""
LONG = "经查，{}发放清单漏列两户，差额由经管站按照县里的标准核算后补发到户，信访人对核算的过程和结果没有异议。"


def excluded(on: str) -> BacklogExcluded:
    return BacklogExcluded(ground=ExclusionGround.LITIGATION, excluded_on=day(on), approved_by=WANG, reason="已起诉")


def line(
    fact: Fact, case: int, at: str = "", *, n: int = 0, by: str = "clerk", unit: str = TOWN, imported: bool = False
) -> Entry:
    """What a unit's clerk wrote down of a case, on the day itself or later, so many minutes after noon."""
    claimed = fact.claimed_time()
    assert isinstance(claimed, date)
    noon = start_of(date.fromisoformat(at) if at else claimed) + timedelta(hours=12, minutes=n)
    who = Asked(actor=by, role="handler", now=noon, unit=unit, imported_from="ledger" if imported else None)
    made = document(fact, region="610499", case_id=f"case-{case}", version=n + 1, prevhash="0" * 64, asked=who)
    found = entry(read(made))
    assert found is not None
    return found


def asked(national: Standard, rule: str, said: Iterable[Said], today: str, unit: str = TOWN, **other: Any) -> Verdict:
    """The answer about a unit; inspections are of the town."""
    standard, known = overlay(national, rule, **other) if other else national, [*said]
    words, book = Words(), UnitBook.of(unit, [one for one in known if isinstance(one, Entry)])
    for fact in known:
        if isinstance(fact, UnitInspected) and unit == TOWN:
            words = words.after(fact, f"supervision:book:{fact.inspection_id}")
    return RULES[rule].ask(book.inspected(words), standard.policies[0], date.fromisoformat(today))


def went_there(on: str, told: str = "", *, differs: bool = True) -> UnitInspected:
    """A group went to the town, which had been told of it, or had not."""
    differences = (Difference(fact=VISITED.id, says="已入户", seen="查无此事"),) if differs else ()
    return UnitInspected(
        inspection_id=f"d-{on}",
        told_on=day(told or on),
        held_on=day(on),
        members=(WANG, LI),
        seen="抽查三件",
        differences=differences,
    )


def taken(n: int, *more: Fact, of_those: int = 0) -> list[Entry]:
    """So many cases taken on, and of some of them more."""
    entries = [line(accepted("2026-01-10"), case) for case in range(n)]
    return entries + [line(fact, case, n=k + 1) for case in range(of_those) for k, fact in enumerate(more)]


def noted(on: str, note: str) -> VisitLogged:
    return visit(on).model_copy(update={"note": note})


LATE = [line(visit("2026-02-01"), case, "2026-02-20", n=case) for case in range(10)]
SLOW = [line(visit(f"2026-02-{n:02}"), 1, "2026-03-10", n=n) for n in range(1, 22)]
PUT_AWAY = [line(paper("2026-03-01", DocumentKind.OTHER, f"p-{n}"), 1, "2026-03-19", n=n) for n in range(10)]
CLOSED = [line(closed("2026-03-10"), case) for case in range(5)]
SPIKE = [*CLOSED, *(line(closed("2026-03-29"), case) for case in range(5, 11))]
OWNED = [line(leader("2026-01-06", LI), case) for case in range(11)]
COPIED = [line(opinion("2026-02-01", text=LONG.format(place)), n) for n, place in enumerate(("城东村", "城西村"), 1)]
OWN_WORDS = line(opinion("2026-02-02", text="土地权属清楚，不予支持。"), 2)
PROOF = [line(paper("2026-02-01", DocumentKind.RETURN_VISIT, "a", "x"), case) for case in (1, 2)]
AGAIN = line(paper("2026-02-01", DocumentKind.FOLLOW_UP, "b", "x"), 1, n=1)
EAST, WEST = "610499100201", "610499100202"
HERE_AND_THERE = [line(visit_in("2026-02-01", "09:00", EAST), 1), line(visit_in("2026-02-01", "09:29", WEST), 2)]
HALF_AN_HOUR = [HERE_AND_THERE[0], line(visit_in("2026-02-01", "09:30", WEST), 2)]
EVE = [line(visit("2026-03-10"), case, "2026-03-19", n=case) for case in range(10)]
AT_ONCE = [line(visit("2026-03-18"), n, "2026-03-19", n=n) for n in range(10)]
OUT = [line(excluded("2026-03-18"), case) for case in range(3)]
NIGHT = [line(visit_in(f"2026-02-{n:02}", "22:00" if n % 2 else "05:59", EAST), n) for n in range(1, 11)]
NOTE = "到{}村入户走访，查看了受损房屋和承包地，向信访人说明了补偿标准和核算办法，信访人要求尽快兑付，约定月底前再次见面答复。"
NOTED = [line(noted(f"2026-02-0{n}", NOTE.format(place)), n) for n, place in enumerate("东西南", 1)]
CASES = [line(accepted("2026-01-10"), case) for case in range(20)]
ENDED = [line(closed("2026-03-01"), case, n=1) for case in range(20)]
BACK = [line(relapsed("2026-03-20"), case, n=3) for case in range(16, 20)]
CONTENT = [line(evaluated("2026-03-05", Satisfaction.SATISFIED), case, n=2) for case in range(10)]
GRUDGE = line(evaluated("2026-03-06", Satisfaction.DISSATISFIED), 3, n=4)
SETTLED = (closed("2026-03-01"),)
HEARD = evaluated("2026-03-05", Satisfaction.SATISFIED)

VISITED = line(visit("2026-03-01"), 1)
COMING = [line(visit("2026-03-03"), case, "2026-03-10", n=case) for case in range(10)]
SEEN: list[Said] = [VISITED, went_there("2026-03-12")]

Told = tuple[str, Sequence[Said], str, str | None]

TABLE: dict[str, Told] = {
    "half of ten cases extended": (
        "extension-habit", taken(10, extension("2026-03-01"), of_those=5), "2026-04-01", "2026-03-01",
    ),
    "one less": ("extension-habit", taken(10, extension("2026-03-01"), of_those=4), "2026-04-01", None),
    "too few for a share": ("extension-habit", taken(9, extension("2026-03-01"), of_those=9), "2026-04-01", None),
    "the January after it": (
        "extension-habit", taken(10, extension("2026-03-01"), of_those=5), "2027-01-31", "2026-03-01",
    ),
    "another year": ("extension-habit", taken(10, extension("2026-03-01"), of_those=5), "2027-02-01", None),
    "taken on at the end of a year, and extended in the next": (
        "extension-habit",
        [
            *(line(accepted("2026-12-10"), case) for case in range(10)),
            *(line(extension("2027-01-20"), case, n=1) for case in range(5)),
        ],
        "2027-01-31", "2027-01-20",
    ),
    "a ledger says that they were extended": (
        "extension-habit",
        [*taken(10), *(line(extension("2026-03-01"), case, n=1, imported=True) for case in range(5))], "2026-04-01", None,
    ),
    "of those taken on the year before": (
        "extension-habit",
        [*taken(10), *(line(accepted("2025-12-10"), case) for case in range(10, 15)),
         *(line(extension("2026-02-01"), case, n=1) for case in range(10, 15))],
        "2026-04-01", None,
    ),
    "eleven open cases of one leader": ("too-many-owned", OWNED, "2026-02-01", "2026-01-06"),
    "ten": ("too-many-owned", OWNED[:10], "2026-02-01", None),
    "one of the eleven closed": ("too-many-owned", [*OWNED, line(closed("2026-01-20"), 3, n=1)], "2026-02-01", None),
    "and back again": (
        "too-many-owned",
        [*OWNED, line(closed("2026-01-20"), 3, n=1), line(relapsed("2026-01-25"), 3, n=2)], "2026-02-01", "2026-01-06",
    ),
    "one given to another": ("too-many-owned", [*OWNED, line(leader("2026-01-20", WANG), 3, n=1)], "2026-02-01", None),
    "two opinions in the same words": ("copied-text", COPIED, "2026-03-01", "2026-02-01"),
    "of one case": ("copied-text", [COPIED[0], line(opinion("2026-02-02", text=LONG.format("城东村")), 1)], "2026-03-01", None),
    "in other words": ("copied-text", [COPIED[0], OWN_WORDS], "2026-03-01", None),
    "one official in two villages within half an hour": ("two-places", HERE_AND_THERE, "2026-03-01", "2026-02-01"),
    "at the end of a year, and entered in the next": (
        "two-places",
        [
            line(visit_in("2026-12-31", "09:00", EAST), 1, "2027-01-04"),
            line(visit_in("2026-12-31", "09:29", WEST), 2, "2027-01-05"),
        ],
        "2027-01-06", "2026-12-31",
    ),
    "in a town, and in a village of it": (
        "two-places", [HERE_AND_THERE[0], line(visit_in("2026-02-01", "09:10", EAST[:9]), 2)], "2026-03-01", None,
    ),
    "half an hour apart": ("two-places", HALF_AN_HOUR, "2026-03-01", None),
    "in one village": (
        "two-places", [HERE_AND_THERE[0], line(visit_in("2026-02-01", "09:10", EAST), 2)], "2026-03-01", None,
    ),
    "two officials": (
        "two-places", [HERE_AND_THERE[0], line(visit_in("2026-02-01", "09:10", WEST, WANG), 2)], "2026-03-01", None,
    ),
    "on two days": (
        "two-places", [HERE_AND_THERE[0], line(visit_in("2026-02-02", "09:10", WEST), 2)], "2026-03-01", None,
    ),
    "no hour was noted": ("two-places", [HERE_AND_THERE[0], line(visit("2026-02-01"), 2)], "2026-03-01", None),
    "a ledger says so": (
        "two-places",
        [HERE_AND_THERE[0], line(visit_in("2026-02-01", "09:10", WEST), 2, imported=True)], "2026-03-01", None,
    ),
    "ten visits by night within a month": ("night-visits", NIGHT, "2026-03-01", "2026-02-10"),
    "nine by night": ("night-visits", NIGHT[:9], "2026-03-01", None),
    "by day": (
        "night-visits",
        [line(visit_in(f"2026-02-{n:02}", "06:00" if n % 2 else "21:59", EAST), n) for n in range(1, 11)], "2026-03-01", None,
    ),
    "by night over half a year": (
        "night-visits", [line(visit_in(f"2026-{n:02}-01", "23:00", EAST), n) for n in range(1, 11)], "2026-11-01", None,
    ),
    "of no known hour": ("night-visits", [*NIGHT[:9], line(visit("2026-02-10"), 10)], "2026-03-01", None),
    "a ledger says that it was by night": (
        "night-visits",
        [*NIGHT[:9], line(visit_in("2026-02-10", "05:59", EAST), 10, imported=True)], "2026-03-01", None,
    ),
    "the notes of three visits in the same words": ("copied-notes", NOTED, "2026-03-01", "2026-02-03"),
    "of two": ("copied-notes", NOTED[:2], "2026-03-01", None),
    "a ledger's notes": (
        "copied-notes", [*NOTED[:2], line(noted("2026-02-03", NOTE.format("南")), 3, imported=True)], "2026-03-01", None,
    ),
    "of one case alone": (
        "copied-notes", [line(noted("2026-02-01", NOTE.format(n)), 1, n=n) for n in range(3)], "2026-03-01", None,
    ),
    "short notes are all alike": (
        "copied-notes", [line(noted("2026-02-01", "入户走访，未见到本人，已电话联系。"), n) for n in range(9)], "2026-03-01", None,
    ),
    "settled, and a fifth of it back": ("settled-and-back", [*CASES, *ENDED, *BACK], "2026-04-01", "2026-03-20"),
    "less than a fifth back": ("settled-and-back", [*CASES, *ENDED, *BACK[:3]], "2026-04-01", None),
    "too few to say that they are back": (
        "settled-and-back", taken(9, closed("2026-03-01"), relapsed("2026-03-20"), of_those=9), "2026-04-01", None,
    ),
    "none of it back": ("settled-and-back", [*CASES, *ENDED], "2026-04-01", None),
    "a ledger says that they are back": (
        "settled-and-back",
        [*CASES, *ENDED, *(line(relapsed("2026-03-20"), n, n=3, imported=True) for n in range(4))], "2026-04-01", None,
    ),
    "the content were asked and the others are back": (
        "picked-evaluations", [*CASES, *ENDED, *CONTENT, *BACK], "2026-04-01", "2026-03-20",
    ),
    "somebody who is not content was asked too": (
        "picked-evaluations", [*CASES, *ENDED, *CONTENT, GRUDGE, *BACK], "2026-04-01", None,
    ),
    "one of many who is not content": (
        "picked-evaluations",
        [
            *(line(closed("2026-03-01"), case, n=1) for case in range(22)),
            *(line(evaluated("2026-03-05", Satisfaction.SATISFIED), case, n=2) for case in range(11)), GRUDGE, *BACK,
        ],
        "2026-04-01", "2026-03-20",
    ),
    "one of many who says so twice": (
        "picked-evaluations",
        [
            *(line(closed("2026-03-01"), case, n=1) for case in range(22)),
            *(line(evaluated("2026-03-05", Satisfaction.SATISFIED), case, n=2) for case in range(11)), GRUDGE,
            line(evaluated("2026-03-07", Satisfaction.DISSATISFIED), 3, n=5), *BACK,
        ],
        "2026-04-01", "2026-03-20",
    ),
    "few of the others are back": ("picked-evaluations", [*CASES, *ENDED, *CONTENT, *BACK[:2]], "2026-04-01", None),
    "too few were asked": ("picked-evaluations", [*CASES, *ENDED, *CONTENT[:9], *BACK], "2026-04-01", None),
    "ten late entries in ten minutes": ("bulk-backfill", LATE, "2026-03-01", "2026-02-20"),
    "nine": ("bulk-backfill", LATE[:9], "2026-03-01", None),
    "papers that are put away together": ("bulk-backfill", PUT_AWAY, "2026-04-01", None),
    "by two hands": (
        "bulk-backfill",
        [*LATE[:5], *(line(visit("2026-02-01"), n, "2026-02-20", n=n, by="another") for n in range(5, 10))], "2026-03-01", None,
    ),
    "a ledger that is taken in": (
        "bulk-backfill", [line(visit("2026-02-01"), n, "2026-02-20", n=n, imported=True) for n in range(10)], "2026-03-01", None,
    ),
    "by the petition office": (
        "bulk-backfill", [line(leader("2026-02-01"), n, "2026-02-20", n=n, unit=BUREAU) for n in range(10)], "2026-03-01", None,
    ),
    "ten late reports at once": (
        "bulk-backfill", [line(report("2026-02-01"), n, "2026-02-20", n=n) for n in range(10)], "2026-03-01", "2026-02-20",
    ),
    "over midnight": (
        "bulk-backfill", [line(visit("2026-02-01"), n, "2026-02-20", n=711 + n) for n in range(10)], "2026-03-01", "2026-02-21",
    ),
    "on the last day of a year": (
        "bulk-backfill", [line(visit("2026-12-01"), n, "2026-12-31", n=n) for n in range(10)], "2027-01-01", "2026-12-31",
    ),
    "and once more in the new year, which comes first": (
        "bulk-backfill",
        [*(line(visit("2026-12-01"), n, "2026-12-31", n=n) for n in range(10)),
         *(line(visit("2026-12-02"), n, "2027-01-05", n=50 + n) for n in range(10))],
        "2027-01-06", "2027-01-05",
    ),
    "long ago by now": (
        "bulk-backfill", [line(visit("2026-12-01"), n, "2026-12-31", n=n) for n in range(10)], "2027-02-01", None,
    ),
    "not known yet": ("bulk-backfill", LATE, "2026-02-19", None),
    "ten entries on the eve of the report": ("eve-filling", EVE, "2026-03-25", "2026-03-19"),
    "nine on the eve": ("eve-filling", EVE[:9], "2026-03-25", None),
    "ten entries on the eve of the end of the month": (
        "eve-filling", [line(visit("2026-03-10"), case, "2026-03-30", n=case) for case in range(10)], "2026-04-02", "2026-03-30",
    ),
    "a ledger on the eve": (
        "eve-filling", [line(visit("2026-03-10"), n, "2026-03-19", n=n, imported=True) for n in range(10)], "2026-03-25", None,
    ),
    "what the petition office wrote on the eve": (
        "eve-filling", [line(leader("2026-03-10"), n, "2026-03-19", n=n, unit=BUREAU) for n in range(10)], "2026-03-25", None,
    ),
    "of the first of those days": (
        "eve-filling", [line(visit("2026-03-17"), n, "2026-03-19", n=n) for n in range(10)], "2026-03-25", None,
    ),
    "the tenth of twelve, in the order in which they were entered": (
        "eve-filling",
        [*(line(visit("2026-03-09"), n, "2026-03-20", n=n) for n in range(2)),
         *(line(visit("2026-03-10"), n, "2026-03-18", n=n) for n in range(2, 12))],
        "2026-03-25", "2026-03-18",
    ),
    "the tenth of twelve, whatever they tell of": (
        "eve-filling",
        [*(line(visit("2026-03-09"), n, "2026-03-18", n=n) for n in range(3)),
         *(line(visit("2026-03-10"), n, "2026-03-20", n=n) for n in range(3, 8)),
         *(line(visit("2026-03-11"), n, "2026-03-18", n=n) for n in range(8, 12))],
        "2026-03-25", "2026-03-20",
    ),
    "papers that are put away on the eve": ("eve-filling", PUT_AWAY, "2026-03-25", None),
    "of those days themselves": ("eve-filling", AT_ONCE, "2026-03-25", None),
    "the next eve has begun": ("eve-filling", EVE, "2026-04-17", None),
    "the day before it begins": ("eve-filling", EVE, "2026-04-16", "2026-03-19"),
    "ten entries since it is known that somebody comes": (
        "eve-filling", [*COMING, went_there("2026-03-12", "2026-03-09")], "2026-03-14", "2026-03-10",
    ),
    "nobody came": ("eve-filling", COMING, "2026-03-14", None),
    "it was told only after them": ("eve-filling", [*COMING, went_there("2026-03-12", "2026-03-11")], "2026-03-14", None),
    "told long before": ("eve-filling", [*COMING, went_there("2026-03-14", "2026-03-01")], "2026-03-15", None),
    "told long before, and of what had happened before that": (
        "eve-filling",
        [*(line(visit("2026-02-20"), n, "2026-03-10", n=n) for n in range(10)), went_there("2026-03-14", "2026-03-01")],
        "2026-03-15", None,
    ),
    "on the day on which it came unannounced": (
        "eve-filling", [*COMING, went_there("2026-03-10")], "2026-03-14", "2026-03-10",
    ),
    "in another year": ("eve-filling", [*COMING, went_there("2026-03-12", "2026-03-09")], "2027-03-14", None),
    "an inspection saw otherwise": ("records-differ", SEEN, "2026-03-14", "2026-03-12"),
    "the day before it": ("records-differ", SEEN, "2026-03-11", None),
    "it saw nothing of the kind": ("records-differ", [VISITED, went_there("2026-03-12", differs=False)], "2026-03-14", None),
    "a later one saw nothing of the kind": (
        "records-differ", [*SEEN, went_there("2026-03-20", differs=False)], "2026-03-25", None,
    ),
    "the middle entry is weeks late": ("late-entry", SLOW, "2026-04-01", "2026-03-10"),
    "too few entries": ("late-entry", SLOW[:19], "2026-04-01", None),
    "just enough entries": ("late-entry", SLOW[:20], "2026-04-01", "2026-03-10"),
    "and as many reports that were in time": (
        "late-entry", [*SLOW, *(line(report("2026-03-01"), 100 + n) for n in range(30))], "2026-04-01", "2026-03-10",
    ),
    "papers of long ago": ("late-entry", PUT_AWAY * 2, "2026-04-01", None),
    "written down at once": ("late-entry", [line(visit("2026-02-01"), n) for n in range(30)], "2026-04-01", None),
    "one file in two cases": ("shared-proof", PROOF, "2026-03-01", "2026-02-01"),
    "one file twice in one": ("shared-proof", [PROOF[0], AGAIN], "2026-03-01", None),
    "one paper that names the leaders of many cases": (
        "shared-proof", [line(paper("2026-02-01", DocumentKind.LEADER_PAPER, "a", "x"), n) for n in range(9)], "2026-03-01", None,
    ),
    "one file in two cases, of which one was withdrawn": (
        "shared-proof", [*PROOF, line(withdrawn("2026-02-03", "a"), 2, n=1)], "2026-03-01", None,
    ),
    "six of eleven at the end of the month": ("month-end-spike", SPIKE, "2026-04-01", "2026-04-01"),
    "the month is not over": ("month-end-spike", SPIKE, "2026-03-31", None),
    "half of them is not more than half": ("month-end-spike", SPIKE[:10], "2026-04-01", None),
    "a few cases that are closed again and again": (
        "month-end-spike",
        [*SPIKE[5:], *(line(closed(f"2026-03-0{n}"), case, n=n) for case in range(4) for n in range(1, 5))],
        "2026-04-01", "2026-04-01",
    ),
    "a ledger says so of the last days": (
        "month-end-spike",
        [*CLOSED, *(line(closed("2026-03-29"), case, imported=True) for case in range(5, 11))], "2026-04-01", None,
    ),
    "too few closings": ("month-end-spike", SPIKE[5:], "2026-04-01", None),
    "a month later": ("month-end-spike", SPIKE, "2026-05-01", None),
    "three left the count before the report": ("shrinking", OUT, "2026-03-25", "2026-03-18"),
    "a merge undone by then took nothing out": (
        "shrinking",
        [*OUT[:2], line(merged("2026-03-18"), 2), line(unmerged("2026-03-20"), 2, n=1)],
        "2026-03-25",
        None,
    ),
    "a merge undone after it did": (
        "shrinking",
        [*OUT[:2], line(merged("2026-03-18"), 2), line(unmerged("2026-03-21"), 2, n=1)],
        "2026-03-25",
        "2026-03-18",
    ),
    "on the eve of the end of the month": (
        "shrinking", [line(excluded("2026-03-29"), n) for n in range(3)], "2026-04-02", "2026-03-29",
    ),
    "three that another unit took over": (
        "shrinking",
        [
            *(line(accepted("2026-01-10"), n) for n in range(3)),
            *(line(accepted("2026-03-18", BUREAU), n, n=1, unit=BUREAU) for n in range(3)),
        ],
        "2026-03-25", "2026-03-18",
    ),
    "two left, and of a third a repeat petition was taken back": (
        "shrinking",
        [*OUT[:2], line(accepted("2026-01-10"), 2), line(unlinked("2026-03-18", repeat("2026-03-01")), 2, n=1, unit="")],
        "2026-03-25",
        "2026-03-18",
    ),
    "said on the eve to have left long before": (
        "shrinking", [line(excluded("2026-03-05"), n, "2026-03-19") for n in range(3)], "2026-03-25", "2026-03-19",
    ),
    "on whatever ground": (
        "shrinking",
        [OUT[0], line(not_taken_up("2026-03-18"), 1, unit=TOWN), line(routed("2026-03-18"), 2)], "2026-03-25", "2026-03-18",
    ),
    "that takes the petition procedure takes nothing out": (
        "shrinking", [*OUT[:2], line(routed("2026-03-18", Route.PETITION), 2)], "2026-03-25", None,
    ),
    "on the eve, and entered after it": (
        "shrinking", [line(excluded("2026-03-19"), n, "2026-03-24") for n in range(3)], "2026-03-25", "2026-03-19",
    ),
    "on the first day of the eve, and entered after it": (
        "shrinking", [line(excluded("2026-03-17"), n, "2026-03-24") for n in range(3)], "2026-03-25", "2026-03-17",
    ),
    "a ledger says that they left": (
        "shrinking", [line(excluded("2026-03-18"), n, imported=True) for n in range(3)], "2026-03-25", None,
    ),
    "merged, taken out and merged once more": (
        "shrinking",
        [*OUT[:2], line(merged("2026-03-17"), 2), line(unmerged("2026-03-18"), 2, n=1), line(merged("2026-03-19"), 2, n=2)],
        "2026-03-25", "2026-03-19",
    ),
    "one case on three grounds": (
        "shrinking",
        [OUT[0], line(not_taken_up("2026-03-18"), 0, n=1), line(merged("2026-03-18"), 0, n=2), OUT[1]], "2026-03-25", None,
    ),
    "one said on the eve to have left long before, and each by its first": (
        "shrinking",
        [line(excluded("2026-03-05"), 0, "2026-03-20"), line(excluded("2026-03-17"), 1), line(not_taken_up("2026-03-18"), 2),
         line(merged("2026-03-20"), 2, n=1), line(merged("2026-03-20"), 1, n=1)],
        "2026-03-25", "2026-03-20",
    ),
    "the third by the first that took it out": (
        "shrinking",
        [line(excluded("2026-03-17"), 0), line(excluded("2026-03-17"), 1), line(not_taken_up("2026-03-18"), 2),
         line(merged("2026-03-20"), 2, n=1)],
        "2026-03-25", "2026-03-18",
    ),
    "two left": ("shrinking", OUT[:2], "2026-03-25", None),
    "long before it": ("shrinking", [line(excluded("2026-03-05"), n) for n in range(3)], "2026-03-25", None),
    "all settled and nobody asked": ("too-good", taken(10, *SETTLED, of_those=10), "2026-04-01", "2026-03-01"),
    "all settled and everybody asked": ("too-good", taken(10, *SETTLED, HEARD, of_those=10), "2026-04-01", None),
    "not all settled": ("too-good", taken(10, *SETTLED, of_those=9), "2026-04-01", None),
    "what was pending for years all settled, and nobody asked": (
        "too-good",
        [
            *(line(accepted("2024-05-10"), case) for case in range(10)),
            *(line(closed("2026-03-01"), case, n=1) for case in range(10)),
        ],
        "2026-04-01", "2026-03-01",
    ),
    "and as much of it still open": (
        "too-good",
        [
            *(line(accepted("2024-05-10"), case) for case in range(20)),
            *(line(closed("2026-03-01"), case, n=1) for case in range(10)),
        ],
        "2026-04-01", None,
    ),
    "settled the year before": (
        "too-good",
        [
            *(line(accepted("2024-05-10"), case) for case in range(10)),
            *(line(closed("2025-03-01"), case, n=1) for case in range(10)),
        ],
        "2026-04-01", None,
    ),
    "settled on the last day of the year": (
        "too-good", taken(10, closed("2026-12-31"), of_those=10), "2027-01-01", "2026-12-31",
    ),
    "and as much taken on in the January after it": (
        "too-good",
        [*taken(10, closed("2026-12-31"), of_those=10), *(line(accepted("2027-01-03"), case) for case in range(10, 20))],
        "2027-01-05", "2026-12-31",
    ),
    "and as much that came back": (
        "too-good",
        [
            *taken(10, *SETTLED, of_those=10),
            *(line(accepted("2024-05-10"), case) for case in range(10, 20)),
            *(line(closed("2025-03-01"), case, n=1) for case in range(10, 20)),
            *(line(relapsed("2026-02-01"), case, n=2) for case in range(10, 20)),
        ],
        "2026-04-01", None,
    ),
    "one that goes on under another number": (
        "too-good", [*taken(11, *SETTLED, of_those=10), line(merged("2026-02-20"), 10, n=1)], "2026-04-01", "2026-03-01",
    ),
    "one that another unit took over": (
        "too-good",
        [*taken(11, *SETTLED, of_those=10), line(accepted("2026-02-20", BUREAU), 10, n=1, unit=BUREAU)],
        "2026-04-01", "2026-03-01",
    ),
    "one that another unit took over and gave back": (
        "too-good",
        [*taken(11, *SETTLED, of_those=10), line(accepted("2026-02-20", BUREAU), 10, n=1, unit=BUREAU),
         *(line(accepted("2026-02-25"), case, n=2) for case in (10,)),
         *(line(accepted("2026-02-25"), case) for case in range(11, 15))],
        "2026-04-01", None,
    ),
    "one that was merged and taken out again": (
        "too-good",
        [*taken(13, *SETTLED, of_those=10),
         *(fact for n in (10, 11, 12) for fact in (line(merged("2026-02-20"), n, n=1), line(unmerged("2026-02-25"), n, n=2)))],
        "2026-04-01", None,
    ),
    "settled, and gone on elsewhere since": (
        "too-good",
        [*taken(10, *SETTLED, of_those=10), *(line(merged("2026-03-10"), n, n=5) for n in range(3))], "2026-04-01", "2026-03-01",
    ),
    "asked in January, and closed once more in it": (
        "too-good",
        [*taken(10, closed("2026-12-20"), of_those=10),
         *(line(merged("2027-01-05"), n, n=5) for n in range(10)), *(line(closed("2027-01-04"), n, n=4) for n in range(10))],
        "2027-01-10", "2026-12-20",
    ),
    "few and all settled": ("too-good", taken(9, *SETTLED, of_those=9), "2026-04-01", None),
}  # fmt: skip


STOPPED = [line(stopped("2026-02-01"), 0, n=90), line(resumed("2026-02-11"), 0, n=91)]
"""A clock of one of its cases lawfully stood still: signs across cases have no clock, and say the same."""

Kinds = dict[Kind, tuple[Sequence[Said], str, str | None, dict[str, Any]]]


def six(
    entries: Sequence[Said], since: str, fewer: Sequence[Said], late: tuple[Sequence[Said], str], **policy: Any
) -> Kinds:
    """The six kinds of worked cases of a sign that shows since a day: without one of its entries, or before it is known, or by
    another policy it does not.
    """
    return {
        "fires": (entries, "2026-04-01", since, {}),
        "just not": (fewer, "2026-04-01", None, {}),
        "on the day": (entries, since, since, {}),
        "pause": ([*entries, *STOPPED], "2026-04-01", since, {}),
        "late": (*late, None, {}),
        "policy": (entries, "2026-04-01", None, policy),
    }


HALF = taken(10, extension("2026-03-01"), of_those=5)
NEARLY = taken(10, extension("2026-03-01"), of_those=4)
ALL = taken(10, *SETTLED, of_those=10)

WORKED: dict[str, Kinds] = {
    "extension-habit": six(
        HALF, "2026-03-01", NEARLY, ([*NEARLY, line(extension("2026-03-01"), 9, "2026-04-01", n=1)], "2026-03-31"),
        share=0.6,
    ),
    "too-many-owned": six(
        OWNED, "2026-01-06", OWNED[:10], ([*OWNED[:10], line(leader("2026-01-06", LI), 11, "2026-02-05")], "2026-02-04"),
        times=11,
    ),
    "copied-text": six(
        COPIED, "2026-02-01", [COPIED[0], OWN_WORDS],
        ([COPIED[0], line(opinion("2026-02-01", text=LONG.format("城西村")), 2, "2026-02-10")], "2026-02-09"),
        likeness=1.0,
    ),
    "bulk-backfill": six(
        LATE, "2026-02-20", LATE[:9], ([*LATE[:9], line(visit("2026-02-01"), 9, "2026-02-22")], "2026-04-01"), times=11,
    ),
    "eve-filling": six(
        EVE, "2026-03-19", EVE[:9], ([*EVE[:9], line(visit("2026-03-10"), 9, "2026-03-21")], "2026-04-01"), times=11,
    ),
    "records-differ": six(
        SEEN, "2026-03-12", [VISITED, went_there("2026-03-12", differs=False)],
        ([VISITED, went_there("2026-03-12", differs=False), went_there("2026-03-20")], "2026-03-19"), enabled=False,
    ),
    "late-entry": six(SLOW, "2026-03-10", SLOW[:19], (SLOW, "2026-03-09"), days=30),
    "shared-proof": six(
        PROOF, "2026-02-01", [PROOF[0], AGAIN],
        ([PROOF[0], line(paper("2026-02-01", DocumentKind.RETURN_VISIT, "a", "x"), 2, "2026-02-10")], "2026-02-09"),
        enabled=False,
    ),
    "two-places": six(
        HERE_AND_THERE, "2026-02-01", HALF_AN_HOUR,
        ([HERE_AND_THERE[0], line(visit_in("2026-02-01", "09:29", WEST), 2, "2026-02-10")], "2026-02-09"),
        minutes=20,
    ),
    "night-visits": six(
        NIGHT, "2026-02-10", NIGHT[:9],
        ([*NIGHT[:9], line(visit_in("2026-02-10", "22:00", EAST), 10, "2026-02-20")], "2026-02-19"), until_hour=5,
    ),
    "copied-notes": six(
        NOTED, "2026-02-03", NOTED[:2], ([*NOTED[:2], line(noted("2026-02-03", NOTE.format("南")), 3, "2026-02-20")], "2026-02-19"),
        characters=400,
    ),
    "settled-and-back": six(
        [*CASES, *ENDED, *BACK], "2026-03-20", [*CASES, *ENDED, *BACK[:3]],
        ([*CASES, *ENDED, *BACK[:3], line(relapsed("2026-03-20"), 19, "2026-04-02", n=3)], "2026-04-01"), back_share=0.3,
    ),
    "picked-evaluations": six(
        [*CASES, *ENDED, *CONTENT, *BACK], "2026-03-20", [*CASES, *ENDED, *CONTENT, *BACK[:2]],
        ([*CASES, *ENDED, *CONTENT, *BACK, line(evaluated("2026-03-06", Satisfaction.DISSATISFIED), 3, "2026-03-31", n=4)],
         "2026-03-31"),
        share=0.5,
    ),
    "month-end-spike": six(
        SPIKE, "2026-04-01", SPIKE[:10], ([*SPIKE[:10], line(closed("2026-03-29"), 11, "2026-04-05")], "2026-04-04"),
        share=0.6,
    ),
    "too-good": six(
        ALL, "2026-03-01", taken(10, *SETTLED, of_those=9),
        ([*ALL, *(line(HEARD, case, "2026-04-01", n=8) for case in range(3))], "2026-04-01"), at_least=11,
    ),
    "shrinking": six(
        OUT, "2026-03-18", OUT[:2], ([*OUT[:2], line(excluded("2026-03-18"), 2, "2026-04-02")], "2026-04-01"), times=4,
    ),
}  # fmt: skip
