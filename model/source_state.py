"""What is known of a source while it is polled: its health, its rhythm; and the links it gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Mapping


class Health(StrEnum):
    NEW = "new"                    # never polled
    OK = "ok"
    SILENT = "silent"              # answers, but has had nothing new for longer than usual
    FAILING = "failing"
    PAUSED = "paused"              # 403 / 412: stopped on the outlet's wish

    @property
    def label(self) -> str:
        return {"new": "未采集", "ok": "正常", "silent": "沉默", "failing": "异常", "paused": "暂停"}[self.value]


_FAILURES = {
    "dns": "域名无法解析", "refused": "对方拒绝连接", "timeout": "超时未答", "connection": "连接中断", "truncated": "页面没有传完",
    "too_large": "页面过大", "address": "地址不予访问", "scheme": "地址不是 http 或 https", "robots": "robots.txt 不允许",
    "robots_unreachable": "robots.txt 取不到", "redirect": "转址过多", "parse": "页面里读不出稿件链接",
    "http_403": "对方拒绝访问（403）", "http_404": "地址不存在（404）", "http_410": "地址已撤销（410）", "http_412": "对方拒绝访问（412）",
    "http_429": "请求过于频繁（429）", "http_500": "对方服务器出错（500）", "http_502": "对方网关出错（502）", "http_503": "对方暂停服务（503）",
    "http_504": "对方网关超时（504）",
}


def failure_words(kind: str) -> str:
    """A kind of failure in Chinese; an answer that has no words of its own is told with its number."""
    if kind.startswith("http_"):
        return _FAILURES.get(kind, f"对方返回 {kind.removeprefix('http_')}")
    return _FAILURES.get(kind, kind)


@dataclass(frozen=True)
class SourceState:
    id: str
    outlet_id: str
    kind: str
    url: str
    health: Health = Health.NEW
    next_due: datetime | None = None
    interval_s: int = 600
    etag: str = ""
    last_modified: str = ""
    last_poll: datetime | None = None
    last_ok: datetime | None = None
    last_new: datetime | None = None
    usual_gap_s: float = 0.0       # running mean of the time between two new pieces
    failures: int = 0              # in a row
    fail_kind: str = ""            # dns | timeout | http_404 | robots | too_large | parse | …
    fail_detail: str = ""
    found: int = 0                 # new links in all
    paused_until: datetime | None = None


@dataclass(frozen=True)
class Link:
    """An article address waiting to be fetched; `hint` see `Page.hint`."""

    url: str
    outlet_id: str
    source_id: str
    hint: Mapping[str, str] = field(default_factory=dict)
    priority: int = 0              # higher first
    tries: int = 0
