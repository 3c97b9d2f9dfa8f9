"""Signs in what comes of a unit's cases, and in its visits: what was written, the day that is asked about, and since when the
sign shows.
"""

from shared.terms import Satisfaction
from tests.sample import (
    BUREAU,
    LI,
    WANG,
    accepted,
    closed,
    extension,
    leader,
    merged,
    relapsed,
    unmerged,
    visit,
    visit_in,
)
from tests.supervision.deeds import evaluated, opinion
from tests.supervision.unit_cases import EAST, LONG, Kinds, Told, line, noted, six, taken

CLOSED = [line(closed("2026-03-10"), case) for case in range(5)]
SPIKE = [*CLOSED, *(line(closed("2026-03-29"), case) for case in range(5, 11))]
OWNED = [line(leader("2026-01-06", LI), case) for case in range(11)]
COPIED = [line(opinion("2026-02-01", text=LONG.format(place)), n) for n, place in enumerate(("城东村", "城西村"), 1)]
OWN_WORDS = line(opinion("2026-02-02", text="土地权属清楚，不予支持。"), 2)
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
HALF = taken(10, extension("2026-03-01"), of_those=5)
NEARLY = taken(10, extension("2026-03-01"), of_those=4)
ALL = taken(10, *SETTLED, of_those=10)

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
}  # fmt: skip
