"""Files in a folder, named by their digest: `ab/cd/abcd…`. Written whole or not at all, and on disk before anybody is told."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import IO

from shared.files.keeping import CHUNK, Files, FilesUnavailable, NoSuchFile, checked


class FolderFiles(Files):
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, source: IO[bytes], digest: str) -> None:
        place = self._place(digest)
        if place.exists():
            return
        new = place.with_name(f"{digest}.{token_hex(4)}.new")
        try:
            self._make(place.parent)
            source.seek(0)
            with new.open("xb") as write:
                shutil.copyfileobj(source, write, CHUNK)
                write.flush()
                os.fsync(write.fileno())
            new.chmod(0o400)
            new.replace(place)
            _fsync(place.parent)
        except OSError as error:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise FilesUnavailable(error.strerror) from error

    def has(self, digest: str) -> bool:
        return self._place(digest).exists()

    def get(self, digest: str) -> Iterator[bytes]:
        try:
            file = self._place(digest).open("rb")
        except FileNotFoundError:
            raise NoSuchFile(digest) from None
        except OSError as error:
            raise FilesUnavailable(error.strerror) from error

        def chunks() -> Iterator[bytes]:
            with file:
                while chunk := file.read(CHUNK):
                    yield chunk

        return checked(chunks(), digest)

    def close(self) -> None:
        """Nothing is held open."""

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:4] / digest

    def _make(self, folder: Path) -> None:
        """Make the folder, and see that its name is on disk in the one above it, up to what was there before."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in missing:
            _fsync(made.parent)


def _fsync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
