"""Where a service runs and with what. No service reads the environment elsewhere."""

import os
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

PREFIX = "HUAJIE_"
LISTS = frozenset({"regions", "contents"})
"""Settings that are several files, parted as in PATH."""


class SettingsError(Exception):
    """A setting is missing or wrong; the two texts name the variable."""

    def __init__(self, wrong: str) -> None:
        self.zh, self.en = f"设置有误：{wrong}", f"wrong settings: {wrong}"
        super().__init__(f"{self.zh} / {self.en}")


class Settings(BaseModel):
    """What a node is told from outside: every field is `HUAJIE_<FIELD>` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str = Field(pattern=r"^[1-9][0-9]{5}$", description="GB/T 2260 code of this node")
    data: Path = Field(description="the folder of logs, read models, keys and locks")
    nats_url: str = Field(repr=False, description="with user and password when the broker wants them")
    dsn: str | None = Field(
        default=None, repr=False, description="PostgreSQL; without it the logs are SQLite files in the folder"
    )
    policies: Path = Field(description="the folder of policy files")
    regions: tuple[Path, ...] = Field(default=(), description="CSV files of known regions: code,name")
    contents: tuple[Path, ...] = Field(default=(), description="CSV files of content codes: code,name")
    host: str = "127.0.0.1"
    oidc_issuer: str | None = None
    oidc_jwks_url: str | None = None
    max_stream_bytes: int = Field(
        default=-1, description="a full stream refuses new facts instead of dropping old ones"
    )
    max_file_bytes: int = Field(default=50 * 1024 * 1024, ge=1, le=1024**3, description="the largest paper taken in")
    files_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#@]+/[^/?#]+$",
        description="an S3-compatible store for files, as https://host/bucket; without it they lie in the data folder",
    )
    files_region: str = "us-east-1"
    files_key: str = Field(default="", repr=False)
    files_secret: str = Field(default="", repr=False)
    templates: Path | None = Field(default=None, description="the folder of letter templates")
    sweep_seconds: float = Field(default=60.0, gt=0, description="how often the clock asks what has fallen due")

    @model_validator(mode="after")
    def _issuer_whole(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_jwks_url is None):  # else our own key would go on being believed
            raise ValueError(f"{PREFIX}OIDC_ISSUER and {PREFIX}OIDC_JWKS_URL: both, or neither")
        return self

    @classmethod
    def from_environment(cls, **own: Any) -> "Settings":
        """Read `HUAJIE_*`; what is empty there is not set, and what is given here is not asked of it. Raises SettingsError
        naming what is missing or wrong.
        """
        given: dict[str, object] = {
            name[len(PREFIX) :].lower(): value
            for name, value in os.environ.items()
            if name.startswith(PREFIX) and value
        }
        given = {name: value for name, value in given.items() if name in cls.model_fields}
        for name in LISTS & given.keys():
            given[name] = tuple(filter(None, str(given[name]).split(os.pathsep)))
        try:
            return cls.model_validate(given | own)
        except ValidationError as error:
            found = ((e["loc"], e["msg"]) for e in error.errors())
            raise SettingsError(
                "; ".join(f"{PREFIX}{str(where[0]).upper()}: {why}" if where else why for where, why in found)
            ) from error

    def policy_texts(self) -> dict[str, str]:
        """The files of the policy folder, by name."""
        return {path.name: path.read_text("utf-8") for path in sorted(self.policies.glob("*.toml"))}

    def to_environment(self) -> dict[str, str]:
        """What to set in a child's environment so that it reads these same settings."""
        said = self.model_dump(mode="json", exclude_none=True)
        said |= {name: os.pathsep.join(said[name]) for name in LISTS}
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in said.items() if value != ""}
