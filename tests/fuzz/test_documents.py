"""Every OpenAPI document is tried with what it promises and with what it rules out: no 5xx, no undocumented answer.

The ordinary run draws the same few examples every time, of each fourth command and of all that is no command;
`./huajie test --all` draws many of every operation, and others each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.documents import openapi
from deploy.serve import APPS
from shared.terms import Role
from tests.fuzz.bodies import BODIES
from tests.fuzz.cases import beside, laid_out
from tests.fuzz.driving import Steering, Told, chosen, drive
from tests.house import House, house
from tests.sample import TOWN


@dataclass(frozen=True)
class Laid:
    """A house in which every operation can be obeyed."""

    house: House
    cases: dict[str, str]
    known: dict[str, str]

    def drive(self, service: str, examples: int, *, short: bool) -> Told:
        """Try every operation of a service."""
        tokens = {role: self.house.token(role, TOWN) for role in Role}
        paths = [f"/reporting/{name}" for name in ("cases", "notices", "waiting", "commitments")]
        ends = {path: self.house.get(path, params={"limit": 1})["next"] for path in paths}
        cursors = {path: cursor for path, cursor in ends.items() if cursor is not None}
        steering = Steering(self.house.port, tokens, self.cases, BODIES, self.known, cursors, f"{service}-{examples}")
        return drive(steering, service, examples, short=short)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laid]:
    with house(tmp_path_factory.mktemp("house")) as it:
        cases = laid_out(it)
        yield Laid(it, cases, beside(it, cases))


def held(told: Told, service: str, capsys: pytest.CaptureFixture[str], *, short: bool) -> None:
    """Nothing was wrong, every chosen operation was tried, and what is valid was obeyed often enough to mean something."""
    with capsys.disabled():
        print(f"\n{service}: {told.examples} examples of {len(told.answers)} operations")  # noqa: T201 - how much was tried
    assert not told.wrong, "\n\n".join(told.wrong[:20])
    names = chosen(service, short=short)
    assert told.answers.keys() == {
        f"{method.upper()} {path}"
        for path, methods in openapi(service)["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] in names
    }
    assert sum(answers[200] for answers in told.answers.values()) > told.examples / 20


def test_a_sensible_body_is_known_for_every_operation_that_takes_one() -> None:
    operations = [op for service in APPS for methods in openapi(service)["paths"].values() for op in methods.values()]
    assert {op["operationId"] for op in operations if "requestBody" in op} == BODIES.keys()


@pytest.mark.parametrize("service", APPS)
def test_every_answer_is_as_the_document_says(laid: Laid, service: str, capsys: pytest.CaptureFixture[str]) -> None:
    held(laid.drive(service, 3, short=True), service, capsys, short=True)


@pytest.mark.slow
@pytest.mark.parametrize("service", APPS)
def test_every_answer_is_as_the_document_says_for_long(
    laid: Laid, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    held(laid.drive(service, 200, short=False), service, capsys, short=False)
