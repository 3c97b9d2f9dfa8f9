"""Files by their digest: put, get, has. Kept in a folder, or in an S3-compatible store."""

from shared.files.arriving import Arrived, TooLarge, arriving
from shared.files.folder import FolderFiles
from shared.files.keeping import Damaged, Files, FilesUnavailable, NoSuchFile
from shared.files.kinds import Unwanted, recognised
from shared.files.s3 import S3Files
from shared.settings import Settings

__all__ = [
    "Arrived",
    "Damaged",
    "Files",
    "FilesUnavailable",
    "FolderFiles",
    "NoSuchFile",
    "S3Files",
    "TooLarge",
    "Unwanted",
    "arriving",
    "open_files",
    "recognised",
]


def open_files(settings: Settings) -> Files:
    """Where this node keeps files: the S3-compatible store that its settings name, else a folder of its data folder."""
    if settings.files_url is None:
        return FolderFiles(settings.data / "files")
    return S3Files(settings.files_url, settings.files_region, settings.files_key, settings.files_secret)
