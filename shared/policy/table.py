"""What a table of a policy file is. Pure."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(gt=0)]


class Table(BaseModel):
    """A table of the policy file: immutable, and every key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, serialize_by_alias=True)
