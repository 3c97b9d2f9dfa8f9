"""目标未达: what a campaign set itself and has not reached, by its units' own word. Pure.

The ledger is not looked at: supervision decides on what is in the campaign's own history, and the figures of cases are counted in
reporting, beside what was reported. So what is named is the least that must be: no unit has a reason to report too little.
"""

from collections.abc import Iterable

from shared.events.supervision import CampaignOpened, ReportedFigure, ReportFiled, Shortfall
from shared.terms import Measure


def shortfalls(opened: CampaignOpened, filed: Iterable[ReportFiled]) -> tuple[Shortfall, ...]:
    """The targets that the last figures of all units together fall short of, or on which a unit never gave one.

    The last figure of a unit is that of the report with the latest day: what is filed late tells of its own day.
    """
    due = {report.report: report.due_on for report in opened.reports}
    said: dict[tuple[Measure, str], ReportedFigure] = {}
    for report in sorted(filed, key=lambda report: (due[report.report], report.filed_on)):
        said |= {(figure.measure, report.unit): figure for figure in report.figures}
    unmet = []
    for target in opened.targets:
        figures = {unit: said[target.measure, unit] for unit in opened.units if (target.measure, unit) in said}
        cases = sum(figure.cases for figure in figures.values())
        total = sum(figure.total for figure in figures.values())
        silent = tuple(unit for unit in opened.units if unit not in figures)
        if silent or 100 * cases < target.percent * total:
            unmet.append(Shortfall(**dict(target), cases=cases, total=total, silent=silent))
    return tuple(unmet)
