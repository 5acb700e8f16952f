"""来源 as printed: labelled, beside the time, in a box of its own, in the tail – and never what only stands near."""

import pytest
from extract_pages import BODY, TITLE, html, page, paragraphs, simple

from pipelines.extract import read
from pipelines.extract.document import Document
from pipelines.extract.site_name import site_name
from pipelines.extract.source import clean


@pytest.mark.parametrize("info, want", [
    ("2026-03-01 08:00　来源：青林日报", "青林日报"),
    ("来源：《青林日报》 2026-03-01 08:00 作者：李明", "青林日报"),
    ("2026-03-01 08:00 来源: 青林日报社 字号：大 中 小", "青林日报社"),
    ("2026-03-01 08:00 稿源：青林发布 浏览次数：12", "青林发布"),
    ("信息来源：市卫健委办公室　发布日期：2026-03-01", "市卫健委办公室"),
    ("2026-03-01 08:00 来源：[ 青林网 ]", "青林网"),
    ("<span>2026-03-01 08:00</span><span>来源：<a href='/'>青林网</a></span><span>责编：孙静</span>", "青林网"),
    ("<div>2026-03-01 08:00</div><div>来源：</div><div>青林晚报</div>", "青林晚报"),
    ("2026-03-01 08:00 青林晚报", "青林晚报"),
    ("青林晚报 2026-03-01 08:00", "青林晚报"),
    ("<p>青林号小站</p><p class='source'>青林健康说</p><p>2026-03-01 08:00</p>", "青林健康说"),
    ("2026-03-01 08:00 | 来源：青林网－青林日报", "青林网－青林日报"),
    ("李明/青林日报<br>2026-03-01 08:00", "青林日报"),
    ("2026-03-01 08:00", ""),
    ("2026-03-01 08:00 评论 12 分享 收藏", ""),
    ("2026-03-01 08:00 来源： 作者：李明", ""),
])
def test_head(info, want):
    assert read(page(simple(info=info, after=""))).source == want


def test_tail_and_its_limits():
    assert read(page(simple(paragraphs(*BODY, "（来源：青林日报）"), info="2026-03-01 08:00", after=""))).source == "青林日报"
    assert read(page(simple(paragraphs(*BODY, "图片来源：视觉青林"), info="2026-03-01 08:00", after=""))).source == ""
    rights = "<p>凡本网注明“来源：青林新闻网”的所有作品，版权均属于青林新闻网。</p>"
    assert read(page(simple(info="2026-03-01 08:00", after=rights))).source == ""


def test_printed_beats_meta_and_meta_beats_nothing():
    head = f'<title>{TITLE}</title><meta name="source" content="来源：青林电视台">'
    body = f"<h1>{TITLE}</h1><div>2026-03-01 08:00 %s</div><div>{paragraphs(*BODY)}</div>"
    assert read(page(html(head, body % "来源：青林日报"))).source == "青林日报"
    assert read(page(html(head, body % ""))).source == "青林电视台"


@pytest.mark.parametrize(
    "printed, want",
    [
        ("来源：《健康报》 ", "健康报"),
        ("第一财经青林报道(上海)", "第一财经青林报道"),
        ("（青林日报）", "青林日报"),
        ("青林\u3000日报", "青林 日报"),
        ("新青林客户端（北京版）", "新青林客户端（北京版）"),
    ],
)
def test_clean(printed, want):
    assert clean(printed) == want


@pytest.mark.parametrize("head, want", [
    ("<meta property='og:site_name' content='青林健康'><title>一篇稿件的题目</title>", "青林健康"),
    ("<title>一篇稿件的题目_要闻_青林新闻网</title>", "青林新闻网"),
    ("<title>一篇稿件的题目 - 上篇</title>", ""),
    (f"<meta property='og:site_name' content='{'长' * 40}'><title>一篇稿件的题目</title>", ""),
])
def test_what_a_page_calls_its_own_site(head, want):
    assert site_name(Document(f"<html><head>{head}</head><body><p>正文</p></body></html>")) == want


@pytest.mark.parametrize("info, source", [("2026-03-01 08:00", "青林日报"), ("2026-03-01 08:00 来源：青林网", "青林网")])
def test_the_papers_own_line_names_the_source_where_nothing_else_does(info, source):
    article = read(page(simple(paragraphs(*BODY, "《青林日报》（2026年03月01日 02版）"), info=info)))
    assert (article.source, article.page_no) == (source, "02") and article.text == "\n".join(BODY)
