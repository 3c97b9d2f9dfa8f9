"""The console in a real browser: a supervisor signs in on Monday morning and finds out who is idle and why."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.system.node import Up, command, ledger

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

CASES = [
    ("HY-101", "2025-03-01", "张某某", "19900000011", "柳林镇", "征地补偿款没有发放，要求核实", 3, "", ""),
    ("HY-102", "2025-05-01", "王某某", "19900000012", "青石镇", "<b>房屋</b>拆迁安置没有落实", 1, "李某（副县长）", ""),
]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A node with two stalled cases."""
    folder = tmp_path_factory.mktemp("console")
    node = Up(folder / "data")
    done = command("import", ledger(folder / "l.xlsx", CASES), "--data", node.data)
    assert done.returncode == 0, done.stderr
    node.settle()
    yield node
    node.stop()


@pytest.fixture
def page() -> Iterator[Page]:
    """A fresh browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport={"width": 1200, "height": 900})
        browser.close()


def address(up: Up) -> str:
    """Where the console is."""
    line = next(line for line in up.said().splitlines() if line.startswith("reporting"))
    return line.split()[1].replace("/reporting/health/ready", "/reporting/console")


def token(up: Up, role: str, *more: str) -> str:
    """A token for somebody."""
    return command("token", "--role", role, "--data", up.data, *more).stdout.strip()


def test_the_supervisor_finds_the_idle_cases_and_why(up: Up, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address(up))
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_role("textbox").fill("not a token")
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("alert")).to_be_visible()
    signed = token(up, "supervisor")
    page.goto(f"{address(up)}/enter#{signed}")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    assert not any(signed in url.partition("#")[0] for url in asked)
    row = page.get_by_role("row").filter(has_text="HY-101").first
    expect(row).to_contain_text("没有包案领导")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="HY-101")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="登记 起算点").first).to_be_visible()
    expect(page.get_by_text("柳林镇主要负责人").first).to_be_visible()
    assert page.url.startswith(address(up))
    assert all(url.startswith("http://127.0.0.1") for url in asked)


def test_lists_are_filtered_and_words_of_others_stay_words(up: Up, page: Page) -> None:
    page.goto(f"{address(up)}/enter#{token(up, 'supervisor')}")
    page.get_by_role("link", name="案件", exact=True).click()
    page.get_by_label("责任单位").fill("青石镇")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("<b>房屋</b>拆迁安置没有落实")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Cases")).to_be_visible()


def test_a_unit_sees_its_own_cases_only(up: Up, page: Page) -> None:
    page.goto(f"{address(up)}/enter#{token(up, 'unit-head', '--unit', '青石镇')}")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    expect(page.get_by_text("HY-102").first).to_be_visible()
    expect(page.get_by_text("HY-101")).to_have_count(0)
    other = up.read("cases", "--number", "HY-101")["cases"][0]["case_id"]
    answer = page.goto(f"{address(up)}/cases/{other}")
    assert answer is not None
    assert answer.status == 404


def test_it_is_usable_by_keyboard(up: Up, page: Page) -> None:
    page.goto(address(up))
    page.get_by_role("textbox").fill(token(up, "supervisor"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.screenshot(path=Path(up.data).parent / "overview.png", full_page=True)
