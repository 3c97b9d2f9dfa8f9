"""Letters from a template: every place is filled, whatever the words say; same words, same bytes."""

import io
import zipfile

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.node import TEMPLATES
from deploy.templates.make_templates import ASSIGNMENT, made
from shared.letters import TemplateUnusable, letter, written_day
from tests.sample import day


def template(*texts: tuple[str, ...]) -> bytes:
    """A template with a paragraph for each; of several parts, each is a run of its own."""
    document, written = Document(), io.BytesIO()
    for runs in texts:
        paragraph = document.add_paragraph()
        for text in runs:
            paragraph.add_run(text).bold = True
    document.add_table(1, 1).cell(0, 0).text = "{unit}"
    document.save(written)
    return written.getvalue()


def texts(made: bytes) -> list[str]:
    document = Document(io.BytesIO(made))
    return [p.text for p in document.paragraphs] + [document.tables[0].cell(0, 0).text]


def test_places_are_filled_though_word_cuts_them_into_runs_and_many_lines_are_many_paragraphs() -> None:
    raw = template(
        (
            "致",
            "{un",
            "it}：",
        ),
        ("第{demands}条",),
        ("不变 { unit } {}",),
    )
    filled = letter(raw, {"unit": "柳林镇", "demands": ["一", "二\n三"], "more": "unused"})
    assert texts(filled) == ["致柳林镇：", "第一", "二", "三条", "不变 { unit } {}", "柳林镇"]
    assert all(run.bold for p in Document(io.BytesIO(filled)).paragraphs for run in p.runs)


def test_what_is_filled_in_is_not_a_place_itself() -> None:
    assert texts(letter(template(("{a}{unit}",)), {"a": "{unit}", "unit": "{a}"})) == ["{unit}{a}", "{a}"]


PLAIN = template(("{a}",))


@given(st.lists(st.text(), max_size=4))
@settings(max_examples=40)
def test_any_words_can_be_written(words: list[str]) -> None:
    raw = letter(PLAIN, {"a": words, "unit": ""})
    assert raw == letter(PLAIN, {"a": words, "unit": ""})
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert Document(io.BytesIO(raw)).tables


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"no template at all"])
def test_what_is_no_template_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(TemplateUnusable, match="not a sound"):
        letter(raw, {})


def test_a_place_that_nothing_is_known_for_is_named() -> None:
    with pytest.raises(TemplateUnusable, match="petitioner_name") as error:
        letter(template(("{petitioner_name}",)), {"unit": "x", "kind": "y"})
    assert "kind, unit" in error.value.en


def test_a_day_is_written_without_zeros_before_its_numbers() -> None:
    assert written_day(day("2026-01-05")) == "2026年1月5日"


def test_the_template_is_what_its_maker_makes() -> None:
    """Found by their text, not by their bytes: another version of the library may pack them another way."""

    def said(raw: bytes) -> list[str]:
        return [paragraph.text for paragraph in Document(io.BytesIO(raw)).paragraphs]

    assert said((TEMPLATES / "assignment-letter.docx").read_bytes()) == said(made(ASSIGNMENT))
