"""Hostile pages end in bounded work with one decision and its reason; no assertion on time, the suite itself would hang."""

import pytest
from extract_pages import BODY, TITLE, page, paragraphs, simple

from model.errors import Decision
from model.page import PageStatus
from pipelines.extract import read

_HEAD = f"<title>{TITLE}</title><h1>{TITLE}</h1>"
REFUSED = {
    "a hundred megabytes": b"<html><body>" + b"<p>abc</p>" * 10_000_000,
    "a million nested tags": b"<div>" * 1_000_000 + BODY[0].encode(),
    "nested and closed": b"<div>" * 200_000 + BODY[0].encode() + b"</div>" * 200_000,
    "nested formatting": b"<a><b><i><u>" * 4_000,
    "a hundred thousand attributes": b"<div " + b" ".join(b"a%d=1" % i for i in range(100_000)) + b">",
    "a book of text": (_HEAD + f"<p>{BODY[0]}</p>" * 30_000).encode(),
    "one endless line": (_HEAD + "中" * 1_500_000).encode(),
    "a program named .html": b"\x7fELF" + bytes(range(256)) * 1000,
    "binary": bytes(range(256)) * 2000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    with pytest.raises(Decision) as decision:
        read(page(REFUSED[name]))
    assert decision.value.status is PageStatus.REFUSED and decision.value.reason


ODD = {
    "brackets without end": _HEAD + "<p>" + "（记者 " * 50_000,
    "names without end": _HEAD + "<p>记者 " + "张三 " * 50_000,
    "times without end": _HEAD + "<p>" + "2026-01-01 10:00 " * 20_000,
    "sources without end": _HEAD + "<p>" + "<span>来源：</span>" * 5_000,
    "next pages without end": _HEAD + '<a href="123456_2.html">下一页</a>' * 5_000,
    "dashes in the title": "<title>" + "a-" * 100_000 + "</title><h1>" + "-" * 100_000 + "</h1>",
    "a class without end": _HEAD + '<div class="' + "comment-" * 50_000 + f'">{BODY[0]}</div>',
    "data without end": '<script type="application/ld+json">{"headline":"' + "\\\\" * 200_000,
    "scripts without end": _HEAD + '<script>{"content":"' + BODY[0] * 3 + '"</script>' * 3_000,
    "an unclosed script": _HEAD + paragraphs(*BODY) + '<script>var a = "<p>',
    "an unclosed comment": _HEAD + paragraphs(*BODY) + "<!-- ",
    "an unclosed attribute": _HEAD + paragraphs(*BODY) + '<p class="x>',
    "lone surrogates": _HEAD + "<p>&#xD800;&#xDFFF;&#0;&#x110000;</p>" + paragraphs(*BODY),
    "a WeChat shell": '<div id=js_content class=rich_media></div><script>var msg_title = ' + '"a" || ' * 50_000 + "</script>",
}


@pytest.mark.parametrize("name", ODD)
def test_one_decision_or_an_article(name):
    try:
        article = read(page(ODD[name]))
    except Decision as decision:
        assert decision.reason
    else:
        assert article.title and article.text
        article.text.encode("utf-8")


@pytest.mark.parametrize("name", ["an unclosed script", "an unclosed comment", "an unclosed attribute", "lone surrogates"])
def test_the_body_before_the_damage_is_read(name):
    article = read(page(ODD[name]))
    assert article.title == TITLE
    assert all(line in article.text for line in BODY)


def test_null_bytes_and_a_wrong_length():
    markup = simple(info="2026-03-01 08:00　来源：青林日报").encode().replace("医护人员".encode(), "医护\x00人员".encode())
    article = read(page(markup, headers={"content-length": "7", "content-type": "text/html"}))
    assert "医护人员" in article.text and article.source == "青林日报"
    half = markup[:markup.index("据介绍".encode()) + 4]
    assert read(page(half)).title == TITLE
