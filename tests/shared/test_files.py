"""Files by their digest, in a folder and in an S3-compatible store; on the way in; and which kinds are wanted."""

import hashlib
import io
import os
import zipfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.files import (
    Damaged,
    Files,
    FilesUnavailable,
    FolderFiles,
    NoSuchFile,
    S3Files,
    TooLarge,
    Unwanted,
    arriving,
    open_files,
    recognised,
)
from shared.files.kinds import DOCX, ENDING, XLSX
from shared.files.s3 import EMPTY, signed
from shared.settings import Settings
from tests.buckets import Bucket, bucket

__all__ = ["bucket"]

BIG = os.urandom(700_000)
DIGEST = hashlib.sha256(BIG).hexdigest()


@pytest.fixture(params=["folder", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return FolderFiles(tmp_path / "files")
    there: Bucket = request.getfixturevalue("bucket")
    return S3Files(there.url, "us-east-1", there.key, there.secret)


def test_what_is_put_is_there_and_comes_back_byte_for_byte(files: Files) -> None:
    assert not files.has(DIGEST)
    with pytest.raises(NoSuchFile):
        files.get(DIGEST)
    for _ in range(2):  # twice is once
        files.put(io.BytesIO(BIG), DIGEST)
        assert files.has(DIGEST)
        assert b"".join(files.get(DIGEST)) == BIG


def test_many_who_put_the_same_file_at_once_put_it_once(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: files.put(io.BytesIO(BIG), DIGEST), range(16)))
    assert b"".join(files.get(DIGEST)) == BIG


def test_a_folder_has_whole_files_only_two_levels_down_and_for_its_owner(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError(28, "No space left on device")
            return super().read(size)

    files = FolderFiles(tmp_path / "files")
    with pytest.raises(FilesUnavailable, match="No space left"):
        files.put(Torn(BIG), DIGEST)
    assert not files.has(DIGEST)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    files.put(io.BytesIO(BIG), DIGEST)
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert kept.relative_to(tmp_path).parts == ("files", DIGEST[:2], DIGEST[2:4], DIGEST)
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o400, 0o700)


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b"x" + b[1:], lambda _: b""])
def test_a_damaged_file_never_comes_out_whole(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    files, came = FolderFiles(tmp_path), list[bytes]()
    files.put(io.BytesIO(BIG), DIGEST)
    place = tmp_path / DIGEST[:2] / DIGEST[2:4] / DIGEST
    place.chmod(0o600)
    place.write_bytes(change(BIG))
    with pytest.raises(Damaged):
        came.extend(chunk for chunk in files.get(DIGEST))
    assert sum(map(len, came)) < place.stat().st_size or not came


def test_a_store_that_does_not_answer_is_unavailable() -> None:
    files = S3Files("http://127.0.0.1:9/huajie", "r", "k", "s")
    for work in (lambda: files.put(io.BytesIO(b""), EMPTY), lambda: files.has(EMPTY), lambda: files.get(EMPTY)):
        with pytest.raises(FilesUnavailable):
            work()


def test_its_connections_are_released_at_the_end(bucket: Bucket) -> None:
    files = S3Files(bucket.url, "us-east-1", bucket.key, bucket.secret)
    assert not files.has("0" * 64)
    files.close()
    assert files._http.is_closed


def test_a_store_that_refuses_us_is_unavailable(bucket: Bucket) -> None:
    refused = S3Files(bucket.url, "us-east-1", bucket.key, "wrong")
    with pytest.raises(FilesUnavailable, match="403"):
        refused.put(io.BytesIO(b""), EMPTY)


def test_a_request_is_signed_as_the_specification_says() -> None:
    """The example "GET Object" of Amazon's specification of Signature Version 4 for S3."""
    headers = signed(
        "GET",
        "https://examplebucket.s3.amazonaws.com/test.txt",
        EMPTY,
        key="AKIAIOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region="us-east-1",
        now=datetime(2013, 5, 24, tzinfo=UTC),
        range="bytes=0-9",
    )
    assert headers["authorization"].endswith(
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_a_node_keeps_files_where_its_settings_say(tmp_path: Path) -> None:
    said = {"region": "610499", "data": tmp_path, "nats_url": "nats://127.0.0.1", "policies": tmp_path}
    assert isinstance(open_files(Settings.model_validate(said)), FolderFiles)
    assert isinstance(open_files(Settings.model_validate({**said, "files_url": "https://host/bucket"})), S3Files)


# On the way in


async def parts(*said: bytes) -> AsyncIterator[bytes]:
    for part in said:
        yield part


@pytest.mark.parametrize("said", [(), (b"",), (b"a", b"b"), (b"x" * 200_000,) * 3])
async def test_what_comes_in_is_counted_and_hashed_and_leaves_nothing_behind(
    tmp_path: Path, said: tuple[bytes, ...]
) -> None:
    whole = b"".join(said)
    async with arriving(parts(*said), tmp_path / "in", 600_000) as file:
        assert (file.size, file.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
        file.file.seek(0)
        assert file.file.read() == whole
        assert list((tmp_path / "in").iterdir()) == []
    with pytest.raises(TooLarge):
        async with arriving(parts(*said, b"x" * (600_001 - len(whole))), tmp_path / "in", 600_000):
            pass
    assert list((tmp_path / "in").iterdir()) == []


# Which kinds are wanted


def package(**parts: bytes) -> bytes:
    """A zip with these parts; in their names, `__` stands for a slash and `_` for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in parts.items():
            file.writestr("[Content_Types].xml" if name == "types" else name.replace("__", "/").replace("_", "."), data)
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


DOCUMENT = b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"'
MACROS = b'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"'
WORD = package(types=DOCUMENT, word__document_xml=b"<w/>")

WANTED = [
    ("a.pdf", b"%PDF-1.7\n", "application/pdf"),
    ("A.PDF", b"%PDF-1.4", "application/pdf"),
    ("a.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
    ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ("答复.docx", WORD, DOCX),
    ("a.xlsx", workbook(), XLSX),
    ("a.txt", "关于征地补偿的答复".encode(), "text/plain"),
    ("a.csv", "姓名,金额\r\n张某某,1".encode("gb18030"), "text/csv"),
    ("a.txt", ("长" * 200_000).encode(), "text/plain"),
    ("a.csv", ("甲,乙\n" * 200_000).encode("gb18030"), "text/csv"),
]
UNWANTED = [
    ("a.exe", b"MZ"),
    ("a.html", b"<html>"),
    ("a.svg", b"<svg/>"),
    ("a.zip", b"PK\x03\x04"),
    ("a.docm", WORD),
    ("a.doc", b"\xd0\xcf\x11\xe0"),
    ("a", b"%PDF-"),
    ("", b"%PDF-"),
    ("a.pdf.exe", b"%PDF-"),
    ("a.pdf", b""),
    ("a.pdf", b"<html>"),
    ("a.png", b"%PDF-1.7"),
    ("a.docx", b"PK\x03\x04 and no more"),
    ("a.docx", workbook()),
    ("a.xlsx", WORD),
    ("a.docx", package(types=MACROS, word__document_xml=b"")),
    ("a.docx", package(types=DOCUMENT, word__document_xml=b"", word__vbaProject_bin=b"")),
    ("a.docx", package(types=DOCUMENT, word__document_xml=b"", word__embeddings__oleObject1_bin=b"")),
    ("a.docx", package(types=DOCUMENT, word__document_xml=b"", word__activeX__activeX1_xml=b"")),
    ("a.docx", package(types=DOCUMENT, word__document_xml=b"", word__run_js=b"")),
    ("a.docx", package(types=DOCUMENT + b" " * 2_000_000, word__document_xml=b"")),
    ("a.docx", package(word__document_xml=b"")),
    ("a.docx", WORD[:-30]),
    ("a.txt", b"a\x00b"),
    ("a.txt", b"\x7fELF\x02"),
    ("a.txt", b"\xff\xff\xff"),
    ("a.txt", b"<!DOCTYPE html><script>"),
    ("a.csv", b"\xef\xbb\xbf  <svg onload=alert(1)>"),
    ("a.txt", b"#!/bin/sh\nrm"),
]


@pytest.mark.parametrize(("name", "data", "kind"), WANTED)
def test_a_kind_that_cannot_run_is_recognised(name: str, data: bytes, kind: str) -> None:
    assert recognised(io.BytesIO(data), name) == kind


@pytest.mark.parametrize(("name", "data"), UNWANTED)
def test_what_runs_or_is_not_what_its_name_says_is_unwanted(name: str, data: bytes) -> None:
    with pytest.raises(Unwanted, match=r"[一-龥].* / .*[a-z]{3}"):
        recognised(io.BytesIO(data), name)


@given(
    st.binary(max_size=300), st.sampled_from(["pdf", "png", "docx", "xlsx", "txt", "csv"]), st.integers(0, len(WORD))
)
def test_no_bytes_break_the_look_at_them(noise: bytes, ending: str, at: int) -> None:
    for data in (noise, WORD[:at] + noise + WORD[at + len(noise) :]):
        with suppress(Unwanted):
            assert recognised(io.BytesIO(data), f"a.{ending}") in ENDING
