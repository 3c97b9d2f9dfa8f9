"""A file on its way in: streamed to disk, never held in memory, gone again when nobody keeps it."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shared.files.keeping import CHUNK, FilesUnavailable


class TooLarge(Exception):
    """More bytes came than a file may have."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has come in whole. It can be read until the block ends."""

    file: IO[bytes]
    sha256: str
    size: int


@asynccontextmanager
async def arriving(chunks: AsyncIterator[bytes], folder: Path, limit: int) -> AsyncIterator[Arrived]:
    """Write what comes to a file in `folder` that has no name there. Raises TooLarge, FilesUnavailable.

    A file without a name goes with the process that writes it, also when that is killed.
    """
    try:
        file = await asyncio.to_thread(_nameless, folder)
    except OSError as error:
        raise FilesUnavailable(error.strerror) from error
    with file:
        digest, size, held = hashlib.sha256(), 0, bytearray()

        def write(part: bytes) -> None:
            try:
                file.write(part)
                file.flush()
            except OSError as error:
                raise FilesUnavailable(error.strerror) from error
            digest.update(part)

        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge
            held += chunk
            if len(held) >= CHUNK:
                await asyncio.to_thread(write, bytes(held))
                held.clear()
        await asyncio.to_thread(write, bytes(held))
        yield Arrived(file, digest.hexdigest(), size)


def _nameless(folder: Path) -> IO[bytes]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)
