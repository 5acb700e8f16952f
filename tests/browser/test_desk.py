"""A day at the desk in a real browser: log in, an alert appears, sign for it, search, read, take the digest home."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("expected", ["status of 401"], indirect=True)      # the browser writes the refused log-in to its console
def test_a_wrong_password_is_told_and_the_right_one_opens_today(page, enter):
    page.goto("/incidents")
    page.get_by_label("登录名").fill("duty")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("登录名或密码不正确。")
    page.get_by_label("密码").fill("correct-horse-42")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="舆情", exact=True)).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_a_live_alert_appears_and_is_signed_for_and_closed(page, enter, made):
    enter()
    expect(page.locator("#live-state")).to_have_text("实时")
    title = "云川市中医院一起<b>纠纷</b>引关注"
    made.alarm(title, "云川市中医院与患者的纠纷引发质疑。", unit="zy", age=timedelta(minutes=1))
    ring = page.locator("#live-alerts .ring")
    expect(ring).to_contain_text(title)
    expect(ring.locator(".level")).to_have_text("Ⅳ 一般")
    expect(page).to_have_title(re.compile("^（1）今日"))
    waiting = page.locator("#waiting li", has_text=title)
    expect(waiting).to_contain_text("待签收")
    waiting.get_by_role("button", name="签收").click()
    expect(page.locator("main .state").first).to_have_text("处置中")
    expect(page.locator(".line-of-time")).to_contain_text("签收")
    page.get_by_label("办结意见（必填）").fill("院方已公开回应")
    page.get_by_role("button", name="办结").click()
    expect(page.locator("main .state").first).to_have_text("已办结")
    expect(page.locator(".line-of-time")).to_contain_text("院方已公开回应")
    assert made.store.incident(2).signed_by == "舆情值班甲"


def test_an_alert_signed_by_another_desk_leaves_the_page(page, enter, made):
    enter()
    expect(page.locator("#live-state")).to_have_text("实时")
    incident = made.alarm("云川市中医院的纠纷", unit="zy", age=timedelta(minutes=1))
    expect(page.locator("#live-alerts .ring")).to_have_count(1)
    made.desk.sign(incident, "另一位")
    expect(page.locator("#live-alerts .ring")).to_have_count(0)
    expect(page.locator("#waiting li", has_text="云川市中医院的纠纷")).to_contain_text("另一位 签收")
    expect(page).to_have_title(re.compile("^今日"))


def test_eight_tabs_share_one_stream_and_all_are_told(page, enter, made):
    enter()
    tabs = [page, *(page.context.new_page() for _ in range(7))]         # a browser opens six connections to a server and no more
    for tab in tabs[1:]:
        tab.goto("/clippings", timeout=15_000)
    for tab in tabs:
        expect(tab.locator("#live-state")).to_have_text("实时")
    made.alarm("云川市中医院的纠纷", unit="zy", age=timedelta(minutes=1))
    for tab in tabs:
        expect(tab.locator("#live-alerts .ring")).to_contain_text("云川市中医院的纠纷")
    late = page.context.new_page()
    late.goto("/units")
    expect(late.locator("#live-state")).to_have_text("实时")
    expect(late.locator("#live-alerts .ring")).to_have_count(0)


@pytest.mark.parametrize("expected", ["status of 401|Response Status Error Code 401"], indirect=True)
def test_a_session_that_ends_says_that_the_alerts_have_stopped(page, enter, made):
    enter()
    expect(page.locator("#live-state")).to_have_text("实时")
    made.store.save_user(replace(made.store.user("duty")[0], active=False), None)
    made.clip("云川市人民医院又一篇")
    expect(page.locator("#live-state")).to_have_text("登录已超时，提醒已停止，请重新登录")
    expect(page).to_have_title(re.compile("^（提醒已停止）"))


def test_searching_and_reading_a_clipping_with_its_reasons(page, enter):
    enter("reader")
    page.get_by_role("link", name="剪报", exact=True).click()
    page.get_by_label("搜索词").fill("纠纷")
    page.get_by_label("研判").select_option(label="负面")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".result")).to_contain_text("共 1 篇")
    page.get_by_role("link", name="云川市人民医院一起纠纷引关注").click()
    expect(page.locator("h1 mark.m-word")).to_have_text("纠纷")
    expect(page.locator("h1 mark.m-unit")).to_have_text("云川市人民医院")
    expect(page.locator(".reasons")).to_contain_text("强词“纠纷”与单位同句，没有反转")
    page.get_by_text("保存的原页面", exact=True).click()
    saved = page.frame_locator("iframe")
    expect(saved.locator("body")).to_contain_text("引发质疑")


def test_the_digest_is_downloaded_and_opens(page, enter, made, tmp_path):
    enter("secretariat")
    page.get_by_role("link", name="周报", exact=True).click()
    total = page.locator(".paper tfoot td").first.inner_text()
    for button, suffix in (("下载 Word", "docx"), ("下载 Excel", "xlsx")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=button).click()
        waiting.value.save_as(tmp_path / f"digest.{suffix}")
        assert waiting.value.suggested_filename.startswith("舆情剪报周报〔") and waiting.value.suggested_filename.endswith(suffix)
    paper = Document(str(tmp_path / "digest.docx"))
    assert paper.tables[0].rows[-1].cells[1].text == total
    assert [r[1].value for r in load_workbook(tmp_path / "digest.xlsx")["总览"].iter_rows() if r[0].value == "稿件合计"] == [int(total)]


def test_charts_are_drawn_under_the_strict_policy(page, enter):
    enter("reader")
    expect(page.locator(".chart canvas")).to_be_visible()
    page.get_by_role("link", name="单位", exact=True).click()
    expect(page.locator(".chart canvas")).to_be_visible()


@pytest.mark.parametrize("expected", ["sandboxed|Content Security Policy"], indirect=True)      # it is the refusal itself that is told
def test_a_hostile_saved_page_runs_nothing(page, enter, made):
    script = "</p><script>document.title='ran'; parent.document.title='ran'</script><img src=x onerror=\"parent.document.title='ran'\"><p>"
    number = made.clip("云川市人民医院恶意页面", f"云川市人民医院{script}")
    enter("reader")
    page.goto(f"/clippings/{number}")
    page.get_by_text("保存的原页面", exact=True).click()
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("云川市人民医院")
    assert page.title().startswith("云川市人民医院恶意页面")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_a_title_of_120_characters_never_makes_a_page_wider_than_its_window(page, enter, made, width):
    title = "云川市人民医院" + "长" * 53 + "W" * 60
    incident = made.alarm(title)
    enter("admin")
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/", "/incidents", f"/incidents/{incident}", "/clippings", f"/clippings/{made.numbers[title]}", "/units/yy", "/digest",
        "/outlets", "/settings"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
