"""Mutated pages: whatever is done to a page, reading ends in an article or in one decision.

Runs short by default; `JIANBAO_FUZZ=20000` asks for that many pages.  The pages are the tests' own
and, where the shared press pages are at hand, those too.
"""

import os
from functools import cache
from pathlib import Path

from extract_pages import FAMILIES, NOW, WECHAT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layout_pages import DRAWN, LIST
from layout_pages import page as layout_page

from crawlers.spiders.epaper import read_layout
from crawlers.spiders.found import Unreadable
from model.errors import Decision
from model.page import Page
from pipelines.extract import explain, read
from pipelines.urls import canonical

SHARED = Path(os.environ.get("JIANBAO_SHARED") or Path(__file__).resolve().parents[2] / "../shared")
COUNT = int(os.environ.get("JIANBAO_FUZZ", "150"))
_PIECES = (
    b"<",
    b">",
    b"</p>",
    b"<table>",
    b"<td>",
    b"<script>",
    b"</script>",
    b"<!--",
    b"-->",
    b"<div style=display:none>",
    b"\x00",
    b"\xff\xfe",
    b"\xb0\xa1",
    b"&#x110000;",
    b"&lt;",
    "来源：".encode(),
    "（记者".encode(),
    "2026-02-30 25:61".encode(),
    "责编：".encode(),
    "下一页".encode(),
    b'<a href="http://[">',
    b'<a href="//x:99999">',
    b"<h1>",
    b"</body>",
    b'<meta charset="utf-7">',
    b"<textarea>",
    b"<svg><style>",
    b"<math>",
    b"<template>",
    b"<frameset>",
    b"<plaintext>",
    "\u202e".encode(),
    "𠮷".encode(),
    b"\xed\xa0\x80",
)


@cache
def seeds() -> tuple[bytes, ...]:
    own = [markup.encode(encoding) for _, markup, encoding, _ in FAMILIES.values()] + [WECHAT.encode()]
    own += [FAMILIES["epaper_founder"][1].replace("<table>", drawn() + LIST + "<table>", 1).encode() for drawn in DRAWN.values()]
    warc = SHARED / "press" / "labelled.warc.gz"
    if warc.exists():
        from warcio.archiveiterator import ArchiveIterator
        with open(warc, "rb") as stream:
            own += [
                body
                for body in (record.content_stream().read() for record in ArchiveIterator(stream))
                if len(body) < (60_000 if COUNT < 1000 else 200_000)
            ]
    return tuple(own)


_MUTATION = st.one_of(
    st.tuples(st.just("cut"), st.floats(0, 1), st.floats(0, 0.5)),
    st.tuples(st.just("double"), st.floats(0, 1), st.floats(0, 0.1)),
    st.tuples(st.just("swap"), st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.just("flip"), st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.just("insert"), st.floats(0, 1), st.integers(0, len(_PIECES) - 1)),
    st.tuples(st.just("end"), st.floats(0, 1), st.just(0)),
)


def mutate(body: bytes, changes) -> bytes:
    for kind, where, how in changes:
        at = int(where * len(body))
        if kind == "cut":
            body = body[:at] + body[at + int(how * len(body)):]
        elif kind == "double":
            piece = body[at:at + int(how * len(body))]
            body = body[:at] + piece * 2 + body[at + len(piece):]
        elif kind == "swap":
            other = int(how * len(body))
            low, high = sorted((at, other))
            body = body[high:] + body[low:high] + body[:low]
        elif kind == "flip" and body:
            at = min(at, len(body) - 1)
            body = body[:at] + bytes([body[at] ^ (1 + int(how * 254))]) + body[at + 1:]
        elif kind == "insert":
            body = body[:at] + _PIECES[how] + body[at:]
        elif kind == "end":
            body = body[:at]
    return body


@settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck), derandomize=COUNT < 1000)
@given(
    st.integers(0, 10_000),
    st.lists(_MUTATION, max_size=12),
    st.sampled_from(["http://x.example/2026/03/01/1.html", "https://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv", "http://x.example/",
                     "http://epaper.x.example/html/2026-03/01/content_101.htm"]),
)
def test_mutated_pages_never_crash(which, changes, url):
    body = mutate(seeds()[which % len(seeds())], changes)
    page = Page(url, NOW, body, 200, {"content-type": "text/html"})
    try:
        article = read(page)
    except Decision as decision:
        assert decision.reason
        return
    assert article.title.strip() and "\n" not in article.title
    (article.title + article.text + article.source + "".join(p.name for p in article.people)).encode("utf-8")
    assert article.published is None or article.published <= NOW.astimezone(article.published.tzinfo).replace(year=NOW.year + 1)


@settings(max_examples=max(40, COUNT // 10), deadline=None, suppress_health_check=list(HealthCheck), derandomize=COUNT < 1000)
@given(st.sampled_from(sorted(DRAWN)), st.lists(_MUTATION, max_size=12))
def test_mutated_layouts_never_crash(system, changes):
    text = mutate(layout_page(DRAWN[system]()).encode(), changes).decode("utf-8", "replace")
    try:
        layout = read_layout(text, "http://epaper.x.example/html/2026-03/01/node_1.htm", ("x.example",), NOW.date())
    except Unreadable as error:
        assert str(error)
        return
    assert sum(hint.get("position") == "头版头条" for hint in layout.links.values()) <= 1


@settings(max_examples=max(30, COUNT // 20), deadline=None, suppress_health_check=list(HealthCheck), derandomize=COUNT < 1000)
@given(st.binary(max_size=3000), st.text(max_size=300))
def test_any_bytes_and_any_text(raw, text):
    for body in (
        raw,
        text.encode("utf-8", "replace"),
        f"<html><title>{text}</title><h1>{text}</h1><p>{text}</p>".encode("utf-8", "replace"),
    ):
        told = explain(Page("http://x.example/1.html", NOW, body, 200, {}))
        assert (told.article is None) != (told.verdict == "稿件")


@settings(max_examples=max(50, COUNT // 10), deadline=None, derandomize=COUNT < 1000)
@given(st.one_of(st.text(max_size=200), st.builds("http://{}/{}".format, st.text(max_size=30), st.text(max_size=200))))
def test_any_address(url):
    assert canonical(canonical(url)) == canonical(url)
