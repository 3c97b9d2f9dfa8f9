"""What every fact of the published language has in common."""

from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

REGISTRY: dict[str, type["Fact"]] = {}
"""Every published fact, by type name."""


class Value(BaseModel):
    """A part of a fact or of a command: immutable, and strict about what it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Fact(Value):
    """Something that happened, in the past tense, spoken by exactly one service.

    A published class is never edited except to add a field with a default; a new meaning gets a new name. One service's
    facts share a base class that is declared with `speaker="…"`; every class below that base is published.
    """

    speaker: ClassVar[str] = ""
    """The one service that says this."""
    schema_version: ClassVar[int] = 1
    occurred: ClassVar[str | None] = None
    """The field that claims when it happened; None when it happened as it was recorded."""
    done_by: ClassVar[str | None] = None
    """The field that names the official who did it in person; None when the fact names nobody."""

    def __init_subclass__(cls, speaker: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if speaker is not None:
            cls.speaker = speaker
        elif REGISTRY.setdefault(cls.__name__, cls) is not cls:
            raise TypeError(f"two facts are named {cls.__name__}")

    def claimed_time(self) -> date | datetime | None:
        """When it happened, as claimed: a date in Asia/Shanghai or an instant; None when the fact claims no time."""
        claimed: date | datetime | None = getattr(self, self.occurred) if self.occurred else None
        return claimed


class Official(Value):
    """公职人员: the person who holds a post. Officials are named in facts; petitioners never are."""

    id: str
    name: str
    post: str = ""
