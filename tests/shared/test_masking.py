"""Document and telephone numbers do not survive in narrative text; everything else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.masking import mask


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("身份证610499199001011234。", "身份证610*************34。"),
        ("证号61049919900101123X，", "证号610*************3X，"),
        ("61049919900101123x", "610*************3x"),
        ("老证号610499900101123", "老证号610**********23"),
        ("610499 19900101 1234", "610***************34"),
        ("６１０４９９１９９００１０１１２３４", "６１０*************３４"),
        ("电话19900001234，家住东街", "电话199******34，家住东街"),
        ("199-0000-1234", "199********34"),
        ("199 0000 1234", "199********34"),
        ("+86 19900001234", "+86**********34"),
        ("８６１９９００００１２３４", "８６１********３４"),
        ("座机0910-3312345", "座机091*******45"),
        ("（010）12345678", "（01********78"),
        ("02912345678", "029******78"),
        ("19900001234、19900005678", "199******34、199******78"),
    ],
)
def test_a_document_or_phone_number_keeps_its_first_three_and_last_two_characters(said: str, masked: str) -> None:
    assert mask(said) == masked


@pytest.mark.parametrize(
    "said",
    [
        "",
        "2024年3月1日反映征地补偿款",
        "2024-03-01 至 2024-03-15",
        "补偿款 1234567890 元",
        "编号610499202403010012345",
        "热线12345，文号〔2024〕15号",
        "20240301",
        "欠薪 18000.50 元，共12人",
        "12990000123",
    ],
)
def test_other_numbers_stay(said: str) -> None:
    assert mask(said) == said


TEXT = st.text(alphabet="0123456789019861３０- Xx年+（", max_size=60)


@given(TEXT)
def test_masking_twice_changes_nothing_more(said: str) -> None:
    assert mask(mask(said)) == mask(said)


@given(TEXT)
def test_masking_keeps_the_length_and_only_writes_stars(said: str) -> None:
    masked = mask(said)
    assert len(masked) == len(said)
    assert all(after in (before, "*") for before, after in zip(said, masked, strict=True))


@given(
    before=st.sampled_from(["", "证号", "电话：", "a "]),
    number=st.one_of(
        st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True),
        st.from_regex(r"[0-9]{15}", fullmatch=True),
        st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    ),
    after=st.sampled_from(["", "。", " b"]),
)
def test_no_such_number_survives(before: str, number: str, after: str) -> None:
    assert mask(before + number + after) == f"{before}{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}{after}"
