"""What an address tells by itself: its day, its shape, whether it is a WeChat post.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

MAX_URL = 1500
_YEAR, _MONTH, _DAY = r"(19[89]\d|20\d\d)", r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])"
_SPACED = re.compile(rf"(?<!\d){_YEAR}[-_/.年]{{1,2}}{_MONTH}[-_/.月]{_DAY}(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(20\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")
_LEADING = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{4,}(?!\d)")
_SHORT = re.compile(r"/([12]\d)/(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/")
_MONTHLY = re.compile(r"/(20\d\d)[-_/]?(0[1-9]|1[0-2])/")
_NOT_PAGES = frozenset(
    "jpg jpeg png gif bmp webp svg ico css js json mp3 mp4 m3u8 flv avi mov wmv wav pdf doc docx xls xlsx ppt pptx wps et "
    "ofd zip rar 7z gz tar exe apk ipa dmg swf txt csv woff woff2 ttf eot".split())
_TRACKING = re.compile(r"^(utm_\w+|spm|scm|share_\w+|timestamp__1\w+)$")


def absolute(base: str, href: str) -> str:
    """The http(s) address a link leads to, without fragment and tracking parameters; "" when it leads nowhere useful."""
    href = href.strip().replace("\n", "").replace("\r", "").replace("\t", "")
    if not href or len(href) > MAX_URL or href[0] == "#" or href[:11].lower() in ("javascript:",):
        return ""
    try:
        parts = urlsplit(urljoin(base, href))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or "\\" in parts.netloc:
        return ""
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    query = parts.query
    if query and any(_TRACKING.match(piece.partition("=")[0]) for piece in query.split("&")):
        query = "&".join(piece for piece in query.split("&") if not _TRACKING.match(piece.partition("=")[0]))
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


def is_page(url: str) -> bool:
    """False for pictures, documents, programs and the like."""
    leaf = urlsplit(url).path.rsplit("/", 1)[-1]
    return "." not in leaf or leaf.rsplit(".", 1)[-1].lower() not in _NOT_PAGES


def day_in(url: str, today: date) -> date | None:
    """The day an address carries (`/2026-11/21/`, `/202611/t20261121_1.html`, `/2026/1121/`, …), None when it carries none.

    An address with only a month gives the last day of that month (or today).  Days to come are no dates.
    """
    parts = urlsplit(url)
    text = parts.path + ("?" + parts.query if parts.query else "")
    latest = today + timedelta(days=1)
    for pattern in (_COMPACT, _SPACED, _LEADING):
        days = [day for match in pattern.finditer(text) if (day := _day(*match.groups())) and day <= latest]
        if days:
            return days[-1]
    if (match := _SHORT.search(text)) and (day := _day("20" + match[1], match[2], match[3])) and day <= latest:
        return day
    if match := _MONTHLY.search(text):
        first = _day(match[1], match[2], "1")
        if first and first <= latest:
            return min((first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1), today)
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def of_domains(url: str, domains: Iterable[str]) -> bool:
    """Is the address of one of the domains (or below one)?"""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return any(host == domain or host.endswith("." + domain) for domain in domains)


_DATE_PART = re.compile(r"^(19|20)\d{2}([-_]?(0[1-9]|1[0-2])([-_]?(0[1-9]|[12]\d|3[01]))?)?$")
_DIGITS = re.compile(r"\d+")
_TOKEN = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{8,}$|^[0-9a-fA-F]{8}-[0-9a-fA-F-]{20,}$")


def shape(url: str) -> str:
    """Signature of an address: addresses of one kind on one site have one shape.

    Folders become w, dates D, numbers 9, mixed identifiers X; the leaf keeps its words.  `/a/2026-11/21/content_12.htm`
    → `/w/D/9/content_9.htm`.
    """
    parts = urlsplit(url)
    segments = parts.path.split("/")
    out = []
    for at, segment in enumerate(segments):
        last = at == len(segments) - 1
        stem, dot, suffix = segment.rpartition(".") if last and "." in segment else (segment, "", "")
        if not stem:
            out.append("")
        elif _DATE_PART.match(stem):
            out.append("D")
        elif stem.isdigit():
            out.append("9")
        elif _TOKEN.match(stem):
            out.append("X")
        elif last:
            out.append(re.sub(r"(?<![A-Za-z])[A-Za-z0-9]{6,}(?=$)", "X", _DIGITS.sub("9", stem)) if "9" in _DIGITS.sub("9", stem)
                       else "w")
        else:
            out.append("w")
        if dot:
            out[-1] += "." + suffix.lower()
    if parts.query:
        pairs = parse_qsl(parts.query, keep_blank_values=True)[:8]
        out.append("?" + "&".join(f"{name}={'9' if _DIGITS.search(value) else 'w'}" for name, value in sorted(pairs)))
    return "/".join(out)


_WECHAT_KEYS = ("__biz", "mid", "idx", "sn")


def is_wechat(url: str) -> bool:
    return (urlsplit(url).hostname or "") == "mp.weixin.qq.com"


def expires(url: str) -> bool:
    """A WeChat link that is signed for a short time (`src=…&timestamp=…&signature=…`): never taken, no evidence."""
    parts = urlsplit(url)
    return parts.path.rstrip("/") == "/s" and "signature=" in parts.query


def wechat_post(url: str) -> str:
    """The lasting address of a WeChat post: `/s?__biz&mid&idx&sn` or `/s/XXXX`; "" for links that expire or are no posts."""
    parts = urlsplit(url.replace("&amp;", "&"))
    if (parts.hostname or "") != "mp.weixin.qq.com":
        return ""
    if match := re.fullmatch(r"/s/([A-Za-z0-9_-]{10,64})/?", parts.path):
        return urlunsplit((parts.scheme, parts.netloc, "/s/" + match[1], "", ""))
    if parts.path.rstrip("/") not in ("/s", "/mp/appmsg/show"):
        return ""
    query = dict(parse_qsl(parts.query))
    if "signature" in query or "src" in query:
        return ""
    query = {"__biz": query.get("__biz", ""), "mid": query.get("mid") or query.get("appmsgid", ""),
             "idx": query.get("idx") or query.get("itemidx", ""), "sn": query.get("sn") or query.get("sign", "")}
    if not all(query[key] for key in ("__biz", "mid", "idx")):
        return ""
    return urlunsplit((parts.scheme, parts.netloc, "/s", urlencode([(key, query[key]) for key in _WECHAT_KEYS if query[key]], safe="="), ""))


def on_day(template: str, moment: datetime) -> str:
    """An address with `{yyyy} {mm} {dd}` (and `{yy} {m} {d}`) filled in; `moment` in China time."""
    for name, value in (("yyyy", f"{moment:%Y}"), ("mm", f"{moment:%m}"), ("dd", f"{moment:%d}"), ("yy", f"{moment:%y}"),
                        ("m", str(moment.month)), ("d", str(moment.day))):
        template = template.replace("{" + name + "}", value)
    return template
