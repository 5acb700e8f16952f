"""The minute of publication: beside the title first, never the footer's, a comment's or a related story's."""

from datetime import UTC, datetime

import pytest
from extract_pages import BODY, FOOT, RELATED, TITLE, html, page, paragraphs, simple

from pipelines.extract import read
from pipelines.extract.moments import from_url, parse


def _read(info: str, url: str = "http://www.qlnews.example/a/b.html", after: str = "", **more):
    article = read(page(simple(info=info, after=after), url, **more))
    return (article.published.strftime("%Y-%m-%d %H:%M") if article.published else None), article.precision


@pytest.mark.parametrize("info, want", [
    ("2026-03-01 08:00:15　来源：青林日报", "2026-03-01 08:00"),
    ("2026年03月01日08:12 | 来源：青林日报", "2026-03-01 08:12"),
    ("2026/3/1 8:05 青林日报", "2026-03-01 08:05"),
    ("2026.03.01 星期日 18:30", "2026-03-01 18:30"),
    ("发布时间：2026年3月1日　10时30分", "2026-03-01 10:30"),
    ("北京青林网 (2026-03-01 11:12)", "2026-03-01 11:12"),
    ("更新时间：2026-03-03 09:00 发布时间：2026-03-01 11:12", "2026-03-01 11:12"),
    ("2026/03/01 下午 06:30", "2026-03-01 18:30"),
    ("發稿時間：2026/03/01 18:30", "2026-03-01 18:30"),
    ("<div>2026</div><div>03/01</div><div>19:02</div>", "2026-03-01 19:02"),
])
def test_printed_to_the_minute(info, want):
    assert _read(info) == (want, "minute")


def test_printed_to_the_day():
    assert _read("发布日期：2026-03-01　来源：市疾控局") == ("2026-03-01 00:00", "day")


def test_footer_related_and_comment_times_are_not_taken():
    comments = '<div class="comments"><div>网友 2026-03-04 20:15:00</div><p>太好了，希望多来我们小区，老人出门真的不方便，支持！</p></div>'
    assert _read("来源：青林日报", after=RELATED + comments + FOOT) == (None, "")


def test_a_comment_does_not_give_the_minute_of_a_day():
    comments = '<div><div>网友 2026-03-01 20:15:00 发表</div><p>太好了，支持！</p></div>'
    assert _read("2026-03-01　来源：青林日报", after=comments) == ("2026-03-01 00:00", "day")


def test_missing_is_missing_and_the_address_gives_a_day():
    assert _read("来源：青林日报") == (None, "")
    assert _read("来源：青林日报", "http://www.qlnews.example/2026-03/01/content_7.htm") == ("2026-03-01 00:00", "day")


def test_a_future_time_is_refused():
    assert _read("2027-03-01 08:00　来源：青林日报") == (None, "")
    assert _read("2026-03-01 08:00", fetched_at=datetime(2026, 2, 1, tzinfo=UTC)) == (None, "")


@pytest.mark.parametrize(
    "info, want, precision",
    [
        ("3小时前", "2026-03-05 07:00", "minute"),
        ("20分钟前", "2026-03-05 09:40", "minute"),
        ("昨天 21:07", "2026-03-04 21:07", "minute"),
        ("昨天", "2026-03-04 00:00", "day"),
        ("2天前", "2026-03-03 00:00", "day"),
    ],
)
def test_relative_to_the_fetch(info, want, precision):
    assert _read(f"青林发布　{info}") == (want, precision)
    later = page(simple(info=f"青林发布　{info}", after=""), "http://www.qlnews.example/a/b.html")
    again = read(later, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert again.published.strftime("%Y-%m-%d %H:%M") == want


def test_metas_and_data_speak_where_nothing_is_printed():
    body = f"<h1>{TITLE}</h1><div>{paragraphs(*BODY)}</div>"
    for head, want in (
            ('<meta property="article:published_time" content="2026-03-01T02:30:00Z">', "2026-03-01 10:30"),
            ('<meta name="publishdate" content="2026-03-01">', "2026-03-01 00:00"),
            ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"' + TITLE + '","datePublished":"2026-03-01T10:30:00+0'
                    '8:00"}</script>', "2026-03-01 10:30"),
            ('<script>var info = {"pubtime":"2026-03-01 10:30:00"};</script>', "2026-03-01 10:30")):
        article = read(page(html(f"<title>{TITLE}</title>{head}", body), "http://www.qlnews.example/a/b.html"))
        assert article.published.strftime("%Y-%m-%d %H:%M") == want
        assert article.signals["published"].origin.split(":")[0] in ("meta", "jsonld", "script")


def test_the_hint_of_the_list_is_weak_evidence():
    article = read(page(simple(info="来源：青林日报", after=""), "http://www.qlnews.example/a/b.html", hint={"published": "2026-03-01 08:00"}))
    assert article.published.strftime("%F %H:%M") == "2026-03-01 08:00"
    article = read(page(simple(after=""), "http://www.qlnews.example/a/b.html", hint={"published": "2026-02-11 08:00"}))
    assert article.published.strftime("%F") == "2026-03-01"


@pytest.mark.parametrize(
    "text, want",
    [
        ("1772335800", "2026-03-01 11:30"),
        ("1772335800000", "2026-03-01 11:30"),
        ("2026-03-01T10:30:00+08:00", "2026-03-01 10:30"),
        ("2026-03-01T02:30:00.000Z", "2026-03-01 10:30"),
        ("2026-13-01", None),
        ("2026-02-30 10:00", None),
        ("", None),
    ],
)
def test_parse(text, want):
    found = parse(text)
    assert (found.at.strftime("%Y-%m-%d %H:%M") if found else None) == want


@pytest.mark.parametrize(
    "url, want",
    [
        ("http://a.cn/2026-03/01/content_1.htm", "2026-03-01"),
        ("http://a.cn/gzdt/202603/t20260301_9.html", "2026-03-01"),
        ("http://a.cn/n1/2026/0301/c14-4.html", "2026-03-01"),
        ("http://a.cn/art/2026/3/1/art_12_34.html", "2026-03-01"),
        ("http://a.cn/doc-ihnzahi3275702.shtml", None),
        ("http://a.cn/p/20269999.html", None),
    ],
)
def test_day_of_an_address(url, want):
    found = from_url(url)
    assert (found.day if found else None) == want


@pytest.mark.parametrize("printed, want", [
    ("Nov. 21, 2025 10:05", "2025-11-21T10:05"), ("Published: 21 November 2025, 3:07 p.m.", "2025-11-21T15:07"), ("2025-11-21T10:05Z", "2025-11-21T18:05"),
    ("Fri, 21 Nov 2025 02:05:00 GMT", "2025-11-21T10:05"), ("Dec 28 Sun 2025 00:28", "2025-12-28T00:28"), ("2025年12月10日, 格林尼治标准时间10:41", "2025-12-10T18:41"),
    ("Updated: Nov 21, 2025 12:30 AM", "2025-11-21T00:30"), ("2025-11-21 10:05 +0000", "2025-11-21T18:05"), ("2025-11-21 10:05 -2026年", "2025-11-21T10:05"),
])
def test_english_dates_and_zones_in_the_text(printed, want):
    article = read(page(simple(info=f"<span>{printed}</span> 来源：青林日报"), "http://www.qlnews.example/a/9.html"))
    assert (article.published.strftime("%Y-%m-%dT%H:%M"), article.precision, article.source) == (want, "minute", "青林日报")


def test_an_english_day_alone_is_a_day():
    article = read(page(simple(info="21 November 2025"), "http://www.qlnews.example/a/9.html"))
    assert (article.published.strftime("%Y-%m-%d"), article.precision) == ("2025-11-21", "day")


@pytest.mark.parametrize("foot", ["<div class=footer><p>建站时间：2025-02-11 10:00</p></div>", "<div><p>网站上线时间：2025-02-11 10:00</p></div>",
                                  "<div class=copyright>2025-02-11 10:00</div>"])
def test_a_time_of_the_site_is_none_of_the_article(foot):
    assert read(page(simple(info="来源：青林日报", after=foot), "http://www.qlnews.example/a/9x.html")).published is None
