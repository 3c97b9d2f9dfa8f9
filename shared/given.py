"""Parts of facts as a command may give them: bounded, and with the narrative masked. Pure.

The classes of the published language stay as they were when they were published, so that every old fact is read for ever;
what may be said now is narrower. A command declares `leader: Person`, and holds an `Official`.
"""

from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.decider import WHOLE, Day, Name, Note, Text
from shared.events import Official
from shared.events.casework import Answer, Checked, Commitment, Measure, Section, Vote
from shared.events.fact import Value


class Within:
    """Annotates a part of a fact: it is taken in as `narrower`, and kept as the class that facts carry."""

    def __init__(self, narrower: type[Value]) -> None:
        self._narrower = narrower

    def __get_pydantic_core_schema__(self, published: type[Value], handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of the narrower class, followed by the way back."""

        def opened(said: Any) -> Any:
            return dict(said) if isinstance(said, published) else said

        def kept(said: Value) -> Value:
            return published.model_construct(said.model_fields_set, **dict(said))

        taken = core_schema.no_info_after_validator_function(kept, handler.generate_schema(self._narrower))
        return core_schema.json_or_python_schema(
            json_schema=taken,
            python_schema=core_schema.no_info_before_validator_function(opened, taken),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda part: part, return_schema=handler(published)
            ),
        )


class GivenOfficial(Official):
    """公职人员: an official as commands name them."""

    id: Name
    name: Name
    post: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")] = ""


Person = Annotated[Official, Within(GivenOfficial)]
"""An official."""


class GivenCommitment(Commitment):
    """承诺事项: one thing to be done, by whom and by when."""

    commitment_id: Name
    what: Text
    who: Name
    due_on: Day


Promise = Annotated[Commitment, Within(GivenCommitment)]
"""A commitment."""


class GivenMeasure(Measure):
    """化解措施: one thing to be done, by whom and by when."""

    what: Text
    who: Name
    due_on: Day | None = None


Step = Annotated[Measure, Within(GivenMeasure)]
"""A measure of a plan."""


class GivenVote(Vote):
    """A verifier's word on the report."""

    official: Person
    dissent: Note = ""


Voice = Annotated[Vote, Within(GivenVote)]
"""A vote."""


class GivenAnswer(Answer):
    """What the opinion says to one demand, counted from 1."""

    demand: Annotated[int, Field(ge=1, le=50), WHOLE]
    reasons: Text


Reply = Annotated[Answer, Within(GivenAnswer)]
"""An answer to one demand."""


class GivenSection(Section):
    """A part of the opinion under a heading of its own."""

    heading: Name
    text: Text


Part = Annotated[Section, Within(GivenSection)]
"""A part of the opinion."""


class GivenChecked(Checked):
    """A word on one question of the five."""

    mend: Note = ""


Check = Annotated[Checked, Within(GivenChecked)]
"""A word on one question."""
