"""密钥文件: secrets that live in a file of this node, and are made there on first use."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def secret_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of a secret kept in a file of mode 0600, made on first use.

    Two processes may come at once: each writes a draft, one link wins, both read the winner. Raises PermissionError
    when others may read the file.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)  # it may be that it could not be made
        directory = os.open(path.parent, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)
    if path.stat().st_mode & 0o077:
        raise PermissionError(
            f"密钥文件 {path} 他人可读，请执行 chmod 600 / key file {path} is open to others: chmod 600 it"
        )
    return path.read_bytes()
