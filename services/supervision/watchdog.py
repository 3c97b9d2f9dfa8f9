"""看守督查自己: whether the watch itself is late, or has lost sight of a case. Pure."""

from datetime import datetime, timedelta

from shared.events.supervision import SweepCompleted

LATE = timedelta(hours=26)
"""A sweep is recorded once a business day; two hours more than a day are a trouble."""


def alarm(last: SweepCompleted | None, watching_since: datetime, now: datetime) -> str | None:
    """What is wrong with the watch, for people; None when all is well. `now` and the others are instants."""
    since = max(last.as_of, watching_since) if last else watching_since
    if now - since > LATE:
        return f"no sweep since {since:%Y-%m-%d %H:%M} UTC"
    if last and last.unwatched:
        return f"the last sweep lost sight of {last.unwatched} cases; {last.open_cases} are open"
    return None
