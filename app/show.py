"""`jianbao extract`: one page, from a file or an address, with what was read and, on request, why.

A layout page of an e-paper shows its articles' places.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from app.clock import SystemClock
from crawlers.health import CHINA
from crawlers.spiders.epaper import Layout, read_layout
from crawlers.spiders.found import Unreadable
from model.article import Article, Person
from model.bureau import CrawlSettings
from model.errors import Decision
from model.page import Page, PageStatus
from pipelines.decode import decode
from pipelines.extract import explain
from pipelines.fetcher import FetchFailed, Fetcher

LARGEST = 50_000_000   # bytes of a file
_NAMES = {"title": "标题", "published": "时间", "source": "来源", "position": "版位"}


def show(what: str, why: bool, url: str, out: Console, err: Console) -> int:
    """Print the reading of a file or an address; exit code 0 when it is an article or a layout page.

    `url`: the address a file was saved from, which tells e-papers, WeChat posts and dates.
    """
    try:
        page = _page(what)
    except (OSError, FetchFailed) as error:
        err.print(f"读不到 {what}：{error}", markup=False)
        return 1
    if url:
        page = replace(page, url=url)
    said = explain(page)
    layout = _layout(page) if said.status is PageStatus.NOT_ARTICLE else None
    if layout is not None:
        out.print(_places(layout))
        return 0
    if said.article is None:
        out.print(said.verdict, markup=False)
    else:
        out.print(_fields(said.article))
    if why:
        for name, found in said.candidates.items():
            table = Table("分", "来处", Column("值", overflow="fold"), Column("依据", overflow="fold"), title=_NAMES.get(name, name), title_justify="left")
            for candidate in found:
                table.add_row(f"{candidate.score:.2f}", escape(candidate.origin), escape(_told(candidate.value)), escape(candidate.detail[:80]))
            out.print(table)
    return 0 if said.article else 1


def _page(what: str) -> Page:
    """The page of a file, or of an address through the guarded fetcher.  OSError, FetchFailed."""
    if urlsplit(what).scheme in ("http", "https"):
        return Fetcher(CrawlSettings(), SystemClock()).get(what)
    path = Path(what)
    if path.stat().st_size > LARGEST:
        raise OSError(f"文件超过 {LARGEST // 1_000_000} MB")
    return Page(path.resolve().as_uri(), datetime.now(UTC), path.read_bytes())


def _layout(page: Page) -> Layout | None:
    """The page read as an e-paper's layout; None when it is none.  A file's links are taken as those of a host of no name."""
    url = page.url if page.url.startswith("http") else "http://file.invalid/" + Path(urlsplit(page.url).path).name
    try:
        layout = read_layout(decode(page.body, page.headers).text, url, (), page.fetched_at.astimezone(CHINA).date())
    except (Decision, Unreadable):
        return None
    return layout if layout.links and (layout.drawn or layout.pages and layout.number) else None


def _places(layout: Layout) -> Table:
    title = f"版面页：第{layout.number or '？'}版 {layout.name}".rstrip()
    table = Table("版位", *(Column(name, overflow="fold") for name in ("标题", "地址", "依据")), title=title, title_justify="left")
    for url, hint in layout.links.items():
        table.add_row(hint.get("position", ""), escape(hint.get("title", "")), escape(url.replace("http://file.invalid/", "")),
                      escape(hint.get("position_why", "")))
    return table


def _told(value: object) -> str:
    at = getattr(value, "at", None)      # a time with its precision
    return at.isoformat(timespec="minutes")[:10 if getattr(value, "precision", "") == "day" else 16] if isinstance(at, datetime) else str(value)[:120]


def _fields(article: Article) -> Table:
    """What was read, field by field; the first rows always, the others where the page gives them."""
    when = article.published and article.published.isoformat(timespec="minutes")[:16 if article.precision == "minute" else 10]
    sheet = " ".join(filter(None, (article.page_no and f"第{article.page_no}版", article.page_name)))
    pictures = "\n".join(f"{image.url}　{image.caption}".rstrip("　") for image in article.images)
    kinds = {"pictures": "图片新闻", "video": "视频" + (f"，{article.duration_s} 秒" if article.duration_s else "")}
    always = (("title", "标题", article.title), ("published", "时间", when), ("source", "来源", article.source), ("people", "记者", "、".join(article.authors)),
              ("people", "通讯员", _with_units(article, "correspondent", "contributor")), ("people", "编辑", "、".join(article.editors)))
    some = (("people", "摄影", "、".join(article.named("photographer"))), ("people", "审核", "、".join(article.named("reviewer"))),
            ("kicker", "引题", article.kicker), ("subtitle", "副题", article.subtitle), ("original_title", "原标题", article.original_title),
            ("reposted_from", "转自", article.reposted_from), ("dateline", "电头", article.dateline.text if article.dateline else ""),
            ("is_original", "原创", {True: "原创", False: "分享"}.get(article.is_original, "")), ("page_no", "版面", sheet),
            ("position", "版位", article.position), ("column", "栏目", article.column), ("kind", "体裁", kinds.get(article.kind, "")),
            ("kind", "封面", article.cover), ("images", "图片", pictures), ("next_part", "续页", article.next_part),
            ("encoding", "编码", article.encoding + (f"，{article.damaged} 处乱码" if article.damaged else "")),
            ("injected", "被植入", "\n".join(article.injected)))
    table = Table("项目", Column("值", overflow="fold"), "读自")
    for key, label, value in (*always, *(row for row in some if row[2]), ("text", "正文", article.text)):
        signal = article.signals.get(key)
        told = f"{signal.origin} {signal.score:.2f}" + (f"\n{signal.detail}" if key in ("position", "encoding") and signal.detail else "") if signal else ""
        table.add_row(label, escape(value or "（未印出）"), escape(told if value else ""))
    return table


def _with_units(article: Article, *roles: str) -> str:
    def one(person: Person) -> str:
        return person.name + (f"（{person.unit}）" if person.unit and person.unit != person.name else "")
    return "、".join(one(p) for p in article.people if p.role in roles)
