"""The console in a real browser: a supervisor signs in on Monday morning and finds out who is idle and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.client import Client
from deploy.node import Node
from shared.terms import Role
from tests.system.browsing import CHROMIUM, DESK, PHONE, browsing
from tests.system.node import Up, command, ledger

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

CASES = [
    ("HY-101", "2025-03-01", "张某某", "19900000011", "柳林镇", "征地补偿款没有发放，要求核实", 3, "", ""),
    ("HY-103", "2025-06-01", "赵某某", "19900000013", "平川镇", "水渠断流" * 20, 1, "", ""),
    ("HY-102", "2025-05-01", "王某某", "19900000012", "青石镇", "<b>房屋</b>拆迁安置没有落实", 1, "李某（副县长）", ""),
]


SENT_BACK = ("HY-103", "2025-06-10", "退回", "", "不属于本单位职责")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A node with three stalled cases, of which one was sent back and is in nobody's hands."""
    folder = tmp_path_factory.mktemp("console")
    node = Up(folder / "data")
    done = command("import", ledger(folder / "l.xlsx", CASES, [SENT_BACK]), "--data", node.data)
    assert done.returncode == 0, done.stderr
    node.settle()
    yield node
    node.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window."""
    with browser.new_context(viewport=DESK) as context:
        yield context.new_page()


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


def test_what_is_in_no_units_hands_comes_first_and_can_be_listed(up: Up, page: Page) -> None:
    page.goto(f"{address(up)}/enter#{token(up, 'supervisor')}")
    first = page.get_by_role("table", name="按责任单位").get_by_role("row").nth(1)
    first.get_by_role("link", name="（无单位在办）").click()
    expect(page.get_by_label("有单位在办")).to_have_value("no")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="HY-103").click()
    expect(page.get_by_role("definition").first).to_have_text("（无）")


def test_what_is_asked_for_outlives_signing_in_and_another_language(up: Up, page: Page) -> None:
    asked = f"{address(up)}/cases?leader=%E6%9D%8E%E6%9F%90&stalled=yes"
    page.goto(asked)
    page.get_by_role("textbox").fill("not a token")
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox").fill(token(up, "supervisor"))
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("link", name="HY-102")).to_be_visible()
    assert page.url == asked
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("Leader")).to_have_value("李某")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="HY-102").click()
    expect(page.get_by_role("heading", name="idle (finding-")).to_be_visible()


def test_what_is_no_filter_is_said_and_lists_nothing(up: Up, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address(up)}/enter#{token(up, 'supervisor')}")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    for asked in ("state=foo", "stalled=maybe", "unit=%00", f"number={'x' * 3000}"):
        answer = page.goto(f"{address(up)}/cases?{asked}")
        assert answer is not None
        assert answer.status == 422
        expect(page.get_by_role("alert")).to_contain_text("看不懂的条件")
        expect(page.get_by_role("row")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_whoever_has_no_cases_is_told_so_in_each_place(up: Up, page: Page) -> None:
    page.goto(f"{address(up)}/enter#{token(up, 'unit-head', '--unit', '没有的镇')}")
    for said in ("没有空转的案件。", "没有在办的督办通知。", "没有案件。"):
        expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_role("link", name="案件", exact=True).click()
    expect(page.get_by_text("没有符合条件的案件。")).to_be_visible()


def test_on_a_phone_the_reason_is_on_the_screen(up: Up, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address(up)}/enter#{token(up, 'supervisor')}")
    for row in page.get_by_role("table", name="挂账空转的案件").locator("tbody tr").all():
        box = row.locator("td.long").bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]
        assert box["height"] < PHONE["height"]


def test_a_finding_that_was_withdrawn_is_not_said_to_be_mended(up: Up, page: Page) -> None:
    case_id = up.read("cases", "--number", "HY-101")["cases"][0]["case_id"]
    with Client(Node(up.data), Role.SUPERVISOR) as client:
        found = client.get(f"/reporting/cases/{case_id}")["findings"][0]
        held = {"finding_id": found["finding_id"], "by": {"id": "sun", "name": "孙某"}, "reasons": "走访记录已补录"}
        today = found["said_on"]
        client.post(f"/supervision/cases/{case_id}/withdraw-finding", {**held, "withdrawn_on": today})
    up.settle()
    page.goto(f"{address(up)}/enter#{token(up, 'supervisor')}")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    page.goto(f"{address(up)}/cases/{case_id}")
    article = page.get_by_role("article").filter(has_text=f"（{found['finding_id']}，")
    expect(article).to_contain_text(f"已撤销 {today} 孙某：走访记录已补录")
    expect(article).not_to_contain_text("已消除")
    expect(page.get_by_role("article").first).to_contain_text("●")  # what still holds comes first


def test_signing_in_leads_nowhere_but_to_a_page_of_ours(up: Up, page: Page) -> None:
    home, signed = "/reporting/console", token(up, "supervisor")
    led = {
        f"{home}/cases?unit=%E9%95%87": f"{home}/cases?unit=%E9%95%87",
        f"https://example.org{home}": home,
        "//example.org/": home,
        f"{home}.example.org/": home,
        f"{home}/\r\nSet-Cookie: a=b": home,
        f"{home}?" + "x" * 5000: home,
    }
    for to, there in led.items():
        form: dict[str, str | float | bool] = {"token": signed, "to": to}
        answer = page.request.post(f"{address(up)}/enter", form=form, max_redirects=0)
        assert (answer.status, answer.headers["location"]) == (303, there), to
