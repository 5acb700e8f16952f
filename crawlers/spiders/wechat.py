"""WeChat: mirror pages and bridge feeds → posts.  Pure.

Posts are taken by their lasting address; `src=…&signature=…` links expire and are never taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from crawlers.spiders.address import expires, is_wechat, wechat_post
from crawlers.spiders.feed import read_feed
from crawlers.spiders.found import Found, Unreadable
from crawlers.spiders.listing import read_listing


def read_mirror(body: bytes, text: str, url: str, domains: Iterable[str], today: date, pattern: str = "") -> Found:
    """A page that mirrors an account (its own copies or links to posts), or a feed of one.  Raises Unreadable."""
    if not is_feed(body):
        return read_listing(text, url, domains, today, pattern, wechat=True)
    links = lasting(read_feed(body, url).links)
    if not links:
        raise Unreadable("订阅源里没有可长期访问的公众号文章")
    return Found(links)


def is_feed(body: bytes) -> bool:
    head = body[:600].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<?xml", b"<rss", b"<feed")) and b"<html" not in head


def lasting(links: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The links with WeChat posts in their lasting form; those that expire are left out."""
    kept = {}
    for target, hint in links.items():
        target = wechat_post(target) if is_wechat(target) else target
        if target and not expires(target):
            kept.setdefault(target, hint)
    return kept
