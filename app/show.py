"""One page read aloud: a saved file or an address, every field with its signal, and with `--why` the candidates.

An address is fetched once, under the same rules as the crawl: public hosts only on every hop,
robots.txt obeyed, size and time bounded.
"""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawlers.addresses import is_private_host, is_private_ip
from model.article import Article
from model.bureau import CrawlSettings
from model.page import Page
from pipelines.extract import Explanation, explain

_LIMITS = CrawlSettings()
_FIELDS = (("title", "标题"), ("kicker", "引题"), ("subtitle", "副题"), ("published", "发布时间"), ("source", "来源"), ("people", "署名"), ("dateline", "电头"), ("original_title", "原标题"),
           ("reposted_from", "转自"), ("is_original", "原创标记"), ("page", "版面"), ("column", "栏目"), ("kind", "体裁"), ("images", "图片"), ("next_part", "续页"), ("injected", "注入内容"),
           ("canonical", "规范地址"), ("identity", "文章标识"), ("encoding", "编码"), ("text", "正文"))
_ROLES = {"reporter": "记者", "author": "作者", "correspondent": "通讯员", "contributor": "供稿", "photographer": "摄影", "editor": "编辑", "reviewer": "审核"}


def show(what: str, why: bool, out: Console, err: Console) -> int:
    """Print what is read of a file or address.  Returns 0 for an article, 1 when there is none or it could not be had."""
    try:
        page = _fetched(what) if what.startswith(("http://", "https://")) else _saved(Path(what))
    except (OSError, ValueError, httpx.HTTPError) as error:
        err.print(f"无法取得 {what}：{error}", markup=False)
        return 1
    told = explain(page)
    if why:
        _candidates(told, out)
    if told.article is None:
        err.print(told.verdict, markup=False)
        return 1
    _fields(told.article, out)
    return 0


def _fields(article: Article, out: Console) -> None:
    table = Table("字段", "内容", "依据", show_lines=False)
    for name, label in _FIELDS:
        value = _value(article, name)
        if value:
            signal = article.signals.get(name)
            basis = f"{signal.origin} {signal.score:.2f} {signal.detail}".strip() if signal else ""
            table.add_row(label, Text(value), Text(basis))
    out.print(table)


def _value(article: Article, name: str) -> str:
    if name == "published":
        if article.published is None:
            return ""
        return article.published.strftime("%Y-%m-%d %H:%M" if article.precision == "minute" else "%Y-%m-%d")
    if name == "people":
        return "；".join(f"{_ROLES.get(p.role, p.role)} {p.name}" + (f"（{p.unit}）" if p.unit and p.unit != p.name else "") for p in article.people)
    if name == "dateline":
        return article.dateline.text if article.dateline else ""
    if name == "page":
        return " ".join(p for p in (f"第{article.page_no}版" if article.page_no else "", article.page_name, article.position) if p)
    if name == "images":
        return "\n".join(f"{i.url} {i.caption}".strip() for i in article.images[:10])
    if name == "is_original":
        return {True: "原创", False: "转载"}.get(article.is_original, "")          # type: ignore[arg-type]
    if name == "encoding":
        return article.encoding + (f"，残缺 {article.damaged} 字" if article.damaged else "")
    value = getattr(article, name)
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _candidates(told: Explanation, out: Console) -> None:
    for name, label in _FIELDS:
        found = told.candidates.get(name)
        if not found:
            continue
        table = Table("", "候选", "信号", "分值", "细节", title=f"{label}的候选", title_justify="left")
        for k, one in enumerate(found):
            value = one.value.at.isoformat(timespec="minutes") if hasattr(one.value, "at") else str(one.value)
            table.add_row("✓" if k == 0 else "", Text(value), Text(one.origin), f"{one.score:.2f}", Text(one.detail))
        out.print(table)


def _saved(path: Path) -> Page:
    """A file as a page; its time of change stands for the time of the fetch."""
    return Page(path.resolve().as_uri(), datetime.fromtimestamp(path.stat().st_mtime, UTC), path.read_bytes(), 200, {"content-type": "text/html"})


def _fetched(url: str) -> Page:
    with httpx.Client(follow_redirects=False, timeout=_LIMITS.timeout_s, headers={"User-Agent": _LIMITS.user_agent}, trust_env=False) as client:
        for _ in range(_LIMITS.max_redirects + 1):
            _judge(url)
            _ask_robots(client, url)
            status, headers, body = _get(client, url)
            target = headers.get("location")
            if status in (301, 302, 303, 307, 308) and target:
                url = urljoin(url, target)
                continue
            return Page(url, datetime.now(UTC), body, status, headers)
    raise ValueError(f"转址超过 {_LIMITS.max_redirects} 次")


def _judge(url: str) -> None:
    """Refuse what is no public http address: by its name, and by every address its name resolves to now."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("不是 http 或 https 地址")
    if is_private_host(host):
        raise ValueError(f"{host} 是内部地址，不予访问")
    for *_, address in socket.getaddrinfo(host, parts.port or 80, type=socket.SOCK_STREAM):
        if is_private_ip(str(address[0])):
            raise ValueError(f"{host} 指向内部地址，不予访问")


def _ask_robots(client: httpx.Client, url: str) -> None:
    status, _, body = _get(client, urljoin(url, "/robots.txt"))
    if status == 200 and not Protego.parse(body[:500_000].decode("ascii", "replace")).can_fetch(url, _LIMITS.user_agent):
        raise ValueError("该站 robots.txt 不允许采集此地址")


def _get(client: httpx.Client, url: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in lower case, and the decoded body, broken off with an error beyond the size limit."""
    with client.stream("GET", url) as answer:
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > _LIMITS.max_bytes:
                raise ValueError(f"页面超过 {_LIMITS.max_bytes} 字节")
        return answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, bytes(body)
