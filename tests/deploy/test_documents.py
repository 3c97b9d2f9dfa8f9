"""The committed OpenAPI and AsyncAPI documents, and the tables beside them, are what the code says."""

import shutil
from pathlib import Path

import pytest

from deploy.documents import DOCS, documents, write_documents


def test_the_committed_documents_are_those_of_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert write_documents(check=True) == 0, capsys.readouterr().out
    assert {"asyncapi.json", "openapi/intake.json", "openapi/reporting.json"} < documents().keys()


def test_one_that_differs_is_named_with_its_first_line_and_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "docs"
    shutil.copytree(DOCS, folder)
    stale = folder / "asyncapi.json"
    stale.write_text(stale.read_text("utf-8").replace('"asyncapi"', '"asynchapi"', 1), "utf-8")
    (folder / "openapi" / "intake.json").unlink()
    assert write_documents(check=True, folder=folder) == 1
    said = capsys.readouterr().out
    assert f"{stale}:2 " in said
    assert "./huajie docs" in said
    assert "intake.json:1 " in said
    assert not (folder / "openapi" / "intake.json").exists()
    assert write_documents(check=False, folder=folder) == 0
    assert write_documents(check=True, folder=folder) == 0
