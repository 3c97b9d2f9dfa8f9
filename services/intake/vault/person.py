"""Who a person is: what they told us of themselves, and in which form it tells two people apart. Pure."""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Blank = Annotated[
    Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")] | None,
    BeforeValidator(lambda text: text.strip() or None if isinstance(text, str) else text),
]


class Petitioner(BaseModel):
    """信访人, as they told us who they are. Neither `repr` nor a validation error shows any of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*[^\s\x00\x85\ufeff][^\x00]*$", repr=False)
    id_number: Blank = Field(default=None, repr=False)
    phone: Blank = Field(default=None, repr=False)
    address: Blank = Field(default=None, repr=False)


FIELDS = tuple(Petitioner.model_fields)


def valid_id_number(text: str) -> bool:
    """Whether this is a 公民身份号码 with a real date and the right check digit (GB 11643-1999), or one of 15 digits.

    Full-width digits, spaces and a small x are forgiven. Other papers (passports, travel permits) are not valid here.
    """
    return canonical_id_number(text) is not None


def canonical_id_number(text: str) -> str | None:
    """The 18 characters of a valid number; None for anything else, so that 无 or 0000 never identifies anybody."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    # The old sequence numbers 996 to 999 were for people born before 1900: their century is not 19.
    if re.fullmatch(r"[1-9][0-9]{14}", number) and len(set(number)) > 1 and number[-3:] < "996":
        number = f"{number[:6]}19{number[6:]}"
        number += check_digit(number)
    if not re.fullmatch(r"[1-9][0-9]{5}(18|19|20)[0-9]{9}[0-9X]", number) or number[17] != check_digit(number):
        return None
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return number


def check_digit(number: str) -> str:
    """ISO 7064 MOD 11-2 over the first 17 digits, which weigh 2^17 … 2^1: Horner's rule."""
    total = 0
    for digit in number[:17]:
        total = 2 * (total + int(digit))
    return "10X98765432"[total % 11]


def canonical_phone(text: str) -> str | None:
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    mobile = re.fullmatch(r"(?:(?:00)?86|0)?(1[3-9][0-9]{9})", digits)
    number = mobile[1] if mobile else digits
    return number if len(number) >= 7 and len(set(number)) > 1 else None


def canonical_words(text: str) -> str:
    """Letters, marks and numbers alone; what parted two numbers is kept as one hyphen (3-12 is not 312)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    parted = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain)
    return re.sub(r"(?<=[0-9]) +(?=[0-9])", "-", parted).replace(" ", "")


def canonical_name(text: str) -> str | None:
    words = canonical_words(text)
    return words if words not in {"", "无", "无名", "不详", "未知", "匿名", "佚名", "群众"} else None


def canonical_address(text: str) -> str | None:
    words = canonical_words(text)
    return words if len(words) >= 6 else None
