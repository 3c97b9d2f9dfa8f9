"""A node with a local policy: it starts, publishes both versions, and judges by the local one."""

from pathlib import Path
from shutil import copy

import pytest
from pydantic_core import from_json

from deploy.node import POLICIES
from tests.house import house


@pytest.mark.parametrize("place", ["shandong", "zhejiang"])
def test_a_node_goes_by_its_local_policy_and_publishes_what_it_is_laid_over(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    texts = {}
    for file in (POLICIES / "national.toml", POLICIES / "local" / f"{place}.toml"):
        copy(file, folder)
        texts[file.name] = file.read_text("utf-8")
    with house(tmp_path, policies=folder) as it:
        it.register("c-1")
        it.settle()
        *published, adopted = (fact["data"] for fact in it.get("/supervision/policies")["facts"])
        assert {policy["text"] for policy in published} == {text.strip() for text in texts.values()}
        assert set(adopted["versions"]) == {policy["version"] for policy in published}
        explained = from_json(it.ask("GET", "/supervision/cases/c-1/explain").content)
        assert explained["policy"].startswith(place)
