"""RSS, Atom, sitemaps, news sitemaps and sitemap indexes → article links.  Pure: bytes in, links out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from time import struct_time

import feedparser
from lxml import etree

from crawlers.spiders.address import absolute, is_page
from crawlers.spiders.found import Found, Unreadable

_CHINA = timezone(timedelta(hours=8))
_ZONED = re.compile(r"(Z|[+-]\d\d:?\d\d|\b[A-Z]{3,4})\s*$")
_TAGS = re.compile(r"<[^<>]{0,1000}>")
_SPACE = re.compile(r"\s+")
MAX_LINKS = 2000
_SUMMARY = 500


def read_feed(body: bytes, url: str) -> Found:
    """RSS or Atom.  Hints: title, published (ISO 8601 with zone), feed_summary.  Raises Unreadable when it is no feed."""
    stream = BytesIO(body)     # never the bytes themselves: feedparser takes a short text for an address or a file name
    parsed = feedparser.parse(stream, resolve_relative_uris=False, sanitize_html=False)
    if not parsed.get("version") and not parsed.entries:
        raise Unreadable("不是 RSS 或 Atom 订阅源")
    links: dict[str, dict[str, str]] = {}
    for entry in parsed.entries[:MAX_LINKS]:
        target = absolute(url, entry.get("link") or entry.get("id") or "")
        if not target or not is_page(target):
            continue
        hint = {"title": plain(entry.get("title", ""), 300), "feed_summary": plain(entry.get("summary", ""), _SUMMARY)}
        if stamp := _moment(entry, "published") or _moment(entry, "updated"):
            hint["published"] = stamp
        links.setdefault(target, {name: value for name, value in hint.items() if value})
    return Found(links)


def _moment(entry: feedparser.FeedParserDict, name: str) -> str:
    """ISO 8601 of a feed's date.  One printed without a zone is China time (feedparser would call it UTC)."""
    parsed: struct_time | None = entry.get(name + "_parsed")
    if not parsed:
        return ""
    try:
        moment = datetime(*parsed[:6])
    except ValueError:
        return ""
    zone = UTC if _ZONED.search(str(entry.get(name, "")).strip()) else _CHINA
    return moment.replace(tzinfo=zone).astimezone(_CHINA).isoformat(timespec="minutes")


def read_sitemap(body: bytes, url: str, since: str = "") -> Found:
    """Sitemap, news sitemap or sitemap index; an index gives its parts in `more`, newest first.  Raises Unreadable.

    Entries whose own date lies before `since` (ISO day) are left out.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise Unreadable("不是站点地图")
    rows = []
    for element in root.iterchildren(tag=etree.Element):
        told = {etree.QName(child).localname: (child.text or "").strip() for child in element.iter(tag=etree.Element) if child is not element}
        if target := absolute(url, told.get("loc", "")):
            rows.append((target, told))
    if etree.QName(root).localname == "sitemapindex":
        rows.sort(key=lambda row: row[1].get("lastmod", ""), reverse=True)
        return Found({}, tuple(target for target, _ in rows))
    rows.sort(key=lambda row: row[1].get("publication_date") or row[1].get("lastmod", ""), reverse=True)
    links: dict[str, dict[str, str]] = {}
    for target, told in rows[:MAX_LINKS]:
        dated = told.get("publication_date") or told.get("lastmod", "")
        if is_page(target) and not (since and dated[:10] and dated[:10] < since):
            hint = {"title": plain(told.get("title", ""), 300), "published": told.get("publication_date", "")[:40]}
            links.setdefault(target, {name: value for name, value in hint.items() if value})
    return Found(links)


def plain(text: str, limit: int) -> str:
    """Markup and runs of white space out, cut to `limit` characters."""
    return _SPACE.sub(" ", _TAGS.sub(" ", str(text)[: limit * 20])).strip()[:limit]
