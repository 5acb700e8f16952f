"""A quarter in the browser: the unit downloads its pre-filled form, hands it in, the rows are verified, the secretariat decides what is left."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from claims_press import Fixed, hold, sample_house  # noqa: E402
from dashboards_office import PASSWORD, serve  # noqa: E402

from app.claims import Desk  # noqa: E402
from app.serve import office  # noqa: E402
from config.sample.press import Press  # noqa: E402
from config.sample.truth import load as truth  # noqa: E402
from dashboards.accounts import hash_password  # noqa: E402
from model.user import Role, User  # noqa: E402


@pytest.fixture(scope="module")
def quarter(tmp_path_factory):
    """A served house of the sample bureau whose archive holds the press, with a unit's and a secretariat's log-in."""
    with Press(Fixed().now()) as press:
        press.publish_all()
        house = sample_house(tmp_path_factory.mktemp("quarter") / "bureau", press)
        hold(house, press, [e.url for e in truth(press.now) if e.status == "clipped" and not e.defaced and e.units])
        for user in (User(0, "yiyuan", "市一院联络员", Role.UNIT, "syy"), User(0, "mishu", "秘书处", Role.SECRETARIAT)):
            house.store.save_user(user, hash_password(PASSWORD))
        yield SimpleNamespace(house=house, address=serve(SimpleNamespace(office=office(house))))
        house.close()


@pytest.fixture
def enter(visiting, quarter):
    return lambda name: visiting(quarter.address, name)


def test_from_the_prefilled_form_to_the_decision(quarter, enter, tmp_path):
    unit = enter("yiyuan")
    with unit.expect_download() as coming:
        unit.get_by_role("link", name="下载已预填的季报表").click()
    form = tmp_path / "form.xlsx"
    coming.value.save_as(form)
    book = load_workbook(form)
    sheet = book.active
    head = next(r for r in range(1, 12) if any(c.value == "稿件标题" for c in sheet[r]))
    column = {c.value: c.column for c in sheet[head] if c.value}
    title, day, outlet, link = (next(n for name, n in column.items() if name.startswith(what)) for what in ("稿件标题", "发布时间", "发布媒体", "发布网址"))
    filled = [r for r in range(head + 1, sheet.max_row + 1) if sheet.cell(r, title).value]
    assert filled, "nothing was pre-filled"

    sheet.cell(filled[0], day).value = "2026年13月45日"          # first with a fault: nothing is taken
    broken = tmp_path / "broken.xlsx"
    book.save(broken)
    unit.get_by_label("季报表（xlsx").set_input_files(broken)
    unit.get_by_role("button", name="提交", exact=True).click()
    unit.get_by_role("alert").filter(has_text="没有受理").wait_for()
    assert "2026年13月45日" in unit.get_by_role("alert").text_content()
    assert quarter.house.store.submissions("syy") == []

    sheet.cell(filled[0], day).value = "2026年11月20日"
    sheet.cell(filled[0], title).value = "市一院一篇查无此文的稿件标题"       # claimed title differs from the page's
    book.save(form)
    unit.get_by_label("季报表（xlsx").set_input_files(form)
    unit.get_by_role("button", name="提交", exact=True).click()
    unit.wait_for_url(re.compile(r"/claims/submissions/\d+$"))
    assert "正在自动核对" in unit.text_content("main")

    Desk(quarter.house).verify_new()                       # what the timed job does
    unit.reload()
    standing = [c.standing.value for c in quarter.house.store.claims(unit_id="syy")]
    assert "verified" in standing and len(standing) == len(filled)
    assert unit.locator("td .verdict-verified").count() == standing.count("verified")

    doubtful = [c for c in quarter.house.store.claims(unit_id="syy", standing=("doubtful",))]
    secretary = enter("mishu")
    secretary.goto("/claims/review")
    if not doubtful:
        assert "没有等待核定的申报" in secretary.text_content("main")
        first = next(c for c in quarter.house.store.claims(unit_id="syy"))
        secretary.goto(f"/claims/{first.id}")
    assert secretary.locator("table.data th[scope=row]").first.text_content() == "链接"
    secretary.locator("main h2").first.click()
    secretary.keyboard.press("2")                           # rejecting needs its reason
    secretary.get_by_role("alert").filter(has_text="请写明理由").wait_for()
    secretary.locator("[data-why]").fill("标题与网页不符")
    secretary.get_by_role("button", name="驳回").click()
    secretary.wait_for_load_state()
    decided = [c for c in quarter.house.store.claims(unit_id="syy") if c.decision]
    assert [c.decision_reason for c in decided] == ["标题与网页不符"]
    unit.goto(f"/claims/{decided[0].id}")
    assert "标题与网页不符" in unit.text_content("main") and unit.get_by_role("link", name="对结果有异议，去申诉").is_visible()


def test_a_liaison_sees_no_other_unit(quarter, enter):
    unit = enter("yiyuan")
    assert unit.goto("/claims/review").status == 403
    assert unit.get_by_role("link", name="待核定").count() == 0
    unit.goto("/claims?unit=zyy")
    assert unit.locator("input[name=unit]").first.get_attribute("value") == "syy"


def test_rows_typed_on_the_page_are_taken_or_told_one_by_one(quarter, enter):
    unit = enter("yiyuan")
    unit.get_by_label("第1行稿件标题").fill("市一院义诊进社区")
    unit.get_by_label("第1行发布时间").fill("不知道")
    unit.get_by_role("button", name="提交这些行").click()
    unit.get_by_role("alert").filter(has_text="没有受理").wait_for()
    assert "第1行" in unit.get_by_role("alert").text_content()
