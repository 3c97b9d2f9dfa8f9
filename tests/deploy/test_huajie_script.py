"""The one entry, run for real on a small copy of the tree."""

import hashlib
import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.deploy.script_tree import PYTHON, X_Y, Tree

# --- what it runs ---


def test_a_second_start_asks_no_pip(own: Tree) -> None:
    [pip] = (own.venv / "lib").glob("python*/site-packages/pip")
    shutil.rmtree(pip)
    said = own.run("cases", "--json")
    assert said.report["argv"] == ["cases", "--json"]
    assert said.err == ""


def test_without_a_word_it_asks_for_help(ready: Tree) -> None:
    assert ready.run().report["argv"] == ["--help"]


def test_it_finds_its_root_through_links_and_leaves_the_directory_alone(ready: Tree, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    (elsewhere / "deploy").mkdir(parents=True)
    for module in ("json.py", "sitecustomize.py", "deploy/__init__.py"):
        (elsewhere / module).write_text("raise SystemExit('shadowed')")
    (tmp_path / "link").symlink_to(ready.root / "huajie")
    (elsewhere / "hj").symlink_to("../link")
    report = ready.run("import", "信访 台账.xlsx", script="./hj", cwd=elsewhere).report
    assert report["argv"] == ["import", "信访 台账.xlsx"]
    assert report["cwd"] == str(elsewhere)


def test_the_users_python_settings_do_not_reach_it(ready: Tree) -> None:
    ready.env |= {"PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere", "PYTHONDONTWRITEBYTECODE": "1"}
    env = ready.run("x").report["env"]
    assert env == {
        "PYTHONPATH": str(ready.root),
        "PYTHONSAFEPATH": "1",
        "PYTHONHOME": None,
        "PYTHONDONTWRITEBYTECODE": None,
        "NATS_SERVER": None,
    }


# --- what it makes ready ---


def test_tests_get_their_packages_and_the_rest_goes_on_with_them(own: Tree) -> None:
    assert own.run("x").report["installed"] == ["runtime-only"]
    assert own.run("--json", "lint").report["installed"] == ["for-tests", "runtime-only"]
    own.env["PIP_FIND_LINKS"] = "/nowhere"
    assert own.run("x").report["installed"] == ["for-tests", "runtime-only"]
    assert own.run("docs").report["installed"] == ["for-tests", "runtime-only"]


def test_help_about_tests_installs_nothing(ready: Tree) -> None:
    ready.env["PIP_FIND_LINKS"] = "/nowhere"
    assert ready.run("test", "--help").report["installed"] == ["runtime-only"]


def test_a_changed_lock_is_installed_anew(bare: Tree) -> None:
    assert bare.run("x").code == 0
    left_over = bare.venv / "left over"
    left_over.touch()
    lock = bare.root / "requirements.lock"
    lock.write_text("# again\n" + lock.read_text())
    assert bare.run("x").report["installed"] == ["runtime-only"]
    assert bare.stamp.read_text().strip() == hashlib.sha256(lock.read_bytes()).hexdigest()
    assert not left_over.exists()


def test_a_package_with_another_hash_is_refused(own: Tree) -> None:
    lock = own.root / "requirements-dev.lock"
    lock.write_text(lock.read_text()[:-5] + "0000\n")
    said = own.run("lint")
    assert (said.code, said.out) == (1, "")
    assert "DO NOT MATCH THE HASHES" in said.err
    assert "安装依赖失败" in said.err
    assert "could not install the packages" in said.err
    assert not own.stamp.exists()


def test_what_a_kill_left_half_done_is_mended(bare: Tree) -> None:
    with bare.start("x") as process:
        while not (bare.venv / "pyvenv.cfg").exists():
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert not bare.stamp.exists()
    assert bare.run("x").report["installed"] == ["runtime-only"]


@pytest.mark.skipif(shutil.which("flock") is None, reason="without flock two at once are not kept apart")
def test_two_at_once_make_it_once(bare: Tree) -> None:
    pair = [bare.start("a"), bare.start("b")]
    ends = [process.communicate(timeout=120) for process in pair]
    assert [json.loads(out)["installed"] for out, _ in ends] == [["runtime-only"], ["runtime-only"]]
    told = "".join(err for _, err in ends)
    assert told.count("about a minute") == 1
    assert told.count("waiting for it") == 1


# --- which Python ---


def test_a_python_that_does_not_run_or_is_too_old_is_passed_over(ready: Tree) -> None:
    ready.env["HUAJIE_PYTHON"] = ""
    ready.program("python3", "echo 'pyenv: command not found' >&2", "exit 127")
    ready.program("python3.13", "exit 0  # what an older one says to our question")
    ready.program("python3.12", f'exec "{PYTHON}" "$@"')
    assert ready.run("x").code == 0


def test_a_named_python_that_will_not_do_is_refused_by_name(ready: Tree) -> None:
    ready.env["HUAJIE_PYTHON"] = "/nowhere/python3"
    said = ready.run("x")
    assert (said.code, said.out) == (1, "")
    assert "HUAJIE_PYTHON=/nowhere/python3 不能运行，或不是 Python 3.11–3.13" in said.err
    assert "HUAJIE_PYTHON=/nowhere/python3 does not run, or is not Python 3.11 to 3.13" in said.err


def test_without_python_a_user_is_told_the_one_command(ready: Tree) -> None:
    ready.env["HUAJIE_PYTHON"] = ""
    ready.program("id", "echo 1000")
    ready.program("apt-get", "exit 99")
    said = ready.run("x")
    assert said.code == 1
    assert said.err.count("sudo apt-get install -y python3 python3-venv") == 2
    assert "缺少" in said.err


def test_without_python_root_gets_it_after_an_update_when_needed(ready: Tree) -> None:
    ready.env["HUAJIE_PYTHON"] = ""
    calls = ready.bin.parent / "calls"
    ready.program("id", "echo 0")
    ready.program(
        "apt-get",
        f'echo "$*" >>"{calls}"',
        f'case "$*" in *update*) touch "{calls}.updated" ;; *) [ -e "{calls}.updated" ] || exit 100 ;; esac',
        f'ln -s "{PYTHON}" "{ready.bin}/python3" || :',
    )
    said = ready.run("x")
    assert said.report["argv"] == ["x"]
    assert "installing python3 python3-venv" in said.err
    asked = [call.split("Timeout=600 ")[1] for call in calls.read_text().splitlines()]
    install = "install -y --no-install-recommends python3 python3-venv"
    assert asked == [install, "update", install]


def test_a_python_that_cannot_make_environments_is_completed(bare: Tree) -> None:
    bare.program("id", "echo 1000")
    bare.program(
        "python3",
        f'case "$*" in *version_info*) echo "{X_Y} {bare.bin}/python3" ;; *ensurepip*) exit 1 ;; *) exit 9 ;; esac',
    )
    bare.env["HUAJIE_PYTHON"] = ""
    said = bare.run("x")
    assert said.code == 1
    assert f"sudo apt-get install -y python{X_Y}-venv" in said.err
    assert not bare.venv.exists()


# --- which nats-server ---


@pytest.mark.parametrize("command", ["demo", "up", "bench"])
def test_commands_that_need_a_broker_get_the_one_on_the_path(ready: Tree, command: str) -> None:
    env = ready.run(command).report["env"]
    assert isinstance(env, dict)
    assert env["NATS_SERVER"] == str(ready.bin / "nats-server")


def test_a_broker_is_not_looked_for_without_need(ready: Tree) -> None:
    ready.env["NATS_SERVER"] = "/nowhere/nats-server"
    assert ready.run("cases").code == 0
    assert ready.run("up", "--help").code == 0


@pytest.mark.parametrize("said", ["v2.8.4", "v1.4.1", "v0.9.6", "", "what?"])
def test_an_old_or_strange_broker_is_refused(ready: Tree, said: str) -> None:
    ready.program("other", f"echo nats-server: {said}")
    ready.env["NATS_SERVER"] = str(ready.bin / "other")
    refusal = ready.run("up")
    assert (refusal.code, refusal.out) == (1, "")
    assert f"{ready.bin}/other 不能运行，或低于 2.9" in refusal.err
    assert f"{ready.bin}/other does not run, or is older than 2.9" in refusal.err


@pytest.mark.parametrize("said", ["v2.9.0", "v2.10.27", "v2.20.0", "v3.0.0", "v10.0.0"])
def test_a_newer_broker_will_do(ready: Tree, said: str) -> None:
    ready.program("nats-server", f"echo nats-server: {said}")
    env = ready.run("up").report["env"]
    assert isinstance(env, dict)
    assert env["NATS_SERVER"] == str(ready.bin / "nats-server")
