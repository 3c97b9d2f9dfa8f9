"""Rows that answer questions, kept in step with the logs: rows and how far we have heard change in one transaction.

A sheet (表) is a table with a key. Where a reported column changes, the row's old version stays, with from when until when
it was what was known, so that a report can be asked as known on a day. A version is known from the moment at which the
newest fact in it was recorded: a fact that is heard late is never shown as known before. A rebuild goes into a new generation
of tables beside the live one; then one statement switches. Works on SQLite and PostgreSQL through SQLAlchemy Core.
"""

from shared.readmodel.filling import Lost
from shared.readmodel.folding import Change, Get, Project, Renewed
from shared.readmodel.forms import Row
from shared.readmodel.generations import Superseded
from shared.readmodel.model import ReadModel, Rebuild
from shared.readmodel.tables import Instant, Sheet, Tables

__all__ = [
    "Change",
    "Get",
    "Instant",
    "Lost",
    "Project",
    "ReadModel",
    "Rebuild",
    "Renewed",
    "Row",
    "Sheet",
    "Superseded",
    "Tables",
]
