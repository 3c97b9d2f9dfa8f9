"""The generations of a read model's tables: which one is live, which is being filled, which were replaced."""

import sqlalchemy as sa

from shared.readmodel.tables import Instant

GENERATIONS = sa.Table(
    "generations",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("shape", sa.Text, nullable=False),
    sa.Column("edition", sa.Text, nullable=False),
)


def prepare(connection: sa.Connection) -> None:
    """Have that table. One in the words of another version is made anew: what it tells of can be heard again."""
    there = sa.inspect(connection)
    if there.has_table("generations"):
        columns = {column["name"] for column in there.get_columns("generations")}
        if columns != {*GENERATIONS.c.keys()}:
            GENERATIONS.drop(connection)
    GENERATIONS.create(connection, checkfirst=True)


class Superseded(Exception):
    """Another rebuild has begun since; this one is void."""

    def __init__(self) -> None:
        super().__init__("另一次重建已经开始，本次作废。 / Another rebuild has begun; this one is void.")

    def __reduce__(self) -> tuple[type["Superseded"], tuple[()]]:
        return type(self), ()


def check_filling(connection: sa.Connection, number: int) -> None:
    """Raises Superseded when a generation is no longer being filled."""
    wanted = sa.select(GENERATIONS.c.number).where(GENERATIONS.c.state == "filling", GENERATIONS.c.number == number)
    if connection.execute(wanted).first() is None:
        raise Superseded


def live(connection: sa.Connection) -> int:
    """The number of the generation that is read."""
    return int(connection.execute(sa.select(GENERATIONS.c.number).where(GENERATIONS.c.state == "live")).scalar_one())
