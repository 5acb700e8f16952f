"""Credits in Chromium: the secretariat nods with one key, closes nothing by mistake, takes the circular away; the unit reads and appeals."""

from model.ledger import replay
from dataclasses import replace

import pytest
from dashboards_office import PASSWORD
from docx import Document

from pipelines.credits import reconcile


@pytest.fixture
def waiting(made):
    """Two credits that wait for a nod."""
    scheme = replace(made.office.bureau().schemes[0], auto="ask")
    for n, outlet in enumerate(("shi", "sheng")):
        number = made.clip(f"云川市人民医院第{n}次义诊进社区", outlet=outlet)
        reconcile(made.store, made.story_of(number), lambda day: scheme, made.clock.now())
    return made


def test_one_key_books_the_first_that_waits(page, enter, waiting):
    before = len(waiting.store.ledger())
    enter("secretariat")
    page.get_by_role("link", name="积分").click()
    page.get_by_role("link", name="待点头 2").click()
    page.wait_for_url("**/credits/nods", wait_until="load")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.get_by_role("link", name="待点头 1").wait_for()
    page.wait_for_load_state("load")
    row = waiting.store.ledger()[0]
    assert len(waiting.store.ledger()) == before + 1 and row.cents == 600 and row.passed_by == "秘书处甲"
    page.keyboard.press("r")
    page.keyboard.type("只是提到")
    page.keyboard.press("Enter")
    page.get_by_text("没有等待点头的记分。").wait_for()
    assert waiting.store.proposals(("refused",))[0].reason == "只是提到"


def test_the_circular_is_taken_away_and_opens(page, enter, made, tmp_path):
    enter("secretariat")
    page.goto("/credits/circular")
    assert page.locator(".refusal").count() == 0
    page.get_by_label("文号").fill("云卫办函〔2026〕3号")
    page.get_by_label("抄送").fill("市委宣传部、市医改办")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载 Word").click()
    taken.value.save_as(tmp_path / "a.docx")
    document = Document(str(tmp_path / "a.docx"))
    assert taken.value.suggested_filename.endswith("宣传信息报送和采用情况的通报.docx") and "抄送：市委宣传部，市医改办。" in document.tables[-1].rows[0].cells[0].text


def test_the_unit_appeals_and_the_secretariat_answers(page, enter, made):
    page.goto("/login?next=/credits")
    page.get_by_label("登录名").fill("unit")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="本单位对账单").click()
    page.get_by_label("理由").fill("这一篇应按省级媒体计分")
    page.get_by_role("button", name="提出申诉").click()
    page.get_by_text("等待答复").wait_for()
    page.get_by_role("button", name="退出").click()
    page.get_by_label("登录名").wait_for()
    enter("secretariat")
    page.goto("/credits/appeals")
    page.get_by_label("答复").fill("该媒体属市级，不作更改")
    page.get_by_role("button", name="不成立").click()
    page.get_by_text("该媒体属市级，不作更改").wait_for()
    assert made.store.appeals()[0].state == "rejected" and replay(made.store.ledger())["yy"].cents == 300


def test_the_ranking_draws_its_chart(page, enter, made):
    enter("reader")
    page.goto("/credits")
    page.locator("[data-chart] canvas").first.wait_for()
    assert page.locator("table.ranking").inner_text().count("市直医院") == 1
