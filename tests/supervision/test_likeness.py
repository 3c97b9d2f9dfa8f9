"""Texts that are alike: found when one character is changed, whatever the figures, without comparing each with each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.supervision.likeness import copies, likeness
from tests.supervision.unit_cases import LONG


@settings(max_examples=60)
@given(st.text("经查发放清单漏列两户差额由", min_size=30, max_size=120), st.integers(0, 119), st.sampled_from("变更了"))
def test_a_text_with_one_character_changed_is_found_among_many(text: str, at: int, other: str) -> None:
    changed = text[: at % len(text)] + other + text[at % len(text) + 1 :]
    crowd = {f"other-{n}": LONG.format(n) for n in range(5)}
    found = {(a, b) for a, b, _ in copies({"a": text, "b": changed, **crowd}, 0.9)}
    assert ("a", "b") in found


def test_punctuation_spaces_and_figures_make_no_other_text() -> None:
    assert likeness("经查，差额 300 元。", "经查差额500元") == 1
    assert likeness("", "") == 0
    assert likeness("300", "300") == 0
    assert likeness("土地", "住房") == 0


def test_characters_that_look_the_same_make_no_other_text() -> None:
    """Found: a radical in the place of a word, which nobody sees on paper, and no copy was found any more."""
    assert likeness("经查，一户人家的土地", "经查，⼀户⼈家的⼟地") == 1
    assert likeness("ABC 公司", "ＡＢＣ公司") == 1


def test_a_thousand_texts_are_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Near-linear: what is compared are neighbours only."""
    compared = 0

    def counting(a: str, b: str) -> float:
        nonlocal compared
        compared += 1
        return likeness(a, b)

    monkeypatch.setattr("services.supervision.likeness.likeness", counting)
    letters = [chr(0x4E00 + n) for n in range(3000)]
    texts = {f"t{n:04}": "".join(letters[(n * 37 + k * k) % 3000] for k in range(60)) for n in range(1000)}
    list(copies(texts, 0.9))
    assert compared < 20_000
