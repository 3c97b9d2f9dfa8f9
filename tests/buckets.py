"""An S3-compatible store of the tests' own, which checks signatures: moto's server, where it is installed."""

import importlib
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

UNSIGNED = 4
"""How many requests the server takes without looking at signatures: those that make the user and the bucket."""
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'


@dataclass(frozen=True)
class Bucket:
    """An empty bucket, and who may use it."""

    url: str
    key: str
    secret: str


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """A bucket on 127.0.0.1; skips where moto is not installed."""
    if importlib.util.find_spec("moto") is None:
        pytest.skip("moto is not installed: pip install 'moto[s3]' flask flask-cors")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(UNSIGNED)}
    argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, server)
        said = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"}
        said |= {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
        client = importlib.import_module("boto3").client
        users, store = client("iam", **said), client("s3", **said)
        users.create_user(UserName="huajie")
        made = users.create_access_key(UserName="huajie")["AccessKey"]
        users.put_user_policy(UserName="huajie", PolicyName="files", PolicyDocument=POLICY)
        store.create_bucket(Bucket="huajie")
        yield Bucket(f"http://127.0.0.1:{port}/huajie", made["AccessKeyId"], made["SecretAccessKey"])
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None, "moto did not start"
            assert time.monotonic() < deadline, "moto does not answer"
            time.sleep(0.1)
        else:
            return
