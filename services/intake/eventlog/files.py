"""From a file to events, a few at a time: which kind of log it is, how it is packed and written, and its digest."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Literal, NamedTuple, cast

from services.intake.ledger.entries import LedgerUnreadable

CHUNK = 1 << 16
GZIP = b"\x1f\x8b"


class Event(NamedTuple):
    """One event as it stands: where (the row of a CSV, the line of an XES), and what the wanted columns say."""

    place: int
    values: dict[str, str]
    cells: int = 0
    """How many cells a row has, if that is more than there are columns."""


@dataclass(frozen=True)
class LogFile:
    """A file that was looked at once, from end to end. `digest` is the SHA-256 of the file as it is, packed or not."""

    path: Path
    kind: Literal["csv", "xes"]
    packed: bool
    encoding: str
    digest: str

    @contextmanager
    def text(self) -> Iterator[IO[str]]:
        """The text, as it is read."""
        with _unpacked(self.path, packed=self.packed) as raw:
            yield io.TextIOWrapper(raw, encoding=self.encoding, newline="")


def look_at(path: Path) -> LogFile:
    """What kind of file this is. Raises LedgerUnreadable for one that cannot be read, or is no event log by its name."""
    name = path.name.lower().removesuffix(".gz")
    kind: Literal["csv", "xes"] = "xes" if name.endswith(".xes") else "csv"
    if not name.endswith((".csv", ".xes")):
        raise LedgerUnreadable(
            f"{path.name} 不是事件日志：应为 .csv、.xes，或其 .gz 压缩。台账（.xlsx）请用 import 导入。",
            f"{path.name} is no event log: .csv, .xes, or either with .gz. A ledger (.xlsx) is taken by `import`.",
        )
    with readable(path):
        with path.open("rb") as raw:
            packed, digest = raw.read(2) == GZIP, sha256()
            raw.seek(0)
            while part := raw.read(CHUNK):
                digest.update(part)
        with _unpacked(path, packed=packed) as content:
            encoding = _encoding(path, content)
    return LogFile(path, kind, packed, encoding, digest.hexdigest())


def _encoding(path: Path, content: IO[bytes]) -> str:
    first = content.read(CHUNK)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    trying = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "gb18030")}
    part = first
    while trying:
        for name, decoder in list(trying.items()):
            try:
                decoder.decode(part, final=not part)
            except UnicodeDecodeError:
                del trying[name]
        if not part:
            break
        part = content.read(CHUNK)
    if not trying:
        raise LedgerUnreadable(
            f"{path.name} 既不是 UTF-8 也不是 GB18030 编码，请转换编码后再导入。",
            f"{path.name} is neither UTF-8 nor GB18030: convert it and import it again.",
        )
    return next(iter(trying))


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises LedgerUnreadable for what goes wrong while the file is read."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LedgerUnreadable(
            f"{path.name} 的压缩已损坏（{error}），请重新导出。",
            f"{path.name} is damaged as gzip ({error}): export it again.",
        ) from error
    except OSError as error:
        raise LedgerUnreadable(
            f"打不开 {path.name}：{error.strerror}", f"cannot open {path.name}: {error.strerror}"
        ) from error


def _unpacked(path: Path, *, packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def lacking(path: Path, missing: Sequence[str], near: str) -> LedgerUnreadable:
    """The refusal of a log that has not every column of the mapping."""
    shown = "、".join(missing)
    return LedgerUnreadable(
        f"{path.name} 没有对照表 [columns] 所列的列：{shown}。文件中的列：{near}。请改正对照表。",
        f"{path.name} has no such columns as [columns] of the mapping names: {shown}. It has: {near}. Correct the mapping.",
    )
