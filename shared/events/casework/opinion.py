"""处理意见: what casework says about the reply to the person."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official, Value
from shared.terms import Outcome, ServedHow


class Answer(Value):
    """What the opinion says to one demand, counted from 1."""

    demand: int
    outcome: Outcome
    reasons: str


class Section(Value):
    """A part of the opinion that a place wants under a heading of its own."""

    heading: str
    text: str


class AnswerAgreed(CaseworkFact):
    """统一答复口径: the units concerned give the person one answer (seed plan D1)."""

    occurred: ClassVar[str] = "agreed_on"

    agreed_on: date
    units: tuple[str, ...]
    answer: str


class OpinionIssued(CaseworkFact):
    """处理意见书: the written opinion, with all that it has to hold (信访工作条例 Art 32)."""

    occurred: ClassVar[str] = "issued_on"
    done_by: ClassVar[str] = "signed_by"

    number: str
    issued_on: date
    facts: str
    answers: tuple[Answer, ...]
    legal_basis: str
    remedy: str
    """救济途径和期限: where and until when a review may be asked for."""
    signed_by: Official
    sections: tuple[Section, ...] = ()


class OpinionServed(CaseworkFact):
    """处理意见送达: the written reply reached the person (信访工作条例 Arts 32, 35)."""

    occurred: ClassVar[str] = "served_on"

    number: str
    outcome: Outcome
    served_on: date
    how: ServedHow
    refused: bool = False
    """拒收: the person did not take it; the note says who witnessed that."""
    note: str = ""
    demands: tuple[int, ...] = ()
    """逐项答复: which demands it answers, counted from 1, where a later reply answers the rest; empty: all of them."""


class OpinionCarriedOut(CaseworkFact):
    """意见落实: what the opinion supports has been done, with proof (信访工作条例 Art 32)."""

    occurred: ClassVar[str] = "carried_out_on"

    number: str
    carried_out_on: date
    proof: str
