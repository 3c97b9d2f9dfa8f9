"""A node on this machine: its data folder, what runs there, and where it can be reached."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.ports import free_port, is_free
from deploy.processes import ProcessError, born

if TYPE_CHECKING:
    from shared.keyring import Keyring
    from shared.settings import Settings

HERE = Path(__file__).resolve().parent
POLICIES = HERE / "policies"
TEMPLATES = HERE / "templates"
REGIONS = HERE / "regions.csv"
CONTENTS = HERE / "contents.csv"

SERVICES = ("intake", "casework", "supervision", "reporting")
"""What a node consists of: its services by name, for those who need not load them."""


@dataclass(frozen=True)
class Running:
    """What a running `up` tells everybody else of this data folder."""

    pid: int
    region: str
    addresses: dict[str, str]
    """Service → base URL."""
    born: str
    """When the process was started: one that came later may bear its number."""


class Node:
    """A data folder. Nothing in it is made before `prepare`."""

    def __init__(self, data: Path, *, apart: bool = False) -> None:
        """`apart`: whatever the environment says of databases and the like is meant for others."""
        self.data, self._apart = data.resolve(), apart

    def prepare(self, region: str | None, regions: Path | None = None) -> str:
        """Make the folder and settle its region, which stays for good. Raises ProcessError when it is not known."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = self.region
        if region is not None and not re.fullmatch(r"[1-9]\d{5}", region, re.ASCII):
            raise ProcessError(
                f"地区 {region} 不是 6 位行政区划代码（GB/T 2260），例如 610431",
                f"{region} is not a six-digit region code (GB/T 2260), such as 610431",
            )
        if kept is None and region is None:
            raise ProcessError(
                f"{self.data} 是新的数据目录，请用 --region 指明本级行政区划代码（GB/T 2260，6 位）",
                f"{self.data} is new: name this node's region with --region (GB/T 2260, six digits)",
            )
        if kept is not None and region is not None and kept != region:
            raise ProcessError(
                f"{self.data} 属于 {kept}，不能改为 {region}；请换一个数据目录",
                f"{self.data} belongs to {kept} and cannot become {region}: use another folder",
            )
        if regions is not None:
            _write(self.data / "regions.csv", regions.read_text("utf-8"))
        self.regions(region if kept is None else None)
        if kept is None:
            _write(self.data / "node.toml", f'region = "{region}"\n')
        return kept or str(region)

    @property
    def region(self) -> str | None:
        """The region that this folder belongs to; None while it is new. Raises ProcessError when that cannot be read."""
        file = self.data / "node.toml"
        try:
            return str(tomllib.loads(file.read_text("utf-8"))["region"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError) as error:
            raise ProcessError(
                f'{file} 无法读取（{error}）；其中应有一行 region = "六位区划代码"，请更正',
                f'{file} cannot be read ({error}): it should say region = "six digits"; correct it',
            ) from error

    def regions(self, asked: str | None = None) -> dict[str, str]:
        """The regions that this node knows, by code. Raises ProcessError when their files cannot be read, or do not list
        the one that is asked for.
        """
        # with it comes the published language, which most commands do without and which is slow to load
        from shared.regions import RegionsUnreadable, UnknownRegion, check_region, read_regions

        try:
            known = read_regions(self._region_files)
            if asked is not None:
                check_region(asked, known)
        except (RegionsUnreadable, UnknownRegion) as error:
            raise ProcessError(error.zh, error.en) from error
        return known

    @property
    def _region_files(self) -> list[Path]:
        return [path for path in (REGIONS, self.data / "regions.csv") if path.exists()]

    def settings(self, region: str, nats_url: str) -> "Settings":
        """What the services of this node are told: by the environment, where it is not the node's own. Raises ProcessError."""
        from shared.settings import Settings, SettingsError  # only whoever starts them waits for it to load

        policies, letters = self.data / "policies", self.data / "templates"
        own = {
            "region": region,
            "data": self.data,
            "nats_url": nats_url,
            "host": "127.0.0.1",
            "policies": policies if policies.exists() else POLICIES,
            "templates": letters if letters.exists() else TEMPLATES,
            "regions": tuple(self._region_files),
            "contents": tuple(path for path in (CONTENTS, self.data / "contents.csv") if path.exists()),
        }
        try:
            return Settings.model_validate(own) if self._apart else Settings.from_environment(**own)
        except SettingsError as error:
            raise ProcessError(error.zh, error.en) from error

    def keyring(self) -> "Keyring":
        """The key that signs this node's own tokens, made on first use. Raises ProcessError, PermissionError."""
        from shared.keyring import Keyring  # it takes long to load

        try:
            return Keyring(self.data / "identity.key")
        except ValueError as error:
            raise ProcessError(*str(error).split(" / ", 1)) from error

    def port(self, name: str, asked: int | None = None) -> int:
        """A port for this service that is free now: the one asked for, else the one it had before, when that still is.

        Raises ProcessError when the one asked for is taken.
        """
        if asked is not None:
            if not is_free(asked):
                raise ProcessError(
                    f"端口 {asked} 已被占用；请换一个 --port，或停止占用它的程序",
                    f"port {asked} is in use: take another --port, or stop the program that uses it",
                )
            return asked
        file, ports = self.data / "ports.json", dict[str, int]()
        with suppress(FileNotFoundError, ValueError):  # it is only a convenience
            ports = json.loads(file.read_text("utf-8"))
        ports[name] = free_port(ports.get(name, 0))
        _write(file, json.dumps(ports))
        return ports[name]

    def announce(self, region: str, addresses: Mapping[str, str]) -> None:
        """Tell the other commands of this machine what runs here."""
        _write(self._running, json.dumps(asdict(Running(os.getpid(), region, dict(addresses), str(born(os.getpid()))))))

    def withdraw(self) -> None:
        """Nothing runs here any more."""
        self._running.unlink(missing_ok=True)

    def running(self) -> Running:
        """What runs here. Raises ProcessError when nothing does, OSError when the folder is not ours to read."""
        said = None
        with suppress(
            FileNotFoundError, ValueError, TypeError
        ):  # nothing has run here; or what was written is not whole
            said = Running(**json.loads(self._running.read_text("utf-8")))
        if said is None or born(said.pid) != said.born:
            raise ProcessError(
                f"{self.data} 上没有正在运行的 huajie；刚启动的请稍候，否则请先执行：./huajie up --data {self.data}",
                f"no huajie runs on {self.data}; if it was just started, wait; else start it: ./huajie up --data {self.data}",
            )
        return said

    @property
    def _running(self) -> Path:
        return self.data / "running.json"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, "utf-8")
    new.chmod(0o600)
    new.replace(path)
