"""What kind of file this is, by what is in it and by its name: only kinds that cannot run are wanted."""

import codecs
import re
import zipfile
from collections.abc import Mapping
from typing import IO

from shared.files.keeping import CHUNK

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

BY_NAME: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "docx": DOCX,
    "xlsx": XLSX,
    "txt": "text/plain",
    "csv": "text/csv",
}
"""What may come in, by the end of its name. No archives, web pages, drawings that hold scripts, or programs."""
ENDING: Mapping[str, str] = {kind: ending for ending, kind in BY_NAME.items()}
"""How a file of a kind is named when it goes out."""

BEGINS: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    DOCX: b"PK\x03\x04",
    XLSX: b"PK\x03\x04",
}
MAIN: Mapping[str, tuple[str, bytes]] = {
    DOCX: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    XLSX: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
"""The part that makes a package an office file of a kind, and what its table of contents calls that part."""
CONTENTS = "[Content_Types].xml"
RUNS = re.compile(
    r"vbaProject|vbaData|/activeX/|/embeddings/|/ctrlProps/|\.(?:bin|exe|dll|js|vbs|bat|cmd|ps1|jar)$", re.I
)
"""Parts of an office file that run, or hold another file."""
PRINTER = re.compile(r"/printerSettings/printerSettings[0-9]*\.bin$")
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
MARKUP = re.compile(r"^\ufeff?\s*<(?:!doctype|html|svg|script|\?xml)|^#!", re.I)
LARGEST_CONTENTS = 1024 * 1024
MOST_PARTS = 10_000


class Unwanted(Exception):
    """The file is not taken in. The two texts say why, without a word of what is in it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


def recognised(file: IO[bytes], name: str) -> str:
    """The media type. Raises Unwanted for a kind that is not taken, or when name and contents do not agree."""
    ending = name.rpartition(".")[2].lower()
    kind = BY_NAME.get(ending)
    if kind is None:
        listed = "、".join(BY_NAME)
        raise Unwanted(
            f"不收这类文件。可收：{listed}。宏文件、网页、压缩包、程序一律不收，请转为 PDF。",
            f"Files of this kind are not taken in; these are: {listed}. No macros, web pages, archives or programs: make it"
            " a PDF.",
        )
    file.seek(0)
    if not file.read(1):
        raise Unwanted("文件是空的，请核对后重新上传。", "The file is empty. Look at it and send it again.")
    file.seek(0)
    if not file.read(16).startswith(BEGINS.get(kind, b"")):
        raise Unwanted(
            f"文件内容与扩展名 .{ending} 不符，请核对后重新上传。",
            f"What is in the file is not what its name, .{ending}, says. Look at it and send it again.",
        )
    file.seek(0)
    if kind in MAIN:
        _check_package(file, kind)
    elif kind.startswith("text/"):
        _check_text(file)
    return kind


def _check_package(file: IO[bytes], kind: str) -> None:
    part, called = MAIN[kind]
    try:
        with zipfile.ZipFile(file) as package:
            names = package.namelist()
            sound = (
                len(names) <= MOST_PARTS and part in names and package.getinfo(CONTENTS).file_size <= LARGEST_CONTENTS
            )
            with package.open(CONTENTS) as contents:
                listed = contents.read(LARGEST_CONTENTS) if sound else b""
    except Exception as error:  # whatever a hostile package makes zipfile stumble over
        raise _damaged() from error
    if b"macroEnabled" in listed or any(RUNS.search(name) and not PRINTER.search(name) for name in names):
        raise Unwanted(
            "文件含有宏、控件或嵌入的文件，不能收。请另存为不含宏的文件，或转为 PDF。",
            "The file holds macros, controls or other files. Save it without them, or as a PDF.",
        )
    if called not in listed:
        raise _damaged()


def _check_text(file: IO[bytes]) -> None:
    """UTF-8, or GB18030, without control characters; and no web page, drawing or script that calls itself text."""
    for encoding in ("utf-8", "gb18030"):
        file.seek(0)
        decoder, head = codecs.getincrementaldecoder(encoding)(), ""
        try:
            while chunk := file.read(CHUNK):
                if CONTROLS.search(chunk):
                    raise _damaged()
                text = decoder.decode(chunk)
                head = head or text[:1000]
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        if MARKUP.match(head):
            raise Unwanted(
                "这是网页或脚本，不能作为文本收下。请转为 PDF。",
                "This is a web page or a script, not a text. Make it a PDF.",
            )
        return
    raise _damaged()


def _damaged() -> Unwanted:
    return Unwanted(
        "文件已损坏、加密，或不是其扩展名所说的类型，请核对后重新上传。",
        "The file is damaged, encrypted, or not of the kind that its name says. Look at it and send it again.",
    )
