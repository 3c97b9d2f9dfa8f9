"""逐字: a text without what two people may write differently, and by what the same words are found again. Pure."""

import hashlib
import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=1024)
def plain_text(text: str) -> str:
    """A text without what two people may write differently: spaces, punctuation, digits of dates and sums. Characters that look
    the same are the same: a radical (⼀) that stands for a word (一), letters of full width.
    """
    return re.sub(r"[\W\d_]+", "", unicodedata.normalize("NFKC", text))


def digest(text: str) -> str:
    """SHA-256 of the plain text, as hex: that of two texts is the same when they say the same, word for word."""
    return hashlib.sha256(plain_text(text).encode()).hexdigest()
