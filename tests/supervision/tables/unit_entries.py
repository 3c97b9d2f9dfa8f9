"""Signs in what the clerks of a unit write down (B1 to B3, B5, B8), in where people say they were (B4), and in what a group saw
(C17): what was written, the day that is asked about, and since when the sign shows.
"""

from shared.terms import DocumentKind, Route
from tests.sample import (
    BUREAU,
    TOWN,
    WANG,
    accepted,
    leader,
    merged,
    repeat,
    report,
    routed,
    unlinked,
    unmerged,
    visit,
    visit_in,
)
from tests.supervision.deeds import not_taken_up, paper, withdrawn
from tests.supervision.unit_cases import EAST, VISITED, WEST, Kinds, Said, Told, excluded, line, six, went_there

LATE = [line(visit("2026-02-01"), case, "2026-02-20", n=case) for case in range(10)]
SLOW = [line(visit(f"2026-02-{n:02}"), 1, "2026-03-10", n=n) for n in range(1, 22)]
PUT_AWAY = [line(paper("2026-03-01", DocumentKind.OTHER, f"p-{n}"), 1, "2026-03-19", n=n) for n in range(10)]
PROOF = [line(paper("2026-02-01", DocumentKind.RETURN_VISIT, "a", "x"), case) for case in (1, 2)]
AGAIN = line(paper("2026-02-01", DocumentKind.FOLLOW_UP, "b", "x"), 1, n=1)
HERE_AND_THERE = [line(visit_in("2026-02-01", "09:00", EAST), 1), line(visit_in("2026-02-01", "09:29", WEST), 2)]
HALF_AN_HOUR = [HERE_AND_THERE[0], line(visit_in("2026-02-01", "09:30", WEST), 2)]
EVE = [line(visit("2026-03-10"), case, "2026-03-19", n=case) for case in range(10)]
AT_ONCE = [line(visit("2026-03-18"), n, "2026-03-19", n=n) for n in range(10)]
OUT = [line(excluded("2026-03-18"), case) for case in range(3)]
COMING = [line(visit("2026-03-03"), case, "2026-03-10", n=case) for case in range(10)]
SEEN: list[Said] = [VISITED, went_there("2026-03-12")]

TABLE: dict[str, Told] = {
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
}  # fmt: skip

WORKED: dict[str, Kinds] = {
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
    "shrinking": six(
        OUT, "2026-03-18", OUT[:2], ([*OUT[:2], line(excluded("2026-03-18"), 2, "2026-04-02")], "2026-04-01"), times=4,
    ),
}  # fmt: skip
