"""A story in a real browser: the tree and the chart are drawn, two copies compared, one split off, a name decided."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def first(made) -> int:
    number = made.numbers["云川市人民医院开设夜间门诊"]
    for n in range(12):
        made.clip(f"第{n}家转载夜间门诊的消息" + "，题目写得很长很长" * 8, outlet=("wang", "sheng", "guojia")[n % 3], story=made.story_of(number),
                  source="云川日报", age=timedelta(hours=20 - n))
    return number


def test_a_story_is_drawn_compared_and_split(page, enter, made, first):
    enter("secretariat")
    page.goto(f"/clippings/{first}")
    page.get_by_role("link", name="看转载链、传播和差异").click()
    tree = page.locator("svg.tree")
    expect(tree).to_be_visible()
    expect(tree.locator("circle")).to_have_count(15)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    box, panel = tree.bounding_box(), page.locator("#story").bounding_box()
    assert panel["x"] <= box["x"] and box["x"] + box["width"] <= panel["x"] + panel["width"]
    for text in tree.locator("text").all():
        inside = text.bounding_box()
        assert box["x"] - 1 <= inside["x"] and inside["x"] + inside["width"] <= box["x"] + box["width"] + 1
    page.locator("table.chain").get_by_role("link", name="对比来源").first.click()
    expect(page.get_by_role("heading", name="两稿对比")).to_be_visible()
    page.get_by_role("button", name="不是同一稿件").click()
    expect(page.locator("table.chain tbody tr")).to_have_count(1)
    assert made.store.clipping(first).story.copies == 14


def test_a_name_is_decided_with_one_press(page, enter, made):
    enter("duty")
    page.get_by_label("主菜单").get_by_role("link", name="待定名称").click()
    waiting = page.locator("ul.names li")
    expect(waiting).to_have_count(1)
    waiting.get_by_role("button", name="市中医院", exact=True).click()
    expect(page.get_by_text("没有待定的名称")).to_be_visible()
    row = page.get_by_role("row", name="云川市人民医院")
    expect(row).to_contain_text("舆情值班甲")
    row.get_by_text("更改").click()
    row.get_by_role("button", name="不是本单位").click()
    expect(page.get_by_role("row", name="云川市人民医院").get_by_role("cell").nth(1)).to_have_text("不是本单位")
