"""What is blank: the same to this system as to whoever reads its documents, whose patterns are those of ECMA-262."""

import re

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.decider import Name, Text

BLANKS = r"\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What ECMA-262 takes for white space; NEL (U+0085) is none of it."""


class Said(BaseModel):
    """Both kinds, as a command has them."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: Name = "甲"
    text: Text = "甲"


def promised(field: str, said: str) -> bool:
    """Whether the document promises to take it."""
    pattern = Said.model_json_schema()["properties"][field]["pattern"]
    return re.search(pattern.replace(r"[\s", f"[{BLANKS}").replace(r"[^\s", f"[^{BLANKS}"), said) is not None


@pytest.mark.parametrize("field", ["name", "text"])
@pytest.mark.parametrize(
    "said", ["\x85", "\ufeff", " ", "", "\x1f", "\x85柳林镇\x85", " 柳林镇 ", "柳\x85林", "柳林\ufeff镇", "柳林\x7f"]
)
def test_what_is_promised_is_taken_and_nothing_else(field: str, said: str) -> None:
    try:
        Said(**{field: said})
    except ValidationError:
        taken = False
    else:
        taken = True
    assert taken is promised(field, said)
