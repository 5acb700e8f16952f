"""Continued pages: the address of the next part, by 下一页 or by the numbers of a page bar that share the page's stem."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from pipelines import urls
from pipelines.extract.body import Body
from pipelines.extract.document import Document

_NEXT = re.compile(r"^[\s\u3000\[【(（<«]{0,4}(?:下一[页頁]|下[页頁]|后一页|下一張|Next(?:\s?page)?|[»>]{1,2})[\s\u3000\]】)）>»]{0,4}$", re.I)
_NUMBER = re.compile(r"^[\s\[【(（]{0,3}(\d{1,3})[\s\]】)）]{0,3}$")
_TRAIL = re.compile(r"^(?P<stem>.*?)(?:[_-](?P<n>\d{1,3}))?(?P<ext>\.\w{2,6})?$")


def next_part(doc: Document, body: Body, url: str) -> str:
    """The absolute address of the following part, "" when this is the last or only one."""
    here = _part(url)
    if here is None:
        return ""
    stem, number = here
    best: tuple[int, str] | None = None
    for el in doc.els:
        if el.tag != "a" or el.end < body.start:
            continue
        text = doc.span(el).strip()
        if len(text) > 12:
            continue
        href = el.attrs.get("href") or ""
        if not href or href.startswith(("#", "javascript:")) or not (_NEXT.match(text) or _NUMBER.match(text)):
            continue
        there = urls.absolute(url, href)
        other = _part(there) if there else None
        if other is None or other[0] != stem or other[1] <= number:
            continue
        if _NEXT.match(text) and other[1] == number + 1:
            return there
        if best is None or other[1] < best[0]:
            best = (other[1], there)
    return best[1] if best and best[0] == number + 1 else ""


def _part(url: str) -> tuple[str, int] | None:
    """(address without its part number, number); the first part has number 1, whether written _1, _0 or not at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    query = parse_qsl(parts.query, keep_blank_values=True)
    for key, value in query:
        if key.lower() in ("page", "p", "pageno", "pn", "pagenum") and value.isdigit() and len(value) <= 3:
            rest = "&".join(f"{k}={v}" for k, v in sorted(query) if k != key)
            return f"{parts.netloc}{parts.path}?{rest}", max(1, int(value))
    folder, _, name = parts.path.rpartition("/")
    found = _TRAIL.match(name)
    if found is None:
        return None
    rest = "&".join(f"{k}={v}" for k, v in sorted(query))
    stem = f"{parts.netloc}{folder}/{found.group('stem')}{found.group('ext') or ''}?{rest}"
    number = found.group("n")
    if number is None:
        return stem, 1
    return stem, int(number) if int(number) >= 1 else 1
