"""The whole way of the words desk in a real browser: a false alarm clicked and learned from, a word rehearsed, saved and judged by."""

import re

import pytest
from dashboards_office import PASSWORD, serve
from model.opinion import Label
from playwright.sync_api import expect
from words_room import DRAMA, room

pytestmark = pytest.mark.browser
COLD = "云川市第一人民医院护士甩脸子", "有市民反映，云川市第一人民医院的护士叫号时甩脸子。"
PLAYED = (2, 3, 4, 5)          # numbers of the clippings about a play


@pytest.fixture
def made(tmp_path):
    made = room(tmp_path)
    made.publish(*COLD)
    for n in range(len(PLAYED)):
        made.publish(DRAMA[0].format(n), DRAMA[1].format("甲乙丙丁"[n]))
    made.address = serve(made)
    yield made
    made.house.close()


@pytest.fixture
def as_secretary(page):
    page.goto("/settings/words")
    page.get_by_label("登录名").fill("secretariat")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="本单位规则")).to_be_visible()
    return page


def test_a_false_alarm_is_marked_learned_from_and_told_in_the_next_judgement(as_secretary, made):
    page = as_secretary
    for article in PLAYED:
        page.goto(f"/clippings/{article}")
        page.get_by_text("研判不对？标误报或漏报").click()
        page.get_by_label("应为").select_option(label="正面/中性")
        page.get_by_label("理由（必填）").fill("是话剧演出")
        page.get_by_role("button", name="记入案例").click()
        expect(page.locator(".taught")).to_contain_text("误报：秘书处甲定为")
    page.goto("/settings/lessons")
    expect(page.locator("table.cases")).to_contain_text("是话剧演出")
    page.get_by_role("button", name="立即训练").click()
    expect(page.get_by_role("status").filter(has_text="重新训练")).to_be_visible()
    expect(page.locator(".weights")).to_contain_text("词:话剧")
    again = made.publish(DRAMA[0].format(7), DRAMA[1].format("戊"))
    page.goto(f"/clippings/{again}")
    expect(page.locator(".reasons")).to_contain_text("经验修正−")


def test_a_word_is_tried_dropped_tried_again_saved_and_judged_by(as_secretary, made):
    page = as_secretary

    def attempt():
        page.get_by_label("改哪一处").select_option("T04.strong")
        page.get_by_label("添上的词（一行一个）").fill("护士甩脸子\n护士叫号时甩脸子")
        page.locator("#change").get_by_role("button", name="试算").click()
        expect(page.locator("#newly")).to_contain_text(COLD[0])
        expect(page.locator("#newly")).to_contain_text("护士甩脸子")

    attempt()
    page.get_by_role("link", name="放弃").click()
    page.get_by_label("查词").fill("甩脸子")
    page.get_by_role("button", name="查", exact=True).click()
    expect(page.locator("#main")).to_contain_text("词表里没有含“甩脸子”的词")
    page.get_by_role("link", name="看全部").click()
    attempt()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    page.get_by_label("查词").fill("甩脸子")
    page.get_by_role("button", name="查", exact=True).click()
    expect(page.locator(".tag.mine").first).to_have_attribute("title", re.compile("秘书处甲 20"))
    again = made.publish(COLD[0] + "引议论", COLD[1] + "市民希望医院改进。")
    assert made.judged(again, "syy").label is Label.NEGATIVE
    page.goto(f"/clippings/{again}")
    expect(page.locator(".reasons")).to_contain_text("护士甩脸子")
