"""How a command is told which case is meant."""

from pathlib import Path
from typing import Any, cast

import pytest

from deploy.client import Client
from deploy.options import case_id_of
from deploy.processes import ProcessError
from shared.terms import Role
from tests.house import House, house


class Reader:
    """Asks a house as a command asks a node."""

    def __init__(self, it: House, region: str) -> None:
        self.it, self.region = it, region

    def get(self, path: str, **parameters: Any) -> Any:
        """What is answered."""
        return self.it.get(path, Role.SUPERVISOR, region=self.region, params=parameters)


def test_a_number_that_several_cases_have_names_none_of_them(tmp_path: Path) -> None:
    with house(tmp_path) as it:
        here = it.register(original_number="XF-1")
        city = cast("Client", Reader(it, "610000"))
        it.until(lambda: it.get("/reporting/cases", params={"number": "XF-1"})["cases"])
        assert case_id_of(city, "XF-1") == here
        there = it.new_id()
        it.register(there, original_number="XF-1", demands=["另一事项：环境污染"])
        it.until(lambda: len(it.get("/reporting/cases", params={"number": "XF-1"})["cases"]) == 2)
        with pytest.raises(ProcessError) as refused:
            case_id_of(city, "XF-1")
        assert here in refused.value.zh
        assert there in refused.value.en
        assert case_id_of(city, "case-404") == "case-404"
        with pytest.raises(ProcessError, match="没有编号为 第5号 的案件"):
            case_id_of(city, "第5号")
