"""Titles and names of outlets as units write them, against what is printed; kinds of pages; what a saved page may still do."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from model.article import Article
from model.claim import Policy, period
from model.clipping import Clipping
from model.credit import Scheme
from model.outlet import Outlet, Tier
from pipelines.pictures import browser, harmless, to_pdf
from pipelines.verify import policy_of
from pipelines.verify.alike import names_outlet, titles
from pipelines.verify.kinds import around, kind_of

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)
TITLE = "云川市第一人民医院援藏医疗队带回一份沉甸甸的答卷"


@pytest.mark.parametrize(
    "claimed, kind",
    [
        (TITLE, "exact"),
        ("云川市第一人民医院援藏医疗队 带回一份“沉甸甸”的答卷", "exact"),
        (f"{TITLE}（图）", "variant"),
        (f"【要闻】{TITLE}", "variant"),
        (f"{TITLE}_云川日报", "variant"),
        ("云川市第一人民医院援藏医疗队带回沉甸甸的答卷", "variant"),
        ("援藏医疗队带回一份沉甸甸的答卷", "variant"),
        ("石泉市第一人民医院援藏医疗队带回一份沉甸甸的答卷", "near"),
        ("云川市第二人民医院援藏医疗队带回一份沉甸甸的答卷", "near"),
        ("云川全面推开“一次挂号管三天”", "different"),
        ("", "different"),
    ],
)
def test_titles(claimed, kind):
    assert titles(claimed, [TITLE]).kind == kind


@pytest.mark.parametrize(
    "claimed, printed",
    [
        ("血液库存日报（11月13日）", "血液库存日报（11月15日）"),
        ("全市连续十一年无病例", "全市连续十年无病例"),
        ("医院通过三级甲等医院复审", "医院通过二级甲等医院复审"),
        ("医院没有通过甲等医院复审了", "医院通过甲等医院复审了"),
    ],
)
def test_other_numbers_and_denials_are_no_variant(claimed, printed):
    assert titles(claimed, [printed]).kind in ("near", "different")


def test_any_of_the_titles_of_a_page_may_be_meant():
    assert titles("主题词 正题一二三四", ["正题一二三四", "主题词 正题一二三四"]).kind == "exact"


DAILY = Outlet("d", "云川日报", Tier.MUNICIPAL, aliases=("云报", "云川日报网"), domains=("d.example",))


@pytest.mark.parametrize(
    "claimed",
    [
        "云川日报",
        "《云川日报》",
        "云川日报社",
        "云川日报客户端",
        "云川日报第3版",
        "云川日报3版",
        "云川日报数字报",
        "云川日报微信公众号",
        "云川日报健康频道",
        "云报",
        "《云川日报》（第2版）",
        "云川日報",
    ],
)
def test_names_that_mean_the_outlet(claimed):
    assert names_outlet(claimed, DAILY)


@pytest.mark.parametrize("claimed", ["河阳日报", "云川晚报", "云川", "日报", "云川日报转载神州日报", "人民日报", "", "云川日报集团旗下某网"])
def test_names_that_mean_another(claimed):
    assert not names_outlet(claimed, DAILY)


def piece(title: str = "云川市第一人民医院开设夜间门诊", text: str = "云川市第一人民医院昨日开设夜间门诊。\n市民可以预约。", **fields) -> Clipping:
    return Clipping(1, Article("http://d.example/1", "http://d.example/1", title, text, **fields), "d", "云川日报", "municipal", NOW, 1, True)


@pytest.mark.parametrize(
    "clipping, kind",
    [
        (piece(), "article"),
        (piece("云川市医院采购项目公开招标公告"), "notice"),
        (piece("关于元旦放假的通知"), "notice"),
        (piece("关于拟聘用人员名单的公示（第二批）"), "notice"),
        (piece("云川发布通知要求加强疫苗接种"), "article"),
        (piece("云川：医院公告栏前的故事"), "article"),
        (piece(column="专题推广"), "paid"),
        (piece(page_name="形象展示"), "paid"),
        (piece(text="正文一段。\n正文二段。\n（广告）"), "paid"),
        (piece(text="正文说到广告投放的治理。\n医院整顿医疗广告。"), "article"),
        (piece("某医院的温情故事（广告）"), "paid"),
    ],
)
def test_kinds(clipping, kind):
    assert kind_of(clipping, DAILY).id == kind


def test_an_own_platform_is_known_by_its_tier_and_paid_marks_beside_the_text():
    assert kind_of(piece(), Outlet("o", "健康云川", Tier.OWN)).id == "own"
    page = "<html><body><h1>题</h1><div><p>第一段文字，写得很长很长，讲医院的故事。</p>"
    page += "<p>第二段文字，也写得很长很长，讲医生的故事。</p></div><p>【合作推广】</p><div>广告</div></body></html>"
    near = around(page, "第一段文字，写得很长很长，讲医院的故事。\n第二段文字，也写得很长很长，讲医生的故事。")
    assert "【合作推广】" in near and kind_of(piece(), DAILY, near).id == "paid" and kind_of(piece(), DAILY, ["广告"]).id == "article"


def test_a_scheme_tells_the_policy():
    assert policy_of(None) == Policy()
    scheme = Scheme(
        "s", "1", "办法", "2026-01-01", reposts="sum", own_counts=True, extra={"claims": {"paid": "doubt", "negative": "nonsense"}}
    )
    assert policy_of(scheme) == Policy(own="accept", repost="accept", paid="doubt")


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("2026Q1", "2026-01-01", "2026-03-31"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("2026M02", "2026-02-01", "2026-02-28"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods(text, first, last):
    assert (period(text).first.isoformat(), period(text).last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "2026Q5", "2026M13", "26Q1", "2026-Q1", "2026Q"])
def test_periods_that_are_none(text):
    with pytest.raises(ValueError, match="2026Q1"):
        period(text)


HOSTILE = """<html><head><meta http-equiv="refresh" content="0;url=file:///etc/passwd">
<base href="file:///etc/"><link rel=stylesheet href="http://x.example/a.css">
<style>body{background:url(file:///etc/passwd)}</style></head>
<body onload="alert(1)"><script>alert(2)</script><iframe src="file:///etc/passwd"></iframe>
<object data="file:///etc/passwd"></object><img src="http://x.example/a.png" srcset="b 1x">
<a href="javascript:alert(3)">点</a><p style="background:url(http://x)">正文留下</p>
<svg><image href="file:///etc/passwd"/></svg></body></html>"""


def test_a_saved_page_is_made_harmless_before_it_is_drawn():
    clean = harmless(HOSTILE)
    assert "正文留下" in clean and "default-src 'none'" in clean
    assert not [w for w in ("passwd", "script", "iframe", "alert", "x.example", "onload", "refresh", "svg") if w in clean]


@pytest.mark.browser
@pytest.mark.skipif(not browser(), reason="no Chromium here")
def test_a_page_becomes_a_pdf():
    assert to_pdf("<html><body><h1>云川日报</h1><p>正文</p></body></html>").startswith(b"%PDF")


def test_without_a_browser_there_is_no_picture():
    assert to_pdf("<p>x</p>", chromium="/nonexistent/chromium") == b""
