"""`jianbao extract`: one page, from a file or an address, with what was read and, on request, why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from app.clock import SystemClock
from model.bureau import CrawlSettings
from model.page import Page
from pipelines.extract import explain
from pipelines.fetcher import FetchFailed, Fetcher

LARGEST = 50_000_000   # bytes of a file


def show(what: str, why: bool, out: Console, err: Console) -> int:
    """Print the reading of a file or an address; exit code 0 when it is an article."""
    try:
        page = _page(what)
    except (OSError, FetchFailed) as error:
        err.print(f"读不到 {what}：{error}", markup=False)
        return 1
    said = explain(page)
    if said.article is None:
        out.print(said.verdict, markup=False)
    else:
        out.print(_fields(said.article))
    if why:
        for name, found in said.candidates.items():
            table = Table("分", "来处", "值", title=name, title_justify="left")
            for candidate in found:
                table.add_row(f"{candidate.score:.2f}", escape(candidate.origin), escape(_told(candidate.value)))
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


def _told(value: object) -> str:
    at = getattr(value, "at", None)      # a time with its precision
    return at.isoformat(timespec="minutes") if isinstance(at, datetime) else str(value)[:120]


def _fields(article) -> Table:
    table = Table("项目", Column("值", overflow="fold"), "读自")
    when = article.published and article.published.isoformat(timespec="minutes")[: 16 if article.precision == "minute" else 10]
    rows = (("title", "标题", article.title), ("published", "时间", when), ("source", "来源", article.source), ("people", "记者", "、".join(article.authors)),
            ("people", "通讯员", "、".join(article.correspondents)), ("people", "编辑", "、".join(article.editors)), ("text", "正文", article.text))
    for key, label, value in rows:
        signal = article.signals.get(key)
        table.add_row(label, escape(value or "（未印出）"), escape(f"{signal.origin} {signal.score:.2f}" if signal else ""))
    return table
