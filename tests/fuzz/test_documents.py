"""Every OpenAPI document is tried with what it promises and with what it rules out: no 5xx, no undocumented answer.

The ordinary run draws the same few examples every time; `./huajie test --all` draws many, and others each time.
"""

from collections.abc import Iterator

import pytest

from deploy.documents import openapi
from deploy.serve import APPS
from tests.fuzz.bodies import BODIES
from tests.fuzz.cases import beside, laid_out
from tests.fuzz.driving import Steering, Told, drive
from tests.house import house


@pytest.fixture(scope="module")
def steering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steering]:
    with house(tmp_path_factory.mktemp("house")) as it:
        cases = laid_out(it)
        yield Steering(it, cases, BODIES, beside(it, cases), it.get("/reporting/cases", params={"limit": 1})["next"])


def held(told: Told, service: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was wrong, every operation was tried, and what is valid was obeyed often enough to mean something."""
    with capsys.disabled():
        print(f"\n{service}: {told.examples} examples of {len(told.answers)} operations")  # noqa: T201 - how much was tried
    assert not told.wrong, "\n\n".join(told.wrong[:20])
    paths = openapi(service)["paths"]
    assert told.answers.keys() == {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert sum(answers[200] for answers in told.answers.values()) > told.examples / 20


def test_a_sensible_body_is_known_for_every_operation_that_takes_one() -> None:
    operations = [op for service in APPS for methods in openapi(service)["paths"].values() for op in methods.values()]
    assert {op["operationId"] for op in operations if "requestBody" in op} == BODIES.keys()


@pytest.mark.parametrize("service", APPS)
def test_every_answer_is_as_the_document_says(
    steering: Steering, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    held(drive(steering, service, 3, short=True), service, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("service", APPS)
def test_every_answer_is_as_the_document_says_for_long(
    steering: Steering, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    held(drive(steering, service, 200, short=False), service, capsys)
