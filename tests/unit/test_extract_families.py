"""One page of each family of press systems: title, time, source, people, body – and none of what stands around it."""

import pytest
from extract_pages import BODY, FAMILIES, TITLE, page

from pipelines.extract import read


def _published(article) -> str:
    if article.published is None:
        return ""
    return article.published.strftime("%Y-%m-%dT%H:%M" if article.precision == "minute" else "%Y-%m-%d")


@pytest.mark.parametrize("name", FAMILIES)
def test_family(name):
    url, markup, encoding, want = FAMILIES[name]
    article = read(page(markup.encode(encoding), url))
    assert article.title == want.get("title", TITLE)
    assert _published(article) == want["published"]
    for line in want.get("body", BODY):
        assert line in article.text
    for noise in ("相关新闻", "我市召开卫生健康工作会议", "版权所有", "首页", "浏览次数", "责任编辑", "上一版"):
        assert noise not in article.text
    for field in ("source", "authors", "correspondents", "editors", "page_no", "page_name", "kicker", "subtitle"):
        if field in want:
            got = getattr(article, field)
            assert (set(got) == set(want[field])) if isinstance(got, tuple) else (got == want[field]), (field, got)
    assert article.published.utcoffset().total_seconds() == 8 * 3600
    assert {"title", "published", "text", "encoding"} <= set(article.signals)
    assert all(0 <= signal.score <= 1 and signal.origin for signal in article.signals.values())


def test_body_ends_are_exact():
    url, markup, encoding, _ = FAMILIES["party_paper_site"]
    article = read(page(markup.encode(encoding), url))
    assert article.text == "\n".join(BODY)
