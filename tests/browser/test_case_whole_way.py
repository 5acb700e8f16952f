"""A case in real browsers from its first copy to 归档: desk, leader and unit, each before a screen of their own; the wall; the keys."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TITLE = "云川市人民医院一起收费纠纷引关注"


def step(page, name):
    """The form of a step, opened."""
    form = page.locator(f'details[data-step="{name}"]')
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return form


def fetched(page, address):
    """The body of a file that the page links to."""
    with page.expect_download() as waiting:
        page.locator(f'a[href="{address}"]').click()
    return open(waiting.value.path(), "rb").read(), waiting.value.suggested_filename


def test_a_case_from_the_first_copy_to_the_file_by_three_people(sitting, made):
    duty, leader, unit = sitting("duty"), sitting("reader"), sitting("unit")
    expect(duty.locator("#live-state")).to_have_text("实时")
    number = made.alarm(TITLE, "云川市人民医院一起收费纠纷引发质疑。院方尚未回应。", age=timedelta(minutes=2))
    ring = duty.locator("#live-alerts .ring")
    expect(ring).to_contain_text(TITLE)
    ring.get_by_role("link").click()
    copy = made.numbers[TITLE]
    made.clip(f"转：{TITLE}", "云川市人民医院一起收费纠纷引发质疑。", outlet="wang", story=made.story_of(copy), age=timedelta(minutes=1), negative=True,
              source="云川日报")
    made.desk.consider(made.numbers[f"转：{TITLE}"])
    expect(duty.locator("#record")).to_contain_text("转载 云川日报：来源注明“云川日报”")           # the open page was told by itself
    expect(duty.locator("blockquote").first).to_contain_text("收费纠纷引发质疑")
    duty.locator(".actions").get_by_role("button", name="签收").click()
    expect(duty.locator(".steps .now")).to_contain_text("研判")

    form = step(duty, "judge")
    form.get_by_label("研判意见").fill("反映的收费问题需要核实")
    form.get_by_role("button").click()
    form = step(duty, "report_up")
    form.get_by_role("textbox").fill("已电话报告分管领导")
    form.get_by_role("button").click()
    expect(duty.locator(".doings")).to_contain_text("已电话报告分管领导")

    leader.get_by_role("link", name="舆情", exact=True).click()
    leader.get_by_role("link", name=TITLE).click()
    form = step(leader, "instruct")
    form.get_by_label("批示内容").fill("请院方当天说明情况")
    form.get_by_role("button").click()
    expect(leader.locator(".doings")).to_contain_text("请院方当天说明情况")
    expect(leader.locator(".actions")).not_to_contain_text("交办给单位")
    expect(duty.locator("#record")).to_contain_text("请院方当天说明情况")

    form = step(duty, "assign")
    expect(form.get_by_label("市人民医院").first).to_be_checked()
    expect(form.get_by_label("办理要求")).to_have_value(re.compile(f"云川日报《{TITLE}》"))
    form.get_by_label("反馈时限").fill("2036-11-22T18:00")
    form.get_by_role("button").click()
    expect(duty.locator(".steps")).to_contain_text("✓交办")
    expect(unit.locator("#live-alerts .ring")).to_contain_text(f"要求：请核实云川日报《{TITLE}》")       # the unit is called at once

    unit.get_by_role("link", name="舆情", exact=True).click()
    unit.get_by_role("link", name=TITLE, exact=True).click()
    expect(unit.locator("#record")).not_to_contain_text("反映的收费问题需要核实")
    form = step(unit, "handle")
    form.get_by_label("核查情况").fill("多收费用已查实")
    form.get_by_label("处置措施").fill("退还费用")
    form.get_by_role("button").click()
    form = step(unit, "feedback")
    form.get_by_label("反馈内容").fill("已退费并道歉")
    form.get_by_role("button").click()
    expect(unit.locator(".doings")).to_contain_text("已退费并道歉")

    duty.reload()
    form = step(duty, "answer")
    form.get_by_label("回应内容").fill("市人民医院发布情况说明")
    form.get_by_label("发布渠道").fill("官方网站")
    form.get_by_label("回应方式").fill("情况说明")
    form.get_by_label("已发布的链接").fill("http://own.example/1.html")
    form.get_by_role("button").click()
    duty.get_by_label("办结意见（必填）").fill("已回应，患者无异议")
    duty.get_by_role("button", name="办结").click()
    expect(duty.locator("main .state").first).to_have_text("已办结")
    step(duty, "file").get_by_role("button").click()
    expect(duty.locator("main .state").first).to_have_text("已归档")
    expect(duty.locator(".steps .done")).to_have_count(8)

    body, name = fetched(duty, f"/incidents/{number}/papers/jiaoban/docx")
    cells = {row.cells[0].text: row.cells[1].text for row in Document(io.BytesIO(body)).tables[0].rows}
    assert name == f"舆情交办单（事件{number}）.docx"
    assert cells["编号"].endswith("1号") and "退还费用" in cells["处置措施"] and "请院方当天说明情况" in cells["领导批示"] and "患者无异议" in cells["办结意见"]
    duty.goto("/incidents?state=closed")
    body, name = fetched(duty, "/papers/ledger")
    assert zipfile.is_zipfile(io.BytesIO(body)) and name.endswith(".xlsx")
    rows = list(load_workbook(io.BytesIO(body))["舆情台账"].iter_rows(values_only=True))
    row = dict(zip(rows[0], next(r for r in rows if r[1] == number)))
    assert row["事件"] == TITLE and row["状态"] == "已归档" and row["主办单位"] == "市人民医院" and row["稿件数"] == 2 and row["签收人"] == "舆情值班甲"
    looked = {(r[1], r[3]) for r in made.store.audit_rows(200) if r[2] == "incident_view"}
    assert {(who, str(number)) for who in ("duty", "reader", "unit")} <= looked


def test_a_unit_finds_no_case_of_another(sitting, made):
    made.alarm("云川市中医院的纠纷", unit="zy", age=timedelta(minutes=1))
    page = sitting("unit")
    page.get_by_role("link", name="舆情", exact=True).click()
    expect(page.get_by_role("link", name="云川市人民医院一起纠纷引关注")).to_be_visible()
    expect(page.get_by_text("云川市中医院的纠纷")).to_have_count(0)


def test_the_wall_rings_counts_down_and_is_muted(sitting, made):
    page = sitting("duty", 1920, 1080)
    page.goto("/wall")
    expect(page.locator("#live-state")).to_have_text("实时")
    expect(page.locator(".wall-card")).to_have_count(1)
    expect(page.locator("[data-count]").first).to_have_text(re.compile(r"^(超 )?(\d+天 )?\d\d:\d\d:\d\d$"))
    made.alarm("云川市中医院的第一起纠纷", unit="zy", age=timedelta(minutes=1))
    expect(page.locator(".wall-card")).to_have_count(2)
    assert page.evaluate("document.body.dataset.sounded") is None              # it is off until somebody switches it on
    page.get_by_role("button", name="声音：关").click()
    expect(page.get_by_role("button", name="声音：开")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-sounded", "1")         # it tells how it sounds
    made.alarm("云川市中医院的第二起纠纷", unit="zy", age=timedelta(minutes=1))
    expect(page.locator(".wall-card.new")).to_contain_text("第二起")
    expect(page.locator("body")).to_have_attribute("data-sounded", "2")
    page.get_by_role("button", name="声音：开").click()
    made.alarm("云川市中医院的第三起纠纷", unit="zy", age=timedelta(minutes=1))
    expect(page.locator(".wall-card")).to_have_count(4)
    assert page.evaluate("document.body.dataset.sounded") == "2"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920


def test_the_desk_is_worked_with_keys_alone(sitting, made):
    made.alarm("云川市中医院的纠纷", unit="zy", age=timedelta(minutes=1))
    page = sitting("duty")
    page.goto("/incidents")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.held")).to_have_count(1)
    page.keyboard.press("k")
    title = page.locator("tr.held a.title").inner_text()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state()
    page.keyboard.press("s")
    expect(page.locator("main .state").first).to_have_text("处置中")
    page.wait_for_load_state()
    page.keyboard.press("c")
    page.keyboard.type("已办好 js")
    expect(page.get_by_label("办结意见（必填）")).to_have_value("已办好 js")       # in a field the keys are letters
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="舆情", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_pages_of_the_duty_room_are_never_wider_than_their_window(sitting, made, width):
    title = "云川市人民医院" + "长" * 53 + "W" * 60
    number = made.alarm(title)
    made.desk.sign(number, "甲")
    page = sitting("duty", width)
    for path in (f"/incidents/{number}", f"/incidents/{number}/papers/zhuanbao", f"/incidents/{number}/papers/jiaoban", "/papers/day",
                 "/wall", "/duty", "/duty/handover",
                 "/duty/zero", "/duty/log", "/duty/channels", "/watches", "/incidents/new"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
