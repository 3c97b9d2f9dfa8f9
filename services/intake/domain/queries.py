"""查询: people may ask how their matter stands, and are told (信访工作条例 Arts 18, 21). Pure."""

from typing import ClassVar

from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Name, Rejected
from shared.events.intake import IntakeFact, ProgressQueried, QueryAnswered
from shared.given import Person
from shared.terms import Channel, Role, ServedHow

ASKED = REGISTERING | {Role.HANDLER, Role.UNIT_HEAD}


class RecordQuery(CaseCommand):
    """查询进展: record that somebody whose matter it is asked how it stands; not who they are."""

    roles: ClassVar[frozenset[Role]] = ASKED

    query_id: Name
    asked_of: Name
    channel: Channel
    queried_on: Day


class AnswerQuery(CaseCommand):
    """查询答复: record that they were told."""

    roles: ClassVar[frozenset[Role]] = ASKED

    query_id: Name
    answered_on: Day
    how: ServedHow
    by: Person


def record_query(desk: Desk, command: RecordQuery) -> list[IntakeFact]:
    return _filed(desk, ProgressQueried(**dict(command)))


def answer_query(desk: Desk, command: AnswerQuery) -> list[IntakeFact]:
    """Once, and not before it was asked."""
    queries = {query.query_id: query for query in desk.case.all(ProgressQueried)}
    if command.query_id not in queries:
        raise Rejected(
            "no-such-query",
            f"没有编号为 {command.query_id} 的查询；现有：{'、'.join(queries) or '-'}。",
            f"There is no query {command.query_id}; there are: {', '.join(queries) or '-'}.",
        )
    asked_on = queries[command.query_id].queried_on
    if command.answered_on < asked_on:
        raise Rejected(
            "answered-before-asked",
            f"答复日 {command.answered_on} 早于查询日 {asked_on}。请核对日期。",
            f"{command.answered_on} lies before the day of the query, {asked_on}. Check the dates.",
        )
    return _filed(desk, QueryAnswered(**dict(command)))


def _filed(desk: Desk, fact: ProgressQueried | QueryAnswered) -> list[IntakeFact]:
    """The fact, unless it was said; refused when its id stands for something else."""
    if any(other.query_id == fact.query_id and other != fact for other in desk.case.all(type(fact))):
        raise Rejected(
            "id-taken",
            f"query_id {fact.query_id} 已用于另一条不同的记录，请换一个编号。",
            f"query_id {fact.query_id} stands for another record already; use another.",
        )
    return once(desk, fact)


RULES: Rules = {RecordQuery: record_query, AnswerQuery: answer_query}
