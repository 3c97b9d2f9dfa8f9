"""A policy version never changes its values: whoever changes one gives it the next version.

`python -m tests.deploy.test_policy_versions` adds the digests of new versions; it never takes the place of one that is there.
"""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from deploy.node import POLICIES

GOLDEN = Path(__file__).parent.parent / "golden" / "policies.json"


def digests() -> dict[str, str]:
    """The digest of what each policy file says, by version; comments say nothing."""
    tables: list[dict[str, Any]] = [tomllib.loads(path.read_text("utf-8")) for path in POLICIES.rglob("*.toml")]
    said = {table["version"]: json.dumps(table, sort_keys=True, ensure_ascii=False, default=str) for table in tables}
    return {version: hashlib.sha256(text.encode()).hexdigest() for version, text in sorted(said.items())}


def known() -> dict[str, str]:
    found: dict[str, str] = json.loads(GOLDEN.read_text("utf-8"))
    return found


def test_no_version_says_other_than_it_said() -> None:
    assert {version: known().get(version) for version in digests()} == digests()


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(digests() | known(), indent=1, sort_keys=True) + "\n", "utf-8")
