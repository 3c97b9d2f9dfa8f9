"""The key file of the embedded mode: made once, and read by its owner alone."""

import multiprocessing
import resource
from pathlib import Path

import pytest

from shared.keyfile import secret_file
from shared.keyring import Keyring


def _open(file: Path) -> str:
    return Keyring(file).kid


def test_processes_that_come_at_once_share_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "token.key"
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        kids = pool.map(_open, [file] * 6, chunksize=1)
    assert len(set(kids)) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["token.key"]


def test_a_secret_is_made_once_even_when_another_maker_wins_the_race(tmp_path: Path) -> None:
    file = tmp_path / "secret"

    def late() -> bytes:
        secret_file(file, lambda: b"first")
        return b"second"

    assert secret_file(file, late) == b"first"


def test_what_the_system_does_not_let_us_make_is_told_as_the_system_puts_it(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            secret_file(tmp_path / "secret", lambda: b"s")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Keyring(tmp_path / "token.key")
    (tmp_path / "token.key").chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        Keyring(tmp_path / "token.key")
