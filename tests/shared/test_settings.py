"""Settings come from the environment only, and say which variable is wrong."""

from pathlib import Path

import pytest

from shared.settings import Settings, SettingsError

GIVEN = {
    "HUAJIE_REGION": "610499",
    "HUAJIE_DATA": "/data",
    "HUAJIE_NATS_URL": "nats://user:secret-1@127.0.0.1:4222",
    "HUAJIE_POLICIES": "/policies",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_environment()
    assert settings.region == "610499"
    assert settings.data == Path("/data")
    assert settings.dsn is None
    assert settings.regions == ()


def test_what_a_parent_passes_on_is_what_its_child_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Settings(
        region="610000",
        data=Path("/elsewhere"),
        nats_url="nats://127.0.0.1:1",
        dsn="postgresql://u:p@127.0.0.1/db",
        policies=Path("/p"),
        regions=(Path("/a.csv"), Path("/b c.csv")),
        contents=(Path("/c.csv"),),
        sweep_seconds=0.5,
        max_stream_bytes=1024,
    )
    for name, value in said.to_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == said


@pytest.mark.parametrize("empty", ["", ":"])
def test_no_region_files_is_none_and_not_the_current_folder(monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    monkeypatch.setenv("HUAJIE_REGIONS", empty)
    assert Settings.from_environment().regions == ()


def test_what_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a compose file leaves it: an empty DSN is no database to be reached."""
    for name in ("DSN", "TEMPLATES", "SWEEP_SECONDS"):
        monkeypatch.setenv(f"HUAJIE_{name}", "")
    assert Settings.from_environment() == Settings(
        region="610499", data=Path("/data"), nats_url=GIVEN["HUAJIE_NATS_URL"], policies=Path("/policies")
    )


@pytest.mark.parametrize("half", ["OIDC_ISSUER", "OIDC_JWKS_URL"])
def test_half_an_issuer_is_refused(monkeypatch: pytest.MonkeyPatch, half: str) -> None:
    """Else tokens of the node's own key would be believed, and nobody would know."""
    monkeypatch.setenv(f"HUAJIE_{half}", "https://sso.example/x")
    with pytest.raises(SettingsError, match="HUAJIE_OIDC_ISSUER and HUAJIE_OIDC_JWKS_URL"):
        Settings.from_environment()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUAJIE_DATA")
    with pytest.raises(SettingsError, match="HUAJIE_DATA"):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGION", "六一零四九九"),
        ("REGION", "６１０４９９"),
        ("REGION", "010499"),
        ("REGION", "610499001"),
        ("SWEEP_SECONDS", "0"),
        ("SWEEP_SECONDS", "soon"),
        ("MAX_STREAM_BYTES", "1GB"),
    ],
)
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"HUAJIE_{name}", value)
    with pytest.raises(SettingsError, match=f"HUAJIE_{name}"):
        Settings.from_environment()


def test_variables_of_other_parts_of_the_house_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUAJIE_PYTHON", "python3.12")
    assert Settings.from_environment().region == "610499"


def test_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUAJIE_DSN", "postgresql://u:secret-2@127.0.0.1/db")
    assert "secret" not in repr(Settings.from_environment())


def test_policies_are_the_toml_files_of_their_folder(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text("b = 1", "utf-8")
    (tmp_path / "a.toml").write_text("a = '口径'", "utf-8")
    (tmp_path / "notes.txt").write_text("no", "utf-8")
    settings = Settings(region="610499", data=tmp_path, nats_url="nats://127.0.0.1:1", policies=tmp_path)
    assert settings.policy_texts() == {"a.toml": "a = '口径'", "b.toml": "b = 1"}
