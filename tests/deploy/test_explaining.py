"""Where a letter is written when nobody says where."""

import pytest

from deploy.explaining import letter_file


@pytest.mark.parametrize(
    ("ids", "file"),
    [
        (("case-1",), "case-1.docx"),
        (("case-1", "notice-1"), "case-1-notice-1.docx"),
        (("case-1", "柳信督/2026/1号"), "case-1-柳信督_2026_1号.docx"),
        (("case-1", "../../x"), "case-1-.._.._x.docx"),
        (("case-1", "a\\b\tc"), "case-1-a_b_c.docx"),
    ],
)
def test_a_letter_lies_here_whatever_its_number_holds(ids: tuple[str, ...], file: str) -> None:
    assert (str(letter_file(*ids)), len(letter_file(*ids).parts)) == (file, 1)
