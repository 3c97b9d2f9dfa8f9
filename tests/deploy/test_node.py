"""A data folder and its region: settled once, among the regions that the node knows, or not at all; and its policies."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy import local
from deploy.demo import SAMPLE_REGION, SAMPLE_REGIONS
from deploy.node import POLICIES, Node
from deploy.processes import ProcessError, born


@pytest.mark.parametrize(
    ("region", "why"),
    [
        (None, "--region"),
        ("61x431", "GB/T 2260"),
        ("6104", "GB/T 2260"),
        ("610498", "610400 陕西省咸阳市"),
        ("999999", "regions.csv"),
    ],
)
def test_a_region_that_is_none_settles_nothing(tmp_path: Path, region: str | None, why: str) -> None:
    node = Node(tmp_path)
    with pytest.raises(ProcessError) as refused:
        node.prepare(region)
    assert why in refused.value.zh
    assert refused.value.en
    assert list(tmp_path.iterdir()) == []
    assert node.prepare("610431") == node.region == "610431"


def test_a_folder_keeps_its_region_and_says_whose_it_is(tmp_path: Path) -> None:
    node = Node(tmp_path)
    node.prepare("610431")
    assert node.prepare(None) == node.prepare("610431") == "610431"
    with pytest.raises(ProcessError, match="610431"):
        node.prepare("610400")
    assert node.region == "610431"


def test_a_place_of_ones_own_is_listed_in_the_data_folder(tmp_path: Path) -> None:
    node = Node(tmp_path)
    (tmp_path / "regions.csv").write_text(SAMPLE_REGIONS.read_text("utf-8"), "utf-8")
    assert node.prepare(SAMPLE_REGION) == SAMPLE_REGION
    assert SAMPLE_REGION in node.regions(SAMPLE_REGION)


def test_a_list_of_regions_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    node = Node(tmp_path)
    node.prepare("610431")
    (tmp_path / "regions.csv").write_bytes("代码,名称\n610499,清河县\n".encode("gb18030"))
    for ask in (node.regions, lambda: node.prepare(None)):
        with pytest.raises(ProcessError, match=r"regions\.csv"):
            ask()


def test_a_region_that_cannot_be_read_is_not_guessed(tmp_path: Path) -> None:
    for written in ("", "region = ", "\x00"):
        (tmp_path / "node.toml").write_text(written)
        with pytest.raises(ProcessError, match=r"node\.toml"):
            Node(tmp_path).prepare("610431")


def test_what_a_power_cut_left_half_written_is_no_obstacle(tmp_path: Path) -> None:
    node = Node(tmp_path)
    for written in ("", '{"pid": 1', '{"pid": 1}'):
        (tmp_path / "ports.json").write_text(written[:9])
        assert node.port("all") > 0
        (tmp_path / "running.json").write_text(written)
        with pytest.raises(ProcessError, match=r"\./huajie up"):
            node.running()


def test_what_a_killed_node_left_is_not_taken_for_one_that_runs(tmp_path: Path) -> None:
    """After kill -9 its number may be another process's: after a restart of a container it most likely is."""
    node = Node(tmp_path)
    node.announce("610431", {"intake": "http://127.0.0.1:9"})
    assert node.running().pid == os.getpid()
    stale = json.loads((tmp_path / "running.json").read_text())
    for later in (os.getpid(), os.getppid()):
        (tmp_path / "running.json").write_text(json.dumps(stale | {"pid": later, "born": "1"}))
        with pytest.raises(ProcessError, match=r"\./huajie up"):
            node.running()
    with subprocess.Popen(["true"]) as dead:
        while (Path("/proc") / str(dead.pid) / "stat").read_text().split(") ")[1][0] != "Z":
            pass
        assert born(dead.pid) is None  # not buried yet


def test_the_folder_of_somebody_else_is_named(tmp_path: Path) -> None:
    """Whoever may not read it is told so, not that nothing runs there."""
    node = Node(tmp_path)
    node.announce("610431", {})
    (tmp_path / "running.json").chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root reads everything
    try:
        with pytest.raises(PermissionError, match=r"running\.json|pytest-"):
            node.running()
    finally:
        os.seteuid(user)


def test_what_the_environment_says_reaches_the_services_and_what_is_the_nodes_own_is_not_asked_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"FILES_URL": "https://s3.example/b", "FILES_REGION": "cn-north-1", "MAX_STREAM_BYTES": "5000000"}
    for name, value in (given | {"SWEEP_SECONDS": "600.0", "REGION": "110000", "DATA": "/", "HOST": "0.0.0.0"}).items():
        monkeypatch.setenv(f"HUAJIE_{name}", value)
    settings = Node(tmp_path).settings("610431", "nats://127.0.0.1:1")
    told = local._child("all", 1, settings).env
    assert {name: told[f"HUAJIE_{name}"] for name in given} == given
    assert (settings.region, settings.data, settings.host) == ("610431", tmp_path, "127.0.0.1")
    assert settings.sweep_seconds == 600


def test_what_is_wrong_in_the_environment_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUAJIE_MAX_STREAM_BYTES", "1GB")
    with pytest.raises(ProcessError, match="HUAJIE_MAX_STREAM_BYTES"):
        asyncio.run(local.run(Node(tmp_path), "610431", print, asyncio.Event()))
    assert not (tmp_path / "nats").exists()


def test_a_node_apart_leaves_the_database_of_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said in a log stays: a demonstration must never speak in one that is in earnest."""
    monkeypatch.setenv("HUAJIE_DSN", "postgresql://huajie@127.0.0.1/huajie")
    settings = Node(tmp_path, apart=True).settings("610431", "nats://127.0.0.1:1")
    assert settings.dsn is None
    assert "HUAJIE_DSN" not in local._child("all", 1, settings).env


@pytest.mark.parametrize(
    ("name", "wrong", "right", "said"),
    [
        ("national.toml", "[rules.idel]", "[rules.idle]", "rules.idel is not a known key"),
        ("national.toml", "times = 0", "times = 10", "times must be greater than 0"),
        ("holidays.toml", "[2031", "", "holidays.toml is not TOML"),
    ],
)
def test_a_node_with_a_broken_policy_starts_nothing_and_says_where(
    tmp_path: Path, name: str, wrong: str, right: str, said: str
) -> None:
    text = (POLICIES / "national.toml").read_text("utf-8")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "national.toml").write_text(text, "utf-8")
    broken = text.replace(right, wrong, 1) if right else wrong
    (tmp_path / "policies" / name).write_text(broken, "utf-8")
    with pytest.raises(ProcessError) as refused:
        asyncio.run(local.run(Node(tmp_path), "610431", print, asyncio.Event()))
    assert said in refused.value.en
    assert (
        name == "holidays.toml"
        or f"{name}, line {broken[: broken.index(wrong)].count(chr(10)) + 1}:" in refused.value.en
    )
    assert not (tmp_path / "nats").exists()


def test_a_node_whose_key_is_damaged_starts_nothing_and_says_what_helps(tmp_path: Path) -> None:
    (key := tmp_path / "identity.key").touch(mode=0o600)
    with pytest.raises(ProcessError, match=r"identity\.key is not an Ed25519 private key: put it back"):
        asyncio.run(local.run(Node(tmp_path), "610431", print, asyncio.Event()))
    assert not (tmp_path / "nats").exists()
    key.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert Node(tmp_path).keyring().kid
