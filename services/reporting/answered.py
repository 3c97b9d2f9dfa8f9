"""逐项答复: which demands of a case wait for a reply, and when the last was answered, as a row remembers what was said. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from shared.events.casework import OpinionServed
from shared.events.intake import RouteDetermined
from shared.readmodel import Row
from shared.replies import answering_all, elsewhere, unanswered
from shared.terms import Route

ROADS = {road.value: road for road in Route}


class _Reply(NamedTuple):
    place: str
    demands: tuple[int, ...]


class _Road(NamedTuple):
    place: str
    route: Route
    demands: tuple[int, ...]


def served(row: Mapping[str, Any], fact: OpinionServed, place: str) -> Row:
    """What the row remembers of a reply: where it lies, and which demands it answers; none named: all."""
    return {"replies": sorted([*(row.get("replies") or []), [place, list(fact.demands)]])}


def split(row: Mapping[str, Any], fact: RouteDetermined, place: str) -> Row:
    """What the row remembers of demands that take a road of their own."""
    return {"roads": sorted([*(row.get("roads") or []), [place, fact.route.value, list(fact.demands)]])}


def answered(row: Mapping[str, Any]) -> Row:
    """Of the present round: a relapse begins a new one, in which all is to be answered anew; what a review quashed, too."""
    since = max(row.get("relapse_at") or "", row.get("quashed_at") or "")
    demands = row.get("demands") or 0
    said = [_Reply(place, tuple(its)) for place, its in row.get("replies") or [] if place > since]
    away = elsewhere(_Road(place, ROADS[route], tuple(its)) for place, route, its in row.get("roads") or [])
    last = answering_all(said, demands, away)
    return {
        "replied_on": date.fromisoformat(last.place[:10]) if last else None,
        "unanswered": len(unanswered(said, demands, away)),
    }
