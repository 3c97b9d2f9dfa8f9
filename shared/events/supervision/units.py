"""单位督查: what supervision says of a unit as a whole. Each unit has a history of its own, `book-…`."""

from shared.events.supervision.spoken import SupervisionFact


class BookOpened(SupervisionFact):
    """单位台账: the work of this unit, in this region (GB/T 2260), is looked at across its cases from now on."""

    unit: str
    region: str
    goes_on_in: str = ""
    """更名: the book in which the unit is looked at under all its names, when that is another one; else empty."""
