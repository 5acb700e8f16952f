"""Every field of pages made by other content systems, share pages that carry their text as data among them."""

import pytest
from extract_outlets import OUTLETS
from extract_pages import BODY, TITLE, page
from extract_systems import SYSTEMS

from pipelines.extract import read

NOISE = ("相关稿件", "相关推荐", "当前位置", "版权所有", "首页", "打印", "上一篇", "下一篇", "分享到", "特别声明", "平台声明", "字号", "责任编辑", "我市召开", "发表于", "举报", "热推标题")


PAGES = {**SYSTEMS, **OUTLETS}


@pytest.mark.parametrize("name", PAGES)
def test_every_field(name):
    url, markup, encoding, want = PAGES[name]
    article = read(page(markup.replace("utf-8", "gb2312", 1).encode(encoding) if encoding == "gb18030" else markup.encode(encoding), url))
    minute = "%Y-%m-%dT%H:%M" if article.precision == "minute" else "%Y-%m-%d"
    got = {"title": article.title, "published": article.published.strftime(minute) if article.published else "", "source": article.source,
           "authors": article.authors, "correspondents": article.correspondents, "editors": article.editors, "page_no": article.page_no,
           "page_name": article.page_name, "kicker": article.kicker, "subtitle": article.subtitle, "original_title": article.original_title}
    wanted = {"title": TITLE, "authors": (), "correspondents": (), "editors": (), "source": got["source"], "page_no": "", "page_name": "", "kicker": "",
              "subtitle": "", "original_title": "", **{name: value for name, value in want.items() if name not in ("body", "absent")}}
    assert got == wanted
    for line in want.get("body", BODY):
        assert line in article.text
    assert [noise for noise in (*NOISE, *want.get("absent", ())) if noise in article.text] == []
    if "body" not in want:
        assert len(article.text) <= len("\n".join(BODY)) + 24, article.text
