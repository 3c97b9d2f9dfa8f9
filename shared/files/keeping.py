"""What every place that keeps files can do. A file is named by its SHA-256, and so is never changed, only there or not."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import IO

CHUNK = 256 * 1024
"""Bytes read at once."""


class NoSuchFile(Exception):
    """No file of this digest is kept here."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"没有摘要为 {digest} 的文件 / no file of digest {digest}")


class Damaged(Exception):
    """What is kept under a digest is not what was put there."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"文件 {digest} 已损坏 / the file {digest} is damaged")


class FilesUnavailable(Exception):
    """Files cannot be kept or read now: the disk is full, the store does not answer or refuses us."""

    def __init__(self, cause: object) -> None:
        super().__init__(f"暂时无法存取文件（{cause}） / files cannot be kept or read now ({cause})")


class Files(ABC):
    """Where files are kept. All block; each may raise FilesUnavailable. Safe to share between threads."""

    @abstractmethod
    def put(self, source: IO[bytes], digest: str) -> None:
        """Keep what can be read from `source`, whose SHA-256 is `digest`. On return it is durable. Twice is once."""

    @abstractmethod
    def has(self, digest: str) -> bool:
        """Whether the file is kept here."""

    @abstractmethod
    def get(self, digest: str) -> Iterator[bytes]:
        """The file's bytes. Raises NoSuchFile at once, and Damaged before the last bytes of a file that was changed."""

    @abstractmethod
    def close(self) -> None:
        """Release connections."""


def checked(chunks: Iterable[bytes], digest: str) -> Iterator[bytes]:
    """The chunks; the last is held back until the digest is right, so that nobody takes a damaged file for whole."""
    whole, held = hashlib.sha256(), b""
    for chunk in chunks:
        if held:
            yield held
        whole.update(chunk)
        held = chunk
    if whole.hexdigest() != digest:
        raise Damaged(digest)
    yield held
