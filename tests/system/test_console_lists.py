"""The lists of the console in a real browser: who was told, what waits, what was promised, what was found of which unit."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.terms import Role
from tests.house import NOON, House, house
from tests.sample import OTHER, TOWN
from tests.system.browsing import CHROMIUM, DESK, PHONE, browsing

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

LISTS = ("cases", "notices", "waiting", "commitments", "units")
WANG = {"id": "wang", "name": "王某", "post": "镇长"}
VISIT = {"visit_id": "v-1", "kind": "home", "visited_on": "2026-11-02", "met_petitioner": True, "official": WANG}
PROMISES = (("p-1", "清丈土地", "2026-12-01"), ("p-2", "补发差额", "2026-11-19"))


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A town whose entries were made in a burst, and that has not kept a promise; and a case of another that nobody minds."""
    with house(tmp_path_factory.mktemp("house"), NOON) as running:
        running.arrived(running.register("c-other", unit=OTHER, original_number="HY-9"))
        for number in range(10):
            case_id = f"c-{number}"
            running.arrived(running.register(case_id, received_on="2026-11-01", original_number=f"HY-{number}"))
            taken = {"unit": TOWN, "accepted_on": "2026-11-20"}
            running.give(f"/casework/cases/{case_id}/accept-case", taken, Role.HANDLER, unit=TOWN)
            running.give(f"/casework/cases/{case_id}/log-visit", VISIT, Role.HANDLER, unit=TOWN)
        leading = {"leader": WANG, "unit": TOWN, "assigned_on": "2026-11-20"}
        running.give("/casework/cases/c-0/assign-leader", leading)
        for name, what, due_on in PROMISES:
            told = {"commitment_id": name, "what": what, "who": "经管站", "due_on": due_on}
            running.give("/casework/cases/c-0/make-promise", {"promised_on": "2026-11-18", "promise": told})
        for case_id in ("c-0", "c-other"):
            running.give(f"/casework/cases/{case_id}/request-hearing", {"requested_on": "2026-11-19"})
        query = {"query_id": "q-1", "asked_of": TOWN, "channel": "phone", "queried_on": "2026-11-20"}
        running.give("/intake/cases/c-1/record-query", query)
        running.settle()
        running.clock.set(NOON + timedelta(days=1))
        running.settle()
        running.until(lambda: running.get("/reporting/unit-findings")["findings"])
        running.until(lambda: len(running.get("/reporting/notices")["notices"]) > 1)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


@pytest.fixture
def page(browser: Browser, it: House) -> Iterator[Page]:
    """A fresh window, for which nobody has signed in."""
    with browser.new_context(viewport=DESK, base_url=f"http://127.0.0.1:{it.port}") as context:
        yield context.new_page()


def enter(page: Page, it: House, role: Role = Role.SUPERVISOR, unit: str | None = None) -> None:
    """Sign in."""
    page.goto(f"/reporting/console/enter#{it.token(role, unit)}")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()


def to(page: Page, address: str, status: int = 200) -> None:
    """Go to a page, which answers so."""
    answer = page.goto(f"/reporting/console/{address}")
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


def rows(page: Page) -> list[str]:
    """What stands in the rows of the only table, when all of the page is there: a click waits for its beginning only."""
    page.wait_for_load_state()
    return page.locator("tbody tr").all_inner_texts()


def test_from_a_notice_to_the_unit_and_what_was_found_of_it(it: House, page: Page) -> None:
    enter(page, it)
    page.get_by_role("link", name="督办通知", exact=True).click()
    page.get_by_label("被督办单位").fill(TOWN)
    page.get_by_role("button", name="查询").click()
    assert "live=yes" in page.url
    assert all(TOWN in row for row in rows(page))
    page.get_by_role("row").filter(has_text="柳林镇主要负责人").get_by_role("link", name="单位").first.click()
    expect(page.get_by_role("heading", name=TOWN)).to_be_visible()
    burst = page.get_by_role("article").filter(has_text="集中补录")
    expect(burst).to_contain_text("●")
    expect(page.get_by_role("table", name="案件").locator("tbody tr")).to_have_count(10)
    page.screenshot(path=Path(it.settings.data).parent / "unit.png", full_page=True)
    burst.get_by_role("link", name="案件").first.click()
    expect(page.get_by_role("heading", name="HY-")).to_be_visible()


def test_notices_are_those_that_are_live_unless_others_are_asked_for(it: House, page: Page) -> None:
    enter(page, it)
    to(page, "notices")
    expect(page.get_by_label("办理")).to_have_value("yes")
    live = len(rows(page))
    assert live == len(it.get("/reporting/notices", params={"live": True})["notices"]) > 1
    page.get_by_label("办理").select_option("no")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("没有符合条件的督办通知。")).to_be_visible()
    page.get_by_label("办理").select_option("")
    page.get_by_role("button", name="查询").click()
    assert len(rows(page)) == live
    to(page, f"notices?unit={quote(OTHER)}&level=reminder")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("Unit")).to_have_value(OTHER)
    page.get_by_role("link", name="HY-9").click()
    expect(page.get_by_role("heading", name="HY-9")).to_be_visible()


def test_what_waits_is_counted_by_item_and_leads_to_its_case(it: House, page: Page) -> None:
    enter(page, it)
    page.get_by_role("link", name="待办", exact=True).click()
    said = it.get("/reporting/waiting")
    assert (len(rows(page)), said["by_item"]) == (said["total"], {"hearing": 2, "query": 1})
    page.get_by_role("link", name="听证申请待答复 2").click()
    assert len(rows(page)) == 2
    page.get_by_label("包案领导").fill("王某")
    page.get_by_role("button", name="查询").click()
    (row,) = rows(page)
    assert "HY-0" in row
    page.get_by_role("link", name="HY-0").click()
    expect(page.get_by_role("heading", name="HY-0")).to_be_visible()


def test_what_is_overdue_of_what_was_promised_comes_first(it: House, page: Page) -> None:
    enter(page, it, Role.LEADER, TOWN)
    page.get_by_role("link", name="承诺事项", exact=True).click()
    first, second = rows(page)
    assert ("补发差额" in first, "逾期未兑现 2 天" in first, "未到期" in second) == (True, True, True)
    page.get_by_label("兑现情况").select_option("fulfilled")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("没有符合条件的承诺事项。")).to_be_visible()


def test_units_of_which_most_was_found_come_first(it: House, page: Page) -> None:
    enter(page, it, Role.AUDITOR)
    page.get_by_role("navigation").get_by_role("link", name="单位", exact=True).click()
    first, second = rows(page)
    assert (TOWN in first, OTHER in second) == (True, True)
    to(page, "units?open=yes")
    assert len(rows(page)) == 1
    to(page, "units?open=no")
    expect(page.get_by_text("没有符合条件的单位。")).to_be_visible()


def test_a_list_that_goes_on_is_continued(it: House, page: Page) -> None:
    enter(page, it)
    to(page, "waiting?limit=2")
    expect(page.get_by_text("共 3 件，本页 2 件")).to_be_visible()
    first = rows(page)
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_text("共 3 件，本页 1 件")).to_be_visible()
    assert not set(rows(page)) & set(first)
    expect(page.get_by_role("link", name="下一页")).to_have_count(0)


def test_a_unit_is_shown_its_own_and_not_told_what_else_there_is(it: House, page: Page) -> None:
    enter(page, it, Role.UNIT_HEAD, OTHER)
    for name in LISTS:
        to(page, name)
        assert [row for row in rows(page) if OTHER not in row and "HY-9" not in row] == []
        expect(page.get_by_text(TOWN)).to_have_count(0)
    for unit in (TOWN, "没有的镇", "", "%00", "镇" * 300):
        to(page, f"unit?unit={unit if unit == '%00' else quote(unit)}", 404)
        expect(page.get_by_role("heading", name="没有这个单位，或不在您的范围内")).to_be_visible()
    to(page, f"unit?unit={quote(OTHER)}")


@pytest.mark.parametrize("name", LISTS)
def test_what_is_no_filter_is_said_and_lists_nothing(it: House, page: Page, name: str) -> None:
    enter(page, it)
    for asked in ("unit=%00", "limit=0", "lmit=1", "unit=a&unit=b", f"leader={'x' * 300}"):
        to(page, f"{name}?{asked}", 422 if asked != "limit=0" or name in ("waiting", "commitments") else 200)
        expect(page.get_by_role("alert")).to_have_count(0 if rows(page) else 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_is_readable_on_a_phone(it: House, page: Page, language: str) -> None:
    page.set_viewport_size(PHONE)
    enter(page, it)
    for name in (*LISTS, f"unit?unit={TOWN}", "cases/c-0", "nowhere", "units?open=x"):
        page.goto(f"/reporting/console/{name}{'&' if '?' in name else '?'}lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-CN")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], name
        ends = page.evaluate("[...document.querySelectorAll('td')].map(cell => cell.getBoundingClientRect().right)")
        assert all(0 < end <= PHONE["width"] for end in ends), name


def test_an_address_that_is_not_there_answers_a_page(it: House, page: Page) -> None:
    addresses = ("nowhere", "", "cases/", "a/b/c?d=e")
    for address in addresses:
        to(page, address, 404)
    page.get_by_role("link", name="回到总览").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    enter(page, it)
    for address in (*addresses, "cases/%00", "cases/book-0000000000000000"):
        to(page, address, 404)
        expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
    page.get_by_role("link", name="回到总览").click()
    expect(page.get_by_role("heading", name="总览")).to_be_visible()


def test_whoever_has_nothing_is_told_so_on_every_page(it: House, page: Page) -> None:
    enter(page, it, Role.UNIT_HEAD, "没有的镇")
    for name in LISTS:
        to(page, name)
        expect(page.get_by_text("没有符合条件的")).to_be_visible()
        expect(page.get_by_role("table")).to_have_count(0)


def test_in_english_every_word_is_english_but_names_and_what_people_wrote(it: House, page: Page) -> None:
    """Found: Chinese brackets, both languages of a sum in one line, and words that only machines write."""
    enter(page, it)
    case_id = it.get("/reporting/cases", params={"number": "HY-0"})["cases"][0]["case_id"]
    words = (
        "化解 huajie",
        "中文",
        TOWN,
        OTHER,
        "王某",
        "镇长",
        "经管站",
        "清丈土地",
        "补发差额",
        "征地补偿款没有发放，要求核实",
    )
    written = re.compile("|".join(words))
    for name in ("?", *(f"{name}?" for name in LISTS), f"unit?unit={quote(TOWN)}&", f"cases/{case_id}?", "nowhere?"):
        page.goto(f"/reporting/console/{name}lang=en" if name != "?" else "/reporting/console?lang=en")
        said = written.sub("", page.locator("body").inner_text())
        said = re.sub(r"Basis: .* · policy|days? \(.*\) →", "", said)  # texts of the law
        left = [line for line in said.splitlines() if re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", line)]
        assert left == [], name
