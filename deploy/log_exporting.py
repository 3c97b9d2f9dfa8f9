"""Writing the event log of a running node into a file, or to whoever reads our output. It is never held whole."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from deploy.client import Client
from deploy.node import Node
from deploy.processes import ProcessError
from shared.terms import Role


def export(node: Node, out: Path | None, *, packed: bool, **asked: Any) -> int:
    """Write the log and answer how many bytes it has unpacked. A file appears whole, or not at all.

    Raises Refused, ProcessError.
    """
    written = 0
    with Client(node, Role.AUDITOR) as client, _target(out, packed=packed) as stream:
        for piece in client.stream("/supervision/export", **asked):
            stream.write(piece)
            written += len(piece)
    return written


@contextmanager
def _target(out: Path | None, *, packed: bool) -> Iterator[IO[bytes]]:
    if out is None:
        with _packed(sys.stdout.buffer) if packed else _plain() as stream:
            yield stream
        return
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as file:
            if packed:
                with _packed(file) as stream:
                    yield stream
            else:
                yield file
        part.replace(out)
    except OSError as error:
        raise ProcessError(f"无法写入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _plain() -> Iterator[IO[bytes]]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _packed(stream: IO[bytes]) -> IO[bytes]:
    """The hour and the name are left out: the same history gives the same bytes."""
    return cast("IO[bytes]", gzip.GzipFile("", "wb", fileobj=stream, mtime=0))
